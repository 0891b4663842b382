//! Feedback: what visitors think of replies.

use async_trait::async_trait;

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::feedback::Feedback;
use crate::domain::id::{MessageId, SessionId};
use crate::store::StoreResult;

/// What a visitor thinks of a reply, about to be stored.
#[derive(Debug, Clone)]
pub struct RateReply {
    /// The session.
    pub session: SessionId,
    /// The reply.
    pub reply: MessageId,
    /// What they think; `None` takes back what they thought before.
    pub feedback: Option<Feedback>,
    /// When.
    pub now: Timestamp,
}

/// What became of [`FeedbackStore::rate_reply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatedReply {
    /// It is stored.
    Saved,
    /// The reply is still being produced: nothing was stored.
    Running,
    /// No such reply in that session, or no such session for this actor.
    NoReply,
}

/// Feedback on replies that the actor may see.
#[async_trait]
pub trait FeedbackStore: Send + Sync {
    /// Stores what the visitor thinks of an ended reply, in the place of what was stored before.
    /// The session's activity stays as it is: a thumb is not a conversation.
    async fn rate_reply(&self, actor: &Actor, rating: RateReply) -> StoreResult<RatedReply>;
}
