//! What the owner reads: what visitors think of replies, and who they say they are.

use async_trait::async_trait;

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::feedback::Feedback;
use crate::domain::id::SessionId;
use crate::store::StoreResult;

/// A reply that a visitor has rated.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedReply {
    /// Its session.
    pub session: SessionId,
    /// When it was rated.
    pub at: Timestamp,
    /// What the visitor thinks of it.
    pub feedback: Feedback,
    /// How the question begins; empty if it was cleared.
    pub question: String,
    /// How the reply begins.
    pub reply: String,
}

/// A visitor who told something about themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Their session.
    pub session: SessionId,
    /// When they told it last.
    pub at: Timestamp,
    /// What they told.
    pub details: Details,
}

/// Reads over all sessions. Visitors are shown nothing.
#[async_trait]
pub trait OwnerStore: Send + Sync {
    /// The replies that were rated last, the newest rating first, at most `limit`.
    async fn judged_replies(&self, actor: &Actor, limit: u32) -> StoreResult<Vec<JudgedReply>>;

    /// The visitors who told something last, the newest first, at most `limit`.
    async fn leads(&self, actor: &Actor, limit: u32) -> StoreResult<Vec<Lead>>;
}
