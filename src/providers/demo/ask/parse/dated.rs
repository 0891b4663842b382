//! Verbs that name a column of dates: `ordered in 2023`, `when was the first person hired`.

use super::head::Head;
use super::noun::Subject;
use super::{Doubt, Parsed, Parser};
use crate::providers::demo::ask::plan::{Filter, Test};
use crate::providers::demo::ask::text::name_words;

impl Parser<'_> {
    /// `when was the first order`.
    pub(super) fn when(&mut self) -> Parsed<Option<Head>> {
        if !(self.eat(&["when", "was"]) || self.eat(&["when", "is"]) || self.eat(&["when", "did"]))
        {
            return Ok(None);
        }
        self.determiners();
        let ends: &[(&[&str], bool)] = &[
            (&["first"], false),
            (&["earliest"], false),
            (&["oldest"], false),
            (&["last"], true),
            (&["latest"], true),
            (&["most", "recent"], true),
            (&["newest"], true),
        ];
        let Some(is_largest) = self.eat_of(ends) else { return self.unknown() };
        let subject = self.subject()?;
        if let Some(Subject::Column(column)) = subject
            && self.lex.times().contains(&column)
        {
            return self.value(is_largest, column).map(Some);
        }
        if !self.is_rows(subject) {
            return self.unknown();
        }
        let column = match self.verb_of_a_date()? {
            Some(column) => column,
            None => self.time_column()?,
        };
        self.value(is_largest, column).map(Some)
    }

    /// A verb from which a column of dates has its name, at the end of the question.
    pub(super) fn verb_of_a_date(&mut self) -> Parsed<Option<usize>> {
        let columns = self.dated_by(self.word(0));
        match columns.as_slice() {
            [] => {
                self.eat_word(&["made", "placed", "recorded", "happen"]);
                Ok(None)
            }
            [column] => {
                self.at += 1;
                Ok(Some(*column))
            }
            several => {
                Err(Doubt::Ask(format!("Which date do you mean: {}?", self.choices(several))))
            }
        }
    }

    /// The columns of dates that have their name from a verb: `ordered`, `hired`.
    pub(super) fn dated_by(&self, verb: &str) -> Vec<usize> {
        let stem = |word: &str| {
            let word = word.strip_suffix("ed").unwrap_or(word);
            word.strip_suffix('e').unwrap_or(word).to_owned()
        };
        let is_of = |at: &usize| {
            let words = name_words(self.name(*at));
            verb.len() > 3 && words.first().is_some_and(|name| stem(name) == stem(verb))
        };
        self.lex.times().into_iter().filter(is_of).collect()
    }

    /// `ordered in 2023`, `hired after 2020`: the verb names the column of the date.
    pub(super) fn dated_verb(&mut self) -> Parsed<bool> {
        let start = self.at;
        while self.eat_word(&["were", "was", "that", "who", "been", "have", "has"]) {}
        let word = self.word(0);
        let columns = self.dated_by(word);
        if columns.is_empty() || self.lex.value_at(self.rest(), false).is_some() {
            self.at = start;
            return Ok(false);
        }
        self.at += 1;
        let [column] = columns.as_slice() else {
            return Err(Doubt::Ask(format!("Which date do you mean: {}?", self.choices(&columns))));
        };
        if self.dated.is_some_and(|before| before != *column) {
            return Err(Doubt::Ask("You name two dates. Which one do you mean?".to_owned()));
        }
        if self.during(Some(*column))? {
            return Ok(true);
        }
        // Without a time behind it: it has happened, and times that follow are of that kind.
        if !word.ends_with("ed") {
            self.at = start;
            return Ok(false);
        }
        self.dated = Some(*column);
        if self.lex.column(*column).is_some_and(|column| column.nulls > 0) {
            let column = *column;
            self.filters.push(Filter { column, test: Test::Missing, is_negated: true });
        }
        Ok(true)
    }
}
