//! A session's workbook: brought to hold exactly the tables that the session has now.

use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::Value;

use crate::domain::table::TableProfile;
use crate::files::sql::{SqlError, Workbook};
use crate::files::{FileError, ParseLimits, Table, read_typed};
use crate::service::tables::READ_TIME;
use crate::service::tables::sources::{Source, SourceKey, page_tables};

/// What the tables of a source are made of.
#[derive(Debug)]
pub(super) enum Material {
    /// A file's bytes.
    File(Bytes),
    /// The host page's data.
    Page(Value),
}

/// Why tables could not be made.
#[derive(Debug)]
pub(super) enum BuildError {
    /// The file cannot be read, or not in time.
    File(FileError),
    /// They cannot be loaded.
    Sql(SqlError),
}

/// A workbook, and which sources are in it.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) workbook: Workbook,
    sources: Vec<Source>,
}

impl Book {
    pub(super) fn new() -> Result<Self, BuildError> {
        let workbook = Workbook::new().map_err(BuildError::Sql)?;
        Ok(Self { workbook, sources: Vec::new() })
    }

    /// Whether it holds this source, under the same names.
    pub(super) fn has(&self, source: &Source) -> bool {
        self.sources.iter().any(|own| is_same(own, source))
    }

    /// Whether it holds these sources and no other.
    pub(super) fn is_current(&self, wanted: &[Source]) -> bool {
        self.sources.len() == wanted.len() && wanted.iter().all(|source| self.has(source))
    }

    /// Takes out what is not wanted any more.
    pub(super) fn keep_only(&mut self, wanted: &[Source]) -> Result<(), BuildError> {
        let is_wanted = |own: &Source| wanted.iter().any(|source| is_same(own, source));
        let gone: Vec<Source> = self.sources.extract_if(.., |own| !is_wanted(own)).collect();
        for table in gone.iter().flat_map(|source| &source.tables) {
            self.workbook.remove(&table.name).map_err(BuildError::Sql)?;
        }
        Ok(())
    }

    /// Puts in a source, all of it or nothing.
    pub(super) fn add(
        &mut self,
        source: Source,
        material: &Material,
        limits: &ParseLimits,
        is_over: &dyn Fn() -> bool,
    ) -> Result<(), BuildError> {
        let tables = tables(&source, material, limits, is_over).map_err(BuildError::File)?;
        for (table, known) in tables.iter().zip(&source.tables) {
            let profile = TableProfile { name: known.name.clone(), ..table.profile.clone() };
            let rows = table.rows();
            if let Err(error) = self.workbook.add(&profile, rows) {
                for added in &source.tables {
                    self.workbook.remove(&added.name).map_err(BuildError::Sql)?;
                }
                return Err(BuildError::Sql(error));
            }
        }
        self.sources.push(source);
        Ok(())
    }
}

/// Brings a book to hold exactly the wanted sources.
pub(super) fn build(
    kept: &mut Option<Book>,
    wanted: &[Source],
    missing: Vec<(Source, Material)>,
    limits: &ParseLimits,
) -> Result<(), BuildError> {
    let book = match kept {
        Some(book) => book,
        None => kept.insert(Book::new()?),
    };
    book.keep_only(wanted)?;
    for (source, material) in missing {
        book.add(source, &material, limits, &deadline(READ_TIME))?;
    }
    Ok(())
}

/// Says whether so much time has gone by since now.
pub(super) fn deadline(time: Duration) -> impl Fn() -> bool + Send + 'static {
    let begun = Instant::now();
    move || begun.elapsed() > time
}

fn is_same(one: &Source, other: &Source) -> bool {
    let names = |source: &Source| -> Vec<String> {
        source.tables.iter().map(|table| table.name.clone()).collect()
    };
    one.key == other.key && names(one) == names(other)
}

fn tables(
    source: &Source,
    material: &Material,
    limits: &ParseLimits,
    is_over: &dyn Fn() -> bool,
) -> Result<Vec<Table>, FileError> {
    match (&source.key, material) {
        (SourceKey::File(_, name), Material::File(bytes)) => {
            read_typed(name, bytes, &source.tables, limits, is_over)
        }
        (_, Material::Page(value)) => Ok(page_tables(value, limits)),
        (SourceKey::Page(..), Material::File(_)) => Ok(Vec::new()),
    }
}
