//! Arrays in rows: their values in one cell, or their objects in a table of their own.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Fields, VALUE, without_nul};
use crate::files::json::drafts::{Drafts, Place};

/// Between the values of a list in one cell.
const BETWEEN: &str = "; ";

walks!(List);

/// The values of a list in one cell.
#[derive(Default)]
pub(super) struct Joined {
    pub(super) text: String,
    pub(super) is_cut: bool,
}

impl Joined {
    /// Adds a value, unless the cell would become longer than cells may be.
    fn add(&mut self, value: &str, max_bytes: usize) {
        if value.is_empty() || self.is_cut {
            return;
        }
        if self.text.len() + value.len() + 2 * BETWEEN.len() > max_bytes {
            self.is_cut = true;
            self.text.push('…');
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(BETWEEN);
        }
        self.text.push_str(value);
    }
}

/// An element of an array in a row.
pub(super) struct List<'a, 'd> {
    pub(super) drafts: &'a mut Drafts<'d>,
    pub(super) table: Place,
    pub(super) path: &'a str,
    pub(super) joined: &'a mut Joined,
    pub(super) is_outermost: bool,
}

impl List<'_, '_> {
    fn scalar<E: Error>(self, text: &str, is_number: bool) -> Result<(), E> {
        if !self.is_outermost {
            self.joined.add(text, self.drafts.cell_bytes());
            return Ok(());
        }
        let part = self.drafts.begin_part(self.table, self.path, false)?;
        self.drafts.put(part, VALUE, text, is_number)?;
        self.drafts.end_row(part)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    scalars!(scalar);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let part = self.drafts.begin_part(self.table, self.path, !self.is_outermost)?;
        Fields::row(&mut *self.drafts, part, &mut String::new()).visit_map(map)?;
        self.drafts.end_row(part)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { drafts, table, path, joined, is_outermost } = self;
        if is_outermost {
            let part = drafts.begin_part(table, path, false)?;
            numbered(drafts, part, list)?;
            return drafts.end_row(part);
        }
        loop {
            let (drafts, joined) = (&mut *drafts, &mut *joined);
            let element = List { drafts, table, path, joined, is_outermost };
            if list.next_element_seed(element)?.is_none() {
                return Ok(());
            }
        }
    }
}

/// Cells of a row without names.
pub(super) fn numbered<'de, A: SeqAccess<'de>>(
    drafts: &mut Drafts<'_>,
    table: Place,
    mut list: A,
) -> Result<(), A::Error> {
    for place in 1.. {
        let mut path = format!("column_{place}");
        if list.next_element_seed(Fields::row(&mut *drafts, table, &mut path))?.is_none() {
            break;
        }
    }
    Ok(())
}
