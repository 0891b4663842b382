//! The head of a question: what is computed.

use super::extreme::{Extreme, Of};
use super::noun::Subject;
use super::{Parsed, Parser};
use crate::providers::demo::ask::plan::{Aggregate, Group, Measure};
use crate::providers::demo::ask::words::{AGGREGATES, GENERIC_NOUNS, Quality, TIME_ADJECTIVES};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Head {
    /// A number.
    Measure(Measure),
    /// A column without a word for what becomes of its values.
    Plain(usize),
    /// The things or rows at an end, and how many.
    Extreme(Subject, Extreme, usize),
    /// A part of the rows or of a sum; which one, is decided by the conditions.
    Share(Option<usize>),
    /// Rows or different values, told.
    List(Subject),
}

pub(super) const COUNTS: &[&[&str]] = &[
    &["how", "many"],
    &["total", "number", "of"],
    &["the", "total", "number", "of"],
    &["the", "number", "of"],
    &["number", "of"],
    &["the", "count", "of"],
    &["count", "of"],
    &["count"],
    &["for", "how", "many"],
    &["in", "how", "many"],
    &["how", "often"],
];

const LISTS: &[&[&str]] = &[&["list"], &["show"], &["display"], &["find"], &["name"], &["print"]];

const WHAT_IS: &[&[&str]] = &[
    &["what", "is"],
    &["what", "are"],
    &["what", "was"],
    &["what", "were"],
    &["which", "is"],
    &["which", "are"],
    &["which", "was"],
    &["compare"],
    &["how", "large", "is"],
    &["how", "high", "is"],
    &["how", "big", "is"],
];

impl Parser<'_> {
    /// Reads the head.
    pub(super) fn head(&mut self) -> Parsed<Head> {
        if self.eat(&["on", "average"]) {
            self.eat_word(&[","]);
            return self.on_average();
        }
        if let Some(head) = self.share()? {
            return Ok(head);
        }
        if self.eat_one_of(&[&["how", "old", "is"], &["how", "old", "are"], &["how", "old", "was"]])
        {
            return self.how_old();
        }
        if let Some(head) = self.when()? {
            return Ok(head);
        }
        let is_list = self.eat_one_of(LISTS);
        if is_list {
            self.eat_word(&["me", "us"]);
        }
        let is_what = !is_list && self.eat_one_of(WHAT_IS);
        if !is_list
            && !is_what
            && let Some(head) = self.which()?
        {
            return Ok(head);
        }
        self.neutral(is_list || is_what)
    }

    /// `how old is the oldest customer`.
    fn how_old(&mut self) -> Parsed<Head> {
        self.determiners();
        let Some(extreme) = self.extreme()? else { return self.unknown() };
        let subject = self.subject()?;
        match extreme.of {
            Of::Quality(column, Quality::Age) if subject.is_some() => {
                self.value(extreme.is_largest, column)
            }
            _ => self.unknown(),
        }
    }

    fn on_average(&mut self) -> Parsed<Head> {
        self.eat_one_of(WHAT_IS);
        self.eat_one_of(&[&["how", "many"], &["how", "much"]]);
        self.determiners();
        self.determiners();
        match self.column()? {
            Some(column) => self.aggregate_of(Aggregate::Average, column),
            None => self.unknown(),
        }
    }

    fn neutral(&mut self, may_list: bool) -> Parsed<Head> {
        if let Some(head) = self.count()? {
            return Ok(head);
        }
        if let Some(head) = self.top()? {
            return Ok(head);
        }
        self.determiners();
        if let Some(head) = self.most_common()? {
            return Ok(head);
        }
        if let Some(head) = self.superlative()? {
            return Ok(head);
        }
        self.time_adjective()?;
        let is_distinct = self.eat_word(&["different", "distinct", "unique"]);
        if !is_distinct && let Some(head) = self.aggregate()? {
            return Ok(head);
        }
        match self.subject()? {
            Some(Subject::Column(column)) => self.plain(column, is_distinct, may_list),
            Some(Subject::Rows) if self.sees_superlative() => self.thing_with(Subject::Rows),
            Some(Subject::Time(group)) if self.sees_superlative() => {
                self.thing_with(Subject::Time(group))
            }
            // `orders per country`: how many, if they are grouped; see `finish`.
            Some(Subject::Rows) if !is_distinct => Ok(Head::List(Subject::Rows)),
            _ => self.unknown(),
        }
    }

    fn plain(&mut self, column: usize, is_distinct: bool, may_list: bool) -> Parsed<Head> {
        if self.sees_superlative() {
            return self.thing_with(Subject::Column(column));
        }
        self.generic_noun();
        if let Some(head) = self.of_an_extreme(column)? {
            return Ok(head);
        }
        // `the March total`.
        if !is_distinct && self.is_number(column) {
            if self.eat_one_of(&[&["summed", "up"], &["summed"], &["added", "up"]]) {
                return self.aggregate_of(Aggregate::Sum, column);
            }
            let behind = self.lex.column_at(self.rest()).is_none();
            if behind && let Some(aggregate) = self.eat_of(AGGREGATES) {
                return self.aggregate_of(aggregate, column);
            }
        }
        if is_distinct || (may_list && !self.is_number(column)) {
            return Ok(Head::List(Subject::Column(column)));
        }
        self.measured = Some(column);
        self.is_sum = self.is_additive(column);
        Ok(Head::Plain(column))
    }

    /// Words such as `value` behind a column's name.
    pub(super) fn generic_noun(&mut self) {
        if self.lex.column_at(self.rest()).is_none() && self.lex.noun_at(self.rest()).is_none() {
            self.eat_word(GENERIC_NOUNS);
        }
    }

    pub(super) fn is_number(&self, column: usize) -> bool {
        self.lex.column(column).is_some_and(|column| column.kind.is_number())
    }

    pub(super) fn time_adjective(&mut self) -> Parsed<()> {
        let found = TIME_ADJECTIVES.iter().find(|(word, _)| *word == self.word(0));
        if let Some((_, unit)) = found.filter(|_| self.lex.column_at(self.rest()).is_none()) {
            self.at += 1;
            let column = self.time_column()?;
            self.groups.push(Group { column, unit: Some(*unit) });
        }
        Ok(())
    }
}
