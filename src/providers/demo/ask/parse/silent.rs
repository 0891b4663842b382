//! Words in the tail that change nothing.

use super::Parser;
use crate::providers::demo::ask::text::name_words;
use crate::providers::demo::ask::words::{CONTAINERS, FUNCTION_WORDS, SUM_VERBS, TAILS};

impl Parser<'_> {
    /// Words that change nothing.
    pub(super) fn silent(&mut self) -> bool {
        if self.names_measure() {
            return true;
        }
        let comma = self.at;
        if self.eat_word(&[",", "."]) && (self.is_done() || self.eat_silent(TAILS)) {
            return true;
        }
        self.at = comma;
        if self.is_sum && self.eat_silent(SUM_VERBS) {
            return true;
        }
        let ends = !self.groups.is_empty()
            && self.tokens.len() == self.at + 1
            && matches!(self.word(0), "have" | "has" | "had");
        if ends {
            self.at += 1;
            return true;
        }
        // The table itself: `in sales.csv`.
        let start = self.at;
        self.eat_word(&["are", "is", "were", "was"]);
        if self.eat_word(&["in", "of", "from", "for", "over", "across", "on"]) {
            self.determiners();
            self.eat_word(&["this", "these", "that", "those", "single"]);
            if self.eat_word(CONTAINERS) || self.eat_table() {
                return true;
            }
        }
        self.at = start;
        if self.eat_word(&["do", "does"]) {
            self.determiners();
            self.eat_word(&["this", "these"]);
            let is_it = self.eat_word(CONTAINERS) || self.eat_table();
            if is_it && self.eat_word(&["contain", "have", "include", "hold", "list", "cover"]) {
                return true;
            }
        }
        self.at = start;
        self.chart_tail() || self.deed_of_rows() || self.eat_silent(TAILS)
    }

    /// `were ordered`: each row is an order.
    pub(super) fn deed_of_rows(&mut self) -> bool {
        let start = self.at;
        while self.eat_word(&["have", "has", "been", "were", "was", "are", "is"]) {}
        let word = self.word(0);
        let noun = word.strip_suffix("ed").map(|stem| [stem.to_owned(), format!("{stem}e")]);
        let is_of = noun.is_some_and(|nouns| nouns.iter().any(|noun| self.lex.is_noun(noun)));
        if !is_of || !self.eat_verb(&[word]) || !self.dated_by(word).is_empty() {
            self.at = start;
            return false;
        }
        self.has_deed = true;
        true
    }

    /// The name of the table or its rows, where it is no condition: `of all orders`.
    pub(super) fn eat_table(&mut self) -> bool {
        let named = self.lex.column_at(self.rest());
        if let Some(named) =
            named.as_ref().filter(|named| named.columns.iter().all(|at| self.is_unique(*at)))
            && !self.is_tested_at(named.len)
        {
            self.at += named.len;
            return true;
        }
        let Some(len) = self.lex.noun_at(self.rest()) else { return false };
        let named = named.map_or(0, |named| named.len);
        let valued = self.lex.value_at(self.rest(), false).map_or(0, |valued| valued.len);
        if named > len || valued >= len {
            return false;
        }
        self.at += len;
        self.eat_word(&["csv", "json", "tsv", "jsonl"]);
        true
    }

    /// Whether something stands there that may be a condition on the column before it.
    pub(super) fn is_tested_at(&self, ahead: usize) -> bool {
        let word = self.word(ahead);
        self.lex.value_at(self.rest_from(ahead), true).is_some()
            || matches!(word, "is" | "=" | "!=" | "not" | "equals")
    }

    /// A word of the name of the column that is computed: `vacation days are left`.
    pub(super) fn names_measure(&mut self) -> bool {
        let start = self.at;
        self.eat_word(&["are", "is", "were", "was"]);
        let word = self.word(0);
        let is_part = self.measured.is_some_and(|column| {
            name_words(self.name(column)).iter().any(|part| part == word && part.len() > 2)
        });
        let is_else = self.lex.value_at(self.rest(), false).is_some()
            || (start > self.head_end && self.lex.column_at(self.rest()).is_some())
            || FUNCTION_WORDS.contains(&word);
        if is_part && !is_else {
            self.at += 1;
            return true;
        }
        self.at = start;
        false
    }
}
