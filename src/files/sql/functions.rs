//! Functions that people ask for and SQLite lacks: median, percentile, standard deviation.

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Makes the functions known to a connection.
pub(super) fn register(db: &Connection) -> Result<()> {
    db.create_aggregate_function("median", 1, PURE, Percentile { given: Some(50.0) })?;
    db.create_aggregate_function("percentile", 2, PURE, Percentile { given: None })
}

/// The value below which so many percent of the numbers lie, between two numbers in proportion.
struct Percentile {
    /// The percent; without it, it is the second argument.
    given: Option<f64>,
}

/// Numbers, and the percent that is asked for.
#[derive(Default)]
struct Numbers {
    values: Vec<f64>,
    percent: f64,
}

/// The number in an argument; texts and nulls are none.
fn number(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        _ => None,
    }
}

impl Aggregate<Numbers, Option<f64>> for Percentile {
    fn init(&self, _: &mut Context<'_>) -> Result<Numbers> {
        Ok(Numbers::default())
    }

    fn step(&self, context: &mut Context<'_>, numbers: &mut Numbers) -> Result<()> {
        numbers.percent = match self.given {
            Some(percent) => percent,
            None => number(context.get_raw(1)).unwrap_or(50.0),
        };
        numbers.values.extend(number(context.get_raw(0)));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, numbers: Option<Numbers>) -> Result<Option<f64>> {
        Ok(numbers.and_then(|mut numbers| {
            numbers.values.sort_unstable_by(f64::total_cmp);
            at_percent(&numbers.values, numbers.percent)
        }))
    }
}

fn at_percent(sorted: &[f64], percent: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = percent.clamp(0.0, 100.0) / 100.0 * last as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}
