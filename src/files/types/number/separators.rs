//! What stands between the digits of a number, and what that says.

use super::Says;

/// What the separators of digits say.
pub(super) struct Separators {
    pub(super) says: Says,
    pub(super) is_whole: bool,
    pub(super) digits: usize,
    pub(super) has_leading_zero: bool,
    pub(super) group: Option<char>,
}

/// Whether a character may stand between groups of three digits and is no mark.
const fn groups(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’')
}

impl Separators {
    pub(super) fn of(body: &str) -> Option<Self> {
        if body.bytes().all(|byte| byte.is_ascii_digit()) {
            let has_leading_zero = body.len() > 1 && body.starts_with('0');
            let digits = Some(body.len()).filter(|digits| *digits > 0)?;
            return Some(Self {
                says: Says::Nothing,
                is_whole: true,
                digits,
                has_leading_zero,
                group: None,
            });
        }
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (body, None),
        };
        if exponent.is_some_and(|power| !is_power(power)) {
            return None;
        }
        let parts = Parts::of(mantissa)?;
        let (says, is_whole, group) = parts.verdict()?;
        let is_whole = is_whole && exponent.is_none();
        let has_leading_zero = parts.starts_with_zero && parts.first > 1;
        Some(Self { says, is_whole, digits: parts.digits, has_leading_zero, group })
    }
}

fn is_power(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The runs of digits and what stands between them.
#[derive(Default)]
struct Parts {
    digits: usize,
    /// Digits before the first separator, and after the last one.
    first: usize,
    last: usize,
    starts_with_zero: bool,
    points: usize,
    commas: usize,
    others: usize,
    last_separator: Option<char>,
    group: Option<char>,
    /// A run between two separators had neither three nor, as in India, two digits.
    has_odd_run: bool,
    /// Groups are separated by different characters.
    is_mixed: bool,
    /// The run after the first grouping character that is no mark, when a mark follows it.
    run: usize,
    is_last_group_odd: bool,
}

impl Parts {
    fn of(mantissa: &str) -> Option<Self> {
        let mut parts = Self { starts_with_zero: mantissa.starts_with('0'), ..Self::default() };
        for c in mantissa.chars() {
            match c {
                '0'..='9' => {
                    parts.digits += 1;
                    parts.run += 1;
                }
                '.' | ',' => parts.separate(c),
                c if groups(c) => parts.separate(c),
                _ => return None,
            }
        }
        parts.last = parts.run;
        (parts.digits > 0).then_some(parts)
    }

    fn separate(&mut self, separator: char) {
        match self.last_separator {
            None => self.first = self.run,
            Some(before) => {
                self.has_odd_run |= !matches!(self.run, 2 | 3);
                self.is_last_group_odd = self.run != 3;
                self.is_mixed |= self.group.is_some_and(|group| group != before);
                self.group = Some(before);
            }
        }
        match separator {
            '.' => self.points += 1,
            ',' => self.commas += 1,
            _ => self.others += 1,
        }
        (self.last_separator, self.run) = (Some(separator), 0);
    }

    /// What it says, whether nothing follows the mark, and what groups.
    fn verdict(&self) -> Option<(Says, bool, Option<char>)> {
        let Some(last) = self.last_separator else { return Some((Says::Nothing, true, None)) };
        let is_grouped = !self.is_mixed && !self.has_odd_run && (1..=3).contains(&self.first);
        let count = self.points + self.commas + self.others;
        if count == 1 {
            return self.single(last);
        }
        let same = match last {
            '.' => self.points,
            ',' => self.commas,
            _ => self.others,
        };
        if same == count && self.group == Some(last) {
            // Groups to the end: `1.234.567`.
            let says = match last {
                '.' => Says::Comma,
                ',' => Says::Point,
                _ => Says::Nothing,
            };
            return (is_grouped && self.last == 3).then_some((says, true, Some(last)));
        }
        // The last one is the mark: `1.234,56`, `1 234.5`.
        if same != 1 || groups(last) || !is_grouped || self.is_last_group_odd {
            return None;
        }
        let says = if last == '.' { Says::Point } else { Says::Comma };
        Some((says, self.last == 0, self.group))
    }

    fn single(&self, separator: char) -> Option<(Says, bool, Option<char>)> {
        let could_group = self.last == 3 && (1..=3).contains(&self.first) && !self.starts_with_zero;
        match separator {
            '.' if could_group => Some((Says::PerhapsPoint, true, None)),
            ',' if could_group => Some((Says::PerhapsComma, true, None)),
            '.' => Some((Says::Point, self.last == 0, None)),
            ',' => Some((Says::Comma, self.last == 0, None)),
            group => could_group.then_some((Says::Nothing, true, Some(group))),
        }
    }
}
