//! What tokens cost: list prices of the vendors, and the owner's own.
//!
//! Money is counted in whole billionths of a US dollar: prices go down to $0.01 for a million
//! tokens, which is ten of these for one token, so every sum is exact, in whatever order it is
//! added up. It is still an estimate: discounts, batches, long contexts and what a vendor charges
//! for writing its cache are not in it.

use std::fmt;

use crate::domain::bot::ProviderName;
use crate::domain::usage::Usage;

/// When the prices in the table were looked up.
pub const PRICES_AS_OF: &str = "2026-11-20";

/// A sum of money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(u64);

impl Money {
    /// So many billionths of a US dollar.
    #[must_use]
    pub const fn from_nano_dollars(nano_dollars: u64) -> Self {
        Self(nano_dollars)
    }

    /// An amount in US dollars, as people write it: `2.50`.
    ///
    /// # Errors
    /// It is no amount, or none that somebody would mean.
    pub fn parse_dollars(text: &str) -> Result<Self, String> {
        let amount =
            text.parse::<f64>().map_err(|_| format!("is `{text}`, which is not a number"))?;
        if !(0.01..=1e6).contains(&amount) {
            return Err(format!("is {text}, but must lie between 0.01 and 1000000"));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "its range")]
        Ok(Self((amount * 1e9).round() as u64))
    }

    /// In billionths of a US dollar.
    #[must_use]
    pub const fn as_nano_dollars(self) -> u64 {
        self.0
    }

    /// In US dollars, to be shown.
    #[must_use]
    pub fn as_dollars(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// What a token of a model costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// A token that is sent.
    pub input: Money,
    /// A token that the vendor reads from its cache.
    pub cached_input: Money,
    /// A token that is produced.
    pub output: Money,
}

impl Price {
    /// A price in thousandths of a US dollar for a million tokens, which is the same number of
    /// billionths for one token.
    const fn of_million(input: u64, cached_input: u64, output: u64) -> Self {
        Self { input: Money(input), cached_input: Money(cached_input), output: Money(output) }
    }

    /// What these tokens cost. `None` if nobody reported any: unknown is not nothing.
    #[must_use]
    pub fn cost(&self, usage: Usage) -> Option<Money> {
        if usage.input_tokens.is_none() && usage.output_tokens.is_none() {
            return None;
        }
        let input = usage.input_tokens.unwrap_or(0);
        let cached = usage.cached_input_tokens.unwrap_or(0).min(input);
        let of = |price: Money, tokens: u64| Money(price.0.saturating_mul(tokens));
        let sent = of(self.input, input - cached).plus(of(self.cached_input, cached));
        Some(sent.plus(of(self.output, usage.output_tokens.unwrap_or(0))))
    }
}

/// List prices, in thousandths of a US dollar for a million tokens: input, cached input, output.
/// Sources: the vendors' price pages (claude.com/pricing, openai.com/api/pricing,
/// ai.google.dev/gemini-api/docs/pricing). Anthropic reads its cache for a tenth. What the others
/// take for cached tokens depends on the model and is not in the table: it counts as fresh, so the
/// estimate is rather too high.
const LIST: &[(ProviderName, &str, Price)] = &[
    (ProviderName::Claude, "claude-haiku-5-5", Price::of_million(100, 10, 500)),
    (ProviderName::Claude, "claude-sonnet-5-5", Price::of_million(2000, 200, 10_000)),
    (ProviderName::Claude, "claude-opus-5-5", Price::of_million(4000, 400, 20_000)),
    (ProviderName::Claude, "claude-fable-5-2", Price::of_million(8000, 800, 40_000)),
    (ProviderName::Claude, "claude-haiku-4-5", Price::of_million(1000, 100, 5000)),
    (ProviderName::OpenAi, "gpt-6-luna", Price::of_million(100, 100, 500)),
    (ProviderName::OpenAi, "gpt-6.1-sol", Price::of_million(2000, 2000, 10_000)),
    (ProviderName::OpenAi, "gpt-6-sol", Price::of_million(2000, 2000, 10_000)),
    (ProviderName::OpenAi, "gpt-6-astra", Price::of_million(10_000, 10_000, 50_000)),
    (ProviderName::OpenAi, "gpt-5.4-mini", Price::of_million(750, 750, 4500)),
    (ProviderName::Gemini, "gemini-3.8-flash", Price::of_million(750, 750, 3750)),
    (ProviderName::Gemini, "gemini-3.5-flash-lite", Price::of_million(300, 300, 2500)),
    // Half of that until 30 November 2026.
    (ProviderName::Gemini, "gemini-4-argon", Price::of_million(4000, 4000, 20_000)),
];

/// What models cost: the owner's own prices, then the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices {
    own: Vec<(String, Price)>,
}

/// What a setting of prices looks like.
const FORM: &str = "must be a list of model=input/output or model=input/cached input/output, in US \
                    dollars for a million tokens";

impl Prices {
    /// The owner's prices as a setting: `llama3.3=0/0, gpt-6-luna=0.10/0.01/0.50`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let own: Result<Vec<_>, String> = parts.map(own_price).collect();
        Ok(Self { own: own? })
    }

    /// What a model costs, if that is known. A name with a date or `latest` behind it is the same
    /// model. The demo costs nothing.
    #[must_use]
    pub fn of(&self, provider: &str, model: &str) -> Option<Price> {
        if let Some((_, price)) = self.own.iter().find(|(name, _)| is_version(model, name)) {
            return Some(*price);
        }
        if provider == ProviderName::Demo.as_str() {
            return Some(Price::of_million(0, 0, 0));
        }
        LIST.iter()
            .find(|(vendor, name, _)| vendor.as_str() == provider && is_version(model, name))
            .map(|(_, _, price)| *price)
    }
}

fn own_price(part: &str) -> Result<(String, Price), String> {
    let wrong = || format!("holds `{part}`, but {FORM}");
    let (model, price) = part.rsplit_once('=').ok_or_else(wrong)?;
    let numbers: Option<Vec<u64>> = price.split('/').map(|n| of_dollars(n.trim())).collect();
    let price = match numbers.as_deref() {
        Some([input, output]) => Price::of_million(*input, *input, *output),
        Some([input, cached, output]) => Price::of_million(*input, *cached, *output),
        _ => return Err(wrong()),
    };
    match model.trim() {
        "" => Err(wrong()),
        model => Ok((model.to_owned(), price)),
    }
}

/// Thousandths of a dollar; `None` for what is no price or finer than that.
fn of_dollars(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || whole.len() > 6 || part.len() > 3 {
        return None;
    }
    let thousandths: u64 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1000 + thousandths)
}

/// Whether `model` is `name`, perhaps with a date or `latest` behind it.
fn is_version(model: &str, name: &str) -> bool {
    let Some(rest) = model.strip_prefix(name) else { return false };
    let Some(version) = rest.strip_prefix(['-', '@']) else { return rest.is_empty() };
    let digits = version.bytes().filter(u8::is_ascii_digit).count();
    let is_date = digits >= 6 && version.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    is_date || version == "latest"
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.0 / 1_000_000_000, self.0 % 1_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input: u64, cached: u64, output: u64) -> Usage {
        Usage {
            input_tokens: Some(input),
            output_tokens: Some(output),
            cached_input_tokens: Some(cached),
        }
    }

    #[test]
    fn a_million_tokens_cost_what_the_list_says() {
        let price = Prices::default().of("claude", "claude-sonnet-5-5").expect("a price");
        let dollars = |usage| price.cost(usage).expect("a cost").as_dollars();
        assert_eq!(dollars(usage(1_000_000, 0, 0)), 2.0);
        assert_eq!(dollars(usage(0, 0, 1_000_000)), 10.0);
        assert_eq!(dollars(usage(1_000_000, 1_000_000, 0)), 0.2);
        assert_eq!(price.cost(usage(1, 0, 0)).expect("a cost").to_string(), "0.000002000");
        assert_eq!(price.cost(usage(10, 999, 0)), price.cost(usage(10, 10, 0)));
    }

    #[test]
    fn a_dated_name_is_the_same_model_and_another_is_not() {
        let prices = Prices::default();
        for (provider, model) in [
            ("claude", "claude-haiku-4-5-20251001"),
            ("claude", "claude-haiku-4-5@20251001"),
            ("openai", "gpt-6-luna-2026-08-07"),
            ("gemini", "gemini-3.8-flash-latest"),
        ] {
            assert!(prices.of(provider, model).is_some(), "{model}");
        }
        for (provider, model) in [
            ("claude", "claude-haiku-4-5-mini"),
            ("claude", "claude-haiku-4-55"),
            ("claude", "claude-haiku-4-5-1"),
            ("openai", "claude-haiku-4-5"),
            ("compatible", "gpt-6-luna"),
            ("openai", "gpt-6"),
            ("", ""),
        ] {
            assert_eq!(prices.of(provider, model), None, "{model} at {provider}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_nothing() {
        let price = Prices::default().of("openai", "gpt-6-luna").expect("a price");
        assert_eq!(price.cost(Usage::default()), None);
        let demo = Prices::default().of("demo", "search").expect("a price");
        assert_eq!(demo.cost(usage(5, 0, 5)), Some(Money::default()));
    }

    #[test]
    fn the_owners_prices_come_first() {
        let prices =
            Prices::parse("llama3.3=0/0, gpt-6-luna=0.10/0.01/0.5 ,x=y=1/2,").expect("prices");
        let million = |model| {
            let price = prices.of("compatible", model).expect("a price");
            price.cost(usage(2_000_000, 1_000_000, 1_000_000)).expect("a cost").as_dollars()
        };
        assert_eq!(million("llama3.3"), 0.0);
        assert_eq!(million("gpt-6-luna"), 0.61);
        assert_eq!(million("x=y"), 4.0);
    }

    #[test]
    fn what_is_no_price_is_named() {
        for text in [
            "gpt",
            "gpt=1",
            "gpt=1/2/3/4",
            "=1/2",
            "gpt=-1/2",
            "gpt=1,5/2",
            "gpt=1e3/2",
            "gpt=1.2345/2",
            "gpt=/",
            "gpt=1./2",
            "gpt=9999999/1",
        ] {
            let problem = Prices::parse(text).expect_err(text);
            assert!(problem.contains("US dollars"), "{problem}");
        }
        assert_eq!(Prices::parse(" , "), Ok(Prices::default()));
    }

    #[test]
    fn no_sum_overflows() {
        let price = Price::of_million(u64::MAX, 0, u64::MAX);
        assert_eq!(price.cost(usage(u64::MAX, 0, u64::MAX)), Some(Money(u64::MAX)));
    }
}
