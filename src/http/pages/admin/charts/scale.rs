//! Where values lie on an axis that begins at zero.

use crate::http::pages::admin::figures::{as_float, dollars, rounded, short, span_ms};

/// What values are of, and so how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things: only whole numbers stand at the axis.
    Count,
    /// US dollars.
    Dollars,
    /// Milliseconds.
    Ms,
}

impl Unit {
    /// The value in few characters.
    #[must_use]
    pub fn write(self, value: f64) -> String {
        match self {
            Self::Count => short(value),
            Self::Dollars => dollars(value),
            Self::Ms => span_ms(rounded(value)),
        }
    }
}

/// An axis from zero to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    top: f64,
    unit: Unit,
}

impl Scale {
    /// The smallest round axis that holds `largest`.
    #[must_use]
    pub fn up_to(largest: f64, unit: Unit) -> Self {
        let least = if unit == Unit::Count { 2.0 } else { f64::MIN_POSITIVE };
        let largest = if largest.is_finite() { largest.max(0.0) } else { 0.0 };
        if largest <= 0.0 {
            return Self { top: if unit == Unit::Count { 2.0 } else { 1.0 }, unit };
        }
        let size = 10_f64.powf(largest.log10().floor());
        // Halves of these are round as well: the middle of the axis has a label.
        let steps = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0];
        let step = steps.iter().find(|step| **step * size >= largest * 0.999_999);
        Self { top: (step.unwrap_or(&10.0) * size).max(least), unit }
    }

    /// Where the value lies from bottom (0) to top (`height`), to a hundredth.
    #[must_use]
    pub fn height(self, value: f64, height: f64) -> f64 {
        hundredths((value / self.top).clamp(0.0, 1.0) * height)
    }

    /// Labels of top, middle and bottom.
    #[must_use]
    pub fn labels(self) -> [String; 3] {
        let bottom = if self.unit == Unit::Dollars { "$0" } else { "0" };
        [self.unit.write(self.top), self.unit.write(self.top / 2.0), bottom.to_owned()]
    }
}

/// Rounded to what an SVG needs.
#[must_use]
pub fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A place of `count` along an axis, as a number to compute with.
#[must_use]
pub fn place(index: usize) -> f64 {
    as_float(u64::try_from(index).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_with_a_round_middle() {
        let labels = |largest, unit| Scale::up_to(largest, unit).labels().join(" ");
        for (largest, unit, expected) in [
            (0.0, Unit::Count, "2 1 0"),
            (1.0, Unit::Count, "2 1 0"),
            (3.0, Unit::Count, "4 2 0"),
            (7.0, Unit::Count, "8 4 0"),
            (100.0, Unit::Count, "100 50 0"),
            (101.0, Unit::Count, "200 100 0"),
            (1_234_567.0, Unit::Count, "2 M 1 M 0"),
            (0.031, Unit::Dollars, "$0.0400 $0.0200 $0"),
            (1_700.0, Unit::Ms, "2 s 1 s 0"),
            (f64::NAN, Unit::Count, "2 1 0"),
        ] {
            assert_eq!(labels(largest, unit), expected, "{largest}");
        }
    }

    #[test]
    fn nothing_stands_above_the_axis() {
        let scale = Scale::up_to(7.0, Unit::Count);
        assert_eq!(scale.height(4.0, 100.0).to_string(), "50");
        assert_eq!(scale.height(9e9, 100.0).to_string(), "100");
        assert_eq!(scale.height(-1.0, 100.0).to_string(), "0");
    }
}
