//! Conditions on what stands in a column: `status is shipped`, `Germany or France`, `no email`.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::{Filter, Test};
use crate::providers::demo::ask::time;
use crate::providers::demo::ask::words::{COMPARISONS, MISSING, NEGATIONS};

/// What may stand between a column and its value.
const IS: &[&[&str]] = &[
    &["is", "equal", "to"],
    &["equal", "to"],
    &["equals"],
    &["is"],
    &["are"],
    &["was"],
    &["were"],
    &["has", "been"],
    &["="],
    &["of"],
    &["being"],
];

impl Parser<'_> {
    /// One condition; false if there is none here.
    pub(super) fn condition(&mut self) -> Parsed<bool> {
        let start = self.at;
        let known = self.filters.len();
        // `not more than 5` is a comparison, `not shipped` a negation.
        let is_comparison = COMPARISONS.iter().any(|(words, _)| self.sees(words));
        let is_negated = !is_comparison && !self.is_denial_value() && self.eat_one_of(NEGATIONS);
        if is_negated {
            if self.missing_ones()? {
                return Ok(true);
            }
            if !self.left_out() {
                self.eat_word(&["in", "from", "for", "of", "with", "by", "on", "been"]);
            }
        }
        let is_read = self.missing()?
            || self.compared(None)?
            || self.verb()?
            || self.zero()?
            || self.opposite()?
            || self.had()?
            || self.on_a_column()?
            || self.values(None, false)?;
        if !is_read {
            self.at = start;
            return Ok(false);
        }
        if is_negated {
            self.negate(known)?;
        }
        Ok(true)
    }

    /// Turns what was just read into its opposite.
    pub(super) fn negate(&mut self, known: usize) -> Parsed<()> {
        if self.filters.len() != known + 1 {
            return self.unknown();
        }
        let Some(filter) = self.filters.last_mut() else { return Ok(()) };
        if filter.is_negated && filter.test != Test::Missing {
            return self.unknown();
        }
        filter.is_negated = !filter.is_negated;
        let filter = filter.clone();
        self.check_denials(&filter)?;
        let (column, is_missing) = (filter.column, filter.test == Test::Missing);
        self.check_nulls(column, is_missing)
    }

    /// Of an empty cell nobody knows whether it is not something.
    pub(super) fn check_nulls(&self, column: usize, is_missing: bool) -> Parsed<()> {
        match self.lex.column(column) {
            Some(column) if column.nulls > 0 && !is_missing => Err(Doubt::Ask(format!(
                "*{}* is empty in {} rows, so I cannot tell whether those are meant. Can you ask \
                 for the values that you want instead?",
                column.name, column.nulls
            ))),
            _ => Ok(()),
        }
    }

    /// A column and what must hold of it.
    pub(super) fn on_a_column(&mut self) -> Parsed<bool> {
        let start = self.at;
        self.determiners();
        let Some(named) = self.lex.column_at(self.rest()) else {
            self.at = start;
            return Ok(false);
        };
        let value = self.lex.value_at(self.rest(), false).map_or(0, |value| value.len);
        if value > named.len {
            self.at = start;
            return Ok(false);
        }
        let before = self.at;
        self.at += named.len;
        let column = match self.one_column(&named) {
            Ok(column) => column,
            // Only one of several may have the value that follows.
            Err(doubt) => match self.column_with_value(&named.columns) {
                Some(column) => column,
                None => return Err(doubt),
            },
        };
        if self.test_of(column)? {
            // `price` may be that of a piece or of the whole.
            let is_price = self.tokens.get(before).is_some_and(|token| token.word == "price");
            if named.rank == 3 && is_price {
                self.check_price(column)?;
            }
            return Ok(true);
        }
        if value == named.len {
            self.at = before;
            let columns = self.choices(&named.columns);
            return Err(Doubt::Ask(format!("Do you mean the column {columns} or a value?")));
        }
        self.at = start;
        Ok(false)
    }

    fn column_with_value(&self, columns: &[usize]) -> Option<usize> {
        let mut ahead = 0;
        while matches!(self.word(ahead), "is" | "=" | "equals" | "of") {
            ahead += 1;
        }
        let valued = self.lex.value_at(self.rest_from(ahead), true)?;
        let mut fitting = valued.found.iter().filter(|(column, _)| columns.contains(column));
        let first = fitting.next().map(|(column, _)| *column);
        if fitting.next().is_none() { first } else { None }
    }

    /// What stands behind the name of a column.
    fn test_of(&mut self, column: usize) -> Parsed<bool> {
        let start = self.at;
        let known = self.filters.len();
        let kind = self.lex.column(column).map_or(ColumnType::Text, |column| column.kind);
        self.generic_noun();
        let says_is = self.eat_one_of(IS);
        let is_comparison = COMPARISONS.iter().any(|(words, _)| self.sees(words));
        if !is_comparison && self.eat_one_of(MISSING) {
            self.filters.push(Filter { column, test: Test::Missing, is_negated: false });
            return Ok(true);
        }
        let is_negated = !is_comparison
            && !self.is_denial_value()
            && self.eat_one_of(&[&["not"], &["!="], &["other", "than"], &["except"]]);
        if is_negated && self.eat_one_of(MISSING) {
            self.filters.push(Filter { column, test: Test::Missing, is_negated: true });
            return Ok(true);
        }
        let is_read = match kind {
            kind if kind.is_number() => self.compared(Some(column))? || self.during_year(column)?,
            ColumnType::Date | ColumnType::DateTime => self.on_a_time(column, says_is)?,
            ColumnType::Boolean => self.yes_or_no(column)?,
            _ => {
                let said = self.said_number(column)?;
                said || self.values(Some(column), true)?
            }
        };
        let is_bare = kind == ColumnType::Boolean && !says_is && !is_negated;
        if !is_read && is_bare && self.may_say_yes(start) {
            self.filters.push(Filter { column, test: Test::Yes, is_negated: false });
            return Ok(true);
        }
        if !is_read {
            if says_is || is_negated {
                return self.unknown();
            }
            self.at = start;
            return Ok(false);
        }
        if is_negated {
            self.negate(known)?;
        }
        Ok(true)
    }

    /// Whether the name alone of a column says yes: not `about the app`.
    fn may_say_yes(&self, end: usize) -> bool {
        let before = self.tokens.get(..end).unwrap_or_default().iter().rev().take(3);
        !before.map(|token| token.word.as_str()).any(|word| {
            matches!(word, "about" | "by" | "at" | "via" | "in" | "on" | "from" | "to" | "for")
        })
    }

    fn during_year(&mut self, column: usize) -> Parsed<bool> {
        let is_year = self.name(column).to_lowercase().contains("year");
        if is_year { self.during(Some(column)) } else { Ok(false) }
    }

    fn on_a_time(&mut self, column: usize, says_is: bool) -> Parsed<bool> {
        if self.during(Some(column))? {
            return Ok(true);
        }
        if says_is && let Some((period, len)) = time::period(self.rest(), None) {
            self.at += len;
            if !period.has_year {
                return Err(Doubt::Ask("Of which year?".to_owned()));
            }
            let test = Test::During(period.span());
            self.filters.push(Filter { column, test, is_negated: false });
            return Ok(true);
        }
        Ok(false)
    }

    fn yes_or_no(&mut self, column: usize) -> Parsed<bool> {
        let is_yes = self.eat_word(&["yes", "true", "y"]);
        let is_no = !is_yes && self.eat_word(&["no", "false", "n"]);
        if is_yes || is_no {
            if is_no {
                // A cell that says no is not an empty one; SQL keeps them apart by itself.
                self.filters.push(Filter {
                    column,
                    test: Test::Numbers(vec![0.0]),
                    is_negated: false,
                });
            } else {
                self.filters.push(Filter { column, test: Test::Yes, is_negated: false });
            }
        }
        Ok(is_yes || is_no)
    }

    /// A text column may hold numbers: `shelf 12`.
    fn said_number(&mut self, column: usize) -> Parsed<bool> {
        let is_number = self.tokens.get(self.at).is_some_and(|token| token.number.is_some());
        let is_compared = COMPARISONS.iter().any(|(words, _)| self.sees(words));
        let is_value = self.lex.value_at(self.rest(), true).is_some();
        if (is_number && !is_value) || is_compared {
            return Err(Doubt::Ask(format!(
                "*{}* is no column of numbers. Which value do you mean?",
                self.name(column)
            )));
        }
        Ok(false)
    }
}
