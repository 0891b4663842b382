//! A text whose characters have places, and what stands at one: a number, a date, a suffix.

use super::month::is_month;
use super::reading::{self, digit, readings};
use super::scan::{Found, Meaning};

/// Characters that can be asked for by their place.
pub(super) struct Text {
    chars: Vec<char>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect() }
    }

    pub(super) fn at(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        self.at(at.checked_sub(1)?)
    }

    pub(super) fn is_digit(&self, at: usize) -> bool {
        self.at(at).and_then(digit).is_some()
    }

    fn slice(&self, from: usize, to: usize) -> String {
        self.chars.iter().skip(from).take(to.saturating_sub(from)).collect()
    }

    pub(super) fn says(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.at(at + offset) == Some(c))
    }

    /// The place after the first character from `at` on that is an end, or the end of the line.
    pub(super) fn after(&self, at: usize, is_end: impl Fn(char) -> bool) -> usize {
        let found = self.chars.iter().skip(at).position(|c| is_end(*c));
        found.map_or(self.chars.len(), |offset| at + offset + 1)
    }

    /// The place after a code span, or after its quotes if nothing closes it.
    pub(super) fn after_code(&self, at: usize) -> usize {
        let quotes = self.chars.iter().skip(at).take_while(|c| **c == '`').count();
        let begin = at + quotes;
        let mut run = 0;
        for (offset, c) in self.chars.iter().skip(begin).enumerate() {
            if *c == '`' {
                run += 1;
            } else if run == quotes {
                return begin + offset;
            } else {
                run = 0;
            }
        }
        if run == quotes { self.chars.len() } else { begin }
    }

    /// The number that begins here, `None` for what is no number, and the place after it.
    pub(super) fn number(&self, at: usize) -> (Option<Found>, usize) {
        if let Some((parts, end)) = self.date(at) {
            let meaning = Meaning::Parts(parts);
            let found = Found { text: self.slice(at, end), meaning, is_beside_month: false };
            return (Some(found), end);
        }
        let end = self.end_of_digits(at);
        let written = self.slice(at, end);
        let (suffix, after) = self.suffix(end);
        let readings = readings(&written, suffix, self.is_rough(at));
        if readings.is_empty() {
            return (None, end);
        }
        let is_beside_month = self.is_beside_month(at, end);
        let found = Found {
            text: self.slice(at, after),
            meaning: Meaning::Number(readings),
            is_beside_month,
        };
        (Some(found), after)
    }

    fn end_of_digits(&self, at: usize) -> usize {
        let mut end = self.digits(at);
        let is_groupable = end - at <= 3;
        loop {
            let next = end + 1;
            let is_continued = match self.at(end) {
                Some('.' | ',' | '\'' | '’' | '٫' | '٬') => self.is_digit(next),
                Some(' ' | '\u{a0}' | '\u{202f}' | '\u{2009}') => {
                    let group = self.digits(next);
                    is_groupable && group - next == 3
                }
                _ => false,
            };
            if !is_continued {
                return end;
            }
            end = self.digits(next);
        }
    }

    /// The place after the digits that begin here.
    fn digits(&self, at: usize) -> usize {
        at + self.chars.iter().skip(at).take_while(|c| digit(**c).is_some()).count()
    }

    /// The parts of `2024-03-09`, `9.3.2024`, `3/9/24`, `14:30`, `2024-03`, and the place after.
    fn date(&self, at: usize) -> Option<(Vec<f64>, usize)> {
        let mut parts = Vec::new();
        let mut lengths = Vec::new();
        let mut begin = at;
        let mut sign = None;
        let end = loop {
            let end = self.digits(begin);
            lengths.push(end - begin);
            let digits: String = self.slice(begin, end).chars().filter_map(digit).collect();
            parts.push(digits.parse().ok()?);
            let next = self.at(end).filter(|c| matches!(c, '-' | '.' | '/' | ':'));
            let is_same = sign.is_none() || sign == next;
            if next.is_none() || !is_same || !self.is_digit(end + 1) || lengths.len() >= 3 {
                break end;
            }
            sign = next;
            begin = end + 1;
        };
        let is_date = matches!(
            (sign?, lengths.as_slice()),
            ('-' | '/', [4, 1..=2])
                | (':', [1..=2, 2] | [1..=2, 2, 2])
                | ('-' | '.' | '/', [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4])
        );
        (is_date && !self.is_digit(end)).then_some((parts, end))
    }

    /// What multiplies the number or says percent, behind spaces and marks of emphasis, and the
    /// place after it; the marks are no part of the number.
    fn suffix(&self, end: usize) -> (Option<reading::Suffix>, usize) {
        let is_between =
            |c: &&char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '*' | '_');
        let gap: Vec<char> =
            self.chars.iter().skip(end).take(6).take_while(is_between).copied().collect();
        let begin = end + gap.len();
        let next: String = self.slice(begin, begin + 20).to_lowercase();
        // `5 m` and `5 k` far from the number are no amounts, `5m` is.
        match reading::suffix(&next) {
            Some((suffix, length)) => {
                let has_marks = gap.iter().any(|c| matches!(c, '*' | '_'));
                (Some(suffix), if has_marks { end } else { begin + length })
            }
            None => (None, end),
        }
    }

    /// The word before a place, in lower case.
    fn word_before(&self, at: usize) -> String {
        let is_between =
            |c: &&char| !c.is_alphanumeric() && !matches!(c, '~' | '≈' | '|' | ';' | ')');
        let before: Vec<char> = self.chars.iter().take(at).rev().take(30).copied().collect();
        let gap = before.iter().take(5).take_while(is_between).count();
        let word = before.iter().skip(gap);
        if let Some(sign @ ('~' | '≈')) = word.clone().next() {
            return sign.to_string();
        }
        let word: String = word.take_while(|c| c.is_alphabetic()).collect();
        word.chars().rev().flat_map(char::to_lowercase).collect()
    }

    fn is_rough(&self, at: usize) -> bool {
        const ROUGHLY: &[&str] = &[
            "~",
            "≈",
            "about",
            "around",
            "roughly",
            "approximately",
            "approx",
            "circa",
            "ca",
            "nearly",
            "almost",
            "over",
            "than",
            "rund",
            "etwa",
            "ungefähr",
            "fast",
            "knapp",
            "über",
            "gut",
            "environ",
            "presque",
            "de",
            "casi",
            "unos",
            "aproximadamente",
            "cerca",
            "quasi",
            "ongeveer",
            "bijna",
            "około",
            "prawie",
            "около",
            "примерно",
            "приблизно",
            "yaklaşık",
        ];
        ROUGHLY.contains(&self.word_before(at).as_str())
    }

    /// `3rd`, `#3`, `top 3`, `No. 3`.
    pub(super) fn is_rank(&self, at: usize, end: usize) -> bool {
        const RANKS: &[&str] = &[
            "top", "no", "nr", "step", "rank", "platz", "schritt", "question", "frage", "part",
            "teil",
        ];
        const ENDINGS: &[&str] = &["st", "nd", "rd", "th", "er", "re", "e", "ème", "º", "ª"];
        let is_small = end - at <= 3 && (at..end).all(|place| self.is_digit(place));
        let ending: String =
            self.chars.iter().skip(end).take(4).take_while(|c| c.is_alphabetic()).collect();
        is_small
            && (self.before(at) == Some('#')
                || ENDINGS.contains(&ending.as_str())
                || RANKS.contains(&self.word_before(at).as_str()))
    }

    /// `Q3`, `A-1001`, `col_2`: but `EUR1,200` is an amount.
    pub(super) fn is_within_a_name(&self, at: usize) -> bool {
        const CURRENCIES: &[&str] = &[
            "EUR", "USD", "GBP", "CHF", "JPY", "INR", "PLN", "CZK", "SEK", "NOK", "DKK", "AUD",
            "CAD", "CNY", "BRL", "TRY", "UAH", "HUF", "Rs", "kr",
        ];
        let is_glue = |c: char| matches!(c, '-' | '_' | '/' | '.');
        let at = match self.before(at) {
            Some(c) if is_glue(c) => at - 1,
            _ => at,
        };
        let is_word = |c: char| c.is_alphabetic() && !is_ideograph(c);
        let word: Vec<char> = self
            .chars
            .iter()
            .take(at)
            .rev()
            .take(12)
            .take_while(|c| is_word(**c))
            .copied()
            .collect();
        let word: String = word.iter().rev().collect();
        !word.is_empty() && !CURRENCIES.contains(&word.as_str())
    }

    fn is_beside_month(&self, at: usize, end: usize) -> bool {
        let after: String = self
            .chars
            .iter()
            .skip(end)
            .take(20)
            .skip_while(|c| matches!(c, '.' | ' ' | ',' | 's' | 't' | 'n' | 'd' | 'r' | 'h'))
            .take_while(|c| c.is_alphabetic())
            .flat_map(|c| c.to_lowercase())
            .collect();
        let is_sign =
            self.at(end).is_some_and(|c| matches!(c, '年' | '月' | '日' | '년' | '월' | '일'));
        is_sign || is_month(&after) || is_month(&self.word_before(at)) || self.is_after_a_day(at)
    }

    /// The second day of `January 5 and 12` or `5–12 March` is not looked for; that of
    /// `March 5–12` is.
    fn is_after_a_day(&self, at: usize) -> bool {
        let is_dash = self.before(at).is_some_and(|c| matches!(c, '-' | '–'));
        let digits =
            self.chars.iter().take(at.saturating_sub(1)).rev().take_while(|c| digit(**c).is_some());
        let length = digits.count();
        is_dash && (1..=2).contains(&length) && is_month(&self.word_before(at - 1 - length))
    }
}

/// Chinese, Japanese and Korean write numbers into the text without a space.
const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}
