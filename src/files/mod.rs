//! What bytes can tell, pure: what kind of file they are, the tables in it, what is known of these,
//! and the answers that can be computed from them.
//!
//! [`read`] turns a file into [`Table`]s: typed columns with a [`TableProfile`], and rows to load
//! into SQL. [`read_typed`] does the same again for a file whose profiles are kept, without looking
//! at every cell first.
//!
//! ```
//! use alcove::files::{ParseLimits, read};
//!
//! let file = read("Sales.csv", b"day;amount\n31.12.2024;1.234,50 EUR\n", &ParseLimits::default(), &|| false)?;
//! let table = &file.tables[0];
//! assert_eq!(table.profile.columns[1].unit.as_deref(), Some("EUR"));
//! for row in table.rows() {
//!     println!("{row:?}"); // a `CellRef` for each column: "2024-12-31", 1234.5
//! }
//! # Ok::<(), alcove::files::FileError>(())
//! ```

pub use crate::domain::table::Shape;
use crate::domain::table::{FileKind, TableProfile};

pub use self::error::FileError;
pub use self::limits::ParseLimits;
pub use self::names::{table_name, unused_table_name};
pub use self::summary::summary;
pub use self::table::Table;
pub use self::types::CellRef;

pub mod chart;
mod delimited;
mod encoding;
mod error;
pub mod export;
mod grid;
mod json;
mod kind;
mod limits;
mod names;
pub mod numbers;
mod profile;
pub mod search;
pub mod sql;
mod summary;
mod table;
mod types;

/// What is in a file.
#[derive(Debug)]
pub struct FileTables {
    /// What it is.
    pub kind: FileKind,
    /// What it is made of, as `summary` tells it.
    pub shape: Shape,
    /// At least one.
    pub tables: Vec<Table>,
}

/// Reads a file and finds out what is in it. `deadline` is asked now and then whether time is over.
///
/// The name decides what kind of file it is, unless its first bytes know better. It becomes the name
/// of the first table, which is not yet unique in a session: see [`unused_table_name`].
///
/// # Errors
/// The file is no table, is broken, or is beyond a limit.
pub fn read(
    name: &str,
    bytes: &[u8],
    limits: &ParseLimits,
    deadline: &dyn Fn() -> bool,
) -> Result<FileTables, FileError> {
    let (kind, shape, raw) = parse(name, bytes, limits, deadline)?;
    let profiled = raw.into_iter().map(|raw| Table::profiled(raw, deadline));
    Ok(FileTables { kind, shape, tables: profiled.collect::<Result<_, _>>()? })
}

/// Reads a file again whose profiles are known, as [`read`] made them and in the same order; their
/// names may have been changed since.
///
/// # Errors
/// As [`read`]. Tables that are not in `profiles` are left out.
pub fn read_typed(
    name: &str,
    bytes: &[u8],
    profiles: &[TableProfile],
    limits: &ParseLimits,
    deadline: &dyn Fn() -> bool,
) -> Result<Vec<Table>, FileError> {
    let (_, _, raw) = parse(name, bytes, limits, deadline)?;
    Ok(raw.into_iter().zip(profiles).map(|(raw, profile)| Table::known(raw, profile)).collect())
}

fn parse(
    name: &str,
    bytes: &[u8],
    limits: &ParseLimits,
    deadline: &dyn Fn() -> bool,
) -> Result<(FileKind, Shape, Vec<table::Raw>), FileError> {
    let by_name = kind::of_name(name, bytes)?;
    let decoded = encoding::decode(bytes)?;
    let text = decoded.text.as_ref();
    if text.trim().is_empty() {
        return Err(FileError::Empty);
    }
    let syntax = kind::of_text(text, by_name)?;
    let (wanted, source) = (table_name(name), names::source(name));
    let (shape, mut tables) = match syntax {
        kind::Syntax::Delimited => {
            let raw = delimited::read(text, limits, deadline)?;
            (Shape::Rows, vec![table::Raw { name: wanted, source, ..raw }])
        }
        kind::Syntax::Json => json::read(text, (&wanted, &source), limits, deadline)?,
    };
    if let (Some(encoding), Some(first)) = (decoded.read_as, tables.first_mut()) {
        first.notes.insert(0, format!("The file is read as {encoding}."));
    }
    Ok((syntax.kind(), shape, tables))
}

/// The tables in what a host page sent along: `None` if there are none, or if they are beyond a limit.
#[must_use]
pub fn from_json_values(
    name: &str,
    value: &serde_json::Value,
    limits: &ParseLimits,
) -> Option<FileTables> {
    let (shape, raw) = json::from_value(value, &table_name(name), limits).ok()?;
    let profiled = raw.into_iter().map(|raw| Table::profiled(raw, &|| false));
    let tables = profiled.collect::<Result<_, _>>().ok()?;
    Some(FileTables { kind: FileKind::Json, shape, tables })
}

#[cfg(test)]
mod tests;
