//! JSON from a host page as text for a model: arrays of objects become CSV, cut to whole rows.
//! Pure.

use serde_json::{Map, Value};

use crate::service::turn::budget::{cut_middle, estimate};

/// Arrays of objects with fewer rows than this stay JSON, which reads as well.
const MIN_TABLE_ROWS: usize = 3;

/// One named piece of data, ready to be put into a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataText {
    /// Its key in the host page's data.
    pub name: String,
    /// How it is written and what was left out, one phrase.
    pub note: String,
    /// The text.
    pub text: String,
}

/// A table that can be queried is only sent whole up to so many tokens; otherwise it is named.
pub const MAX_WHOLE_TOKENS: usize = 1500;

/// Writes every value of `data` within about `max_tokens`, shared so that small values leave
/// their part to large ones. Order is kept. Values named in `tables` are described elsewhere and
/// can be queried: of those nothing is sent unless they are small.
#[must_use]
pub fn data_texts(data: &Map<String, Value>, tables: &[&str], max_tokens: usize) -> Vec<DataText> {
    let mut sized: Vec<(usize, DataText)> = Vec::with_capacity(data.len());
    let mut by_size: Vec<(usize, usize, &String, &Value)> = data
        .iter()
        .enumerate()
        .map(|(order, (name, value))| (rough_size(value), order, name, value))
        .collect();
    by_size.sort_by_key(|(size, order, ..)| (*size, *order));
    let mut tokens_left = max_tokens;
    let mut values_left = by_size.len();
    for (_, order, name, value) in by_size {
        let share = tokens_left / values_left.max(1);
        values_left = values_left.saturating_sub(1);
        if share < MIN_SHARE_TOKENS && rough_size(value) > share {
            sized.push((order, left_out(name)));
            continue;
        }
        let is_table = tables.contains(&name.as_str());
        let text = data_text(name, value, is_table, share);
        tokens_left = tokens_left.saturating_sub(estimate(&text.text));
        sized.push((order, text));
    }
    sized.sort_by_key(|(order, _)| *order);
    sized.into_iter().map(|(_, text)| text).collect()
}

/// Below this a value is named instead of shown.
const MIN_SHARE_TOKENS: usize = 20;

fn left_out(name: &str) -> DataText {
    DataText {
        name: name.to_owned(),
        note: "left out for lack of room".to_owned(),
        text: String::new(),
    }
}

/// About how large a value is, without writing it.
fn rough_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(rough_size).sum(),
        Value::Object(fields) => fields.iter().map(|(k, v)| k.len() + rough_size(v)).sum(),
        _ => 4,
    }
}

fn data_text(name: &str, value: &Value, is_table: bool, max_tokens: usize) -> DataText {
    let (note, text) = match rows(value) {
        Some(rows) if is_table => match table_text(&rows, max_tokens.min(MAX_WHOLE_TOKENS)) {
            (_, _, false) => {
                (format!("a table of {} rows, described above", rows.len()), String::new())
            }
            (note, text, true) => (note, text),
        },
        Some(rows) => {
            let (note, text, _) = table_text(&rows, max_tokens);
            (note, text)
        }
        None => json_text(value, max_tokens),
    };
    DataText { name: name.to_owned(), note, text }
}

fn json_text(value: &Value, max_tokens: usize) -> (String, String) {
    let whole = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let text = cut_middle(&whole, max_tokens);
    let note = if text.len() == whole.len() { "whole" } else { "shortened in the middle" };
    (note.to_owned(), text)
}

/// The rows of a table, if the value is one.
fn rows(value: &Value) -> Option<Vec<&Map<String, Value>>> {
    let items = value.as_array().filter(|items| items.len() >= MIN_TABLE_ROWS)?;
    items.iter().map(Value::as_object).collect()
}

/// The table as CSV: all rows if they fit, else as many whole ones from head and tail; a note, the
/// text, and whether it is all.
fn table_text(rows: &[&Map<String, Value>], max_tokens: usize) -> (String, String, bool) {
    let columns = columns(rows);
    let header = csv_line(columns.iter().map(|name| (*name).to_owned()));
    let budget = max_tokens.saturating_sub(estimate(&header));
    let lines = rows.iter().map(|row| row_line(row, &columns));
    let head = take_within(lines.clone(), budget * 2 / 3);
    if head.len() == rows.len() {
        return (format!("CSV, all {} rows", rows.len()), header + &head.concat(), true);
    }
    let rest = rows.len() - head.len();
    let spent: usize = head.iter().map(|line| estimate(line)).sum();
    let mut tail = take_within(lines.rev().take(rest), budget.saturating_sub(spent));
    tail.reverse();
    let left_out = rest - tail.len();
    if left_out == 0 {
        let text = header + &head.concat() + &tail.concat();
        return (format!("CSV, all {} rows", rows.len()), text, true);
    }
    let note = format!(
        "CSV, {} rows in all: the first {} and the last {} are shown, {left_out} between them are left out",
        rows.len(),
        head.len(),
        tail.len()
    );
    let gap = format!("[… {left_out} rows left out …]\n");
    (note, header + &head.concat() + &gap + &tail.concat(), false)
}

/// Every key that occurs, in the order of its first appearance.
fn columns<'a>(rows: &[&'a Map<String, Value>]) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    rows.iter()
        .flat_map(|row| row.keys())
        .map(String::as_str)
        .filter(|name| seen.insert(*name))
        .collect()
}

fn row_line(row: &Map<String, Value>, columns: &[&str]) -> String {
    csv_line(columns.iter().map(|name| match row.get(*name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }))
}

/// One record with its line end. Writing to memory cannot fail; if it did, the row would be empty.
pub(super) fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _written = writer.write_record(cells);
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn take_within(lines: impl Iterator<Item = String>, max_tokens: usize) -> Vec<String> {
    let mut left = max_tokens;
    lines
        .map_while(|line| {
            left = left.checked_sub(estimate(&line))?;
            Some(line)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(data: Value, max_tokens: usize) -> Vec<DataText> {
        data_texts(data.as_object().expect("an object"), &["queried"], max_tokens)
    }

    #[test]
    fn an_array_of_objects_becomes_csv_with_every_column() {
        let data = json!({"orders": [{"id": 1, "note": "a, b"}, {"id": 2, "total": 9.5}, {"id": 3, "note": null}]});
        let [text] = texts(data, 500).try_into().expect("one");
        assert_eq!(text.text, "id,note,total\n1,\"a, b\",\n2,,9.5\n3,,\n");
        assert_eq!(text.note, "CSV, all 3 rows");
    }

    #[test]
    fn a_large_table_keeps_whole_rows_of_head_and_tail() {
        let rows: Vec<Value> =
            (0..5000).map(|n| json!({"id": n, "name": format!("Item {n}")})).collect();
        let [text] = texts(json!({"items": rows}), 400).try_into().expect("one");
        assert!(text.text.starts_with("id,name\n0,Item 0\n"));
        assert!(text.text.ends_with("4999,Item 4999\n"));
        assert!(text.note.contains("5000 rows in all") && text.note.contains("left out"));
        assert!(estimate(&text.text) <= 420, "{}", estimate(&text.text));
        for line in text.text.lines().filter(|line| !line.starts_with(['[', 'i'])) {
            assert_eq!(line.split(',').count(), 2, "{line}");
        }
    }

    #[test]
    fn a_table_that_can_be_queried_is_only_sent_while_it_is_small() {
        let rows = |count: usize| -> Vec<Value> { (0..count).map(|n| json!({"id": n})).collect() };
        let [small] = texts(json!({"queried": rows(5)}), 5000).try_into().expect("one");
        assert_eq!(small.note, "CSV, all 5 rows");
        let [large] = texts(json!({"queried": rows(5000)}), 50_000).try_into().expect("one");
        assert_eq!(
            (large.note.as_str(), large.text.as_str()),
            ("a table of 5000 rows, described above", "")
        );
    }

    #[test]
    fn small_values_leave_their_room_to_large_ones() {
        let long = "x y ".repeat(1000);
        let all = texts(json!({"long": long, "short": "hello", "flag": true}), 600);
        assert_eq!(
            all.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
            ["long", "short", "flag"]
        );
        assert!(all.iter().map(|t| estimate(&t.text)).sum::<usize>() > 500);
    }

    #[test]
    fn what_has_no_room_is_named() {
        let long = "x y ".repeat(1000);
        let all = texts(json!({"a": long.clone(), "b": long.clone(), "c": long}), 30);
        let notes: Vec<_> = all.iter().map(|text| text.note.as_str()).collect();
        let missing = "left out for lack of room";
        assert_eq!(notes, [missing, missing, "shortened in the middle"]);
    }
}
