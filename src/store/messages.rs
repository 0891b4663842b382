//! Messages and turns: begun, saved while they run, finished, read, cleared.

use async_trait::async_trait;

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::evidence::Step;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::{FailureCode, FinishReason, Message, MessageStatus};
use crate::domain::session::Session;
use crate::domain::usage::Usage;
use crate::store::StoreResult;

/// A turn about to begin: the visitor's message and the empty reply to it.
#[derive(Debug, Clone)]
pub struct BeginTurn {
    /// The session it belongs to.
    pub session: SessionId,
    /// Name of the visitor's message.
    pub message: MessageId,
    /// Name of the reply; the same name again joins the turn that exists.
    pub reply: MessageId,
    /// What the visitor says.
    pub text: String,
    /// Provider expected to answer.
    pub provider: String,
    /// Model expected to answer.
    pub model: String,
    /// An earlier reply of this session that this turn is a new try of: it and the message it
    /// answers are hidden from the conversation (kept for the owner). Unknown or running: ignored.
    pub replaces: Option<MessageId>,
    /// When.
    pub now: Timestamp,
}

/// What became of [`MessageStore::begin_turn`].
#[derive(Debug, Clone, PartialEq)]
pub enum BegunTurn {
    /// The message and the empty reply are stored.
    Started,
    /// This reply id exists in the session: nothing was stored, here is the reply.
    Joined(Box<Message>),
    /// Another reply of the session is running: nothing was stored.
    Running(MessageId),
    /// No such session for this actor.
    NoSession,
}

/// How a turn ended.
#[derive(Debug, Clone)]
pub struct FinishTurn {
    /// The session.
    pub session: SessionId,
    /// The reply.
    pub reply: MessageId,
    /// The whole text.
    pub text: String,
    /// Provider that answered in the end.
    pub provider: String,
    /// Model that answered in the end.
    pub model: String,
    /// Where it stands now; not [`MessageStatus::Streaming`].
    pub status: MessageStatus,
    /// Why it ended.
    pub finish_reason: FinishReason,
    /// Why it failed, if it did.
    pub failure: Option<FailureCode>,
    /// Tokens.
    pub usage: Usage,
    /// Questions to go on with.
    pub suggestions: Vec<String>,
    /// Whether the model needs the visitor's contact details.
    pub asks_contact: bool,
    /// Tools that were used.
    pub steps: Vec<Step>,
    /// Numbers of the text, as written there, that no query found.
    pub unverified: Vec<String>,
    /// When its first word came; `None` if none did, or if nobody knows.
    pub first_word_at: Option<Timestamp>,
    /// When.
    pub now: Timestamp,
}

/// What a reply holds while it grows.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialReply {
    /// The text so far.
    pub text: String,
    /// The tools used so far; `None` leaves what was saved of them.
    pub steps: Option<Vec<Step>>,
}

/// Which messages of a conversation to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryPage {
    /// At most so many, the newest ones.
    pub limit: u32,
    /// Only those before this message, exclusive. Unknown: none are returned.
    pub before: Option<MessageId>,
}

/// A page of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The conversation, as it stands when the page is read.
    pub session: Session,
    /// Oldest first. Replaced messages are not among them.
    pub messages: Vec<Message>,
    /// Whether older ones exist.
    pub has_more: bool,
    /// How many the conversation has in all.
    pub message_count: u64,
}

/// What a new turn has to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// The session with its newest messages.
    pub history: History,
    /// The message that has the id chosen for the reply, however long ago it was said.
    pub known: Option<Message>,
}

/// Messages, as far as the actor may see them.
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// Stores the visitor's message and an empty `streaming` reply, and notes activity: one
    /// transaction. A session has at most one streaming reply.
    async fn begin_turn(&self, actor: &Actor, turn: BeginTurn) -> StoreResult<BegunTurn>;

    /// Saves what a streaming reply holds so far. A reply that is no longer streaming is left as
    /// it is, so a late save cannot undo an end.
    async fn save_partial(
        &self,
        session: SessionId,
        reply: MessageId,
        partial: PartialReply,
    ) -> StoreResult<()>;

    /// Stores the end of a streaming reply and notes activity: one transaction. Answers how many
    /// messages the conversation has now. A reply that has ended already is left as it is.
    async fn finish_turn(&self, end: FinishTurn) -> StoreResult<u64>;

    /// One page of the conversation; `None` if the actor may not see the session.
    async fn history(
        &self,
        actor: &Actor,
        session: SessionId,
        page: HistoryPage,
    ) -> StoreResult<Option<History>>;

    /// The newest `limit` messages without their steps, which no prompt repeats, and the one that
    /// has the id `reply`, whole, of one snapshot; `None` if the actor may not see the session. Every
    /// turn begins with it, so it is one read.
    async fn conversation(
        &self,
        actor: &Actor,
        session: SessionId,
        limit: u32,
        reply: Option<MessageId>,
    ) -> StoreResult<Option<Conversation>>;

    /// One message; `None` if there is none in that session or the actor may not see it.
    async fn message(
        &self,
        actor: &Actor,
        session: SessionId,
        id: MessageId,
    ) -> StoreResult<Option<Message>>;

    /// Deletes all messages of the session that no running reply needs, for good, and notes
    /// activity. Answers how many the visitor could see; `None` if the actor may not touch it.
    async fn clear_history(
        &self,
        actor: &Actor,
        session: SessionId,
        now: Timestamp,
    ) -> StoreResult<Option<u64>>;

    /// Ends every reply still `streaming` as `interrupted`, with the text saved so far. For the
    /// start of the only process that writes to this database. Answers how many there were.
    async fn interrupt_orphaned_replies(&self) -> StoreResult<u64>;
}
