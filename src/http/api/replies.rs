//! Replies: followed from any byte on, stopped.

use axum::Json as Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::id::{MessageId, SessionId};
use crate::http::AppState;
use crate::http::api::session_id;
use crate::http::auth::Visitor;
use crate::http::error::{ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::sse;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResumeQuery {
    session_id: Option<String>,
    offset: Option<usize>,
}

/// `GET /api/chat/replies/{id}`: the events from a byte on, live or from disk.
pub(crate) async fn resume(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(reply): PathId<MessageId>,
    Query(query): Query<ResumeQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let session = named_session(query.session_id.as_deref(), &headers)?;
    let offset = match query.offset {
        Some(offset) => offset,
        None => last_event_offset(&headers, reply)?,
    };
    let following = app.turns.resume(&actor, session, reply, offset).await?;
    Ok(sse::frames(following))
}

/// The session named in the query, or in `X-Session-Id`.
fn named_session(query: Option<&str>, headers: &HeaderMap) -> ApiResult<SessionId> {
    let header = headers.get("x-session-id").and_then(|value| value.to_str().ok());
    session_id(query.or(header))
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
    PathId(reply): PathId<MessageId>,
    Query(query): Query<ResumeQuery>,
    headers: HeaderMap,
    body: Option<Json<StopReply>>,
) -> ApiResult<Body<Value>> {
    let in_body = body.and_then(|Json(body)| body.session_id);
    let session = named_session(in_body.as_deref().or(query.session_id.as_deref()), &headers)?;
    let status = app.turns.stop(&actor, session, reply).await?;
    Ok(Body(json!({ "messageId": reply.to_string(), "status": status.as_str() })))
}
