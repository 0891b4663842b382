//! Parts of a whole: `what share of orders were returned`.

use super::head::Head;
use super::noun::Subject;
use super::{Parsed, Parser};
use crate::providers::demo::ask::plan::{Filter, Test};
use crate::providers::demo::ask::words::AGGREGATES;

const SHARES: &[&str] = &["share", "percentage", "percent", "proportion", "fraction", "%"];

impl Parser<'_> {
    /// The head of a question for a share; its conditions are read by [`Parser::parts`].
    pub(super) fn share(&mut self) -> Parsed<Option<Head>> {
        let start = self.at;
        self.eat_one_of(&[&["what", "is"], &["what"], &["which"], &["how", "large", "is"]]);
        self.eat_word(&["the", "a"]);
        let is_share = self.eat_word(SHARES) && self.eat_word(&["of"]);
        if !is_share {
            self.at = start;
            return Ok(None);
        }
        self.determiners();
        let before = self.at;
        self.eat_of(AGGREGATES);
        if let Some(column) = self.lex.column_at(self.rest()) {
            let column = self.one_column(&column)?;
            if self.is_additive(column) {
                self.column()?;
                self.is_sum = true;
                return Ok(Some(Head::Share(Some(column))));
            }
        }
        self.at = before;
        match self.subject()? {
            Some(Subject::Rows) => Ok(Some(Head::Share(None))),
            Some(Subject::Column(column)) if self.is_unique(column) => Ok(Some(Head::Share(None))),
            _ => self.unknown(),
        }
    }

    /// Reads the conditions of a share: which belong to the whole, and which to the part.
    pub(super) fn parts(&mut self) -> Parsed<Vec<Filter>> {
        let adjectives = self.filters.len();
        let mut whole = adjectives;
        let mut has_verb = false;
        while !self.is_done() {
            if !has_verb && self.is_verb() {
                has_verb = true;
                whole = self.filters.len();
            }
            if self.eat_one_of(&[
                &[",", "in", "percent"],
                &["in", "percent"],
                &["as", "a", "percentage"],
            ]) {
                continue;
            }
            if !self.clause()? {
                return self.unknown();
            }
        }
        if !self.groups.is_empty() {
            return self.unknown();
        }
        let mut part = self.filters.split_off(if has_verb { whole } else { 0 });
        // `were returned in 2023`: the time is that of the whole.
        let is_time = |filter: &Filter| matches!(filter.test, Test::During(_));
        if has_verb && part.len() == 2 && !part.first().is_some_and(is_time) {
            let times: Vec<Filter> =
                part.iter().filter(|filter| is_time(filter)).cloned().collect();
            part.retain(|filter| !is_time(filter));
            self.filters.extend(times);
        }
        if part.len() == 1 { Ok(part) } else { self.unknown() }
    }

    fn is_verb(&self) -> bool {
        matches!(
            self.word(0),
            "is" | "are"
                | "was"
                | "were"
                | "has"
                | "have"
                | "had"
                | "comes"
                | "come"
                | "came"
                | "that"
                | "who"
                | "uses"
                | "use"
                | "used"
                | "get"
                | "gets"
                | "gave"
                | "do"
                | "does"
                | "did"
                | "live"
                | "lives"
                | "work"
                | "works"
        )
    }

    /// Whether each row has a value of its own there.
    pub(super) fn is_unique(&self, column: usize) -> bool {
        let rows = self.lex.table.row_count;
        self.lex.column(column).is_some_and(|column| column.nulls == 0 && column.distinct == rows)
    }
}
