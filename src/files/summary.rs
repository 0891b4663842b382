//! What the file API tells of a file.

use serde_json::{Map, Value, json};

use crate::domain::table::TableProfile;
use crate::files::Shape;

/// The summary of a file: what older clients look for, and the profile of its first table. All of its
/// tables follow when there are several.
///
/// Of rows it tells `rowCount`, `columnCount` and `columns`; of JSON `type` and `length` too.
#[must_use]
pub fn summary(shape: Shape, tables: &[TableProfile]) -> Value {
    let mut summary = Map::new();
    match shape {
        Shape::Rows => {}
        Shape::Array(length) => {
            summary.insert("type".to_owned(), json!("array"));
            summary.insert("length".to_owned(), json!(length));
        }
        Shape::Object(length) => {
            summary.insert("type".to_owned(), json!("object"));
            summary.insert("length".to_owned(), json!(length));
        }
    }
    if let Some(first) = tables.first() {
        summary.insert("table".to_owned(), json!(first.name));
        summary.insert("rowCount".to_owned(), json!(first.row_count));
        summary.insert("columnCount".to_owned(), json!(first.columns.len()));
        summary.insert("columns".to_owned(), json!(first.columns));
        summary.insert("notes".to_owned(), json!(first.notes));
    }
    if tables.len() > 1 {
        let brief = |table: &TableProfile| {
            let (name, rows, columns) = (&table.name, table.row_count, table.columns.len());
            json!({"name": name, "rowCount": rows, "columnCount": columns})
        };
        summary.insert("tables".to_owned(), tables.iter().map(brief).collect());
    }
    Value::Object(summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{ParseLimits, read};

    fn of(name: &str, text: &str) -> Value {
        let file =
            read(name, text.as_bytes(), &ParseLimits::default(), &|| false).expect("is read");
        let profiles: Vec<TableProfile> =
            file.tables.into_iter().map(|table| table.profile).collect();
        summary(file.shape, &profiles)
    }

    #[test]
    fn rows_are_summed_up_as_older_clients_expect_it() {
        let summary = of("Sales 2024.csv", "City,Amount\nRome,1\nOslo,2\n");
        assert_eq!(summary["rowCount"], 2);
        assert_eq!(summary["columnCount"], 2);
        assert_eq!(summary["table"], "sales_2024");
        assert_eq!(summary["columns"][1]["name"], "Amount");
        assert_eq!(summary["columns"][1]["sqlName"], "amount");
        assert_eq!(summary["columns"][1]["type"], "integer");
        assert_eq!(summary["columns"][1]["mean"], 1.5);
        assert_eq!(summary.get("type"), None);
    }

    #[test]
    fn json_tells_what_it_is_and_all_its_tables() {
        let array = of("x.json", r#"[{"a": 1, "b": [{"c": 1}]}, {"a": 2}]"#);
        assert_eq!((&array["type"], &array["length"]), (&json!("array"), &json!(2)));
        assert_eq!(array["tables"][1], json!({"name": "x_b", "rowCount": 1, "columnCount": 2}));
        let object = of("x.json", r#"{"a": [{"b": 1}]}"#);
        assert_eq!((&object["type"], &object["length"]), (&json!("object"), &json!(1)));
        assert_eq!((&object["table"], object.get("tables")), (&json!("a"), None));
    }
}
