//! What the AI-chat API answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::clock::Timestamp;
use crate::domain::message::{Message, Role};
use crate::http::compat::said;
use crate::http::openapi::older;
use crate::store::History;

#[derive(Serialize, ToSchema)]
#[schema(as = AiChat)]
pub(crate) struct ChatData {
    #[schema(format = "uuid")]
    pub(super) session_key: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
    pub(super) is_active: bool,
    pub(super) messages: Vec<MessageData>,
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

#[derive(Serialize, ToSchema)]
#[schema(as = AiMessage)]
pub(crate) struct MessageData {
    pub(super) id: i64,
    #[schema(value_type = older::MessageType)]
    pub(super) message_type: &'static str,
    pub(super) character_count: usize,
    pub(super) content: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) timestamp: Timestamp,
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

/// The whole reply.
#[derive(Serialize, ToSchema)]
#[schema(as = AiReply)]
pub(crate) struct ReplyData {
    #[schema(format = "uuid")]
    pub(super) session_key: String,
    pub(super) response: String,
    pub(super) message_id: i64,
    #[schema(value_type = String, format = DateTime)]
    pub(super) timestamp: Timestamp,
    /// The same as `response`, at the older address only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) reply: Option<String>,
}

/// A session that has begun.
#[derive(Serialize, ToSchema)]
#[schema(as = AiChatCreated)]
pub(crate) struct ChatCreated {
    #[schema(format = "uuid")]
    pub(super) session_key: String,
    pub(super) session_id: i64,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

/// Counts of a conversation.
#[derive(Serialize, ToSchema)]
#[schema(as = AiChatStats)]
pub(crate) struct ChatStats {
    #[schema(format = "uuid")]
    pub(super) session_key: String,
    pub(super) total_messages: usize,
    pub(super) user_messages: usize,
    pub(super) ai_messages: usize,
    pub(super) total_characters: usize,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
    pub(super) is_active: bool,
}
