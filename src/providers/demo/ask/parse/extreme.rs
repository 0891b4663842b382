//! Superlatives: `the highest revenue`, `the cheapest product`, `top 5 customers by amount`.

use super::noun::Subject;
use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::Aggregate;
use crate::providers::demo::ask::text::same;
use crate::providers::demo::ask::words::{ADJECTIVES, AGGREGATES, Quality, SUPERLATIVES};

/// An end of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extreme {
    /// Which end.
    pub is_largest: bool,
    /// Of what.
    pub of: Of,
}

/// What is largest or smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// How many rows there are.
    Rows,
    /// How many different values of a column there are.
    Distinct(usize),
    /// A column; maybe many of its numbers together.
    Column(usize, Option<Aggregate>),
    /// The column that an adjective is about.
    Quality(usize, Quality),
}

impl Parser<'_> {
    /// A superlative with what it is about; for an adjective that is its own column.
    pub(super) fn extreme(&mut self) -> Parsed<Option<Extreme>> {
        let start = self.at;
        let adjectives: Vec<(&[&str], (bool, Quality))> =
            ADJECTIVES.iter().map(|(words, is_largest, of)| (*words, (*is_largest, *of))).collect();
        if let Some((is_largest, quality)) = self.eat_of(&adjectives) {
            let column = match self.quality_column(quality) {
                Err(Doubt::Unknown(_)) => {
                    self.at = start;
                    return self.unknown();
                }
                found => found?,
            };
            return Ok(Some(Extreme { is_largest, of: Of::Quality(column, quality) }));
        }
        let Some(is_largest) = self.eat_of(SUPERLATIVES) else { return Ok(None) };
        let is_count = ["most", "least", "fewest"]
            .iter()
            .any(|word| self.tokens.get(start).is_some_and(|token| token.word == *word));
        let says_number = self.sees(&["number", "of"]) || self.sees(&["count", "of"]);
        match self.measure()? {
            // `the highest sales` are no number of rows.
            Some(Of::Rows | Of::Distinct(_)) if !is_count && !says_number => Err(Doubt::Ask(
                "Which number do you mean: how many rows there are, or that of a column?"
                    .to_owned(),
            )),
            Some(of) => Ok(Some(Extreme { is_largest, of })),
            None => {
                self.at = start;
                Ok(None)
            }
        }
    }

    /// What a superlative or `by` is about: `total revenue`, `number of orders`, `orders`.
    pub(super) fn measure(&mut self) -> Parsed<Option<Of>> {
        let start = self.at;
        self.determiners();
        if self.eat_one_of(&[&["number", "of"], &["count", "of"]]) {
            let is_distinct = self.eat_word(&["different", "distinct", "unique"]);
            return match self.subject()? {
                Some(Subject::Rows) if !is_distinct => Ok(Some(Of::Rows)),
                Some(Subject::Column(column)) => self.counted(column).map(Some),
                _ => self.unknown(),
            };
        }
        let named = self.lex.column_at(self.rest());
        let aggregate = match &named {
            Some(named)
                if named.rank == 0
                    && named.len == 1
                    && self.lex.column_at(self.rest_from(1)).is_none() =>
            {
                None
            }
            Some(named) if named.len > 1 => None,
            _ => self.eat_of(AGGREGATES),
        };
        self.eat_word(if aggregate.is_some() { &["of", "for", "in"] } else { &["of"] });
        self.determiners();
        let noun = self.lex.noun_at(self.rest()).unwrap_or(0);
        let named = self.lex.column_at(self.rest()).map_or(0, |named| named.len);
        if aggregate.is_none() && noun > 0 && noun >= named {
            let known = self.filters.len();
            let subject = self.subject()?;
            if subject == Some(Subject::Rows) && self.filters.len() == known {
                self.check_sales(start)?;
                return Ok(Some(Of::Rows));
            }
            self.filters.truncate(known);
            self.at = start;
            return Ok(None);
        }
        let found = self.column()?;
        // The column itself may be called `total`.
        let (found, aggregate) = match found {
            None if aggregate.is_some() => {
                self.at = start;
                self.determiners();
                (self.column()?, None)
            }
            found => (found, aggregate),
        };
        let Some(column) = found else {
            self.at = start;
            return Ok(None);
        };
        let kind = self.lex.column(column).map_or(ColumnType::Text, |column| column.kind);
        if !kind.is_number() && !kind.is_time() {
            if aggregate.is_none() {
                return self.counted(column).map(Some);
            }
            return self.no_number(column);
        }
        Ok(Some(Of::Column(column, aggregate)))
    }

    /// `by sales` may be how many there are, or what they came to.
    fn check_sales(&self, start: usize) -> Parsed<()> {
        let said = self.tokens.get(start..self.at).unwrap_or_default();
        let is_unclear = said.iter().any(|token| same(&token.word, "sale"))
            && !self.lex.columns_that(|column| column.kind.is_number()).is_empty();
        if is_unclear {
            let text = "Do you mean the number of sales, or a sum: of which column?";
            return Err(Doubt::Ask(text.to_owned()));
        }
        Ok(())
    }

    /// `the most customers`: different ones; clear only where each has one row, or is said to be.
    fn counted(&self, column: usize) -> Parsed<Of> {
        let Some(profile) = self.lex.column(column) else { return self.unknown() };
        if profile.kind.is_number() {
            return Err(Doubt::Ask(format!(
                "Do you mean the sum of *{0}* or the number of different values of *{0}*?",
                profile.name
            )));
        }
        Ok(Of::Distinct(column))
    }

    /// A column whose values cannot be added up.
    pub(super) fn no_number<T>(&self, column: usize) -> Parsed<T> {
        let numbers = self.lex.columns_that(|column| column.kind.is_number());
        let hint = match numbers.as_slice() {
            [] => String::new(),
            some => {
                format!(" Columns of numbers are {}.", self.choices(some).replace(" or ", " and "))
            }
        };
        Err(Doubt::Ask(format!("*{}* is no column of numbers.{hint}", self.name(column))))
    }
}
