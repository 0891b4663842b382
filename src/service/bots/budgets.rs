//! What bots may spend in a day, and what they have spent today. Counted in memory, from what the
//! store knows at the start: a message costs no read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use parking_lot::Mutex;

use crate::domain::bot::Bot;
use crate::domain::clock::Timestamp;
use crate::domain::usage::Usage;
use crate::service::{ServiceError, ServiceResult};
use crate::store::usage::UsageHour;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What all bots together may spend in a day (UTC).
#[derive(Debug, Clone, Copy, Default)]
pub struct BudgetLimits {
    /// Tokens, sent and produced.
    pub daily_tokens: Option<u64>,
}

/// A budget and how much of it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetState {
    /// The bot it is for; none for all of them together.
    pub bot: Option<String>,
    /// Tokens spent today.
    pub spent: u64,
    /// Tokens that may be spent in a day.
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
    /// Of which budgets the owner was told that they are gone; the empty name is that of all bots.
    warned: BTreeSet<String>,
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

    fn add(&mut self, spent: Spent<'_>) {
        let tokens = self.by_bot.entry(spent.bot.to_owned()).or_default();
        *tokens = tokens.saturating_add(spent.tokens());
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
        for hour in spent {
            day.add(Spent { bot: &hour.bot, usage: hour.usage });
        }
        Self { limits, today: Mutex::new(day) }
    }

    /// Lets a reply of this bot begin, unless a budget that holds for it is gone. What runs by then
    /// goes on to its end.
    pub(super) fn admit(&self, bot: &Bot, now: Timestamp) -> ServiceResult<()> {
        let mut today = self.today.lock();
        today.turn_to(now);
        let budgets = [
            ("", today.total(), self.limits.daily_tokens),
            (bot.slug.as_str(), today.of(&bot.slug), bot.limits.daily_tokens),
        ];
        for (whose, spent, limit) in budgets {
            let Some(limit) = limit.filter(|limit| spent >= *limit) else { continue };
            if today.warned.insert(whose.to_owned()) {
                let bot = if whose.is_empty() { "all bots" } else { whose };
                tracing::warn!(bot, spent, limit, "The daily budget of tokens is spent");
            }
            return Err(ServiceError::BudgetReached { retry_after: until_tomorrow(now) });
        }
        Ok(())
    }

    /// Notes what a reply took.
    pub(super) fn count(&self, spent: Spent<'_>, now: Timestamp) {
        let mut today = self.today.lock();
        today.turn_to(now);
        today.add(spent);
    }

    /// All budgets that are set: that of all bots, and those of `bots`.
    pub(super) fn state<'a>(
        &self,
        bots: impl Iterator<Item = &'a Bot>,
        now: Timestamp,
    ) -> Vec<BudgetState> {
        let mut today = self.today.lock();
        today.turn_to(now);
        let total = today.total();
        let whole = self.limits.daily_tokens;
        let whole = whole.map(|limit| BudgetState { bot: None, spent: total, limit });
        let own = bots.filter_map(|bot| {
            let limit = bot.limits.daily_tokens?;
            Some(BudgetState { bot: Some(bot.slug.clone()), spent: today.of(&bot.slug), limit })
        });
        whole.into_iter().chain(own).collect()
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

    fn budgets(daily_tokens: Option<u64>) -> Budgets {
        Budgets::new(BudgetLimits { daily_tokens }, NOON, &[])
    }

    const NOON: Timestamp = Timestamp::from_ms(DAY_MS * 20_000 + DAY_MS / 2);
    const TOMORROW: Timestamp = Timestamp::from_ms(DAY_MS * 20_001);

    #[test]
    fn a_bot_stops_at_its_own_budget_and_goes_on_the_next_day() {
        let (budgets, small, other) = (budgets(None), bot("a", Some(100)), bot("b", None));
        budgets.count(Spent { bot: "a", usage: usage(60, 39) }, NOON);
        budgets.admit(&small, NOON).expect("one token is left");
        budgets.count(Spent { bot: "a", usage: usage(0, 1) }, NOON);
        let refused = budgets.admit(&small, NOON).expect_err("gone");
        let wait = Duration::from_secs(12 * 60 * 60);
        assert!(
            matches!(refused, ServiceError::BudgetReached { retry_after } if retry_after == wait)
        );
        budgets.admit(&other, NOON).expect("it has no budget");
        let state = budgets.state([&small, &other].into_iter(), NOON);
        assert_eq!(state, [BudgetState { bot: Some("a".into()), spent: 100, limit: 100 }]);
        assert!(state.iter().all(BudgetState::is_reached));
        budgets.admit(&small, TOMORROW).expect("a new day");
        assert_eq!(budgets.state([&small].into_iter(), TOMORROW)[0].spent, 0);
    }

    #[test]
    fn all_bots_share_one_budget() {
        let (budgets, one, other) = (budgets(Some(10)), bot("a", None), bot("b", Some(1000)));
        budgets.count(Spent { bot: "a", usage: usage(5, 5) }, NOON);
        for bot in [&one, &other] {
            budgets.admit(bot, NOON).expect_err("gone for all");
        }
        let state = budgets.state([&one, &other].into_iter(), NOON);
        let expected = [
            BudgetState { bot: None, spent: 10, limit: 10 },
            BudgetState { bot: Some("b".into()), spent: 0, limit: 1000 },
        ];
        assert_eq!(state, expected);
    }
}
