//! Files that want to hurt. Each gets its documented error, or is understood.

use super::*;
use proptest::prelude::*;

fn read_bytes(name: &str, bytes: &[u8]) -> Result<FileTables, FileError> {
    read(name, bytes, &ParseLimits::default(), &|| false)
}

fn error(name: &str, bytes: &[u8]) -> FileError {
    match read_bytes(name, bytes) {
        Err(error) => error,
        Ok(file) => {
            panic!("{name} is read: {:?}", file.tables.first().map(|table| &table.profile.notes))
        }
    }
}

#[test]
fn a_million_columns_are_too_many() {
    let limit = ParseLimits::default().columns;
    let columns = vec!["x"; 1_000_000].join(",");
    for text in [columns.clone(), format!("a,b\n{columns}\n"), format!("{columns}\n1,2\n")] {
        assert_eq!(
            error("x.csv", text.as_bytes()),
            FileError::TooManyColumns { found: 1_000_000, limit }
        );
    }
    let cells: Vec<String> = (0..1000).map(|key| format!("\"k{key}\": 1")).collect();
    let json = format!("[{{{}}}]", cells.join(","));
    assert_eq!(error("x.json", json.as_bytes()), FileError::TooManyColumns { found: 513, limit });
    // Spreadsheets save thousands of empty columns.
    let empty = format!("a,b{0}\n1,2{0}\n", ",".repeat(16_000));
    assert_eq!(
        read_bytes("x.csv", empty.as_bytes()).map(|file| file.tables[0].profile.columns.len()),
        Ok(2)
    );
}

#[test]
fn millions_of_rows_are_too_many_and_empty_ones_are_none() {
    let limit = ParseLimits::default().rows;
    let rows = "1,2\n".repeat(limit + 1);
    assert_eq!(error("x.csv", format!("a,b\n{rows}").as_bytes()), FileError::TooManyRows { limit });
    let json = format!("[{}0]", "{},".repeat(limit));
    assert_eq!(error("x.json", json.as_bytes()), FileError::TooManyRows { limit });
    let blank = "\n".repeat(5_000_000);
    assert_eq!(error("x.csv", blank.as_bytes()), FileError::Empty);
    let few = format!("a,b{blank}1,2{blank}");
    assert_eq!(
        read_bytes("x.csv", few.as_bytes()).map(|file| file.tables[0].profile.row_count),
        Ok(1)
    );
    assert_eq!(error("x.csv", format!("a,b{blank}").as_bytes()), FileError::NoRows);
    assert_eq!(error("x.csv", b"a,b\n,\n"), FileError::NoRows);
    let commas = ",\n".repeat(2_000_000);
    assert_eq!(error("x.csv", commas.as_bytes()), FileError::Empty);
}

#[test]
fn short_rows_do_not_make_a_wide_table_cheap() {
    let limit = ParseLimits::default().cells;
    let names: Vec<String> = (0..512).map(|name| format!("c{name}")).collect();
    let text = format!("{}\n{}", names.join(","), "1,2\n".repeat(100_000));
    assert_eq!(error("x.csv", text.as_bytes()), FileError::TooManyCells { limit });
}

#[test]
fn a_cell_of_nine_megabytes_is_too_long_wherever_it_stands() {
    let long = "x".repeat(9_000_000);
    for (text, line) in [
        (format!("a,b\n1,{long}\n"), 2),
        (format!("a,b\n1,\"{long}\"\n"), 2),
        (format!("{long},b\n1,2\n"), 1),
        (format!("a,b\n\n\n1,2\n3,{long}"), 5),
    ] {
        assert_eq!(error("x.csv", text.as_bytes()), FileError::CellTooLong { line, limit_kb: 64 });
    }
    let json = format!("[{{\"a\": 1}}, {{\"a\": \"{long}\"}}]");
    assert_eq!(error("x.json", json.as_bytes()), FileError::CellTooLong { line: 2, limit_kb: 64 });
}

#[test]
fn a_header_of_a_megabyte_is_refused_and_a_long_one_is_cut() {
    let header = "h".repeat(1_000_000);
    assert!(matches!(error("x.csv", header.as_bytes()), FileError::CellTooLong { line: 1, .. }));
    let file =
        read_bytes("x.csv", format!("{}\n1\n", "h".repeat(1000)).as_bytes()).expect("is read");
    let profile = &file.tables[0].profile;
    assert_eq!(profile.columns[0].name.len(), 64);
    assert_eq!(profile.notes, ["Names of more than 256 characters were cut."]);
}

#[test]
fn a_quote_that_swallows_the_file_is_told() {
    let text = format!("a,b\n1,\"2\n{}", "3,4\n".repeat(2_000_000));
    assert!(matches!(error("x.csv", text.as_bytes()), FileError::Malformed { line: 2, .. }));
    let quotes = "\"".repeat(1_000_001);
    assert!(matches!(error("x.csv", quotes.as_bytes()), FileError::Malformed { line: 1, .. }));
}

#[test]
fn deep_json_is_refused() {
    for open in ["[", "{\"a\":"] {
        let json = open.repeat(1_000_000);
        assert!(matches!(error("x.json", json.as_bytes()), FileError::Malformed { line: 1, .. }));
    }
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    assert!(read_bytes("x.json", deep.as_bytes()).is_ok());
}

#[test]
fn many_tables_are_refused() {
    let keys: Vec<String> = (0..10_000).map(|key| format!("\"k{key}\": [{{\"a\": 1}}]")).collect();
    let json = format!("{{{}}}", keys.join(","));
    assert_eq!(error("x.json", json.as_bytes()), FileError::TooManyTables { limit: 32 });
}

#[test]
fn nul_and_other_encodings_are_named() {
    assert!(matches!(error("x.csv", b"a,b\n1,\0\n"), FileError::Encoding { byte: 6, .. }));
    let nul = read_bytes("x.json", br#"[{"a\u0000b": "c\u0000d"}]"#).expect("is read");
    assert_eq!(values(&nul.tables[0]), [[Value::Text("c\u{fffd}d".to_owned())]]);
    for bytes in [b"PK\x03\x04".as_slice(), b"\x1f\x8b\x08\x00", b"%PDF-1.4", b"<!DOCTYPE html>"] {
        assert!(matches!(error("x.csv", bytes), FileError::UnsupportedKind { .. }));
    }
    assert!(matches!(error("x.exe", b"a,b"), FileError::UnsupportedKind { .. }));
}

#[test]
fn cells_stay_what_they_are_and_names_become_harmless() {
    let text = "\"\"\"; drop table x\",=1+1,\u{202e}evil,select,🙂\n=cmd|' /C calc'!A0,@SUM(1),x\u{0}y,1,\u{1F600}\n";
    let table = table(&text.replace('\0', ""));
    let names: Vec<&str> = table.profile.columns.iter().map(|c| c.sql_name.as_str()).collect();
    assert_eq!(names, ["drop_table_x", "_1_1", "evil", "select_", "column_5"]);
    let first = Value::Text("=cmd|' /C calc'!A0".to_owned());
    assert_eq!(values(&table)[0][0], first);
}

#[test]
fn time_is_looked_at() {
    let text = format!("a,b\n{}", "1,2\n".repeat(100_000));
    let asked = std::cell::Cell::new(0);
    let deadline = || {
        asked.set(asked.get() + 1);
        asked.get() > 20
    };
    let result = read("x.csv", text.as_bytes(), &ParseLimits::default(), &deadline);
    assert_eq!(result.map(|_| ()), Err(FileError::TooSlow));
    let json = format!("[{}1]", "1,".repeat(150_000));
    asked.set(0);
    let result = read("x.json", json.as_bytes(), &ParseLimits::default(), &deadline);
    assert_eq!(result.map(|_| ()), Err(FileError::TooSlow));
}

/// Reads it in every way; whatever is read keeps its promises.
fn promises(name: &str, bytes: &[u8]) {
    let Ok(file) = read_bytes(name, bytes) else { return };
    for table in &file.tables {
        let profile = &table.profile;
        let mut rows = 0;
        for row in table.rows() {
            assert_eq!(row.len(), profile.columns.len());
            rows += 1;
        }
        assert_eq!(rows, profile.row_count);
        let mut names: Vec<&str> = profile.columns.iter().map(|c| c.sql_name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), profile.columns.len());
        assert!(names.iter().all(|name| !name.is_empty() && !name.starts_with("sqlite_")));
        for column in &profile.columns {
            let topped: u64 = column.top.iter().map(|(_, count)| count).sum();
            assert!(column.nulls + topped <= rows && column.distinct <= rows);
            assert!(column.name.chars().count() <= 80 && column.spread.len() <= 12);
        }
    }
    let profiles: Vec<TableProfile> =
        file.tables.iter().map(|table| table.profile.clone()).collect();
    let again = read_typed(name, bytes, &profiles, &ParseLimits::default(), &|| false)
        .expect("reads again");
    assert_eq!(again.len(), file.tables.len());
    for (one, other) in again.iter().zip(&file.tables) {
        assert!(one.rows().eq(other.rows()), "{profiles:?}");
    }
}

/// Cells that mean something.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,4}",
        "-?[0-9]{1,3}[.,][0-9]{1,3}",
        "[0-9]{1,3}([.,' ][0-9]{3}){1,2}([.,][0-9]{1,2})?( ?[€$%])?",
        "[0-9]{1,2}[./-][0-9]{1,2}[./-](20)?[0-9]{2}( [0-9]{1,2}:[0-9]{2})?",
        "20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:?[0-9]{2}))?",
        "(yes|no|TRUE|false|ja|nein|NA|null|-||Mar 1, 2024)",
        "[a-zA-Zäß_ ]{0,12}",
        "\"[^\"]{0,6}\"",
        "\\PC{0,8}",
    ]
}

fn delimited() -> impl Strategy<Value = String> {
    let row = prop::collection::vec(cell(), 0..6);
    let rows = prop::collection::vec(row, 0..12);
    (
        rows,
        prop::sample::select(vec![",", ";", "\t", "|"]),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
    )
        .prop_map(|(rows, delimiter, line)| {
            let lines: Vec<String> = rows.iter().map(|row| row.join(delimiter)).collect();
            lines.join(line)
        })
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        cell().prop_map(serde_json::Value::from),
    ];
    scalar.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-c.]{0,2}|row|key|value", inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        promises("x.csv", &bytes);
        promises("x.json", &bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[\\PC\\n\\r,;\"\t|]{0,200}") {
        promises("x.csv", text.as_bytes());
    }

    #[test]
    fn any_table_is_read_or_refused(text in delimited()) {
        promises("x.csv", text.as_bytes());
    }

    #[test]
    fn any_json_is_read_or_refused(value in json()) {
        let text = value.to_string();
        promises("x.json", text.as_bytes());
        promises("x.jsonl", format!("{text}\n{text}").as_bytes());
        let direct = from_json_values("x", &value, &ParseLimits::default());
        let read = read_bytes("x.json", text.as_bytes());
        prop_assert_eq!(direct.is_some(), read.is_ok());
        if let (Some(direct), Ok(read)) = (direct, read) {
            for (one, other) in direct.tables.iter().zip(&read.tables) {
                prop_assert_eq!(&one.profile.columns, &other.profile.columns);
            }
        }
    }
}
