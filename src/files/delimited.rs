//! Cells with a delimiter between them: CSV and its kin.

use crate::files::delimited::header::Layout;
use crate::files::delimited::records::{Records, said};
use crate::files::error::FileError;
use crate::files::grid::Grid;
use crate::files::limits::ParseLimits;
use crate::files::table::{NAMED_ROWS, Raw};
use crate::files::types::number::Mark;

mod header;
mod records;
mod sniff;

/// Records that are looked at to find out how the file is laid out.
const HEAD_RECORDS: usize = 50;

/// # Errors
/// Beyond a limit, a quote that is never closed, or nothing in it.
pub(super) fn read(
    text: &str,
    limits: &ParseLimits,
    deadline: &dyn Fn() -> bool,
) -> Result<Raw, FileError> {
    let (body, given) = sniff::said(text);
    let skipped_lines = u64::from(body.len() < text.len());
    let delimiter = given.unwrap_or_else(|| sniff::delimiter(body));
    let open = || Records::new(body, delimiter, skipped_lines, limits, deadline);
    let head = open().head(HEAD_RECORDS)?;
    let layout = Layout::of(&head).ok_or(FileError::Empty)?;
    let mut rows = Rows::new(&layout, body.len(), limits);
    let mut records = open();
    for _ in 0..layout.skip {
        records.next()?;
    }
    while let Some(record) = records.next()? {
        rows.add(record)?;
    }
    let mut raw = rows.finish(layout)?;
    raw.mark = match delimiter {
        b';' => Some(Mark::Comma),
        b',' => Some(Mark::Point),
        _ => None,
    };
    Ok(raw)
}

/// Rows that do not have as many cells as there are columns.
#[derive(Default)]
struct Ragged {
    count: u64,
    /// The first few of them.
    named: Vec<usize>,
}

impl Ragged {
    fn add(&mut self, row: usize) {
        self.count += 1;
        if self.named.len() < NAMED_ROWS {
            self.named.push(row);
        }
    }

    fn note(&self, what: &str, done: &str) -> Option<String> {
        let named: Vec<String> = self.named.iter().map(usize::to_string).collect();
        let named = named.join(", ");
        match self.count {
            0 => None,
            1 => Some(format!("Row {named} has {what} than there are columns: {done}.")),
            count if count as usize == self.named.len() => {
                Some(format!("Rows {named} have {what} than there are columns: {done}."))
            }
            count => Some(format!(
                "{count} rows have {what} than there are columns (the first are {named}): {done}."
            )),
        }
    }
}

/// Collects the rows below the header.
struct Rows<'a> {
    grid: Grid,
    width: usize,
    limits: &'a ParseLimits,
    short: Ragged,
    long: Ragged,
    blank: u64,
    /// Cells of the row that says most at its end.
    widest: usize,
}

impl<'a> Rows<'a> {
    fn new(layout: &Layout, bytes: usize, limits: &'a ParseLimits) -> Self {
        Self {
            grid: Grid::with_capacity(bytes),
            width: layout.columns.len(),
            limits,
            short: Ragged::default(),
            long: Ragged::default(),
            blank: 0,
            widest: 0,
        }
    }

    fn add(&mut self, record: &csv::StringRecord) -> Result<(), FileError> {
        let said = said(record);
        if said == 0 {
            self.blank += 1;
            return Ok(());
        }
        let row = self.grid.row_count() + 1;
        self.limits.check_size(row, self.width)?;
        if record.len() < self.width {
            self.short.add(row);
        } else if said > self.width {
            self.long.add(row);
        }
        self.widest = self.widest.max(said);
        for cell in record.iter().take(self.width.min(said)) {
            if !self.grid.push(cell.trim()) {
                return Err(FileError::TooManyCells { limit: self.limits.cells });
            }
        }
        self.grid.end_row();
        Ok(())
    }

    fn finish(mut self, layout: Layout) -> Result<Raw, FileError> {
        let mut columns = layout.columns;
        // Spreadsheets save empty columns at the end.
        while columns.len() > self.widest && columns.last().is_some_and(String::is_empty) {
            columns.pop();
        }
        if columns.is_empty() {
            return Err(FileError::Empty);
        }
        self.limits.check_columns(columns.len())?;
        if self.grid.row_count() == 0 {
            return Err(FileError::NoRows);
        }
        let mut notes = layout.notes;
        notes.extend(self.short.note("fewer cells", "the missing ones are empty"));
        notes.extend(self.long.note("more cells", "what is beyond is left out"));
        if self.blank > 0 {
            let rows = if self.blank == 1 { "One empty row was" } else { "Empty rows were" };
            notes.push(format!("{rows} left out."));
        }
        let long =
            columns.iter().filter(|name| name.chars().count() > self.limits.name_chars).count();
        if long > 0 {
            notes.push(format!(
                "Names of more than {} characters were cut.",
                self.limits.name_chars
            ));
        }
        notes.extend(total_note(&self.grid));
        self.grid.shrink();
        Ok(Raw { columns, grid: self.grid, notes, ..Raw::default() })
    }
}

/// Words that the last row of a report begins with; that row would be added up once more.
const TOTALS: &[&str] =
    &["total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "totale"];

fn total_note(grid: &Grid) -> Option<String> {
    let last = grid.row_count().checked_sub(1).filter(|last| *last > 0)?;
    let first = grid.row(last).find(|cell| !cell.is_empty())?;
    let word = first.trim_end_matches(':').to_lowercase();
    TOTALS.contains(&word.as_str()).then(|| {
        format!("The last row looks like a total (\"{first}\"): it is kept, and counts like any other row.")
    })
}
