//! What SQLite's error codes mean to a caller.

use rusqlite::{Error, ErrorCode, ffi};

use crate::store::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        let Error::SqliteFailure(failure, _) = error else { return Self::Internal(text) };
        match (failure.code, failure.extended_code) {
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy(text),
            // A file system that is full shows as any of these, depending on which file wanted to
            // grow. A failed fsync is not among them: nobody knows what the disk holds after it.
            (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE) => {
                Self::Full(text)
            }
            _ => Self::Internal(text),
        }
    }
}

impl StoreError {
    /// The same failure, told with what the store was doing.
    pub(super) fn during(self, what: &str) -> Self {
        match self {
            Self::Busy(text) => Self::Busy(format!("{what}: {text}")),
            Self::Full(text) => Self::Full(format!("{what}: {text}")),
            Self::Internal(text) => Self::Internal(format!("{what}: {text}")),
        }
    }
}
