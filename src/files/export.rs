//! Tables as CSV for people, who open it with a spreadsheet: a cell that a spreadsheet would take
//! for a formula is made a text.
//!
//! The form is that of RFC 4180: lines end with CRLF, texts stand in quotes, a quote within is
//! doubled. Numbers stand as they are, nothing stands for null, and an empty text is `""`.

use crate::domain::table::{QueryResult, Value};

/// What a formula may begin with; the last four are the same signs in full width, which some
/// spreadsheets read like the plain ones.
const FORMULA_SIGNS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A result as CSV, the names of the columns first.
#[must_use]
pub fn csv(result: &QueryResult) -> String {
    let mut out = String::new();
    push_row(&mut out, result.columns.iter().map(|name| Cell::Text(name)));
    for row in &result.rows {
        push_row(&mut out, row.iter().map(Cell::from));
    }
    out
}

/// A cell of a line of CSV.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// Anything else.
    Text(&'a str),
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Empty,
            Value::Integer(number) => Self::Integer(*number),
            Value::Decimal(number) => Self::Decimal(*number),
            Value::Text(text) => Self::Text(text),
        }
    }
}

/// Appends one line.
pub fn push_row<'a>(out: &mut String, cells: impl IntoIterator<Item = Cell<'a>>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match cell {
            Cell::Empty => {}
            Cell::Integer(number) => out.push_str(&number.to_string()),
            Cell::Decimal(number) => out.push_str(&number.to_string()),
            Cell::Text(text) => push_text(out, text),
        }
    }
    out.push_str("\r\n");
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    if is_formula(text) {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// Whether a spreadsheet might compute the text. A plain number like `-5` it may.
fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA_SIGNS) && !is_plain_number(text)
}

/// An optional sign, digits, and at most one point or comma among them.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = digits.split(['.', ',']);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_some_and(is_digits)
        && parts.next().is_none_or(is_digits)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut out = String::new();
        push_row(&mut out, [Cell::Text(text)]);
        out.trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn what_begins_like_a_formula_becomes_a_text() {
        for sign in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            let text = format!("{sign}cmd|' /C calc'!A0");
            assert_eq!(cell(&text), format!("\"'{text}\""), "{sign:?}");
            assert_eq!(cell(sign), format!("\"'{sign}\""), "{sign:?} alone");
        }
        for text in
            ["-1+2", "+49 30 1234", "-2;3", "=1", "--1", "-1,234.5", "-", "-.5", "+1e5", "-١"]
        {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
    }

    #[test]
    fn every_other_first_character_is_left_alone() {
        for c in (0..=0x2FF).filter_map(char::from_u32) {
            let is_sign = "=+-@\t\r\n".contains(c);
            let quoted = cell(&format!("{c}x"));
            assert_eq!(quoted.starts_with("\"'") && c != '\'', is_sign, "{c:?}");
        }
        for text in ["-5", "+5", "-5.25", "-1,5", "0", "a=1", " =1", "1-2", ""] {
            assert_eq!(cell(text), format!("\"{text}\""));
        }
    }

    #[test]
    fn numbers_stand_without_quotes_and_nothing_for_null() {
        let row = vec![
            Value::Integer(-5),
            Value::Decimal(-0.25),
            Value::Decimal(150.0),
            Value::Null,
            Value::Text(String::new()),
        ];
        let result =
            QueryResult { columns: vec!["=a".to_owned()], rows: vec![row], truncated: false };
        assert_eq!(csv(&result), "\"'=a\"\r\n-5,-0.25,150,,\"\"\r\n");
    }

    #[test]
    fn a_reader_gets_back_what_was_written() {
        let texts = [
            "a,b",
            "say \"hi\"",
            "two\r\nlines",
            "tab\there",
            "ü 漢字 🙂",
            "'x",
            "",
            " x ",
            "\"",
            "a;b",
        ];
        let row = texts.map(|text| Value::Text(text.to_owned())).to_vec();
        let columns: Vec<String> = (0..texts.len()).map(|at| format!("c{at}")).collect();
        let written =
            csv(&QueryResult { columns: columns.clone(), rows: vec![row], truncated: false });
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), columns);
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].iter().collect::<Vec<_>>(), texts);
    }
}
