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

mod answers;

use axum::Json as Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::domain::secret::Secret;
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::auth::{Anyone, ClientAddress, Member};
use crate::http::compat::accounts::answers::{Done, Listed, LoggedIn, Reply};
use crate::http::compat::given::Given;
use crate::http::compat::said;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::http::openapi::{older, refusals};
use crate::http::sse;
use crate::service::accounts::NewAccount;
use crate::service::guard::AddressKey;
use crate::service::sessions::BeginSession;
use crate::service::turn::NewTurn;

/// What Django says of a field that is left out or empty.
const REQUIRED: &str = "This field is required.";
/// What these clients know of a conversation that is not there, or not theirs.
const NOT_FOUND: &str = "Chat session not found.";

/// What was filled in to register, and the invitation.
fn new_account(given: &mut Given) -> (NewAccount, Option<String>) {
    let mut required = |name: &str| {
        let text = given.text(name).unwrap_or_default();
        if text.is_empty() {
            given.wrong(name, REQUIRED, ErrorCode::InvalidRequest);
        }
        text
    };
    let [username, email, password, again] =
        ["username", "email", "password1", "password2"].map(&mut required);
    if !password.is_empty() && !again.is_empty() && password != again {
        given.wrong("password", "Passwords do not match.", ErrorCode::InvalidRequest);
    }
    let account = NewAccount { username, email, password: Secret::new(password) };
    (account, given.text("invitation"))
}

/// Make an account
///
/// With an invitation where the owner wants one.
#[utoipa::path(post, path = "/api/v1/accounts/register/", operation_id = "register", tag = "Older: accounts",
    request_body(content((older::Register = "application/json"), (older::Register = "application/x-www-form-urlencoded"))),
    responses(refusals::Register, (status = 201, description = "It is made", body = Done)))]
pub(crate) async fn register(
    State(app): State<AppState>,
    Anyone: Anyone,
    ClientAddress(address): ClientAddress,
    mut given: Given,
) -> ApiResult<(StatusCode, Body<Done>)> {
    let (account, invitation) = new_account(&mut given);
    given.check()?;
    app.accounts.register(address, account, invitation.as_deref()).await?;
    Ok((StatusCode::CREATED, Body(Done { message: "User created successfully." })))
}

/// Sign in
///
/// A new token each time.
#[utoipa::path(post, path = "/api/v1/accounts/login/", operation_id = "login", tag = "Older: accounts",
    request_body(content((older::Login = "application/json"), (older::Login = "application/x-www-form-urlencoded"))),
    responses(refusals::Login, (status = 200, description = "Signed in", body = LoggedIn)))]
pub(crate) async fn login(
    State(app): State<AppState>,
    Anyone: Anyone,
    ClientAddress(address): ClientAddress,
    mut given: Given,
) -> ApiResult<Body<LoggedIn>> {
    let [username, password] =
        ["username", "password"].map(|name| given.text(name).filter(|text| !text.is_empty()));
    given.check()?;
    let (Some(username), Some(password)) = (username, password) else {
        return Err(ErrorCode::MissingCredentials.into());
    };
    let password = Secret::new(password);
    let (account, token) = app.accounts.sign_in_for_token(address, &username, password).await?;
    Ok(Body(LoggedIn {
        token: token.expose().to_owned(),
        user_id: account.id.number(),
        username: account.username,
        message: "User logged in successfully.",
    }))
}

/// Sign out
///
/// The token that was shown is dead at once.
#[utoipa::path(post, path = "/api/v1/accounts/logout/", operation_id = "logout", tag = "Older: accounts",
    security(("accountToken" = [])),
    responses(refusals::MemberOnly, (status = 200, description = "Signed out", body = Done)))]
pub(crate) async fn logout(State(app): State<AppState>, member: Member) -> ApiResult<Body<Done>> {
    app.accounts.sign_out_token(member.token).await?;
    Ok(Body(Done { message: "Successfully logged out." }))
}

/// Say something
///
/// Answers the whole reply. Without a session one is begun.
#[utoipa::path(post, path = "/api/v1/chat/", operation_id = "accountSend", tag = "Older: accounts",
    request_body(content((older::AccountMessage = "application/json"), (older::AccountMessage = "application/x-www-form-urlencoded"))),
    security(("accountToken" = [])),
    responses(refusals::MemberSend, (status = 200, description = "The reply", body = Reply)))]
pub(crate) async fn chat(
    State(app): State<AppState>,
    member: Member,
    ClientAddress(address): ClientAddress,
    mut given: Given,
) -> ApiResult<Body<Reply>> {
    let named = given.text("session_id").filter(|name| !name.trim().is_empty());
    let text = given.message(app.max_message_chars);
    given.check()?;
    let begun = match named {
        Some(name) => Conversation::Known(known(&name)?),
        None => Conversation::begin(&app, &member.actor, address).await?,
    };
    let message = say(&app, &member.actor, address, (begun, text)).await?;
    Ok(Body(Reply { session_id: begun.id().to_string(), message }))
}

/// The id of a session. Whatever is no id is not found, like an unknown one.
fn known(name: &str) -> ApiResult<SessionId> {
    name.trim().parse().map_err(|_| not_found())
}

fn not_found() -> ApiError {
    ApiError::from(ErrorCode::SessionNotFound).saying(NOT_FOUND)
}

/// The same refusal, of a session that is not there in this family's words.
fn in_their_words(error: impl Into<ApiError>) -> ApiError {
    let error = error.into();
    if error.is(ErrorCode::SessionNotFound) { not_found() } else { error }
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
            Err(in_their_words(refusal))
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// How many at most: 100 if it is left out; more than 500 are never answered.
    #[param(nullable = false, format = Int64, maximum = 4294967295i64)]
    limit: Option<u32>,
    /// The conversation before which the list goes on.
    #[param(nullable = false, format = "uuid")]
    before: Option<String>,
}

/// Conversations in a page when the client does not say, and at most.
const LIST_LIMIT: (u32, u32) = (100, 500);

/// List the own conversations
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/chat/chats-history/", operation_id = "accountSessions",
    tag = "Older: accounts",
    params(HistoryQuery),
    security(("accountToken" = [])),
    responses(refusals::MemberOnly, (status = 200, description = "A page of them", body = Vec<Listed>)))]
pub(crate) async fn conversations(
    State(app): State<AppState>,
    member: Member,
    Query(query): Query<HistoryQuery>,
) -> ApiResult<Body<Vec<Listed>>> {
    let (usual, most) = LIST_LIMIT;
    let not_uuid =
        |_| ApiError::from(ErrorCode::InvalidRequest).field("before", "It must be a UUID.");
    let before = query.before.map(|id| id.parse().map_err(not_uuid)).transpose()?;
    let limit = query.limit.unwrap_or(usual).clamp(1, most);
    let sessions = app.accounts.own_sessions(&member.actor, before, limit).await?;
    let listed = sessions
        .into_iter()
        .map(|own| Listed { session_id: own.id.to_string(), created_at: own.created_at });
    Ok(Body(listed.collect()))
}

/// Read a conversation
///
/// Oldest message first.
#[utoipa::path(get, path = "/api/v1/chat/chats/{session_id}/", operation_id = "accountConversation",
    tag = "Older: accounts",
    params(("session_id" = String, Path, format = "uuid", description = "The session.")),
    security(("accountToken" = [])),
    responses(refusals::MemberSession,
        (status = 200, description = "The conversation", body = answers::Conversation)))]
pub(crate) async fn conversation(
    State(app): State<AppState>,
    member: Member,
    Path(id): Path<String>,
) -> ApiResult<Body<answers::Conversation>> {
    let id = known(&id)?;
    let history = app.sessions.transcript(&member.actor, id).await.map_err(in_their_words)?;
    Ok(Body(answers::Conversation {
        session_id: id.to_string(),
        created_at: history.session.created_at,
        messages: said(history.messages).map(answers::Said::from).collect(),
    }))
}
