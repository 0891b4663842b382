//! All tables of a JSON document while it is read.

use std::collections::HashMap;

use serde::de::Error;

use crate::files::error::FileError;
use crate::files::json::draft::Draft;
use crate::files::limits::ParseLimits;
use crate::files::names::{self, Unique};
use crate::files::table::{Raw, check};

/// The column that refers to the rows of a table's parent ends in this.
const PARENT_ROW: &str = "_row";

/// Cells between two looks at the clock.
const CHECK_EVERY: u64 = 4096;

/// A table among the drafts.
pub(super) type Place = usize;

/// The outermost table: rows of the outermost array, or the fields of the outermost object.
pub(super) const OUTERMOST: Place = 0;

/// Tables while they are collected. What goes wrong is kept here, because the JSON reader only lets
/// errors of its own through.
pub(super) struct Drafts<'a> {
    drafts: Vec<Draft>,
    /// The table below a table's key, so that each is looked for once.
    parts: HashMap<(Place, String), Place>,
    names: Unique,
    limits: &'a ParseLimits,
    deadline: &'a dyn Fn() -> bool,
    cells: u64,
    stopped: Option<FileError>,
}

impl<'a> Drafts<'a> {
    pub(super) fn new(name: &str, limits: &'a ParseLimits, deadline: &'a dyn Fn() -> bool) -> Self {
        let mut names = Unique::default();
        let outermost = Draft::new(names.name(name, '_'), String::new());
        Self {
            drafts: vec![outermost],
            parts: HashMap::new(),
            names,
            limits,
            deadline,
            cells: 0,
            stopped: None,
        }
    }

    /// The error that stopped the reading, if it is ours.
    pub(super) fn stopped(&mut self) -> Option<FileError> {
        self.stopped.take()
    }

    pub(super) const fn cell_bytes(&self) -> usize {
        self.limits.cell_bytes
    }

    /// Hands an error over to the JSON reader.
    fn stop<T, E: Error>(&mut self, result: Result<T, FileError>) -> Result<T, E> {
        result.map_err(|error| {
            self.stopped = Some(error);
            E::custom("stopped")
        })
    }

    fn draft(&mut self, place: Place) -> Result<&mut Draft, FileError> {
        self.drafts.get_mut(place).ok_or(FileError::Empty)
    }

    pub(super) fn begin_row<E: Error>(&mut self, table: Place) -> Result<(), E> {
        let begun = self.draft(table).map(Draft::begin_row);
        self.stop(begun)
    }

    pub(super) fn end_row<E: Error>(&mut self, table: Place) -> Result<(), E> {
        let limits = self.limits;
        let ended = self.draft(table).and_then(|draft| draft.end_row(limits));
        self.stop(ended)
    }

    pub(super) fn put<E: Error>(
        &mut self,
        table: Place,
        column: &str,
        cell: &str,
        is_number: bool,
    ) -> Result<(), E> {
        self.cells += 1;
        let (limits, deadline) = (self.limits, self.deadline);
        let in_time = if self.cells.is_multiple_of(CHECK_EVERY) { check(deadline) } else { Ok(()) };
        let cell = cell.trim();
        let put = in_time.and_then(|()| self.draft(table)?.put(column, cell, is_number, limits));
        self.stop(put)
    }

    /// Remembers that a list was cut.
    pub(super) fn cut(&mut self, table: Place) {
        if let Some(draft) = self.drafts.get_mut(table) {
            draft.cut += 1;
        }
    }

    /// Begins a row of the table below a key. Parts of the outermost object's fields refer to nothing:
    /// that object is one row.
    pub(super) fn begin_part<E: Error>(
        &mut self,
        parent: Place,
        path: &str,
        refers: bool,
    ) -> Result<Place, E> {
        let part = self.part(parent, path, refers);
        let part = self.stop(part)?;
        self.begin_row(part)?;
        if refers && let Some(parent) = self.drafts.get(parent) {
            let (row, column) = (parent.row().to_string(), format!("{}{PARENT_ROW}", parent.name));
            self.put(part, &column, &row, true)?;
        }
        Ok(part)
    }

    fn part(&mut self, parent: Place, path: &str, refers: bool) -> Result<Place, FileError> {
        if let Some(part) = self.parts.get(&(parent, path.to_owned())) {
            return Ok(*part);
        }
        if self.drafts.len() > self.limits.tables {
            return Err(FileError::TooManyTables { limit: self.limits.tables });
        }
        let above = self.draft(parent)?;
        above.has_parts |= refers;
        let key = names::table_key(path);
        let wanted = if refers { format!("{}_{key}", above.name) } else { key };
        let path_below = match (refers, above.path.as_str()) {
            (true, above) if !above.is_empty() => format!("{above}.{path}"),
            _ => path.to_owned(),
        };
        let draft = Draft::new(self.names.name(&wanted, '_'), path_below);
        self.drafts.push(draft);
        let part = self.drafts.len() - 1;
        self.parts.insert((parent, path.to_owned()), part);
        Ok(part)
    }

    /// The tables, the outermost one first, or last when it holds nothing but what stands beside the
    /// others.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn finish(self, source: &str) -> Result<Vec<Raw>, FileError> {
        let mut tables: Vec<Raw> = Vec::new();
        let mut aside = None;
        let refers = self.drafts.first().is_some_and(|outermost| outermost.has_parts);
        for (place, draft) in self.drafts.into_iter().enumerate() {
            if draft.is_empty() && !draft.has_parts {
                continue;
            }
            let raw = finish_table(draft, source);
            match place {
                OUTERMOST if !refers && raw.grid.row_count() == 1 => aside = Some(raw),
                _ => tables.push(raw),
            }
        }
        tables.extend(aside);
        if tables.is_empty() { Err(FileError::Empty) } else { Ok(tables) }
    }
}

fn finish_table(mut draft: Draft, source: &str) -> Raw {
    draft.grid.shrink();
    let note = match draft.cut {
        0 => None,
        1 => Some("One list was too long for a cell and was cut.".to_owned()),
        many => Some(format!("{many} lists were too long for a cell and were cut.")),
    };
    let path = names::shown(&draft.path);
    Raw {
        name: draft.name,
        source: if path.is_empty() { source.to_owned() } else { format!("{source}: {path}") },
        columns: draft.columns,
        numbers: draft.numbers,
        grid: draft.grid,
        notes: note.into_iter().collect(),
        is_numbered: draft.has_parts,
        mark: None,
    }
}
