//! What a workbook answers, and what it refuses.

use super::*;
use crate::domain::table::{ColumnProfile, ColumnType};

fn column(sql_name: &str, kind: ColumnType) -> ColumnProfile {
    ColumnProfile {
        name: sql_name.to_owned(),
        sql_name: sql_name.to_owned(),
        kind,
        doubt: None,
        format: None,
        unit: None,
        nulls: 0,
        distinct: 0,
        min: None,
        max: None,
        mean: None,
        median: None,
        top: Vec::new(),
        spread: Vec::new(),
    }
}

fn profile(name: &str, columns: &[(&str, ColumnType)]) -> TableProfile {
    TableProfile {
        name: name.to_owned(),
        source: format!("{name}.csv"),
        row_count: 0,
        columns: columns.iter().map(|(name, kind)| column(name, *kind)).collect(),
        sample: Vec::new(),
        notes: Vec::new(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Four sales in two regions.
fn sales() -> Workbook {
    let profile = profile(
        "sales",
        &[
            ("region", ColumnType::Category),
            ("amount", ColumnType::Currency),
            ("units", ColumnType::Integer),
            ("day", ColumnType::Date),
        ],
    );
    let rows = [
        ("north", 0.1, 3, "2024-01-05"),
        ("north", 0.2, 5, "2024-01-31"),
        ("Süden", 12.5, 1, "2024-02-01"),
        ("west", 7.0, 9, "2024-03-09"),
    ];
    let rows = rows.map(|(region, amount, units, day)| {
        vec![text(region), Value::Decimal(amount), Value::Integer(units), text(day)]
    });
    let mut book = Workbook::new().unwrap();
    book.add(&profile, rows).unwrap();
    book
}

fn ask(book: &mut Workbook, sql: &str) -> Result<QueryResult, SqlError> {
    let mut asked = 0;
    book.query(sql, &QueryLimits::default(), move || {
        asked += 1;
        asked > 20_000
    })
}

fn rows(sql: &str) -> Vec<Vec<Value>> {
    ask(&mut sales(), sql).unwrap().rows
}

#[test]
fn sums_look_exact() {
    let found = rows("select sum(amount) from sales where region = 'north'");
    assert_eq!(found, [[Value::Decimal(0.3)]]);
}

#[test]
fn writing_is_refused_and_the_workbook_stays_usable() {
    let mut book = sales();
    for sql in [
        "delete from sales",
        "drop table sales",
        "create table x (y)",
        "attach 'x.db' as x",
        "pragma table_info(sales)",
        "select * from sqlite_master",
        "select randomblob(1000000000)",
        "select 1; select 2",
    ] {
        assert!(matches!(ask(&mut book, sql), Err(SqlError::Query(_))), "{sql}");
    }
    assert_eq!(ask(&mut book, "select count(*) from sales").unwrap().rows, [[Value::Integer(4)]]);
}
