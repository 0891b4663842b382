//! What happened, in numbers: conversations, replies, tokens, times, thumbs.

use crate::domain::clock::Timestamp;
use crate::domain::timings::Timings;
use crate::domain::usage::Usage;

/// What replies of one model took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelUsage {
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Replies.
    pub replies: u64,
    /// Those of them whose tokens nobody reported.
    pub unmetered_replies: u64,
    /// Their tokens.
    pub usage: Usage,
}

/// Which hours to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageQuery {
    /// At or after; rounded down to its hour.
    pub from: Timestamp,
    /// Before.
    pub to: Timestamp,
    /// Slug of the bot; `None` for all.
    pub bot: Option<String>,
}

/// What happened within an hour, of one bot and one model. These are counts without words: they
/// stay when conversations are erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageHour {
    /// When the hour begins.
    pub hour: Timestamp,
    /// Slug of the bot.
    pub bot: String,
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Conversations that began: their first message was said.
    pub sessions: u64,
    /// Messages of visitors whose reply has ended: as many as replies.
    pub messages: u64,
    /// Replies that failed.
    pub failed_replies: u64,
    /// Replies whose tokens nobody reported.
    pub unmetered_replies: u64,
    /// Tokens of all others; unknown if there are none.
    pub usage: Usage,
    /// Time until the first word.
    pub first_word: Timings,
    /// Time until the end.
    pub whole_reply: Timings,
    /// Replies with a thumb up.
    pub thumbs_up: u64,
    /// Replies with a thumb down.
    pub thumbs_down: u64,
}
