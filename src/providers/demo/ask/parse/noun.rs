//! What a question is about: rows, the things in a column, or parts of time.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::{Filter, Group, Test, Unit};
use crate::providers::demo::ask::text::same;
use crate::providers::demo::ask::words::{QUANTITIES, TIME_UNITS};

/// What a noun means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Rows of the table.
    Rows,
    /// The values of a column.
    Column(usize),
    /// Parts of the times of a column.
    Time(Group),
}

impl Parser<'_> {
    /// A noun with what stands before it: `the shipped orders`, `customers`. What stands before it
    /// becomes conditions.
    pub(super) fn subject(&mut self) -> Parsed<Option<Subject>> {
        let start = self.at;
        let known = self.filters.len();
        self.determiners();
        loop {
            if let Some(noun) = self.noun()? {
                return Ok(Some(noun));
            }
            if self.adjective()? {
                continue;
            }
            // A value alone is a noun too: the rows that have it.
            if self.filters.len() > known {
                return self.rows_of_a_value().map(Some);
            }
            self.at = start;
            return Ok(None);
        }
    }

    fn noun(&mut self) -> Parsed<Option<Subject>> {
        let rows = self.lex.noun_at(self.rest()).unwrap_or(0);
        let named = self.lex.column_at(self.rest());
        let value = self.lex.value_at(self.rest(), false).map_or(0, |value| value.len);
        let column = named.as_ref().map_or(0, |named| named.len);
        if rows > 0 && rows >= column && rows >= value {
            if let Some(named) = named.filter(|named| named.len == rows && named.rank <= 2) {
                self.rows_or_things(&named.columns)?;
            }
            self.at += rows;
            return Ok(Some(Subject::Rows));
        }
        if let Some(unit) = self.time_unit(column)? {
            return Ok(Some(Subject::Time(unit)));
        }
        let Some(named) = named.filter(|named| named.len >= value) else { return Ok(None) };
        let is_adjective = self.is_yes_no(&named.columns) && self.is_before_a_noun(named.len);
        if is_adjective {
            return Ok(None);
        }
        if value == named.len {
            // `City format`: the value of the column behind it.
            if self.is_value_of_next(value) {
                return Ok(None);
            }
            // `which city`, `different cities`: a column is asked for.
            if self.wants_column() {
                let column = self.one_column(&named)?;
                self.at += named.len;
                return Ok(Some(Subject::Column(column)));
            }
            let word = self.word(0);
            return Err(Doubt::Ask(format!(
                "Do you mean the column {} or the value “{word}”?",
                self.choices(&named.columns)
            )));
        }
        let column = self.one_column(&named)?;
        self.at += named.len;
        Ok(Some(Subject::Column(column)))
    }

    /// A thing may have several rows: then its rows are not what is counted.
    fn rows_or_things(&self, columns: &[usize]) -> Parsed<()> {
        let repeats = |at: &&usize| {
            self.lex.column(**at).is_some_and(|column| {
                matches!(
                    column.kind,
                    ColumnType::Identifier
                        | ColumnType::Integer
                        | ColumnType::Text
                        | ColumnType::Category
                ) && column.distinct + column.nulls < self.lex.table.row_count
            })
        };
        match columns.iter().find(repeats) {
            Some(column) => Err(Doubt::Ask(format!(
                "Do you mean the rows of *{}*, or the different values of *{}*?",
                self.lex.table.source,
                self.name(*column)
            ))),
            None => Ok(()),
        }
    }

    /// `month`, `year`, …: unless a column has that name.
    pub(super) fn time_unit(&mut self, column_len: usize) -> Parsed<Option<Group>> {
        let word = self.word(0);
        let found = TIME_UNITS.iter().find(|(name, _)| same(name, word));
        let Some((_, unit)) = found.filter(|_| column_len == 0) else { return Ok(None) };
        let column = self.time_column()?;
        self.at += 1;
        self.check_unit(column, *unit)?;
        Ok(Some(Group { column, unit: Some(*unit) }))
    }

    fn check_unit(&self, column: usize, unit: Unit) -> Parsed<()> {
        let doubt = self.lex.column(column).and_then(|column| column.doubt.as_ref());
        match doubt.filter(|_| unit != Unit::Year) {
            Some(doubt) => Err(Doubt::Ask(format!(
                "I am not sure of the dates in *{}*: {doubt}",
                self.name(column)
            ))),
            None => Ok(()),
        }
    }

    /// A value or a yes-or-no column before a noun.
    fn adjective(&mut self) -> Parsed<bool> {
        let named = self.lex.column_at(self.rest());
        if let Some(named) = named.filter(|named| self.is_yes_no(&named.columns)) {
            if self.lex.value_at(self.rest(), false).is_some_and(|value| value.len >= named.len) {
                return Err(Doubt::Ask(format!(
                    "Do you mean the column {} or a value?",
                    self.choices(&named.columns)
                )));
            }
            if self.is_before_a_noun(named.len) {
                let column = self.one_column(&named)?;
                self.at += named.len;
                self.filters.push(Filter { column, test: Test::Yes, is_negated: false });
                return Ok(true);
            }
            return Ok(false);
        }
        Ok(self.opposite()? || self.values(None, false)?)
    }

    fn wants_column(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| {
            matches!(
                token.word.as_str(),
                "which" | "what" | "different" | "distinct" | "unique" | "per" | "each" | "every"
            )
        })
    }

    pub(super) fn is_value_of_next(&self, len: usize) -> bool {
        let next = self.lex.column_at(self.rest_from(len));
        let valued = self.lex.value_at(self.rest(), false);
        match (next, valued) {
            (Some(next), Some(valued)) => {
                valued.found.iter().any(|(column, _)| next.columns.contains(column))
            }
            _ => false,
        }
    }

    /// Whether a noun stands for the rows: also that of a column in which each row has its own value.
    pub(super) fn is_rows(&self, subject: Option<Subject>) -> bool {
        match subject {
            Some(Subject::Rows) => true,
            Some(Subject::Column(column)) => self.is_unique(column),
            _ => false,
        }
    }

    pub(super) fn is_yes_no(&self, columns: &[usize]) -> bool {
        columns
            .iter()
            .all(|at| self.lex.column(*at).is_some_and(|column| column.kind == ColumnType::Boolean))
    }

    fn is_before_a_noun(&self, ahead: usize) -> bool {
        let rest = self.rest_from(ahead);
        self.lex.noun_at(rest).is_some()
            || self.lex.column_at(rest).is_some_and(|named| !self.is_yes_no(&named.columns))
            || (self.lex.value_at(rest, false).is_some())
    }

    /// Rows of which one value was said: `how many laptops`. Where rows say how many things they
    /// stand for, it is unclear what is counted.
    fn rows_of_a_value(&self) -> Parsed<Subject> {
        let is_joined = self.at.checked_sub(2).and_then(|at| self.tokens.get(at));
        if is_joined.is_some_and(|token| token.word == "and" && !token.is_quoted) {
            return Err(Doubt::Ask("Do you mean all of them together, or each?".to_owned()));
        }
        match self.lex.named_one_of(QUANTITIES).as_slice() {
            [] => Ok(Subject::Rows),
            columns => Err(Doubt::Ask(format!(
                "Do you mean the number of rows, or the sum of {}?",
                self.choices(columns)
            ))),
        }
    }
}
