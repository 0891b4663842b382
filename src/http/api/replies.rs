//! Replies: followed from any byte on, stopped.

use axum::Json as Body;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
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
