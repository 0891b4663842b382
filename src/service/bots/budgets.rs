//! What bots may spend in a day, and what they have spent today. Counted in memory, from what the
//! store knows at the start: a message costs no read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use parking_lot::Mutex;

use crate::domain::bot::Bot;
use crate::domain::clock::Timestamp;
use crate::domain::price::{Money, Prices};
use crate::domain::usage::Usage;
use crate::service::{ServiceError, ServiceResult};
use crate::store::usage::UsageHour;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What all bots together may spend in a day (UTC), and what it costs.
#[derive(Debug, Clone, Default)]
pub struct BudgetLimits {
    /// Tokens, sent and produced.
    pub daily_tokens: Option<u64>,
    /// Money.
    pub daily_money: Option<Money>,
    /// What models cost. One that has no price costs nothing here; the log says so.
    pub prices: Prices,
}

/// What a budget is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetUnit {
    /// Tokens.
    Tokens,
    /// Billionths of a US dollar, as [`Money`] counts.
    NanoDollars,
}

/// A budget and how much of it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetState {
    /// The bot it is for; none for all of them together.
    pub bot: Option<String>,
    /// What it is counted in.
    pub unit: BudgetUnit,
    /// Spent today.
    pub spent: u64,
    /// May be spent in a day.
    pub limit: u64,
}

impl BudgetState {
    /// Whether nothing is left.
    #[must_use]
    pub const fn is_reached(&self) -> bool {
        self.spent >= self.limit
    }
}

/// What was spent, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Spent<'a> {
    /// Slug of the bot.
    pub bot: &'a str,
    /// Who answered.
    pub provider: &'a str,
    /// With which model.
    pub model: &'a str,
    /// What its reply took.
    pub usage: Usage,
}

impl Spent<'_> {
    fn tokens(&self) -> u64 {
        let of = |tokens: Option<u64>| tokens.unwrap_or(0);
        of(self.usage.input_tokens).saturating_add(of(self.usage.output_tokens))
    }
}

/// The budgets of one server.
pub(super) struct Budgets {
    limits: BudgetLimits,
    /// Held for a sum only, never across an await.
    today: Mutex<Day>,
}

/// What was spent on one day.
#[derive(Default)]
struct Day {
    /// Days since 1970.
    number: i64,
    by_bot: BTreeMap<String, u64>,
    money: Money,
    /// What the owner was told today, by whose budget or which model it is about.
    told: BTreeSet<String>,
}

impl Day {
    /// Begins anew when the day is over.
    fn turn_to(&mut self, now: Timestamp) {
        let number = day_of(now);
        if self.number != number {
            *self = Self { number, ..Self::default() };
        }
    }

    fn total(&self) -> u64 {
        self.by_bot.values().fold(0, |sum, tokens| sum.saturating_add(*tokens))
    }

    fn of(&self, bot: &str) -> u64 {
        self.by_bot.get(bot).copied().unwrap_or(0)
    }

    fn add(&mut self, spent: Spent<'_>, limits: &BudgetLimits) {
        let tokens = self.by_bot.entry(spent.bot.to_owned()).or_default();
        *tokens = tokens.saturating_add(spent.tokens());
        let price = limits.prices.of(spent.provider, spent.model);
        if price.is_none() && limits.daily_money.is_some() && self.is_news(spent.model) {
            let (provider, model) = (spent.provider, spent.model);
            tracing::warn!(
                provider,
                model,
                "DAILY_BUDGET_USD does not count this model: set its price in AI_PRICES"
            );
        }
        let cost = price.and_then(|price| price.cost(spent.usage));
        self.money = self.money.plus(cost.unwrap_or_default());
    }

    /// Whether the owner was not told of it today.
    fn is_news(&mut self, what: &str) -> bool {
        self.told.insert(what.to_owned())
    }
}

fn day_of(now: Timestamp) -> i64 {
    now.as_ms().div_euclid(DAY_MS)
}

/// When the day of `now` began.
pub(super) fn beginning_of_day(now: Timestamp) -> Timestamp {
    Timestamp::from_ms(day_of(now).saturating_mul(DAY_MS))
}

impl Budgets {
    /// Budgets of which this is spent today.
    pub(super) fn new(limits: BudgetLimits, now: Timestamp, spent: &[UsageHour]) -> Self {
        let mut day = Day { number: day_of(now), ..Day::default() };
        for UsageHour { bot, provider, model, usage, .. } in spent {
            day.add(Spent { bot, provider, model, usage: *usage }, &limits);
        }
        Self { limits, today: Mutex::new(day) }
    }

    /// Lets a reply of this bot begin, unless a budget that holds for it is gone. What runs by then
    /// goes on to its end.
    pub(super) fn admit(&self, bot: &Bot, now: Timestamp) -> ServiceResult<()> {
        let states = self.state(std::iter::once(bot), now);
        let Some(gone) = states.iter().find(|state| state.is_reached()) else { return Ok(()) };
        let whose = gone.bot.as_deref().unwrap_or("all bots");
        if self.today.lock().is_news(&format!("{:?} of {whose}", gone.unit)) {
            let (unit, spent, limit) = (gone.unit, gone.spent, gone.limit);
            tracing::warn!(bot = whose, ?unit, spent, limit, "The budget of today is spent");
        }
        Err(ServiceError::BudgetReached { retry_after: until_tomorrow(now) })
    }

    /// Notes what a reply took.
    pub(super) fn count(&self, spent: Spent<'_>, now: Timestamp) {
        let mut today = self.today.lock();
        today.turn_to(now);
        today.add(spent, &self.limits);
    }

    /// All budgets that are set: those of all bots, and those of `bots`.
    pub(super) fn state<'a>(
        &self,
        bots: impl Iterator<Item = &'a Bot>,
        now: Timestamp,
    ) -> Vec<BudgetState> {
        let mut today = self.today.lock();
        today.turn_to(now);
        let state = |bot: Option<&Bot>, unit, spent, limit: Option<u64>| {
            let bot = bot.map(|bot| bot.slug.clone());
            limit.map(|limit| BudgetState { bot, unit, spent, limit })
        };
        let (tokens, money) = (BudgetUnit::Tokens, BudgetUnit::NanoDollars);
        let most = self.limits.daily_money.map(Money::as_nano_dollars);
        let whole = [
            state(None, tokens, today.total(), self.limits.daily_tokens),
            state(None, money, today.money.as_nano_dollars(), most),
        ];
        let own =
            bots.map(|bot| state(Some(bot), tokens, today.of(&bot.slug), bot.limits.daily_tokens));
        whole.into_iter().chain(own).flatten().collect()
    }
}

fn until_tomorrow(now: Timestamp) -> Duration {
    let left = DAY_MS - now.as_ms().rem_euclid(DAY_MS);
    Duration::from_millis(u64::try_from(left).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Values};

    fn bot(slug: &str, daily_tokens: Option<u64>) -> Bot {
        let mut bot = Config::from_values(&Values::default()).expect("defaults").bot;
        slug.clone_into(&mut bot.slug);
        bot.limits.daily_tokens = daily_tokens;
        bot
    }

    fn usage(input: u64, output: u64) -> Usage {
        Usage { input_tokens: Some(input), output_tokens: Some(output), ..Usage::default() }
    }

    fn spent(usage: Usage) -> Spent<'static> {
        Spent { bot: "a", provider: "openai", model: "priced", usage }
    }

    #[test]
    fn money_is_counted_by_the_price_of_each_model() {
        let limits = BudgetLimits {
            daily_money: Some(Money::from_nano_dollars(2_000_000_000)),
            prices: Prices::parse("priced=1/3").expect("prices"),
            ..BudgetLimits::default()
        };
        let (budgets, bot) = (Budgets::new(limits, NOON, &[]), bot("a", None));
        budgets.count(spent(usage(1_000_000, 333_333)), NOON);
        budgets.admit(&bot, NOON).expect("some billionths are left");
        let unknown = Spent { model: "no-such-model", ..spent(usage(9_000_000, 0)) };
        budgets.count(unknown, NOON);
        budgets.admit(&bot, NOON).expect("what has no price is not counted");
        budgets.count(spent(usage(0, 1)), NOON);
        budgets.admit(&bot, NOON).expect_err("two dollars are gone");
        let state = budgets.state([&bot].into_iter(), NOON);
        assert_eq!(state[0].unit, BudgetUnit::NanoDollars);
        budgets.admit(&bot, TOMORROW).expect("a new day");
    }

    fn budgets(daily_tokens: Option<u64>) -> Budgets {
        Budgets::new(BudgetLimits { daily_tokens, ..BudgetLimits::default() }, NOON, &[])
    }

    const NOON: Timestamp = Timestamp::from_ms(DAY_MS * 20_000 + DAY_MS / 2);
    const TOMORROW: Timestamp = Timestamp::from_ms(DAY_MS * 20_001);

    #[test]
    fn a_bot_stops_at_its_own_budget_and_goes_on_the_next_day() {
        let (budgets, small, other) = (budgets(None), bot("a", Some(100)), bot("b", None));
        budgets.count(spent(usage(60, 39)), NOON);
        budgets.admit(&small, NOON).expect("one token is left");
        budgets.count(spent(usage(0, 1)), NOON);
        let refused = budgets.admit(&small, NOON).expect_err("gone");
        let wait = Duration::from_secs(12 * 60 * 60);
        assert!(
            matches!(refused, ServiceError::BudgetReached { retry_after } if retry_after == wait)
        );
        budgets.admit(&other, NOON).expect("it has no budget");
        let state = budgets.state([&small, &other].into_iter(), NOON);
        assert_eq!(
            state,
            [BudgetState {
                bot: Some("a".into()),
                unit: BudgetUnit::Tokens,
                spent: 100,
                limit: 100
            }]
        );
        assert!(state.iter().all(BudgetState::is_reached));
        budgets.admit(&small, TOMORROW).expect("a new day");
        assert_eq!(budgets.state([&small].into_iter(), TOMORROW)[0].spent, 0);
    }

    #[test]
    fn all_bots_share_one_budget() {
        let (budgets, one, other) = (budgets(Some(10)), bot("a", None), bot("b", Some(1000)));
        budgets.count(spent(usage(5, 5)), NOON);
        for bot in [&one, &other] {
            budgets.admit(bot, NOON).expect_err("gone for all");
        }
        let state = budgets.state([&one, &other].into_iter(), NOON);
        let expected = [
            BudgetState { bot: None, unit: BudgetUnit::Tokens, spent: 10, limit: 10 },
            BudgetState { bot: Some("b".into()), unit: BudgetUnit::Tokens, spent: 0, limit: 1000 },
        ];
        assert_eq!(state, expected);
    }
}
