//! Answers simple English questions about tables by calling the same tools as a model would. A
//! question is answered only if every word of it is understood; else it is asked back.
//!
//! [`text`] cuts it into words, [`lexicon`] knows what they may name, [`parse`] makes a [`plan`]
//! of them, [`sql`] writes it as a query, [`wording`] says what came out.

mod lexicon;
mod naming;
mod numeral;
mod outcome;
mod parse;
mod plan;
mod shown;
mod sql;
mod text;
mod time;
mod wording;
mod words;

#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use super::NO_MODEL;
use crate::domain::table::{QueryResult, TableProfile};
use crate::providers::{ChatRequest, ToolResult};
use outcome::{Outcome, outcome};
use plan::Plan;
use wording::Wording;

/// The tool that runs a query.
const QUERY: &str = "query_data";

/// The tool that draws what a query found.
const CHART: &str = "show_chart";

/// What the demo does about a question.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Move {
    /// It calls a tool: its name and its arguments.
    Call(&'static str, Json),
    /// It says this.
    Say(String),
    /// It may ask this back, unless a search finds something.
    AskUnlessFound(String),
    /// The question is not about tables.
    Nothing,
}

/// What to do about `question` now.
pub(super) fn next(question: &str, request: &ChatRequest) -> Move {
    let has_tool = request.tools.iter().any(|tool| tool.name == QUERY);
    let may_call = !request.must_answer || !request.rounds.is_empty();
    if !has_tool || !may_call || request.tables.is_empty() {
        return Move::Nothing;
    }
    match outcome(question, &request.tables) {
        Outcome::Query(plan) => follow(&plan, request),
        Outcome::AskBack(text) => Move::Say(asked_back(&text)),
        Outcome::PerhapsAskBack(text) => Move::AskUnlessFound(asked_back(&text)),
        Outcome::NotAboutData => Move::Nothing,
    }
}

fn asked_back(text: &str) -> String {
    format!("{text}\n\n{NO_MODEL} I compute answers to simple English questions about tables.")
}

/// Calls the tool, or words what it gave back.
fn follow(plan: &Plan, request: &ChatRequest) -> Move {
    let Some(table) = request.tables.get(plan.table) else { return Move::Nothing };
    let wording = Wording { plan, table };
    let Some(round) = request.rounds.last() else {
        let (name, arguments) = call(plan, table, &wording, request);
        return Move::Call(name, arguments);
    };
    let result = round.results.last().and_then(read);
    match result {
        Some(result) => Move::Say(format!(
            "{}\n\n{NO_MODEL} I understood your question by simple rules; what I computed is said \
             above.",
            wording.answer(&result)
        )),
        None => {
            Move::Say(format!("I could not compute this: {}.\n\n{NO_MODEL}", wording.purpose()))
        }
    }
}

fn call(
    plan: &Plan,
    table: &TableProfile,
    wording: &Wording<'_>,
    request: &ChatRequest,
) -> (&'static str, Json) {
    let sql = sql::statement(plan, table);
    let purpose = wording.purpose().replace(['*', '\\'], "");
    let can_draw = request.tools.iter().any(|tool| tool.name == CHART);
    match plan.chart.filter(|_| can_draw) {
        None => (QUERY, json!({ "sql": sql, "purpose": purpose })),
        Some(kind) => {
            let (measure, groups) = sql::result_names(plan, table);
            let x = groups.first().cloned().unwrap_or_default();
            (
                CHART,
                json!({
                    "sql": sql, "purpose": purpose, "kind": kind, "title": purpose,
                    "x": x, "y": [measure],
                }),
            )
        }
    }
}

/// What a tool found; `None` if it failed.
fn read(result: &ToolResult) -> Option<QueryResult> {
    if result.is_error {
        return None;
    }
    let json: Json = serde_json::from_str(&result.content).ok()?;
    let part = |name: &str| json.get(name).cloned();
    Some(QueryResult {
        columns: serde_json::from_value(part("columns")?).ok()?,
        rows: serde_json::from_value(part("rows")?).ok()?,
        truncated: part("truncated").and_then(|cut| cut.as_bool()).unwrap_or(false),
    })
}
