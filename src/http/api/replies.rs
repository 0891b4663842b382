//! Replies: followed from any byte on, stopped.

use axum::Json as Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::id::MessageId;
use crate::http::AppState;
use crate::http::api::session_id;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::openapi::{events, refusals, words};
use crate::http::sse;

/// The session a request names in its query, or in `X-Session-Id`.
pub(crate) struct NamedSession(Option<String>);

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct SessionQuery {
    /// The session; it may stand in `X-Session-Id` instead.
    #[param(nullable = false, format = "uuid")]
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResumeQuery {
    /// The byte of the reply's text to go on from; wins over `Last-Event-ID`.
    #[param(nullable = false)]
    offset: Option<usize>,
}

/// Follow a reply from any byte on
///
/// The same events, live or from disk, every byte exactly once. The place comes from `offset`, or
/// from `Last-Event-ID`; without them it is the beginning.
#[utoipa::path(get, path = "/api/chat/replies/{id}", operation_id = "resumeReply", tag = "Replies",
    params(
        ("id" = String, Path, format = "uuid", description = "The reply."),
        SessionQuery,
        ResumeQuery,
        ("X-Session-Id" = Option<String>, Header, format = "uuid", nullable = false, description = "The session, if the query does not name it."),
        ("Last-Event-ID" = Option<String>, Header, nullable = false, pattern = "^[0-9a-fA-F-]{36}:[0-9]+$", description = "`{messageId}:{n}` of the last delta that was read."),
    ),
    security((), ("visitorToken" = [])),
    responses(refusals::ResumeReply, (status = 200, description = "The events from there on",
        body = events::ReplyEvents, content_type = "text/event-stream", example = json!(events::EXAMPLE))))]
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

/// Download what a step found
///
/// As CSV: UTF-8, lines end with CRLF. A text that a spreadsheet would take for a formula begins
/// with `'`.
#[utoipa::path(get, path = "/api/chat/replies/{id}/steps/{step}/csv", operation_id = "stepCsv", tag = "Replies",
    params(
        ("id" = String, Path, format = "uuid", description = "The reply."),
        ("step" = String, Path, description = "The step's id: `1`, `2`, …"),
        SessionQuery,
        ("X-Session-Id" = Option<String>, Header, format = "uuid", nullable = false, description = "The session, if the query does not name it."),
    ),
    security((), ("visitorToken" = [])),
    responses(refusals::StepCsv, (status = 200, description = "The rows",
        headers(("Content-Disposition" = String, description = "A name for the file.")),
        body = String, content_type = "text/csv; charset=utf-8")))]
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

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StopReply {
    /// The session, if query and header do not name it.
    #[schema(format = "uuid")]
    session_id: Option<String>,
}

/// Where a reply stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplyStatus {
    #[schema(format = "uuid")]
    message_id: String,
    #[schema(value_type = words::MessageStatus)]
    status: &'static str,
}

/// Stop a reply
///
/// At the vendor too; what had arrived is kept. Answers the status it has then: `stopped`, or the
/// one it already had.
#[utoipa::path(post, path = "/api/chat/replies/{id}/stop", operation_id = "stopReply", tag = "Replies",
    params(
        ("id" = String, Path, format = "uuid", description = "The reply."),
        SessionQuery,
        ("X-Session-Id" = Option<String>, Header, format = "uuid", nullable = false, description = "The session, if neither body nor query names it."),
    ),
    request_body = Option<StopReply>,
    security((), ("visitorToken" = [])),
    responses(refusals::StopReply, (status = 200, description = "Where it stands", body = ReplyStatus)))]
pub(crate) async fn stop(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    (PathId(reply), NamedSession(session)): (PathId<MessageId>, NamedSession),
    body: Option<Json<StopReply>>,
) -> ApiResult<Body<ReplyStatus>> {
    let session = body.and_then(|Json(body)| body.session_id).or(session);
    let session = session_id(session.as_deref())?;
    let status = app.turns.stop(&actor, session, reply).await?;
    Ok(Body(ReplyStatus { message_id: reply.to_string(), status: status.as_str() }))
}
