//! A table that is being collected: a row may name its cells in any order.

use std::collections::HashMap;

use crate::files::error::FileError;
use crate::files::grid::Grid;
use crate::files::limits::ParseLimits;

/// One table, and the row of it that is open.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The name in SQL.
    pub(super) name: String,
    /// The path of keys that leads to it, for people; empty for the outermost one.
    pub(super) path: String,
    /// Whether other tables refer to its rows.
    pub(super) has_parts: bool,
    pub(super) columns: Vec<String>,
    /// Columns in which a JSON number stands.
    pub(super) numbers: Vec<bool>,
    /// Lists that were too long for a cell.
    pub(super) cut: u64,
    pub(super) grid: Grid,
    places: HashMap<String, usize>,
    /// The text of the open row's cells, and where each column's is in it.
    text: String,
    spans: Vec<(usize, usize)>,
    /// The column that was written last: mostly the next one follows.
    latest: usize,
}

impl Draft {
    pub(super) fn new(name: String, path: String) -> Self {
        Self { name, path, ..Self::default() }
    }

    /// The row that is open, from 1 on.
    pub(super) fn row(&self) -> usize {
        self.grid.row_count() + 1
    }

    /// Whether nothing was ever written.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(super) fn begin_row(&mut self) {
        self.text.clear();
        self.spans.clear();
        self.latest = 0;
    }

    /// Writes a cell of the open row. The later of two with the same name counts.
    ///
    /// # Errors
    /// One column too many, or the cell is too long.
    pub(super) fn put(
        &mut self,
        column: &str,
        cell: &str,
        is_number: bool,
        limits: &ParseLimits,
    ) -> Result<(), FileError> {
        limits.check_cell(cell.len(), self.row() as u64)?;
        let place = self.place(column, limits)?;
        if self.spans.len() <= place {
            self.spans.resize(place + 1, (0, 0));
        }
        let start = self.text.len();
        self.text.push_str(cell);
        if let Some(span) = self.spans.get_mut(place) {
            *span = (start, self.text.len());
        }
        if let Some(numbers) = self.numbers.get_mut(place).filter(|_| is_number) {
            *numbers = true;
        }
        self.latest = place;
        Ok(())
    }

    /// # Errors
    /// One row or one cell too many.
    pub(super) fn end_row(&mut self, limits: &ParseLimits) -> Result<(), FileError> {
        limits.check_size(self.row(), self.columns.len())?;
        for (start, end) in &self.spans {
            if !self.grid.push(self.text.get(*start..*end).unwrap_or_default()) {
                return Err(FileError::TooManyCells { limit: limits.cells });
            }
        }
        self.grid.end_row();
        Ok(())
    }

    fn place(&mut self, column: &str, limits: &ParseLimits) -> Result<usize, FileError> {
        for guess in [self.latest + 1, 0] {
            if self.columns.get(guess).is_some_and(|name| name == column) {
                return Ok(guess);
            }
        }
        if let Some(place) = self.places.get(column) {
            return Ok(*place);
        }
        let place = self.columns.len();
        limits.check_columns(place + 1)?;
        self.columns.push(column.to_owned());
        self.numbers.push(false);
        self.places.insert(column.to_owned(), place);
        Ok(place)
    }
}
