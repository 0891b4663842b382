//! A session: one conversation of one visitor with one bot.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::domain::account::AccountId;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::id::SessionId;

/// Settings a front end sends with its session: names, looks, page data. Untrusted.
pub type SessionConfig = Map<String, Value>;

/// One conversation, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its public name.
    pub id: SessionId,
    /// Its number, for front ends that know their sessions by one. It opens nothing.
    pub number: i64,
    /// Slug of the bot it talks to.
    pub bot: String,
    /// Free text by which the host page names its user; not proven.
    pub user_identifier: Option<String>,
    /// The front end's settings.
    pub config: SessionConfig,
    /// What its visitor told about themselves.
    pub details: Details,
    /// Whether it opens only with its visitor token.
    pub protected: bool,
    /// The account it belongs to, if any: then it opens for that account only, and does not end.
    pub account: Option<AccountId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its visitor last did anything.
    pub last_activity: Timestamp,
    /// How many messages the visitor can see in it.
    pub message_count: u64,
}

impl Session {
    /// Whether the visitor was away for longer than `timeout`, so that it takes no more messages.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp, timeout: Duration) -> bool {
        self.account.is_none() && self.last_activity < now.minus(timeout)
    }
}
