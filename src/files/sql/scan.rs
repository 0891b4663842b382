//! Words in the cells of a workbook: reads each table twice, once to rank its rows and once to take
//! the best of them.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{Names, QueryLimits, cells};
use crate::domain::table::{QueryResult, Value};
use crate::files::search::Search;

/// The rows of a table that say what was looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Matches {
    /// The table's name in SQL.
    pub table: String,
    /// The best rows, best first, with the table's columns by their names in SQL.
    pub result: QueryResult,
    /// How many rows have at least one of the words.
    pub total: usize,
    /// How many of the words the best row has.
    pub words: usize,
}

/// Searches one table; `None` when the query says nothing.
pub(super) fn search(
    db: &Connection,
    names: &Names,
    query: &str,
    limits: &QueryLimits,
) -> rusqlite::Result<Option<Matches>> {
    let Some(mut search) = Search::new(query, &names.columns) else { return Ok(None) };
    let mut statement = db.prepare(&format!("select * from \"{}\"", names.table))?;
    let count = names.columns.len();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        search.row(|each| {
            for place in 0..count {
                match row.get_ref(place) {
                    Ok(ValueRef::Integer(number)) => each(place, &number.to_string()),
                    Ok(ValueRef::Real(number)) => each(place, &number.to_string()),
                    Ok(ValueRef::Text(text)) => each(place, &String::from_utf8_lossy(text)),
                    _ => {}
                }
            }
        });
    }
    let (total, words) = (search.total(), search.most_words());
    let best = search.best(limits.max_rows);
    drop(rows);
    let mut found = take(&mut statement.raw_query(), count, &best)?;
    let mut result = QueryResult {
        columns: names.columns.clone(),
        rows: Vec::new(),
        truncated: best.len() < total,
    };
    let mut left = limits.max_bytes;
    for (cells, size) in best.iter().filter_map(|row| found.remove(row)) {
        if size > left {
            result.truncated = true;
            break;
        }
        left -= size;
        result.rows.push(cells);
    }
    Ok(Some(Matches { table: names.table.clone(), result, total, words }))
}

/// The wanted rows by their number, with their sizes.
fn take(
    rows: &mut rusqlite::Rows<'_>,
    count: usize,
    wanted: &[usize],
) -> rusqlite::Result<HashMap<usize, (Vec<Value>, usize)>> {
    let wanted: HashSet<usize> = wanted.iter().copied().collect();
    let mut found = HashMap::with_capacity(wanted.len());
    let mut number = 0;
    while let Some(row) = rows.next()? {
        if wanted.contains(&number) {
            found.insert(number, cells(row, count)?);
        }
        number += 1;
        if found.len() == wanted.len() {
            break;
        }
    }
    Ok(found)
}
