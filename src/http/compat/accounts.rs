//! The account API of token-based chat backends (Django REST framework): snake_case, trailing
//! slashes, `Authorization: Token …`.
//!
//! | call | request | success |
//! |---|---|---|
//! | `POST /api/v1/accounts/register/` | `{username, email, password1, password2, invitation?}` | 201 `{message}` |
//! | `POST /api/v1/accounts/login/` | `{username, password}` | `{token, user_id, username, message}` |
//! | `POST /api/v1/accounts/logout/` | | `{message}` |
//! | `POST /api/v1/chat/` | `{session_id?, message}` | `{session_id, message}` |
//! | `GET /api/v1/chat/chats-history/` | `?limit=&before=` | `[{session_id, created_at}]`, newest first |
//! | `GET /api/v1/chat/chats/{session_id}/` | | `{session_id, created_at, messages:[{role, content, timestamp}]}` |
//!
//! ```text
//! POST /api/v1/chat/
//! Authorization: Token alc_Zm9y…
//! {"session_id": null, "message": "Hello, how are you?"}
//!
//! 200 {"session_id": "a1b2c3d4-…", "message": "Hi there! How can I assist you today?"}
//! ```
//! Without a token: 401 `{"detail": "Authentication credentials were not provided.", …}`. What is
//! wrong with a field: 400 `{"username": ["A user with that username already exists."], …}`.

use axum::Json as Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::domain::message::Role;
use crate::domain::secret::Secret;
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::auth::{Anyone, ClientAddress, Member};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, Query};
use crate::http::sse;
use crate::service::accounts::NewAccount;
use crate::service::guard::AddressKey;
use crate::service::sessions::BeginSession;
use crate::service::turn::NewTurn;

/// What Django says of a field that is left out or empty.
const REQUIRED: &str = "This field is required.";

#[derive(Deserialize)]
pub(crate) struct Register {
    username: Option<String>,
    email: Option<String>,
    password1: Option<String>,
    password2: Option<String>,
    invitation: Option<String>,
}

impl Register {
    /// What was filled in, and the invitation.
    fn parse(self) -> ApiResult<(NewAccount, Option<String>)> {
        let fields = [
            ("username", &self.username),
            ("email", &self.email),
            ("password1", &self.password1),
            ("password2", &self.password2),
        ];
        let missing = fields.iter().filter(|(_, value)| is_blank(value.as_deref()));
        let error = missing.fold(None, |error: Option<ApiError>, (name, _)| {
            let error = error.unwrap_or_else(|| ErrorCode::InvalidRequest.into());
            Some(error.field(*name, REQUIRED))
        });
        if let Some(error) = error {
            return Err(error);
        }
        if self.password1 != self.password2 {
            let error = ApiError::from(ErrorCode::InvalidRequest);
            return Err(error.field("password", "Passwords do not match."));
        }
        let account = NewAccount {
            username: self.username.unwrap_or_default(),
            email: self.email.unwrap_or_default(),
            password: Secret::new(self.password1.unwrap_or_default()),
        };
        Ok((account, self.invitation))
    }
}

fn is_blank(value: Option<&str>) -> bool {
    value.unwrap_or_default().is_empty()
}

/// `POST /api/v1/accounts/register/`.
pub(crate) async fn register(
    State(app): State<AppState>,
    Anyone: Anyone,
    ClientAddress(address): ClientAddress,
    Json(body): Json<Register>,
) -> ApiResult<(StatusCode, Body<Value>)> {
    let (account, invitation) = body.parse()?;
    app.accounts.register(address, account, invitation.as_deref()).await?;
    Ok((StatusCode::CREATED, Body(json!({ "message": "User created successfully." }))))
}

#[derive(Deserialize)]
pub(crate) struct Login {
    username: Option<String>,
    password: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct LoggedIn {
    token: String,
    user_id: i64,
    username: String,
    message: &'static str,
}

/// `POST /api/v1/accounts/login/`: a new token each time.
pub(crate) async fn login(
    State(app): State<AppState>,
    Anyone: Anyone,
    ClientAddress(address): ClientAddress,
    Json(body): Json<Login>,
) -> ApiResult<Body<LoggedIn>> {
    if is_blank(body.username.as_deref()) || is_blank(body.password.as_deref()) {
        return Err(ErrorCode::MissingCredentials.into());
    }
    let username = body.username.unwrap_or_default();
    let password = Secret::new(body.password.unwrap_or_default());
    let (account, token) = app.accounts.sign_in_for_token(address, &username, password).await?;
    Ok(Body(LoggedIn {
        token: token.expose().to_owned(),
        user_id: account.id.number(),
        username: account.username,
        message: "User logged in successfully.",
    }))
}

/// `POST /api/v1/accounts/logout/`: the token that was shown is dead at once.
pub(crate) async fn logout(State(app): State<AppState>, member: Member) -> ApiResult<Body<Value>> {
    app.accounts.sign_out_token(member.token).await?;
    Ok(Body(json!({ "message": "Successfully logged out." })))
}

#[derive(Deserialize)]
pub(crate) struct Say {
    session_id: Option<String>,
    message: Option<String>,
}

/// `POST /api/v1/chat/`: say something, wait for the whole reply.
pub(crate) async fn chat(
    State(app): State<AppState>,
    member: Member,
    ClientAddress(address): ClientAddress,
    Json(body): Json<Say>,
) -> ApiResult<Body<Value>> {
    let text = body.message.unwrap_or_default();
    if text.trim().is_empty() {
        return Err(ApiError::from(ErrorCode::MessageEmpty).field("message", REQUIRED));
    }
    let begun = match body.session_id.filter(|id| !id.is_empty()) {
        Some(id) => Conversation::Known(id.parse().map_err(|_| ErrorCode::SessionNotFound)?),
        None => Conversation::begin(&app, &member.actor, address).await?,
    };
    let reply = say(&app, &member.actor, address, (begun, text)).await?;
    Ok(Body(json!({ "session_id": begun.id().to_string(), "message": reply })))
}

/// The session that something is said in.
#[derive(Clone, Copy)]
enum Conversation {
    /// One that there was.
    Known(SessionId),
    /// One begun for this message.
    New(SessionId),
}

impl Conversation {
    async fn begin(app: &AppState, actor: &Actor, address: AddressKey) -> ApiResult<Self> {
        Ok(Self::New(app.sessions.begin(actor, address, BeginSession::default()).await?.id))
    }

    const fn id(self) -> SessionId {
        match self {
            Self::Known(id) | Self::New(id) => id,
        }
    }
}

/// The whole reply. A message that is refused leaves no session behind that was begun for it.
async fn say(
    app: &AppState,
    actor: &Actor,
    address: AddressKey,
    (conversation, text): (Conversation, String),
) -> ApiResult<String> {
    let session = conversation.id();
    let config = SessionConfig::new();
    let turn = NewTurn { session, text, reply: None, config, replaces: None };
    match app.turns.start(*actor, address, turn).await {
        Ok(following) => Ok(sse::collect(following).await?.text),
        Err(refusal) => {
            if let Conversation::New(session) = conversation {
                app.sessions.erase(actor, session).await?;
            }
            Err(refusal.into())
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct HistoryQuery {
    limit: Option<u32>,
    before: Option<String>,
}

/// Conversations in a page when the client does not say, and at most.
const LIST_LIMIT: (u32, u32) = (100, 500);

/// `GET /api/v1/chat/chats-history/`: the own conversations, newest first.
pub(crate) async fn conversations(
    State(app): State<AppState>,
    member: Member,
    Query(query): Query<HistoryQuery>,
) -> ApiResult<Body<Vec<Value>>> {
    let (usual, most) = LIST_LIMIT;
    let not_uuid =
        |_| ApiError::from(ErrorCode::InvalidRequest).field("before", "It must be a UUID.");
    let before = query.before.map(|id| id.parse().map_err(not_uuid)).transpose()?;
    let limit = query.limit.unwrap_or(usual).clamp(1, most);
    let sessions = app.accounts.own_sessions(&member.actor, before, limit).await?;
    let as_json = |session: crate::store::accounts::OwnSession| json!({ "session_id": session.id.to_string(), "created_at": session.created_at });
    Ok(Body(sessions.into_iter().map(as_json).collect()))
}

#[derive(Serialize)]
struct Said {
    role: &'static str,
    content: String,
    timestamp: Timestamp,
}

/// `GET /api/v1/chat/chats/{session_id}/`: one conversation, oldest message first.
pub(crate) async fn conversation(
    State(app): State<AppState>,
    member: Member,
    Path(id): Path<String>,
) -> ApiResult<Body<Value>> {
    let id: SessionId = id.parse().map_err(|_| ErrorCode::SessionNotFound)?;
    let history = app.sessions.transcript(&member.actor, id).await?;
    let messages = history.messages.into_iter();
    // A reply that failed before its first word is nothing to show.
    let said = messages.filter(|message| message.role == Role::User || !message.content.is_empty());
    let messages: Vec<Said> = said
        .map(|message| Said {
            role: message.role.as_str(),
            content: message.content,
            timestamp: message.created_at,
        })
        .collect();
    Ok(Body(json!({
        "session_id": id.to_string(),
        "created_at": history.session.created_at,
        "messages": messages,
    })))
}
