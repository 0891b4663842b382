//! Sessions: begun, read, configured, counted, taken along, erased.

use axum::Json as Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::domain::actor::Actor;
use crate::domain::bot::Bot;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::id::SessionId;
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::api::{MessageData, optional_config};
use crate::http::auth::{Anyone, ClientAddress, Visitor};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId};
use crate::http::openapi::{refusals, words};
use crate::service::sessions::{BeginSession, MAX_USER_IDENTIFIER_CHARS};

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateSession {
    /// What the host page knows: `aiProvider`, `customInstructions`, `pageContext`, `jsonData`, names
    /// and colours. It ranks below the owner's own settings for the model. At most 256 KiB.
    #[serde(default, deserialize_with = "optional_config")]
    #[schema(value_type = Option<Object>, required = false)]
    config: SessionConfig,
    /// The host's name for its user.
    #[schema(max_length = 256)]
    user_identifier: Option<String>,
    /// The bot's name in addresses; the default bot if it is left out.
    bot: Option<String>,
    /// Whether the session shall answer only to a token.
    #[serde(default)]
    protected: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionCreated {
    #[schema(format = "uuid")]
    session_id: String,
    /// The bot's settings with the caller's on top.
    #[schema(value_type = Object)]
    config: Value,
    #[schema(inline)]
    status: words::Created,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    /// Of a protected session: needed ever after in `X-Visitor-Token`, and never told again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    visitor_token: Option<String>,
}

/// Begin a session
///
/// All fields may be left out. Without `protected` the id alone opens the session.
#[utoipa::path(post, path = "/api/sessions/create", operation_id = "createSession", tag = "Sessions",
    request_body(content = CreateSession, example = json!({ "protected": true, "user_identifier": "customer-17",
        "config": { "pageContext": { "title": "Opening hours", "url": "https://shop.example/hours" } } })),
    responses(refusals::CreateSession, (status = 201, description = "It has begun", body = SessionCreated)))]
pub(crate) async fn create(
    State(app): State<AppState>,
    Anyone: Anyone,
    ClientAddress(address): ClientAddress,
    Json(body): Json<CreateSession>,
) -> ApiResult<(StatusCode, Body<SessionCreated>)> {
    let too_long = |name: &String| name.chars().count() > MAX_USER_IDENTIFIER_CHARS;
    if body.user_identifier.as_ref().is_some_and(too_long) {
        let problem = format!("At most {MAX_USER_IDENTIFIER_CHARS} characters.");
        return Err(ApiError::from(ErrorCode::InvalidRequest).field("user_identifier", problem));
    }
    let wish = BeginSession {
        bot: body.bot,
        config: body.config,
        user_identifier: body.user_identifier,
        protected: body.protected,
    };
    let bot = app.sessions.bot(wish.bot.as_deref())?;
    let begun = app.sessions.begin(&Actor::ANONYMOUS, address, wish).await?;
    let created = SessionCreated {
        session_id: begun.id.to_string(),
        config: with_bot(&bot, begun.config),
        status: words::Created,
        timestamp: app.clock.now(),
        visitor_token: begun.visitor_token.map(|token| token.expose().to_owned()),
    };
    Ok((StatusCode::CREATED, Body(created)))
}

/// The bot's public settings with the caller's on top.
fn with_bot(bot: &Bot, config: SessionConfig) -> Value {
    let looks = &bot.looks;
    let mut merged = json!({
        "aiProvider": bot.provider.as_str(),
        "botName": looks.name,
        "poweredBy": looks.powered_by,
        "botColor": looks.color,
        "botIcon": looks.icon,
        "botMsgBgColor": looks.message_color,
    });
    if let Some(fields) = merged.as_object_mut() {
        fields.extend(config);
    }
    merged
}

/// A session with its conversation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(crate) struct SessionData {
    #[schema(format = "uuid")]
    session_id: String,
    messages: Vec<MessageData>,
    /// The bot's settings with the caller's on top.
    #[schema(value_type = Object)]
    config: Value,
    /// What is known of the visitor.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    details: Details,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_activity: Timestamp,
}

/// Read the session
///
/// With its whole conversation. Counts as activity.
#[utoipa::path(get, path = "/api/sessions/{id}", operation_id = "showSession", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session.")),
    security((), ("visitorToken" = [])),
    responses(refusals::ShowSession, (status = 200, description = "The session", body = SessionData)))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<SessionData>> {
    let session = app.sessions.readable(&actor, id).await?;
    app.sessions.touch(&actor, &session).await?;
    let history = app.sessions.transcript(&actor, id).await?;
    let bot = app.sessions.bot(Some(&session.bot))?;
    Ok(Body(SessionData {
        session_id: id.to_string(),
        messages: history.messages.into_iter().map(MessageData::from).collect(),
        config: with_bot(&bot, session.config),
        details: session.details,
        created_at: session.created_at,
        last_activity: session.last_activity,
    }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateConfig {
    /// Merged key by key; `null` removes a key.
    #[schema(value_type = Object)]
    config: SessionConfig,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigUpdated {
    #[schema(format = "uuid")]
    session_id: String,
    /// The bot's settings with the caller's on top.
    #[schema(value_type = Object)]
    config: Value,
    #[schema(inline)]
    status: words::Updated,
}

/// Change its config
///
/// Merged key by key; `null` removes a key.
#[utoipa::path(put, path = "/api/sessions/{id}/config", operation_id = "updateConfig", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session.")),
    request_body(content = UpdateConfig,
        example = json!({ "config": { "customInstructions": "Answer in one sentence." } })),
    security((), ("visitorToken" = [])),
    responses(refusals::UpdateConfig, (status = 200, description = "It is merged", body = ConfigUpdated)))]
pub(crate) async fn update_config(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Json(body): Json<UpdateConfig>,
) -> ApiResult<Body<ConfigUpdated>> {
    let session = app.sessions.open(&actor, id).await?;
    let bot = app.sessions.bot(Some(&session.bot))?;
    let config = app.sessions.configure(&actor, &session, body.config).await?;
    let (config, status) = (with_bot(&bot, config), words::Updated);
    Ok(Body(ConfigUpdated { session_id: id.to_string(), config, status }))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatsData {
    total_sessions: u64,
    /// Active in the last five minutes.
    recently_active: u64,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
}

/// Count sessions
#[utoipa::path(get, path = "/api/sessions/stats/summary", operation_id = "sessionStats", tag = "Sessions",
    responses(refusals::SessionStats, (status = 200, description = "Counts only", body = StatsData)))]
pub(crate) async fn stats(
    State(app): State<AppState>,
    Anyone: Anyone,
) -> ApiResult<Body<StatsData>> {
    let stats = app.sessions.stats().await?;
    Ok(Body(StatsData {
        total_sessions: stats.total,
        recently_active: stats.active,
        timestamp: app.clock.now(),
    }))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionErased {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(inline)]
    status: words::Erased,
}

/// Erase the session
///
/// With everything in it. It is really gone.
#[utoipa::path(delete, path = "/api/sessions/{id}", operation_id = "eraseSession", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session.")),
    security((), ("visitorToken" = [])),
    responses(refusals::EraseSession, (status = 200, description = "It is gone", body = SessionErased)))]
pub(crate) async fn erase(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<SessionErased>> {
    erase_session(&app, &actor, id).await?;
    Ok(Body(SessionErased { session_id: id.to_string(), status: words::Erased }))
}

/// Erases a session that `actor` may read. What runs in it is stopped first.
pub(crate) async fn erase_session(app: &AppState, actor: &Actor, id: SessionId) -> ApiResult<()> {
    app.sessions.readable(actor, id).await?;
    app.turns.stop_all_of(id).await;
    app.sessions.erase(actor, id).await?;
    app.tables.forget(id);
    Ok(())
}
