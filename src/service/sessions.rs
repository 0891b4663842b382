//! Sessions: begun, read, configured, erased.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::domain::actor::Actor;
use crate::domain::bot::Bot;
use crate::domain::clock::Clock;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::secret::{Secret, TokenHash, random_token};
use crate::domain::session::{Session, SessionConfig};
use crate::service::bots::Bots;
use crate::service::guard::{AddressKey, Guard};
use crate::service::{ServiceError, ServiceResult};
use crate::store::{Conversation, History, HistoryPage, NewSession, SessionStats, Store};

/// The settings a session may hold, as JSON.
pub const MAX_CONFIG_BYTES: usize = 256 * 1024;
/// The host page's name for its user.
pub const MAX_USER_IDENTIFIER_CHARS: usize = 256;
/// Sessions active within this span count as recently active.
const RECENTLY: Duration = Duration::from_secs(5 * 60);

/// The sessions of this server.
pub struct Sessions {
    pub(super) store: Arc<dyn Store>,
    bots: Arc<Bots>,
    guard: Arc<Guard>,
    pub(super) clock: Arc<dyn Clock>,
    timeout: Duration,
}

/// What a front end asks for when it begins a session.
#[derive(Debug, Clone, Default)]
pub struct BeginSession {
    /// Slug of the bot; none means the default one.
    pub bot: Option<String>,
    /// The front end's settings.
    pub config: SessionConfig,
    /// The host page's name for its user.
    pub user_identifier: Option<String>,
    /// Whether it shall open only with a visitor token.
    pub protected: bool,
}

/// A session just begun.
#[derive(Debug, Clone)]
pub struct BegunSession {
    /// Its id.
    pub id: SessionId,
    /// The token, once and never again.
    pub visitor_token: Option<Secret>,
    /// The settings as kept.
    pub config: SessionConfig,
}

impl Sessions {
    /// Sessions in `store`, with these bots.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        bots: Arc<Bots>,
        guard: Arc<Guard>,
        clock: Arc<dyn Clock>,
        timeout: Duration,
    ) -> Self {
        Self { store, bots, guard, clock, timeout }
    }

    /// The bot of that slug, as it is now.
    ///
    /// # Errors
    /// There is none, or it is switched off.
    pub fn bot(&self, slug: Option<&str>) -> ServiceResult<Arc<Bot>> {
        self.bots.get(slug)
    }

    /// Begins a session; a member's belongs to their account.
    ///
    /// # Errors
    /// Too many from this address, no such bot, settings too large, or no database.
    pub async fn begin(
        &self,
        actor: &Actor,
        address: AddressKey,
        wish: BeginSession,
    ) -> ServiceResult<BegunSession> {
        let bot = self.bot(wish.bot.as_deref())?;
        check_size(&wish.config)?;
        let rate_limited = |retry_after| ServiceError::RateLimited { retry_after };
        self.guard.admit_session(address).map_err(rate_limited)?;
        let visitor_token = match wish.protected {
            true => Some(random_token().map_err(|e| ServiceError::Internal(e.to_string()))?),
            false => None,
        };
        let id = SessionId::random();
        let new = NewSession {
            id,
            bot: bot.slug.clone(),
            user_identifier: wish.user_identifier,
            config: wish.config.clone(),
            token: visitor_token.as_ref().map(|token| TokenHash::of(token.expose())),
            account: actor.account(),
            now: self.clock.now(),
        };
        self.store.create_session(new).await?;
        Ok(BegunSession { id, visitor_token, config: wish.config })
    }

    /// The session if it takes messages.
    ///
    /// # Errors
    /// There is none for this actor, or it has ended.
    pub async fn open(&self, actor: &Actor, id: SessionId) -> ServiceResult<Session> {
        let session = self.store.session(actor, id).await?.ok_or(ServiceError::SessionNotFound)?;
        self.check_open(&session)?;
        Ok(session)
    }

    /// The session if it takes messages, with its newest `limit` ones and the one that has the id
    /// chosen for a `reply`, if there is any.
    ///
    /// # Errors
    /// There is none for this actor, or it has ended.
    pub async fn open_conversation(
        &self,
        actor: &Actor,
        id: SessionId,
        limit: u32,
        reply: Option<MessageId>,
    ) -> ServiceResult<Conversation> {
        let conversation = self.store.conversation(actor, id, limit, reply).await?;
        let conversation = conversation.ok_or(ServiceError::SessionNotFound)?;
        self.check_open(&conversation.history.session)?;
        Ok(conversation)
    }

    fn check_open(&self, session: &Session) -> ServiceResult<()> {
        match session.has_ended(self.clock.now(), self.timeout) {
            true => Err(ServiceError::SessionExpired),
            false => Ok(()),
        }
    }

    /// The session if it may be read: an ended one only with its token.
    ///
    /// # Errors
    /// There is none for this actor, or it has ended and is not protected.
    pub async fn readable(&self, actor: &Actor, id: SessionId) -> ServiceResult<Session> {
        let session = self.store.session(actor, id).await?.ok_or(ServiceError::SessionNotFound)?;
        self.check_readable(actor, &session)?;
        Ok(session)
    }

    /// An unprotected session may be read by whoever learns its id, so only for a while; staff
    /// reads and deletes what is kept.
    fn check_readable(&self, actor: &Actor, session: &Session) -> ServiceResult<()> {
        if session.protected || actor.sees_all() { Ok(()) } else { self.check_open(session) }
    }

    /// Notes that the visitor is there, unless the session has ended.
    ///
    /// # Errors
    /// No database.
    pub async fn touch(&self, actor: &Actor, session: &Session) -> ServiceResult<()> {
        let now = self.clock.now();
        if !session.has_ended(now, self.timeout) {
            self.store.touch_session(actor, session.id, now).await?;
        }
        Ok(())
    }

    /// Merges settings into an open session, key by key; answers all of them.
    ///
    /// # Errors
    /// There is no open session for this actor, or it would hold too much.
    pub async fn configure(
        &self,
        actor: &Actor,
        session: &Session,
        changes: SessionConfig,
    ) -> ServiceResult<SessionConfig> {
        let mut merged = session.config.clone();
        merged.extend(changes.clone());
        merged.retain(|_, value| !value.is_null());
        check_size(&merged)?;
        if merged == session.config {
            return Ok(merged);
        }
        self.store
            .merge_config(actor, session.id, changes, self.clock.now())
            .await?
            .ok_or(ServiceError::SessionNotFound)
    }

    /// A page of a readable session's conversation.
    ///
    /// # Errors
    /// There is none for this actor.
    pub async fn history(
        &self,
        actor: &Actor,
        id: SessionId,
        page: HistoryPage,
    ) -> ServiceResult<History> {
        let history = self.store.history(actor, id, page).await?;
        let history = history.ok_or(ServiceError::SessionNotFound)?;
        self.check_readable(actor, &history.session)?;
        Ok(history)
    }

    /// All messages of a readable session, oldest first.
    ///
    /// # Errors
    /// There is none for this actor.
    pub async fn transcript(&self, actor: &Actor, id: SessionId) -> ServiceResult<History> {
        const PAGE: u32 = 500;
        let mut whole = self.history(actor, id, HistoryPage { limit: PAGE, before: None }).await?;
        while whole.has_more {
            let before: Option<MessageId> = whole.messages.first().map(|message| message.id);
            let mut page = self.history(actor, id, HistoryPage { limit: PAGE, before }).await?;
            whole.has_more = page.has_more && !page.messages.is_empty();
            page.messages.append(&mut whole.messages);
            whole.messages = page.messages;
        }
        Ok(whole)
    }

    /// Deletes the conversation of an open session; answers how many messages went.
    ///
    /// # Errors
    /// There is none for this actor, or it has ended.
    pub async fn clear(&self, actor: &Actor, id: SessionId) -> ServiceResult<u64> {
        self.open(actor, id).await?;
        self.store
            .clear_history(actor, id, self.clock.now())
            .await?
            .ok_or(ServiceError::SessionNotFound)
    }

    /// Deletes a readable session and everything in it.
    ///
    /// # Errors
    /// There is none for this actor.
    pub async fn erase(&self, actor: &Actor, id: SessionId) -> ServiceResult<()> {
        self.readable(actor, id).await?;
        match self.store.erase_session(actor, id).await? {
            true => Ok(()),
            false => Err(ServiceError::SessionNotFound),
        }
    }

    /// Counts sessions.
    ///
    /// # Errors
    /// No database.
    pub async fn stats(&self) -> ServiceResult<SessionStats> {
        Ok(self.store.session_stats(self.clock.now().minus(RECENTLY)).await?)
    }
}

/// Refuses settings that hold more than is kept.
fn check_size(config: &SessionConfig) -> ServiceResult<()> {
    let size_bytes: usize =
        config.iter().map(|(key, value)| key.len() + json_size(value) + 4).sum();
    if size_bytes > MAX_CONFIG_BYTES {
        return Err(ServiceError::ConfigTooLarge { size_bytes, max_bytes: MAX_CONFIG_BYTES });
    }
    Ok(())
}

/// About how many bytes a value has as JSON, without writing it.
fn json_size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| json_size(item) + 1).sum::<usize>() + 2,
        Value::Object(fields) => {
            fields.iter().map(|(key, item)| key.len() + json_size(item) + 4).sum::<usize>() + 2
        }
    }
}
