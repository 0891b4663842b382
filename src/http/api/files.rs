//! Files: uploaded, told about, asked, deleted.

mod listed;
mod receive;

use axum::Json as Body;
use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::domain::actor::Actor;
use crate::domain::file::{FILE_ENDINGS, File};
use crate::domain::id::{FileId, SessionId};
use crate::domain::table::{QueryResult, TableProfile};
use crate::http::AppState;
pub(crate) use crate::http::api::files::listed::ListedTable;
use crate::http::api::files::listed::{FileInfo, QueryAnswer};
use crate::http::api::files::receive::receive;
use crate::http::auth::{ClientAddress, Visitor};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::openapi::{refusals, shapes, words};
use crate::http::upload::Form;
use crate::service::upload::{Question, Uploads, summary_of};

/// Longest question, bytes.
pub const MAX_QUESTION_BYTES: usize = 16 * 1024;

/// What a widget has to know about files.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileLimits {
    max_bytes: u64,
    max_files: u64,
    /// Endings of names that may be uploaded.
    accept: Vec<&'static str>,
}

/// What a widget has to know about files; nothing when they are off.
#[must_use]
pub fn public_limits(uploads: &Uploads) -> Option<FileLimits> {
    let limits = uploads.limits();
    limits.enabled.then(|| FileLimits {
        max_bytes: limits.max_bytes,
        max_files: limits.quota.session_files,
        accept: FILE_ENDINGS.iter().map(|(ending, _)| *ending).collect(),
    })
}

/// A file that was taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FileUploaded)]
pub(crate) struct FileData {
    success: bool,
    #[schema(format = "uuid")]
    file_id: String,
    file_name: String,
    #[schema(value_type = words::FileKind)]
    file_type: &'static str,
    /// Bytes.
    file_size: u64,
    #[schema(value_type = shapes::FileSummary)]
    summary: Value,
    #[schema(value_type = Vec<shapes::TableProfile>)]
    tables: Vec<TableProfile>,
    #[schema(format = "uuid")]
    session_id: String,
    message: String,
}

/// Upload a file
///
/// CSV (`.csv`, `.tsv`) or JSON (`.json`, `.jsonl`, `.ndjson`). `sessionId` first lets the server
/// refuse before it has read the file.
#[utoipa::path(post, path = "/api/files/upload", operation_id = "uploadFile", tag = "Files",
    request_body(content = shapes::UploadForm, content_type = "multipart/form-data"),
    security((), ("visitorToken" = [])),
    responses(refusals::UploadFile, (status = 200, description = "What it holds", body = FileData)))]
pub(crate) async fn upload(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    request: Request,
) -> ApiResult<Body<FileData>> {
    let max_bytes = app.uploads.limits().max_bytes;
    let mut form = Form::open(request, max_bytes).await.map_err(|error| sized(error, max_bytes))?;
    let received = receive(&app.uploads, (&actor, address), &mut form).await;
    let (session, upload) = match received {
        Ok(received) => received,
        Err(error) => {
            // Who has had their time would go on to drip.
            if !error.is(ErrorCode::RequestTimeout) {
                form.drain().await;
            }
            return Err(sized(error, max_bytes));
        }
    };
    let file = app.uploads.keep(&actor, session, upload).await?;
    Ok(Body(FileData {
        success: true,
        file_id: file.id.to_string(),
        message: format!("{} uploaded", file.name),
        file_name: file.name.as_str().to_owned(),
        file_type: file.kind.as_str(),
        file_size: file.size_bytes,
        summary: summary_of(&file),
        tables: file.tables,
        session_id: session.to_string(),
    }))
}

/// Says the limit in words.
fn sized(error: ApiError, max_bytes: u64) -> ApiError {
    match error.is(ErrorCode::FileTooLarge) {
        true => error.saying(format!("The file is larger than {} MB.", max_bytes / 1024 / 1024)),
        false => error,
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileQuery {
    /// The file's id; the latest file if it is left out.
    #[param(nullable = false, format = "uuid")]
    file: Option<String>,
}

/// The session's files, and the one that is meant: the latest unless the query names another.
async fn chosen(
    app: &AppState,
    actor: &Actor,
    session: SessionId,
    query: &FileQuery,
) -> ApiResult<(Vec<File>, File)> {
    let files = app.uploads.files(actor, session).await?;
    let chosen = match query.file.as_deref() {
        None => files.last(),
        Some(id) => {
            let id = id.parse::<FileId>().map_err(|_| ErrorCode::FileNotFound)?;
            files.iter().find(|file| file.id == id)
        }
    };
    let chosen = chosen.cloned().ok_or(ErrorCode::FileNotFound)?;
    Ok((files, chosen))
}

/// Read what is known of files
///
/// One file in full, and a list of all, oldest first.
#[utoipa::path(get, path = "/api/files/info/{id}", operation_id = "fileInfo", tag = "Files",
    params(("id" = String, Path, format = "uuid", description = "The session."), FileQuery),
    security((), ("visitorToken" = [])),
    responses(refusals::FileInfo, (status = 200, description = "The file", body = FileInfo)))]
pub(crate) async fn info(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(session): PathId<SessionId>,
    Query(query): Query<FileQuery>,
) -> ApiResult<Body<FileInfo>> {
    let (files, file) = chosen(&app, &actor, session, &query).await?;
    Ok(Body(FileInfo::new(file, &files)))
}

#[derive(Deserialize, ToSchema)]
#[schema(min_properties = 1)]
pub(crate) struct AskFile {
    /// Words to look for.
    #[schema(max_length = 16384)]
    query: Option<String>,
    /// One SELECT in SQLite's dialect over all tables of the session; wins over `query`.
    #[schema(max_length = 16384)]
    sql: Option<String>,
}

impl AskFile {
    /// The question, and how it was asked. SQL wins: who sends both wants to be exact.
    fn question(self) -> ApiResult<(String, Question)> {
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let (text, question) = match (said(self.sql), said(self.query)) {
            (Some(sql), _) => (sql.clone(), Question::Sql(sql)),
            (None, Some(words)) => (words.clone(), Question::Words(words)),
            (None, None) => return Err(ErrorCode::MissingQuery.into()),
        };
        if text.len() > MAX_QUESTION_BYTES {
            let problem = format!("The query is longer than {MAX_QUESTION_BYTES} bytes.");
            return Err(ApiError::from(ErrorCode::QueryRefused).saying(problem));
        }
        Ok((text, question))
    }
}

/// Ask a file
///
/// With `sql`, one SELECT over all tables of the session; or with `query`, words that are looked
/// for in the cells of a file, rows that match best first.
#[utoipa::path(post, path = "/api/files/query/{id}", operation_id = "queryFile", tag = "Files",
    params(("id" = String, Path, format = "uuid", description = "The session."), FileQuery),
    request_body(content = AskFile, example = json!({ "query": "south" })),
    security((), ("visitorToken" = [])),
    responses(refusals::QueryFile, (status = 200, description = "What was found", body = QueryAnswer)))]
pub(crate) async fn query(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    (PathId(session), Query(query)): (PathId<SessionId>, Query<FileQuery>),
    Json(body): Json<AskFile>,
) -> ApiResult<Body<QueryAnswer>> {
    let opened = app.sessions.readable(&actor, session).await?;
    let (text, question) = body.question()?;
    let (_, file) = chosen(&app, &actor, session, &query).await?;
    let found = app.uploads.ask((&actor, address), opened, &file, question).await?;
    Ok(Body(QueryAnswer {
        query: text,
        file_id: file.id.to_string(),
        file_name: file.name.as_str().to_owned(),
        file_type: file.kind.as_str(),
        columns: found.result.columns.clone(),
        truncated: found.result.truncated || found.total > found.result.rows.len(),
        results: objects(found.result),
        row_count: found.total,
        table: found.table,
    }))
}

/// Rows as objects. Of columns of the same name all but the first get a number.
fn objects(result: QueryResult) -> Vec<Value> {
    let mut keys: Vec<String> = Vec::with_capacity(result.columns.len());
    for column in &result.columns {
        let numbered = (2..).map(|number| format!("{column}_{number}"));
        let mut names = std::iter::once(column.clone()).chain(numbered);
        keys.extend(names.find(|name| !keys.contains(name)));
    }
    let object = |row: Vec<_>| -> Map<String, Value> {
        keys.iter().cloned().zip(row.into_iter().map(|cell| json!(cell))).collect()
    };
    result.rows.into_iter().map(|row| Value::Object(object(row))).collect()
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileDeleted {
    success: bool,
    #[schema(format = "uuid")]
    file_id: String,
    message: String,
}

/// Delete a file
///
/// The latest, or the one that `file` names. It is really gone; files also go with their session.
#[utoipa::path(delete, path = "/api/files/{id}", operation_id = "deleteFile", tag = "Files",
    params(("id" = String, Path, format = "uuid", description = "The session."), FileQuery),
    security((), ("visitorToken" = [])),
    responses(refusals::DeleteFile, (status = 200, description = "It is gone", body = FileDeleted)))]
pub(crate) async fn delete(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(session): PathId<SessionId>,
    Query(query): Query<FileQuery>,
) -> ApiResult<Body<FileDeleted>> {
    let nothing = |error: ApiError| match error.is(ErrorCode::FileNotFound) {
        true => error.saying("No file data to delete"),
        false => error,
    };
    let (_, file) = chosen(&app, &actor, session, &query).await.map_err(nothing)?;
    let deleted = app.uploads.delete(&actor, session, file.id).await;
    deleted.map_err(|error| nothing(error.into()))?;
    Ok(Body(FileDeleted {
        success: true,
        file_id: file.id.to_string(),
        message: format!("{} deleted", file.name),
    }))
}
