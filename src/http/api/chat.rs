//! Chat: say something, read what was said, clear it.

use axum::Json as Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::evidence::Step;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::api::{MessageData, optional_config, session_id};
use crate::http::auth::{ClientAddress, Visitor};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::sse::{self, Collected, UsageData};
use crate::service::turn::NewTurn;
use crate::store::HistoryPage;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendMessage {
    session_id: Option<String>,
    message: Option<String>,
    #[serde(default, deserialize_with = "optional_config")]
    config: SessionConfig,
    message_id: Option<String>,
    replaces: Option<String>,
    stream: Option<bool>,
}

impl SendMessage {
    fn turn(self) -> ApiResult<NewTurn> {
        Ok(NewTurn {
            session: session_id(self.session_id.as_deref())?,
            text: self.message.ok_or(ErrorCode::MessageEmpty)?,
            reply: message_id("messageId", self.message_id.as_deref())?,
            config: self.config,
            replaces: message_id("replaces", self.replaces.as_deref())?,
        })
    }
}

fn message_id(field: &str, text: Option<&str>) -> ApiResult<Option<MessageId>> {
    let not_uuid = |_| ApiError::from(ErrorCode::InvalidRequest).field(field, "It must be a UUID.");
    text.map(|text| text.parse().map_err(not_uuid)).transpose()
}

/// `POST /api/chat/message`: the reply as events, or whole as JSON.
pub(crate) async fn send(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(body): Json<SendMessage>,
) -> ApiResult<Response> {
    let wants_events = body.stream.unwrap_or_else(|| accepts_events(&headers));
    let following = app.turns.start(actor, address, body.turn()?).await?;
    if wants_events {
        return Ok(sse::frames(following));
    }
    Ok(Body(ReplyData::from(sse::collect(following).await?)).into_response())
}

fn accepts_events(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplyData {
    response: String,
    session_id: String,
    message_id: String,
    message_count: u64,
    provider: String,
    provider_name: String,
    model: String,
    timestamp: Timestamp,
    usage: UsageData,
    finish_reason: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lead_form: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<Step>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unverified: Vec<String>,
}

impl From<Collected> for ReplyData {
    fn from(reply: Collected) -> Self {
        Self {
            usage: UsageData::from(&reply.end),
            response: reply.text,
            session_id: reply.start.session.to_string(),
            message_id: reply.start.reply.to_string(),
            message_count: reply.end.message_count,
            provider: reply.end.provider,
            provider_name: reply.end.provider_name,
            model: reply.end.model,
            timestamp: reply.end.at,
            finish_reason: reply.end.reason.as_str(),
            suggestions: reply.end.suggestions,
            lead_form: reply.end.asks_contact,
            steps: reply.steps,
            unverified: reply.end.unverified,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct HistoryQuery {
    limit: Option<u32>,
    before: Option<String>,
}

/// Messages in a page of history when the client does not say, and at most.
const HISTORY_LIMIT: (u32, u32) = (100, 500);

/// `GET /api/chat/history/{id}`: a page of the conversation, oldest first.
pub(crate) async fn history(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Query(query): Query<HistoryQuery>,
) -> ApiResult<Body<Value>> {
    let (usual, most) = HISTORY_LIMIT;
    let page = HistoryPage {
        limit: query.limit.unwrap_or(usual).clamp(1, most),
        before: message_id("before", query.before.as_deref())?,
    };
    let history = app.sessions.history(&actor, id, page).await?;
    let messages: Vec<MessageData> = history.messages.into_iter().map(MessageData::from).collect();
    Ok(Body(json!({
        "sessionId": id.to_string(),
        "messages": messages,
        "messageCount": history.message_count,
        "hasMore": history.has_more,
    })))
}

/// `DELETE /api/chat/history/{id}`: the session stays, its messages go.
pub(crate) async fn clear_history(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<Value>> {
    app.sessions.open(&actor, id).await?;
    app.turns.stop_all_of(id).await;
    let cleared = app.sessions.clear(&actor, id).await?;
    Ok(Body(json!({
        "sessionId": id.to_string(),
        "status": "cleared",
        "messagesCleared": cleared,
        "timestamp": app.clock.now(),
    })))
}
