//! Reads a time from left to right.

use time::Time;

use super::months;
use super::{Clock, Day, Form, PIVOT};

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// A day in one of the [`Form`]s.
    pub(super) fn day(&mut self) -> Option<Day> {
        if !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.name_day();
        }
        let (first, width) = self.number(4)?;
        if width == 4 {
            let separator = self.any_of(&['-', '/', '.'])?;
            let month = self.number(2)?.0;
            self.exactly(separator)?;
            let day = self.number(2)?.0;
            return day_of(Form::YearFirst(separator), (first, 4), day, month);
        }
        if width > 2 {
            return None;
        }
        let mut after = *self;
        if let Some(separator) = after.any_of(&['-', '/', '.'])
            && let Some((second, _)) = after.number(2)
        {
            *self = after;
            self.exactly(separator)?;
            return day_of(Form::Numbers(separator), self.year()?, first, second);
        }
        self.ordinal();
        self.skip(&[' ', '-', '.', '/']);
        let month = months::month(self.word())?;
        self.skip(&[' ', '-', '.', ',', '/']);
        day_of(Form::DayName, self.year()?, first, u16::from(month))
    }

    /// `Mar 12, 2024`, and days behind the name of a weekday.
    fn name_day(&mut self) -> Option<Day> {
        let word = self.word();
        if months::is_weekday(word) {
            self.skip(&[',', '.', ' ']);
            let word_follows = !self.rest.starts_with(|c: char| c.is_ascii_digit());
            return if word_follows { self.named(self.peek_word()) } else { self.day() };
        }
        self.rest_named(word)
    }

    /// A month's name that has not been read yet.
    fn named(&mut self, word: &str) -> Option<Day> {
        self.rest = self.rest.strip_prefix(word)?;
        self.rest_named(word)
    }

    fn rest_named(&mut self, word: &str) -> Option<Day> {
        let month = months::month(word)?;
        self.skip(&[' ', '.', '-']);
        let (day, _) = self.number(2)?;
        self.ordinal();
        self.skip(&[',', ' ', '-']);
        let (year, width) = self.number(4)?;
        day_of(Form::NameDay, (year, width), day, u16::from(month)).filter(|_| width == 4)
    }

    /// A time that follows a day.
    pub(super) fn clock_after_day(&mut self) -> Option<Clock> {
        let before = self.rest.len();
        match self.rest.strip_prefix(['T', 't', '_']) {
            Some(rest) => self.rest = rest,
            None => self.skip(&[' ', ',', '\u{a0}', '\u{202f}']),
        }
        (self.rest.len() < before).then(|| self.clock()).flatten()
    }

    /// `14:05`, `14:05:09.123`, `2:05 PM`, each with a zone or without.
    pub(super) fn clock(&mut self) -> Option<Clock> {
        let (hour, _) = self.number(2)?;
        self.exactly(':')?;
        let (minute, _) = self.number(2).filter(|(_, width)| *width == 2)?;
        let mut second = None;
        if self.exactly(':').is_some() {
            second = Some(self.number(2).filter(|(_, width)| *width == 2)?.0);
            self.fraction()?;
        }
        let afternoon = self.half();
        let hour = match (afternoon, hour) {
            (None, hour) => hour,
            (Some(false), 12) => 0,
            (Some(true), 12) => 12,
            (Some(is_afternoon), 1..=11) => hour + if is_afternoon { 12 } else { 0 },
            _ => return None,
        };
        let small = |number: u16| u8::try_from(number).ok();
        let time =
            Time::from_hms(small(hour)?, small(minute)?, small(second.unwrap_or(0))?).ok()?;
        let zone = self.zone();
        Some(Clock { time, has_seconds: second.is_some(), has_halves: afternoon.is_some(), zone })
    }

    /// Parts of a second: read over. `None` if a mark stands there without digits.
    fn fraction(&mut self) -> Option<()> {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else { return Some(()) };
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        (after.len() < rest.len()).then(|| self.rest = after)
    }

    /// AM or PM: whether it is the latter.
    fn half(&mut self) -> Option<bool> {
        let rest = self.rest.trim_start();
        for (word, is_afternoon) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
            let Some((head, tail)) = rest.split_at_checked(word.len()) else { continue };
            if head.eq_ignore_ascii_case(word) {
                self.rest = tail;
                return Some(is_afternoon);
            }
        }
        None
    }

    /// Seconds east of Greenwich: `Z`, `UTC`, `+02:00`, `-0330`, `+02`.
    fn zone(&mut self) -> Option<i32> {
        let start = self.rest.trim_start();
        if let Some(rest) =
            ["UTC", "GMT", "Z", "z"].iter().find_map(|word| start.strip_prefix(word))
        {
            self.rest = rest;
            return Some(0);
        }
        let mut after = Self { rest: start };
        let sign = if after.any_of(&['+', '-', '−'])? == '+' { 1 } else { -1 };
        let (hours, width) = after.number(2)?;
        let has_colon = after.exactly(':').is_some();
        let minutes = after.number(2).map(|(minutes, _)| minutes);
        let is_whole = width == 2 && (minutes.is_some() || !has_colon);
        if !is_whole || hours > 15 || minutes.is_some_and(|minutes| minutes > 59) {
            return None;
        }
        self.rest = after.rest;
        Some(sign * (i32::from(hours) * 60 + i32::from(minutes.unwrap_or(0))) * 60)
    }

    /// Four digits or two.
    fn year(&mut self) -> Option<(u16, usize)> {
        self.number(4).filter(|(_, width)| matches!(width, 2 | 4))
    }

    /// At most so many digits, and how many there were.
    fn number(&mut self, most: usize) -> Option<(u16, usize)> {
        let width = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(width)?;
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some((number, width))
    }

    /// `st`, `nd`, `rd`, `th` after a day.
    fn ordinal(&mut self) {
        let suffixes = ["st", "nd", "rd", "th"];
        if let Some(rest) = suffixes.iter().find_map(|suffix| self.rest.strip_prefix(suffix)) {
            self.rest = rest;
        }
    }

    fn any_of(&mut self, wanted: &[char]) -> Option<char> {
        let next = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.exactly(next)?;
        Some(next)
    }

    fn exactly(&mut self, wanted: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    fn skip(&mut self, any: &[char]) {
        self.rest = self.rest.trim_start_matches(any);
    }

    fn peek_word(&self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        self.rest.get(..end).unwrap_or_default()
    }

    fn word(&mut self) -> &'a str {
        let word = self.peek_word();
        self.rest = self.rest.get(word.len()..).unwrap_or_default();
        word
    }
}

/// `day` and `month` may yet be swapped; one of the two ways must be possible.
fn day_of(form: Form, (year, width): (u16, usize), day: u16, month: u16) -> Option<Day> {
    let (first, second) = (u8::try_from(day).ok()?, u8::try_from(month).ok()?);
    let could_be = |day: u8, month: u8| (1..=31).contains(&day) && (1..=12).contains(&month);
    let is_numbers = matches!(form, Form::Numbers(_));
    if !(could_be(first, second) || is_numbers && could_be(second, first)) {
        return None;
    }
    let year = match width {
        2 if year < PIVOT => 2000 + year,
        2 => 1900 + year,
        _ => year,
    };
    (year >= 1000).then_some(Day { form, year, has_short_year: width == 2, first, second })
}
