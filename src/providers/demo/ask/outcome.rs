//! Decides what becomes of a question: a query over one of the tables, a question back, or nothing
//! because it is not about tables.

use super::lexicon::Lexicon;
use super::parse::{Doubt, read};
use super::plan::Plan;
use super::shown::plain;
use super::text::{MAX_TOKENS, Token, tokens};
use super::words::{COMPUTING, FOREIGN, FOREIGN_PARTS, FUNCTION_WORDS, TABLE_WORDS};
use crate::domain::table::TableProfile;

/// How many columns are named when somebody is asked back.
const MAX_NAMED: usize = 12;

/// What becomes of a question.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::providers::demo) enum Outcome {
    /// It is understood.
    Query(Plan),
    /// It is about the tables, but not clear: a question back.
    AskBack(String),
    /// The same, if nothing else knows an answer: it may be about something else.
    PerhapsAskBack(String),
    /// It has nothing to do with tables.
    NotAboutData,
}

/// What becomes of `question`.
pub(in crate::providers::demo) fn outcome(question: &str, tables: &[TableProfile]) -> Outcome {
    let tokens = tokens(question);
    if tokens.is_empty() || tokens.len() > MAX_TOKENS {
        return Outcome::NotAboutData;
    }
    let lexicons: Vec<Lexicon<'_>> = tables.iter().map(|table| Lexicon::new(table, &[])).collect();
    let readings: Vec<Reading> = lexicons
        .iter()
        .enumerate()
        .map(|(place, lexicon)| Reading::new(place, lexicon, &tokens))
        .collect();
    // Who names a table means that one.
    let named: Vec<&Reading> = readings.iter().filter(|reading| reading.is_named).collect();
    let candidates: Vec<&Reading> =
        if named.is_empty() { readings.iter().collect() } else { named };
    let plans: Vec<&Plan> =
        candidates.iter().filter_map(|reading| reading.result.as_ref().ok()).collect();
    match plans.as_slice() {
        [plan] => return Outcome::Query((*plan).clone()),
        [] => {}
        several => {
            let names: Vec<String> = several
                .iter()
                .filter_map(|plan| tables.get(plan.table))
                .map(|table| format!("*{}*", plain(&table.source)))
                .collect();
            return Outcome::AskBack(format!(
                "That can be asked of several tables. Which one do you mean: {}?",
                names.join(" or ")
            ));
        }
    }
    let is_computing = is_computing(&tokens);
    let Some(best) = candidates.iter().rev().max_by_key(|reading| reading.mentions) else {
        return Outcome::NotAboutData;
    };
    if best.mentions == 0 && !(is_computing && readings.iter().any(|r| r.has_table_word)) {
        return Outcome::NotAboutData;
    }
    let text = if is_foreign(question, &tokens) {
        "In demo mode I understand simple questions in English only.".to_owned()
    } else {
        lexicons.get(best.place).map_or_else(String::new, |lexicon| best.doubt(lexicon, &tokens))
    };
    if is_computing || best.is_clear() {
        Outcome::AskBack(text)
    } else {
        Outcome::PerhapsAskBack(text)
    }
}

/// How a question reads over one table.
struct Reading {
    place: usize,
    result: Result<Plan, Doubt>,
    /// How many words name something in the table.
    mentions: usize,
    is_named: bool,
    has_table_word: bool,
}

impl Reading {
    fn new(place: usize, lexicon: &Lexicon<'_>, tokens: &[Token]) -> Self {
        let rest = |at: usize| tokens.get(at..).unwrap_or_default();
        let is_mention = |at: &usize| {
            lexicon.column_at(rest(*at)).is_some()
                || lexicon.value_at(rest(*at), false).is_some()
                || lexicon.noun_at(rest(*at)).is_some()
        };
        Self {
            place,
            result: read(lexicon, place, tokens),
            mentions: (0..tokens.len()).filter(is_mention).count(),
            is_named: (0..tokens.len()).any(|at| lexicon.is_source_at(rest(at))),
            has_table_word: tokens.iter().any(|token| TABLE_WORDS.contains(&token.word.as_str())),
        }
    }

    const fn is_clear(&self) -> bool {
        matches!(self.result, Err(Doubt::Ask(_))) && self.mentions > 1
    }

    /// What to ask back.
    fn doubt(&self, lexicon: &Lexicon<'_>, tokens: &[Token]) -> String {
        match &self.result {
            Err(Doubt::Ask(text)) => text.clone(),
            Err(Doubt::Unknown(at)) => {
                let word = tokens.get(*at).map(|token| token.text.as_str());
                let understood = match word {
                    Some(word) => {
                        let near = lexicon.values_with(&word.to_lowercase());
                        let hint = match near.as_slice() {
                            [] => String::new(),
                            some => {
                                let some: Vec<String> =
                                    some.iter().map(|text| plain(text)).collect();
                                format!(" There are the values {}.", some.join(", "))
                            }
                        };
                        format!("I do not understand “{}” here.{hint}", plain(word))
                    }
                    None => "I do not understand what to compute.".to_owned(),
                };
                format!("{understood} {}", about(lexicon.table))
            }
            Ok(_) => String::new(),
        }
    }
}

/// What can be asked.
fn about(table: &TableProfile) -> String {
    let names: Vec<String> = table
        .columns
        .iter()
        .take(MAX_NAMED)
        .map(|column| format!("*{}*", plain(&column.name)))
        .collect();
    let more = if table.columns.len() > MAX_NAMED { ", …" } else { "" };
    format!(
        "The columns of {} are {}{more}. What do you want to know: how many, a sum, an average, the \
         largest or smallest, for all rows or for each of something?",
        plain(&table.source),
        names.join(", ")
    )
}

/// Whether a question asks for a computation.
fn is_computing(tokens: &[Token]) -> bool {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.word.as_str());
    (0..tokens.len()).any(|at| {
        COMPUTING.contains(&word(at))
            || (word(at) == "how" && matches!(word(at + 1), "many" | "much"))
    })
}

/// Whether a question is in another language than English.
fn is_foreign(question: &str, tokens: &[Token]) -> bool {
    FOREIGN_PARTS.iter().any(|part| question.contains(part))
        || (tokens.iter().any(|token| FOREIGN.contains(&token.word.as_str()))
            && !tokens.iter().any(|token| is_english(&token.word)))
}

fn is_english(word: &str) -> bool {
    word.len() > 2 && FUNCTION_WORDS.contains(&word) && word != "min" && word != "max"
}
