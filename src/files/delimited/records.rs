//! Records of a delimited text, within the limits.

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::files::error::FileError;
use crate::files::limits::ParseLimits;
use crate::files::table::check;

/// Records between two looks at the clock.
const CHECK_EVERY: u64 = 1024;

/// Reads one record after the other.
pub(super) struct Records<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    delimiter: u8,
    record: StringRecord,
    /// Lines in front of the text.
    skipped_lines: u64,
    limits: &'a ParseLimits,
    deadline: &'a dyn Fn() -> bool,
    count: u64,
    /// Where the latest record begins, bytes.
    start: usize,
}

pub(super) fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder.buffer_capacity(64 * 1024).from_reader(text.as_bytes())
}

impl<'a> Records<'a> {
    pub(super) fn new(
        text: &'a str,
        delimiter: u8,
        skipped_lines: u64,
        limits: &'a ParseLimits,
        deadline: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            text,
            reader: reader(text, delimiter),
            delimiter,
            record: StringRecord::new(),
            skipped_lines,
            limits,
            deadline,
            count: 0,
            start: 0,
        }
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// Beyond a limit, or the text ends inside of quotes.
    pub(super) fn next(&mut self) -> Result<Option<&StringRecord>, FileError> {
        if self.count.is_multiple_of(CHECK_EVERY) {
            check(self.deadline)?;
        }
        self.count += 1;
        let is_read = self.reader.read_record(&mut self.record).map_err(|error| {
            FileError::Malformed { line: self.line(), column: None, what: error.to_string() }
        })?;
        if !is_read {
            return self.check_quotes().map(|()| None);
        }
        self.start = self.record.position().map_or(0, byte);
        self.check_record()?;
        Ok(Some(&self.record))
    }

    /// The first so many records. A text that ends inside of quotes is told later.
    ///
    /// # Errors
    /// Beyond a limit.
    pub(super) fn head(mut self, most: usize) -> Result<Vec<Vec<String>>, FileError> {
        let mut head = Vec::new();
        while head.len() < most
            && let Some(record) = self.next()?
        {
            head.push(record.iter().map(|cell| cell.trim().to_owned()).collect());
        }
        Ok(head)
    }

    fn check_record(&self) -> Result<(), FileError> {
        // Only a long record can have a long cell or many cells.
        let bytes = self.record.as_slice().len();
        if bytes > self.limits.cell_bytes
            && let Some(long) = self.record.iter().map(str::len).max()
        {
            let checked = self.limits.check_cell(long, self.line());
            if checked.is_err() {
                return self.check_quotes().and(checked);
            }
        }
        if self.record.len() > self.limits.columns {
            self.limits.check_columns(said(&self.record))?;
        }
        Ok(())
    }

    /// # Errors
    /// The latest record ends because the text does, inside of quotes.
    fn check_quotes(&self) -> Result<(), FileError> {
        let rest = self.text.get(self.start..).unwrap_or_default();
        let is_last = self.reader.position().byte() >= self.text.len() as u64;
        match open_quote(rest, self.delimiter).filter(|_| is_last) {
            None => Ok(()),
            Some(at) => {
                let before = self.text.get(..self.start + at).unwrap_or_default();
                let line = self.skipped_lines + 1 + before.matches('\n').count() as u64;
                let what = "a quotation mark opens here and is never closed.".to_owned();
                Err(FileError::Malformed { line, column: None, what })
            }
        }
    }

    /// The line that the latest record begins in. Empty lines in front of it belong to it.
    fn line(&self) -> u64 {
        let rest = self.text.get(self.start..).unwrap_or_default();
        let is_break = |c: &u8| matches!(c, b'\r' | b'\n');
        let breaks = rest.bytes().take_while(is_break).filter(|c| *c == b'\n').count() as u64;
        let line = self.record.position().map_or(self.count, csv::Position::line);
        self.skipped_lines + line + breaks
    }
}

/// How many cells there are up to the last one that says something.
pub(super) fn said(record: &StringRecord) -> usize {
    let silent = record.iter().rev().take_while(|cell| cell.trim().is_empty()).count();
    record.len() - silent
}

fn byte(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// Where the quotation mark stands that is still open at the end, by the rules of the csv crate: it
/// opens at the beginning of a cell, a doubled one is a character, after a closing one anything goes.
fn open_quote(text: &str, delimiter: u8) -> Option<usize> {
    let mut is_start = true;
    let mut opened = None;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        if opened.is_some() {
            if byte == b'"' && bytes.next_if(|(_, next)| *next == b'"').is_none() {
                opened = None;
            }
            continue;
        }
        if byte == b'"' && is_start {
            opened = Some(at);
        }
        is_start = byte == delimiter || matches!(byte, b'\r' | b'\n');
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_counts_as_open_only_where_the_csv_crate_opens_one() {
        for (text, expected) in [
            ("a,b", None),
            ("a,\"b", Some(2)),
            ("a,\"b\"", None),
            ("a,\"b\"\"", Some(2)),
            ("a,\"b\"\"\"", None),
            ("5\" pipe,b", None),
            ("\"a\"x\"y,b", None),
            ("\"a\nb", Some(0)),
            ("\"\"", None),
            ("\"", Some(0)),
        ] {
            assert_eq!(open_quote(text, b','), expected, "{text}");
        }
    }
}
