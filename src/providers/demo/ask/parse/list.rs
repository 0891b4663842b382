//! Questions for things: `which product has …`, `top 5 customers by …`.

use super::extreme::{Extreme, Of};
use super::head::Head;
use super::noun::Subject;
use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::words::{HAVE_VERBS, NUMBER_WORDS, SUPERLATIVES};

impl Parser<'_> {
    /// `which …`, `what …`, `who …`, `in which …`.
    pub(super) fn which(&mut self) -> Parsed<Option<Head>> {
        let start = self.at;
        let has_preposition = self.eat_word(&["in", "from", "for", "on", "at", "to", "of", "by"]);
        if self.eat_word(&["who"]) {
            return self.who().map(Some);
        }
        if !self.eat_word(&["which", "what"]) {
            self.at = start;
            return Ok(None);
        }
        let count = self.small_number();
        let known = self.filters.len();
        let subject = match self.subject()? {
            Some(subject) if self.filters.len() == known => subject,
            Some(_) | None => return self.unknown(),
        };
        if let Some(extreme) = self.verb_and_extreme()? {
            let start = self.at;
            let ends = [["come", "from"], ["live", "in"], ["work", "in"], ["belong", "to"]];
            if !(ends.iter().any(|end| self.eat(end)) && self.is_done()) {
                self.at = start;
            }
            return Ok(Some(Head::Extreme(subject, extreme, count.unwrap_or(1))));
        }
        if let Subject::Column(column) = subject
            && !has_preposition
            && count.is_none()
            && self.is_additive(column)
        {
            self.measured = Some(column);
            self.is_sum = true;
            return Ok(Some(Head::Plain(column)));
        }
        if count.is_some() || has_preposition {
            return self.unknown();
        }
        Ok(Some(Head::List(subject)))
    }

    /// `has the highest revenue`, `is the cheapest`, `do most orders come from`, and
    /// `is the average price highest`.
    fn verb_and_extreme(&mut self) -> Parsed<Option<Extreme>> {
        let start = self.at;
        while self.eat_verb(HAVE_VERBS) {}
        self.eat_one_of(&[&["we", "get"], &["we", "have"], &["we", "make"], &["we", "sell"]]);
        self.determiners();
        if let Some(extreme) = self.extreme()? {
            return Ok(Some(extreme));
        }
        let known = self.filters.len();
        if let Some(of) = self.measure()? {
            self.generic_noun();
            self.eat_word(&["the"]);
            if let Some(is_largest) = self.eat_of(SUPERLATIVES) {
                return Ok(Some(Extreme { is_largest, of }));
            }
        }
        self.filters.truncate(known);
        self.at = start;
        Ok(None)
    }

    /// The person in a row.
    fn who(&mut self) -> Parsed<Head> {
        let people = ["name", "employee", "person", "customer", "member", "student", "player"];
        let columns: Vec<usize> = people
            .iter()
            .flat_map(|word| self.lex.named_one_of(&[word]))
            .filter(|at| {
                self.lex.column(*at).is_some_and(|c| {
                    matches!(
                        c.kind,
                        ColumnType::Text | ColumnType::Identifier | ColumnType::Category
                    )
                })
            })
            .collect();
        let Some(column) = columns.first() else { return self.unknown() };
        // In a table of people each row is one.
        let is_row = self.lex.is_noun("people");
        let subject = if is_row { Subject::Rows } else { Subject::Column(*column) };
        match self.verb_and_extreme()? {
            Some(extreme) => Ok(Head::Extreme(subject, extreme, 1)),
            None => Ok(Head::List(Subject::Column(*column))),
        }
    }

    /// A number of things; not a year.
    pub(super) fn small_number(&mut self) -> Option<usize> {
        let word = self.word(0);
        let spelled = NUMBER_WORDS.iter().position(|name| *name == word).map(|place| place + 1);
        let digits = || word.parse().ok().filter(|count| (1..=100).contains(count));
        let count = spelled.or_else(digits)?;
        self.at += 1;
        Some(count)
    }

    /// `top 5 products by revenue`, `the 3 cheapest products`, `5 products with the highest price`.
    pub(super) fn top(&mut self) -> Parsed<Option<Head>> {
        let start = self.at;
        self.determiners();
        let end = match self.word(0) {
            "top" => Some(true),
            "bottom" => Some(false),
            _ => None,
        };
        self.at += usize::from(end.is_some());
        let Some(count) = self.small_number() else {
            if let (Some(is_largest), Some(column)) = (end, self.column()?)
                && self.lex.column(column).is_some_and(|column| column.kind.is_number())
            {
                return self.value(is_largest, column).map(Some);
            }
            self.at = start;
            return if end.is_some() {
                Err(Doubt::Ask("How many of them do you want: top 3, top 10?".to_owned()))
            } else {
                Ok(None)
            };
        };
        if let Some(is_largest) = end {
            return self.ranked(is_largest, count).map(Some);
        }
        if let Some(extreme) = self.extreme()? {
            return match extreme.of {
                Of::Quality(..) => match self.subject()? {
                    Some(subject) => Ok(Some(Head::Extreme(subject, extreme, count))),
                    None => self.unknown(),
                },
                _ => self.unknown(),
            };
        }
        // `the 5 highest amounts`, `the 10 largest orders by amount`.
        if let Some(is_largest) = self.eat_of(SUPERLATIVES) {
            return self.ranked(is_largest, count).map(Some);
        }
        let Some(subject) = self.subject()? else {
            self.at = start;
            return Ok(None);
        };
        self.eat_word(&["with", "that", "which", "having"]);
        self.eat_word(&["has", "have", "had"]);
        self.determiners();
        match self.extreme()? {
            Some(extreme) => Ok(Some(Head::Extreme(subject, extreme, count))),
            None => self.unknown(),
        }
    }

    fn ranked(&mut self, is_largest: bool, count: usize) -> Parsed<Head> {
        let Some(subject) = self.subject()? else { return self.unknown() };
        if !self.eat_one_of(&[
            &["by"],
            &["in", "terms", "of"],
            &["in"],
            &["ranked", "by"],
            &["with", "the", "most"],
            &["with", "the", "highest"],
        ]) {
            return Err(Doubt::Ask("By what do you want to rank them?".to_owned()));
        }
        self.eat_word(&["their"]);
        match self.measure()? {
            Some(of) => Ok(Head::Extreme(subject, Extreme { is_largest, of }, count)),
            None => self.unknown(),
        }
    }
}
