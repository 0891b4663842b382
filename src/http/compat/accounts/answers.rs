//! What the account API answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::clock::Timestamp;
use crate::domain::message::Message;
use crate::http::openapi::words;

/// What was done.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountDone)]
pub(crate) struct Done {
    pub(super) message: &'static str,
}

/// Somebody who signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountLogin)]
pub(crate) struct LoggedIn {
    /// For `Authorization: Token …`. It is told once.
    pub(super) token: String,
    pub(super) user_id: i64,
    pub(super) username: String,
    pub(super) message: &'static str,
}

/// The whole reply.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountReply)]
pub(crate) struct Reply {
    #[schema(format = "uuid")]
    pub(super) session_id: String,
    pub(super) message: String,
}

/// A conversation in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountSession)]
pub(crate) struct Listed {
    #[schema(format = "uuid")]
    pub(super) session_id: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

/// A conversation, oldest message first.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountConversation)]
pub(crate) struct Conversation {
    #[schema(format = "uuid")]
    pub(super) session_id: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    pub(super) messages: Vec<Said>,
}

/// A message.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountMessage)]
pub(crate) struct Said {
    #[schema(value_type = words::Role)]
    role: &'static str,
    content: String,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
}

impl From<Message> for Said {
    fn from(message: Message) -> Self {
        Self {
            role: message.role.as_str(),
            content: message.content,
            timestamp: message.created_at,
        }
    }
}
