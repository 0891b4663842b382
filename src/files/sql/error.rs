//! What went wrong with a statement, in sentences that help its author to mend it.

use rusqlite::{Error, ErrorCode};

use super::Names;

/// The names that a sentence lists at most.
const MAX_NAMES: usize = 60;

/// Why there is no result. The sentences are for a model or a person, without internals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// The statement has to be written anew.
    #[error("{0}")]
    Query(String),
    /// `is_over` ended it.
    #[error("the query took too long: read fewer rows, and join tables only on a condition")]
    TimeOver,
    /// What nobody who writes statements can mend; the text is for the log.
    #[error("the query cannot be run now")]
    Internal(String),
}

impl SqlError {
    pub(super) fn query(sentence: impl Into<String>) -> Self {
        Self::Query(sentence.into())
    }

    pub(super) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Words what SQLite says.
pub(super) fn explain(error: &Error, refused: Option<String>, tables: &[Names]) -> SqlError {
    if let Some(refused) = refused {
        return SqlError::Query(refused);
    }
    match (error, error.sqlite_error_code()) {
        (_, Some(ErrorCode::OperationInterrupted)) => SqlError::TimeOver,
        (_, Some(ErrorCode::TooBig)) => SqlError::query("a text in the query grew too long"),
        (_, Some(ErrorCode::OutOfMemory)) => SqlError::query("the query needs too much memory"),
        (Error::MultipleStatement, _) => SqlError::query("send one statement at a time"),
        (Error::InvalidQuery, _) => {
            SqlError::query("send one plain SELECT, without parameters and without EXPLAIN")
        }
        (Error::SqlInputError { msg, .. } | Error::SqliteFailure(_, Some(msg)), _) => {
            SqlError::Query(with_help(msg, tables))
        }
        _ => SqlError::internal(error),
    }
}

/// SQLite's words, and what there is instead of what it misses.
fn with_help(message: &str, tables: &[Names]) -> String {
    let help = if let Some(name) = message.strip_prefix("no such table: ") {
        missing_table(name, tables)
    } else if let Some(rest) = message.strip_prefix("no such column: ") {
        missing_column(rest.split(" - ").next().unwrap_or(rest), tables)
    } else if let Some(name) = message.strip_prefix("no such function: ") {
        missing_function(name)
    } else {
        String::new()
    };
    format!("{message}{help}")
}

fn missing_table(name: &str, tables: &[Names]) -> String {
    let names: Vec<&str> = tables.iter().map(|names| names.table.as_str()).collect();
    match names.is_empty() {
        true => "; there are no tables".to_owned(),
        false => format!("{}; the tables are {}", meant(name, &names), list(&names)),
    }
}

fn missing_column(name: &str, tables: &[Names]) -> String {
    let (of, column) = name.rsplit_once('.').unwrap_or(("", name));
    let of_table = |names: &&Names| names.table.eq_ignore_ascii_case(of);
    let asked: Vec<&Names> = match tables.iter().find(of_table) {
        Some(table) => vec![table],
        None => tables.iter().collect(),
    };
    let all: Vec<&str> =
        asked.iter().flat_map(|names| names.columns.iter().map(String::as_str)).collect();
    let mut help = meant(column, &all);
    for names in asked.iter().take(5) {
        let columns: Vec<&str> = names.columns.iter().map(String::as_str).collect();
        help.push_str(&format!("; {} has {}", names.table, list(&columns)));
    }
    help
}

/// What other dialects call it, and how it is said here.
fn missing_function(name: &str) -> String {
    const INSTEAD: &[(&[&str], &str)] = &[
        (
            &["date_trunc", "to_char", "date_format", "extract", "datepart", "format_date"],
            "strftime('%Y-%m', day), year(day), month(day)",
        ),
        (&["now", "getdate", "curdate", "current_date"], "date('now')"),
        (&["datediff", "date_diff"], "julianday(a) - julianday(b)"),
        (&["dateadd", "date_add", "date_sub"], "date(day, '+1 month')"),
        (&["len", "char_length"], "length(text)"),
        (&["to_number", "to_date", "convert"], "cast(value as real)"),
        (&["percentile_cont", "percentile_disc", "quantile"], "percentile(value, 90)"),
        (&["left", "right", "mid"], "substr(text, from, count)"),
        (&["isnull", "nvl"], "coalesce(value, 0)"),
        (
            &["regexp", "regexp_like", "regexp_replace", "regexp_matches"],
            "like or instr(text, part)",
        ),
        (&["string_split", "split_part"], "instr(text, part) and substr(text, from, count)"),
        (&["array_agg", "listagg"], "group_concat(value, ', ')"),
    ];
    let name = name.to_ascii_lowercase();
    let instead = INSTEAD.iter().find(|(names, _)| names.contains(&name.as_str()));
    instead.map(|(_, instead)| format!("; use {instead}")).unwrap_or_default()
}

fn list(names: &[&str]) -> String {
    let shown = names.iter().take(MAX_NAMES).copied().collect::<Vec<_>>().join(", ");
    if names.len() > MAX_NAMES { format!("{shown} and more") } else { shown }
}

/// The name that is nearest, if one is near.
fn meant(name: &str, names: &[&str]) -> String {
    let wanted: String = name.to_lowercase().chars().filter(|c| !matches!(c, '"' | '`')).collect();
    let wanted = wanted.replace([' ', '-'], "_");
    let near = |candidate: &&&str| {
        let most = candidate.len().max(wanted.len()) / 3;
        distance(&wanted, candidate) <= most.max(1)
            || (wanted.len() > 3 && candidate.contains(&wanted))
            || (candidate.len() > 3 && wanted.contains(**candidate))
    };
    let nearest = names.iter().filter(near).min_by_key(|candidate| distance(&wanted, candidate));
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// How many characters have to be changed, put in or taken out to make one name of the other.
/// Names are short, so the time is too; long ones are cut.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().take(64).enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (above, d) in row.iter().skip(1).zip(&other) {
            left = (diagonal + usize::from(c != *d)).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_changes() {
        for (one, other, changes) in [
            ("", "", 0),
            ("region", "region", 0),
            ("regoin", "region", 2),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), changes, "{one} {other}");
            assert_eq!(distance(other, one), changes, "{other} {one}");
        }
    }
}
