//! What is listed, as files: `/admin/conversations/export`, `/admin/leads/export` and one
//! conversation's. They are written while they are sent.

use std::io;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde::Deserialize;

use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::http::AppState;
use crate::http::auth::Viewer;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{PathId, Query};
use crate::http::pages::admin::conversations::filter::Wish;
use crate::service::export::{ConversationFile, Format, LeadFile, Which};
use crate::store::PageRequest;

/// Which format.
#[derive(Debug, Deserialize)]
pub(crate) struct FormatWish {
    #[serde(default)]
    format: String,
}

impl FormatWish {
    fn format(&self) -> ApiResult<Format> {
        Format::of(&self.format).ok_or_else(|| {
            let problem = "It must be csv, json or jsonl.";
            ApiError::from(ErrorCode::InvalidRequest).field("format", problem)
        })
    }
}

/// `GET /admin/conversations/export`: those of the filter, whole.
pub(crate) async fn conversations(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wish): Query<Wish>,
    Query(format): Query<FormatWish>,
) -> ApiResult<Response> {
    let format = format.format()?;
    sent(&app, visit.actor(), Which::Listed(wish.filter()), format, "conversations")
}

/// `GET /admin/conversations/{session}/export`.
pub(crate) async fn conversation(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    PathId(id): PathId<SessionId>,
    Query(format): Query<FormatWish>,
) -> ApiResult<Response> {
    let format = format.format()?;
    let found = app.store.transcript(&visit.actor(), id, PageRequest::first(1)).await?;
    found.ok_or(ErrorCode::SessionNotFound)?;
    sent(&app, visit.actor(), Which::One(id), format, "conversation")
}

/// Which leads.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LeadWish {
    #[serde(default)]
    q: String,
}

/// `GET /admin/leads/export`.
pub(crate) async fn leads(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wish): Query<LeadWish>,
    Query(format): Query<FormatWish>,
) -> ApiResult<Response> {
    let format = format.format()?;
    let words = Some(wish.q.trim()).filter(|words| !words.is_empty()).map(str::to_owned);
    let file = LeadFile::new(app.store.clone(), visit.actor(), words, format);
    attachment(ExportFile::Leads(Box::new(file)), format, "leads")
}

fn sent(
    app: &AppState,
    actor: Actor,
    which: Which,
    format: Format,
    name: &str,
) -> ApiResult<Response> {
    let file = ConversationFile::new(app.store.clone(), actor, which, format);
    attachment(ExportFile::Conversations(Box::new(file)), format, name)
}

/// A file that is written while it is sent.
enum ExportFile {
    Conversations(Box<ConversationFile>),
    Leads(Box<LeadFile>),
}

impl ExportFile {
    /// The next piece. What fails in the middle breaks the connection off: no client shall take a
    /// part for the whole.
    async fn next(mut self) -> io::Result<Option<(String, Self)>> {
        let piece = match &mut self {
            Self::Conversations(file) => file.next().await,
            Self::Leads(file) => file.next().await,
        };
        Ok(piece.map_err(io::Error::other)?.map(|text| (text, self)))
    }
}

fn attachment(file: ExportFile, format: Format, name: &str) -> ApiResult<Response> {
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.ending());
    let disposition = HeaderValue::from_str(&disposition)
        .map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let content_type = HeaderValue::from_static(format.content_type());
    let headers =
        [(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, disposition)];
    let body = Body::from_stream(stream::try_unfold(file, ExportFile::next));
    Ok((headers, body).into_response())
}
