//! The tools a model is given for tables: how they are described, how calls are read, and how
//! much of a result goes where. Pure.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::domain::table::{QueryResult, TableProfile, Value};
use crate::providers::{Tool, ToolCall, ToolResult};
use crate::service::turn::steps::NewStep;

/// Looks into the tables.
pub const QUERY_DATA: &str = "query_data";
/// Draws what a query found.
pub const SHOW_CHART: &str = "show_chart";

/// How many calls of one round are run.
pub const MAX_CALLS: usize = 8;

/// The most rows of a result that a model is shown.
pub const MODEL_ROWS: usize = 50;
/// And the most bytes of their cells.
pub const MODEL_BYTES: usize = 6 * 1024;
/// A longer text in a cell is cut for the model.
const MODEL_CELL_CHARS: usize = 300;

/// The most rows of a result that are kept as evidence.
pub const KEPT_ROWS: usize = 200;
/// The same for a chart, which is drawn from its evidence and shows all of it.
pub const DRAWN_ROWS: usize = 1000;
/// And the most bytes of their cells.
pub const KEPT_BYTES: usize = 64 * 1024;

/// The longest statement that is kept and run, bytes.
const MAX_SQL_BYTES: usize = 16 * 1024;
/// The longest purpose, title or label, characters.
const MAX_WORDS_CHARS: usize = 300;

/// Added to the last results before the model has to answer.
const NO_MORE: &str = "No further calls are possible: answer now with what you have.";

/// How a model gets at the tables of a session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DataAccess {
    /// There are none.
    #[default]
    None,
    /// By tools.
    Tools,
    /// By what it writes behind its answer, for servers that take no tools.
    Words,
    /// By tools, without a word about them: for who has no model that reads.
    Bare,
}

/// The tools.
#[must_use]
pub fn tools() -> Vec<Tool> {
    let text = |description: &str| json!({"type": "string", "description": description});
    let sql = text(
        "One SELECT statement in SQLite's dialect over the tables described in the context, with \
         their SQL names.",
    );
    let purpose = text(
        "What the query finds out, in plain words and in the visitor's language; the visitor \
         reads it.",
    );
    let query = json!({
        "type": "object",
        "properties": {"sql": sql, "purpose": purpose},
        "required": ["sql", "purpose"],
        "additionalProperties": false,
    });
    let kinds = ["bar", "line", "area", "pie", "scatter", "histogram"];
    let chart = json!({
        "type": "object",
        "properties": {
            "sql": sql,
            "purpose": purpose,
            "kind": {"type": "string", "enum": kinds},
            "title": text("What the chart shows, in the visitor's language."),
            "x": text("The result's column along the horizontal axis, of a pie's slices, or of a histogram's values."),
            "y": {
                "type": "array",
                "items": {"type": "string"},
                "description": "The result's columns of values, numbers all; empty for a histogram.",
            },
            "xLabel": text("What stands at the horizontal axis."),
            "yLabel": text("What stands at the vertical axis."),
        },
        "required": ["sql", "purpose", "kind", "title", "x", "y"],
        "additionalProperties": false,
    });
    let tool = |name: &str, description: &str, parameters: Json| Tool {
        name: name.to_owned(),
        description: description.to_owned(),
        parameters,
    };
    vec![
        tool(
            QUERY_DATA,
            "Computes from the tables and answers with rows. Use it for every number, count, \
             list or comparison.",
            query,
        ),
        tool(
            SHOW_CHART,
            "Runs a query and shows the visitor a chart of its rows, below your answer. Sort and \
             limit the rows as they shall be drawn.",
            chart,
        ),
    ]
}

/// What a call wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The tool.
    pub tool: &'static str,
    /// The query.
    pub sql: String,
    /// The query in plain words.
    pub purpose: String,
    /// How to draw what it finds: the arguments as they are, to be checked against the result.
    pub chart: Option<Json>,
}

#[derive(Deserialize)]
struct QueryArguments {
    sql: String,
    #[serde(default)]
    purpose: String,
}

/// The tool of that name, if it is one of ours.
#[must_use]
pub fn tool_named(name: &str) -> Option<&'static str> {
    [QUERY_DATA, SHOW_CHART].into_iter().find(|tool| *tool == name)
}

/// Reads the arguments of a call.
///
/// # Errors
/// They are not what the tool takes; the sentence is for the model.
pub fn wish(tool: &'static str, arguments: &str) -> Result<Wish, String> {
    let unfit =
        |error: serde_json::Error| format!("the arguments are not what {tool} takes: {error}");
    // An object only: serde would take a list of the fields as well.
    let written: Map<String, Json> = serde_json::from_str(arguments).map_err(unfit)?;
    let query = QueryArguments::deserialize(&written).map_err(unfit)?;
    if query.sql.trim().is_empty() {
        return Err("sql is empty".to_owned());
    }
    if query.sql.len() > MAX_SQL_BYTES {
        return Err(format!("sql is longer than {MAX_SQL_BYTES} bytes"));
    }
    let chart = (tool == SHOW_CHART).then_some(Json::Object(written));
    Ok(Wish { tool, sql: query.sql.trim().to_owned(), purpose: one_line(&query.purpose), chart })
}

/// A model's words as one short line.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().chars().take(MAX_WORDS_CHARS).collect()
}

/// The step that a call begins.
#[must_use]
pub fn new_step(
    tool: &'static str,
    wish: Result<&Wish, &String>,
    tables: &[TableProfile],
) -> NewStep {
    let source = wish.ok().and_then(|wish| source_of(&wish.sql, tables));
    let of = source.as_deref().unwrap_or("the data");
    let title = match tool {
        SHOW_CHART => format!("Drawing a chart of {of}"),
        _ => format!("Looking at {of}"),
    };
    NewStep { name: tool.to_owned(), title, source }
}

/// What a statement looks at, for people: the sources of the tables whose names stand in it.
fn source_of(sql: &str, tables: &[TableProfile]) -> Option<String> {
    let sql = sql.to_lowercase();
    let words: Vec<&str> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut sources: Vec<&str> = Vec::new();
    for table in tables {
        let source = table.source.as_str();
        if words.contains(&table.name.to_lowercase().as_str()) && !sources.contains(&source) {
            sources.push(source);
        }
    }
    if sources.is_empty() {
        sources.extend(tables.first().filter(|_| tables.len() == 1).map(|table| &*table.source));
    }
    (!sources.is_empty()).then(|| sources.join(", "))
}

/// What the model is told of a result.
#[must_use]
pub fn told(found: &QueryResult, is_drawn: bool) -> ToolResult {
    let (rows, is_cut) = within(&found.rows, MODEL_ROWS, MODEL_BYTES, short_cell);
    let mut content = json!({
        "columns": found.columns,
        "rows": rows,
        "rowCount": found.rows.len(),
        "truncated": found.truncated || is_cut,
    });
    let mut note = |key: &str, text: String| {
        if let Some(fields) = content.as_object_mut() {
            fields.insert(key.to_owned(), json!(text));
        }
    };
    if is_cut {
        let shown = rows.len();
        note(
            "note",
            format!(
                "Only the first {shown} rows are shown to you; the visitor sees more. Aggregate or limit if you need others."
            ),
        );
    }
    if is_drawn {
        note("chart", "The visitor sees the chart.".to_owned());
    }
    ToolResult { content: content.to_string(), is_error: false }
}

/// What the model is told of a failure.
#[must_use]
pub fn refusal(why: &str) -> ToolResult {
    ToolResult { content: json!({"error": why}).to_string(), is_error: true }
}

/// A call of a tool that there is not.
#[must_use]
pub fn unknown(call: &ToolCall) -> ToolResult {
    let name = one_line(&call.name);
    refusal(&format!("there is no tool {name:?}; there are {QUERY_DATA} and {SHOW_CHART}"))
}

/// Adds to the last results that no more calls are possible.
pub fn say_no_more(results: &mut [ToolResult]) {
    let Some(last) = results.last_mut() else { return };
    if let Ok(Json::Object(mut fields)) = serde_json::from_str(&last.content) {
        fields.insert("next".to_owned(), json!(NO_MORE));
        last.content = Json::Object(fields).to_string();
    }
}

/// What is kept of a result as evidence.
#[must_use]
pub fn kept(found: QueryResult, is_drawn: bool) -> QueryResult {
    let max_rows = if is_drawn { DRAWN_ROWS } else { KEPT_ROWS };
    let (rows, is_cut) = within(&found.rows, max_rows, KEPT_BYTES, Value::clone);
    QueryResult { columns: found.columns, rows, truncated: found.truncated || is_cut }
}

/// The first rows that fit, and whether there are more.
fn within(
    rows: &[Vec<Value>],
    max_rows: usize,
    max_bytes: usize,
    cell: fn(&Value) -> Value,
) -> (Vec<Vec<Value>>, bool) {
    let mut left = max_bytes;
    let mut fitting = Vec::new();
    for row in rows.iter().take(max_rows) {
        let row: Vec<Value> = row.iter().map(cell).collect();
        let size = serde_json::to_string(&row).map_or(usize::MAX, |text| text.len() + 1);
        let Some(after) = left.checked_sub(size) else { break };
        left = after;
        fitting.push(row);
    }
    let is_cut = fitting.len() < rows.len();
    (fitting, is_cut)
}

fn short_cell(value: &Value) -> Value {
    match value {
        Value::Text(text) => match text.char_indices().nth(MODEL_CELL_CHARS) {
            Some((end, _)) => Value::Text(format!("{}…", text.get(..end).unwrap_or_default())),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests;
