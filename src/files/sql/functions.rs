//! Functions in place of SQLite's: some it lacks, some that know ASCII only, and some that would
//! compare every place of a long text with a long pattern.

use std::collections::BTreeSet;

use memchr::memmem;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

use super::guard::MAX_LENGTH;
use super::like::Pattern;
use super::statistics;

pub(super) const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Makes the functions known to a connection.
pub(super) fn register(db: &Connection) -> Result<()> {
    statistics::register(db)?;
    register_numbers(db)?;
    register_times(db)?;
    register_texts(db)
}

fn register_numbers(db: &Connection) -> Result<()> {
    type OfOne = fn(f64) -> f64;
    let of_one: [(&str, OfOne); 8] = [
        ("sqrt", f64::sqrt),
        ("exp", f64::exp),
        ("ln", f64::ln),
        ("log", f64::log10),
        ("log10", f64::log10),
        ("log2", f64::log2),
        ("degrees", f64::to_degrees),
        ("radians", f64::to_radians),
    ];
    for (name, function) in of_one {
        db.create_scalar_function(name, 1, PURE, move |context| {
            Ok(number(context.get_raw(0)).map(function).filter(|number| number.is_finite()))
        })?;
    }
    let whole: [(&str, OfOne); 4] =
        [("floor", f64::floor), ("ceil", f64::ceil), ("ceiling", f64::ceil), ("trunc", f64::trunc)];
    for (name, function) in whole {
        db.create_scalar_function(name, 1, PURE, move |context| {
            let whole = number(context.get_raw(0)).map(function);
            Ok(whole.filter(|whole| whole.abs() < 9e18).map(|whole| whole as i64))
        })?;
    }
    for name in ["power", "pow"] {
        db.create_scalar_function(name, 2, PURE, |context| of_two(context, f64::powf))?;
    }
    db.create_scalar_function("mod", 2, PURE, |context| of_two(context, |a, b| a % b))
}

fn of_two(context: &Context<'_>, function: fn(f64, f64) -> f64) -> Result<Option<f64>> {
    let numbers = number(context.get_raw(0)).zip(number(context.get_raw(1)));
    Ok(numbers.map(|(a, b)| function(a, b)).filter(|number| number.is_finite()))
}

/// `year('2024-03-09')` and the like, which other dialects have.
fn register_times(db: &Connection) -> Result<()> {
    let digits = |context: &Context<'_>, from: usize, to: usize| -> Option<i64> {
        let day = text(context.get_raw(0))?;
        let is_day = day.as_bytes().get(4) == Some(&b'-') && day.as_bytes().get(7) == Some(&b'-');
        day.get(from..to).filter(|_| is_day)?.parse().ok()
    };
    db.create_scalar_function("year", 1, PURE, move |context| Ok(digits(context, 0, 4)))?;
    db.create_scalar_function("month", 1, PURE, move |context| Ok(digits(context, 5, 7)))?;
    db.create_scalar_function("day", 1, PURE, move |context| Ok(digits(context, 8, 10)))?;
    db.create_scalar_function("quarter", 1, PURE, move |context| {
        Ok(digits(context, 5, 7).map(|month| (month + 2) / 3))
    })
}

fn register_texts(db: &Connection) -> Result<()> {
    db.create_scalar_function("lower", 1, PURE, |context| {
        Ok(text(context.get_raw(0)).map(|text| text.to_lowercase()))
    })?;
    db.create_scalar_function("upper", 1, PURE, |context| {
        Ok(text(context.get_raw(0)).map(|text| text.to_uppercase()))
    })?;
    db.create_scalar_function("like", 2, PURE, like)?;
    db.create_scalar_function("like", 3, PURE, like)?;
    db.create_scalar_function("instr", 2, PURE, |context| {
        Ok(text(context.get_raw(0)).zip(text(context.get_raw(1))).map(|(text, part)| {
            let at = memmem::find(text.as_bytes(), part.as_bytes());
            at.and_then(|at| text.get(..at)).map_or(0, |before| before.chars().count() as i64 + 1)
        }))
    })?;
    db.create_scalar_function("replace", 3, PURE, replace)?;
    register_trims(db)
}

fn register_trims(db: &Connection) -> Result<()> {
    for (name, at_start, at_end) in
        [("trim", true, true), ("ltrim", true, false), ("rtrim", false, true)]
    {
        db.create_scalar_function(name, 2, PURE, move |context| {
            let both = text(context.get_raw(0)).zip(text(context.get_raw(1)));
            Ok(both.map(|(text, chars)| {
                let chars: BTreeSet<char> = chars.chars().collect();
                let is_one = |c: char| chars.contains(&c);
                let rest = if at_start { text.trim_start_matches(is_one) } else { &text };
                let rest = if at_end { rest.trim_end_matches(is_one) } else { rest };
                rest.to_owned()
            }))
        })?;
    }
    Ok(())
}

fn like(context: &Context<'_>) -> Result<Option<bool>> {
    let escape = match context.len() {
        3 => text(context.get_raw(2)).and_then(|escape| escape.chars().next()),
        _ => None,
    };
    let Some(pattern) = text(context.get_raw(0)) else { return Ok(None) };
    let Some(text) = text(context.get_raw(1)) else { return Ok(None) };
    let pattern = context.get_or_create_aux(0, |_| {
        Pattern::parse(&pattern, escape).ok_or("the pattern of LIKE is too long")
    })?;
    Ok(Some(pattern.matches(&text)))
}

fn replace(context: &Context<'_>) -> Result<Option<String>> {
    let texts = [0, 1, 2].map(|at| text(context.get_raw(at)));
    let [Some(text), Some(old), Some(new)] = texts else { return Ok(None) };
    if old.is_empty() {
        return Ok(Some(text));
    }
    let found = memmem::find_iter(text.as_bytes(), old.as_bytes()).count();
    let grown = found.saturating_mul(new.len()).saturating_add(text.len());
    if grown.saturating_sub(found * old.len()) > MAX_LENGTH as usize {
        return Err(Error::UserFunctionError("a text in the query grew too long".into()));
    }
    Ok(Some(text.replace(&old, &new)))
}

/// The number in an argument; texts and nulls are none.
pub(super) fn number(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        _ => None,
    }
}

/// The text of an argument, of numbers too.
fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(format!("{number:?}")),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}
