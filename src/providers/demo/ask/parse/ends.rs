//! Heads with a superlative: `the cheapest product`, `the country with the highest revenue`.

use super::extreme::{Extreme, Of};
use super::head::Head;
use super::noun::Subject;
use super::{Doubt, Parsed, Parser};
use crate::providers::demo::ask::plan::{Aggregate, Filter, Test};
use crate::providers::demo::ask::words::{Quality, SUPERLATIVES};

impl Parser<'_> {
    /// `the date of the latest order`.
    pub(super) fn of_an_extreme(&mut self, column: usize) -> Parsed<Option<Head>> {
        let start = self.at;
        if self.eat(&["of"]) {
            self.determiners();
            if let Some(extreme) = self.extreme()? {
                let subject = self.subject()?;
                return match extreme.of {
                    Of::Quality(by, _) if self.is_rows(subject) && by == column => {
                        self.value(extreme.is_largest, column).map(Some)
                    }
                    Of::Quality(..) if self.is_rows(subject) && self.is_unique(column) => {
                        Ok(Some(Head::Extreme(Subject::Column(column), extreme, 1)))
                    }
                    _ => self.unknown(),
                };
            }
            // `the ids of the three people with the highest salary`.
            let count = self.small_number();
            let known = self.filters.len();
            let subject = self.subject()?;
            if self.is_rows(subject) && self.is_unique(column) && self.sees_superlative() {
                let head = self.thing_with(Subject::Column(column))?;
                return Ok(Some(match head {
                    Head::Extreme(subject, extreme, _) => {
                        Head::Extreme(subject, extreme, count.unwrap_or(1))
                    }
                    head => head,
                }));
            }
            self.filters.truncate(known);
        }
        self.at = start;
        Ok(None)
    }

    /// `the most common city`.
    pub(super) fn most_common(&mut self) -> Parsed<Option<Head>> {
        let is_largest = match (self.word(0), self.word(1)) {
            ("most", "common" | "frequent" | "used") => true,
            ("least", "common" | "frequent") => false,
            _ => return Ok(None),
        };
        self.at += 2;
        let Some(Subject::Column(column)) = self.subject()? else { return self.unknown() };
        self.generic_noun();
        self.filters.push(Filter { column, test: Test::Missing, is_negated: true });
        let extreme = Extreme { is_largest, of: Of::Rows };
        Ok(Some(Head::Extreme(Subject::Column(column), extreme, 1)))
    }

    /// `the highest price`, `the cheapest product`.
    pub(super) fn superlative(&mut self) -> Parsed<Option<Head>> {
        let Some(extreme) = self.extreme()? else { return Ok(None) };
        match extreme.of {
            Of::Column(column, None) => {
                self.generic_noun();
                self.value(extreme.is_largest, column).map(Some)
            }
            Of::Quality(column, quality) => self.things_at(extreme, column, quality).map(Some),
            _ => Err(Doubt::Ask("Of what: which column do you want me to compare?".to_owned())),
        }
    }

    pub(super) fn things_at(
        &mut self,
        extreme: Extreme,
        column: usize,
        quality: Quality,
    ) -> Parsed<Head> {
        let start = self.at;
        let subject = self.subject()?;
        if quality == Quality::Price && self.is_rows(subject) {
            self.check_price(column)?;
        }
        match subject {
            Some(Subject::Column(named)) => {
                let is_time = self.lex.column(named).is_some_and(|column| column.kind.is_time());
                if named == column || (quality == Quality::Time && is_time) {
                    self.eat_word(&["date", "time"]);
                    return self.value(extreme.is_largest, named);
                }
                Ok(Head::Extreme(Subject::Column(named), extreme, 1))
            }
            Some(subject) => Ok(Head::Extreme(subject, extreme, 1)),
            None if self.is_done() => Ok(Head::Extreme(Subject::Rows, extreme, 1)),
            None => {
                self.at = start;
                self.unknown()
            }
        }
    }

    pub(super) fn value(&mut self, is_largest: bool, column: usize) -> Parsed<Head> {
        let aggregate = if is_largest { Aggregate::Most } else { Aggregate::Least };
        self.aggregate_of(aggregate, column)
    }

    pub(super) fn sees_superlative(&self) -> bool {
        let has = matches!(self.word(0), "with" | "that" | "which" | "who" | "having");
        let rest = (1..4).any(|ahead| {
            let word = self.word(ahead);
            SUPERLATIVES.iter().any(|(phrase, _)| phrase.first() == Some(&word))
        });
        has && rest
    }

    /// `the country with the highest revenue`.
    pub(super) fn thing_with(&mut self, subject: Subject) -> Parsed<Head> {
        self.eat_word(&["with", "that", "which", "who", "having"]);
        self.eat_word(&["has", "have", "had"]);
        self.determiners();
        match self.extreme()? {
            Some(extreme) => Ok(Head::Extreme(subject, extreme, 1)),
            None => self.unknown(),
        }
    }
}
