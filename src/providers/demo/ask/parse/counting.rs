//! Heads that compute a number: `how many …`, `how much …`, `the average …`.

use super::head::{COUNTS, Head};
use super::noun::Subject;
use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::{Aggregate, Measure};
use crate::providers::demo::ask::text::{name_words, same};
use crate::providers::demo::ask::words::{ADDITIVE, AGGREGATES, HAVE_VERBS, SUM_VERBS};

impl Parser<'_> {
    /// `how many …`.
    pub(super) fn count(&mut self) -> Parsed<Option<Head>> {
        if self.eat(&["how", "much"]) {
            return self.how_much().map(Some);
        }
        let start = self.at;
        self.eat_word(&["the"]);
        if self.lex.column_at(self.rest()).is_some_and(|named| named.len > 1) {
            self.at = start;
            return Ok(None);
        }
        self.at = start;
        if !self.eat_one_of(COUNTS) {
            return Ok(None);
        }
        let is_distinct = self.eat_word(&["different", "distinct", "unique"]);
        self.is_loose = !is_distinct;
        self.eat_one_of(&[&["of", "the"], &["of", "our"], &["of"]]);
        self.is_counting = true;
        let subject = self.subject()?;
        self.is_counting = false;
        let measure = match subject {
            Some(Subject::Rows) if !is_distinct => {
                self.check_owners()?;
                Measure::Rows
            }
            Some(Subject::Column(column)) => {
                self.check_counted(column)?;
                self.count_of(column, is_distinct)?
            }
            None if !is_distinct && HAVE_VERBS.contains(&self.word(0)) => Measure::Rows,
            _ => return self.unknown(),
        };
        Ok(Some(Head::Measure(measure)))
    }

    pub(super) fn count_of(&mut self, column: usize, is_distinct: bool) -> Parsed<Measure> {
        let Some(profile) = self.lex.column(column) else { return self.unknown() };
        if is_distinct || !profile.kind.is_number() {
            if profile.kind == ColumnType::Boolean {
                return self.unknown();
            }
            return Ok(Measure::Distinct(column));
        }
        let words = name_words(&profile.name);
        let is_plural =
            words.iter().any(|word| word.len() > 3 && word.ends_with('s') && !word.ends_with("ss"))
                && !words
                    .iter()
                    .any(|word| matches!(word.as_str(), "status" | "class" | "per" | "years"));
        let is_quantity = words.iter().any(|word| matches!(word.as_str(), "quantity" | "qty"));
        if is_plural && !is_quantity {
            self.is_sum = true;
            self.measured = Some(column);
            return Ok(Measure::Of(Aggregate::Sum, column));
        }
        Err(Doubt::Ask(format!(
            "Do you mean the sum of *{0}*, or how many different values *{0}* has?",
            profile.name
        )))
    }

    /// `how much revenue …`.
    pub(super) fn how_much(&mut self) -> Parsed<Head> {
        self.eat_one_of(&[&["is", "the"], &["was", "the"], &["of", "the"]]);
        if self.eat(&["money"]) {
            return self.money();
        }
        self.eat_word(&["total"]);
        match self.column()? {
            Some(column) if self.is_number(column) => {
                self.generic_noun();
                // Who pays it adds it up.
                let is_paid = SUM_VERBS.iter().any(|verb| verb.len() > 1 && self.sees(verb));
                if !self.is_additive(column) && !is_paid {
                    return Ok(Head::Plain(column));
                }
                self.aggregate_of(Aggregate::Sum, column)
            }
            Some(column) => self.no_number(column),
            None => self.unknown(),
        }
    }

    /// `how much money`: the only amounts that can be added up.
    pub(super) fn money(&mut self) -> Parsed<Head> {
        let columns = self.lex.columns_that(|column| column.kind == ColumnType::Currency);
        let columns: Vec<usize> = columns.into_iter().filter(|at| self.is_additive(*at)).collect();
        match columns.as_slice() {
            [column] => self.aggregate_of(Aggregate::Sum, *column),
            [] => self.unknown(),
            several => {
                Err(Doubt::Ask(format!("Which column do you mean: {}?", self.choices(several))))
            }
        }
    }

    pub(super) fn is_additive(&self, column: usize) -> bool {
        let Some(profile) = self.lex.column(column) else { return false };
        let words = name_words(&profile.name);
        let is_one = |word: &String| ADDITIVE.iter().any(|name| same(name, word));
        let is_rate = |word: &String| {
            matches!(
                word.as_str(),
                "price"
                    | "per"
                    | "average"
                    | "avg"
                    | "mean"
                    | "rate"
                    | "max"
                    | "min"
                    | "cumulative"
                    | "unit"
            )
        };
        let is_rate = words.iter().any(is_rate) && words.len() != 1;
        profile.kind.is_number()
            && profile.unit.as_deref() != Some("%")
            && !is_rate
            && words.iter().any(is_one)
    }

    /// `the average price`, `total revenue`.
    pub(super) fn aggregate(&mut self) -> Parsed<Option<Head>> {
        let start = self.at;
        // A column may be called `total amount`.
        if self.lex.column_at(self.rest()).is_some_and(|named| named.len > 1 && named.rank == 0) {
            return Ok(None);
        }
        let Some(aggregate) = self.eat_of(AGGREGATES) else { return Ok(None) };
        if self.word(0) == "amount" && self.lex.column_at(self.rest()).is_none() {
            self.eat(&["amount"]);
        }
        self.eat_word(&["of", "for"]);
        self.determiners();
        let known = self.groups.len();
        self.time_adjective()?;
        if self.groups.len() > known && aggregate != Aggregate::Sum {
            return Err(Doubt::Ask(
                "Do you mean that of the single values of each time, or that of their sums?"
                    .to_owned(),
            ));
        }
        if self.eat_one_of(&[&["number", "of"], &["count", "of"]]) {
            return self.nested(aggregate).map(Some);
        }
        let known = self.filters.len();
        match self.column_behind_adjectives()? {
            Some(column) => {
                self.generic_noun();
                self.aggregate_of(aggregate, column).map(Some)
            }
            // The column itself may be called `total`.
            None if aggregate == Aggregate::Sum => {
                self.filters.truncate(known);
                self.at = start;
                Ok(None)
            }
            None => self.unknown(),
        }
    }

    /// `average number of items`: clear if that is a column.
    pub(super) fn nested(&mut self, aggregate: Aggregate) -> Parsed<Head> {
        match self.column()? {
            Some(column) if self.is_number(column) => self.aggregate_of(aggregate, column),
            _ => Err(Doubt::Ask(
                "I cannot compute with counts of groups. Can you ask for the counts themselves?"
                    .to_owned(),
            )),
        }
    }

    /// The column, maybe behind conditions: `average German salary`.
    pub(super) fn column_behind_adjectives(&mut self) -> Parsed<Option<usize>> {
        if let Some(column) = self.column()? {
            return Ok(Some(column));
        }
        let start = self.at;
        let known = self.filters.len();
        if self.values(None, false)?
            && let Some(column) = self.column()?
        {
            return Ok(Some(column));
        }
        self.filters.truncate(known);
        self.at = start;
        Ok(None)
    }

    pub(super) fn aggregate_of(&mut self, aggregate: Aggregate, column: usize) -> Parsed<Head> {
        let Some(profile) = self.lex.column(column) else { return self.unknown() };
        let is_end = matches!(aggregate, Aggregate::Least | Aggregate::Most);
        let is_fit = profile.kind.is_number() || (is_end && profile.kind.is_time());
        if !is_fit {
            return self.no_number(column);
        }
        self.is_sum = aggregate == Aggregate::Sum;
        self.is_mean = matches!(aggregate, Aggregate::Average | Aggregate::Median);
        self.measured = Some(column);
        Ok(Head::Measure(Measure::Of(aggregate, column)))
    }
}
