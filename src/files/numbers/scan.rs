//! Finding the numbers in a text: in a model's Markdown only those that claim something.

use super::is_year;
use super::reading::{Reading, digit};
use super::text::Text;

/// A number as it stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub text: String,
    pub meaning: Meaning,
    /// Whether the name of a month, or a sign for a day, stands beside it.
    pub is_beside_month: bool,
}

/// What a number says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// An amount, in each way it can be read.
    Number(Vec<Reading>),
    /// The parts of a date or time.
    Parts(Vec<f64>),
}

impl Found {
    /// Whether it may be a year, or the day beside a month's name.
    pub(super) fn may_be_part(&self, reading: &Reading) -> bool {
        let is_day = reading.value.fract() == 0.0 && reading.value <= 31.0;
        is_year(reading.value) || (self.is_beside_month && is_day)
    }
}

/// Every number of a text, even those within words.
pub(super) fn all(text: &str) -> Vec<Found> {
    let text = Text::new(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.at(at) {
        match digit(c) {
            Some(_) => {
                let (number, end) = text.number(at);
                found.extend(number);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The numbers of a reply that claim something.
pub(super) fn claims(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut rank = 1;
    for line in text.lines() {
        let bare = line.trim_start_matches([' ', '\t', '>']);
        let opens = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, opens) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, Some(mark)) => fence = Some(mark),
            (Some(_), _) => {}
            (None, None) => {
                let ranked = rank_at(bare, rank);
                rank = match (ranked, bare.starts_with('|')) {
                    (Some(_), _) => rank + 1,
                    (None, true) => rank,
                    (None, false) => 1,
                };
                let claim = ranked.unwrap_or_else(|| after_marker(bare));
                claims_of_line(&Text::new(claim), &mut found);
            }
        }
    }
    found
}

/// What follows a table's first cell, if that cell is the next rank.
fn rank_at(line: &str, rank: usize) -> Option<&str> {
    let (cell, rest) = line.strip_prefix('|')?.split_once('|')?;
    let cell = cell.trim().trim_matches(['*', '.', '#']);
    (cell == rank.to_string()).then_some(rest)
}

/// What follows the number of a list's item or a heading.
fn after_marker(line: &str) -> &str {
    let bare = line.trim_start_matches('#');
    let is_heading = bare.len() < line.len() && bare.starts_with(' ');
    let bare = bare.trim_start().trim_start_matches(['*', '_', '-', '+']).trim_start();
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit() || (is_heading && c == '.'));
    let length = bare.len() - rest.len();
    let is_marker = (1..=9).contains(&length) && rest.starts_with(['.', ')']) && {
        let mut after = rest.chars().skip(1);
        after.next().is_none_or(char::is_whitespace)
    };
    let is_numbered = is_heading && length > 0 && rest.starts_with([' ', ':', ')']);
    if is_marker || is_numbered { rest } else { line }
}

fn claims_of_line(line: &Text, found: &mut Vec<Found>) {
    let mut at = 0;
    while let Some(c) = line.at(at) {
        at = match c {
            '`' => line.after_code(at),
            ']' if line.at(at + 1) == Some('(') => line.after(at, |c| c == ')'),
            'h' if line.says(at, "http://") || line.says(at, "https://") => {
                line.after(at, char::is_whitespace)
            }
            c if digit(c).is_some() => {
                let (number, end) = line.number(at);
                if !line.is_within_a_name(at) && !line.is_rank(at, end) {
                    found.extend(number);
                }
                end
            }
            _ => at + 1,
        };
    }
}
