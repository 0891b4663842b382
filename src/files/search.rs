//! Words in cells: which rows say what somebody looks for, best first.
//!
//! Case and marks do not count: `sud` finds `Süd`. Rows with all words come first, then those with
//! the rarer ones; a whole word is worth more than the beginning of one, that more than a piece. A
//! word that names a column asks for nothing itself, but lets that column's cells count more:
//! `region north` prefers `north` in the region. The time is that of reading every cell once.

use memchr::memmem::Finder;

use crate::files::names::latin;

/// The most words of a search; more are not looked at.
pub const MAX_WORDS: usize = 8;
/// How much of a search is read, characters.
const MAX_QUERY_CHARS: usize = 1000;

/// How a word stands in a cell.
const WHOLE: u8 = 10;
const BEGINNING: u8 = 6;
const PIECE: u8 = 3;
/// What a cell of a column that the search names counts more.
const NAMED_COLUMN: u8 = 5;

/// A search in one table.
#[derive(Debug)]
pub struct Search {
    words: Vec<Word>,
    phrase: Option<Finder<'static>>,
    /// The places of columns that the search names.
    columns: Vec<usize>,
    hits: Vec<Hit>,
    rows: usize,
}

#[derive(Debug)]
struct Word {
    finder: Finder<'static>,
    length: usize,
    is_number: bool,
    /// Rows that have it.
    rows: usize,
}

/// A row that has at least one word.
#[derive(Debug)]
struct Hit {
    row: usize,
    /// How each word stands in it, 0 when it does not.
    words: [u8; MAX_WORDS],
    has_phrase: bool,
}

impl Search {
    /// A search for what `query` says in a table with these columns; `None` when it says nothing.
    #[must_use]
    pub fn new(query: &str, columns: &[String]) -> Option<Self> {
        let query: String = query.chars().take(MAX_QUERY_CHARS).collect();
        let mut folded = String::new();
        fold(&query, &mut folded);
        let mut all: Vec<&str> = Vec::new();
        for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if !all.contains(&word) {
                all.push(word);
            }
        }
        let named = |word: &str| columns.iter().position(|column| is_name(column, word));
        let (names, mut wanted): (Vec<&str>, Vec<&str>) =
            all.iter().partition(|word| named(word).is_some());
        if wanted.is_empty() {
            wanted = all;
        }
        wanted.truncate(MAX_WORDS);
        let has_several = wanted.len() > 1;
        let words: Vec<Word> = wanted.iter().map(|word| Word::new(word)).collect();
        (!words.is_empty()).then(|| Self {
            words,
            phrase: has_several.then(|| Finder::new(folded.trim()).into_owned()),
            columns: names.iter().filter_map(|word| named(word)).collect(),
            hits: Vec::new(),
            rows: 0,
        })
    }

    /// Looks at the next row. `cells` calls back with the place and the text of each of its cells.
    pub fn row(&mut self, cells: impl FnOnce(&mut dyn FnMut(usize, &str))) {
        let mut hit = Hit { row: self.rows, words: [0; MAX_WORDS], has_phrase: false };
        let mut folded = String::new();
        let Self { words, phrase, columns, .. } = &*self;
        cells(&mut |place, cell| {
            folded.clear();
            fold(cell, &mut folded);
            let extra = if columns.contains(&place) { NAMED_COLUMN } else { 0 };
            for (word, best) in words.iter().zip(&mut hit.words) {
                let found = word.stands_in(&folded);
                if found > 0 {
                    *best = (*best).max(found + extra);
                }
            }
            let phrase = phrase.as_ref().filter(|_| !hit.has_phrase);
            hit.has_phrase |= phrase.is_some_and(|phrase| phrase.find(folded.as_bytes()).is_some());
        });
        self.rows += 1;
        if hit.words.iter().any(|found| *found > 0) {
            for (word, found) in self.words.iter_mut().zip(hit.words) {
                word.rows += usize::from(found > 0);
            }
            self.hits.push(hit);
        }
    }

    /// How many rows have at least one of the words.
    #[must_use]
    pub fn total(&self) -> usize {
        self.hits.len()
    }

    /// How many of the words the best row has.
    #[must_use]
    pub fn most_words(&self) -> usize {
        self.hits.iter().map(Hit::count).max().unwrap_or_default()
    }

    /// The numbers of the best rows, from 0 on, best first.
    #[must_use]
    pub fn best(mut self, most: usize) -> Vec<usize> {
        let rows = self.rows as f64;
        let weights: Vec<f64> =
            self.words.iter().map(|word| (1.0 + rows / word.rows.max(1) as f64).ln()).collect();
        let worth = |hit: &Hit| -> f64 {
            let words: f64 = hit
                .words
                .iter()
                .zip(&weights)
                .map(|(found, weight)| f64::from(*found) * weight)
                .sum();
            if hit.has_phrase { words * 2.0 } else { words }
        };
        self.hits.sort_by(|one, other| {
            (other.count().cmp(&one.count()))
                .then_with(|| worth(other).total_cmp(&worth(one)))
                .then_with(|| one.row.cmp(&other.row))
        });
        self.hits.iter().take(most).map(|hit| hit.row).collect()
    }
}

impl Hit {
    fn count(&self) -> usize {
        self.words.iter().filter(|found| **found > 0).count()
    }
}

impl Word {
    fn new(word: &str) -> Self {
        Self {
            finder: Finder::new(word).into_owned(),
            length: word.len(),
            is_number: word.bytes().all(|b| b.is_ascii_digit()),
            rows: 0,
        }
    }

    /// How the word stands in a folded cell: the best of all places.
    fn stands_in(&self, cell: &str) -> u8 {
        let bytes = cell.as_bytes();
        let is_letter =
            |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
        let mut best = 0;
        for at in self.finder.find_iter(bytes) {
            let is_begun = at.checked_sub(1).is_none_or(|before| !is_letter(before));
            let is_ended = !is_letter(at + self.length);
            best = best.max(match (is_begun, is_ended) {
                (true, true) => return WHOLE,
                (true, false) if self.length > 2 => BEGINNING,
                // A piece of a number is another number.
                (false, _) if self.length > 2 && !self.is_number => PIECE,
                _ => 0,
            });
        }
        best
    }
}

/// Whether a word names a column, in the plural too.
fn is_name(column: &str, word: &str) -> bool {
    column == word || word.strip_suffix('s').is_some_and(|word| word == column)
}

/// Lower case, without marks.
fn fold(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{328}' | 'ẞ' => match latin::fold(c) {
                Some(plain) => out.push_str(plain),
                None => out.extend(c.to_lowercase()),
            },
            c => out.extend(c.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &[[&str; 3]] = &[
        ["north", "Müller Bäckerei", "120"],
        ["north-west", "Muller Ltd", "1200"],
        ["south", "north end shop", "12"],
        ["east", "Straße 7, New York", "7"],
        ["east", "York, new shop", "8"],
        ["WEST", "Жук и Ко", "9"],
        ["west", "", "10"],
        ["west", "", "11"],
    ];

    #[track_caller]
    fn assert_found(query: &str, rows: &[usize]) {
        let columns = ["region", "name", "n"].map(str::to_owned);
        let mut search = Search::new(query, &columns).unwrap();
        for row in ROWS {
            search.row(|each| row.iter().enumerate().for_each(|(place, cell)| each(place, cell)));
        }
        assert_eq!(search.total(), rows.len(), "{query}");
        assert_eq!(search.best(100), rows, "{query}");
    }

    #[test]
    fn case_and_marks_do_not_count() {
        assert_found("MULLER", &[0, 1]);
        assert_found("müller", &[0, 1]);
        assert_found("strasse", &[3]);
        assert_found("ЖУК", &[5]);
        assert_found("west", &[1, 5, 6, 7]);
    }

    #[test]
    fn rows_with_all_words_come_first_then_rarer_ones() {
        assert_found("muller north", &[0, 1, 2]);
        assert_found("east york", &[3, 4]);
        assert_found("west жук", &[5, 1, 6, 7]);
        assert_found("west nowhere жук", &[5, 1, 6, 7]);
    }

    #[test]
    fn whole_words_come_before_beginnings_and_pieces() {
        assert_found("nort", &[0, 1, 2]);
        assert_found("ork", &[3, 4]);
        assert_found("ullerl", &[]);
        assert_found("new york", &[3, 4]);
        assert_found("york new", &[3, 4]);
    }

    #[test]
    fn numbers_are_whole_or_beginnings() {
        assert_found("12", &[2]);
        assert_found("120", &[0, 1]);
        assert_found("200", &[]);
    }

    #[test]
    fn a_column_in_the_search_lets_its_cells_count_more() {
        assert_found("region north", &[0, 1, 2]);
        assert_found("name north", &[2, 0, 1]);
        assert_found("names north", &[2, 0, 1]);
        assert_found("region", &[]);
    }

    #[test]
    fn what_says_nothing_is_no_search() {
        for query in ["", "  ", "?!", "\0"] {
            assert!(Search::new(query, &[]).is_none(), "{query:?}");
        }
        assert!(Search::new(&"a b c d e f g h i j k ".repeat(1000), &[]).is_some());
    }

    #[test]
    fn as_many_rows_as_asked_for_are_told() {
        let mut search = Search::new("x", &[]).unwrap();
        (0..50).for_each(|_| search.row(|each| each(0, "x")));
        assert_eq!(search.total(), 50);
        assert_eq!(search.best(3), [0, 1, 2]);
    }
}
