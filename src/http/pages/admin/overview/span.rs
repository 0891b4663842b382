//! Hours of usage folded to what the overview shows: days, the span before, weekdays by hours,
//! models. Pure.

use std::collections::BTreeMap;

use time::{Date, Duration};

use crate::domain::clock::Timestamp;
use crate::domain::price::Prices;
use crate::domain::timings::Timings;
use crate::http::pages::admin::charts::heat::Heat;
use crate::http::pages::admin::cost::Cost;
use crate::http::pages::admin::figures::{local, midnight};
use crate::store::{ModelUsage, UsageHour};

/// Days up to today, and as many before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    first: Date,
    days: u16,
    /// The reader's clock, hours east of Greenwich.
    utc: i8,
}

impl Span {
    /// The last `days` days, today among them.
    pub(crate) fn ending(now: Timestamp, days: u16, utc: i8) -> Self {
        let today = local(now, utc).date();
        let back = Duration::days(i64::from(days) - 1);
        Self { first: today.checked_sub(back).unwrap_or(today), days, utc }
    }

    /// When it begins.
    pub(crate) fn from(self) -> Timestamp {
        midnight(self.first, self.utc)
    }

    /// When the span before it begins.
    pub(crate) fn before(self) -> Timestamp {
        self.from().minus(std::time::Duration::from_secs(u64::from(self.days) * 24 * 3600))
    }

    /// Its days.
    pub(crate) fn dates(self) -> Vec<Date> {
        let date = |n| self.first.checked_add(Duration::days(i64::from(n)));
        (0..self.days).filter_map(date).collect()
    }

    /// Which of its days this is; `None` for a time outside.
    fn index(self, date: Date) -> Option<usize> {
        let days = (date - self.first).whole_days();
        usize::try_from(days).ok().filter(|index| *index < usize::from(self.days))
    }
}

/// What happened, summed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tally {
    /// Conversations that began.
    pub sessions: u64,
    /// Messages of visitors; as many as replies.
    pub messages: u64,
    /// Replies that failed.
    pub failed: u64,
    /// Tokens sent that were not in the vendor's cache.
    pub fresh_tokens: u64,
    /// Tokens sent that were.
    pub cached_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// What it cost.
    pub cost: Cost,
    /// Time until the first word.
    pub first_word: Timings,
    /// Time until the end.
    pub whole_reply: Timings,
    /// Replies with a thumb up.
    pub thumbs_up: u64,
    /// Replies with a thumb down.
    pub thumbs_down: u64,
}

impl Tally {
    fn add(&mut self, hour: &UsageHour, cost: Cost) {
        let usage = hour.usage;
        let (input, cached) =
            (usage.input_tokens.unwrap_or(0), usage.cached_input_tokens.unwrap_or(0));
        self.sessions += hour.sessions;
        self.messages += hour.messages;
        self.failed += hour.failed_replies;
        self.fresh_tokens += input.saturating_sub(cached);
        self.cached_tokens += cached;
        self.output_tokens += usage.output_tokens.unwrap_or(0);
        self.cost.add(cost);
        self.first_word.add(&hour.first_word);
        self.whole_reply.add(&hour.whole_reply);
        self.thumbs_up += hour.thumbs_up;
        self.thumbs_down += hour.thumbs_down;
    }

    /// All tokens.
    pub(crate) const fn tokens(&self) -> u64 {
        self.fresh_tokens + self.cached_tokens + self.output_tokens
    }
}

/// A model and what its replies took.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ModelTally {
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// The sums.
    pub tally: Tally,
}

/// The numbers of a span.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Numbers {
    /// One for each day of the span.
    pub days: Vec<Tally>,
    /// The whole span.
    pub now: Tally,
    /// The span before it.
    pub before: Tally,
    /// When visitors write.
    pub heat: Heat,
    /// The models of the span, the busiest first.
    pub models: Vec<ModelTally>,
}

impl Numbers {
    /// Folds the hours of the span and of the one before it.
    pub(crate) fn fold(span: Span, hours: &[UsageHour], prices: &Prices) -> Self {
        let mut numbers =
            Self { days: vec![Tally::default(); usize::from(span.days)], ..Self::default() };
        let mut models: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
        for hour in hours {
            let cost = Cost::of(prices, &used(hour));
            let at = local(hour.hour, span.utc);
            let Some(index) = span.index(at.date()) else {
                if hour.hour < span.from() {
                    numbers.before.add(hour, cost);
                }
                continue;
            };
            if let Some(day) = numbers.days.get_mut(index) {
                day.add(hour, cost);
            }
            numbers.now.add(hour, cost);
            numbers.heat.add(at.weekday(), at.hour(), hour.messages);
            models.entry((&hour.provider, &hour.model)).or_default().add(hour, cost);
        }
        numbers.models = ranked(models);
        numbers
    }
}

fn ranked(models: BTreeMap<(&str, &str), Tally>) -> Vec<ModelTally> {
    let mut ranked: Vec<ModelTally> = models
        .into_iter()
        .filter(|(_, tally)| tally.messages > 0)
        .map(|((provider, model), tally)| ModelTally {
            provider: provider.to_owned(),
            model: model.to_owned(),
            tally,
        })
        .collect();
    ranked.sort_by_key(|model| std::cmp::Reverse(model.tally.messages));
    ranked
}

/// What the replies of an hour took.
fn used(hour: &UsageHour) -> ModelUsage {
    ModelUsage {
        provider: hour.provider.clone(),
        model: hour.model.clone(),
        replies: hour.messages,
        unmetered_replies: hour.unmetered_replies,
        usage: hour.usage,
    }
}

#[cfg(test)]
mod tests;
