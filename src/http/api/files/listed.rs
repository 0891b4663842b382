//! Files as the API tells about them: one in full, all in a list, what a query found.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::clock::Timestamp;
use crate::domain::file::File;
use crate::domain::table::TableProfile;
use crate::http::openapi::{shapes, words};
use crate::service::upload::summary_of;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedFile {
    #[schema(format = "uuid")]
    file_id: String,
    file_name: String,
    #[schema(value_type = words::FileKind)]
    file_type: &'static str,
    /// Bytes.
    file_size: u64,
    #[schema(value_type = String, format = DateTime)]
    uploaded_at: Timestamp,
    tables: Vec<ListedTable>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedTable {
    name: String,
    row_count: u64,
    column_count: usize,
}

impl From<&File> for ListedFile {
    fn from(file: &File) -> Self {
        let table = |table: &TableProfile| ListedTable {
            name: table.name.clone(),
            row_count: table.row_count,
            column_count: table.columns.len(),
        };
        Self {
            file_id: file.id.to_string(),
            file_name: file.name.as_str().to_owned(),
            file_type: file.kind.as_str(),
            file_size: file.size_bytes,
            uploaded_at: file.uploaded_at,
            tables: file.tables.iter().map(table).collect(),
        }
    }
}

/// One file in full, and a list of all.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileInfo {
    #[schema(format = "uuid")]
    file_id: String,
    file_name: String,
    #[schema(value_type = words::FileKind)]
    file_type: &'static str,
    /// Bytes.
    file_size: u64,
    #[schema(value_type = String, format = DateTime)]
    uploaded_at: Timestamp,
    #[schema(value_type = shapes::FileSummary)]
    summary: Value,
    #[schema(value_type = Vec<shapes::TableProfile>)]
    tables: Vec<TableProfile>,
    /// All files of the session, oldest first.
    files: Vec<ListedFile>,
}

impl FileInfo {
    /// `file` in full, and `all` of them.
    pub(super) fn new(file: File, all: &[File]) -> Self {
        Self {
            file_id: file.id.to_string(),
            file_name: file.name.as_str().to_owned(),
            file_type: file.kind.as_str(),
            file_size: file.size_bytes,
            uploaded_at: file.uploaded_at,
            summary: summary_of(&file),
            tables: file.tables,
            files: all.iter().map(ListedFile::from).collect(),
        }
    }
}

/// What a query found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueryAnswer {
    /// What was asked.
    pub(super) query: String,
    #[schema(format = "uuid")]
    pub(super) file_id: String,
    pub(super) file_name: String,
    #[schema(value_type = words::FileKind)]
    pub(super) file_type: &'static str,
    pub(super) columns: Vec<String>,
    /// Rows as objects; of columns of the same name all but the first get a number.
    #[schema(value_type = Vec<std::collections::BTreeMap<String, shapes::Cell>>)]
    pub(super) results: Vec<Value>,
    /// How many there are in all.
    pub(super) row_count: usize,
    /// The table that was searched, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) table: Option<String>,
    /// Whether rows are missing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) truncated: bool,
}
