//! Replies: followed from any byte on, stopped.

use axum::Json as Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::id::MessageId;
use crate::http::AppState;
use crate::http::api::session_id;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::sse;

/// The session a request names in its query, or in `X-Session-Id`.
pub(crate) struct NamedSession(Option<String>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionQuery {
    session_id: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(query) = Query::<SessionQuery>::from_request_parts(parts, state).await?;
        let header = parts.headers.get("x-session-id").and_then(|value| value.to_str().ok());
        Ok(Self(query.session_id.or(header.map(str::to_owned))))
    }
}

#[derive(Deserialize)]
pub(crate) struct ResumeQuery {
    offset: Option<usize>,
}

/// `GET /api/chat/replies/{id}`: the events from a byte on, live or from disk.
pub(crate) async fn resume(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    (PathId(reply), NamedSession(session)): (PathId<MessageId>, NamedSession),
    Query(query): Query<ResumeQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let session = session_id(session.as_deref())?;
    let offset = match query.offset {
        Some(offset) => offset,
        None => last_event_offset(&headers, reply)?,
    };
    let following = app.turns.resume(&actor, session, reply, offset).await?;
    Ok(sse::frames(following))
}

/// The offset in `Last-Event-ID: {messageId}:{n}`; without the header the beginning.
fn last_event_offset(headers: &HeaderMap, reply: MessageId) -> ApiResult<usize> {
    let Some(value) = headers.get("last-event-id") else { return Ok(0) };
    let parsed = value.to_str().ok().and_then(|text| {
        let (id, offset) = text.split_once(':')?;
        (id.parse() == Ok(reply)).then_some(offset)?.parse().ok()
    });
    parsed.ok_or_else(|| ErrorCode::InvalidOffset.into())
}

/// `GET /api/chat/replies/{id}/steps/{step}/csv`: what a step found, as a download.
pub(crate) async fn step_csv(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    Path((reply, step)): Path<(String, String)>,
    NamedSession(session): NamedSession,
) -> ApiResult<Response> {
    let session = session_id(session.as_deref())?;
    let reply = reply.parse().map_err(|_| ErrorCode::ReplyNotFound)?;
    let (name, csv) = app.turns.step_csv(&actor, session, (reply, &step)).await?;
    let disposition = HeaderValue::from_str(&attachment(&name))
        .map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, csv).into_response())
}

/// A download of this name, for clients that know RFC 6266 and for those that know ASCII only.
fn attachment(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() && c != '"' && c != '\\' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StopReply {
    session_id: Option<String>,
}

/// `POST /api/chat/replies/{id}/stop`: stops it upstream too; what had arrived is kept.
pub(crate) async fn stop(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    (PathId(reply), NamedSession(session)): (PathId<MessageId>, NamedSession),
    body: Option<Json<StopReply>>,
) -> ApiResult<Body<Value>> {
    let session = body.and_then(|Json(body)| body.session_id).or(session);
    let session = session_id(session.as_deref())?;
    let status = app.turns.stop(&actor, session, reply).await?;
    Ok(Body(json!({ "messageId": reply.to_string(), "status": status.as_str() })))
}
