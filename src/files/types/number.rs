//! Numbers as people write them: grouped, with a comma or a point, in brackets, with a currency.

use crate::files::types::number::separators::Separators;
use crate::files::types::unit::{self, Unit};

mod separators;

/// Longer cells are no number.
const MAX_BYTES: usize = 48;

/// The character in front of the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::files) enum Mark {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

/// What the separators of one number say about the [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) enum Says {
    /// Nothing: digits alone, or grouped by something that is no mark.
    Nothing,
    /// A point is the mark.
    Point,
    /// A comma is the mark.
    Comma,
    /// `1.234`: a point that may be either.
    PerhapsPoint,
    /// `1,234`: a comma that may be either.
    PerhapsComma,
}

/// A number, taken apart but not yet understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::files) struct Number<'a> {
    /// Digits and separators.
    body: &'a str,
    is_negative: bool,
    pub(in crate::files) unit: Option<Unit>,
    pub(in crate::files) says: Says,
    /// Nothing after the mark, if the mark is what `says` says (for `Perhaps…`: if it groups).
    pub(in crate::files) is_whole: bool,
    /// Digits, without those after an exponent.
    pub(in crate::files) digits: usize,
    /// Begins with a zero that a number would not have: `007`.
    pub(in crate::files) has_leading_zero: bool,
    /// Begins with `+`, as phone numbers do.
    pub(in crate::files) has_plus: bool,
    /// What stands between groups of digits.
    pub(in crate::files) group: Option<char>,
}

/// A number under one [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::files) enum Amount {
    Whole(i64),
    Fraction(f64),
}

impl<'a> Number<'a> {
    /// Takes a trimmed cell apart; `None` if it is no number.
    pub(in crate::files) fn scan(cell: &'a str) -> Option<Self> {
        if cell.len() > MAX_BYTES || !cell.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let dressed = Dressed::take_off(cell)?;
        let separators = Separators::of(dressed.body)?;
        Some(Self {
            body: dressed.body,
            is_negative: dressed.is_negative,
            unit: dressed.unit,
            says: separators.says,
            is_whole: separators.is_whole,
            digits: separators.digits,
            has_leading_zero: separators.has_leading_zero,
            has_plus: dressed.has_plus,
            group: separators.group,
        })
    }

    /// Its value; `None` if the mark contradicts its separators, or if it is beyond all bounds.
    pub(in crate::files) fn amount(&self, mark: Mark) -> Option<Amount> {
        let fits = match self.says {
            Says::Point => mark == Mark::Point,
            Says::Comma => mark == Mark::Comma,
            _ => true,
        };
        if !fits {
            return None;
        }
        let mut plain = [0_u8; MAX_BYTES + 1];
        let mut length = 0;
        let signed = self.is_negative.then_some(b'-');
        for byte in signed.into_iter().chain(self.body.bytes()) {
            let byte = match (byte, mark) {
                (b'0'..=b'9' | b'-' | b'+' | b'e' | b'E', _) => byte,
                (b'.', Mark::Point) | (b',', Mark::Comma) => b'.',
                _ => continue,
            };
            *plain.get_mut(length)? = byte;
            length += 1;
        }
        let plain = std::str::from_utf8(plain.get(..length)?).ok()?;
        amount_of(plain)
    }
}

impl Amount {
    /// The same with a fraction, which may cost the last digits of a very long one.
    #[expect(clippy::cast_precision_loss, reason = "decimal columns are REAL in SQL anyway")]
    pub(in crate::files) const fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Fraction(fraction) => fraction,
        }
    }
}

/// The value of a number that is written the plain way.
pub(in crate::files) fn amount_of(plain: &str) -> Option<Amount> {
    if let Ok(whole) = plain.parse() {
        return Some(Amount::Whole(whole));
    }
    let fraction: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
    // `-0.0` is a surprise to everybody.
    Some(Amount::Fraction(if fraction == 0.0 { 0.0 } else { fraction }))
}

/// A cell without its sign, currency, per cent sign and brackets.
struct Dressed<'a> {
    body: &'a str,
    is_negative: bool,
    has_plus: bool,
    unit: Option<Unit>,
}

impl<'a> Dressed<'a> {
    fn take_off(cell: &'a str) -> Option<Self> {
        let bracketed = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let mut dressed = Self {
            body: bracketed.unwrap_or(cell),
            is_negative: bracketed.is_some(),
            has_plus: false,
            unit: None,
        };
        dressed.sign()?;
        if let Some((unit, rest)) = unit::before(dressed.body) {
            dressed.unit = Some(unit);
            dressed.body = rest.trim();
            dressed.sign()?;
        }
        if let Some((unit, rest)) = unit::after(dressed.body) {
            if dressed.unit.is_some_and(|before| before != unit) {
                return None;
            }
            dressed.unit = Some(unit);
            dressed.body = rest.trim();
        }
        if let Some(rest) = dressed.body.strip_suffix(['-', '−']) {
            if dressed.is_negative {
                return None;
            }
            (dressed.body, dressed.is_negative) = (rest.trim(), true);
        }
        Some(dressed)
    }

    /// Takes a sign off; `None` if there is a second one.
    fn sign(&mut self) -> Option<()> {
        if let Some(rest) = self.body.strip_prefix(['-', '−', '–']) {
            if self.is_negative || self.has_plus {
                return None;
            }
            (self.body, self.is_negative) = (rest.trim(), true);
        } else if let Some(rest) = self.body.strip_prefix('+') {
            if self.is_negative || self.has_plus {
                return None;
            }
            (self.body, self.has_plus) = (rest.trim(), true);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
