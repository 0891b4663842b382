//! Delimited files, as people have them.

use super::*;
use crate::domain::table::Value::{Decimal, Integer, Null, Text};

fn text(text: &str) -> Value {
    Text(text.to_owned())
}

fn names(table: &Table) -> Vec<&str> {
    table.profile.columns.iter().map(|column| column.name.as_str()).collect()
}

#[test]
fn a_plain_file_becomes_typed_rows() {
    let table = table("\u{feff}Name,Born,Height\r\nAnn,1.2.1990,\"1.75\"\r\n\"Bo, Jr.\",,1.8\r\n");
    assert_eq!(names(&table), ["Name", "Born", "Height"]);
    assert_eq!(kinds(&table), [ColumnType::Text, ColumnType::Date, ColumnType::Decimal]);
    assert_eq!(
        values(&table),
        [
            vec![text("Ann"), text("1990-02-01"), Decimal(1.75)],
            vec![text("Bo, Jr."), Null, Decimal(1.8)]
        ]
    );
    assert_eq!(table.profile.notes, Vec::<String>::new());
    assert_eq!((table.profile.name.as_str(), table.profile.source.as_str()), ("data", "data.csv"));
    assert_eq!(table.profile.sample, values(&table));
}

#[test]
fn every_delimiter_and_line_ending_is_understood() {
    for delimiter in [",", ";", "\t", "|"] {
        for line in ["\n", "\r\n", "\r"] {
            let lines = ["a,b,c", "1,\"x,\"\"y\"\"\",2.5", "2,z,3.5", ""];
            let text = lines.join(line).replace(',', delimiter);
            let table = table(&text);
            assert_eq!(names(&table), ["a", "b", "c"], "{text:?}");
            let second = format!("x{delimiter}\"y\"");
            let first_row = vec![Integer(1), Text(second), Decimal(2.5)];
            assert_eq!(values(&table).first(), Some(&first_row), "{text:?}");
        }
    }
}

#[test]
fn rows_of_other_lengths_are_mended_and_named() {
    let table = table("a,b,c\n1,2,3\n4,5\n6,7,8,9\n\n,,\n10\n11,12,13,\n");
    let rows = values(&table);
    assert_eq!(rows.len(), 5);
    assert_eq!(rows.get(1), Some(&vec![Integer(4), Integer(5), Null]));
    assert_eq!(rows.get(2), Some(&vec![Integer(6), Integer(7), Integer(8)]));
    assert_eq!(
        table.profile.notes,
        [
            "Rows 2, 4 have fewer cells than there are columns: the missing ones are empty.",
            "Row 3 has more cells than there are columns: what is beyond is left out.",
            "One empty row was left out.",
        ]
    );
}

#[test]
fn a_file_without_a_header_gets_one() {
    let table = table("1,Ann,2024-01-01\n2,Bo,2024-01-02\n");
    assert_eq!(names(&table), ["column_1", "column_2", "column_3"]);
    assert_eq!(values(&table).len(), 2);
    assert_eq!(
        table.profile.notes,
        ["The first row looks like data, so the columns are numbered."]
    );
}

#[test]
fn years_and_words_are_headers() {
    let table = table("country,2019,2020,2021\nA,1,2,3\nB,4,5,6\n");
    assert_eq!(names(&table), ["country", "2019", "2020", "2021"]);
    assert_eq!(table.profile.columns[1].sql_name, "_2019");
    for header in ["name,1,2,3", "shop,2024-01-01,2024-02-01", "2024-01-01,2024-02-01"] {
        let rows = ["A,7,5,9", "B,4,6,8"].map(|row| {
            row.split(',').take(header.matches(',').count() + 1).collect::<Vec<_>>().join(",")
        });
        let rows = if header.starts_with('2') { ["1,2", "3,4"].map(str::to_owned) } else { rows };
        let table = super::table(&format!("{header}\n{}\n", rows.join("\n")));
        assert_eq!(names(&table), header.split(',').collect::<Vec<_>>());
    }
    for row in ["A,2019,2020\nB,2018,2019\n", "A,1,2\nB,3,9\nC,8,9\n"] {
        assert_eq!(names(&super::table(row))[0], "column_1", "{row}");
    }
    let same = super::table("x,y\nx,z\nx,y\n");
    assert_eq!(names(&same), ["column_1", "column_2"]);
}

#[test]
fn what_stands_above_the_header_is_left_out() {
    for above in ["Report of 2024\n\n", "# made by x\n# on y\n", "Report,,\nQ1,,\n", "sep=,\n"] {
        let table =
            table(&format!("{above}day,city,count\n2024-01-01,Rome,1\n2024-01-02,Oslo,2\n"));
        assert_eq!(names(&table), ["day", "city", "count"], "{above}");
        assert_eq!(values(&table).len(), 2, "{above}");
    }
}

#[test]
fn columns_without_names_or_with_the_same_are_told_apart() {
    let table = table("a,,a,A,\n1,2,3,4,\n");
    assert_eq!(names(&table), ["a", "column_2", "a 2", "A 3"]);
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    for (text, line) in [
        ("a,b\n1,\"2\n3,4\n", 2),
        ("a,b\n1,\"x\ny\"\n3,\"4\n", 4),
        ("sep=,\na,b\n1,\"2\n", 3),
        ("\"", 1),
    ] {
        let error =
            read("x.csv", text.as_bytes(), &ParseLimits::default(), &|| false).expect_err(text);
        let what = "a quotation mark opens here and is never closed.".to_owned();
        assert_eq!(error, FileError::Malformed { line, column: None, what }, "{text}");
    }
}

#[test]
fn one_column_is_a_table_too() {
    assert_eq!(values(&table("value\n1,5\n2,5\n")), [[Decimal(1.5)], [Decimal(2.5)]]);
    assert_eq!(values(&table("comment\nyes, indeed\nno\nok\n")).len(), 3);
}

#[test]
fn a_total_at_the_end_is_pointed_out() {
    let rows = "city,amount\nRome,1\nOslo,2\n";
    let noted = table(&format!("{rows}Total:,3\n"));
    let note =
        "The last row looks like a total (\"Total:\"): it is kept, and counts like any other row.";
    assert_eq!(noted.profile.notes, [note]);
    assert_eq!(table(&format!("{rows}Totalville,3\n")).profile.notes, Vec::<String>::new());
}
