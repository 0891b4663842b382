//! Schemas of what the domain writes by itself, field by field: the domain knows no OpenAPI. What
//! the API tests read is compared with these, so that a field of only one side is found.

#![expect(dead_code, reason = "these are never made, only described")]

use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::domain::details::{MAX_DETAIL_CHARS, MAX_DETAILS};
use crate::http::openapi::words;

/// One cell: a text, a number, or nothing; 1 or 0 for yes or no.
pub(crate) struct Cell;

impl utoipa::PartialSchema for Cell {
    fn schema() -> RefOr<Schema> {
        let types = vec![Type::String, Type::Number, Type::Null];
        ObjectBuilder::new()
            .schema_type(SchemaType::Array(types))
            .description(Some("One cell: a text, a number, or nothing; 1 or 0 for yes or no."))
            .into()
    }
}

impl ToSchema for Cell {}

/// A value that occurs often, with how often.
fn top_values() -> RefOr<Schema> {
    let pair =
        ArrayBuilder::new().items(utoipa::openapi::schema::ArrayItems::False).prefix_items([
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build(),
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).build(),
        ]);
    ArrayBuilder::new()
        .items(pair)
        .description(Some("The values that occur most, each with how often, most frequent first."))
        .into()
}

/// One use of a tool.
#[derive(ToSchema)]
pub(crate) struct Step {
    /// Its name within the reply: `1`, `2`, …
    id: String,
    /// The tool: `query_data`, `show_chart`.
    name: String,
    status: words::StepStatus,
    /// One line for the visitor.
    title: String,
    /// What it looks at, for people: a file's name, or the key in the host page's data.
    #[schema(nullable = false)]
    source: Option<String>,
    #[schema(nullable = false)]
    evidence: Option<Evidence>,
    /// Why it failed, one sentence for the visitor.
    #[schema(nullable = false)]
    error: Option<String>,
}

/// What was computed, and how.
#[derive(ToSchema)]
pub(crate) struct Evidence {
    /// The query in plain words.
    purpose: String,
    /// The query.
    sql: String,
    /// Names of the columns, as the query names them.
    columns: Vec<String>,
    /// The rows.
    rows: Vec<Vec<Cell>>,
    /// Whether rows are missing.
    truncated: bool,
    #[schema(nullable = false)]
    chart: Option<Chart>,
}

/// How rows become a picture. Columns are named by their place in the result.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Chart {
    kind: words::ChartKind,
    /// What it shows.
    title: String,
    /// The column along the horizontal axis, of the slices' names, or of a histogram's values.
    x: u32,
    /// The columns of the values; empty for a histogram.
    y: Vec<u32>,
    /// What stands at the horizontal axis.
    x_label: String,
    /// What stands at the vertical axis.
    y_label: String,
}

/// What is known of a table without reading it again.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct TableProfile {
    /// Its name in SQL, unique in the session.
    name: String,
    /// Where it comes from, for people.
    source: String,
    row_count: u64,
    /// In the file's order.
    columns: Vec<ColumnProfile>,
    /// The first rows, a few.
    sample: Vec<Vec<Cell>>,
    /// What a reader should know, in sentences.
    notes: Vec<String>,
}

/// What is known of a column without reading it again.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ColumnProfile {
    /// Its name as in the file, cleaned and cut.
    name: String,
    /// Its name in SQL.
    sql_name: String,
    #[schema(rename = "type")]
    kind: words::ColumnType,
    /// Why `type` may be wrong, one sentence.
    #[schema(nullable = false)]
    doubt: Option<String>,
    /// How its cells are written in the file, where several ways are possible.
    #[schema(nullable = false)]
    format: Option<String>,
    /// The currency of amounts; `%` for percentages.
    #[schema(nullable = false)]
    unit: Option<String>,
    /// Cells that say nothing.
    nulls: u64,
    /// Different values, nulls not counted.
    distinct: u64,
    /// Smallest value.
    #[schema(value_type = Cell, required = false)]
    min: Option<Cell>,
    /// Largest value.
    #[schema(value_type = Cell, required = false)]
    max: Option<Cell>,
    /// Mean of numbers.
    #[schema(nullable = false)]
    mean: Option<f64>,
    /// Median of numbers.
    #[schema(nullable = false)]
    median: Option<f64>,
    #[schema(schema_with = top_values)]
    top: Vec<(String, u64)>,
    /// How the values are spread: counts of equally wide parts, or of `top`.
    #[schema(max_items = 12)]
    spread: Vec<u64>,
}

/// What a file holds. Of rows it tells the first table; of JSON `type` and `length` too.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct FileSummary {
    #[schema(rename = "type", schema_with = json_shape, required = false)]
    kind: Option<String>,
    /// Items of the array, or keys of the object.
    #[schema(nullable = false)]
    length: Option<u64>,
    /// The first table's name in SQL.
    #[schema(nullable = false)]
    table: Option<String>,
    #[schema(nullable = false)]
    row_count: Option<u64>,
    #[schema(nullable = false)]
    column_count: Option<u64>,
    #[schema(nullable = false)]
    columns: Option<Vec<ColumnProfile>>,
    /// What a reader should know, in sentences.
    #[schema(nullable = false)]
    notes: Option<Vec<String>>,
    /// All tables, if there are several.
    #[schema(nullable = false)]
    tables: Option<Vec<crate::http::api::files::ListedTable>>,
}

fn json_shape() -> RefOr<Schema> {
    words::one_of(&["array", "object"], "What the JSON is.")
}

/// The form for visitors, as the owner wants it.
#[derive(ToSchema)]
pub(crate) struct LeadForm {
    when: words::AskWhen,
    /// Whether it cannot be skipped.
    required: bool,
    /// What stands above it; the widget has words of its own.
    #[schema(required = true)]
    title: Option<String>,
    /// What visitors agree to, with at most one link: `[privacy notice](https://…)`.
    #[schema(required = true)]
    consent: Option<String>,
    /// What is asked for, in this order.
    fields: Vec<LeadField>,
}

/// One field of the form.
#[derive(ToSchema)]
pub(crate) struct LeadField {
    /// Its name in what is stored.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    key: String,
    /// Its name for people; the widget has words for name, e-mail and phone.
    #[schema(required = true)]
    label: Option<String>,
    #[schema(rename = "type")]
    kind: words::FieldKind,
    /// Whether it cannot be left empty.
    required: bool,
}

/// What a visitor tells, by key: `name`, `email`, `phone`, and the fields of the owner's form.
pub(crate) struct DetailsGiven;

impl utoipa::PartialSchema for DetailsGiven {
    fn schema() -> RefOr<Schema> {
        let detail = || {
            ObjectBuilder::new()
                .schema_type(SchemaType::Array(vec![Type::String, Type::Null]))
                .max_length(Some(MAX_DETAIL_CHARS))
        };
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Object))
            .description(Some("What a visitor tells, by key; `null` removes a key."))
            .property("name", detail())
            .property("email", detail())
            .property("phone", detail())
            .additional_properties(Some(Schema::from(detail())))
            .max_properties(Some(MAX_DETAILS))
            .into()
    }
}

impl ToSchema for DetailsGiven {}

/// The form of an upload.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct UploadForm {
    #[schema(format = "uuid")]
    session_id: String,
    /// The file, with its name.
    #[schema(value_type = String, format = Binary, content_media_type = "text/csv")]
    file: Vec<u8>,
}
