//! Whole files.

use super::*;
use crate::domain::table::{ColumnType, Value};

fn file(name: &str, text: &str) -> FileTables {
    match read(name, text.as_bytes(), &ParseLimits::default(), &|| false) {
        Ok(file) => file,
        Err(error) => panic!("{name}: {error}\n{text}"),
    }
}

fn table(text: &str) -> Table {
    file("data.csv", text).tables.remove(0)
}

fn kinds(table: &Table) -> Vec<ColumnType> {
    table.profile.columns.iter().map(|column| column.kind).collect()
}

fn values(table: &Table) -> Vec<Vec<Value>> {
    table.rows().map(|row| row.into_iter().map(Value::from).collect()).collect()
}

mod columns;
mod csv;
mod hostile;
mod json;
