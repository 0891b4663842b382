//! Why a file, or a question to it, is refused.

use crate::files::FileError;
use crate::files::sql::SqlError;
use crate::service::ServiceError;

/// Why a file or a question to it is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// The owner takes no files.
    #[error("files are off")]
    Off,
    /// The session has no file, or not that one.
    #[error("no such file")]
    NotFound,
    /// Of another kind than is taken.
    #[error("{0}")]
    Kind(String),
    /// Broken, or beyond a limit on what is in it; a sentence.
    #[error("{0}")]
    Unreadable(String),
    /// Reading it took too long.
    #[error("reading the file took too long")]
    TooSlow,
    /// The session has as many as it may have.
    #[error("the session has {most} files")]
    TooMany {
        /// So many.
        most: u64,
    },
    /// The session's files would hold too much together.
    #[error("the session's files would hold more than {most_bytes} bytes")]
    SessionFull {
        /// So much they may hold.
        most_bytes: u64,
    },
    /// No more files are kept on this server.
    #[error("no more files are kept")]
    StoreFull,
    /// A question that cannot be answered; a sentence.
    #[error("{0}")]
    QueryRefused(String),
    /// A question that took too long; a sentence.
    #[error("{0}")]
    QueryTooSlow(String),
}

impl From<FileError> for FileProblem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::UnsupportedKind { what } => Self::Kind(what),
            FileError::TooSlow => Self::TooSlow,
            other => Self::Unreadable(other.to_string()),
        }
    }
}

impl From<SqlError> for ServiceError {
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Internal(cause) => Self::Internal(cause),
            SqlError::TimeOver => FileProblem::QueryTooSlow(error.to_string()).into(),
            SqlError::Query(_) => FileProblem::QueryRefused(error.to_string()).into(),
        }
    }
}
