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

/// Prints what is understood of a file: `ALCOVE_FILE=x.csv cargo test --lib files -- --ignored --nocapture`.
#[test]
#[ignore = "a tool, not a test"]
fn show() {
    let name = std::env::var("ALCOVE_FILE").expect("ALCOVE_FILE names a file");
    let bytes = std::fs::read(&name).expect("is there");
    let start = std::time::Instant::now();
    let file = read(&name, &bytes, &ParseLimits::default(), &|| false);
    println!("{:?}", start.elapsed());
    match file {
        Err(error) => println!("{error}"),
        Ok(file) => {
            for table in &file.tables {
                let profile = &table.profile;
                println!(
                    "{} ({}): {} rows, notes {:?}",
                    profile.name, profile.source, profile.row_count, profile.notes
                );
                for column in &profile.columns {
                    let top: Vec<_> = column.top.iter().take(4).collect();
                    println!(
                        "  {} [{}] {} {:?} {:?} nulls {} distinct {} {:?}..{:?} mean {:?} median {:?} top {top:?} {:?} doubt {:?}",
                        column.name,
                        column.sql_name,
                        column.kind,
                        column.format,
                        column.unit,
                        column.nulls,
                        column.distinct,
                        column.min,
                        column.max,
                        column.mean,
                        column.median,
                        column.spread,
                        column.doubt
                    );
                }
            }
        }
    }
}
