//! Weekdays by hours: when visitors write.

use askama::Template;
use askama::filters::HtmlSafe;
use time::Weekday;

use crate::http::pages::admin::charts::scale::place;
use crate::http::pages::admin::figures::{as_float, count, rounded, weekday};

/// Hours of a day.
const HOURS: usize = 24;
/// Shades, the lightest for nothing.
const SHADES: u64 = 5;
/// The days, as rows.
const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Messages by weekday and hour of the reader's clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heat([[u64; HOURS]; 7]);

impl Heat {
    /// Adds what was said in an hour of a day.
    pub fn add(&mut self, day: Weekday, hour: u8, messages: u64) {
        let row = self.0.get_mut(usize::from(day.number_days_from_monday()));
        if let Some(cell) = row.and_then(|row| row.get_mut(usize::from(hour))) {
            *cell = cell.saturating_add(messages);
        }
    }

    fn largest(&self) -> u64 {
        self.0.iter().flatten().copied().max().unwrap_or_default()
    }

    /// The busiest hour, the first of several.
    fn busiest(&self) -> Option<(Weekday, usize, u64)> {
        let largest = Some(self.largest()).filter(|largest| *largest > 0)?;
        DAYS.iter().zip(&self.0).find_map(|(day, row)| {
            row.iter().position(|messages| *messages == largest).map(|hour| (*day, hour, largest))
        })
    }
}

/// One hour of one weekday.
struct Cell {
    x: f64,
    y: f64,
    shade: u64,
    told: String,
}

/// An hour of the clock: a row of the table.
struct Row {
    hour: String,
    cells: Vec<u64>,
}

/// The chart as it stands on the page.
#[derive(Template)]
#[template(path = "admin/charts/heat.html")]
pub struct HeatChart {
    id: &'static str,
    title: &'static str,
    zone: String,
    summary: String,
    is_empty: bool,
    days: [&'static str; 7],
    cells: Vec<Cell>,
    rows: Vec<Row>,
}

// Its template escapes what it is given.
impl HtmlSafe for HeatChart {}

impl HeatChart {
    /// The chart of `heat`, whose hours are those of `zone`.
    #[must_use]
    pub fn new(id: &'static str, title: &'static str, heat: &Heat, zone: String) -> Self {
        let largest = heat.largest();
        let summary = match heat.busiest() {
            Some((day, hour, messages)) => {
                format!("Busiest: {} {}, {} messages.", weekday(day), hours(hour), count(messages))
            }
            None => "Nothing yet.".to_owned(),
        };
        let days = || DAYS.iter().zip(&heat.0).enumerate();
        let cells = days().flat_map(|(y, (day, row))| {
            row.iter().enumerate().map(move |(x, messages)| Cell {
                x: place(x),
                y: place(y),
                shade: shade(*messages, largest),
                told: format!("{} {}: {}", weekday(*day), hours(x), count(*messages)),
            })
        });
        let row = |hour| Row {
            hour: hours(hour),
            cells: heat.0.iter().filter_map(|row| row.get(hour)).copied().collect(),
        };
        Self {
            id,
            title,
            zone,
            summary,
            is_empty: largest == 0,
            days: DAYS.map(weekday),
            cells: cells.collect(),
            rows: (0..HOURS).map(row).collect(),
        }
    }
}

/// `14:00–15:00`.
fn hours(hour: usize) -> String {
    format!("{hour:02}:00–{:02}:00", (hour + 1) % HOURS)
}

/// The darkest for the most, the lightest for nothing only.
fn shade(messages: u64, largest: u64) -> u64 {
    if messages == 0 || largest == 0 {
        return 0;
    }
    // The root shows differences between quiet hours, too.
    rounded((as_float(messages) / as_float(largest)).sqrt() * as_float(SHADES)).clamp(1, SHADES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_tell_nothing_from_little_and_most_from_much() {
        let shades: Vec<u64> =
            [0, 1, 100, 250, 999, 1_000].iter().map(|n| shade(*n, 1_000)).collect();
        assert_eq!(shades, [0, 1, 2, 3, 5, 5]);
        assert_eq!(shade(0, 0), 0);
    }

    #[test]
    fn the_busiest_hour_is_said_and_every_hour_is_in_the_table() {
        let mut heat = Heat::default();
        heat.add(Weekday::Sunday, 23, 3);
        heat.add(Weekday::Wednesday, 9, 2);
        heat.add(Weekday::Wednesday, 24, 9);
        let chart = HeatChart::new("hours", "Busiest hours", &heat, "UTC".to_owned());
        assert_eq!(chart.summary, "Busiest: Sun 23:00–00:00, 3 messages.");
        let html = chart.to_string();
        assert_eq!(html.matches("<rect").count(), 7 * HOURS);
        assert_eq!(html.matches("<td>").count(), 7 * HOURS);
        assert!(html.contains("<title>Wed 09:00–10:00: 2</title>"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }
}
