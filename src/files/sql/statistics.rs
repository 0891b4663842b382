//! Median, percentiles, variance and standard deviation, as aggregates and over windows.

use std::collections::VecDeque;

use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::{Connection, Result};

use super::functions::{PURE, number};

/// Makes the functions known to a connection.
pub(super) fn register(db: &Connection) -> Result<()> {
    for (name, arguments, measure) in [
        ("median", 1, Measure::Median),
        ("percentile", 2, Measure::Percentile),
        ("stddev", 1, Measure::StandardDeviation { of_sample: true }),
        ("stddev_samp", 1, Measure::StandardDeviation { of_sample: true }),
        ("stddev_pop", 1, Measure::StandardDeviation { of_sample: false }),
        ("variance", 1, Measure::Variance { of_sample: true }),
        ("var_samp", 1, Measure::Variance { of_sample: true }),
        ("var_pop", 1, Measure::Variance { of_sample: false }),
    ] {
        db.create_window_function(name, arguments, PURE, measure)?;
    }
    Ok(())
}

/// What is told of many numbers.
#[derive(Debug, Clone, Copy)]
enum Measure {
    /// The middle.
    Median,
    /// The value below which so many percent lie; the second argument says how many.
    Percentile,
    /// The mean square of the distances from the mean. Of a sample: n − 1 instead of n.
    Variance { of_sample: bool },
    /// Its root.
    StandardDeviation { of_sample: bool },
}

/// The numbers of a group, in the order in which they came.
#[derive(Debug, Default)]
struct Numbers {
    values: VecDeque<f64>,
    percent: f64,
}

impl Measure {
    fn of(self, numbers: &Numbers) -> Option<f64> {
        match self {
            Self::Median => percentile(numbers, 50.0),
            Self::Percentile => percentile(numbers, numbers.percent),
            Self::Variance { of_sample } => variance(numbers, of_sample),
            Self::StandardDeviation { of_sample } => variance(numbers, of_sample).map(f64::sqrt),
        }
    }
}

/// Between two numbers in proportion, as `PERCENTILE_CONT` of other databases.
fn percentile(numbers: &Numbers, percent: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = numbers.values.iter().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = percent.clamp(0.0, 100.0) / 100.0 * last as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

fn variance(numbers: &Numbers, of_sample: bool) -> Option<f64> {
    let count = numbers.values.len();
    let divisor = count.checked_sub(usize::from(of_sample)).filter(|divisor| *divisor > 0)?;
    let mean = numbers.values.iter().sum::<f64>() / count as f64;
    let squares: f64 = numbers.values.iter().map(|value| (value - mean).powi(2)).sum();
    Some(squares / divisor as f64)
}

impl Aggregate<Numbers, Option<f64>> for Measure {
    fn init(&self, _: &mut Context<'_>) -> Result<Numbers> {
        Ok(Numbers { values: VecDeque::new(), percent: 50.0 })
    }

    fn step(&self, context: &mut Context<'_>, numbers: &mut Numbers) -> Result<()> {
        if let Some(percent) = (context.len() == 2).then(|| number(context.get_raw(1))).flatten() {
            numbers.percent = percent;
        }
        numbers.values.extend(number(context.get_raw(0)));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, numbers: Option<Numbers>) -> Result<Option<f64>> {
        Ok(numbers.and_then(|numbers| self.of(&numbers)))
    }
}

impl WindowAggregate<Numbers, Option<f64>> for Measure {
    fn value(&self, numbers: Option<&mut Numbers>) -> Result<Option<f64>> {
        Ok(numbers.and_then(|numbers| self.of(numbers)))
    }

    /// Rows leave a window in the order in which they came.
    fn inverse(&self, context: &mut Context<'_>, numbers: &mut Numbers) -> Result<()> {
        if number(context.get_raw(0)).is_some() {
            numbers.values.pop_front();
        }
        Ok(())
    }
}
