//! The AI-chat API with its legacy addresses: one anonymous conversation a session key.
//!
//! | call | body | answer |
//! |---|---|---|
//! | `GET /api/chat/?session_key=` | | the conversation; without a key a new one |
//! | `POST /api/chat/` | `{message, session_key?}` | `{session_key, response, message_id, timestamp}` |
//! | `POST /api/chat/new/` | | 201 `{session_key, session_id, created_at}` |
//! | `GET /api/chat/stats/{session_key}/` | | counts of messages and characters |
//! | `GET`, `POST /api/talk/` | as `/api/chat/` | the same; the reply also under `reply` |
//! | `POST /api/new_chat/` | as `/api/chat/new/` | the same |
//! | `GET /api/health/` | | `{status: "healthy", …}`, 503 when nothing can be stored; see [`super::health`] |
//! | `GET /api/csrf/` | | `{csrfToken}` and the cookie `csrftoken`; see [`super::csrf`] |
//!
//! ```text
//! POST /api/chat/
//! {"message": "Hello, how are you?"}
//!
//! 200
//! {"session_key": "8f14e45f-…", "response": "Fine, thank you.", "message_id": 2,
//!  "timestamp": "2026-09-21T14:13:20Z"}
//! ```
//!
//! Errors: 400 `{"error": "message is required", "message": ["This field is required."]}`, 404
//! `{"error": "Session not found"}` for an unknown or ended session, 502 and 503 when the model
//! fails.

mod answers;

use axum::Json as Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::auth::{ClientAddress, Visitor};
use crate::http::compat::ai_chat::answers::{ChatCreated, ChatData, ChatStats, ReplyData};
use crate::http::compat::given::{Given, Named};
use crate::http::error::{ApiResult, ErrorCode};
use crate::http::extract::{PathId, Query};
use crate::http::openapi::{older, refusals};
use crate::http::sse;
use crate::service::guard::AddressKey;
use crate::service::sessions::BeginSession;
use crate::service::turn::NewTurn;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    #[param(schema_with = older::session_key, required = false)]
    session_key: Option<String>,
}

/// The session a client names. Pages that put a variable into the address without looking send
/// `null` or `undefined` before they have a key.
fn named(text: Option<String>) -> Option<Named> {
    let is_key = |text: &String| !matches!(text.trim(), "" | "null" | "undefined");
    text.filter(is_key).map(Named)
}

/// Read the conversation, or begin one
///
/// Counts as activity.
#[utoipa::path(get, path = "/api/chat/", operation_id = "aiChatShow", tag = "Older: AI chat",
    params(Which),
    security((), ("visitorToken" = [])),
    responses(refusals::AiChatShow, (status = 200, description = "The conversation", body = ChatData)))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    Query(which): Query<Which>,
) -> ApiResult<Body<ChatData>> {
    let id = named_or_new(&app, &actor, address, named(which.session_key)).await?;
    let session = app.sessions.open(&actor, id).await?;
    app.sessions.touch(&actor, &session).await?;
    let history = app.sessions.transcript(&actor, id).await?;
    Ok(Body(ChatData::from(history)))
}

async fn named_or_new(
    app: &AppState,
    actor: &Actor,
    address: AddressKey,
    named: Option<Named>,
) -> ApiResult<SessionId> {
    match named {
        Some(named) => named.id(),
        None => Ok(app.sessions.begin(actor, address, BeginSession::default()).await?.id),
    }
}

/// Say something
///
/// Answers the whole reply. Without a key a session is begun.
#[utoipa::path(post, path = "/api/chat/", operation_id = "aiChatSend", tag = "Older: AI chat",
    request_body(content((older::AiMessage = "application/json"), (older::AiMessage = "application/x-www-form-urlencoded"))),
    security((), ("visitorToken" = [])),
    responses(refusals::AiChatSend, (status = 200, description = "The reply", body = ReplyData)))]
pub(crate) async fn send(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    given: Given,
) -> ApiResult<Body<ReplyData>> {
    say(&app, actor, address, given).await.map(Body)
}

/// Say something, by its older name
///
/// The reply stands under `reply` too.
#[utoipa::path(post, path = "/api/talk/", operation_id = "aiChatTalk", tag = "Older: AI chat",
    request_body(content((older::AiMessage = "application/json"), (older::AiMessage = "application/x-www-form-urlencoded"))),
    security((), ("visitorToken" = [])),
    responses(refusals::AiChatSend, (status = 200, description = "The reply", body = ReplyData)))]
pub(crate) async fn talk(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    given: Given,
) -> ApiResult<Body<ReplyData>> {
    let mut answer = say(&app, actor, address, given).await?;
    answer.reply = Some(answer.response.clone());
    Ok(Body(answer))
}

async fn say(
    app: &AppState,
    actor: Actor,
    address: AddressKey,
    mut given: Given,
) -> ApiResult<ReplyData> {
    let text = given.message(app.max_message_chars);
    let named = named(given.text("session_key"));
    given.check()?;
    let session = named_or_new(app, &actor, address, named).await?;
    let config = SessionConfig::default();
    let turn = NewTurn { session, text, reply: None, config, replaces: None };
    let reply = sse::collect(app.turns.start(actor, address, turn).await?).await?;
    let kept = app.store.message(&actor, session, reply.start.reply).await?;
    let kept = kept.ok_or(ErrorCode::SessionNotFound)?;
    Ok(ReplyData {
        session_key: session.to_string(),
        response: reply.text,
        message_id: kept.number,
        timestamp: reply.end.at,
        reply: None,
    })
}

/// Begin a session
///
/// The body is not looked at.
#[utoipa::path(post, path = "/api/chat/new/", operation_id = "aiChatCreate", tag = "Older: AI chat",
    request_body(content((Option<older::Nothing> = "application/json"), (Option<older::AnyForm> = "application/x-www-form-urlencoded"))),
    responses(refusals::AiChatCreate, (status = 201, description = "It has begun", body = ChatCreated)))]
pub(crate) async fn create(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    _nothing_of_interest: Given,
) -> ApiResult<(StatusCode, Body<ChatCreated>)> {
    let id = named_or_new(&app, &actor, address, None).await?;
    let session = app.sessions.open(&actor, id).await?;
    let created = ChatCreated {
        session_key: id.to_string(),
        session_id: session.number,
        created_at: session.created_at,
    };
    Ok((StatusCode::CREATED, Body(created)))
}

/// Count what was said
#[utoipa::path(get, path = "/api/chat/stats/{session_key}/", operation_id = "aiChatStats", tag = "Older: AI chat",
    params(("session_key" = String, Path, format = "uuid", description = "The session.")),
    security((), ("visitorToken" = [])),
    responses(refusals::ShowSession, (status = 200, description = "Counts", body = ChatStats)))]
pub(crate) async fn stats(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<ChatStats>> {
    let chat = ChatData::from(app.sessions.transcript(&actor, id).await?);
    let of = |kind: &str| chat.messages.iter().filter(|m| m.message_type == kind).count();
    Ok(Body(ChatStats {
        total_messages: chat.messages.len(),
        user_messages: of("user"),
        ai_messages: of("ai"),
        total_characters: chat.messages.iter().map(|m| m.character_count).sum(),
        session_key: chat.session_key,
        created_at: chat.created_at,
        updated_at: chat.updated_at,
        is_active: chat.is_active,
    }))
}
