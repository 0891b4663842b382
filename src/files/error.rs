//! Why bytes are not understood, and where.

/// Why a file is refused. Its text is a sentence for the person who chose the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Neither CSV nor JSON. `what` is a whole sentence.
    #[error("{what}")]
    UnsupportedKind {
        /// What it is and what to do, as far as that can be told.
        what: String,
    },
    /// The text cannot be decoded.
    #[error("{what} (byte {byte}). Save the file as UTF-8 and try again.")]
    Encoding {
        /// What is wrong with it.
        what: String,
        /// Where, from 0 on.
        byte: usize,
    },
    /// More columns than are allowed.
    #[error("The table has {found} columns or more; at most {limit} are allowed.")]
    TooManyColumns {
        /// As far as they were counted.
        found: usize,
        /// As many as may be.
        limit: usize,
    },
    /// More rows than are allowed.
    #[error("The table has more than {limit} rows.")]
    TooManyRows {
        /// As many as may be.
        limit: usize,
    },
    /// Rows times columns are more than are allowed.
    #[error("The table has more than {limit} cells (rows times columns).")]
    TooManyCells {
        /// As many as may be.
        limit: usize,
    },
    /// More tables in one file than are allowed.
    #[error("The file holds more than {limit} tables.")]
    TooManyTables {
        /// As many as may be.
        limit: usize,
    },
    /// One cell is longer than is allowed.
    #[error("Line {line} has a cell of more than {limit_kb} KB.")]
    CellTooLong {
        /// The line it begins in, from 1 on; in JSON the row.
        line: u64,
        /// As much as may be.
        limit_kb: usize,
    },
    /// The text breaks the rules of its kind.
    #[error("Line {line}{}: {what}", .column.map(|column| format!(", column {column}")).unwrap_or_default())]
    Malformed {
        /// From 1 on.
        line: u64,
        /// The character in the line, from 1 on, where it is known.
        column: Option<u64>,
        /// What is wrong, a sentence.
        what: String,
    },
    /// There is no table in it.
    #[error("The file holds no data.")]
    Empty,
    /// A table that has columns and nothing in them.
    #[error("The file names its columns but has no rows.")]
    NoRows,
    /// Reading it took longer than is allowed.
    #[error("Reading the file took too long.")]
    TooSlow,
}
