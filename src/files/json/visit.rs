//! Walks through a JSON value and writes what it meets into [`Drafts`].
//!
//! Where the walk is decides what a value becomes: [`Whole`] is the outermost value, [`Elements`] one
//! element of the outermost array, [`Records`] an object of rows, [`Fields`] a value in a row, and
//! [`List`] an element of an array in a row. A macro gives all of them their scalars.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::files::json::drafts::{Drafts, OUTERMOST, Place};
use crate::files::json::visit::list::{Joined, List, numbered};

/// The column of values that have no name.
const VALUE: &str = "value";

/// The column of the keys of an object of rows.
const KEY: &str = "key";

/// Scalars of all kinds, told as text; `Null` as nothing.
macro_rules! scalars {
    ($scalar:ident) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("JSON")
        }

        fn visit_unit<E: Error>(self) -> Result<(), E> {
            self.$scalar("", false)
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
            self.$scalar(if value { "true" } else { "false" }, false)
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
            self.$scalar(&value.to_string(), true)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
            self.$scalar(&value.to_string(), true)
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
            // The shortest text that reads as the same number, and `1e300` instead of 300 zeros.
            self.$scalar(&format!("{value:?}"), true)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
            self.$scalar(&without_nul(value), false)
        }
    };
}

/// Escaped in JSON, a NUL passes for a character; in SQL it would end the text.
fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

macro_rules! walks {
    ($walk:ident) => {
        impl<'de> DeserializeSeed<'de> for $walk<'_, '_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
                json.deserialize_any(self)
            }
        }
    };
}

mod list;

walks!(Whole);
walks!(Elements);
walks!(Records);
walks!(Fields);

/// The outermost value, if it is no object.
pub(super) struct Whole<'a, 'd> {
    pub(super) drafts: &'a mut Drafts<'d>,
}

impl Whole<'_, '_> {
    fn scalar<E: Error>(self, text: &str, is_number: bool) -> Result<(), E> {
        Elements { drafts: self.drafts }.scalar(text, is_number)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = ();

    scalars!(scalar);

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Elements { drafts: &mut *self.drafts })?.is_some() {}
        Ok(())
    }
}

/// A row: an element of the outermost array, or what stands in a line.
pub(super) struct Elements<'a, 'd> {
    pub(super) drafts: &'a mut Drafts<'d>,
}

impl Elements<'_, '_> {
    fn scalar<E: Error>(self, text: &str, is_number: bool) -> Result<(), E> {
        self.drafts.begin_row(OUTERMOST)?;
        self.drafts.put(OUTERMOST, VALUE, text, is_number)?;
        self.drafts.end_row(OUTERMOST)
    }
}

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = ();

    scalars!(scalar);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.drafts.begin_row(OUTERMOST)?;
        Fields::row(self.drafts, OUTERMOST, &mut String::new()).visit_map(map)?;
        self.drafts.end_row(OUTERMOST)
    }

    /// A row without names.
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.drafts.begin_row(OUTERMOST)?;
        numbered(self.drafts, OUTERMOST, list)?;
        self.drafts.end_row(OUTERMOST)
    }
}

/// The outermost object, when its values are rows.
pub(super) struct Records<'a, 'd> {
    pub(super) drafts: &'a mut Drafts<'d>,
}

impl<'de> Visitor<'de> for Records<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut path = String::new();
        while map.next_key_seed(Key(&mut path))?.is_some() {
            self.drafts.begin_row(OUTERMOST)?;
            self.drafts.put(OUTERMOST, KEY, &path, false)?;
            path.clear();
            map.next_value_seed(Fields::row(&mut *self.drafts, OUTERMOST, &mut path))?;
            self.drafts.end_row(OUTERMOST)?;
        }
        Ok(())
    }
}

/// A value in a row: a cell, or several when it is an object.
pub(super) struct Fields<'a, 'd> {
    pub(super) drafts: &'a mut Drafts<'d>,
    pub(super) table: Place,
    /// The keys that lead to the value, shared with all that is above it.
    pub(super) path: &'a mut String,
    /// Whether it is in the outermost object, of which there is one: its arrays are tables of their
    /// own.
    pub(super) is_outermost: bool,
}

impl<'a, 'd> Fields<'a, 'd> {
    fn row(drafts: &'a mut Drafts<'d>, table: Place, path: &'a mut String) -> Self {
        Self { drafts, table, path, is_outermost: false }
    }

    fn scalar<E: Error>(self, text: &str, is_number: bool) -> Result<(), E> {
        let column = if self.path.is_empty() { VALUE } else { self.path.as_str() };
        self.drafts.put(self.table, column, text, is_number)
    }
}

impl<'de> Visitor<'de> for Fields<'_, '_> {
    type Value = ();

    scalars!(scalar);

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { drafts, table, path, is_outermost } = self;
        let above = path.len();
        while map.next_key_seed(Key(&mut *path))?.is_some() {
            let drafts = &mut *drafts;
            map.next_value_seed(Fields { drafts, table, path: &mut *path, is_outermost })?;
            path.truncate(above);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { drafts, table, path, is_outermost } = self;
        let mut joined = Joined::default();
        loop {
            let (drafts, path, joined) = (&mut *drafts, path.as_str(), &mut joined);
            let element = List { drafts, table, path, joined, is_outermost };
            if list.next_element_seed(element)?.is_none() {
                break;
            }
        }
        if joined.is_cut {
            drafts.cut(table);
        }
        match joined.text.as_str() {
            "" => Ok(()),
            text => Fields { drafts, table, path, is_outermost }.scalar(text, false),
        }
    }
}

/// Adds a key to a path.
struct Key<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        if !self.0.is_empty() {
            self.0.push('.');
        }
        self.0.push_str(&without_nul(key));
        Ok(())
    }
}
