//! Pages of long lists: where one ends, the next begins.

use std::fmt;

/// Longest cursor, bytes; longer ones were not made here.
const MAX_CURSOR_BYTES: usize = 80;

/// Where in a list the next page begins. Opaque, safe in addresses, and valid while rows come and
/// go: it names the last row seen, not a number of rows. One that means nothing is the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor a client brings back; `None` if it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_ours = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let fits = !text.is_empty() && text.len() <= MAX_CURSOR_BYTES && text.chars().all(is_ours);
        fits.then(|| Self(text.to_owned()))
    }

    /// A cursor of a list's kind, a letter, and the numbers that name its place.
    pub(crate) fn of(kind: char, place: &[i64]) -> Self {
        let place: Vec<String> = place.iter().map(i64::to_string).collect();
        Self(format!("{kind}{}", place.join(".")))
    }

    /// The numbers, if it is of this kind and has so many.
    pub(crate) fn place<const N: usize>(&self, kind: char) -> Option<[i64; N]> {
        let place = self.0.strip_prefix(kind)?;
        let numbers: Option<Vec<i64>> = place.split('.').map(|part| part.parse().ok()).collect();
        numbers?.try_into().ok()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which page of a list to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Behind this place; `None` reads the first page.
    pub after: Option<Cursor>,
    /// At most so many rows.
    pub limit: u32,
}

impl PageRequest {
    /// The first `limit` rows.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// Its rows. A page may hold fewer than asked for, even none, and still have a next one: a
    /// read ends when it has looked at enough.
    pub items: Vec<T>,
    /// Where the next page begins; `None` if there is none.
    pub next: Option<Cursor>,
    /// Whether the read ended because it had looked at enough, not because the page was full or
    /// the list at its end.
    pub is_cut: bool,
}

impl<T> Page<T> {
    /// Nothing, and nothing behind it.
    #[must_use]
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next: None, is_cut: false }
    }

    /// A page of rows of which one more than `limit` was read, to learn whether there are more.
    pub(crate) fn of(mut items: Vec<T>, limit: u32, place: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(place);
        Self { items, next, is_cut: false }
    }

    /// The same page with its rows made into others.
    #[must_use]
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(make).collect();
        Page { items, next: self.next, is_cut: self.is_cut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_what_it_prints() {
        let cursor = Cursor::of('a', &[-5, i64::MAX]);
        let read = Cursor::parse(&cursor.to_string()).expect("a cursor");
        assert_eq!(read.place::<2>('a'), Some([-5, i64::MAX]));
        assert_eq!(read.place::<1>('a'), None);
        assert_eq!(read.place::<2>('b'), None);
    }

    #[test]
    fn what_was_not_made_here_names_no_place() {
        for text in ["", "a b", "'; drop", "é", &"1".repeat(81)] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
        for text in ["a", "a.", "a1.2.3", "ax", "a99999999999999999999.1", "1.2"] {
            let cursor = Cursor::parse(text).expect("a cursor");
            assert_eq!(cursor.place::<2>('a'), None, "{text}");
        }
    }
}
