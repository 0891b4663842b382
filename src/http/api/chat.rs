//! Chat: say something, read what was said, clear it.

use axum::Json as Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::clock::Timestamp;
use crate::domain::evidence::Step;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::api::{MessageData, optional_config, session_id};
use crate::http::auth::{ClientAddress, Visitor};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::http::openapi::{events, refusals, shapes, words};
use crate::http::sse::{self, Collected, UsageData};
use crate::service::turn::NewTurn;
use crate::store::HistoryPage;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendMessage {
    #[schema(value_type = String, format = "uuid", required)]
    session_id: Option<String>,
    /// What is said: more than white space, no NUL.
    #[schema(value_type = String, required, min_length = 1, max_length = 8000,
        pattern = "^[^\\x00]*[^\\s\\x00][^\\x00]*$")]
    message: Option<String>,
    /// Merged into the session first, key by key.
    #[serde(default, deserialize_with = "optional_config")]
    #[schema(value_type = Option<Object>, required = false)]
    config: SessionConfig,
    /// The reply's id, chosen by the client: the same again joins the same reply.
    #[schema(format = "uuid")]
    message_id: Option<String>,
    /// The reply that this is a new try of.
    #[schema(format = "uuid")]
    replaces: Option<String>,
    /// Whether the reply comes as events; if left out, `Accept` says so.
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

/// Say something
///
/// Answers the whole reply as JSON. With `"stream": true`, or `Accept: text/event-stream` where
/// `stream` is left out, it answers events as the reply is written.
#[utoipa::path(post, path = "/api/chat/message", operation_id = "sendMessage", tag = "Chat",
    request_body(content = SendMessage, example = json!({ "sessionId": "00000001-0000-4000-8000-000000000000",
        "message": "When are you open?" })),
    security((), ("visitorToken" = [])),
    responses(refusals::SendMessage, (status = 200, description = "The reply", content(
        (ReplyData = "application/json"),
        (events::ReplyEvents = "text/event-stream", example = json!(events::EXAMPLE)),
    ))))]
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

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reply)]
struct ReplyData {
    /// The text, in Markdown.
    response: String,
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(format = "uuid")]
    message_id: String,
    /// Messages in the conversation now.
    message_count: u64,
    provider: String,
    /// The provider's name for people.
    provider_name: String,
    model: String,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    usage: UsageData,
    #[schema(value_type = words::FinishReason)]
    finish_reason: &'static str,
    /// Questions to go on with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<String>,
    /// Whether the bot asks for the visitor's details.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lead_form: bool,
    /// Tools that were used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<shapes::Step>, required = false)]
    steps: Vec<Step>,
    /// Numbers of the text, as written there, that no query found.
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// How many messages at most: 100 if it is left out; more than 500 are never answered.
    #[param(nullable = false, format = Int64, maximum = 4294967295i64)]
    limit: Option<u32>,
    /// The message before which the page ends.
    #[param(nullable = false, format = "uuid")]
    before: Option<String>,
}

/// A page of a conversation, oldest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryData {
    #[schema(format = "uuid")]
    session_id: String,
    messages: Vec<MessageData>,
    /// Messages in the whole conversation.
    message_count: u64,
    /// Whether there are older ones.
    has_more: bool,
}

/// Messages in a page of history when the client does not say, and at most.
const HISTORY_LIMIT: (u32, u32) = (100, 500);

/// Page through the conversation
///
/// The newest `limit` messages before the message `before`, oldest first.
#[utoipa::path(get, path = "/api/chat/history/{id}", operation_id = "showHistory", tag = "Chat",
    params(("id" = String, Path, format = "uuid", description = "The session."), HistoryQuery),
    security((), ("visitorToken" = [])),
    responses(refusals::ShowHistory, (status = 200, description = "A page of messages", body = HistoryData)))]
pub(crate) async fn history(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Query(query): Query<HistoryQuery>,
) -> ApiResult<Body<HistoryData>> {
    let (usual, most) = HISTORY_LIMIT;
    let page = HistoryPage {
        limit: query.limit.unwrap_or(usual).clamp(1, most),
        before: message_id("before", query.before.as_deref())?,
    };
    let history = app.sessions.history(&actor, id, page).await?;
    Ok(Body(HistoryData {
        session_id: id.to_string(),
        messages: history.messages.into_iter().map(MessageData::from).collect(),
        message_count: history.message_count,
        has_more: history.has_more,
    }))
}

/// An answer to clearing a conversation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryCleared {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(inline)]
    status: words::Cleared,
    messages_cleared: u64,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
}

/// Clear the conversation
///
/// The session stays, its messages are deleted for good.
#[utoipa::path(delete, path = "/api/chat/history/{id}", operation_id = "clearHistory", tag = "Chat",
    params(("id" = String, Path, format = "uuid", description = "The session.")),
    security((), ("visitorToken" = [])),
    responses(refusals::ClearHistory, (status = 200, description = "It is empty", body = HistoryCleared)))]
pub(crate) async fn clear_history(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<HistoryCleared>> {
    app.sessions.open(&actor, id).await?;
    app.turns.stop_all_of(id).await;
    let cleared = app.sessions.clear(&actor, id).await?;
    Ok(Body(HistoryCleared {
        session_id: id.to_string(),
        status: words::Cleared,
        messages_cleared: cleared,
        timestamp: app.clock.now(),
    }))
}
