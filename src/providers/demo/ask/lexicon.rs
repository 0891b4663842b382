//! What the words of a question may name in one table: its rows, its columns, their values.

use super::naming::{aliases_of, nouns};
use super::text::{Token, fold, same, value_words};
use super::words::{FUNCTION_WORDS, OPERATIONS};
use crate::domain::table::{ColumnProfile, ColumnType, TableProfile};

/// Names and values of more words than this are not found.
const MAX_WORDS: usize = 8;

/// A table's words.
pub(super) struct Lexicon<'a> {
    /// The table.
    pub table: &'a TableProfile,
    aliases: Vec<Alias>,
    values: Vec<Known>,
    nouns: Vec<Vec<String>>,
    own_nouns: usize,
}

/// A way to name a column.
struct Alias {
    words: Vec<String>,
    column: usize,
    /// How far it is from the column's name.
    rank: u8,
}

/// A value of a column.
struct Known {
    words: Vec<String>,
    column: usize,
    text: String,
}

/// What some words name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    /// How many words.
    pub len: usize,
    /// The columns that may be meant: several if it is unclear.
    pub columns: Vec<usize>,
    /// How far the words are from the column's name; 0 is the name itself.
    pub rank: u8,
}

/// Values that some words name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Valued {
    /// How many words.
    pub len: usize,
    /// Columns with their values that are written so.
    pub found: Vec<(usize, Vec<String>)>,
}

impl<'a> Lexicon<'a> {
    /// The words of `table`, and more values that were looked up in it.
    pub(super) fn new(table: &'a TableProfile, looked_up: &[(usize, String)]) -> Self {
        let mut aliases = Vec::new();
        for (column, profile) in table.columns.iter().enumerate() {
            for (words, rank) in aliases_of(profile) {
                aliases.push(Alias { words, column, rank });
            }
        }
        let mut values = Vec::new();
        for (column, profile) in table.columns.iter().enumerate().filter(|(_, c)| is_text(c)) {
            for (text, _) in &profile.top {
                values.push(Known { words: value_words(text), column, text: text.clone() });
            }
        }
        let people: Vec<Known> = values.iter().filter_map(person).collect();
        values.extend(people);
        for (column, text) in looked_up {
            values.push(Known { words: value_words(text), column: *column, text: text.clone() });
        }
        values.retain(|value| !value.words.is_empty() && value.words.len() <= MAX_WORDS);
        let (nouns, own_nouns) = nouns(table);
        Self { table, aliases, values, nouns, own_nouns }
    }

    /// The column at a place.
    pub(super) fn column(&self, column: usize) -> Option<&'a ColumnProfile> {
        self.table.columns.get(column)
    }

    /// The longest name of columns at the beginning of `tokens`, also behind a noun for the rows:
    /// `order date`.
    pub(super) fn column_at(&self, tokens: &[Token]) -> Option<Named> {
        let direct = self.own_column_at(tokens);
        let noun = self.noun_at(tokens).unwrap_or(0);
        if noun == 0 || direct.as_ref().is_some_and(|named| named.len > noun) {
            return direct;
        }
        let behind = self.own_column_at(tokens.get(noun..).unwrap_or_default());
        // `orders paid` and `people hired` are rows with a condition.
        let is_thing = |at: &usize| {
            self.column(*at).is_some_and(|column| {
                column.kind != ColumnType::Boolean && !fold(&column.name).ends_with("ed")
            })
        };
        match behind.filter(|named| named.rank <= 1 && named.columns.iter().all(is_thing)) {
            Some(named) => Some(Named { len: named.len + noun, ..named }),
            None => direct,
        }
    }

    fn own_column_at(&self, tokens: &[Token]) -> Option<Named> {
        (1..=MAX_WORDS.min(tokens.len())).rev().find_map(|len| {
            let words = tokens.get(..len)?;
            let fits = |alias: &&Alias| {
                alias.words.len() == len
                    && alias.words.iter().zip(words).all(|(word, token)| same(word, &token.word))
            };
            let is_plain_word =
                |token: &Token| FUNCTION_WORDS.contains(&token.word.as_str()) && !token.is_quoted;
            let is_operation = |token: &Token| OPERATIONS.contains(&token.word.as_str());
            let mut fitting: Vec<&Alias> = self.aliases.iter().filter(fits).collect();
            if words.iter().all(is_plain_word) {
                if !words.iter().all(is_operation) {
                    return None;
                }
                fitting.retain(|alias| alias.rank <= 1);
            }
            let rank = fitting.iter().map(|alias| alias.rank).min()?;
            let best = fitting.iter().filter(|alias| alias.rank == rank);
            let mut columns: Vec<usize> = best.map(|alias| alias.column).collect();
            columns.dedup();
            Some(Named { len, columns, rank })
        })
    }

    /// The longest values at the beginning of `tokens`. Words of ours are values only if they are
    /// written just like them (`IT`), or `is_expected`: behind the name of a column.
    pub(super) fn value_at(&self, tokens: &[Token], is_expected: bool) -> Option<Valued> {
        (1..=MAX_WORDS.min(tokens.len())).rev().find_map(|len| {
            let words = tokens.get(..len)?;
            let by = |fits: fn(&str, &str) -> bool| {
                let fitting = self.values.iter().filter(|value| {
                    value.words.len() == len
                        && value
                            .words
                            .iter()
                            .zip(words)
                            .all(|(word, token)| fits(word, &token.word))
                        && (is_expected || is_meant(words, &value.text))
                });
                let mut found: Vec<(usize, Vec<String>)> = Vec::new();
                for value in fitting {
                    match found.iter_mut().find(|(column, _)| *column == value.column) {
                        Some((_, texts)) if texts.contains(&value.text) => {}
                        Some((_, texts)) => texts.push(value.text.clone()),
                        None => found.push((value.column, vec![value.text.clone()])),
                    }
                }
                (!found.is_empty()).then_some(Valued { len, found })
            };
            by(|word, said| word == said).or_else(|| by(same))
        })
    }

    /// How many words at the beginning of `tokens` name the table's rows.
    pub(super) fn noun_at(&self, tokens: &[Token]) -> Option<usize> {
        let fits = |noun: &&Vec<String>| {
            noun.len() <= tokens.len()
                && noun
                    .iter()
                    .zip(tokens)
                    .all(|(word, token)| same(word, &token.word) && !token.is_quoted)
        };
        self.nouns.iter().filter(fits).map(Vec::len).max()
    }

    /// Whether the rows are called so.
    pub(super) fn is_noun(&self, word: &str) -> bool {
        self.nouns.iter().any(|noun| matches!(noun.as_slice(), [one] if same(one, word)))
    }

    /// Whether the source of the table is named: a word of its own name, no general one for rows.
    pub(super) fn is_source_at(&self, tokens: &[Token]) -> bool {
        let own = self.nouns.iter().take(self.own_nouns);
        let fits = |noun: &&Vec<String>| {
            noun.len() <= tokens.len()
                && noun.iter().zip(tokens).all(|(word, token)| same(word, &token.word))
        };
        let is_column = self.own_column_at(tokens).is_some_and(|named| named.rank < 2);
        own.into_iter().any(|noun| fits(&noun)) && !is_column
    }

    /// The columns that tell times with days in them.
    pub(super) fn times(&self) -> Vec<usize> {
        let is_time = |kind| matches!(kind, ColumnType::Date | ColumnType::DateTime);
        self.columns_that(|column| is_time(column.kind))
    }

    /// The columns for which something holds.
    pub(super) fn columns_that(&self, holds: impl Fn(&ColumnProfile) -> bool) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        columns.filter(|(_, column)| holds(column)).map(|(place, _)| place).collect()
    }

    /// The column of which one of these words is the name, or else the end of the name.
    pub(super) fn named_one_of(&self, words: &[&str]) -> Vec<usize> {
        let is = |column: &&Alias, rank: u8| {
            column.rank == rank
                && column.words.len() == 1
                && column.words.iter().all(|word| words.iter().any(|name| same(word, name)))
        };
        for rank in 0..=3 {
            let aliases = self.aliases.iter().filter(|alias| is(alias, rank));
            let mut columns: Vec<usize> = aliases.map(|alias| alias.column).collect();
            columns.dedup();
            if !columns.is_empty() {
                return columns;
            }
        }
        Vec::new()
    }

    /// What a word of the question may have meant: values that contain it.
    pub(super) fn values_with(&self, word: &str) -> Vec<&str> {
        let has = |value: &&Known| value.words.iter().any(|part| same(part, word));
        self.values.iter().filter(has).map(|value| value.text.as_str()).take(4).collect()
    }
}

/// Another word for a value: who is `female` is a woman.
fn person(value: &Known) -> Option<Known> {
    let word = match value.words.as_slice() {
        [word] if word == "female" => "woman",
        [word] if word == "male" => "man",
        _ => return None,
    };
    Some(Known { words: vec![word.to_owned()], column: value.column, text: value.text.clone() })
}

/// Whether the words are meant as the value: not if they are plain words in lower case.
fn is_meant(words: &[Token], value: &str) -> bool {
    words.iter().any(|token| token.is_quoted || !FUNCTION_WORDS.contains(&token.word.as_str())) || {
        let typed: Vec<&str> = words.iter().map(|token| token.text.as_str()).collect();
        typed.join(" ") == value && value.chars().any(char::is_uppercase) && value.len() <= 3
    }
}

/// Whether its values may be said in a question.
pub(super) const fn is_text(column: &ColumnProfile) -> bool {
    matches!(column.kind, ColumnType::Category | ColumnType::Text | ColumnType::Identifier)
}
