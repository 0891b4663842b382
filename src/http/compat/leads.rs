//! The lead-capture API: visitors leave name, e-mail and phone, and talk.
//!
//! | call | body | answer |
//! |---|---|---|
//! | `POST /api/chat/sessions/create_session/` | `{user_details?}` | 201, the session |
//! | `GET /api/chat/sessions/get_session/?session_id=` | | the session with its messages |
//! | `POST /api/chat/sessions/update_user_details/` | `{session_id, user_details}` | the session; only the keys given change |
//! | `POST /api/chat/message/` | `{session_id, message, user_details?}` | `{user_message, bot_response, timestamp, session_id}` |
//!
//! ```text
//! POST /api/chat/sessions/create_session/
//! {"user_details": {"name": "Ada", "email": "ada@example.com"}}
//!
//! 201
//! {"id": 1, "session_id": "8f14e45f-…", "user_name": "Ada", "user_email": "ada@example.com",
//!  "user_phone": null, "messages": [], "created_at": "2026-09-21T14:13:20Z", "updated_at": "…"}
//! ```
//!
//! Errors: 400 `{"error": "session_id is required"}` and `{"message": ["This field is required."]}`,
//! 404 `{"error": "Session not found"}`, 502 and 503 when the model fails.

use axum::Json as Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::details::{self, DetailChanges};
use crate::domain::id::SessionId;
use crate::domain::message::{Message, Role};
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::auth::{ClientAddress, Visitor};
use crate::http::compat::given::{Given, Named};
use crate::http::compat::said;
use crate::http::error::{ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::http::openapi::{older, refusals};
use crate::http::sse;
use crate::service::sessions::BeginSession;
use crate::service::turn::NewTurn;
use crate::store::History;

/// Longest message of this family, characters.
const MAX_MESSAGE_CHARS: usize = 5000;
/// What these clients tell of a visitor; whatever else they send along is not kept.
const DETAILS: [&str; 3] = ["name", "email", "phone"];

#[derive(Serialize, ToSchema)]
#[schema(as = LeadSession)]
pub(crate) struct SessionData {
    id: i64,
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(required = true)]
    user_name: Option<String>,
    #[schema(required = true)]
    user_email: Option<String>,
    #[schema(required = true)]
    user_phone: Option<String>,
    messages: Vec<MessageData>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<History> for SessionData {
    fn from(History { mut session, messages, .. }: History) -> Self {
        let mut detail = |key: &str| session.details.remove(key);
        Self {
            user_name: detail("name"),
            user_email: detail("email"),
            user_phone: detail("phone"),
            id: session.number,
            session_id: session.id.to_string(),
            messages: said(messages).map(MessageData::from).collect(),
            created_at: session.created_at,
            updated_at: session.last_activity,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = LeadMessage)]
struct MessageData {
    id: i64,
    content: String,
    is_bot: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Message> for MessageData {
    fn from(message: Message) -> Self {
        Self {
            id: message.number,
            content: message.content,
            is_bot: message.role != Role::User,
            created_at: message.created_at,
        }
    }
}

/// Begin a session
#[utoipa::path(post, path = "/api/chat/sessions/create_session/", operation_id = "leadsCreateSession",
    tag = "Older: lead capture",
    request_body(content((Option<older::Begin> = "application/json", example = json!({ "user_details": {
        "name": "Ada", "email": "ada@example.com" } })), (Option<older::BeginForm> = "application/x-www-form-urlencoded"))),
    responses(refusals::LeadsCreate, (status = 201, description = "It has begun", body = SessionData)))]
pub(crate) async fn create(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    mut given: Given,
) -> ApiResult<(StatusCode, Body<SessionData>)> {
    let details = user_details(&mut given);
    given.check()?;
    let begun = app.sessions.begin(&actor, address, BeginSession::default()).await?;
    keep(&app, &actor, begun.id, details).await?;
    Ok((StatusCode::CREATED, session(&app, &actor, begun.id).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    #[param(format = "uuid", value_type = String, required = true)]
    session_id: Option<String>,
}

/// Read the session
///
/// With its messages. Counts as activity.
#[utoipa::path(get, path = "/api/chat/sessions/get_session/", operation_id = "leadsShowSession",
    tag = "Older: lead capture",
    params(Which),
    security((), ("visitorToken" = [])),
    responses(refusals::LeadsShow, (status = 200, description = "The session", body = SessionData)))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Body<SessionData>> {
    let mut given = Given::from(Map::from_iter([("session_id".into(), which.session_id.into())]));
    let named = given.session("session_id");
    given.check()?;
    let id = id_of(named)?;
    let open = app.sessions.readable(&actor, id).await?;
    app.sessions.touch(&actor, &open).await?;
    session(&app, &actor, id).await
}

/// Tell who the visitor is
///
/// Only the keys given change.
#[utoipa::path(post, path = "/api/chat/sessions/update_user_details/", operation_id = "leadsUpdateDetails",
    tag = "Older: lead capture",
    request_body(content((older::TellDetails = "application/json"), (older::TellDetailsForm = "application/x-www-form-urlencoded"))),
    security((), ("visitorToken" = [])),
    responses(refusals::LeadsUpdate, (status = 200, description = "The session", body = SessionData)))]
pub(crate) async fn update_details(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    mut given: Given,
) -> ApiResult<Body<SessionData>> {
    let named = given.session("session_id");
    let details = user_details(&mut given);
    given.check()?;
    let id = id_of(named)?;
    keep(&app, &actor, id, details).await?;
    session(&app, &actor, id).await
}

#[derive(Serialize, ToSchema)]
#[schema(as = LeadReply)]
pub(crate) struct ReplyData {
    user_message: String,
    bot_response: String,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    #[schema(format = "uuid")]
    session_id: String,
}

/// Say something
///
/// Answers the visitor's words and the whole reply.
#[utoipa::path(post, path = "/api/chat/message/", operation_id = "leadsSendMessage", tag = "Older: lead capture",
    request_body(content((older::LeadMessage = "application/json"), (older::LeadMessageForm = "application/x-www-form-urlencoded"))),
    security((), ("visitorToken" = [])),
    responses(refusals::LeadsSend, (status = 200, description = "The reply", body = ReplyData)))]
pub(crate) async fn send(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    ClientAddress(address): ClientAddress,
    mut given: Given,
) -> ApiResult<Body<ReplyData>> {
    let named = given.session("session_id");
    let text = given.message(MAX_MESSAGE_CHARS.min(app.max_message_chars));
    let details = user_details(&mut given);
    given.check()?;
    let session = id_of(named)?;
    keep(&app, &actor, session, details).await?;
    let config = SessionConfig::default();
    let turn = NewTurn { session, text: text.clone(), reply: None, config, replaces: None };
    let reply = sse::collect(app.turns.start(actor, address, turn).await?).await?;
    Ok(Body(ReplyData {
        user_message: text,
        bot_response: reply.text,
        timestamp: reply.end.at,
        session_id: session.to_string(),
    }))
}

fn id_of(named: Option<Named>) -> ApiResult<SessionId> {
    named.ok_or(ErrorCode::MissingSessionId)?.id()
}

/// What the body tells of the visitor, checked as everywhere.
fn user_details(given: &mut Given) -> DetailChanges {
    const NAME: &str = "user_details";
    let told = match given.take(NAME) {
        None => return DetailChanges::new(),
        Some(Value::Object(told)) => told,
        Some(_) => {
            given.wrong(NAME, "Expected a dictionary of items.", ErrorCode::InvalidRequest);
            return DetailChanges::new();
        }
    };
    let known = told.into_iter().filter(|(key, _)| DETAILS.contains(&key.as_str()));
    let texts = known.map(|(key, value)| match value {
        Value::Number(number) => (key, Value::String(number.to_string())),
        value => (key, value),
    });
    details::changes(None, texts.collect()).unwrap_or_else(|problems| {
        for (key, problem) in problems {
            given.wrong(&format!("{NAME}.{key}"), problem, ErrorCode::InvalidRequest);
        }
        DetailChanges::new()
    })
}

/// Keeps what changes with an open session.
async fn keep(
    app: &AppState,
    actor: &Actor,
    id: SessionId,
    changes: DetailChanges,
) -> ApiResult<()> {
    let open = app.sessions.open(actor, id).await?;
    if !changes.is_empty() {
        app.sessions.keep_details(actor, &open, changes).await?;
    }
    Ok(())
}

async fn session(app: &AppState, actor: &Actor, id: SessionId) -> ApiResult<Body<SessionData>> {
    Ok(Body(app.sessions.transcript(actor, id).await?.into()))
}
