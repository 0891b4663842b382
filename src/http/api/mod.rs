//! The native API: camelCase, no trailing slash; what the bundled widget speaks.

pub mod bots;
pub mod chat;
pub mod details;
pub mod export;
pub mod feedback;
pub mod files;
pub mod health;
pub mod replies;
pub mod sessions;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::domain::evidence::Step;
use crate::domain::id::SessionId;
use crate::domain::message::Message;
use crate::domain::session::SessionConfig;
use crate::http::api::feedback::FeedbackData;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::openapi::{shapes, words};

/// A message as the API shows it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Message)]
pub struct MessageData {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = words::Role)]
    role: &'static str,
    /// The text, in Markdown.
    content: String,
    /// When it was said, or begun, in milliseconds since 1970.
    timestamp: i64,
    #[schema(value_type = words::MessageStatus)]
    status: &'static str,
    /// Of a reply: who produced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::FinishReason, required = false)]
    finish_reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::FailureCode, required = false)]
    error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    feedback: Option<FeedbackData>,
    /// Questions to go on with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<String>,
    /// Tools that were used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<shapes::Step>, required = false)]
    steps: Vec<Step>,
    /// Numbers of the text, as written there, that no query found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unverified: Vec<String>,
}

impl From<Message> for MessageData {
    fn from(message: Message) -> Self {
        let mut facts = message.reply;
        let feedback = facts.as_mut().and_then(|facts| facts.feedback.take());
        let suggestions = facts.as_mut().map(|facts| std::mem::take(&mut facts.suggestions));
        let steps = facts.as_mut().map(|facts| std::mem::take(&mut facts.steps));
        let unverified = facts.as_mut().map(|facts| std::mem::take(&mut facts.unverified));
        Self {
            id: message.id.to_string(),
            role: message.role.as_str(),
            content: message.content,
            timestamp: message.created_at.as_ms(),
            status: message.status.as_str(),
            finish_reason: facts.as_ref().and_then(|f| f.finish_reason).map(|r| r.as_str()),
            error_code: facts.as_ref().and_then(|f| f.failure).map(|code| code.as_str()),
            provider: facts.as_ref().map(|facts| facts.provider.clone()),
            model: facts.map(|facts| facts.model),
            feedback: feedback.map(FeedbackData::from),
            suggestions: suggestions.unwrap_or_default(),
            steps: steps.unwrap_or_default(),
            unverified: unverified.unwrap_or_default(),
        }
    }
}

/// The session a body names: absent is an error of its own, nonsense is not found.
fn session_id(text: Option<&str>) -> Result<SessionId, ApiError> {
    let text = text.filter(|text| !text.trim().is_empty()).ok_or(ErrorCode::MissingSessionId)?;
    text.trim().parse().map_err(|_| ErrorCode::SessionNotFound.into())
}

/// A config that may be left out or null.
fn optional_config<'de, D: Deserializer<'de>>(from: D) -> Result<SessionConfig, D::Error> {
    Ok(Option::<SessionConfig>::deserialize(from)?.unwrap_or_default())
}
