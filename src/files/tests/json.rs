//! JSON, as people have it.

use super::*;
use crate::domain::table::Value::{Decimal, Integer, Null};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The tables' names and columns in SQL.
fn outline(file: &FileTables) -> Vec<(String, Vec<String>)> {
    let columns =
        |table: &Table| table.profile.columns.iter().map(|c| c.sql_name.clone()).collect();
    file.tables.iter().map(|table| (table.profile.name.clone(), columns(table))).collect()
}

fn expected(tables: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let owned = |(name, columns): &(&str, &[&str])| {
        ((*name).to_owned(), columns.iter().map(|column| (*column).to_owned()).collect())
    };
    tables.iter().map(owned).collect()
}

#[test]
fn an_array_of_objects_is_a_table() {
    let file = file("x.json", r#"[{"a": 1, "b": "x"}, {"b": "y", "c": null, "a": 2.5}, {}]"#);
    assert_eq!(outline(&file), expected(&[("x", &["a", "b", "c"])]));
    assert_eq!(file.shape, Shape::Array(3));
    assert_eq!(
        values(&file.tables[0]),
        [[Decimal(1.0), text("x"), Null], [Decimal(2.5), text("y"), Null], [Null, Null, Null]]
    );
}

#[test]
fn objects_in_rows_are_flattened_and_lists_joined() {
    let file = file(
        "x.json",
        r#"[{"c": {"name": "A", "at": {"city": "Rome"}}, "tags": ["p", 1, true, [2, null]]}]"#,
    );
    let columns = &file.tables[0].profile.columns;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["c.name", "c.at.city", "tags"]);
    assert_eq!(outline(&file), expected(&[("x", &["c_name", "c_at_city", "tags"])]));
    assert_eq!(values(&file.tables[0]), [[text("A"), text("Rome"), text("p; 1; true; 2")]]);
}

#[test]
fn objects_in_lists_become_a_table_that_refers_to_its_rows() {
    let json = r#"[
        {"id": "a", "items": [{"sku": "x", "parts": [{"n": 1}]}, {"sku": "y"}]},
        {"id": "b", "items": []},
        {"id": "c", "items": [{"sku": "z", "parts": [{"n": 2}, {"n": 3}]}]}]"#;
    let file = file("orders.json", json);
    let wanted = expected(&[
        ("orders", &["row", "id"]),
        ("orders_items", &["row", "orders_row", "sku"]),
        ("orders_items_parts", &["orders_items_row", "n"]),
    ]);
    assert_eq!(outline(&file), wanted);
    let rows = |table: usize| values(&file.tables[table]);
    let ids = ["a", "b", "c"].map(text);
    let numbered = ids.into_iter().zip(1..).map(|(id, row)| vec![Integer(row), id]);
    assert_eq!(rows(0), numbered.collect::<Vec<_>>());
    assert_eq!(
        rows(1),
        [
            [Integer(1), Integer(1), text("x")],
            [Integer(2), Integer(1), text("y")],
            [Integer(3), Integer(3), text("z")]
        ]
    );
    let parts = [[1, 1], [3, 2], [3, 3]].map(|row| row.map(Integer));
    assert_eq!(rows(2), parts);
    let sources: Vec<&str> =
        file.tables.iter().map(|table| table.profile.source.as_str()).collect();
    assert_eq!(sources, ["orders.json", "orders.json: items", "orders.json: items.parts"]);
}

#[test]
fn an_object_of_arrays_is_a_table_for_each() {
    let json = r#"{"status": "ok", "data": {"cities": [{"n": 1}], "total": 2}, "sizes": [1, 2], "grid": [[1, "a"]]}"#;
    let file = file("answer.json", json);
    assert_eq!(file.shape, Shape::Object(4));
    let wanted = expected(&[
        ("data_cities", &["n"]),
        ("sizes", &["value"]),
        ("grid", &["column_1", "column_2"]),
        ("answer", &["status", "data_total"]),
    ]);
    assert_eq!(outline(&file), wanted);
}

#[test]
fn an_object_of_like_objects_is_one_table() {
    let file = file("x.json", r#"{"DE": {"pop": 83, "eu": true}, "CH": {"pop": 9, "eu": false}}"#);
    assert_eq!(outline(&file), expected(&[("x", &["key_", "pop", "eu"])]));
    assert_eq!(values(&file.tables[0])[1], [text("CH"), Integer(9), Integer(0)]);
}

#[test]
fn lines_of_json_are_rows() {
    for name in ["x.jsonl", "x.ndjson", "x.json", "x.txt"] {
        let file = file(name, "{\"a\": 1, \"b\": [{\"c\": 2}]}\n{\"a\": 3}\r\n\n");
        assert_eq!(outline(&file), expected(&[("x", &["row", "a"]), ("x_b", &["x_row", "c"])]));
        assert_eq!(file.shape, Shape::Array(2));
    }
}

#[test]
fn scalars_are_a_column() {
    for json in ["[1, 2]", "1\n2", "[1, 2, null]"] {
        let file = file("x.json", json);
        assert_eq!(outline(&file), expected(&[("x", &["value"])]), "{json}");
        assert_eq!(values(&file.tables[0])[..2], [[Integer(1)], [Integer(2)]]);
    }
}

#[test]
fn numbers_of_json_are_amounts_without_doubt() {
    let file = file(
        "x.json",
        r#"[{"id": 7, "n": 1.234, "t": "00123"}, {"id": 8, "n": 2.345, "t": "00124"}]"#,
    );
    assert_eq!(
        kinds(&file.tables[0]),
        [ColumnType::Integer, ColumnType::Decimal, ColumnType::Identifier]
    );
    assert!(file.tables[0].profile.columns.iter().all(|column| column.doubt.is_none()));
}

#[test]
fn broken_json_is_told_with_its_place() {
    for (json, line, column) in [
        ("{\"a\": 1,\n \"b\": }", 2, Some(7)),
        ("[1, 2", 1, Some(5)),
        ("{\"a\": 1}\n{\"a\": }", 2, Some(7)),
        ("nope", 1, Some(2)),
        ("[1] trailing", 1, Some(7)),
    ] {
        match read("x.json", json.as_bytes(), &ParseLimits::default(), &|| false) {
            Err(FileError::Malformed { line: l, column: c, .. }) => {
                assert_eq!((l, c), (line, column), "{json}")
            }
            other => panic!("{json}: {other:?}"),
        }
    }
    for json in ["[]", "{}", "[[]]", "[{}]", "{\"a\": []}", "{\"a\": {}}", "  "] {
        let read = read("x.json", json.as_bytes(), &ParseLimits::default(), &|| false);
        assert_eq!(read.map(|file| outline(&file)), Err(FileError::Empty), "{json}");
    }
}

#[test]
fn a_host_pages_data_is_the_same_kind_of_table() {
    let value = serde_json::json!({"campaigns": [{"name": "A", "clicks": 3}], "shop": "Example"});
    let file = from_json_values("page", &value, &ParseLimits::default()).expect("has tables");
    assert_eq!(
        outline(&file),
        expected(&[("campaigns", &["name", "clicks"]), ("page", &["shop"])])
    );
    assert_eq!(file.tables[0].profile.source, "campaigns");
    assert!(from_json_values("page", &serde_json::json!({}), &ParseLimits::default()).is_none());
}
