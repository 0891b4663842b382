//! Conditions on times: `in March 2024`, `since 2023`, `between January and June 2024`.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::{ColumnType, Value};
use crate::providers::demo::ask::plan::{Comparison, Filter, Span, Test, Unit};
use crate::providers::demo::ask::text::name_words;
use crate::providers::demo::ask::time::{self, Period, iso};

/// How a time is related to the period behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    In,
    Since,
    After,
    Before,
    Until,
    Between,
    From,
}

const RELATIONS: &[(&[&str], Relation)] = &[
    (&["in"], Relation::In),
    (&["on"], Relation::In),
    (&["during"], Relation::In),
    (&["for"], Relation::In),
    (&["of"], Relation::In),
    (&["within"], Relation::In),
    (&["since"], Relation::Since),
    (&["starting", "from"], Relation::Since),
    (&["after"], Relation::After),
    (&["later", "than"], Relation::After),
    (&["before"], Relation::Before),
    (&["earlier", "than"], Relation::Before),
    (&["prior", "to"], Relation::Before),
    (&["until"], Relation::Until),
    (&["till"], Relation::Until),
    (&["up", "to"], Relation::Until),
    (&["through"], Relation::Until),
    (&["between"], Relation::Between),
    (&["from"], Relation::From),
];

/// Words that need to know what day it is.
const TODAY: &[&str] = &["today", "yesterday", "tomorrow", "now", "currently", "recently"];
const MOVING: &[&str] = &["last", "this", "past", "previous", "current", "next"];

impl Parser<'_> {
    /// A condition on the only time there is, or on `column`.
    pub(super) fn during(&mut self, column: Option<usize>) -> Parsed<bool> {
        let start = self.at;
        self.refuse_moving()?;
        let relation = self.eat_of(RELATIONS);
        self.refuse_moving()?;
        let Some(relation) = relation else { return Ok(false) };
        let Some(first) = self.period(column)? else {
            self.at = start;
            return Ok(false);
        };
        // `from 10 to 20` and `in 2000 cases` have numbers that look like years.
        let relation = match relation {
            Relation::In
                if self.eat_one_of(&[&["or", "later"], &["or", "after"], &["and", "later"]]) =>
            {
                Relation::Since
            }
            Relation::In
                if self.eat_one_of(&[
                    &["or", "earlier"],
                    &["or", "before"],
                    &["and", "earlier"],
                ]) =>
            {
                Relation::Until
            }
            relation => relation,
        };
        let second = match relation {
            Relation::Between if self.eat_word(&["and", "to"]) => Some(self.needed_period(column)?),
            Relation::From if self.eat_word(&["to", "until", "till", "through"]) => {
                Some(self.needed_period(column)?)
            }
            Relation::Between => return self.unknown(),
            _ => None,
        };
        let column = match column {
            Some(column) => column,
            None => {
                let column = self.time_or_year(&first)?;
                self.check_deed(start, column)?;
                column
            }
        };
        let (first, second) = self.with_years(column, first, second)?;
        let test = self.test(column, relation, &first, second.as_ref())?;
        self.filters.push(Filter { column, test, is_negated: false });
        Ok(true)
    }

    /// `paid in 2023`: whether that is when it was paid or when the row is from, the table does
    /// not say.
    fn check_deed(&self, start: usize, column: usize) -> Parsed<()> {
        let before = start.checked_sub(1).and_then(|at| self.tokens.get(at));
        let is_deed =
            before.is_some_and(|token| token.word.ends_with("ed") || token.word == "paid");
        let is_condition = self
            .filters
            .last()
            .is_some_and(|filter| matches!(filter.test, Test::Yes | Test::OneOf(_)));
        if is_deed && is_condition && self.dated.is_none() {
            return Err(Doubt::Ask(format!(
                "I only know the time in *{}*. Do you mean that one? Then please name it.",
                self.name(column)
            )));
        }
        Ok(())
    }

    fn refuse_moving(&self) -> Parsed<()> {
        let is_unit = matches!(
            self.word(1).trim_end_matches('s'),
            "day" | "week" | "month" | "quarter" | "year" | "weekend"
        ) || self.tokens.get(self.at + 1).is_some_and(|token| token.number.is_some());
        if TODAY.contains(&self.word(0)) || (MOVING.contains(&self.word(0)) && is_unit) {
            let text = "I do not know what day it is. Which year, month or date do you mean?";
            return Err(Doubt::Ask(text.to_owned()));
        }
        Ok(())
    }

    fn period(&mut self, column: Option<usize>) -> Parsed<Option<Period>> {
        let year = match column {
            Some(column) => self.only_year(column),
            None => self.lex.times().first().and_then(|column| self.only_year(*column)),
        };
        let Some((period, len)) = time::period(self.rest(), year) else { return Ok(None) };
        // `may` and `mar` may be anything; a column or a longer value is meant rather than a time.
        let named = self.lex.column_at(self.rest()).map_or(0, |named| named.len);
        let valued = self.lex.value_at(self.rest(), false).map_or(0, |value| value.len);
        if named.max(valued) >= len {
            return Ok(None);
        }
        self.at += len;
        Ok(Some(period))
    }

    fn needed_period(&mut self, column: Option<usize>) -> Parsed<Period> {
        match self.period(column)? {
            Some(period) => Ok(period),
            None => self.unknown(),
        }
    }

    /// The only year that a column's times are in.
    fn only_year(&self, column: usize) -> Option<i32> {
        let column = self.lex.column(column)?;
        let year = |value: &Option<Value>| match value {
            Some(Value::Text(text)) => time::year(text.get(..4)?),
            _ => None,
        };
        year(&column.min).filter(|first| year(&column.max) == Some(*first))
    }

    /// The only column of times, if there is one.
    pub(super) fn time_column(&self) -> Parsed<usize> {
        if let Some(column) = self.dated {
            return Ok(column);
        }
        match self.lex.times().as_slice() {
            [column] => Ok(*column),
            [] => Err(Doubt::Ask("I see no column of dates in this table.".to_owned())),
            several => Err(Doubt::Ask(format!("By which date: {}?", self.choices(several)))),
        }
    }

    /// The column for a time that is said without one: also a column of years.
    fn time_or_year(&self, period: &Period) -> Parsed<usize> {
        if let Some(column) = self.dated {
            return Ok(column);
        }
        let mut columns = self.lex.times();
        if period.unit == Unit::Year {
            columns.extend(self.lex.columns_that(|column| {
                column.kind == ColumnType::Integer
                    && name_words(&column.name).last().is_some_and(|word| word == "year")
            }));
        }
        match columns.as_slice() {
            [column] => Ok(*column),
            [] => self.time_column(),
            several => Err(Doubt::Ask(format!("By which date: {}?", self.choices(several)))),
        }
    }

    /// `between January and March 2024`: the first takes the second's year.
    fn with_years(
        &self,
        column: usize,
        mut first: Period,
        mut second: Option<Period>,
    ) -> Parsed<(Period, Option<Period>)> {
        if let Some(second) = &mut second {
            if !first.has_year && second.has_year {
                first.first.0 = second.first.0;
                first.has_year = true;
            } else if first.has_year && !second.has_year {
                second.first.0 = first.first.0;
                second.has_year = true;
            }
        }
        let all = std::iter::once(&first).chain(&second);
        if all.into_iter().any(|period| !period.has_year) {
            return Err(Doubt::Ask(format!(
                "Of which year? *{}* spans more than one.",
                self.name(column)
            )));
        }
        Ok((first, second))
    }

    fn test(
        &self,
        column: usize,
        relation: Relation,
        first: &Period,
        second: Option<&Period>,
    ) -> Parsed<Test> {
        let profile = self.lex.column(column);
        let is_number = profile.is_some_and(|column| column.kind.is_number());
        if is_number {
            return year_test(relation, first, second).map_or_else(|| self.unknown(), Ok);
        }
        let is_time =
            profile.is_some_and(|c| matches!(c.kind, ColumnType::Date | ColumnType::DateTime));
        if !is_time {
            return Err(Doubt::Ask(format!("*{}* is no column of dates.", self.name(column))));
        }
        if let Some(doubt) = profile.and_then(|column| column.doubt.as_ref())
            && (first.unit != Unit::Year || second.is_some_and(|second| second.unit != Unit::Year))
        {
            return Err(Doubt::Ask(format!(
                "I am not sure of the dates in *{}*: {doubt}",
                self.name(column)
            )));
        }
        let span = span(relation, first, second);
        if span.from > span.to && span.to.is_some() {
            return Err(Doubt::Ask("The time you name ends before it begins.".to_owned()));
        }
        Ok(Test::During(span))
    }
}

fn span(relation: Relation, first: &Period, second: Option<&Period>) -> Span {
    let (from, to) = (Some(iso(first.first)), Some(iso(first.end())));
    let words = first.words();
    match (relation, second) {
        (_, Some(second)) => Span {
            from,
            to: Some(iso(second.end())),
            words: format!("from {words} to {}, both included", second.words()),
        },
        (Relation::Since | Relation::From, _) => {
            Span { from, to: None, words: format!("in {words} or later") }
        }
        (Relation::After, _) => Span { from: to, to: None, words: format!("after {words}") },
        (Relation::Before, _) => Span { from: None, to: from, words: format!("before {words}") },
        (Relation::Until, _) => Span { from: None, to, words: format!("until the end of {words}") },
        _ => first.span(),
    }
}

/// The same for a column of years.
fn year_test(relation: Relation, first: &Period, second: Option<&Period>) -> Option<Test> {
    let year = |period: &Period| (period.unit == Unit::Year).then_some(f64::from(period.first.0));
    let value = year(first)?;
    Some(match (relation, second) {
        (_, Some(second)) => Test::Between(value, year(second)?),
        (Relation::Since, _) => Test::Compared(Comparison::From, value),
        (Relation::After, _) => Test::Compared(Comparison::Above, value),
        (Relation::Before, _) => Test::Compared(Comparison::Below, value),
        (Relation::Until, _) => Test::Compared(Comparison::UpTo, value),
        (Relation::In, _) => Test::Numbers(vec![value]),
        _ => return None,
    })
}
