//! Messages: what a visitor says, what the bot replies, and how a reply ends.

use crate::domain::clock::Timestamp;
use crate::domain::evidence::Step;
use crate::domain::feedback::Feedback;
use crate::domain::id::MessageId;
use crate::domain::usage::Usage;
use crate::domain::words::words;

/// A visitor's message that passed the door: not blank, no NUL, not over the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText(String);

/// Why a text is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageTextError {
    /// Nothing but white space.
    #[error("the message is empty")]
    Empty,
    /// More characters than allowed.
    #[error("the message has {chars} characters, at most {max} are allowed")]
    TooLong {
        /// Characters it has.
        chars: usize,
        /// Characters it may have.
        max: usize,
    },
    /// A NUL character, which no keyboard makes and databases mangle.
    #[error("the message holds a NUL character")]
    Nul,
}

impl MessageText {
    /// Accepts a text of at most `max_chars` characters, without the white space around it.
    ///
    /// # Errors
    /// The text is blank, holds NUL, or is too long.
    pub fn parse(text: &str, max_chars: usize) -> Result<Self, MessageTextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MessageTextError::Empty);
        }
        if text.contains('\0') {
            return Err(MessageTextError::Nul);
        }
        let chars = text.chars().count();
        if chars > max_chars {
            return Err(MessageTextError::TooLong { chars, max: max_chars });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

words!(
    /// Who said it.
    Role ("role") {
        /// The visitor.
        User = "user",
        /// The bot.
        Assistant = "assistant",
        /// The server: a notice inside the conversation.
        System = "system",
    }
);

words!(
    /// Where a message stands. A visitor's message is always complete.
    MessageStatus ("message status") {
        /// The reply is being produced.
        Streaming = "streaming",
        /// All of it is here.
        Complete = "complete",
        /// The visitor stopped it.
        Stopped = "stopped",
        /// It broke off: lost upstream, crash, restart. What had arrived is kept.
        Interrupted = "interrupted",
        /// The vendor refused to go on.
        Blocked = "blocked",
        /// Nothing usable came.
        Failed = "failed",
    }
);

words!(
    /// Why a reply ended.
    FinishReason ("finish reason") {
        /// The model had said everything.
        Stop = "stop",
        /// The token limit was reached.
        Length = "length",
        /// The visitor stopped it.
        Stopped = "stopped",
        /// The vendor refused.
        Blocked = "blocked",
        /// The connection to the vendor, or this server, broke off.
        Interrupted = "interrupted",
        /// The vendor failed.
        Error = "error",
    }
);

impl FinishReason {
    /// The status of a reply that ended so. An error that cut off a reply interrupts it;
    /// one that came before any text fails it.
    #[must_use]
    pub const fn status(self, has_text: bool) -> MessageStatus {
        match (self, has_text) {
            (Self::Stop | Self::Length, _) => MessageStatus::Complete,
            (Self::Stopped, _) => MessageStatus::Stopped,
            (Self::Blocked, _) => MessageStatus::Blocked,
            (Self::Interrupted, _) | (Self::Error, true) => MessageStatus::Interrupted,
            (Self::Error, false) => MessageStatus::Failed,
        }
    }
}

words!(
    /// Why a turn failed, in the words the public error table explains.
    FailureCode ("failure code") {
        /// The owner's account or settings at the vendor do not work; only the owner can act.
        ModelUnavailable = "model_unavailable",
        /// The vendor is overloaded or limits the owner's rate.
        ModelBusy = "model_busy",
        /// The vendor stayed silent too long.
        ModelTimeout = "model_timeout",
        /// The vendor failed or answered nonsense.
        ModelError = "model_error",
        /// The reply broke off after its beginning.
        ReplyInterrupted = "reply_interrupted",
        /// The model ended without saying anything.
        ReplyEmpty = "reply_empty",
        /// The conversation no longer fits the model.
        ConversationTooLong = "conversation_too_long",
        /// The server is being restarted.
        Restarting = "restarting",
        /// The database did not take the reply.
        StorageUnavailable = "storage_unavailable",
    }
);

/// One message, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its name, unique within its session.
    pub id: MessageId,
    /// Its number, for front ends that know messages by one; later messages have higher ones.
    pub number: i64,
    /// Who said it.
    pub role: Role,
    /// The text; for a running reply what has been saved so far.
    pub content: String,
    /// Where it stands.
    pub status: MessageStatus,
    /// When it was said, or begun.
    pub created_at: Timestamp,
    /// For a reply: what produced it and how it ended.
    pub reply: Option<ReplyFacts>,
}

/// What is known of a reply beyond its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReplyFacts {
    /// The visitor's message it answers.
    pub answers: Option<MessageId>,
    /// Provider that produced it (`claude`, `openai`, …).
    pub provider: String,
    /// Model that produced it.
    pub model: String,
    /// How it ended; none while it runs.
    pub finish_reason: Option<FinishReason>,
    /// Why it failed, if it did.
    pub failure: Option<FailureCode>,
    /// Tokens.
    pub usage: Usage,
    /// What the visitor thinks of it, if they said so.
    pub feedback: Option<Feedback>,
    /// Questions to go on with, as the model has them.
    pub suggestions: Vec<String>,
    /// Whether the model needs the visitor's contact details.
    pub asks_contact: bool,
    /// Tools that were used.
    pub steps: Vec<Step>,
    /// Numbers of the text, as written there, that no query found.
    pub unverified: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_trimmed_and_counted_in_characters() {
        assert_eq!(MessageText::parse("  héé \n", 3).map(|text| text.0), Ok("héé".to_owned()));
        assert_eq!(
            MessageText::parse("four", 3),
            Err(MessageTextError::TooLong { chars: 4, max: 3 })
        );
    }

    #[test]
    fn blank_and_nul_are_refused() {
        assert_eq!(MessageText::parse(" \n\t ", 10), Err(MessageTextError::Empty));
        assert_eq!(MessageText::parse("a\0b", 10), Err(MessageTextError::Nul));
    }

    #[test]
    fn an_error_keeps_what_was_said() {
        assert_eq!(FinishReason::Error.status(true), MessageStatus::Interrupted);
        assert_eq!(FinishReason::Error.status(false), MessageStatus::Failed);
    }

    #[test]
    fn words_read_back() {
        assert_eq!("blocked".parse(), Ok(MessageStatus::Blocked));
        assert!("Blocked".parse::<MessageStatus>().is_err());
    }
}
