//! How an answer was computed: the uses of tools that are kept with a reply and shown below it.

use serde::{Deserialize, Serialize};

use crate::domain::table::QueryResult;
use crate::domain::words::words;

words!(
    /// Where the use of a tool stands.
    StepStatus ("step status") {
        /// The tool works.
        Running = "running",
        /// It gave a result.
        Done = "done",
        /// It gave an error back to the model, or never came to an end.
        Failed = "failed",
    }
);

words!(
    /// How a chart is drawn.
    ChartKind ("chart kind") {
        /// A bar for each row.
        Bar = "bar",
        /// Points joined by lines.
        Line = "line",
        /// A line with the area below it.
        Area = "area",
        /// Shares of a whole.
        Pie = "pie",
        /// Points.
        Scatter = "scatter",
        /// How many values lie in each of some equally wide parts.
        Histogram = "histogram",
    }
);

/// One use of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its name within the reply: `1`, `2`, …
    pub id: String,
    /// The tool: `query_data`, `show_chart`.
    pub name: String,
    /// Where it stands.
    pub status: StepStatus,
    /// One line for the visitor, in English; the widget words it anew from `name` and `source`.
    pub title: String,
    /// What it looks at, for people: a file's name, or the key in the host page's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it found, once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Why it failed, one sentence for the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Step {
    /// It failed; `why` is one sentence for the visitor.
    pub fn fail(&mut self, why: &str) {
        self.status = StepStatus::Failed;
        self.error = Some(why.to_owned());
    }

    /// The reply ended before it did.
    pub fn cut_off(&mut self) {
        if self.status == StepStatus::Running {
            self.fail("It was cut off.");
        }
    }
}

/// What was computed, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The query in plain words.
    pub purpose: String,
    /// The query.
    pub sql: String,
    /// What it found.
    #[serde(flatten)]
    pub result: QueryResult,
    /// How it is drawn, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
}

/// How rows become a picture. Columns are named by their place in the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    /// How it is drawn.
    pub kind: ChartKind,
    /// What it shows.
    pub title: String,
    /// The column along the horizontal axis, of the slices' names, or of a histogram's values.
    pub x: usize,
    /// The columns of the values; empty for a histogram.
    pub y: Vec<usize>,
    /// What stands at the horizontal axis.
    pub x_label: String,
    /// What stands at the vertical axis.
    pub y_label: String,
}
