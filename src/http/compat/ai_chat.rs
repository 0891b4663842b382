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
//! | `GET /api/health/` | | `{status: "healthy", …}`, 503 when nothing can be stored |
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

use axum::Json as Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::domain::message::{Message, Role};
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::api;
use crate::http::auth::{Anyone, ClientAddress, Visitor};
use crate::http::compat::given::{Given, Named};
use crate::http::compat::said;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{PathId, Query};
use crate::http::sse;
use crate::service::guard::AddressKey;
use crate::service::sessions::BeginSession;
use crate::service::turn::NewTurn;
use crate::store::History;

#[derive(Serialize)]
struct ChatData {
    session_key: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    is_active: bool,
    messages: Vec<MessageData>,
}

impl From<History> for ChatData {
    fn from(history: History) -> Self {
        Self {
            session_key: history.session.id.to_string(),
            created_at: history.session.created_at,
            updated_at: history.session.last_activity,
            // One that has ended is not found.
            is_active: true,
            messages: said(history.messages).map(MessageData::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct MessageData {
    id: i64,
    message_type: &'static str,
    character_count: usize,
    content: String,
    timestamp: Timestamp,
}

impl From<Message> for MessageData {
    fn from(message: Message) -> Self {
        Self {
            id: message.number,
            message_type: match message.role {
                Role::User => "user",
                Role::Assistant => "ai",
                Role::System => "system",
            },
            character_count: message.content.chars().count(),
            content: message.content,
            timestamp: message.created_at,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Which {
    session_key: Option<String>,
}

/// The session a client names. Pages that put a variable into the address without looking send
/// `null` or `undefined` before they have a key.
fn named(text: Option<String>) -> Option<Named> {
    let is_key = |text: &String| !matches!(text.trim(), "" | "null" | "undefined");
    text.filter(is_key).map(Named)
}

/// `GET /api/chat/` and `GET /api/talk/`: counts as activity.
pub(crate) async fn show(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    Query(which): Query<Which>,
) -> ApiResult<Body<Value>> {
    let id = named_or_new(&app, &actor, address, named(which.session_key)).await?;
    let session = app.sessions.open(&actor, id).await?;
    app.sessions.touch(&actor, &session).await?;
    let history = app.sessions.transcript(&actor, id).await?;
    Ok(Body(json!(ChatData::from(history))))
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

/// `POST /api/chat/`: the whole reply.
pub(crate) async fn send(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    given: Given,
) -> ApiResult<Body<Value>> {
    say(&app, actor, address, given).await.map(Body)
}

/// `POST /api/talk/`: the same, with the reply under its older name too.
pub(crate) async fn talk(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    given: Given,
) -> ApiResult<Body<Value>> {
    let mut answer = say(&app, actor, address, given).await?;
    if let Some(fields) = answer.as_object_mut() {
        let reply = fields.get("response").cloned().unwrap_or_default();
        fields.insert("reply".to_owned(), reply);
    }
    Ok(Body(answer))
}

async fn say(
    app: &AppState,
    actor: Actor,
    address: AddressKey,
    mut given: Given,
) -> ApiResult<Value> {
    let text = given.message(app.max_message_chars);
    let named = named(given.text("session_key"));
    given.check()?;
    let session = named_or_new(app, &actor, address, named).await?;
    let config = SessionConfig::default();
    let turn = NewTurn { session, text, reply: None, config, replaces: None };
    let reply = sse::collect(app.turns.start(actor, address, turn).await?).await?;
    let kept = app.store.message(&actor, session, reply.start.reply).await?;
    let kept = kept.ok_or(ErrorCode::SessionNotFound)?;
    Ok(json!({
        "session_key": session.to_string(),
        "response": reply.text,
        "message_id": kept.number,
        "timestamp": reply.end.at,
    }))
}

/// `POST /api/chat/new/` and `POST /api/new_chat/`.
pub(crate) async fn create(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    _nothing_of_interest: Given,
) -> ApiResult<(StatusCode, Body<Value>)> {
    let id = named_or_new(&app, &actor, address, None).await?;
    let session = app.sessions.open(&actor, id).await?;
    let created = json!({
        "session_key": id.to_string(),
        "session_id": session.number,
        "created_at": session.created_at,
    });
    Ok((StatusCode::CREATED, Body(created)))
}

/// `GET /api/chat/stats/{session_key}/`: counts of what was said.
pub(crate) async fn stats(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<Value>> {
    let chat = ChatData::from(app.sessions.transcript(&actor, id).await?);
    let of = |kind: &str| chat.messages.iter().filter(|m| m.message_type == kind).count();
    Ok(Body(json!({
        "session_key": chat.session_key,
        "total_messages": chat.messages.len(),
        "user_messages": of("user"),
        "ai_messages": of("ai"),
        "total_characters": chat.messages.iter().map(|m| m.character_count).sum::<usize>(),
        "created_at": chat.created_at,
        "updated_at": chat.updated_at,
        "is_active": chat.is_active,
    })))
}

/// `GET /api/health/`: as `/health`, in this family's words.
pub(crate) async fn health(State(app): State<AppState>, Anyone: Anyone) -> ApiResult<Body<Value>> {
    let health = api::health::examine(&app).await;
    if !health.is_well() {
        let sentence = "unhealthy: messages cannot be stored at the moment";
        return Err(ApiError::from(ErrorCode::StorageUnavailable).saying(sentence).retry_after(5));
    }
    Ok(Body(json!({
        "status": "healthy",
        "database": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "timestamp": app.clock.now(),
    })))
}
