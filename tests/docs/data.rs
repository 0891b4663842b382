//! `docs/data.md` is run: its files are read, its queries are asked, its tables are what comes out.

use std::collections::BTreeSet;

use alcove::domain::table::{QueryResult, TableProfile, Value};
use alcove::files::chart::{MAX_POINTS, MAX_SERIES, MAX_SLICES};
use alcove::files::numbers::{Proven, unproven};
use alcove::files::sql::{FUNCTIONS, MAX_SQL_BYTES, QueryLimits, Workbook};
use alcove::files::{ParseLimits, export, read as read_file};

use crate::pages::{code_spans, read};

const PAGE: &str = "docs/data.md";

/// What the page shows, in its order.
#[derive(Debug)]
enum Part {
    /// A fenced block: what stands behind its quotes, and the lines in it.
    Block(String, String),
    /// A table: its header, and its rows.
    Table(Vec<String>, Vec<Vec<String>>),
}

fn parts() -> Vec<Part> {
    let page = read(PAGE);
    let mut parts = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            parts.push(Part::Block(info.to_owned(), block.join("\n")));
        } else if line.starts_with('|') {
            lines.next();
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(row));
            }
            parts.push(Part::Table(cells(line), rows));
        }
    }
    parts
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The rows of the table with this header.
fn table(header: &[&str]) -> Vec<Vec<String>> {
    let found = parts().into_iter().find_map(|part| match part {
        Part::Table(names, rows) if names == header => Some(rows),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{PAGE} has no table {header:?}"))
}

fn workbook(name: &str, text: &str) -> (Workbook, Vec<TableProfile>) {
    let file = read_file(name, text.as_bytes(), &ParseLimits::default(), &|| false)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut book = Workbook::new().expect("a workbook");
    for table in &file.tables {
        book.add(&table.profile, table.rows()).expect("a table");
    }
    (book, file.tables.into_iter().map(|table| table.profile).collect())
}

/// The sales of the page.
fn sales() -> (Workbook, Vec<TableProfile>) {
    let text = parts().into_iter().find_map(|part| match part {
        Part::Block(info, text) if info == "csv Sales 2024.csv" => Some(text),
        _ => None,
    });
    workbook("Sales 2024.csv", &text.expect("the sales"))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}

fn shown_rows(result: &QueryResult) -> Vec<Vec<String>> {
    result.rows.iter().map(|row| row.iter().map(shown).collect()).collect()
}

fn code(text: &str) -> String {
    code_spans(text).into_iter().next().unwrap_or_default()
}

#[test]
fn queries_find_what_the_page_shows() {
    let mut book = None;
    let mut asked: Option<String> = None;
    let mut count = 0;
    for part in parts() {
        match part {
            Part::Block(info, text) if info == "sql" => {
                assert!(asked.is_none(), "no result is shown for {asked:?}");
                asked = Some(text);
            }
            Part::Block(info, text) if info == "text" => {
                let sql = asked.take().expect("a query");
                let book: &mut Workbook = book.as_mut().expect("a file");
                let refused = book.query(&sql, &QueryLimits::default(), || false);
                assert_eq!(refused.expect_err(&sql).to_string(), text, "{sql}");
                count += 1;
            }
            Part::Block(info, text) => {
                let (_, name) = info.split_once(' ').expect("the name of a file");
                book = Some(workbook(name, &text).0);
            }
            Part::Table(names, rows) => {
                let Some(sql) = asked.take() else { continue };
                let book = book.as_mut().expect("a file");
                let found = book.query(&sql, &QueryLimits::default(), || false);
                let found = found.unwrap_or_else(|error| panic!("{sql}: {error}"));
                assert_eq!(found.columns, names, "{sql}");
                assert_eq!(shown_rows(&found), rows, "{sql}");
                count += 1;
            }
        }
    }
    assert!(asked.is_none() && count > 9, "{count} queries, {asked:?} without a result");
}

#[test]
fn the_columns_of_the_sales_are_understood_as_shown() {
    let (_, profiles) = sales();
    let profile = &profiles[0];
    assert_eq!(profile.name, "sales_2024");
    let found: Vec<Vec<String>> = profile
        .columns
        .iter()
        .map(|column| {
            vec![
                column.name.clone(),
                format!("`{}`", column.sql_name),
                format!("`{}`", column.kind.as_str()),
                column.unit.clone().unwrap_or_default(),
                column.nulls.to_string(),
            ]
        })
        .collect();
    assert_eq!(found, table(&["column", "in SQL", "type", "unit", "empty"]));
}

#[test]
fn every_function_is_listed() {
    let rows = table(&["for", "functions"]);
    let told: Vec<String> = rows.iter().flat_map(|row| code_spans(&row[1])).collect();
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    let known: Vec<String> = FUNCTIONS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(set(&told), set(&known));
    assert_eq!(told.len(), known.len(), "a function is listed twice");
}

#[test]
fn words_find_the_rows_that_are_shown() {
    let (mut book, _) = sales();
    for row in table(&["search", "finds the rows"]) {
        let query = code(&row[0]);
        let found = book.search(&[], &query, &QueryLimits::default(), || false);
        let found = found.expect(&query);
        let numbers: Vec<String> = found[0].result.rows.iter().map(|row| shown(&row[0])).collect();
        assert_eq!(numbers.join(", "), row[1], "{query}");
    }
}

#[test]
fn numbers_without_a_proof_are_those_shown() {
    let (mut book, _) = sales();
    let sql =
        "select region, count(*) as orders, sum(amount) as total from sales_2024 group by region";
    let result = book.query(sql, &QueryLimits::default(), || false).expect("a result");
    let mut proven = Proven::default();
    proven.add_result(&result);
    for row in table(&["the reply says", "marked"]) {
        let reply = row[0].replace('`', "");
        assert_eq!(unproven(&reply, &proven), code_spans(&row[1]), "{reply}");
    }
}

#[test]
fn downloads_look_as_shown() {
    for row in table(&["cell", "in the CSV"]) {
        let mut line = String::new();
        export::push_row(&mut line, [export::Cell::Text(&code(&row[0]))]);
        assert_eq!(line.trim_end(), code(&row[1]));
    }
}

#[test]
fn limits_of_queries_and_charts_are_those_of_the_program() {
    let page = read(PAGE).replace('\n', " ");
    let limits = QueryLimits::default();
    for told in [
        format!("its result after {} rows or {} KiB", limits.max_rows, limits.max_bytes / 1024),
        format!("the query itself be {} kB long", MAX_SQL_BYTES / 1000),
        format!("| 1 to {MAX_SERIES} columns of numbers | {MAX_POINTS} rows |"),
        format!("| {MAX_SLICES} slices |"),
    ] {
        assert!(page.contains(&told), "{PAGE} does not say: {told}");
    }
}
