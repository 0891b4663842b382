//! Numbers and times in order. A fraction is kept as the whole number that sorts like it, so that
//! there is one way for all.

use crate::domain::table::Value;
use crate::files::profile::value_of;
use crate::files::types::Codec;
use crate::files::types::number::Mark;

/// Values of one column.
pub(super) struct Sorted {
    codec: Codec,
    keys: Vec<i64>,
}

impl Default for Sorted {
    fn default() -> Self {
        Self::new(Codec::Integer(Mark::Point))
    }
}

/// The whole number that sorts like it.
fn key_of(fraction: f64) -> i64 {
    let bits = fraction.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// As people write it, or with an exponent where that would take many zeros.
fn short(fraction: f64) -> String {
    let text = format!("{fraction:?}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// The fraction of that key.
pub(super) fn fraction_of(key: i64) -> f64 {
    f64::from_bits(if key < 0 { key ^ i64::MAX } else { key }.cast_unsigned())
}

impl Sorted {
    pub(super) const fn new(codec: Codec) -> Self {
        Self { codec, keys: Vec::new() }
    }

    pub(super) fn add(&mut self, whole: i64) {
        self.keys.push(whole);
    }

    pub(super) fn add_fraction(&mut self, fraction: f64) {
        self.keys.push(key_of(fraction));
    }

    /// To be called once before anything is asked.
    pub(super) fn sort(&mut self) {
        self.keys.sort_unstable();
    }

    fn is_fraction(&self) -> bool {
        matches!(self.codec, Codec::Decimal(_))
    }

    #[expect(clippy::cast_precision_loss, reason = "means and spreads are fractions")]
    fn as_f64(&self, key: i64) -> f64 {
        if self.is_fraction() { fraction_of(key) } else { key as f64 }
    }

    pub(super) fn distinct(&self) -> u64 {
        self.keys.chunk_by(|a, b| a == b).count() as u64
    }

    pub(super) fn min(&self) -> Option<Value> {
        self.keys.first().map(|key| value_of(self.codec, *key))
    }

    pub(super) fn max(&self) -> Option<Value> {
        self.keys.last().map(|key| value_of(self.codec, *key))
    }

    /// Exact for whole numbers; for fractions with the errors of adding carried along.
    #[expect(clippy::cast_precision_loss, reason = "a mean is a fraction")]
    pub(super) fn mean(&self) -> Option<f64> {
        if self.keys.is_empty() {
            return None;
        }
        let count = self.keys.len() as f64;
        if !self.is_fraction() {
            return Some(self.keys.iter().map(|key| i128::from(*key)).sum::<i128>() as f64 / count);
        }
        let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
        for value in self.keys.iter().map(|key| fraction_of(*key)) {
            let next = sum + value;
            lost +=
                if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
            sum = next;
        }
        Some((sum + lost) / count).filter(|mean| mean.is_finite())
    }

    pub(super) fn median(&self) -> Option<f64> {
        let middle = self.keys.len() / 2;
        let upper = self.as_f64(*self.keys.get(middle)?);
        if self.keys.len() % 2 == 1 {
            return Some(upper);
        }
        let lower = self.as_f64(*self.keys.get(middle.checked_sub(1)?)?);
        let (sum, halves) = (lower + upper, lower / 2.0 + upper / 2.0);
        Some(if sum.is_finite() { sum / 2.0 } else { halves })
    }

    /// The values that occur most, if any occurs twice or there are only a few.
    pub(super) fn top(&self, most: usize) -> Vec<(String, u64)> {
        let mut runs: Vec<(i64, u64)> = Vec::new();
        let is_few = self.distinct() <= most as u64;
        for run in self.keys.chunk_by(|a, b| a == b).filter(|run| is_few || run.len() > 1) {
            runs.extend(run.first().map(|key| (*key, run.len() as u64)));
        }
        runs.sort_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
        runs.truncate(most);
        let label = |key| match value_of(self.codec, key) {
            Value::Text(text) => text,
            Value::Integer(whole) => whole.to_string(),
            Value::Decimal(fraction) => short(fraction),
            Value::Null => String::new(),
        };
        runs.into_iter().map(|(key, count)| (label(key), count)).collect()
    }

    /// Counts of equally wide parts; the last one holds its upper end as well.
    #[expect(clippy::cast_precision_loss, reason = "edges of parts are fractions")]
    pub(super) fn spread(&self, most: usize) -> Vec<u64> {
        let (Some(first), Some(last)) = (self.keys.first(), self.keys.last()) else {
            return Vec::new();
        };
        let (min, max) = (self.as_f64(*first), self.as_f64(*last));
        let parts = usize::try_from(self.distinct()).unwrap_or(most).clamp(1, most);
        let mut before = 0;
        let mut count_to = |part: usize| {
            let share = part as f64 / parts as f64;
            let edge = min * (1.0 - share) + max * share;
            let end = match part {
                part if part == parts => self.keys.len(),
                _ => self.keys.partition_point(|key| self.as_f64(*key) < edge).max(before),
            };
            let count = end - before;
            before = end;
            count as u64
        };
        (1..=parts).map(&mut count_to).collect()
    }
}
