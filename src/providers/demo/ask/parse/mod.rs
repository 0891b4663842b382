//! Reads a question by a small grammar: a head that says what is computed, then conditions and
//! groups in any order. Every word has to be used: a word that fits nowhere ends the reading,
//! because it may change what is meant.

mod amount;
mod caution;
mod chart;
mod condition;
mod counting;
mod dated;
mod ends;
mod extreme;
mod finish;
mod group;
mod head;
mod list;
mod noun;
mod number;
mod presence;
mod share;
mod silent;
mod tail;
mod values;
mod when;

use super::lexicon::{Lexicon, Named};
use super::plan::{Filter, Group, Plan};
use super::text::Token;
use super::words::{DETERMINERS, FUNCTION_WORDS, LEADS};
use crate::domain::evidence::ChartKind;

/// Why a question was not read to its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doubt {
    /// It can mean several things: a question back.
    Ask(String),
    /// The token at this place fits nowhere.
    Unknown(usize),
}

/// What was read, or a doubt.
pub(super) type Parsed<T> = Result<T, Doubt>;

/// How far a question was read, and what it says so far.
pub(super) struct Parser<'a> {
    lex: &'a Lexicon<'a>,
    tokens: &'a [Token],
    at: usize,
    filters: Vec<Filter>,
    groups: Vec<Group>,
    /// Whether `sold` and the like change nothing: a sum is asked for.
    is_sum: bool,
    /// Whether a mean is asked for.
    is_mean: bool,
    /// The column of which values were joined by `and`.
    joined: Option<usize>,
    /// The column that is computed.
    measured: Option<usize>,
    /// Whether things are counted, not told.
    is_counting: bool,
    /// Whether things are counted without the word `different`.
    is_loose: bool,
    /// Whether the deed of the rows was named: `were ordered`.
    has_deed: bool,
    /// Where the head ended.
    head_end: usize,
    /// The column of dates that a verb was about.
    dated: Option<usize>,
    /// Whether a chart is wanted, and of which kind.
    chart: Option<Option<ChartKind>>,
}

/// Reads a question about the table of `lex`, which is number `table`.
///
/// # Errors
/// What is unclear.
pub(super) fn read(lex: &Lexicon<'_>, table: usize, tokens: &[Token]) -> Parsed<Plan> {
    let tokens = &marked(lex, tokens);
    let mut parser = Parser {
        lex,
        tokens,
        at: 0,
        filters: Vec::new(),
        groups: Vec::new(),
        is_sum: false,
        is_mean: false,
        joined: None,
        measured: None,
        has_deed: false,
        is_counting: false,
        is_loose: false,
        head_end: 0,
        dated: None,
        chart: None,
    };
    parser.chart_lead();
    while parser.eat_one_of(LEADS) {}
    parser.chart_lead();
    parser.leading_condition()?;
    let head = parser.head()?;
    parser.finish(table, head)
}

/// The tokens, with words of ours that are written like a value (`IT`, grade `A`) marked as such.
fn marked(lex: &Lexicon<'_>, tokens: &[Token]) -> Vec<Token> {
    let mut marked = tokens.to_vec();
    for (at, token) in marked.iter_mut().enumerate() {
        let is_ours = FUNCTION_WORDS.contains(&token.word.as_str());
        let alone = tokens.get(at..=at).unwrap_or_default();
        token.is_quoted |= is_ours && lex.value_at(alone, false).is_some();
    }
    marked
}

impl<'a> Parser<'a> {
    /// The word at a place ahead; empty behind the end and for what is quoted.
    fn word(&self, ahead: usize) -> &'a str {
        let token = self.tokens.get(self.at + ahead).filter(|token| !token.is_quoted);
        token.map_or("", |token| token.word.as_str())
    }

    fn rest(&self) -> &'a [Token] {
        self.rest_from(0)
    }

    fn rest_from(&self, ahead: usize) -> &'a [Token] {
        self.tokens.get(self.at + ahead..).unwrap_or_default()
    }

    const fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn sees(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.word(ahead) == *word)
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let is_there = self.sees(words);
        if is_there {
            self.at += words.len();
        }
        is_there
    }

    /// Eats the longest of these.
    fn eat_one_of(&mut self, phrases: &[&[&str]]) -> bool {
        let there = phrases.iter().filter(|phrase| self.sees(phrase)).map(|phrase| phrase.len());
        let len = there.max().unwrap_or(0);
        self.at += len;
        len > 0
    }

    fn eat_word(&mut self, words: &[&str]) -> bool {
        let is_there = words.contains(&self.word(0));
        self.at += usize::from(is_there);
        is_there
    }

    fn determiners(&mut self) {
        while self.eat_word(DETERMINERS) {}
    }

    /// Eats the longest phrase of a table and says what it means.
    fn eat_of<T: Copy>(&mut self, table: &[(&[&str], T)]) -> Option<T> {
        let there = table.iter().filter(|(phrase, _)| self.sees(phrase));
        let (phrase, meaning) = there.max_by_key(|(phrase, _)| phrase.len())?;
        self.at += phrase.len();
        Some(*meaning)
    }

    fn unknown<T>(&self) -> Parsed<T> {
        Err(Doubt::Unknown(self.at))
    }

    /// Eats the longest of these in which no word names something in the table.
    fn eat_silent(&mut self, phrases: &[&[&str]]) -> bool {
        let names = |ahead: usize| {
            let rest = self.rest_from(ahead);
            let is_ours = FUNCTION_WORDS.contains(&self.word(ahead));
            !is_ours
                && (self.lex.column_at(rest).is_some_and(|named| named.rank < 4)
                    || self.lex.value_at(rest, false).is_some())
        };
        let there = phrases.iter().filter(|phrase| self.sees(phrase)).map(|phrase| phrase.len());
        let len = there.max().unwrap_or(0);
        if len == 0 || (0..len).any(names) {
            return false;
        }
        self.at += len;
        true
    }

    /// Eats a verb of a list, unless it names something in the table.
    fn eat_verb(&mut self, verbs: &[&str]) -> bool {
        let word = self.word(0);
        verbs.contains(&word) && self.eat_silent(&[&[word]])
    }

    /// The column's name as in the file.
    fn name(&self, column: usize) -> &'a str {
        self.lex.column(column).map_or("", |column| column.name.as_str())
    }

    /// The one column that is meant, or the question which.
    fn one_column(&self, named: &Named) -> Parsed<usize> {
        if let [column] = named.columns.as_slice() {
            return Ok(*column);
        }
        if let Some(column) = self.same_thing(&named.columns) {
            return Ok(column);
        }
        Err(Doubt::Ask(format!("Which column do you mean: {}?", self.choices(&named.columns))))
    }

    /// The column among an id, a name, … of one thing which tells the others: it has as many
    /// different values as each of them.
    fn same_thing(&self, columns: &[usize]) -> Option<usize> {
        let mut distinct = columns.iter().filter_map(|at| self.lex.column(*at)).map(|c| c.distinct);
        let first = distinct.next()?;
        let are_equal = distinct.all(|count| count == first);
        let is_name = |at: &&usize| {
            let words = super::text::name_words(self.name(**at));
            words.last().is_some_and(|word| matches!(word.as_str(), "name" | "title"))
        };
        let last = |at: &usize| super::text::name_words(self.name(*at)).pop().unwrap_or_default();
        let are_of_one = columns.iter().all(|at| {
            matches!(
                last(at).as_str(),
                "id" | "no" | "nr" | "number" | "name" | "code" | "key" | "title"
            )
        });
        let is_id = |at: &&usize| !is_name(at);
        if !are_of_one {
            return None;
        }
        if self.is_counting {
            // Two people may have the same name, but not the same number.
            let count = |at: &usize| self.lex.column(*at).map_or(0, |column| column.distinct);
            let most = columns.iter().map(count).max()?;
            return columns.iter().filter(is_id).find(|at| count(at) == most).copied();
        }
        if are_equal { columns.iter().find(is_name) } else { None }.copied()
    }

    /// Names of columns to choose from.
    fn choices(&self, columns: &[usize]) -> String {
        let names: Vec<String> =
            columns.iter().take(6).map(|column| format!("*{}*", self.name(*column))).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }

    /// The column at this place, eaten.
    fn column(&mut self) -> Parsed<Option<usize>> {
        let Some(named) = self.lex.column_at(self.rest()) else { return Ok(None) };
        let column = self.one_column(&named)?;
        self.at += named.len;
        Ok(Some(column))
    }
}
