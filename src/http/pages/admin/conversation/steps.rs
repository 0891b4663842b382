//! How a reply was computed, for staff: the query and what it found. Pure.

use crate::domain::evidence::{Step, StepStatus};
use crate::domain::table::Value;
use crate::http::pages::admin::figures::counted;
use crate::http::pages::admin::safe_text::{begin, cleaned};

/// Rows that are shown.
const ROWS: usize = 20;
const CELL_CHARS: usize = 200;

/// One use of a tool.
pub(super) struct StepView {
    /// What was done.
    pub title: String,
    /// What it looked at; empty if that is not known.
    pub source: String,
    /// How it ended, and its tone.
    pub status: (&'static str, &'static str),
    /// Why it failed; empty if it did not.
    pub error: String,
    /// The query; empty if there is none.
    pub sql: String,
    /// Names of the columns it found.
    pub columns: Vec<String>,
    /// What it found.
    pub rows: Vec<Vec<String>>,
    /// Whether there is more, in words.
    pub more: String,
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        let found = step.evidence.as_ref();
        let rows = found.map(|found| found.result.rows.as_slice()).unwrap_or_default();
        Self {
            title: begin(found.map_or(&step.title, |found| &found.purpose), CELL_CHARS),
            source: begin(step.source.as_deref().unwrap_or_default(), CELL_CHARS),
            status: match step.status {
                StepStatus::Running => ("running", "accent"),
                StepStatus::Done => ("done", "good"),
                StepStatus::Failed => ("failed", "warn"),
            },
            error: cleaned(step.error.as_deref().unwrap_or_default()),
            sql: found.map(|found| cleaned(&found.sql)).unwrap_or_default(),
            columns: found
                .map(|found| {
                    found.result.columns.iter().map(|name| begin(name, CELL_CHARS)).collect()
                })
                .unwrap_or_default(),
            rows: rows.iter().take(ROWS).map(|row| row.iter().map(cell).collect()).collect(),
            more: more(rows.len(), found.is_some_and(|found| found.result.truncated)),
        }
    }
}

fn more(rows: usize, is_cut: bool) -> String {
    let hidden = u64::try_from(rows.saturating_sub(ROWS)).unwrap_or(u64::MAX);
    match (hidden, is_cut) {
        (0, false) => String::new(),
        (0, true) => "The query found more rows than are kept.".to_owned(),
        (hidden, _) => format!("{} more.", counted(hidden, "row", "rows")),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => begin(text, CELL_CHARS),
    }
}
