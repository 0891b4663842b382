//! Values of one column in a row: `Germany, France or Spain`.

use super::{Doubt, Parsed, Parser};
use crate::providers::demo::ask::lexicon::{Valued, is_text};
use crate::providers::demo::ask::plan::{Filter, Test};

impl Parser<'_> {
    /// Values of one column in a row: of `column`, or of the only one that has them.
    pub(super) fn values(&mut self, column: Option<usize>, is_expected: bool) -> Parsed<bool> {
        let start = self.at;
        let is_neither = self.eat_word(&["neither"]);
        let is_both = !is_neither && self.eat_word(&["both"]);
        self.eat_word(&["either", "the"]);
        let Some(valued) = self.value_of(column, is_expected) else {
            self.at = start;
            return Ok(false);
        };
        let first = self.at;
        self.at += valued.len;
        let (column, mut texts) = self.one_value(&valued, first)?;
        loop {
            let before = self.at;
            let is_or = self.and_or();
            if self.at == before {
                break;
            }
            self.eat_word(&["in", "from", "for", "with", "the"]);
            match self.value_of(Some(column), is_or) {
                Some(more) => {
                    self.at += more.len;
                    if !is_or {
                        self.check_added(&more, column)?;
                        self.joined = Some(column);
                    }
                    let found = more.found.into_iter().find(|(place, _)| *place == column);
                    texts.extend(found.map(|(_, texts)| texts).unwrap_or_default());
                }
                None if is_or => {
                    return self.unknown();
                }
                None => {
                    self.at = before;
                    break;
                }
            }
        }
        self.trailing_name(column);
        if is_both && texts.len() > 1 {
            return Err(Doubt::Ask(format!(
                "No row has both in *{0}*. Do you mean either of them, or something that has rows \
                 with each?",
                self.name(column)
            )));
        }
        self.filters.push(Filter { column, test: Test::OneOf(texts), is_negated: false });
        if is_neither {
            self.deny(column)?;
        }
        Ok(true)
    }

    /// Eats what joins values; true for `or`.
    pub(super) fn and_or(&mut self) -> bool {
        self.eat_word(&[","]);
        let is_or = self.eat_word(&["or", "nor"]);
        if !is_or {
            self.eat_word(&["and"]);
        }
        is_or
    }

    pub(super) fn value_of(&self, column: Option<usize>, is_expected: bool) -> Option<Valued> {
        let mut valued = self.lex.value_at(self.rest(), is_expected)?;
        if let Some(column) = column {
            valued.found.retain(|(place, _)| *place == column);
        }
        let named = self.lex.column_at(self.rest()).map_or(0, |named| named.len);
        let is_clear = named < valued.len || is_expected || self.is_value_of_next(valued.len);
        (!valued.found.is_empty() && is_clear).then_some(valued)
    }

    /// The column that has the value; the name behind it or before it decides.
    pub(super) fn one_value(&self, valued: &Valued, first: usize) -> Parsed<(usize, Vec<String>)> {
        let after = self.lex.column_at(self.rest()).map(|named| named.columns).unwrap_or_default();
        let fits = |column: &usize| after.contains(column);
        let found: Vec<&(usize, Vec<String>)> = match valued.found.as_slice() {
            [_] => valued.found.iter().collect(),
            all if all.iter().any(|(column, _)| fits(column)) => {
                all.iter().filter(|(column, _)| fits(column)).collect()
            }
            all => all.iter().collect(),
        };
        match found.as_slice() {
            [(column, texts)] => Ok((*column, texts.clone())),
            several => {
                let columns: Vec<usize> = several.iter().map(|(column, _)| *column).collect();
                let said = self.tokens.get(first..first + valued.len).unwrap_or_default();
                let said: Vec<&str> = said.iter().map(|token| token.text.as_str()).collect();
                Err(Doubt::Ask(format!(
                    "“{}” stands in more than one column. Do you mean {}?",
                    said.join(" "),
                    self.choices(&columns)
                )))
            }
        }
    }

    /// `the Sales department`: the column's name behind its value.
    pub(super) fn trailing_name(&mut self, column: usize) {
        let start = self.at;
        if self.eat(&["as"]) {
            self.eat_word(&["the", "a", "their", "its"]);
        }
        let named = self.lex.column_at(self.rest()).filter(|named| named.columns.contains(&column));
        let is_text = self.lex.column(column).is_some_and(is_text);
        match named.filter(|_| is_text) {
            Some(named) => self.at += named.len,
            None => self.at = start,
        }
    }
}
