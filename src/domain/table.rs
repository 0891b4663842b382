//! Tables: what a visitor's file or a host page's data turns into, and what is known of them.

use serde::{Deserialize, Serialize};

use crate::domain::words::words;

/// The longest name of a column that anybody is shown, characters; longer ones are cut.
pub const MAX_COLUMN_NAME_CHARS: usize = 64;

words!(
    /// What the cells of a column mean.
    ColumnType ("column type") {
        /// Whole numbers.
        Integer = "integer",
        /// Numbers with a fraction.
        Decimal = "decimal",
        /// Amounts of money, all of one currency.
        Currency = "currency",
        /// Yes or no; 1 or 0 in SQL.
        Boolean = "boolean",
        /// Days; `YYYY-MM-DD` in SQL.
        Date = "date",
        /// Instants; `YYYY-MM-DD HH:MM:SS` in SQL.
        DateTime = "datetime",
        /// Times of a day; `HH:MM:SS` in SQL.
        Time = "time",
        /// Texts of which few repeat often.
        Category = "category",
        /// Names of single things: nearly every cell differs, nobody adds them up.
        Identifier = "identifier",
        /// Any other text.
        Text = "text",
        /// No cell says anything.
        Empty = "empty",
    }
);

words!(
    /// What kind of file it is.
    FileKind ("kind of file") {
        /// Cells with a delimiter between them.
        Csv = "csv",
        /// JSON, or lines of JSON.
        Json = "json",
    }
);

/// What a file is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shape {
    /// Rows.
    Rows,
    /// A JSON array, or lines of JSON, of that length.
    Array(u64),
    /// A JSON object with so many keys.
    Object(u64),
}

impl ColumnType {
    /// Whether sums and averages of it make sense.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Currency)
    }

    /// Whether it tells a time.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::DateTime | Self::Time)
    }
}

/// One cell, as SQL and JSON know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number; 1 or 0 for yes or no.
    Integer(i64),
    /// A number with a fraction. Never NaN or infinite.
    Decimal(f64),
    /// Anything else, times included.
    Text(String),
}

/// What is known of a column without reading it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnProfile {
    /// Its name as in the file, cleaned and cut to [`MAX_COLUMN_NAME_CHARS`].
    pub name: String,
    /// Its name in SQL: lower case letters, digits and `_`, no keyword, unique in the table.
    pub sql_name: String,
    /// What its cells mean.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Why `kind` may be wrong, one sentence; `None` when it is beyond doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// How its cells are written in the file, where several ways are possible: `DD.MM.YYYY` for a
    /// date, `1.234,56` for a number, `yes/no` for a boolean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The currency of amounts: a code (`EUR`) or the sign that was found; `%` for percentages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Cells that say nothing.
    pub nulls: u64,
    /// Different values, nulls not counted.
    pub distinct: u64,
    /// Smallest value; `None` for texts and where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Value>,
    /// Largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Value>,
    /// Mean of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Median of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<f64>,
    /// The values that occur most, with how often, most frequent first; at most a few dozen, and
    /// all of them for a category.
    pub top: Vec<(String, u64)>,
    /// How the values are spread: counts of equally wide parts from `min` to `max` for numbers and
    /// times, counts of `top` for the rest; at most 12.
    pub spread: Vec<u64>,
}

/// What is known of a table without reading it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableProfile {
    /// Its name in SQL, unique in the session.
    pub name: String,
    /// Where it comes from, for people: the file's name, or the key in the host page's data.
    pub source: String,
    /// Rows.
    pub row_count: u64,
    /// Columns, in the file's order.
    pub columns: Vec<ColumnProfile>,
    /// The first rows, a few, as SQL knows them.
    pub sample: Vec<Vec<Value>>,
    /// What a reader should know: rows that were mended and how, cells that do not fit their
    /// column's type. Sentences.
    pub notes: Vec<String>,
}

/// What a query found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryResult {
    /// Names of the columns, as the query names them.
    pub columns: Vec<String>,
    /// The rows, at most as many as the limit allows.
    pub rows: Vec<Vec<Value>>,
    /// Whether the limit cut rows off.
    pub truncated: bool,
}
