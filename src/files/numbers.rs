//! Which numbers of a reply were computed, and which came out of the model's head.
//!
//! A number counts as proven when a result holds it, rounded to the digits that the reply shows; so
//! do numbers of the tables' profiles, of the visitor's question and of the queries. What remains is
//! told to the visitor as not computed. A sum that is off by one is found, `1.2 million` for
//! 1,234,567 is not complained about. Signs do not count: "fell by 5" is right for -5.

mod month;
mod reading;
mod scan;
#[cfg(test)]
mod tests;
mod text;

use crate::domain::table::{ColumnProfile, QueryResult, TableProfile, Value};

use reading::Reading;
use scan::{Found, Meaning};

/// The most numbers that are told.
pub const MAX_UNPROVEN: usize = 50;
/// The most values that are kept as proof.
const MAX_VALUES: usize = 300_000;
/// How much of a text cell is looked at, characters.
const MAX_CELL_CHARS: usize = 200;
/// What floats may be off by, as a share.
const FLOAT_ERROR: f64 = 1e-9;

/// The numbers that are known to be true.
#[derive(Debug, Clone, Default)]
pub struct Proven {
    /// Without signs.
    values: Vec<f64>,
    /// Years, months, days, hours: they prove dates only, or any small number would be proven.
    parts: Vec<f64>,
    is_sorted: bool,
}

impl Proven {
    /// What a query found: all cells, the names of its columns and how many rows there are.
    pub fn add_result(&mut self, result: &QueryResult) {
        if !result.truncated {
            self.add(result.rows.len() as f64);
        }
        for name in &result.columns {
            self.add_text(name);
        }
        for cell in result.rows.iter().flatten() {
            self.add_cell(cell);
        }
    }

    /// What is known of a table.
    pub fn add_profile(&mut self, profile: &TableProfile) {
        self.add(profile.row_count as f64);
        self.add(profile.columns.len() as f64);
        self.add_text(&profile.source);
        for cell in profile.sample.iter().flatten() {
            self.add_cell(cell);
        }
        for column in &profile.columns {
            self.add_column(column);
        }
        for note in &profile.notes {
            self.add_text(note);
        }
    }

    /// Numbers in a text that need no proof: the visitor's question, a query.
    pub fn add_text(&mut self, text: &str) {
        for found in scan::all(text) {
            match found.meaning {
                Meaning::Number(readings) => {
                    for reading in readings {
                        self.add(reading.value);
                        self.add_year(reading.value);
                    }
                }
                Meaning::Parts(parts) => self.add_parts(&parts),
            }
        }
    }

    fn add_column(&mut self, column: &ColumnProfile) {
        let counts = [column.nulls, column.distinct].map(|count| count as f64);
        for number in counts.into_iter().chain(column.mean).chain(column.median) {
            self.add(number);
        }
        for cell in column.min.iter().chain(&column.max) {
            self.add_cell(cell);
        }
        for (text, count) in &column.top {
            self.add(*count as f64);
            self.add_text(&start(text));
        }
        self.add_text(&column.name);
    }

    fn add_cell(&mut self, cell: &Value) {
        match cell {
            Value::Null => {}
            Value::Integer(number) => {
                self.add(*number as f64);
                self.add_year(*number as f64);
            }
            Value::Decimal(number) => self.add(*number),
            Value::Text(text) => self.add_text(&start(text)),
        }
    }

    fn add(&mut self, value: f64) {
        if self.values.len() < MAX_VALUES && value.is_finite() {
            self.values.push(value.abs());
            self.is_sorted = false;
        }
    }

    fn add_parts(&mut self, parts: &[f64]) {
        if self.parts.len() < MAX_VALUES {
            self.parts.extend(parts);
            self.is_sorted = false;
        }
    }

    /// A year stands alone or in a date.
    fn add_year(&mut self, value: f64) {
        if is_year(value) {
            self.add_parts(&[value]);
        }
    }

    fn sort(&mut self) {
        for values in [&mut self.values, &mut self.parts] {
            values.sort_unstable_by(f64::total_cmp);
            values.dedup();
        }
        self.is_sorted = true;
    }

    /// Whether a written number is one of these.
    fn proves(&self, found: &Found) -> bool {
        let is_known =
            |part: &f64| holds(&self.parts, *part, 0.0) || holds(&self.values, *part, 0.0);
        match &found.meaning {
            Meaning::Parts(parts) => parts.iter().all(is_known),
            Meaning::Number(readings) => readings.iter().any(|reading| {
                self.has(reading) || (found.may_be_part(reading) && is_known(&reading.value))
            }),
        }
    }

    fn has(&self, reading: &Reading) -> bool {
        let Reading { value, tolerance, .. } = *reading;
        holds(&self.values, value, tolerance)
            || (reading.is_percent && holds(&self.values, value / 100.0, tolerance / 100.0))
    }
}

/// The numbers of a reply, as they are written there, that nothing proves, each once, in order.
/// Code, list numbers, the first number of a heading, ranks and links are left out.
#[must_use]
pub fn unproven(text: &str, proven: &Proven) -> Vec<String> {
    let mut sorted;
    let proven = if proven.is_sorted {
        proven
    } else {
        sorted = proven.clone();
        sorted.sort();
        &sorted
    };
    let mut unproven: Vec<String> = Vec::new();
    for found in scan::claims(text) {
        if unproven.len() >= MAX_UNPROVEN {
            break;
        }
        if !proven.proves(&found) && !unproven.contains(&found.text) {
            unproven.push(found.text);
        }
    }
    unproven
}

fn is_year(value: f64) -> bool {
    value.fract() == 0.0 && (1900.0..=2100.0).contains(&value)
}

/// Whether a sorted list has a number that is at most so far away.
fn holds(sorted: &[f64], value: f64, tolerance: f64) -> bool {
    let reach = tolerance + value.abs() * FLOAT_ERROR;
    let at = sorted.partition_point(|known| *known < value - reach);
    sorted.get(at).is_some_and(|known| *known <= value + reach)
}

fn start(text: &str) -> String {
    text.chars().take(MAX_CELL_CHARS).collect()
}
