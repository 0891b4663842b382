//! Tiles, charts and tables of the overview, from its numbers. Pure.

use time::Date;

use crate::http::pages::admin::charts::daily::{Daily, DailyChart, Series, Style};
use crate::http::pages::admin::charts::scale::Unit;
use crate::http::pages::admin::figures::{as_float, count, dollars, rounded, short, span_ms};
use crate::http::pages::admin::overview::span::{ModelTally, Numbers, Tally};

/// A number with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tile {
    /// What it counts.
    pub label: &'static str,
    /// The number.
    pub value: String,
    /// Beside it.
    pub note: String,
    /// Compared with the span before.
    pub trend: String,
}

/// A line of the table of models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModelLine {
    /// The model, or the provider if it names none.
    pub model: String,
    /// Who answers with it.
    pub provider: String,
    /// Its replies.
    pub replies: String,
    /// Those that failed, in percent; empty for none.
    pub failed: String,
    /// Its tokens.
    pub tokens: String,
    /// Median time until the first word.
    pub first_word: String,
    /// What they cost.
    pub cost: String,
}

/// The tiles.
pub(super) fn tiles(numbers: &Numbers, days: u16) -> Vec<Tile> {
    let (now, before) = (&numbers.now, &numbers.before);
    let had = before.messages > 0;
    let counted = |label, pick: fn(&Tally) -> u64, note: String| Tile {
        label,
        value: short(as_float(pick(now))),
        note,
        trend: trend(pick(now), pick(before), had, days),
    };
    let rated = now.thumbs_up + now.thumbs_down;
    vec![
        counted("Conversations", |tally| tally.sessions, String::new()),
        counted("Messages", |tally| tally.messages, per_conversation(now)),
        Tile {
            label: "Answered",
            value: share(now.messages - now.failed.min(now.messages), now.messages),
            note: failed(now.failed),
            trend: points(answered(now), answered(before), days),
        },
        Tile {
            label: "First word after",
            value: median(now).map_or_else(|| "–".to_owned(), span_ms),
            note: within(now),
            trend: median(before).map_or_else(String::new, |ms| format!("{} before", span_ms(ms))),
        },
        Tile {
            label: "Liked",
            value: share(now.thumbs_up, rated),
            note: thumbs(now),
            trend: points(liked(now), liked(before), days),
        },
        Tile {
            label: "Cost",
            value: known_cost(now),
            note: spent(now),
            trend: match before.cost.words() {
                words if words.is_empty() || words == "unknown" => String::new(),
                words => format!("{words} before"),
            },
        },
    ]
}

fn cost(tally: &Tally) -> String {
    let words = tally.cost.words();
    if words.is_empty() { "–".to_owned() } else { words }
}

/// The known part: words beside it say that there is more.
fn known_cost(tally: &Tally) -> String {
    match tally.cost.is_partial() && tally.cost.usd() > 0.0 {
        true => dollars(tally.cost.usd()),
        false => cost(tally),
    }
}

fn spent(tally: &Tally) -> String {
    let tokens = format!("{} tokens", short(as_float(tally.tokens())));
    match tally.cost.is_partial() && tally.cost.usd() > 0.0 {
        true => format!("at least; {tokens}"),
        false => tokens,
    }
}

fn per_conversation(tally: &Tally) -> String {
    if tally.sessions == 0 {
        return String::new();
    }
    let tenths = (tally.messages * 10 + tally.sessions / 2) / tally.sessions;
    format!("{}.{} per conversation", tenths / 10, tenths % 10)
}

fn failed(replies: u64) -> String {
    if replies == 0 { String::new() } else { format!("{} failed", count(replies)) }
}

fn thumbs(tally: &Tally) -> String {
    match (tally.thumbs_up, tally.thumbs_down) {
        (0, 0) => "no thumbs yet".to_owned(),
        (up, down) => format!("{} up, {} down", count(up), count(down)),
    }
}

fn median(tally: &Tally) -> Option<u64> {
    tally.first_word.within_ms(0.5)
}

fn within(tally: &Tally) -> String {
    let most = tally.first_word.within_ms(0.95);
    most.map_or_else(String::new, |ms| format!("95 % within {}", span_ms(ms)))
}

fn answered(tally: &Tally) -> Option<f64> {
    let answered = tally.messages.saturating_sub(tally.failed);
    (tally.messages > 0).then(|| 100.0 * as_float(answered) / as_float(tally.messages))
}

fn liked(tally: &Tally) -> Option<f64> {
    let rated = tally.thumbs_up + tally.thumbs_down;
    (rated > 0).then(|| 100.0 * as_float(tally.thumbs_up) / as_float(rated))
}

/// `98 %`; a part is never rounded to all or nothing.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    match rounded(100.0 * as_float(part) / as_float(whole)) {
        100 if part < whole => "99 %".to_owned(),
        0 if part > 0 => "1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// `+12 % to the 30 days before`.
fn trend(now: u64, before: u64, had: bool, days: u16) -> String {
    if !had {
        return String::new();
    }
    let than = format!("the {days} days before");
    if now == before {
        return format!("as in {than}");
    }
    if before == 0 {
        return format!("none in {than}");
    }
    let change = 100.0 * (as_float(now) - as_float(before)) / as_float(before);
    let (sign, size) = (if change < 0.0 { '−' } else { '+' }, change.abs());
    if size >= 1000.0 {
        return format!("{} times {than}", count(rounded(as_float(now) / as_float(before))));
    }
    format!("{sign}{} % to {than}", count(rounded(size).max(1)))
}

/// `+2 points to the 30 days before`: the difference of two percentages.
fn points(now: Option<f64>, before: Option<f64>, days: u16) -> String {
    let (Some(now), Some(before)) = (now, before) else { return String::new() };
    let change = now.round() - before.round();
    let sign = if change < 0.0 { '−' } else { '+' };
    match rounded(change.abs()) {
        0 => format!("as in the {days} days before"),
        1 => format!("{sign}1 point to the {days} days before"),
        size => format!("{sign}{size} points to the {days} days before"),
    }
}

/// The charts.
pub(super) fn charts(dates: &[Date], days: &[Tally]) -> Vec<DailyChart> {
    let board = Board { dates, days };
    vec![
        board.area(("conversations", "Conversations"), Unit::Count, "Conversations", |day| {
            Some(as_float(day.sessions))
        }),
        board.bars(
            "replies",
            "Replies",
            &[
                ("Answered", 1, |day| day.messages.saturating_sub(day.failed)),
                ("Failed", 4, |day| day.failed),
            ],
        ),
        board.bars(
            "tokens",
            "Tokens",
            &[
                ("Sent", 1, |day| day.fresh_tokens),
                ("Sent, from the vendor's cache", 2, |day| day.cached_tokens),
                ("Received", 3, |day| day.output_tokens),
            ],
        ),
        board.area(("cost", "Cost"), Unit::Dollars, "Cost", |day| {
            let is_known = day.cost.usd() > 0.0 || !day.cost.is_partial();
            is_known.then(|| day.cost.usd())
        }),
        board.area(("first-word", "Time until the first word"), Unit::Ms, "Median", |day| {
            median(day).map(as_float)
        }),
        board.bars(
            "thumbs",
            "Thumbs",
            &[("Up", 1, |day| day.thumbs_up), ("Down", 4, |day| day.thumbs_down)],
        ),
    ]
}

/// What a chart counts: its name, its colour, and the number of a day.
type Counted = (&'static str, u8, fn(&Tally) -> u64);

/// The days that all charts show.
struct Board<'a> {
    dates: &'a [Date],
    days: &'a [Tally],
}

impl Board<'_> {
    fn area(
        &self,
        heading: (&'static str, &'static str),
        unit: Unit,
        name: &'static str,
        pick: fn(&Tally) -> Option<f64>,
    ) -> DailyChart {
        let values = self.days.iter().map(pick).collect();
        self.chart(heading, Style::Area, unit, vec![Series { name, colour: 1, values }])
    }

    fn bars(&self, id: &'static str, title: &'static str, counted: &[Counted]) -> DailyChart {
        let series = counted.iter().map(|(name, colour, pick)| Series {
            name,
            colour: *colour,
            values: self.days.iter().map(|day| Some(as_float(pick(day)))).collect(),
        });
        self.chart((id, title), Style::Bars, Unit::Count, series.collect())
    }

    fn chart(
        &self,
        (id, title): (&'static str, &'static str),
        style: Style,
        unit: Unit,
        series: Vec<Series>,
    ) -> DailyChart {
        DailyChart::from(Daily { id, title, style, unit, days: self.dates.to_vec(), series })
    }
}

/// The table of models.
pub(super) fn models(models: &[ModelTally]) -> Vec<ModelLine> {
    let line = |ModelTally { provider, model, tally }: &ModelTally| ModelLine {
        model: if model.is_empty() { provider.clone() } else { model.clone() },
        provider: provider.clone(),
        replies: count(tally.messages),
        failed: if tally.failed == 0 { String::new() } else { share(tally.failed, tally.messages) },
        tokens: short(as_float(tally.tokens())),
        first_word: median(tally).map_or_else(|| "–".to_owned(), span_ms),
        cost: cost(tally),
    };
    models.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_is_said_in_words_that_fit_its_size() {
        for (now, before, words) in [
            (112, 100, "+12 % to the 30 days before"),
            (50, 100, "−50 % to the 30 days before"),
            (100, 100, "as in the 30 days before"),
            (1001, 1000, "+1 % to the 30 days before"),
            (5, 0, "none in the 30 days before"),
            (0, 5, "−100 % to the 30 days before"),
            (2000, 10, "200 times the 30 days before"),
        ] {
            assert_eq!(trend(now, before, true, 30), words);
        }
        assert_eq!(trend(5, 0, false, 30), "");
        assert_eq!(points(Some(97.6), Some(95.4), 7), "+3 points to the 7 days before");
        assert_eq!(points(Some(50.0), Some(50.4), 7), "as in the 7 days before");
        assert_eq!(points(Some(50.0), None, 7), "");
    }

    #[test]
    fn a_part_is_never_rounded_to_all_or_nothing() {
        assert_eq!(share(0, 0), "–");
        assert_eq!(share(1, 1000), "1 %");
        assert_eq!(share(999, 1000), "99 %");
        assert_eq!(share(1000, 1000), "100 %");
        assert_eq!(share(0, 5), "0 %");
    }

    #[test]
    fn a_quiet_server_shows_dashes_not_zeros_it_does_not_know() {
        let tiles = tiles(&Numbers::default(), 30);
        let values: Vec<&str> = tiles.iter().map(|tile| tile.value.as_str()).collect();
        assert_eq!(values, ["0", "0", "–", "–", "–", "–"]);
        assert!(tiles.iter().all(|tile| tile.trend.is_empty()));
    }
}
