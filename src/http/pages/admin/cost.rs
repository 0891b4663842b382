//! What replies cost, as far as it is known: an unknown price is never shown as nothing.

use crate::domain::price::{Money, Price, Prices};
use crate::domain::usage::Usage;
use crate::http::pages::admin::figures::dollars;
use crate::store::ModelUsage;

/// A sum of money, and how many replies are missing in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    known: Money,
    priced: u64,
    unpriced: u64,
}

impl Cost {
    /// What replies of a model cost.
    pub(crate) fn of(prices: &Prices, used: &ModelUsage) -> Self {
        let metered = used.replies.saturating_sub(used.unmetered_replies);
        let is_free = |price: &Price| price.input.plus(price.output) == Money::default();
        match prices.of(&used.provider, &used.model) {
            // Nobody has to count what costs nothing.
            Some(price) if is_free(&price) => Self { priced: used.replies, ..Self::default() },
            Some(price) => Self {
                known: price.cost(used.usage).unwrap_or_default(),
                priced: metered,
                unpriced: used.unmetered_replies,
            },
            None => Self { known: Money::default(), priced: 0, unpriced: used.replies },
        }
    }

    /// What one reply cost.
    pub(crate) fn of_reply(prices: &Prices, (provider, model): (&str, &str), usage: Usage) -> Self {
        let is_metered = usage.input_tokens.is_some() || usage.output_tokens.is_some();
        let used = ModelUsage {
            provider: provider.to_owned(),
            model: model.to_owned(),
            replies: 1,
            unmetered_replies: u64::from(!is_metered),
            usage,
        };
        Self::of(prices, &used)
    }

    /// Adds what others cost.
    pub(crate) fn add(&mut self, other: Self) {
        self.known = self.known.plus(other.known);
        self.priced = self.priced.saturating_add(other.priced);
        self.unpriced = self.unpriced.saturating_add(other.unpriced);
    }

    /// Of all that these took.
    pub(crate) fn sum(prices: &Prices, used: &[ModelUsage]) -> Self {
        let mut sum = Self::default();
        for used in used {
            sum.add(Self::of(prices, used));
        }
        sum
    }

    /// The known part, for charts.
    pub(crate) fn usd(self) -> f64 {
        self.known.as_dollars()
    }

    /// Whether some replies are not in it.
    pub(crate) const fn is_partial(self) -> bool {
        self.unpriced > 0
    }

    /// `$0.12`, `at least $0.12`, `unknown`; empty if nothing was said.
    pub(crate) fn words(self) -> String {
        match (self.priced, self.unpriced) {
            (0, 0) => String::new(),
            (0, _) => "unknown".to_owned(),
            (_, 0) => dollars(self.usd()),
            _ => format!("at least {}", dollars(self.usd())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(provider: &str, model: &str, replies: u64, unmetered_replies: u64) -> ModelUsage {
        let usage = Usage {
            input_tokens: Some(1_000_000),
            output_tokens: Some(0),
            cached_input_tokens: None,
        };
        ModelUsage {
            provider: provider.to_owned(),
            model: model.to_owned(),
            replies,
            unmetered_replies,
            usage,
        }
    }

    #[test]
    fn what_is_not_known_is_never_shown_as_nothing() {
        let known = used("claude", "claude-sonnet-5-5", 2, 0);
        let words = |used: &[ModelUsage]| Cost::sum(&Prices::default(), used).words();
        assert_eq!(words(&[]), "");
        assert_eq!(words(std::slice::from_ref(&known)), "$2.00");
        assert_eq!(words(&[used("compatible", "mystery", 2, 0)]), "unknown");
        assert_eq!(words(&[known.clone(), used("compatible", "mystery", 1, 0)]), "at least $2.00");
        assert_eq!(words(&[used("claude", "claude-sonnet-5-5", 2, 1)]), "at least $2.00");
        assert_eq!(words(&[used("demo", "demo", 3, 3)]), "$0");
    }

    #[test]
    fn a_reply_without_tokens_has_no_known_cost() {
        let of = |usage| {
            Cost::of_reply(&Prices::default(), ("claude", "claude-sonnet-5-5"), usage).words()
        };
        assert_eq!(of(Usage::default()), "unknown");
        assert_eq!(of(Usage { input_tokens: Some(1_000), ..Usage::default() }), "$0.0020");
    }
}
