//! Files: uploaded, told about, asked, deleted.

mod receive;

use axum::Json as Body;
use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::file::{FILE_ENDINGS, File};
use crate::domain::id::{FileId, SessionId};
use crate::domain::table::{QueryResult, TableProfile};
use crate::http::AppState;
use crate::http::api::files::receive::receive;
use crate::http::auth::{ClientAddress, Visitor};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::upload::Form;
use crate::service::upload::{Question, Uploads, summary_of};

/// Longest question, bytes.
pub const MAX_QUESTION_BYTES: usize = 16 * 1024;

/// What a widget has to know about files; nothing when they are off.
#[must_use]
pub fn public_limits(uploads: &Uploads) -> Value {
    let limits = uploads.limits();
    let endings = FILE_ENDINGS.map(|(ending, _)| ending);
    match limits.enabled {
        true => json!({
            "maxBytes": limits.max_bytes,
            "maxFiles": limits.quota.session_files,
            "accept": endings,
        }),
        false => Value::Null,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileData {
    success: bool,
    file_id: String,
    file_name: String,
    file_type: &'static str,
    file_size: u64,
    summary: Value,
    tables: Vec<TableProfile>,
    session_id: String,
    message: String,
}

/// `POST /api/files/upload`: a form with `sessionId` and `file`.
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

#[derive(Deserialize)]
pub(crate) struct FileQuery {
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedFile {
    file_id: String,
    file_name: String,
    file_type: &'static str,
    file_size: u64,
    uploaded_at: Timestamp,
    tables: Vec<ListedTable>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedTable {
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileInfo {
    #[serde(flatten)]
    summary: Summary,
    tables: Vec<TableProfile>,
    files: Vec<ListedFile>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    file_id: String,
    file_name: String,
    file_type: &'static str,
    file_size: u64,
    uploaded_at: Timestamp,
    summary: Value,
}

/// `GET /api/files/info/{id}`: one file in full, and a list of all.
pub(crate) async fn info(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(session): PathId<SessionId>,
    Query(query): Query<FileQuery>,
) -> ApiResult<Body<FileInfo>> {
    let (files, file) = chosen(&app, &actor, session, &query).await?;
    let files = files.iter().map(ListedFile::from).collect();
    let summary = Summary {
        file_id: file.id.to_string(),
        file_name: file.name.as_str().to_owned(),
        file_type: file.kind.as_str(),
        file_size: file.size_bytes,
        uploaded_at: file.uploaded_at,
        summary: summary_of(&file),
    };
    Ok(Body(FileInfo { summary, tables: file.tables, files }))
}

#[derive(Deserialize)]
pub(crate) struct AskFile {
    query: Option<String>,
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

/// `POST /api/files/query/{id}`: words to look for in a file, or SQL over the session's tables.
pub(crate) async fn query(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    (PathId(session), Query(query)): (PathId<SessionId>, Query<FileQuery>),
    Json(body): Json<AskFile>,
) -> ApiResult<Body<Value>> {
    let opened = app.sessions.readable(&actor, session).await?;
    let (text, question) = body.question()?;
    let (_, file) = chosen(&app, &actor, session, &query).await?;
    let found = app.uploads.ask((&actor, address), opened, &file, question).await?;
    let columns = found.result.columns.clone();
    let is_cut = found.result.truncated || found.total > found.result.rows.len();
    let mut answer = json!({
        "query": text,
        "fileId": file.id.to_string(),
        "fileName": file.name.as_str(),
        "fileType": file.kind.as_str(),
        "columns": columns,
        "results": objects(found.result),
        "rowCount": found.total,
    });
    if let Some(fields) = answer.as_object_mut() {
        fields.extend(found.table.map(|table| ("table".to_owned(), table.into())));
        fields.extend(is_cut.then(|| ("truncated".to_owned(), true.into())));
    }
    Ok(Body(answer))
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

/// `DELETE /api/files/{id}`: the file is gone for good.
pub(crate) async fn delete(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(session): PathId<SessionId>,
    Query(query): Query<FileQuery>,
) -> ApiResult<Body<Value>> {
    let nothing = |error: ApiError| match error.is(ErrorCode::FileNotFound) {
        true => error.saying("No file data to delete"),
        false => error,
    };
    let (_, file) = chosen(&app, &actor, session, &query).await.map_err(nothing)?;
    let deleted = app.uploads.delete(&actor, session, file.id).await;
    deleted.map_err(|error| nothing(error.into()))?;
    Ok(Body(json!({
        "success": true,
        "fileId": file.id.to_string(),
        "message": format!("{} deleted", file.name),
    })))
}
