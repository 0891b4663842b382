//! Coming back to a reply: following it from any byte on, stopping it.

use crate::domain::actor::Actor;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::{FailureCode, FinishReason, Message, MessageStatus, Role};
use crate::files::export;
use crate::service::turn::Turns;
use crate::service::turn::following::{self, Following};
use crate::service::{ServiceError, ServiceResult};
use crate::store::FinishTurn;

impl Turns {
    /// Follows a reply from byte `offset` on, live or from disk.
    ///
    /// # Errors
    /// No such reply for this actor, an offset that is no place in it, or no database.
    pub async fn resume(
        &self,
        actor: &Actor,
        session: SessionId,
        reply: MessageId,
        offset: usize,
    ) -> ServiceResult<Following> {
        let session = self.parts.sessions.readable(actor, session).await?;
        if let Some(live) = self.running.get(session.id, reply)
            && live.has_begun().await
        {
            if !live.has_boundary(offset) {
                return Err(ServiceError::InvalidOffset);
            }
            return Ok(Following::Live(live.follow(offset)));
        }
        let message = self.reply(actor, session.id, reply).await?;
        self.stored((session.id, session.message_count), message, offset)
    }

    /// What a step found, as CSV that no spreadsheet takes for formulas, and a name for the file.
    ///
    /// # Errors
    /// No such step for this actor, it found nothing, or no database.
    pub async fn step_csv(
        &self,
        actor: &Actor,
        session: SessionId,
        (reply, step): (MessageId, &str),
    ) -> ServiceResult<(String, String)> {
        let session = self.parts.sessions.readable(actor, session).await?;
        let steps = match self.running.get(session.id, reply) {
            Some(live) if live.has_begun().await => live.snapshot().steps.all().to_vec(),
            _ => self.reply(actor, session.id, reply).await?.reply.unwrap_or_default().steps,
        };
        let step =
            steps.into_iter().find(|own| own.id == step).ok_or(ServiceError::StepNotFound)?;
        let found = step.evidence.ok_or(ServiceError::StepNotFound)?.result;
        Ok((csv_name(step.source.as_deref(), &step.id), export::csv(&found)))
    }

    /// Stops a running reply and waits until what was said is on disk; answers where it stands.
    ///
    /// # Errors
    /// No such reply for this actor, or no database.
    pub async fn stop(
        &self,
        actor: &Actor,
        session: SessionId,
        reply: MessageId,
    ) -> ServiceResult<MessageStatus> {
        let session = self.parts.sessions.readable(actor, session).await?;
        if let Some(live) = self.running.get(session.id, reply) {
            live.stop.cancel();
            let mut follower = live.follow(usize::MAX);
            while follower.next().await.is_some() {}
        }
        Ok(self.reply(actor, session.id, reply).await?.status)
    }

    /// Stops whatever the session is producing and waits for it: before its messages are deleted.
    pub async fn stop_all_of(&self, session: SessionId) {
        if let Some(live) = self.running.stop(session) {
            let mut follower = live.follow(usize::MAX);
            while follower.next().await.is_some() {}
        }
    }

    /// The stored reply; one that nobody produces any more is interrupted first.
    async fn reply(
        &self,
        actor: &Actor,
        session: SessionId,
        reply: MessageId,
    ) -> ServiceResult<Message> {
        let message = self.parts.store.message(actor, session, reply).await?;
        let message = message
            .filter(|message| message.role == Role::Assistant)
            .ok_or(ServiceError::ReplyNotFound)?;
        let is_orphan = message.status == MessageStatus::Streaming
            && self.running.get(session, reply).is_none();
        if !is_orphan {
            return Ok(message);
        }
        self.interrupt_orphan(session, message).await?;
        let message = self.parts.store.message(actor, session, reply).await?;
        message.ok_or(ServiceError::ReplyNotFound)
    }

    /// Ends a reply that the store believes running with what was saved of it.
    pub(super) async fn interrupt_orphan(
        &self,
        session: SessionId,
        message: Message,
    ) -> ServiceResult<()> {
        tracing::warn!(session.id = %session, reply.id = %message.id, "Orphaned reply interrupted");
        let facts = message.reply.unwrap_or_default();
        let end = FinishTurn {
            session,
            reply: message.id,
            text: message.content,
            provider: facts.provider,
            model: facts.model,
            status: MessageStatus::Interrupted,
            finish_reason: FinishReason::Interrupted,
            failure: Some(FailureCode::ReplyInterrupted),
            usage: facts.usage,
            suggestions: Vec::new(),
            asks_contact: false,
            steps: facts.steps,
            unverified: Vec::new(),
            first_word_at: None,
            now: self.parts.clock.now(),
        };
        self.parts.store.finish_turn(end).await?;
        Ok(())
    }

    /// The events of an ended reply.
    pub(super) fn stored(
        &self,
        (session, message_count): (SessionId, u64),
        reply: Message,
        offset: usize,
    ) -> ServiceResult<Following> {
        if reply.role != Role::Assistant {
            return Err(ServiceError::MessageIdTaken);
        }
        let provider = reply.reply.as_ref().map_or("", |facts| facts.provider.as_str());
        let name = self.parts.models.display_name(provider);
        following::stored(session, reply, offset, (name, message_count))
    }
}

/// `sales.csv`, step 2, is downloaded as `sales-2.csv`.
fn csv_name(source: Option<&str>, step: &str) -> String {
    let is_odd = |c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c);
    let name: String =
        source.unwrap_or_default().chars().filter(|c| !is_odd(*c)).take(80).collect();
    let is_kind = |kind: &str| kind.len() <= 5 && kind.chars().all(|c| c.is_ascii_alphanumeric());
    let stem = match name.rsplit_once('.') {
        Some((stem, kind)) if is_kind(kind) => stem,
        _ => &name,
    };
    match stem.trim_matches(['.', ' ']) {
        "" => format!("data-{step}.csv"),
        stem => format!("{stem}-{step}.csv"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_is_named_after_what_was_looked_at() {
        for (source, name) in [
            (Some("sales.csv"), "sales-2.csv"),
            (Some("Umsätze 2024.final.csv"), "Umsätze 2024.final-2.csv"),
            (Some("../../etc/passwd"), "etcpasswd-2.csv"),
            (Some("\r\nX: y\".csv"), "X y-2.csv"),
            (Some("..."), "data-2.csv"),
            (None, "data-2.csv"),
        ] {
            assert_eq!(csv_name(source, "2"), name);
        }
    }
}
