//! For each what something is computed: `by region`, `per month`.

use super::{Doubt, Parsed, Parser};
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::Group;
use crate::providers::demo::ask::text::name_words;
use crate::providers::demo::ask::words::GROUPING;

/// A day's parts of which nobody knows whether each day's or all days' together are meant.
const UNCLEAR_UNITS: &[&str] = &["week", "weekday", "hour", "minute", "weeks", "hours"];

impl Parser<'_> {
    /// `by region`, `per month`, `for each customer and year`.
    pub(super) fn group(&mut self) -> Parsed<bool> {
        let start = self.at;
        // `month by month`.
        let is_twice = self.word(1) == "by" && self.word(0) == self.word(2);
        if is_twice && let Some(group) = self.time_unit(0)? {
            self.at = start + 3;
            self.push_group(group)?;
            return Ok(true);
        }
        self.eat_word(&[
            "are", "is", "were", "was", "work", "works", "live", "lives", "there", "come", "comes",
            "came", "got", "get", "gave", "have", "has",
        ]);
        if !self.eat_one_of(GROUPING) {
            self.at = start;
            return Ok(false);
        }
        let is_each = self.tokens.get(start..self.at).unwrap_or_default().iter().any(|token| {
            matches!(token.word.as_str(), "each" | "every" | "per" | "grouped" | "split" | "broken")
        });
        self.determiners();
        if UNCLEAR_UNITS.contains(&self.word(0)) && self.lex.column_at(self.rest()).is_none() {
            return Err(Doubt::Ask(
                "I can group by day, month, quarter or year. Which one?".to_owned(),
            ));
        }
        // `the average amount per order`: each row is an order.
        if self.is_mean && !self.is_numbering(is_each) && self.eat_table() {
            return Ok(true);
        }
        let Some(group) = self.one_group()? else {
            if is_each {
                return self.unknown();
            }
            self.at = start;
            return Ok(false);
        };
        if is_each {
            self.check_per(group.column)?;
        }
        self.push_group(group)?;
        self.generic_noun();
        let before = self.at;
        if self.eat_word(&["and"]) {
            self.eat_word(&["by", "per"]);
            match self.one_group()? {
                Some(group) => self.push_group(group)?,
                None => self.at = before,
            }
        }
        Ok(true)
    }

    pub(super) fn push_group(&mut self, group: Group) -> Parsed<()> {
        if self.groups.len() >= 2 || self.groups.iter().any(|other| other.column == group.column) {
            return self.unknown();
        }
        self.groups.push(group);
        Ok(())
    }

    pub(super) fn one_group(&mut self) -> Parsed<Option<Group>> {
        let named = self.lex.column_at(self.rest());
        let column_len = named.as_ref().map_or(0, |named| named.len);
        if let Some(group) = self.time_unit(column_len)? {
            return Ok(Some(group));
        }
        // `by Anna` is a condition.
        let value = self.lex.value_at(self.rest(), false).map_or(0, |value| value.len);
        if named.is_none() || value > column_len {
            return Ok(None);
        }
        let Some(column) = self.column()? else { return Ok(None) };
        let Some(profile) = self.lex.column(column) else { return Ok(None) };
        if profile.kind == ColumnType::DateTime
            || (profile.kind == ColumnType::Date
                && name_words(&profile.name).len() > 1
                && profile.distinct > 366)
        {
            return Err(Doubt::Ask(format!(
                "By what of *{}*: day, month, quarter or year?",
                profile.name
            )));
        }
        if matches!(profile.kind, ColumnType::Decimal | ColumnType::Currency)
            && profile.distinct > 50
        {
            return Err(Doubt::Ask(format!(
                "*{}* has {} different values. By which column do you want to group?",
                profile.name, profile.distinct
            )));
        }
        Ok(Some(Group { column, unit: None }))
    }
}
