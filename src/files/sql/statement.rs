//! What is checked before SQLite sees a text: that it is one statement, and short.

use super::SqlError;

/// The longest statement.
pub const MAX_SQL_BYTES: usize = 20_000;

/// Refuses what is not one statement.
pub(super) fn check(sql: &str) -> Result<(), SqlError> {
    if sql.len() > MAX_SQL_BYTES {
        return Err(SqlError::Query(format!(
            "the query is too long: at most {MAX_SQL_BYTES} bytes"
        )));
    }
    if sql.contains('\0') {
        return Err(SqlError::query("the query contains a NUL character"));
    }
    match statements(sql) {
        0 => Err(SqlError::Query("the query is empty: send one SELECT".to_owned())),
        1 => Ok(()),
        _ => Err(SqlError::Query(
            "send one statement at a time, without a second after `;`".to_owned(),
        )),
    }
}

/// How many statements a text holds: parts between semicolons that say anything. Semicolons in
/// strings, quoted names and comments separate nothing.
fn statements(sql: &str) -> usize {
    let mut count = 0;
    let mut says_anything = false;
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let length = token(rest, c);
        let is_comment = length > 1 && (rest.starts_with("--") || rest.starts_with("/*"));
        match c {
            ';' => {
                count += usize::from(says_anything);
                says_anything = false;
            }
            c if c.is_whitespace() || is_comment => {}
            _ => says_anything = true,
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    count + usize::from(says_anything)
}

/// The length of what begins with `c`: a quoted piece and a comment are one.
fn token(rest: &str, c: char) -> usize {
    let to_the_end_of = |end: &str, from: usize| {
        let found = rest.get(from..).and_then(|inner| inner.find(end));
        found.map_or(rest.len(), |at| from + at + end.len())
    };
    match c {
        '\'' => to_the_end_of("'", 1),
        '"' => to_the_end_of("\"", 1),
        '`' => to_the_end_of("`", 1),
        '[' => to_the_end_of("]", 1),
        '-' if rest.starts_with("--") => to_the_end_of("\n", 2),
        '/' if rest.starts_with("/*") => to_the_end_of("*/", 2),
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_in_texts_names_and_comments_separate_nothing() {
        for (sql, count) in [
            ("", 0),
            (" ;; -- x\n /* ; */ ;", 0),
            ("select 1", 1),
            ("select 1;", 1),
            ("select ';', \";\", `;`, [;]", 1),
            ("select 1 -- ; select 2", 1),
            ("select 1 /* ; select 2 */", 1),
            ("select 'it''s; fine'", 1),
            ("select 1 - - 2 / 3", 1),
            ("select 1; select 2", 2),
            ("select 1; -- x\n select 2", 2),
            ("select ''';'; select 2", 2),
            ("select 'ä'; select 'ü", 2),
        ] {
            assert_eq!(statements(sql), count, "{sql}");
        }
    }
}
