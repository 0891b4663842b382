//! Amounts with their units, and the columns that they can be of.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::Test;
use crate::providers::demo::ask::text::{name_words, same};
use crate::providers::demo::ask::words::NUMBER_WORDS;

/// Signs and names of currencies, by code.
const CURRENCIES: &[(&str, &[&str])] = &[
    ("EUR", &["€", "eur", "euro"]),
    ("USD", &["$", "usd", "dollar"]),
    ("GBP", &["£", "gbp", "pound"]),
    ("CHF", &["chf", "franc"]),
];

/// Words for what numbers count that stand in columns' names.
const UNITS: &[&str] = &[
    "year", "day", "hour", "minute", "second", "ms", "kg", "km", "m", "cm", "g", "mb", "kb",
    "byte", "point", "star",
];

/// A number with what was said of its unit.
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) currency: Option<&'static str>,
    pub(super) is_percent: bool,
    pub(super) unit: Option<String>,
}

impl Parser<'_> {
    pub(super) fn amount(&mut self) -> Option<Amount> {
        let start = self.at;
        let mut currency = self.currency();
        let spelled = NUMBER_WORDS.iter().position(|name| *name == self.word(0)).map(|at| at + 1);
        let spelled = spelled.and_then(|number| u32::try_from(number).ok()).map(f64::from);
        let said = self.tokens.get(self.at).and_then(|token| token.number);
        let Some(mut value) = said.or(spelled) else {
            self.at = start;
            return None;
        };
        self.at += 1;
        value *= match self.word(0) {
            "thousand" => 1e3,
            "million" => 1e6,
            _ => 1.0,
        };
        self.eat_word(&["thousand", "million"]);
        currency = currency.or_else(|| self.currency());
        let is_percent = self.eat_word(&["%", "percent"]);
        let unit = UNITS.iter().find(|unit| same(unit, self.word(0)));
        // A column of that name is said as such.
        let unit =
            unit.filter(|_| self.lex.column_at(self.rest()).is_none_or(|named| named.rank > 0));
        if unit.is_some() {
            self.at += 1;
            self.eat_word(&["old"]);
        }
        Some(Amount { value, currency, is_percent, unit: unit.map(|unit| (*unit).to_owned()) })
    }

    pub(super) fn currency(&mut self) -> Option<&'static str> {
        let word = self.word(0);
        let is_it = |name: &str| name == word || (word.len() > 3 && same(name, word));
        let (code, _) =
            CURRENCIES.iter().find(|(_, names)| names.iter().any(|name| is_it(name)))?;
        self.at += 1;
        Some(code)
    }

    pub(super) fn column_of(&mut self, amount: &Amount) -> Parsed<usize> {
        let start = self.at;
        self.eat_word(&["in", "of"]);
        if let Some(column) = self.column()? {
            return Ok(column);
        }
        self.at = start;
        if let Some(column) = self.same_column() {
            return Ok(column);
        }
        let is_currency = amount.currency.is_some();
        let columns = self.lex.columns_that(|column| match column.kind {
            ColumnType::Currency => true,
            kind => !is_currency && kind.is_number(),
        });
        let unit = amount.unit.as_deref();
        let with_unit: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|at| unit.is_some_and(|unit| self.has_unit(*at, unit)))
            .collect();
        let columns = if with_unit.is_empty() { columns } else { with_unit };
        match columns.as_slice() {
            [column] => Ok(*column),
            [] => self.unknown(),
            // `orders over 500 euros`: what they come to, not what a piece costs.
            several
                if is_currency
                    && several.iter().filter(|at| self.is_additive(**at)).count() == 1 =>
            {
                several
                    .iter()
                    .find(|at| self.is_additive(**at))
                    .map_or_else(|| self.unknown(), |at| Ok(*at))
            }
            several => {
                let choices = self.choices(several);
                Err(Doubt::Ask(format!("Which number do you mean: {choices}?")))
            }
        }
    }

    /// `over 10 and under 20`: the number that was compared just before.
    pub(super) fn same_column(&self) -> Option<usize> {
        let is_joined = self
            .tokens
            .get(..self.at)?
            .iter()
            .rev()
            .take(6)
            .any(|token| matches!(token.word.as_str(), "and" | "but"));
        let last = self.filters.last().filter(|_| is_joined)?;
        matches!(last.test, Test::Compared(..)).then_some(last.column)
    }

    pub(super) fn has_unit(&self, column: usize, unit: &str) -> bool {
        let words = name_words(self.name(column));
        words.iter().any(|word| same(word, unit))
            || (unit == "year" && words.iter().any(|w| w == "age"))
    }

    /// `in euros`, `in ms`: what the column's numbers are anyway.
    pub(super) fn in_own_unit(&mut self) -> Parsed<bool> {
        let start = self.at;
        self.eat(&[","]);
        let Some(column) = self.measured.filter(|_| self.eat(&["in"])) else {
            self.at = start;
            return Ok(false);
        };
        let currency = self.currency();
        let unit =
            UNITS.iter().find(|unit| same(unit, self.word(0))).map(|unit| (*unit).to_owned());
        if currency.is_none() && unit.is_none() {
            self.at = start;
            return Ok(false);
        }
        self.at += usize::from(unit.is_some());
        self.check_unit_of(column, &Amount { value: 0.0, currency, is_percent: false, unit })?;
        Ok(true)
    }

    pub(super) fn check_unit_of(&self, column: usize, amount: &Amount) -> Parsed<()> {
        let Some(profile) = self.lex.column(column) else { return Ok(()) };
        let own = profile.unit.as_deref().unwrap_or_default();
        let complain = |unit: &str| {
            Err(Doubt::Ask(format!(
                "*{}* is not in {unit}. Which number do you mean, as it stands in the table?",
                profile.name
            )))
        };
        if !profile.kind.is_number() {
            return Err(Doubt::Ask(format!("*{}* is no column of numbers.", profile.name)));
        }
        if let Some(code) = amount.currency {
            let names = CURRENCIES.iter().find(|(name, _)| *name == code).map(|(_, names)| *names);
            let own_word = own.to_lowercase();
            let fits = own.is_empty()
                && !names_other_currency(&profile.name, code)
                && self.takes_currency(column, code)
                || own == code
                || names.unwrap_or_default().contains(&own_word.as_str());
            if !fits {
                return complain(code);
            }
        }
        if amount.is_percent != (own == "%") && amount.is_percent {
            return complain("percent");
        }
        match &amount.unit {
            Some(unit) if !self.has_unit(column, unit) => complain(unit),
            _ => Ok(()),
        }
    }
}

fn names_other_currency(name: &str, code: &str) -> bool {
    let words = name_words(name);
    let others = CURRENCIES.iter().filter(|(other, _)| *other != code);
    others.into_iter().any(|(_, names)| words.iter().any(|word| names.contains(&word.as_str())))
}
