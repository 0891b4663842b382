//! Conditions on numbers: `over 500 EUR`, `at least 3 items`, `between 10 and 20`.

use super::amount::Amount;
use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::{Comparison, Filter, Test};
use crate::providers::demo::ask::words::{
    AFTER_NUMBERS, COMPARATIVES, COMPARISONS, Quality, VERBS,
};

impl Parser<'_> {
    /// A comparison, of `column` or of the one that is named in it or must be meant.
    pub(super) fn compared(&mut self, column: Option<usize>) -> Parsed<bool> {
        let start = self.at;
        if let Some((comparison, quality)) = self.comparative() {
            return self.with_quality(start, comparison, quality, column);
        }
        if self.eat(&["between"]) || (column.is_some() && self.eat(&["from"])) {
            return self.between(start, column);
        }
        let comparison = self.eat_of(COMPARISONS);
        let is_exact = comparison.is_none() && self.eat_word(&["exactly"]);
        if comparison.is_none() && !is_exact && column.is_none() {
            return self.number_with_end(start);
        }
        let Some(amount) = self.amount() else {
            self.at = start;
            return Ok(false);
        };
        let after = self.eat_of(AFTER_NUMBERS);
        let test = match (comparison, after) {
            (Some(_), Some(_)) => return self.unknown(),
            (Some(comparison), None) | (None, Some(comparison)) => {
                Test::Compared(comparison, amount.value)
            }
            (None, None) => self.numbers(&amount),
        };
        self.push_number(column, &amount, test)
    }

    fn comparative(&mut self) -> Option<(Comparison, Quality)> {
        let table: Vec<(&[&str], (Comparison, Quality))> =
            COMPARATIVES.iter().map(|(words, sign, quality)| (*words, (*sign, *quality))).collect();
        self.eat_of(&table)
    }

    fn with_quality(
        &mut self,
        start: usize,
        comparison: Comparison,
        quality: Quality,
        column: Option<usize>,
    ) -> Parsed<bool> {
        let Some(amount) = self.amount() else {
            self.at = start;
            return Ok(false);
        };
        let own = self.quality_column(quality)?;
        if column.is_some_and(|column| column != own) {
            return self.unknown();
        }
        if quality == Quality::Price {
            self.check_price(own)?;
        }
        self.push_number(Some(own), &amount, Test::Compared(comparison, amount.value))
    }

    /// An order may be expensive for what it costs in all, not for the price of a piece.
    pub(super) fn check_price(&self, price: usize) -> Parsed<()> {
        let mut columns = self.lex.columns_that(|column| {
            column.kind == ColumnType::Currency || column.kind == ColumnType::Decimal
        });
        columns.retain(|at| *at != price && self.is_additive(*at));
        if columns.is_empty() {
            return Ok(());
        }
        columns.insert(0, price);
        Err(Doubt::Ask(format!("By which number: {}?", self.choices(&columns))))
    }

    /// The column that an adjective or verb is about.
    pub(super) fn quality_column(&self, quality: Quality) -> Parsed<usize> {
        let mut columns = self.lex.named_one_of(quality.columns());
        if quality == Quality::Time {
            columns = self.lex.times();
        } else {
            columns.retain(|at| self.lex.column(*at).is_some_and(|column| column.kind.is_number()));
        }
        match columns.as_slice() {
            [column] => Ok(*column),
            [] => self.unknown(),
            several => {
                Err(Doubt::Ask(format!("Which column do you mean: {}?", self.choices(several))))
            }
        }
    }

    /// `cost more than 100`: the verb names the column.
    pub(super) fn verb(&mut self) -> Parsed<bool> {
        let start = self.at;
        let found = VERBS.iter().find(|(words, _)| words.contains(&self.word(0)));
        let Some((_, quality)) = found else { return Ok(false) };
        self.at += 1;
        let is_compared = COMPARISONS.iter().any(|(words, _)| self.sees(words))
            || self.sees(&["between"])
            || self.sees(&["exactly"]);
        if !is_compared {
            self.at = start;
            return Ok(false);
        }
        let column = self.quality_column(*quality)?;
        if *quality == Quality::Price {
            self.check_price(column)?;
        }
        self.compared(Some(column))
    }

    fn between(&mut self, start: usize, column: Option<usize>) -> Parsed<bool> {
        let Some(low) = self.amount() else {
            self.at = start;
            return Ok(false);
        };
        if !self.eat_word(&["and", "to"]) {
            return self.unknown();
        }
        let Some(high) = self.amount() else { return self.unknown() };
        if low.value > high.value {
            return Err(Doubt::Ask("The first number is larger than the second one.".to_owned()));
        }
        let test = Test::Between(low.value, high.value);
        let unit = Amount {
            value: high.value,
            currency: high.currency.or(low.currency),
            is_percent: low.is_percent || high.is_percent,
            unit: high.unit.or(low.unit),
        };
        self.push_number(column, &unit, test)
    }

    /// `5 or more`, behind which a column must stand or be meant.
    fn number_with_end(&mut self, start: usize) -> Parsed<bool> {
        if let Some(amount) = self.amount()
            && let Some(comparison) = self.eat_of(AFTER_NUMBERS)
        {
            return self.push_number(None, &amount, Test::Compared(comparison, amount.value));
        }
        self.at = start;
        Ok(false)
    }

    /// Numbers in a row: `4 or 5`.
    fn numbers(&mut self, first: &Amount) -> Test {
        let mut numbers = vec![first.value];
        loop {
            let start = self.at;
            let is_more = self.eat_word(&[",", "or", "and"]);
            let number = self.tokens.get(self.at).and_then(|token| token.number);
            // A number that begins something else, such as `3 or more`, is not part of the row.
            match number.filter(|_| is_more) {
                Some(number) => {
                    self.at += 1;
                    numbers.push(number);
                }
                None => {
                    self.at = start;
                    return Test::Numbers(numbers);
                }
            }
        }
    }

    /// Takes the column that is named behind the number, given, or the only one that fits.
    fn push_number(&mut self, column: Option<usize>, amount: &Amount, test: Test) -> Parsed<bool> {
        let column = match column {
            Some(column) => column,
            None => self.column_of(amount)?,
        };
        self.check_unit_of(column, amount)?;
        self.filters.push(Filter { column, test, is_negated: false });
        Ok(true)
    }
}
