//! What followers of a reply are told.

use crate::domain::clock::Timestamp;
use crate::domain::evidence::Step;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::{FinishReason, MessageStatus};
use crate::domain::usage::Usage;
use crate::service::turn::reply::Failure;

/// What is known when a reply begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyStart {
    /// The reply.
    pub reply: MessageId,
    /// The visitor's message it answers.
    pub message: Option<MessageId>,
    /// Their session.
    pub session: SessionId,
    /// Provider asked.
    pub provider: String,
    /// The provider's name for people.
    pub provider_name: String,
    /// Model asked.
    pub model: String,
    /// When.
    pub at: Timestamp,
}

/// What is known when a reply has ended and is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyEnd {
    /// Why.
    pub reason: FinishReason,
    /// Where it stands.
    pub status: MessageStatus,
    /// For the visitor, when it failed.
    pub failure: Option<Failure>,
    /// Tokens.
    pub usage: Usage,
    /// Provider that answered in the end.
    pub provider: String,
    /// The provider's name for people.
    pub provider_name: String,
    /// Model that answered in the end.
    pub model: String,
    /// Messages in the conversation now.
    pub message_count: u64,
    /// When.
    pub at: Timestamp,
    /// Questions to go on with.
    pub suggestions: Vec<String>,
    /// Whether the model needs the visitor's contact details.
    pub asks_contact: bool,
    /// Numbers of the text, as written there, that no query found.
    pub unverified: Vec<String>,
}

/// What a follower is told.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplyEvent {
    /// The visitor's message is on disk.
    Started(ReplyStart),
    /// More text.
    Delta {
        /// The text.
        text: String,
        /// Bytes of the reply up to and including it.
        offset: usize,
    },
    /// A tool is used; the same step is told again when it changes.
    Tool(Step),
    /// The reply is on disk: the last event.
    Ended(ReplyEnd),
}
