//! Sessions: begun, read, configured, counted, taken along, erased.

use axum::Json as Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::actor::Actor;
use crate::domain::bot::{Bot, ProviderName};
use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::domain::message::Role;
use crate::domain::session::SessionConfig;
use crate::http::AppState;
use crate::http::api::files::public_limits;
use crate::http::api::{MessageData, optional_config};
use crate::http::auth::{Anyone, ClientAddress, Visitor};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId, Query};
use crate::service::sessions::{BeginSession, MAX_USER_IDENTIFIER_CHARS};
use crate::store::History;

#[derive(Deserialize)]
pub(crate) struct CreateSession {
    #[serde(default, deserialize_with = "optional_config")]
    config: SessionConfig,
    user_identifier: Option<String>,
    bot: Option<String>,
    #[serde(default)]
    protected: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionCreated {
    session_id: String,
    config: Value,
    status: &'static str,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor_token: Option<String>,
}

/// `POST /api/sessions/create`.
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
        status: "created",
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

/// `GET /api/sessions/{id}`: the session with its conversation; counts as activity.
pub(crate) async fn show(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<Value>> {
    let session = app.sessions.readable(&actor, id).await?;
    app.sessions.touch(&actor, &session).await?;
    let history = app.sessions.transcript(&actor, id).await?;
    let messages: Vec<MessageData> = history.messages.into_iter().map(MessageData::from).collect();
    let bot = app.sessions.bot(Some(&session.bot))?;
    Ok(Body(json!({
        "sessionId": id.to_string(),
        "messages": messages,
        "config": with_bot(&bot, session.config),
        "details": session.details,
        "createdAt": session.created_at,
        "lastActivity": session.last_activity,
    })))
}

#[derive(Deserialize)]
pub(crate) struct UpdateConfig {
    config: SessionConfig,
}

/// `PUT /api/sessions/{id}/config`: merged key by key.
pub(crate) async fn update_config(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Json(body): Json<UpdateConfig>,
) -> ApiResult<Body<Value>> {
    let session = app.sessions.open(&actor, id).await?;
    let bot = app.sessions.bot(Some(&session.bot))?;
    let config = app.sessions.configure(&actor, &session, body.config).await?;
    Ok(Body(json!({
        "sessionId": id.to_string(),
        "config": with_bot(&bot, config),
        "status": "updated",
    })))
}

/// `GET /api/sessions/stats/summary`: counts only.
pub(crate) async fn stats(State(app): State<AppState>, Anyone: Anyone) -> ApiResult<Body<Value>> {
    let stats = app.sessions.stats().await?;
    Ok(Body(json!({
        "totalSessions": stats.total,
        "recentlyActive": stats.active,
        "timestamp": app.clock.now(),
    })))
}

#[derive(Deserialize)]
pub(crate) struct BotQuery {
    bot: Option<String>,
}

/// `GET /api/sessions/bot-config`: what a widget needs to show the bot.
pub(crate) async fn bot_config(
    State(app): State<AppState>,
    Anyone: Anyone,
    Query(query): Query<BotQuery>,
) -> ApiResult<Body<Value>> {
    let bot = app.sessions.bot(query.bot.as_deref())?;
    Ok(Body(public_bot(&app, &bot)))
}

/// What a widget without language files of its own greets with.
const DEFAULT_WELCOME: &str = "Hi! How can I help?";

/// The bot as widgets see it; also part of the panel's page.
pub fn public_bot(app: &AppState, bot: &Bot) -> Value {
    let looks = &bot.looks;
    let is_demo = bot.provider == ProviderName::Demo;
    json!({
        "bot": bot.slug,
        "botName": looks.name,
        "poweredBy": looks.powered_by,
        "botColor": looks.color,
        "botIcon": looks.icon,
        "botMsgBgColor": looks.message_color,
        "welcome": looks.welcome.as_deref().unwrap_or(DEFAULT_WELCOME),
        "suggestions": looks.suggestions,
        "position": looks.position.as_str(),
        "language": looks.language,
        "demo": is_demo,
        "leadForm": bot.lead_form,
        "limits": { "maxMessageChars": app.max_message_chars },
        "files": public_limits(&app.uploads),
    })
}

#[derive(Deserialize)]
pub(crate) struct ExportQuery {
    format: Option<String>,
}

/// `GET /api/sessions/{id}/export`: the visitor's own conversation as a file.
pub(crate) async fn export(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let history = app.sessions.transcript(&actor, id).await?;
    let (content_type, name, text) = match query.format.as_deref() {
        None | Some("json") => {
            let messages: Vec<_> = history.messages.into_iter().map(MessageData::from).collect();
            let whole = json!({
                "sessionId": id.to_string(),
                "details": history.session.details,
                "messages": messages,
            });
            ("application/json", "conversation.json", whole.to_string())
        }
        Some("txt") => ("text/plain; charset=utf-8", "conversation.txt", as_text(&history)),
        Some(_) => {
            let problem = "It must be json or txt.";
            return Err(ApiError::from(ErrorCode::InvalidRequest).field("format", problem));
        }
    };
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, text).into_response())
}

/// A conversation for people to read.
fn as_text(history: &History) -> String {
    let mut text = String::new();
    for (key, detail) in &history.session.details {
        text.push_str(&format!("{key}: {detail}\n\n"));
    }
    for message in &history.messages {
        let speaker = match message.role {
            Role::User => "You",
            Role::Assistant => "Assistant",
            Role::System => "Notice",
        };
        let content = &message.content;
        text.push_str(&format!("[{}] {speaker}:\n{content}\n\n", message.created_at));
    }
    text
}

/// `DELETE /api/sessions/{id}`: erased for good.
pub(crate) async fn erase(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
) -> ApiResult<Body<Value>> {
    erase_session(&app, &actor, id).await?;
    Ok(Body(json!({ "sessionId": id.to_string(), "status": "erased" })))
}

/// Erases a session that `actor` may read. What runs in it is stopped first.
pub(crate) async fn erase_session(app: &AppState, actor: &Actor, id: SessionId) -> ApiResult<()> {
    app.sessions.readable(actor, id).await?;
    app.turns.stop_all_of(id).await;
    app.sessions.erase(actor, id).await?;
    app.tables.forget(id);
    Ok(())
}
