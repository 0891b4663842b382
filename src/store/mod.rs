//! What is kept, as traits per noun. This page is the manual; [`sqlite`] implements it.
//!
//! Rules that hold for every method:
//! - A write is durable when its future resolves to `Ok`: a crash right after keeps it.
//! - What must be atomic is one method, named for what happened.
//! - Whatever could return or change somebody's rows takes an [`Actor`]; rows the actor may not
//!   touch are absent, exactly like rows that never existed.
//! - "Not there" is `Option` or a variant of the method's outcome, failure is [`StoreError`].
//!
//! To add a method: write it here with its promise, then its test in `tests/store/contract.rs`,
//! then each backend's file of the same name.

pub mod accounts;
pub mod audit;
pub mod bots;
pub mod conversations;
pub mod feedback;
pub mod files;
pub mod messages;
pub mod owner;
pub mod page;
pub mod sessions;
pub mod sign_ins;
pub mod sqlite;
pub mod usage;

use async_trait::async_trait;

pub use accounts::AccountStore;
pub use audit::AuditStore;
pub use bots::BotStore;
pub use conversations::{
    ConversationFilter, ConversationRow, PageSeen, Transcript, TranscriptMessage,
};
pub use feedback::{FeedbackStore, RateReply, RatedReply};
pub use files::{AddedFile, FileQuota, FileStore, NewFile};
pub use messages::{
    BeginTurn, BegunTurn, Conversation, FinishTurn, History, HistoryPage, MessageStore,
    PartialReply,
};
pub use owner::{
    JudgedReply, Lead, OverviewCounts, OwnerStore, ReplyToWorkOn, ReviewStore, TopQuestion, WhyWork,
};
pub use page::{Cursor, Page, PageRequest};
pub use sessions::{NewSession, SessionStats, SessionStore};
pub use sign_ins::SignInStore;
pub use usage::{ModelUsage, UsageHour, UsageQuery};

/// Why the store could not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Locked by somebody else for too long, or too many writes wait: try again later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// No room left: reads go on, writes do not.
    #[error("the database cannot grow: {0}")]
    Full(String),
    /// Nobody can act on it but the operator.
    #[error("the database failed: {0}")]
    Internal(String),
}

/// What every store call answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// The room a database takes and has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes of its file.
    pub file_bytes: u64,
    /// Bytes that wait beside it to be folded in.
    pub log_bytes: u64,
    /// Bytes free where it lies, if the system says.
    pub free_bytes: Option<u64>,
    /// How many reads run at the same time.
    pub readers: usize,
}

/// Everything that is kept.
#[async_trait]
pub trait Store:
    SessionStore
    + MessageStore
    + FeedbackStore
    + FileStore
    + OwnerStore
    + ReviewStore
    + BotStore
    + AccountStore
    + SignInStore
    + AuditStore
{
    /// Proves that the database takes writes, by making one. For `/health`.
    ///
    /// # Errors
    /// The database did not take it.
    async fn check_writable(&self) -> StoreResult<()>;

    /// How much room the database takes, and how much it has. For staff.
    ///
    /// # Errors
    /// Its file cannot be looked at.
    async fn room(&self) -> StoreResult<Room>;

    /// Writes what is pending, folds the write-ahead log into the file and closes.
    /// Later calls fail with [`StoreError::Busy`].
    async fn close(&self);
}
