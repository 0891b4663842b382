//! Rows into SQLite: the columns get the types that their profile says.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, Transaction};

use super::{Names, SqlError};
use crate::domain::table::{ColumnProfile, ColumnType, TableProfile, Value};
use crate::files::CellRef;

/// The most columns of a table, those for texts that are no numbers among them.
pub(super) const MAX_COLUMNS: usize = 590;

/// A text that does not fit its column.
struct Misfit {
    row: i64,
    column: usize,
    text: String,
}

/// Creates the table and fills it, all or nothing.
pub(super) fn load<'a, R>(
    db: &mut Connection,
    profile: &TableProfile,
    rows: impl IntoIterator<Item = R>,
) -> Result<Names, SqlError>
where
    R: IntoIterator<Item: Into<CellRef<'a>>>,
{
    let mut names = names(profile)?;
    let fill = |names: &mut Names| -> rusqlite::Result<()> {
        let transaction = db.transaction()?;
        transaction.execute_batch(&create(profile))?;
        let misfits = fill(&transaction, profile, names, rows)?;
        set_aside(&transaction, names, misfits)?;
        transaction.commit()
    };
    fill(&mut names).map_err(SqlError::internal)?;
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
    let mut all = std::iter::once(&names.table).chain(&names.columns);
    if let Some(name) = all.find(|name| !is_name(name)) {
        return Err(SqlError::Query(format!("`{name}` is no name for a table or column")));
    }
    match names.columns.len() {
        0 => Err(SqlError::Query(format!("the table {} has no columns", names.table))),
        1..=MAX_COLUMNS => Ok(names),
        _ => Err(SqlError::Query(format!("the table {} has too many columns", names.table))),
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

fn fill<'a, R>(
    db: &Transaction<'_>,
    profile: &TableProfile,
    names: &Names,
    rows: impl IntoIterator<Item = R>,
) -> rusqlite::Result<Vec<Misfit>>
where
    R: IntoIterator<Item: Into<CellRef<'a>>>,
{
    let places = vec!["?"; names.columns.len()].join(", ");
    let mut insert =
        db.prepare(&format!("insert into {} values ({places})", quoted(&names.table)))?;
    let mut misfits = Vec::new();
    for (row, cells) in (1..).zip(rows) {
        put(&mut insert, profile, cells, |column, text| {
            misfits.push(Misfit { row, column, text })
        })?;
    }
    Ok(misfits)
}

fn put<'a>(
    insert: &mut Statement<'_>,
    profile: &TableProfile,
    cells: impl IntoIterator<Item: Into<CellRef<'a>>>,
    mut misfit: impl FnMut(usize, String),
) -> rusqlite::Result<()> {
    let mut cells = cells.into_iter();
    for (at, column) in profile.columns.iter().enumerate() {
        let cell = match cells.next().map_or(CellRef::Null, Into::into) {
            CellRef::Text(text) if !fits(&text, column.kind) => {
                misfit(at, text.into_owned());
                CellRef::Null
            }
            cell => cell,
        };
        insert.raw_bind_parameter(at + 1, Bound(&cell))?;
    }
    insert.raw_execute().map(drop)
}

/// Whether a text may stand in a column of the kind, beside numbers or times.
fn fits(text: &str, kind: ColumnType) -> bool {
    let has =
        |signs: &[(usize, u8)]| signs.iter().all(|(at, c)| text.as_bytes().get(*at) == Some(c));
    match kind {
        ColumnType::Boolean | ColumnType::Integer | ColumnType::Decimal | ColumnType::Currency => {
            text.trim().parse::<f64>().is_ok_and(f64::is_finite)
        }
        ColumnType::Date | ColumnType::DateTime => has(&[(4, b'-'), (7, b'-')]),
        ColumnType::Time => has(&[(2, b':'), (5, b':')]),
        _ => true,
    }
}

/// Gives each column with misfits a neighbour that holds them.
fn set_aside(
    db: &Transaction<'_>,
    names: &mut Names,
    misfits: Vec<Misfit>,
) -> rusqlite::Result<()> {
    // A column of the file may be called so; one of the three is always free in honest files.
    let row_ids = ["_rowid_", "rowid", "oid"];
    let Some(row_id) = row_ids.iter().find(|id| !names.columns.iter().any(|name| name == **id))
    else {
        return Ok(());
    };
    let table = quoted(&names.table);
    let mut neighbours: Vec<Option<String>> = vec![None; names.columns.len()];
    for misfit in misfits {
        let Some(neighbour) = neighbours.get_mut(misfit.column) else { continue };
        if neighbour.is_none() && names.columns.len() < MAX_COLUMNS {
            let name = free_name(names, misfit.column);
            db.execute_batch(&format!("alter table {table} add column {} text", quoted(&name)))?;
            names.columns.push(name.clone());
            *neighbour = Some(name);
        }
        let Some(name) = neighbour else { continue };
        let update = format!("update {table} set {} = ?1 where {row_id} = ?2", quoted(name));
        db.prepare_cached(&update)?.execute((misfit.text, misfit.row))?;
    }
    Ok(())
}

fn free_name(names: &Names, column: usize) -> String {
    let mut name = names.columns.get(column).cloned().unwrap_or_default() + "_text";
    while names.columns.contains(&name) {
        name.push('_');
    }
    name
}

/// A cell on its way into SQLite, without a copy.
struct Bound<'a>(&'a CellRef<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            CellRef::Null => ValueRef::Null,
            CellRef::Integer(number) => ValueRef::Integer(*number),
            CellRef::Decimal(number) => ValueRef::Real(*number),
            CellRef::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl From<Value> for CellRef<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Decimal(number) => Self::Decimal(number),
            Value::Text(text) => Self::Text(text.into()),
        }
    }
}
