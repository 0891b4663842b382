//! Conversations as the owner lists and reads them.

use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::feedback::Rating;
use crate::domain::id::SessionId;
use crate::domain::message::Message;
use crate::domain::session::Session;
use crate::store::page::Cursor;
use crate::store::usage::ModelUsage;

/// Which conversations to list. What is not set does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Words that a message, or what its visitor told, holds: all of them, in any order; a
    /// last one of four letters or more also as the beginning of a word. Any text is fine; without a word in it nothing is found.
    pub words: Option<String>,
    /// Slug of the bot.
    pub bot: Option<String>,
    /// A reply of it is rated so.
    pub rating: Option<Rating>,
    /// A reply of it failed.
    pub failed: bool,
    /// It has files.
    pub with_files: bool,
    /// Its visitor told something.
    pub with_details: bool,
    /// Last active at or after; with `words`: the message was said at or after.
    pub from: Option<Timestamp>,
    /// Last active before; with `words`: the message was said before.
    pub to: Option<Timestamp>,
}

/// The page on which a conversation was last seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSeen {
    /// Its title, as the page says; may be empty.
    pub title: String,
    /// Its address, as the page says; may be empty, and anything but an address.
    pub url: String,
}

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationRow {
    /// Its session.
    pub session: SessionId,
    /// Slug of the bot.
    pub bot: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When its visitor last did anything.
    pub last_activity: Timestamp,
    /// Messages its visitor can see.
    pub message_count: u64,
    /// How its first question begins, or what stands around the words looked for; at most 160
    /// characters, on one line.
    pub question: String,
    /// What its visitor told.
    pub details: Details,
    /// The host page's name for its user.
    pub user_identifier: Option<String>,
    /// Where it was last seen.
    pub page: Option<PageSeen>,
    /// Replies with a thumb up.
    pub thumbs_up: u64,
    /// Replies with a thumb down.
    pub thumbs_down: u64,
    /// Replies that failed.
    pub failures: u64,
    /// Files.
    pub files: u64,
    /// What its replies took, those that a new try replaced among them.
    pub usage: Vec<ModelUsage>,
    /// Whether a reply is being produced.
    pub is_running: bool,
}

/// A message as the owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct TranscriptMessage {
    /// The message.
    pub message: Message,
    /// A new try took its place: its visitor no longer sees it.
    pub is_replaced: bool,
    /// For a reply: when its first word came, if that is known.
    pub first_word_at: Option<Timestamp>,
    /// For a reply: when it ended, if that is known.
    pub ended_at: Option<Timestamp>,
    /// For a reply: when staff settled it.
    pub settled_at: Option<Timestamp>,
}

/// A page of a conversation as the owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// The conversation.
    pub session: Session,
    /// Oldest first, with those that a new try replaced.
    pub messages: Vec<TranscriptMessage>,
    /// Where the page of older ones begins.
    pub older: Option<Cursor>,
}
