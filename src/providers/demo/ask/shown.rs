//! Values and texts of a file as they are shown to people, in markdown.

use crate::domain::table::{ColumnProfile, ColumnType, Value};

/// How long a cell is shown.
const MAX_CELL_CHARS: usize = 60;

/// A value for people: with its unit, in the widths of English.
pub(super) fn shown(value: &Value, column: Option<&ColumnProfile>) -> String {
    let kind = column.map_or(ColumnType::Text, |column| column.kind);
    let unit = column.and_then(|column| column.unit.as_deref()).unwrap_or_default();
    let with_unit = |number: String| match unit {
        "" => number,
        unit => format!("{number} {}", plain(unit)),
    };
    let is_year = column.is_some_and(|column| column.name.to_lowercase().ends_with("year"));
    match value {
        Value::Null => "(empty)".to_owned(),
        Value::Integer(number) if kind == ColumnType::Boolean => {
            (if *number == 0 { "no" } else { "yes" }).to_owned()
        }
        Value::Integer(number) if is_year || kind == ColumnType::Identifier => number.to_string(),
        Value::Integer(number) => with_unit(grouped(&number.to_string())),
        Value::Decimal(number) if is_year && number.fract() == 0.0 => number.to_string(),
        Value::Decimal(number) => with_unit(decimal(*number, kind == ColumnType::Currency)),
        Value::Text(text) => {
            let text = plain(text);
            match text.char_indices().nth(MAX_CELL_CHARS) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
                None => text,
            }
        }
    }
}

/// Two places behind the point; more for what would be nothing then. Money always has two.
pub(super) fn decimal(number: f64, is_money: bool) -> String {
    let is_small = number != 0.0 && number.abs() < 0.1;
    let text = if is_small { format!("{number:.5}") } else { format!("{number:.2}") };
    let text = match (is_money && !is_small, text.as_str()) {
        (true, text) => text,
        (false, text) => text.trim_end_matches('0').trim_end_matches('.'),
    };
    grouped(if text == "-0" { "0" } else { text })
}

/// `1234567.5` is `1,234,567.5`.
pub(super) fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Text from a file in markdown: no signs that markdown reads, no line breaks.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => plain.push(' '),
            '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '#' | '\\' | '~' => {
                plain.push('\\');
                plain.push(c);
            }
            c => plain.push(c),
        }
    }
    plain
}

pub(super) fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        let cases = [
            (1_234_567.5, false, "1,234,567.5"),
            (12.0, true, "12.00"),
            (-1234.0, false, "-1,234"),
            (0.012_345_6, false, "0.01235"),
            (0.0, false, "0"),
            (99.999, true, "100.00"),
        ];
        for (number, is_money, expected) in cases {
            assert_eq!(decimal(number, is_money), expected);
        }
    }

    #[test]
    fn a_value_cannot_make_markdown() {
        assert_eq!(plain("[a](http://b)\n|`*_x"), "\\[a\\](http://b) \\|\\`\\*\\_x");
    }
}
