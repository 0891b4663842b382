//! A client's view of one reply: live, or from disk with the same events.

use std::collections::VecDeque;

use crate::domain::id::SessionId;
use crate::domain::message::{FailureCode, FinishReason, Message, MessageStatus};
use crate::service::ServiceError;
use crate::service::turn::reply::Failure;
use crate::service::turn::running::{Follower, ReplyEnd, ReplyEvent, ReplyStart};

/// The events of a reply from some byte on.
pub enum Following {
    /// While it is produced.
    Live(Follower),
    /// After its end.
    Stored(VecDeque<ReplyEvent>),
}

impl Following {
    /// The next event; `None` after the end.
    pub async fn next(&mut self) -> Option<ReplyEvent> {
        match self {
            Self::Live(follower) => follower.next().await,
            Self::Stored(events) => events.pop_front(),
        }
    }
}

/// The events of an ended reply from byte `offset` on.
///
/// # Errors
/// The offset lies within a character, or behind the end of a complete reply. Behind the end of
/// an interrupted one is fine: a crash may have kept less than was shown.
pub fn stored(
    session: SessionId,
    message: Message,
    offset: usize,
    (provider_name, message_count): (String, u64),
) -> Result<Following, ServiceError> {
    let rest = match message.content.get(offset..) {
        Some(rest) => rest.to_owned(),
        None if offset > message.content.len() && message.status != MessageStatus::Complete => {
            String::new()
        }
        None => return Err(ServiceError::InvalidOffset),
    };
    let facts = message.reply.unwrap_or_default();
    let start = ReplyStart {
        reply: message.id,
        message: facts.answers,
        session,
        provider: facts.provider.clone(),
        provider_name: provider_name.clone(),
        model: facts.model.clone(),
        at: message.created_at,
    };
    let end = ReplyEnd {
        reason: facts.finish_reason.unwrap_or(FinishReason::Interrupted),
        status: message.status,
        failure: failure_of(message.status, facts.failure),
        usage: facts.usage,
        provider: facts.provider,
        provider_name,
        model: facts.model,
        message_count,
        at: message.created_at,
        suggestions: facts.suggestions,
        asks_contact: facts.asks_contact,
        unverified: facts.unverified,
    };
    let mut events = VecDeque::from([ReplyEvent::Started(start)]);
    if !rest.is_empty() {
        events.push_back(ReplyEvent::Delta { text: rest, offset: message.content.len() });
    }
    events.extend(facts.steps.into_iter().map(ReplyEvent::Tool));
    events.push_back(ReplyEvent::Ended(end));
    Ok(Following::Stored(events))
}

fn failure_of(status: MessageStatus, code: Option<FailureCode>) -> Option<Failure> {
    match status {
        MessageStatus::Interrupted | MessageStatus::Failed => {
            Some(Failure::new(code.unwrap_or(FailureCode::ReplyInterrupted)))
        }
        _ => code.map(Failure::new),
    }
}
