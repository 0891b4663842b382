//! What went wrong with a statement, in sentences that help its author to mend it.

use rusqlite::ErrorCode;

use super::Names;

/// Why there is no result. The sentences are for a model or a person, without internals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// The statement has to be written anew.
    #[error("{0}")]
    Query(String),
    /// `is_over` ended it.
    #[error("the query took too long: read fewer rows, avoid joins without a condition")]
    TimeOver,
    /// What nobody who writes statements can mend; the text is for the log.
    #[error("the query cannot be run now")]
    Internal(String),
}

impl SqlError {
    pub(super) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Words what SQLite says.
pub(super) fn explain(
    error: &rusqlite::Error,
    refused: Option<String>,
    tables: &[Names],
) -> SqlError {
    if let Some(refused) = refused {
        return SqlError::Query(refused);
    }
    if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
        return SqlError::TimeOver;
    }
    match error {
        rusqlite::Error::MultipleStatement => {
            SqlError::Query("send one statement at a time".to_owned())
        }
        rusqlite::Error::InvalidQuery => SqlError::Query("send one plain SELECT".to_owned()),
        rusqlite::Error::SqlInputError { msg, .. } => SqlError::Query(with_names(msg, tables)),
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::TooBig => {
            SqlError::Query("a text in the query grew too long".to_owned())
        }
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::OutOfMemory => {
            SqlError::Query("the query needs too much memory".to_owned())
        }
        rusqlite::Error::SqliteFailure(_, Some(msg)) => SqlError::Query(with_names(msg, tables)),
        other => SqlError::internal(other),
    }
}

/// The message, and what there is when it misses a table or column.
fn with_names(message: &str, tables: &[Names]) -> String {
    let list = |names: &mut dyn Iterator<Item = &String>| {
        names.take(60).map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    if message.starts_with("no such table") {
        let names = list(&mut tables.iter().map(|names| &names.table));
        return format!("{message}; the tables are: {names}");
    }
    if message.starts_with("no such column") {
        let names = list(&mut tables.iter().flat_map(|names| &names.columns));
        return format!("{message}; the columns are: {names}");
    }
    message.to_owned()
}
