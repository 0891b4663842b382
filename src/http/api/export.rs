//! A conversation taken along as a file.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::details::Details;
use crate::domain::id::SessionId;
use crate::domain::message::Role;
use crate::http::AppState;
use crate::http::api::MessageData;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{PathId, Query};
use crate::http::openapi::refusals;
use crate::store::History;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `json` or `txt`; JSON if it is left out.
    #[param(pattern = "^(json|txt)$", nullable = false)]
    format: Option<String>,
}

/// A conversation as a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConversationExport {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    details: Details,
    messages: Vec<MessageData>,
}

/// Take the conversation along
///
/// As a download. An ended session can be taken along with its token.
#[utoipa::path(get, path = "/api/sessions/{id}/export", operation_id = "exportSession", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session."), ExportQuery),
    security((), ("visitorToken" = [])),
    responses(refusals::ExportSession, (status = 200, description = "The whole conversation",
        headers(("Content-Disposition" = String, description = "A name for the file.")),
        content((ConversationExport = "application/json"), (String = "text/plain; charset=utf-8")))))]
pub(crate) async fn export(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Response> {
    let history = app.sessions.transcript(&actor, id).await?;
    let (content_type, name, text) = match query.format.as_deref() {
        None | Some("json") => {
            let whole = ConversationExport {
                session_id: id.to_string(),
                details: history.session.details,
                messages: history.messages.into_iter().map(MessageData::from).collect(),
            };
            let text = serde_json::to_string(&whole)
                .map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
            ("application/json", "conversation.json", text)
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
