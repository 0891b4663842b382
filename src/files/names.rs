//! Names of tables and columns: as people see them, and as SQL takes them without quotes.

use std::collections::{HashMap, HashSet};

use crate::domain::table::MAX_COLUMN_NAME_CHARS;
use crate::files::names::keywords::is_keyword;
use crate::files::names::latin::fold;

mod keywords;
pub(super) mod latin;

/// The longest name in SQL, bytes: longer ones only cost the model's attention.
const MAX_SQL_NAME: usize = 64;

/// Names that are all different, in the order they were asked for.
#[derive(Debug, Default)]
pub(super) struct Unique {
    taken: HashSet<String>,
    /// The number that comes next after a name, so that many same names stay cheap.
    next: HashMap<String, u32>,
}

impl Unique {
    /// The name itself, or with the first number after `separator` that makes it a new one.
    pub(super) fn name(&mut self, wanted: &str, separator: char) -> String {
        let mut name = wanted.to_owned();
        while !self.taken.insert(name.to_lowercase()) {
            let next = self.next.entry(wanted.to_lowercase()).or_insert(1);
            *next += 1;
            name = format!("{wanted}{separator}{next}");
        }
        name
    }
}

/// A column's name as people may see it: one line, no invisible characters, at most
/// [`MAX_COLUMN_NAME_CHARS`]; empty when nothing is left.
pub(super) fn shown(name: &str) -> String {
    let mut cleaned = String::new();
    for (count, c) in name.trim().chars().filter(|c| !is_invisible(*c)).enumerate() {
        if count >= MAX_COLUMN_NAME_CHARS * 4 {
            break;
        }
        match c.is_whitespace() || c.is_control() {
            true if cleaned.ends_with(' ') || cleaned.is_empty() => {}
            true => cleaned.push(' '),
            false => cleaned.push(c),
        }
    }
    cleaned.chars().take(MAX_COLUMN_NAME_CHARS).collect::<String>().trim_end().to_owned()
}

/// Marks of direction, joiners and other characters that show nothing but change what is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The name in SQL: lower case letters, digits and `_`, no keyword; empty when nothing is left.
pub(super) fn sql(name: &str) -> String {
    let mut folded = String::new();
    for c in name.chars() {
        if folded.len() >= MAX_SQL_NAME {
            break;
        }
        match c {
            c if c.is_ascii_alphanumeric() => folded.push(c.to_ascii_lowercase()),
            c => match fold(c) {
                Some(letters) => folded.push_str(letters),
                None if folded.is_empty() || folded.ends_with('_') => {}
                None => folded.push('_'),
            },
        }
    }
    let name = folded.trim_end_matches('_');
    match name.as_bytes().first() {
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        _ if name.starts_with("sqlite_") => format!("_{name}"),
        _ if is_keyword(name) => format!("{name}_"),
        _ => name.to_owned(),
    }
}

/// A file's name as people may see it.
pub(super) fn source(file: &str) -> String {
    shown(file.rsplit(['/', '\\']).next().unwrap_or(file))
}

/// A table's name in SQL from a file's name or a key: `Sales 2024.csv` becomes `sales_2024`.
#[must_use]
pub fn table_name(source: &str) -> String {
    let known = ["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "geojson"];
    let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
    let stem = match file.rsplit_once('.') {
        Some((stem, extension))
            if known.iter().any(|known| extension.eq_ignore_ascii_case(known)) =>
        {
            stem
        }
        _ => file,
    };
    table_key(stem)
}

/// A table's name in SQL from a key in JSON.
pub(super) fn table_key(key: &str) -> String {
    match sql(key) {
        empty if empty.is_empty() => "data".to_owned(),
        name => name,
    }
}

/// The wanted name, or with the first number that makes it differ from the taken ones.
#[must_use]
pub fn unused_table_name<'a>(wanted: &str, taken: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = Unique::default();
    names.taken.extend(taken.into_iter().map(str::to_lowercase));
    names.name(wanted, '_')
}

/// Shown names and SQL names of a table's columns, from what the file calls them.
pub(super) fn columns<'a>(raw: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    let (mut seen, mut in_sql) = (Unique::default(), Unique::default());
    let both = |(index, raw): (usize, &str)| {
        let unnamed = format!("column_{}", index + 1);
        let shown = shown(raw);
        let wanted = if shown.is_empty() { &unnamed } else { &shown };
        let folded = sql(wanted);
        let folded = if folded.is_empty() { unnamed.clone() } else { folded };
        (seen.name(wanted, ' '), in_sql.name(&folded, '_'))
    };
    raw.into_iter().enumerate().map(both).collect()
}

#[cfg(test)]
mod tests;
