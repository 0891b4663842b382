//! What may follow a head in any order: conditions, groups, words that change nothing.

use super::{Parsed, Parser};
use crate::providers::demo::ask::words::{CONNECTORS, NEGATIONS};

impl Parser<'_> {
    /// A condition before the head: `In Reno, how many …`.
    pub(super) fn leading_condition(&mut self) -> Parsed<()> {
        let is_one =
            matches!(self.word(0), "in" | "for" | "during" | "since" | "from" | "among" | "at");
        if !is_one || matches!(self.word(1), "which" | "what" | "how" | "each" | "every") {
            return Ok(());
        }
        let start = self.at;
        if self.clause()? && self.eat_word(&[","]) {
            return Ok(());
        }
        self.at = start;
        self.unknown()
    }

    /// Reads to the end, or to the first word that fits nowhere.
    pub(super) fn tail(&mut self) -> Parsed<()> {
        self.head_end = self.at;
        while !self.is_done() {
            if !self.clause()? {
                return self.unknown();
            }
        }
        Ok(())
    }

    /// One part of the tail.
    pub(super) fn clause(&mut self) -> Parsed<bool> {
        Ok(self.silent()
            || self.in_own_unit()?
            || self.group()?
            || self.during(None)?
            || self.dated_verb()?
            || self.filter()?)
    }

    /// A condition with the words before it.
    fn filter(&mut self) -> Parsed<bool> {
        let start = self.at;
        if self.condition()? {
            self.rows_behind();
            return Ok(true);
        }
        // A second sentence may only leave something out.
        if self.eat(&["."]) {
            if NEGATIONS.iter().any(|words| self.sees(words)) && self.condition()? {
                return Ok(true);
            }
            self.at = start;
            return Ok(false);
        }
        let mut has = false;
        let mut count = 0;
        while self.eat_one_of(CONNECTORS) {
            has |= matches!(
                self.tokens.get(self.at - 1).map(|t| t.word.as_str()),
                Some("have" | "has" | "had" | "with" | "a" | "an" | "having")
            );
            count += 1;
            if self.during(None)? || self.dated_verb()? {
                return Ok(true);
            }
            if self.condition()? {
                self.rows_behind();
                return Ok(true);
            }
            if count > 4 {
                break;
            }
        }
        if has && self.has_something()? {
            return Ok(true);
        }
        // `of all orders`: the rows themselves.
        if self.at > start && self.of_all_rows()? {
            return Ok(true);
        }
        if self.at > start && self.is_done() {
            self.at = start;
        }
        Ok(false)
    }

    fn of_all_rows(&mut self) -> Parsed<bool> {
        let start = self.at;
        self.determiners();
        if self.eat_table() {
            return Ok(true);
        }
        self.at = start;
        Ok(false)
    }

    /// `from shipped orders`: the rows behind their condition.
    fn rows_behind(&mut self) {
        self.thing_behind();
        let Some(len) = self.lex.noun_at(self.rest()) else { return };
        let named = self.lex.column_at(self.rest()).map_or(0, |named| named.len);
        if named <= len {
            self.at += len;
        }
    }

    /// `VIP customers`: the thing whose part the condition is about.
    fn thing_behind(&mut self) {
        let owner = |column: usize| self.name(column).rsplit_once('.').map(|(owner, _)| owner);
        let of = self.filters.last().and_then(|filter| owner(filter.column));
        let named = self.lex.column_at(self.rest()).filter(|named| {
            of.is_some() && named.rank == 2 && named.columns.iter().all(|at| owner(*at) == of)
        });
        self.at += named.map_or(0, |named| named.len);
    }
}
