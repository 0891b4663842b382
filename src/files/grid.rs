//! Cells as they stand in the file: one text and the ends of its parts.
//!
//! A cell costs four bytes beside its text, a row four more, and rows may be short: what is not
//! there costs nothing and reads as empty.

/// Rows of cells.
#[derive(Debug, Default)]
pub(super) struct Grid {
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<u32>,
    /// Where each row ends in `ends`.
    rows: Vec<u32>,
}

impl Grid {
    /// For a file of this size: the text cannot grow beyond it, so it is not moved while it grows.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ..Self::default() }
    }

    /// Adds a cell to the row that is being written. `false`: there is no room for it.
    #[must_use]
    pub(super) fn push(&mut self, cell: &str) -> bool {
        self.text.push_str(cell);
        let end = u32::try_from(self.text.len());
        self.ends.push(end.unwrap_or(u32::MAX));
        end.is_ok() && self.ends.len() < u32::MAX as usize
    }

    /// Ends the row.
    pub(super) fn end_row(&mut self) {
        self.rows.push(u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
    }

    /// How many rows are complete.
    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The cell; empty where the row is shorter.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let (first, end) = self.row_bounds(row);
        match first + column {
            cell if cell < end => self.text_of(cell),
            _ => "",
        }
    }

    /// All cells that the row really has.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        let (first, end) = self.row_bounds(row);
        (first..end).map(|cell| self.text_of(cell))
    }

    /// Drops the memory that was set aside for more.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    fn row_bounds(&self, row: usize) -> (usize, usize) {
        (start(&self.rows, row), end(&self.rows, row))
    }

    fn text_of(&self, cell: usize) -> &str {
        self.text.get(start(&self.ends, cell)..end(&self.ends, cell)).unwrap_or_default()
    }
}

fn start(ends: &[u32], part: usize) -> usize {
    part.checked_sub(1).map_or(0, |before| end(ends, before))
}

fn end(ends: &[u32], part: usize) -> usize {
    ends.get(part).map_or(0, |end| *end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_row_reads_as_empty_where_it_ends() {
        let mut grid = Grid::default();
        assert!(grid.push("a") && grid.push("") && grid.push("ç"));
        grid.end_row();
        assert!(grid.push("b"));
        grid.end_row();
        assert_eq!(grid.row_count(), 2);
        assert_eq!(grid.row(0).collect::<Vec<_>>(), ["a", "", "ç"]);
        assert_eq!((grid.cell(0, 2), grid.cell(1, 0), grid.cell(1, 1)), ("ç", "b", ""));
        assert_eq!((grid.cell(1, 2), grid.cell(2, 0), grid.cell(9, 9)), ("", "", ""));
    }
}
