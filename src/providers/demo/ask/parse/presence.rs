//! Conditions on whether a cell says anything, or says yes: `no email`, `unpaid`, `left a comment`.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::{ColumnType, Value};
use crate::providers::demo::ask::plan::{Filter, Test};
use crate::providers::demo::ask::text::tokens;
use crate::providers::demo::ask::words::HAD_VERBS;

impl Parser<'_> {
    /// `no email`, `without an email`, `missing email`.
    pub(super) fn missing(&mut self) -> Parsed<bool> {
        let start = self.at;
        let is_word = self.eat_word(&["no", "without", "missing", "empty", "blank"]);
        if !is_word {
            return Ok(false);
        }
        let word = self.tokens.get(start).map_or("", |token| token.word.as_str());
        self.eat_word(&["a", "an", "any", "value", "known"]);
        self.eat_word(&["for", "in"]);
        self.eat_word(&["the"]);
        let Some(column) = self.column()? else {
            self.at = start;
            return Ok(false);
        };
        self.eat_word(&["value", "given", "set"]);
        self.push_missing(column, matches!(word, "no" | "without"))?;
        Ok(true)
    }

    /// `no discount` may be an empty cell, a zero or a no.
    pub(super) fn push_missing(&mut self, column: usize, is_word_of_none: bool) -> Parsed<()> {
        let Some(profile) = self.lex.column(column) else { return Ok(()) };
        let has_zero = profile.kind.is_number()
            && match &profile.min {
                Some(Value::Integer(min)) => *min <= 0,
                Some(Value::Decimal(min)) => *min <= 0.0,
                _ => false,
            };
        let says_none = profile.top.iter().any(|(value, _)| {
            let value = value.to_lowercase();
            matches!(value.as_str(), "none" | "no" | "n/a" | "na" | "-" | "unknown" | "null")
        });
        let is_yes_no = profile.kind == ColumnType::Boolean;
        if is_word_of_none && (has_zero || says_none || is_yes_no) {
            if is_yes_no && profile.nulls == 0 {
                self.filters.push(Filter { column, test: Test::Yes, is_negated: true });
                return Ok(());
            }
            return Err(Doubt::Ask(format!(
                "Do you mean rows in which *{}* is empty, or rows in which it says so?",
                profile.name
            )));
        }
        self.filters.push(Filter { column, test: Test::Missing, is_negated: false });
        Ok(())
    }

    /// `skip the empty ones`: rows in which the groups, or else the measure, say nothing.
    pub(super) fn missing_ones(&mut self) -> Parsed<bool> {
        let start = self.at;
        self.determiners();
        let is_word = self.eat_word(&["missing", "empty", "blank"])
            && self.eat_word(&["ones", "values", "entries", "rows", "answers", "cells"]);
        let mut columns: Vec<usize> = self.groups.iter().map(|group| group.column).collect();
        if columns.is_empty() {
            columns.extend(self.measured);
        }
        if !is_word || columns.is_empty() {
            self.at = start;
            return Ok(false);
        }
        for column in columns {
            self.filters.push(Filter { column, test: Test::Missing, is_negated: true });
        }
        Ok(true)
    }

    /// `those who have`, `orders with`: what names the rows that are left out.
    pub(super) fn left_out(&mut self) -> bool {
        let start = self.at;
        self.eat_word(&["those", "the", "all"]);
        let noun =
            self.lex.noun_at(self.rest()).filter(|_| self.lex.column_at(self.rest()).is_none());
        self.at += noun.unwrap_or(0);
        if self.at == start {
            return false;
        }
        self.eat_one_of(&[
            &["who", "gave"],
            &["that", "gave"],
            &["who", "have"],
            &["that", "have"],
            &["who", "left"],
            &["with"],
            &["in"],
            &["from"],
        ]);
        true
    }

    /// `zero quantity`.
    pub(super) fn zero(&mut self) -> Parsed<bool> {
        let start = self.at;
        if self.eat_word(&["zero", "0"])
            && let Some(column) = self.column()?
            && self.lex.column(column).is_some_and(|column| column.kind.is_number())
        {
            let test = Test::Numbers(vec![0.0]);
            self.filters.push(Filter { column, test, is_negated: false });
            return Ok(true);
        }
        self.at = start;
        Ok(false)
    }

    /// `unpaid`, `inactive`: the opposite of a column that says yes or no.
    pub(super) fn opposite(&mut self) -> Parsed<bool> {
        let word = self.word(0);
        let Some(stem) = word.strip_prefix("un").or_else(|| word.strip_prefix("in")) else {
            return Ok(false);
        };
        let token = tokens(stem);
        let Some(named) =
            self.lex.column_at(&token).filter(|_| self.lex.column_at(self.rest()).is_none())
        else {
            return Ok(false);
        };
        if !self.is_yes_no(&named.columns) || self.lex.value_at(self.rest(), false).is_some() {
            return Ok(false);
        }
        let column = self.one_column(&named)?;
        self.at += 1;
        self.filters.push(Filter { column, test: Test::Yes, is_negated: true });
        self.check_nulls(column, false)?;
        Ok(true)
    }

    /// `uses the app`, `left a comment`: the cell says yes, or something.
    pub(super) fn had(&mut self) -> Parsed<bool> {
        let start = self.at;
        if !self.eat_verb(HAD_VERBS) {
            return Ok(false);
        }
        let is_work = self.tokens.get(start).is_some_and(|token| token.word.starts_with("work"));
        while self
            .eat_word(&["a", "an", "any", "some", "the", "their", "his", "her", "its", "been"])
        {
        }
        let after = self.at;
        if self.on_a_column()? || self.compared(None)? {
            return Ok(true);
        }
        self.at = after;
        if !is_work && self.has_something()? {
            return Ok(true);
        }
        self.at = start;
        Ok(false)
    }

    /// `with an email`: the cell says something.
    pub(super) fn has_something(&mut self) -> Parsed<bool> {
        let start = self.at;
        self.eat_word(&["a", "an", "any", "some"]);
        if self.eat_word(&["something", "anything", "value", "date", "entry"])
            && !self.eat_word(&["in", "for"])
        {
            self.at = start;
        }
        self.determiners();
        let Some(column) = self.column()? else {
            self.at = start;
            return Ok(false);
        };
        let Some(profile) = self.lex.column(column) else { return Ok(false) };
        let is_clear = matches!(
            profile.kind,
            ColumnType::Text
                | ColumnType::Category
                | ColumnType::Identifier
                | ColumnType::Date
                | ColumnType::DateTime
        ) || profile.min.as_ref().is_some_and(is_above_zero);
        if !is_clear || profile.nulls == 0 {
            self.at = start;
            return Ok(false);
        }
        self.filters.push(Filter { column, test: Test::Missing, is_negated: true });
        Ok(true)
    }
}

fn is_above_zero(value: &Value) -> bool {
    match value {
        Value::Integer(number) => *number > 0,
        Value::Decimal(number) => *number > 0.0,
        _ => false,
    }
}
