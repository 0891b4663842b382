//! What the owner reads: conversations, what they cost and how fast they were, what visitors think
//! of replies, and who they say they are.
//!
//! Lists come newest first in pages. However many rows there are, a read looks at a bounded number
//! of them; a page says with [`Page::is_cut`] when that ended it.

use async_trait::async_trait;

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::feedback::Feedback;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::FailureCode;
use crate::store::StoreResult;
use crate::store::conversations::{ConversationFilter, ConversationRow, Transcript};
use crate::store::page::{Page, PageRequest};
use crate::store::usage::{UsageHour, UsageQuery};

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
    /// Slug of the bot they talked to.
    pub bot: String,
    /// When they told it last.
    pub at: Timestamp,
    /// What they told.
    pub details: Details,
}

/// A question that was asked more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopQuestion {
    /// As it was last asked; at most 160 characters, on one line.
    pub text: String,
    /// How often, whatever its case, spaces and punctuation.
    pub count: u64,
    /// When it was last asked.
    pub last_at: Timestamp,
}

/// Why a reply wants work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyWork {
    /// The visitor did not like it.
    Disliked,
    /// It failed.
    Failed,
    /// The vendor refused.
    Blocked,
    /// The bot could not help and asked for a way to reach the visitor.
    AskedContact,
}

/// A reply that nobody liked or the bot could not give.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyToWorkOn {
    /// Its session.
    pub session: SessionId,
    /// Slug of the bot.
    pub bot: String,
    /// The reply.
    pub reply: MessageId,
    /// When the question was asked.
    pub at: Timestamp,
    /// How the question begins; empty if it was cleared.
    pub question: String,
    /// How the reply begins.
    pub text: String,
    /// Why it is here; never empty.
    pub why: Vec<WhyWork>,
    /// What the visitor says about it.
    pub comment: Option<String>,
    /// Why it failed.
    pub failure: Option<FailureCode>,
}

/// Counts for the first page the owner sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OverviewCounts {
    /// Conversations that are kept.
    pub conversations: u64,
    /// Visitors who told something.
    pub leads: u64,
    /// Replies to work on; counted up to [`Self::MOST`].
    pub replies_to_work_on: u64,
    /// Replies being produced now.
    pub running: u64,
    /// Bytes of all files.
    pub file_bytes: u64,
}

impl OverviewCounts {
    /// Where counting replies to work on ends.
    pub const MOST: u64 = 1000;
}

/// Reads over all sessions, and what staff notes about them. To others they show and change
/// nothing.
#[async_trait]
pub trait OwnerStore: Send + Sync {
    /// The replies that were rated last, the newest rating first, at most `limit`.
    async fn judged_replies(&self, actor: &Actor, limit: u32) -> StoreResult<Vec<JudgedReply>>;

    /// The visitors who told something, those who told it last first. With `words` only those
    /// whose details hold them; then by when the conversation began.
    async fn leads(
        &self,
        actor: &Actor,
        words: Option<&str>,
        page: PageRequest,
    ) -> StoreResult<Page<Lead>>;

    /// Conversations in which something was said, the last active first. With words: first those
    /// whose visitor told them, then those in whose messages they stand, the newest such message
    /// first. Each conversation stands there once, unless thousands of matches lie between two of
    /// its own. The words may also be a session's id.
    async fn conversations(
        &self,
        actor: &Actor,
        filter: ConversationFilter,
        page: PageRequest,
    ) -> StoreResult<Page<ConversationRow>>;

    /// A page of the conversation with all there is to know, newest page first; `None` if there
    /// is none.
    async fn transcript(
        &self,
        actor: &Actor,
        session: SessionId,
        page: PageRequest,
    ) -> StoreResult<Option<Transcript>>;

    /// What happened, hour by hour, the oldest first.
    async fn usage(&self, actor: &Actor, query: UsageQuery) -> StoreResult<Vec<UsageHour>>;

    /// What was asked most often since then, among the newest 5,000 questions; at most `limit`.
    /// What was asked once is not among them.
    async fn top_questions(
        &self,
        actor: &Actor,
        bot: Option<&str>,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<TopQuestion>>;

    /// Replies nobody settled that were disliked, failed, were blocked or asked for contact, the
    /// newest first. Of replies that a new try replaced only the disliked ones.
    async fn replies_to_work_on(
        &self,
        actor: &Actor,
        page: PageRequest,
    ) -> StoreResult<Page<ReplyToWorkOn>>;

    /// How many conversations were last active before that instant; of a bot, or of all.
    async fn count_conversations_before(
        &self,
        actor: &Actor,
        before: Timestamp,
        bot: Option<&str>,
    ) -> StoreResult<u64>;

    /// Counts for the overview.
    async fn count_overview(&self, actor: &Actor) -> StoreResult<OverviewCounts>;
}

/// What staff changes about conversations.
#[async_trait]
pub trait ReviewStore: Send + Sync {
    /// Takes a reply off the list of those to work on, until its visitor dislikes it again.
    /// `false` if there is none in that session that the actor may settle, or it is settled.
    async fn settle_reply(
        &self,
        actor: &Actor,
        session: SessionId,
        reply: MessageId,
        now: Timestamp,
    ) -> StoreResult<bool>;

    /// Deletes conversations that were last active before that instant, with their files, for good:
    /// those of a bot, or of all, those of accounts too. Answers how many went. At most some dozens
    /// a call, so that nobody waits long behind it; call again while it answers more than zero.
    async fn purge_conversations(
        &self,
        actor: &Actor,
        before: Timestamp,
        bot: Option<&str>,
    ) -> StoreResult<u64>;
}
