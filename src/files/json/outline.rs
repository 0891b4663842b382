//! A first look at a JSON value: what it is outside, before tables are made of it.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Different keys of inner objects that are told apart; more make no table.
const MAX_INNER_KEYS: usize = 1024;

/// What a value is outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outer {
    /// An array of that length.
    Array(u64),
    /// An object.
    Object {
        keys: u64,
        /// Its values are objects which have most of their keys in common: rows, named by the keys.
        are_rows: bool,
    },
    /// Anything else.
    Scalar,
}

/// Finds out what a value is.
pub(super) struct Outline;

impl<'de> DeserializeSeed<'de> for Outline {
    type Value = Outer;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Outer, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Outline {
    type Value = Outer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Outer, A::Error> {
        let mut length = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(Outer::Array(length))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outer, A::Error> {
        let mut inner = Inner::default();
        let mut keys = 0;
        while map.next_key::<IgnoredAny>()?.is_some() {
            keys += 1;
            map.next_value_seed(&mut inner)?;
        }
        Ok(Outer::Object { keys, are_rows: inner.are_rows(keys) })
    }

    fn visit_unit<E: Error>(self) -> Result<Outer, E> {
        Ok(Outer::Scalar)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Outer, E> {
        Ok(Outer::Scalar)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Outer, E> {
        Ok(Outer::Scalar)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Outer, E> {
        Ok(Outer::Scalar)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Outer, E> {
        Ok(Outer::Scalar)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Outer, E> {
        Ok(Outer::Scalar)
    }
}

/// The objects in an object.
#[derive(Default)]
struct Inner {
    objects: u64,
    keys: u64,
    different: HashSet<String>,
}

impl Inner {
    fn are_rows(&self, values: u64) -> bool {
        let possible = self.different.len() as u64 * self.objects;
        values > 1 && self.objects == values && self.keys > 0 && self.keys * 2 > possible
    }
}

impl<'de> DeserializeSeed<'de> for &mut Inner {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Inner {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.objects += 1;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            self.keys += 1;
            if self.different.len() < MAX_INNER_KEYS && !self.different.contains(key.as_ref()) {
                self.different.insert(key.into_owned());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
