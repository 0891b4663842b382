//! JSON to tables, while it is read: no tree of the whole document is ever built.
//!
//! An array of objects is a table, and so is each such array in an outer object. Objects in rows are
//! flattened, arrays of objects in rows become a table of their own that refers to its parent's rows.

use serde::de::{DeserializeSeed, Deserializer};

use crate::files::Shape;
use crate::files::error::FileError;
use crate::files::json::drafts::{Drafts, OUTERMOST};
use crate::files::json::outline::{Outer, Outline};
use crate::files::json::visit::{Elements, Fields, Records, Whole};
use crate::files::limits::ParseLimits;
use crate::files::table::Raw;

mod draft;
mod drafts;
mod outline;
mod visit;

/// Reads one JSON value, or a JSON value in each line. `name` becomes the name of the table that
/// has no key of its own, `source` is where it comes from, for people.
///
/// # Errors
/// It is no JSON, beyond a limit, or nothing is in it.
pub(super) fn read(
    text: &str,
    (name, source): (&str, &str),
    limits: &ParseLimits,
    deadline: &dyn Fn() -> bool,
) -> Result<(Shape, Vec<Raw>), FileError> {
    let mut first = serde_json::Deserializer::from_str(text);
    let outline = Outline.deserialize(&mut first).map_err(malformed)?;
    let is_alone = first.end().is_ok();
    let mut drafts = Drafts::new(name, limits, deadline);
    let mut json = serde_json::Deserializer::from_str(text);
    if is_alone {
        let read = fill(&mut drafts, &outline, &mut json);
        read.map_err(|error| drafts.stopped().unwrap_or_else(|| malformed(error)))?;
        let tables = drafts.finish(source)?;
        return Ok((shape(&outline), tables));
    }
    let mut count = 0;
    while json.end().is_err() {
        let read = Elements { drafts: &mut drafts }.deserialize(&mut json);
        read.map_err(|error| drafts.stopped().unwrap_or_else(|| malformed(error)))?;
        count += 1;
    }
    Ok((Shape::Array(count), drafts.finish(source)?))
}

/// The tables in a value that has been read already; keys are their sources.
///
/// # Errors
/// Beyond a limit, or nothing is in it.
pub(super) fn from_value(
    value: &serde_json::Value,
    name: &str,
    limits: &ParseLimits,
) -> Result<(Shape, Vec<Raw>), FileError> {
    let outline = Outline.deserialize(value).map_err(malformed)?;
    let mut drafts = Drafts::new(name, limits, &|| false);
    let read = fill(&mut drafts, &outline, value);
    read.map_err(|error| drafts.stopped().unwrap_or_else(|| malformed(error)))?;
    let mut tables = drafts.finish("")?;
    for table in &mut tables {
        table.source = table.source.trim_start_matches(": ").to_owned();
    }
    Ok((shape(&outline), tables))
}

fn fill<'de, D: Deserializer<'de>>(
    drafts: &mut Drafts<'_>,
    outline: &Outer,
    json: D,
) -> Result<(), D::Error> {
    match outline {
        Outer::Object { are_rows: true, .. } => Records { drafts }.deserialize(json),
        Outer::Object { .. } => {
            drafts.begin_row(OUTERMOST)?;
            let (table, path) = (OUTERMOST, &mut String::new());
            let fields = Fields { drafts: &mut *drafts, table, path, is_outermost: true };
            fields.deserialize(json)?;
            drafts.end_row(OUTERMOST)
        }
        Outer::Array(_) | Outer::Scalar => Whole { drafts }.deserialize(json),
    }
}

const fn shape(outline: &Outer) -> Shape {
    match outline {
        Outer::Array(length) => Shape::Array(*length),
        Outer::Object { keys, .. } => Shape::Object(*keys),
        Outer::Scalar => Shape::Array(1),
    }
}

fn malformed(error: serde_json::Error) -> FileError {
    let (line, column) = (error.line() as u64, error.column() as u64);
    let told = error.to_string();
    let place = format!(" at line {line} column {column}");
    let what = format!("{}.", told.strip_suffix(&place).unwrap_or(&told));
    FileError::Malformed { line: line.max(1), column: (column > 0).then_some(column), what }
}
