//! How large a file's tables may be.

use crate::files::error::FileError;

/// The limits of reading one file. `docs/limits.md` has the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseLimits {
    /// Columns of a table.
    pub columns: usize,
    /// Rows of a table.
    pub rows: usize,
    /// Rows times columns of a table: a few wide rows among many short ones cost as much as if
    /// all were wide, once they are loaded.
    pub cells: usize,
    /// Tables of a file.
    pub tables: usize,
    /// Bytes of a cell.
    pub cell_bytes: usize,
    /// Characters of a column's name; a longer one is cut and a note says so.
    pub name_chars: usize,
}

impl Default for ParseLimits {
    fn default() -> Self {
        Self {
            columns: 512,
            rows: 200_000,
            cells: 10_000_000,
            tables: 32,
            cell_bytes: 64 * 1024,
            name_chars: 256,
        }
    }
}

impl ParseLimits {
    /// # Errors
    /// More columns than may be.
    pub(super) fn check_columns(&self, found: usize) -> Result<(), FileError> {
        if found > self.columns {
            return Err(FileError::TooManyColumns { found, limit: self.columns });
        }
        Ok(())
    }

    /// # Errors
    /// More rows or cells than may be.
    pub(super) fn check_size(&self, rows: usize, columns: usize) -> Result<(), FileError> {
        if rows > self.rows {
            return Err(FileError::TooManyRows { limit: self.rows });
        }
        if rows.saturating_mul(columns) > self.cells {
            return Err(FileError::TooManyCells { limit: self.cells });
        }
        Ok(())
    }

    /// # Errors
    /// The cell is longer than may be.
    pub(super) fn check_cell(&self, bytes: usize, line: u64) -> Result<(), FileError> {
        if bytes > self.cell_bytes {
            return Err(FileError::CellTooLong { line, limit_kb: self.cell_bytes / 1024 });
        }
        Ok(())
    }
}
