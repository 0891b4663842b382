//! Rows into SQLite: the columns get the types that their profile says.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::{Names, SqlError};
use crate::domain::table::{ColumnProfile, ColumnType, TableProfile, Value};

/// Creates the table and fills it, all or nothing.
pub(super) fn load(
    db: &mut Connection,
    profile: &TableProfile,
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Names, SqlError> {
    let names = names(profile)?;
    let fill = || -> rusqlite::Result<()> {
        let transaction = db.transaction()?;
        transaction.execute_batch(&create(profile))?;
        {
            let mut insert = transaction.prepare(&insert(&names))?;
            for row in rows {
                put(&mut insert, &row, names.columns.len())?;
            }
        }
        transaction.commit()
    };
    fill().map_err(SqlError::internal)?;
    Ok(names)
}

/// Drops the table, which must be one of ours.
pub(super) fn unload(db: &Connection, table: &str) -> rusqlite::Result<()> {
    db.execute_batch(&format!("drop table {}", quoted(table)))
}

fn names(profile: &TableProfile) -> Result<Names, SqlError> {
    let columns: Vec<String> =
        profile.columns.iter().map(|column| column.sql_name.clone()).collect();
    let names = Names { table: profile.name.clone(), columns };
    let all = std::iter::once(&names.table).chain(&names.columns);
    match all.into_iter().find(|name| !is_name(name)) {
        Some(name) => Err(SqlError::Query(format!("`{name}` is no name for a table or column"))),
        None if names.columns.is_empty() => {
            Err(SqlError::Query(format!("the table {} has no columns", names.table)))
        }
        None => Ok(names),
    }
}

/// Whether a name is what [`ColumnProfile::sql_name`] promises. Names go into the text of
/// statements, so nothing else gets in here, quoted or not.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.chars().all(is_plain) && !name.starts_with("sqlite_")
}

fn create(profile: &TableProfile) -> String {
    let column =
        |column: &ColumnProfile| format!("{} {}", quoted(&column.sql_name), sql_type(column.kind));
    let columns: Vec<String> = profile.columns.iter().map(column).collect();
    format!("create table {} ({})", quoted(&profile.name), columns.join(", "))
}

fn insert(names: &Names) -> String {
    let places = vec!["?"; names.columns.len()].join(", ");
    format!("insert into {} values ({places})", quoted(&names.table))
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The affinity that makes comparisons with literals work: `amount > '5'` compares numbers.
const fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Integer | ColumnType::Boolean => "integer",
        ColumnType::Decimal | ColumnType::Currency => "real",
        _ => "text",
    }
}

fn put(insert: &mut Statement<'_>, row: &[Value], count: usize) -> rusqlite::Result<()> {
    for at in 0..count {
        insert.raw_bind_parameter(at + 1, Cell(row.get(at).unwrap_or(&Value::Null)))?;
    }
    insert.raw_execute().map(drop)
}

/// A cell on its way into SQLite, without a copy.
struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Decimal(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
