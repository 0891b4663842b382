//! Answers computed from tables: a workbook holds the tables of one session in a private SQLite
//! database in memory and runs one read-only statement at a time over them.
//!
//! Who writes the statements is not trusted: a model that may have been talked into mischief by a
//! cell, or the visitor. So there are several fences, each enough for most of what can go wrong:
//! [`statement`] lets through one statement, [`guard`] allows reading known tables and calling
//! known functions only, SQLite's own limits bound what a statement may build, and a caller's
//! `is_over` ends what takes too long. There is no clock in here; the caller has one.

mod error;
mod functions;
mod guard;
mod like;
mod load;
mod scan;
mod statement;
mod statistics;
#[cfg(test)]
mod tests;

pub use error::SqlError;
pub use guard::FUNCTIONS;
pub use scan::Matches;
pub use statement::MAX_SQL_BYTES;

use std::cmp::Reverse;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};

use crate::domain::table::{QueryResult, TableProfile, Value};
use crate::files::CellRef;

/// The statement that reads all of a table, whose name is one of ours.
#[must_use]
pub fn all_rows(table: &str) -> String {
    format!("select * from {table}")
}

/// What a result may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryLimits {
    /// Rows; the rest is cut off.
    pub max_rows: usize,
    /// Bytes of all cells together; the rest is cut off.
    pub max_bytes: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self { max_rows: 1000, max_bytes: 256 * 1024 }
    }
}

/// The tables of one session, ready to be queried. Gives its memory back when it is dropped.
#[derive(Debug)]
pub struct Workbook {
    db: Connection,
    tables: Vec<Names>,
}

/// What a table and its columns are called in SQL.
#[derive(Debug, Clone)]
struct Names {
    table: String,
    columns: Vec<String>,
}

impl Workbook {
    /// An empty one.
    ///
    /// # Errors
    /// No memory.
    pub fn new() -> Result<Self, SqlError> {
        let db = guard::open().map_err(SqlError::internal)?;
        functions::register(&db).map_err(SqlError::internal)?;
        Ok(Self { db, tables: Vec::new() })
    }

    /// Adds a table. `rows` have their cells in the order of the profile's columns; a row that is
    /// too short ends in nulls, what a row has too much is left out. A failure leaves the
    /// workbook as it was.
    ///
    /// A text in a column of numbers or times becomes null, or `max(amount)` would be `unknown`:
    /// to SQLite a text is more than any number. The text itself stands in one more column, named
    /// like `amount_text`, that a table has only when it is needed.
    ///
    /// # Errors
    /// There is a table of that name, names are no names, or no memory.
    pub fn add<'a, R>(
        &mut self,
        profile: &TableProfile,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), SqlError>
    where
        R: IntoIterator<Item: Into<CellRef<'a>>>,
    {
        if self.has(&profile.name) {
            return Err(SqlError::Query(format!("there is a table {} already", profile.name)));
        }
        let names = load::load(&mut self.db, profile, rows)?;
        self.tables.push(names);
        Ok(())
    }

    /// Takes a table out; nothing happens when there is none of that name.
    ///
    /// # Errors
    /// No memory.
    pub fn remove(&mut self, table: &str) -> Result<(), SqlError> {
        let Some(at) = self.tables.iter().position(|names| names.table == table) else {
            return Ok(());
        };
        load::unload(&self.db, table).map_err(SqlError::internal)?;
        self.tables.remove(at);
        Ok(())
    }

    /// Whether there is a table of that name.
    #[must_use]
    pub fn has(&self, table: &str) -> bool {
        self.tables.iter().any(|names| names.table == table)
    }

    /// The memory its tables take.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        let pragma = |name| self.db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let bytes = pragma("page_count").unwrap_or_default();
        u64::try_from(bytes.saturating_mul(pragma("page_size").unwrap_or_default()))
            .unwrap_or_default()
    }

    /// Runs one read-only statement. `is_over` is asked every few hundred steps whether the
    /// statement has had its time; once it says yes, the statement ends with
    /// [`SqlError::TimeOver`]. The workbook is as good as before whatever happens.
    ///
    /// Decimals come without the noise of floats: 0.1 + 0.2 is 0.3.
    ///
    /// # Errors
    /// The statement is refused, has a mistake, or took too long.
    pub fn query(
        &mut self,
        sql: &str,
        limits: &QueryLimits,
        is_over: impl FnMut() -> bool + Send + 'static,
    ) -> Result<QueryResult, SqlError> {
        statement::check(sql)?;
        let refusal =
            guard::close(&mut self.db, &self.tables, is_over).map_err(SqlError::internal)?;
        let found = run(&self.db, sql, limits);
        guard::open_again(&mut self.db).map_err(SqlError::internal)?;
        found.map_err(|error| error::explain(&error, refusal.take(), &self.tables))
    }

    /// Looks for words in the cells of the named tables, or of all when none is named: for each
    /// table the rows that match, best first, the table that matches best foremost. Tables without
    /// a match are left out. See [`crate::files::search`] for what counts how much.
    ///
    /// # Errors
    /// It took too long.
    pub fn search(
        &mut self,
        tables: &[String],
        query: &str,
        limits: &QueryLimits,
        is_over: impl FnMut() -> bool + Send + 'static,
    ) -> Result<Vec<Matches>, SqlError> {
        let refusal =
            guard::close(&mut self.db, &self.tables, is_over).map_err(SqlError::internal)?;
        let is_asked = |names: &&Names| tables.is_empty() || tables.contains(&names.table);
        let asked = self.tables.iter().filter(is_asked);
        let found: rusqlite::Result<Vec<Option<Matches>>> =
            asked.map(|names| scan::search(&self.db, names, query, limits)).collect();
        guard::open_again(&mut self.db).map_err(SqlError::internal)?;
        let found = found.map_err(|error| error::explain(&error, refusal.take(), &self.tables))?;
        let mut found: Vec<Matches> =
            found.into_iter().flatten().filter(|matches| matches.total > 0).collect();
        found.sort_by_key(|matches| Reverse(matches.words));
        Ok(found)
    }
}

fn run(db: &Connection, sql: &str, limits: &QueryLimits) -> rusqlite::Result<QueryResult> {
    let mut statement = db.prepare(sql)?;
    guard::check(&statement)?;
    let columns = names(&statement);
    let mut result = QueryResult { columns, rows: Vec::new(), truncated: false };
    let mut left = limits.max_bytes;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let (cells, size) = cells(row, result.columns.len())?;
        if result.rows.len() >= limits.max_rows || size > left {
            result.truncated = true;
            break;
        }
        left -= size;
        result.rows.push(cells);
    }
    Ok(result)
}

fn names(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(str::to_owned).collect()
}

/// The cells of a row, and their bytes.
fn cells(row: &Row<'_>, count: usize) -> rusqlite::Result<(Vec<Value>, usize)> {
    let mut size = 0;
    let mut cells = Vec::with_capacity(count);
    for at in 0..count {
        let cell = cell(row.get_ref(at)?);
        size += 8 + if let Value::Text(text) = &cell { text.len() } else { 0 };
        cells.push(cell);
    }
    Ok((cells, size))
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) if number.is_finite() => Value::Decimal(tidy(number)),
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Value::Text(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// A number without the noise of floats: 0.30000000000000004 is 0.3. Floats hold 15 digits for
/// sure; when those end in zeros, what comes after them is noise, else the number stays as it is.
fn tidy(number: f64) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    let digits = format!("{number:.14e}");
    let is_noisy = digits.split_once('e').is_some_and(|(digits, _)| digits.ends_with("000"));
    if is_noisy { digits.parse().unwrap_or(number) } else { number }
}
