//! A table that was read: its profile, and its cells ready to be loaded.

use crate::domain::table::{ColumnProfile, ColumnType, TableProfile, Value};
use crate::files::error::FileError;
use crate::files::grid::Grid;
use crate::files::names;
use crate::files::profile::{self, Profiled};
use crate::files::types::evidence::Evidence;
use crate::files::types::number::Mark;
use crate::files::types::verdict::{Habits, Verdict};
use crate::files::types::{CellRef, Codec};

/// Rows of a profile's sample.
const SAMPLE_ROWS: usize = 5;

/// The longest text in a sample, characters.
const SAMPLE_CHARS: usize = 200;

/// Rows that a note names at most.
pub(super) const NAMED_ROWS: usize = 3;

/// The column in which a table with parts counts its rows.
const ROW: &str = "row";

/// A table of a file.
#[derive(Debug)]
pub struct Table {
    /// What is known of it.
    pub profile: TableProfile,
    grid: Grid,
    codecs: Vec<Codec>,
    /// Whether its first column counts the rows and is not in the grid.
    is_numbered: bool,
}

/// What the file says, before anybody thinks about types.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// The name in SQL that it would like to have.
    pub(super) name: String,
    /// Where it comes from, for people.
    pub(super) source: String,
    /// Names of the columns; empty ones get one.
    pub(super) columns: Vec<String>,
    /// Columns in which numbers of JSON stand, whose point can only be one; none for other syntaxes.
    pub(super) numbers: Vec<bool>,
    pub(super) grid: Grid,
    pub(super) notes: Vec<String>,
    /// The mark that the file's syntax suggests.
    pub(super) mark: Option<Mark>,
    /// Whether a first column has to count the rows, because other tables refer to them.
    pub(super) is_numbered: bool,
}

impl Table {
    /// Rows from the first to the last, a value for each column of the profile.
    pub fn rows(&self) -> impl Iterator<Item = Vec<CellRef<'_>>> {
        (0..self.grid.row_count()).map(|row| self.row(row).collect())
    }

    fn row(&self, row: usize) -> impl Iterator<Item = CellRef<'_>> {
        let number = i64::try_from(row + 1).unwrap_or(i64::MAX);
        let counted = self.is_numbered.then_some(CellRef::Integer(number));
        let mut cells = self.grid.row(row);
        let typed =
            self.codecs.iter().map(move |codec| codec.cell(cells.next().unwrap_or_default()));
        counted.into_iter().chain(typed)
    }

    /// Finds out what is in it.
    ///
    /// # Errors
    /// The deadline is over.
    pub(super) fn profiled(raw: Raw, deadline: &dyn Fn() -> bool) -> Result<Self, FileError> {
        let (grid, rows) = (&raw.grid, raw.grid.row_count());
        let cells = |column: usize| (0..rows).map(move |row| grid.cell(row, column));
        let mut evidence = Vec::with_capacity(raw.columns.len());
        for column in 0..raw.columns.len() {
            check(deadline)?;
            let mut seen = Evidence::of(cells(column), rows);
            seen.numbers.are_plain = raw.numbers.get(column).is_some_and(|is_number| *is_number);
            evidence.push(seen);
        }
        let habits = Habits::of(evidence.iter(), raw.mark);
        let mut columns = Vec::with_capacity(evidence.len());
        let (mut notes, mut null_words) = (raw.notes, 0);
        let names = column_names(&raw.columns, raw.is_numbered);
        for (column, (names, evidence)) in names.into_iter().zip(&evidence).enumerate() {
            check(deadline)?;
            let verdict = Verdict::of(&names.0, evidence, habits);
            let profiled = profile::of(names, verdict, cells(column));
            notes.extend(misfit_note(&profiled));
            null_words += profiled.null_words;
            columns.push(profiled.column);
        }
        notes.extend(null_note(null_words));
        let codecs = columns.iter().map(Codec::of).collect();
        if raw.is_numbered {
            columns.insert(0, row_column(rows));
        }
        let profile = TableProfile {
            name: raw.name,
            source: raw.source,
            row_count: rows as u64,
            columns,
            sample: Vec::new(),
            notes,
        };
        let mut table = Self { profile, grid: raw.grid, codecs, is_numbered: raw.is_numbered };
        table.profile.sample = table.sample();
        Ok(table)
    }

    /// Takes what is in it as known.
    pub(super) fn known(raw: Raw, profile: &TableProfile) -> Self {
        let columns = profile.columns.iter().skip(usize::from(raw.is_numbered));
        let codecs = columns.map(Codec::of).collect();
        Self { profile: profile.clone(), grid: raw.grid, codecs, is_numbered: raw.is_numbered }
    }

    fn sample(&self) -> Vec<Vec<Value>> {
        let short = |cell: CellRef<'_>| match cell {
            CellRef::Text(text) if text.len() > SAMPLE_CHARS => {
                let head: String = text.chars().take(SAMPLE_CHARS).collect();
                Value::Text(format!("{head}…"))
            }
            cell => Value::from(cell),
        };
        self.rows().take(SAMPLE_ROWS).map(|row| row.into_iter().map(short).collect()).collect()
    }
}

/// # Errors
/// The deadline is over.
pub(super) fn check(deadline: &dyn Fn() -> bool) -> Result<(), FileError> {
    if deadline() { Err(FileError::TooSlow) } else { Ok(()) }
}

/// Shown names and SQL names. The counting column comes first and so keeps its name.
fn column_names(raw: &[String], is_numbered: bool) -> Vec<(String, String)> {
    let counted = is_numbered.then_some(ROW);
    let mut named = names::columns(counted.into_iter().chain(raw.iter().map(String::as_str)));
    if is_numbered {
        named.remove(0);
    }
    named
}

/// The profile of the column that counts rows.
fn row_column(rows: usize) -> ColumnProfile {
    let count = rows as u64;
    let last = i64::try_from(rows).unwrap_or(i64::MAX);
    #[expect(clippy::cast_precision_loss, reason = "a mean is a fraction")]
    let middle = (rows > 0).then_some((rows as f64 + 1.0) / 2.0);
    ColumnProfile {
        name: ROW.to_owned(),
        sql_name: ROW.to_owned(),
        kind: ColumnType::Integer,
        doubt: None,
        format: None,
        unit: None,
        nulls: 0,
        distinct: count,
        min: (rows > 0).then_some(Value::Integer(1)),
        max: (rows > 0).then_some(Value::Integer(last)),
        mean: middle,
        median: middle,
        top: Vec::new(),
        spread: Vec::new(),
    }
}

fn misfit_note(profiled: &Profiled) -> Option<String> {
    let row = profiled.first_misfit? + 1;
    let (name, kind) = (&profiled.column.name, profiled.column.kind);
    Some(match profiled.misfits {
        1 => format!("One cell of \"{name}\" is no {kind} (row {row}): it is kept as text."),
        many => format!(
            "{many} cells of \"{name}\" are no {kind} (the first in row {row}): they are kept as text."
        ),
    })
}

fn null_note(words: u64) -> Option<String> {
    match words {
        0 => None,
        1 => Some("One cell says N/A, none, - or the like: it is taken as empty.".to_owned()),
        many => {
            Some(format!("{many} cells say N/A, none, - or the like: they are taken as empty."))
        }
    }
}
