//! Sessions: made, read, configured, erased, cleaned up.

use async_trait::async_trait;

use crate::domain::account::AccountId;
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::details::{DetailChanges, Details};
use crate::domain::id::SessionId;
use crate::domain::secret::TokenHash;
use crate::domain::session::{Session, SessionConfig};
use crate::store::StoreResult;

/// A session about to be stored.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its name, made by the service.
    pub id: SessionId,
    /// Slug of its bot.
    pub bot: String,
    /// The host page's name for its user.
    pub user_identifier: Option<String>,
    /// The front end's settings.
    pub config: SessionConfig,
    /// For a protected session the hash of its visitor token.
    pub token: Option<TokenHash>,
    /// The account it belongs to, if any.
    pub account: Option<AccountId>,
    /// When it is made.
    pub now: Timestamp,
}

/// Counts over all sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionStats {
    /// Sessions stored.
    pub total: u64,
    /// Sessions active since the instant asked for.
    pub active: u64,
}

/// Sessions, as far as the actor may see them.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Stores a session. Its id is new: a second one of the same id is an internal error.
    async fn create_session(&self, session: NewSession) -> StoreResult<()>;

    /// The session, ended or not; `None` if there is none or the actor may not see it.
    async fn session(&self, actor: &Actor, id: SessionId) -> StoreResult<Option<Session>>;

    /// Notes that the session's visitor did something at `now`. `false` if there is none
    /// that the actor may touch. Activity never moves back.
    async fn touch_session(
        &self,
        actor: &Actor,
        id: SessionId,
        now: Timestamp,
    ) -> StoreResult<bool>;

    /// Puts `changes` into the session's config key by key (a JSON `null` removes the key) and
    /// notes activity. Answers the whole config afterwards, `None` if the actor may not touch it.
    async fn merge_config(
        &self,
        actor: &Actor,
        id: SessionId,
        changes: SessionConfig,
        now: Timestamp,
    ) -> StoreResult<Option<SessionConfig>>;

    /// Puts `changes` into what the session's visitor told about themselves and notes activity.
    /// Answers all of it afterwards, `None` if the actor may not touch the session.
    async fn merge_details(
        &self,
        actor: &Actor,
        id: SessionId,
        changes: DetailChanges,
        now: Timestamp,
    ) -> StoreResult<Option<Details>>;

    /// Deletes the session and all its messages for good. `false` if there is none that the
    /// actor may touch.
    async fn erase_session(&self, actor: &Actor, id: SessionId) -> StoreResult<bool>;

    /// Counts sessions, and those active at or after `since`. Counts only, no rows.
    async fn session_stats(&self, since: Timestamp) -> StoreResult<SessionStats>;

    /// Deletes sessions without messages whose last activity lies before `empty_before`, and
    /// every session whose last activity lies before `any_before`; those of accounts stay. Answers how many went.
    /// At most a few hundred a call, so that nobody waits long behind it; call again while it
    /// answers more than zero.
    async fn delete_stale_sessions(
        &self,
        empty_before: Timestamp,
        any_before: Option<Timestamp>,
    ) -> StoreResult<u64>;
}
