//! Reads times in questions: years, quarters, months, days. What needs today's date is not read.

use super::plan::{Span, Unit};
use super::text::Token;

/// The months, and how they are shortened.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A day, month, quarter or year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// Its first day.
    pub first: Day,
    /// How long it is.
    pub unit: Unit,
    /// Whether the year was said.
    pub has_year: bool,
}

/// A day: year, month, day of the month.
pub(super) type Day = (i32, u32, u32);

impl Period {
    /// The first day after it.
    pub(super) fn end(&self) -> Day {
        let (year, month, day) = self.first;
        let months = match self.unit {
            Unit::Day if day < days(year, month) => return (year, month, day + 1),
            Unit::Day | Unit::Month => 1,
            Unit::Quarter => 3,
            Unit::Year => 12,
        };
        if month + months > 12 {
            (year + 1, month + months - 12, 1)
        } else {
            (year, month + months, 1)
        }
    }

    /// All of it.
    pub(super) fn span(&self) -> Span {
        let before = if self.unit == Unit::Day { "on" } else { "in" };
        Span {
            from: Some(iso(self.first)),
            to: Some(iso(self.end())),
            words: format!("{before} {}", self.words()),
        }
    }

    /// As people say it.
    pub(super) fn words(&self) -> String {
        let (year, month, _) = self.first;
        match self.unit {
            Unit::Day => iso(self.first),
            Unit::Month => format!("{} {year}", month_name(month)),
            Unit::Quarter => format!("Q{} {year}", month.div_ceil(3)),
            Unit::Year => format!("{year:04}"),
        }
    }
}

/// `YYYY-MM-DD`.
pub(super) fn iso((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

fn month_name(month: u32) -> String {
    let name = MONTHS.get(month.saturating_sub(1) as usize).copied().unwrap_or_default();
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How many days a month has.
pub(super) const fn days(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The period at the beginning of `tokens` and how many of them it takes. `year` is the year of a
/// month that is said without one.
pub(super) fn period(tokens: &[Token], year: Option<i32>) -> Option<(Period, usize)> {
    let mut reader = Reader { tokens, at: 0 };
    let period = reader.period(year)?;
    Some((period, reader.at))
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn word(&self) -> &str {
        let token = self.tokens.get(self.at).filter(|token| !token.is_quoted);
        token.map_or("", |token| token.word.as_str())
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let is_there = words.contains(&self.word());
        self.at += usize::from(is_there);
        is_there
    }

    fn period(&mut self, default_year: Option<i32>) -> Option<Period> {
        self.eat(&["the"]);
        if let Some(period) = iso_period(self.word()) {
            self.at += 1;
            return Some(period);
        }
        let start = self.at;
        let found = self.quarter().map(|quarter| (quarter * 3 - 2, None, Unit::Quarter));
        let found = found.or_else(|| {
            self.at = start;
            self.month_and_day()
        });
        let Some((month, day, unit)) = found else {
            self.at = start;
            self.eat(&["year"]);
            let year = self.year()?;
            return Some(Period { first: (year, 1, 1), unit: Unit::Year, has_year: true });
        };
        let after = self.at;
        self.eat(&["of", ","]);
        let said = self.year();
        if said.is_none() {
            self.at = after;
        }
        let year = said.or(default_year).unwrap_or(0);
        let day = day.unwrap_or(1);
        let is_real = day >= 1 && day <= days(year, month);
        is_real.then_some(Period {
            first: (year, month, day),
            unit,
            has_year: said.or(default_year).is_some(),
        })
    }

    fn year(&mut self) -> Option<i32> {
        let year = year(self.word())?;
        self.at += 1;
        Some(year)
    }

    fn quarter(&mut self) -> Option<u32> {
        let word = self.word();
        if let Some(("q", number)) = word.split_at_checked(1) {
            let quarter = number.parse().ok().filter(|quarter| (1..=4).contains(quarter));
            self.at += usize::from(quarter.is_some());
            return quarter;
        }
        let ordinal = ["first", "second", "third", "fourth"].iter().position(|name| *name == word);
        let ordinal =
            ordinal.or_else(|| ["1st", "2nd", "3rd", "4th"].iter().position(|n| *n == word));
        if let Some(place) = ordinal {
            self.at += 1;
            return self.eat(&["quarter"]).then(|| u32::try_from(place + 1).ok())?;
        }
        if self.eat(&["quarter"]) {
            let quarter = self.word().parse().ok().filter(|quarter| (1..=4).contains(quarter));
            self.at += usize::from(quarter.is_some());
            return quarter;
        }
        None
    }

    /// `March`, `March 15`, `15th of March`.
    fn month_and_day(&mut self) -> Option<(u32, Option<u32>, Unit)> {
        if let Some(day) = day_of_month(self.word()) {
            self.at += 1;
            self.eat(&["of"]);
            let month = self.month()?;
            return Some((month, Some(day), Unit::Day));
        }
        let month = self.month()?;
        match day_of_month(self.word()) {
            Some(day) => {
                self.at += 1;
                Some((month, Some(day), Unit::Day))
            }
            None => Some((month, None, Unit::Month)),
        }
    }

    fn month(&mut self) -> Option<u32> {
        let word = self.word();
        let is_it = |name: &str| {
            name == word || (word.len() >= 3 && word.len() <= 4 && name.starts_with(word))
        };
        let place = MONTHS.iter().position(|name| is_it(name))?;
        // `mar`, `sept`, but not the beginning `marc`.
        if word.len() == 4 && !matches!(word, "june" | "july" | "sept") {
            return None;
        }
        self.at += 1;
        u32::try_from(place + 1).ok()
    }
}

/// A year of four digits.
pub(super) fn year(word: &str) -> Option<i32> {
    let is_plain = word.len() == 4 && word.bytes().all(|c| c.is_ascii_digit());
    is_plain.then(|| word.parse().ok()).flatten().filter(|year| (1500..=2200).contains(year))
}

fn day_of_month(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end));
    let digits = digits.unwrap_or(word);
    let is_plain = matches!(digits.len(), 1..=2) && digits.bytes().all(|c| c.is_ascii_digit());
    is_plain.then(|| digits.parse().ok()).flatten().filter(|day| (1..=31).contains(day))
}

/// `2024-03-15` or `2024-03`.
fn iso_period(word: &str) -> Option<Period> {
    let parts: Vec<&str> = word.split('-').collect();
    let two = |part: &&str| part.len() == 2;
    let (year, month, day, unit) = match parts.as_slice() {
        [year_, month, day] if two(month) && two(day) => {
            (year(year_)?, month.parse().ok()?, day.parse().ok()?, Unit::Day)
        }
        [year_, month] if two(month) => (year(year_)?, month.parse().ok()?, 1, Unit::Month),
        _ => return None,
    };
    let is_real = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    is_real.then_some(Period { first: (year, month, day), unit, has_year: true })
}

#[cfg(test)]
mod tests {
    use super::super::text::tokens;
    use super::*;

    #[test]
    fn times_are_read() {
        let cases = [
            ("2023", Some(("2023-01-01", "2024-01-01", 1))),
            ("year 2023 x", Some(("2023-01-01", "2024-01-01", 2))),
            ("March 2024", Some(("2024-03-01", "2024-04-01", 2))),
            ("dec. 2024", None),
            ("Dec 2024", Some(("2024-12-01", "2025-01-01", 2))),
            ("March 15, 2024", Some(("2024-03-15", "2024-03-16", 4))),
            ("31st of December 2024", Some(("2024-12-31", "2025-01-01", 4))),
            ("2024-02-29", Some(("2024-02-29", "2024-03-01", 1))),
            ("2023-02-29", None),
            ("2024-05", Some(("2024-05-01", "2024-06-01", 1))),
            ("Q1 2024", Some(("2024-01-01", "2024-04-01", 2))),
            ("the fourth quarter of 2024", Some(("2024-10-01", "2025-01-01", 5))),
            ("15/03/2024", None),
            ("Germany", None),
            ("31 June 2024", None),
            ("last month", None),
        ];
        for (text, expected) in cases {
            let tokens = tokens(text);
            let found = period(&tokens, None).filter(|(period, _)| period.has_year);
            let found = found.map(|(period, count)| (iso(period.first), iso(period.end()), count));
            let expected =
                expected.map(|(from, to, count)| (from.to_owned(), to.to_owned(), count));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_month_without_a_year_takes_the_only_one_there_is() {
        let tokens = tokens("in march");
        let (period, _) = period(&tokens[1..], Some(2022)).expect("a month");
        assert_eq!((period.words(), period.has_year), ("March 2022".to_owned(), true));
    }
}
