//! A turn: the visitor says something, the bot replies.
//!
//! [`Turns::start`] stores the message and starts a task that produces the reply; clients only
//! follow it. Closing the page does not end it, and any number of followers may come and go.

pub mod appendix;
pub mod budget;
pub mod events;
mod exchange;
mod finish;
pub mod following;
pub mod models;
pub mod produce;
pub mod prompt;
mod questions;
mod rejoin;
pub mod reply;
mod round;
pub mod running;
mod saver;
pub mod steps;
pub mod table;
pub mod tables_text;
pub mod toolbox;
mod tools;

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::domain::actor::Actor;
use crate::domain::bot::{Bot, ProviderName};
use crate::domain::clock::Clock;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::MessageText;
use crate::domain::session::SessionConfig;
use crate::providers::Provider;
use crate::service::bots::Bots;
use crate::service::guard::{AddressKey, Guard};
use crate::service::sessions::Sessions;
use crate::service::tables::{TableScope, Tables};
use crate::service::turn::budget::Calibration;
use crate::service::turn::following::Following;
use crate::service::turn::models::Models;
use crate::service::turn::produce::{Beginning, Production};
use crate::service::turn::questions::{Questions, SessionTables};
use crate::service::turn::running::{Claim, LiveReply, ReplyStart, Running};
use crate::service::{ServiceError, ServiceResult};
use crate::store::{BeginTurn, BegunTurn, Conversation, History, Store};

/// How many messages of a conversation are looked at for a prompt.
const HISTORY_MESSAGES: u32 = 100;

/// Bounds of a turn.
#[derive(Debug, Clone, Copy)]
pub struct TurnLimits {
    /// Longest message, characters.
    pub max_message_chars: usize,
    /// Conversation sent to the model, tokens.
    pub history_tokens: usize,
    /// Client data sent to the model, tokens.
    pub context_tokens: usize,
    /// How often a model may call tools before it has to answer.
    pub tool_rounds: usize,
}

/// What turns stand on.
pub struct TurnParts {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// The sessions they belong to.
    pub sessions: Arc<Sessions>,
    /// Who they talk to, and what may be spent.
    pub bots: Arc<Bots>,
    /// What can be computed with.
    pub tables: Arc<Tables>,
    /// Who answers.
    pub models: Models,
    /// How fast visitors may ask.
    pub guard: Arc<Guard>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Bounds.
    pub limits: TurnLimits,
    /// Cancelled when the server stops.
    pub shutdown: CancellationToken,
}

/// The turns of this server.
pub struct Turns {
    parts: TurnParts,
    running: Running,
    calibration: Calibration,
    tasks: TaskTracker,
}

/// What a visitor sends.
#[derive(Debug, Clone)]
pub struct NewTurn {
    /// The session.
    pub session: SessionId,
    /// What is said.
    pub text: String,
    /// The reply's id, if the client chose it; the same again joins the same reply.
    pub reply: Option<MessageId>,
    /// Settings to merge into the session first.
    pub config: SessionConfig,
    /// The reply that this is a new try of.
    pub replaces: Option<MessageId>,
}

impl Turns {
    /// No turn is running yet.
    #[must_use]
    pub fn new(parts: TurnParts) -> Arc<Self> {
        Arc::new(Self {
            parts,
            running: Running::default(),
            calibration: Calibration::default(),
            tasks: TaskTracker::new(),
        })
    }

    /// The providers that can be asked.
    #[must_use]
    pub fn models(&self) -> &Models {
        &self.parts.models
    }

    /// Stores the message and begins the reply, or joins the reply that has this id already.
    ///
    /// Runs to its end even if the caller goes away, so that no turn is left half begun.
    ///
    /// # Errors
    /// The message is no message, there is no open session for this actor, another reply is
    /// running, too many messages, or no database.
    pub async fn start(
        self: &Arc<Self>,
        actor: Actor,
        address: AddressKey,
        new: NewTurn,
    ) -> ServiceResult<Following> {
        if self.parts.shutdown.is_cancelled() {
            return Err(ServiceError::Restarting);
        }
        let turns = Arc::clone(self);
        let begin = async move { turns.begin(actor, address, new).await };
        let begun = self.tasks.spawn(begin.in_current_span());
        begun.await.map_err(|error| ServiceError::Internal(error.to_string()))?
    }

    async fn begin(
        self: Arc<Self>,
        actor: Actor,
        address: AddressKey,
        new: NewTurn,
    ) -> ServiceResult<Following> {
        let text = MessageText::parse(&new.text, self.parts.limits.max_message_chars)?;
        let sessions = &self.parts.sessions;
        let reply = new.reply.unwrap_or_else(MessageId::random);
        // Before the read: what it finds of the reply is true for as long as the claim is held.
        let live = match self.claim(new.session, reply).await {
            Claim::Ours(live) => live,
            Claim::Taken(live) => {
                // Whoever took it could open the session; whether we can is not known yet.
                sessions.open(&actor, new.session).await?;
                let is_same = live.id == reply;
                let following = is_same.then(|| Following::Live(live.follow(0)));
                return following.ok_or(ServiceError::ReplyRunning);
            }
        };
        let claim = ClaimGuard { turns: Arc::clone(&self), session: new.session, live };
        let Conversation { history, known } =
            sessions.open_conversation(&actor, new.session, HISTORY_MESSAGES, new.reply).await?;
        let History { session, messages, message_count, .. } = history;
        let counted = (session.id, message_count);
        if let Some(message) = known {
            return self.stored(counted, message, 0);
        }
        let bot = sessions.bot(Some(&session.bot))?;
        let of_a_visitor = bot.limits.messages_per_minute;
        let admitted = self.parts.guard.admit_message(address, session.id, of_a_visitor);
        admitted.map_err(|retry_after| ServiceError::RateLimited { retry_after })?;
        let config = sessions.configure(&actor, &session, new.config).await?;
        let candidates = self.candidates(&bot, &config)?;
        let first =
            candidates.first().ok_or_else(|| ServiceError::Internal("no provider".into()))?;
        let turn = BeginTurn {
            session: session.id,
            message: MessageId::random(),
            reply,
            text: text.as_str().to_owned(),
            provider: first.name().to_string(),
            model: bot.model_at(first.name()).unwrap_or_else(|| first.model()).to_owned(),
            replaces: new.replaces,
            now: self.parts.clock.now(),
        };
        let follower = claim.live.follow(0);
        let start = start_of(&turn, first.as_ref());
        let wanted = questions::wanted(&bot, &session.details);
        let replaces = new.replaces;
        let scope = TableScope { actor, session: session.id, config: config.clone() };
        let tables = SessionTables::of(&self.parts.tables, scope).await?;
        let questions =
            Questions { bot, config, messages, message_count, text, replaces, wanted, tables };
        let (begun, outcome) = oneshot::channel();
        let beginning = Beginning { actor, start, begun };
        let production = Production { claim, turn, beginning, questions, candidates };
        self.tasks.spawn(Arc::clone(&self).produce(production).in_current_span());
        let lost = |_| ServiceError::Internal("the reply's task is gone".to_owned());
        match outcome.await.map_err(lost)?? {
            BegunTurn::Started => Ok(Following::Live(follower)),
            BegunTurn::Joined(message) => self.stored(counted, *message, 0),
            BegunTurn::Running(_) => Err(ServiceError::ReplyRunning),
            BegunTurn::NoSession => Err(ServiceError::SessionNotFound),
        }
    }

    /// Whom to ask, in order, if today's budget has something left. The demo spends nothing.
    fn candidates(
        &self,
        bot: &Bot,
        config: &SessionConfig,
    ) -> ServiceResult<Vec<Arc<dyn Provider>>> {
        let wish = config.get("aiProvider").and_then(serde_json::Value::as_str);
        let candidates = self.parts.models.candidates(wish, bot.provider);
        if candidates.iter().any(|provider| provider.name() != ProviderName::Demo) {
            self.parts.bots.admit_reply(bot)?;
        }
        Ok(candidates)
    }

    /// Claims the session for a reply, or finds a turn that has begun. Who claims may find that
    /// the session is not theirs, the reply stored already, or that it cannot begin; whoever
    /// waited for that claims anew.
    async fn claim(&self, session: SessionId, reply: MessageId) -> Claim {
        loop {
            match self.running.claim(session, reply) {
                Claim::Taken(live) if !live.has_begun().await => {}
                claim => return claim,
            }
        }
    }

    /// Stores the beginning. A reply that the store believes running but nobody produces (its
    /// task died) is interrupted first.
    async fn store_begin(&self, actor: &Actor, turn: BeginTurn) -> ServiceResult<BegunTurn> {
        let begun = self.parts.store.begin_turn(actor, turn.clone()).await?;
        let BegunTurn::Running(orphan) = begun else { return Ok(begun) };
        if let Some(message) = self.parts.store.message(actor, turn.session, orphan).await? {
            self.interrupt_orphan(turn.session, message).await?;
        }
        Ok(self.parts.store.begin_turn(actor, turn).await?)
    }

    /// Waits until every running reply has stored its end. For the end of the server, after the
    /// shutdown token is cancelled.
    pub async fn drain(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// How many replies are being produced.
    #[must_use]
    pub fn running_count(&self) -> usize {
        self.running.count()
    }
}

/// Holds a session's single running turn; gives it back however the turn ends.
pub(crate) struct ClaimGuard {
    turns: Arc<Turns>,
    session: SessionId,
    live: Arc<LiveReply>,
}

impl Drop for ClaimGuard {
    fn drop(&mut self) {
        self.turns.running.release(self.session, self.live.id);
        self.live.closed();
    }
}

fn start_of(turn: &BeginTurn, provider: &dyn Provider) -> ReplyStart {
    ReplyStart {
        reply: turn.reply,
        message: Some(turn.message),
        session: turn.session,
        provider: turn.provider.clone(),
        provider_name: provider.display_name().to_owned(),
        model: turn.model.clone(),
        at: turn.now,
    }
}
