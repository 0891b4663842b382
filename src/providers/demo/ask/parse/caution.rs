//! Where two readings are near each other, neither is taken.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::lexicon::{Valued, is_text};
use crate::providers::demo::ask::plan::{Aggregate, Filter, Measure, Test};
use crate::providers::demo::ask::text::{is_plural, name_words, same, value_words};
use crate::providers::demo::ask::words::OPERATIONS;

/// Words that begin a value which says that something is not so: `Not paid`.
const DENIALS: &[&str] = &["not", "no", "non", "never", "without"];

/// Ends of names that tell things by themselves: `Customer No` has customers, but `Room Type` no
/// rooms.
const LABELS: &[&str] = &["id", "no", "nr", "number", "num", "name", "code", "key", "title"];

impl Parser<'_> {
    /// Whether the words here are a value that begins with a denial.
    pub(super) fn is_denial_value(&self) -> bool {
        DENIALS.contains(&self.word(0))
            && self.lex.value_at(self.rest(), false).is_some_and(|valued| valued.len > 1)
    }

    /// `not been paid`, where a value is `Not paid`: that one, or all others than `Paid`?
    pub(super) fn check_denials(&self, filter: &Filter) -> Parsed<()> {
        let (Test::OneOf(texts), Some(column)) = (&filter.test, self.lex.column(filter.column))
        else {
            return Ok(());
        };
        if texts.len() > 1 && texts.iter().any(|text| is_denial(text)) {
            return Err(Doubt::Ask("Which values do you want to leave out?".to_owned()));
        }
        let said: Vec<Vec<String>> = texts.iter().map(|text| value_words(text)).collect();
        let denies = |text: &&String| match value_words(text).split_first() {
            Some((first, rest)) => {
                DENIALS.contains(&first.as_str()) && said.iter().any(|words| words == rest)
            }
            None => false,
        };
        match column.top.iter().map(|(text, _)| text).find(denies) {
            Some(text) => Err(Doubt::Ask(format!(
                "Do you mean that *{}* is “{text}”, or all other values?",
                column.name
            ))),
            None => Ok(()),
        }
    }

    /// `cancelled and not paid`: rows with either value, or those with one that have not the other?
    pub(super) fn check_added(&self, more: &Valued, column: usize) -> Parsed<()> {
        let texts = more.found.iter().filter(|(place, _)| *place == column);
        if texts.flat_map(|(_, texts)| texts).any(|text| is_denial(text)) {
            return Err(Doubt::Ask(format!(
                "Do you mean either of these values of *{}*? Then please say “or”.",
                self.name(column)
            )));
        }
        Ok(())
    }

    /// `how many business customers`: rows are counted, but customers may have several.
    pub(super) fn check_owners(&self) -> Parsed<()> {
        let said = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let (Some(filter), Some(said)) = (self.filters.last(), said) else { return Ok(()) };
        let last = name_words(self.name(filter.column)).pop().unwrap_or_default();
        let is_owner = matches!(filter.test, Test::OneOf(_))
            && is_plural(&said.word, &last)
            && !self.lex.is_noun(&said.word);
        if is_owner && !self.is_unique(filter.column) {
            return Err(Doubt::Ask(format!(
                "I can count the rows that are so, but not the {}. Do you mean the rows?",
                said.word
            )));
        }
        Ok(())
    }

    /// `the average by round`: where each row has its own number, that is a group all the same.
    pub(super) fn is_numbering(&self, is_each: bool) -> bool {
        let Some(named) = self.lex.column_at(self.rest()) else { return false };
        let is_number = |at: &usize| self.lex.column(*at).is_some_and(|c| c.kind.is_number());
        named.rank == 0 && (!is_each || named.columns.iter().any(is_number))
    }

    /// `the average of A and B`: one for both together, or one for each?
    pub(super) fn check_joined(&self, measure: &Measure) -> Parsed<()> {
        let is_single =
            matches!(measure, Measure::Of(aggregate, _) if *aggregate != Aggregate::Sum);
        let Some(column) = self.joined.filter(|_| is_single) else { return Ok(()) };
        let is_pooled = |filter: &Filter| {
            filter.column == column
                && !filter.is_negated
                && matches!(&filter.test, Test::OneOf(texts) if texts.len() > 1)
        };
        if self.filters.iter().any(is_pooled)
            && !self.groups.iter().any(|group| group.column == column)
        {
            return Err(Doubt::Ask(format!(
                "Do you mean one number for these values of *{0}* together, or one for each *{0}*?",
                self.name(column)
            )));
        }
        Ok(())
    }

    /// `how many rooms`, where there is a `Room Type`: the words just said name only what the
    /// column is about.
    pub(super) fn check_counted(&self, column: usize) -> Parsed<()> {
        let plain = self.name(column).split(['(', '[']).next().map(name_words).unwrap_or_default();
        let said = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let place = said.and_then(|token| plain.iter().rposition(|word| same(word, &token.word)));
        let behind = place.and_then(|place| plain.get(place + 1..)).unwrap_or_default();
        let is_number = self.lex.column(column).is_some_and(|column| column.kind.is_number());
        if is_number || behind.iter().all(|word| LABELS.contains(&word.as_str())) {
            return Ok(());
        }
        Err(Doubt::Ask(format!(
            "Do you mean how many different values *{}* has?",
            self.name(column)
        )))
    }

    /// `per night` may divide by the number in `Nights`, or take rows of as many nights together.
    pub(super) fn check_per(&self, column: usize) -> Parsed<()> {
        let Some(profile) = self.lex.column(column) else { return Ok(()) };
        let said = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let is_one = |name: &String| {
            name.len() > 3
                && name.ends_with('s')
                && said.is_some_and(|token| token.word != *name && same(&token.word, name))
        };
        if profile.kind.is_number() && name_words(&profile.name).iter().any(is_one) {
            return Err(Doubt::Ask(format!(
                "I cannot divide by *{0}*. Do you mean one number for each value of *{0}*?",
                profile.name
            )));
        }
        Ok(())
    }

    /// `the highest total`, where a column is called `total`: one number of it, or a sum?
    pub(super) fn is_called_operation(&self, column: usize) -> bool {
        OPERATIONS.iter().any(|word| self.name(column).eq_ignore_ascii_case(word))
    }

    /// Pounds are money and a weight: only a column of money, or one named so, is clear.
    pub(super) fn takes_currency(&self, column: usize, code: &str) -> bool {
        let Some(profile) = self.lex.column(column) else { return false };
        let words = name_words(&profile.name);
        let is_measured = words.iter().any(|word| {
            matches!(
                word.as_str(),
                "kg" | "g" | "lb" | "lbs" | "km" | "m" | "cm" | "mb" | "kb" | "ms" | "weight"
            )
        });
        profile.kind == ColumnType::Currency
            || !(is_measured || (code == "GBP" && profile.unit.is_none()))
            || words.iter().any(|word| matches!(word.as_str(), "gbp" | "pound" | "pounds"))
    }

    /// `neither A nor B` says of texts what `not` does.
    pub(super) fn deny(&mut self, column: usize) -> Parsed<()> {
        let is_several = matches!(
            self.filters.last(),
            Some(Filter { test: Test::OneOf(texts), .. }) if texts.len() > 1
        );
        if !is_several || !self.lex.column(column).is_some_and(is_text) {
            return self.unknown();
        }
        self.negate(self.filters.len().saturating_sub(1))
    }
}

/// Whether a value says that something is not so.
fn is_denial(value: &str) -> bool {
    value_words(value)
        .split_first()
        .is_some_and(|(first, rest)| DENIALS.contains(&first.as_str()) && !rest.is_empty())
}
