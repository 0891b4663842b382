//! The deeds: what changes, spends or limits something. Knows no HTTP, SQL or vendor.

pub mod accounts;
pub mod audit;
pub mod bots;
pub mod details;
pub mod export;
pub mod feedback;
pub mod guard;
pub mod passwords;
pub mod retention;
pub mod review;
pub mod server_key;
pub mod sessions;
pub mod tables;
pub mod turn;
pub mod upload;
pub mod workshop;

use std::time::Duration;

use crate::domain::message::MessageTextError;
use crate::service::accounts::AccountProblem;
use crate::service::upload::FileProblem;
use crate::store::StoreError;

/// Why something was not done; each variant is a thing the caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// No such session, or not the asker's.
    #[error("no such session")]
    SessionNotFound,
    /// The visitor was away too long: the session takes no more messages.
    #[error("the session has ended")]
    SessionExpired,
    /// No such reply in that session.
    #[error("no such reply")]
    ReplyNotFound,
    /// No such step in that reply, or it found nothing.
    #[error("no such step")]
    StepNotFound,
    /// The id given for a reply belongs to a visitor's message.
    #[error("the id is taken")]
    MessageIdTaken,
    /// The offset is no place in the reply.
    #[error("no such offset")]
    InvalidOffset,
    /// No bot of that name.
    #[error("no such bot")]
    BotNotFound,
    /// The message cannot be taken.
    #[error(transparent)]
    Message(#[from] MessageTextError),
    /// The session's settings hold more than is kept.
    #[error("the config has {size_bytes} bytes, at most {max_bytes} are kept")]
    ConfigTooLarge {
        /// Bytes it would have.
        size_bytes: usize,
        /// Bytes it may have.
        max_bytes: usize,
    },
    /// Too much too fast.
    #[error("rate limited")]
    RateLimited {
        /// When to try again.
        retry_after: Duration,
    },
    /// What may be spent today is spent.
    #[error("the daily budget is spent")]
    BudgetReached {
        /// When the next day begins.
        retry_after: Duration,
    },
    /// The session's last reply is still being produced.
    #[error("a reply is running")]
    ReplyRunning,
    /// A file, or a question to it, is refused.
    #[error(transparent)]
    File(#[from] FileProblem),
    /// Something about an account is refused.
    #[error(transparent)]
    Account(#[from] AccountProblem),
    /// Too much of the kind is being done already.
    #[error("too much at once")]
    Busy,
    /// The server is being stopped.
    #[error("the server is stopping")]
    Restarting,
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody but the operator can act on it.
    #[error("internal: {0}")]
    Internal(String),
}

/// What every deed answers.
pub type ServiceResult<T> = Result<T, ServiceError>;
