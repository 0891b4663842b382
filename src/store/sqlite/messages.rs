//! Messages and turns in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::{FinishReason, Message, MessageStatus, Role};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::history::{Detail, clear, read_page};
use crate::store::sqlite::rows::{self, MessageRow};
use crate::store::sqlite::sessions::{SessionKey, note_activity, opened};
use crate::store::sqlite::usage;
use crate::store::{
    BeginTurn, BegunTurn, Conversation, FinishTurn, History, HistoryPage, MessageStore,
    PartialReply, StoreError, StoreResult,
};

fn begin(db: &Connection, actor: &Actor, turn: &BeginTurn) -> StoreResult<BegunTurn> {
    let Some(session) = opened(db, actor, turn.session)? else { return Ok(BegunTurn::NoSession) };
    if let Some(reply) = find(db, session, turn.reply)? {
        return Ok(BegunTurn::Joined(Box::new(reply)));
    }
    if let Some(reply) = running(db, session)? {
        return Ok(BegunTurn::Running(reply));
    }
    let hidden = match turn.replaces {
        Some(reply) => hide_try(db, session, reply)?,
        None => 0,
    };
    insert_pair(db, session, turn)?;
    let count: i64 = db
        .prepare_cached(
            "update sessions
             set last_activity = max(last_activity, ?2), message_count = message_count + 2 - ?3
             where key = ?1
             returning message_count",
        )?
        .query_row(params![session.0, turn.now.as_ms(), hidden], |row| row.get(0))?;
    if count + hidden == 2 {
        usage::record_beginning(db, session, turn)?;
    }
    Ok(BegunTurn::Started)
}

fn find(db: &Connection, session: SessionKey, id: MessageId) -> StoreResult<Option<Message>> {
    let columns = MessageRow::COLUMNS;
    db.prepare_cached(&format!("select {columns} from messages where session = ?1 and id = ?2"))?
        .query_row(params![session.0, id.to_string()], MessageRow::read)
        .optional()?
        .map(Message::try_from)
        .transpose()
}

fn running(db: &Connection, session: SessionKey) -> StoreResult<Option<MessageId>> {
    let id: Option<String> = db
        .prepare_cached("select id from messages where session = ?1 and status = 'streaming'")?
        .query_row([session.0], |row| row.get(0))
        .optional()?;
    id.map(|id| id.parse())
        .transpose()
        .map_err(|_| StoreError::Internal("a running reply's id is not a UUID".to_owned()))
}

/// Hides an ended reply and the message it answers. Answers how many messages that hid.
fn hide_try(db: &Connection, session: SessionKey, reply: MessageId) -> StoreResult<i64> {
    let hidden = db
        .prepare_cached(
            "with try as (
                 select id, answers
                 from messages
                 where session = ?1 and id = ?2
                 and role = 'assistant' and status <> 'streaming'
             )
             update messages
             set replaced = 1
             where session = ?1 and replaced = 0
             and id in (select id from try union all select answers from try)",
        )?
        .execute(params![session.0, reply.to_string()])?;
    Ok(i64::try_from(hidden).unwrap_or(i64::MAX))
}

fn insert_pair(db: &Connection, session: SessionKey, turn: &BeginTurn) -> StoreResult<()> {
    let message = turn.message.to_string();
    let now = turn.now.as_ms();
    db.prepare_cached(
        "insert into messages (session, id, role, content, status, created_at)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        session.0,
        message,
        Role::User.as_str(),
        turn.text,
        MessageStatus::Complete.as_str(),
        now,
    ])?;
    db.prepare_cached(
        "insert into messages
         (session, id, role, content, status, created_at, answers, provider, model)
         values (?1, ?2, ?3, '', ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        session.0,
        turn.reply.to_string(),
        Role::Assistant.as_str(),
        MessageStatus::Streaming.as_str(),
        now,
        message,
        turn.provider,
        turn.model,
    ])?;
    Ok(())
}

fn save(
    db: &Connection,
    session: SessionId,
    reply: MessageId,
    partial: &PartialReply,
) -> StoreResult<()> {
    let Some(session) = opened(db, &Actor::System, session)? else { return Ok(()) };
    let steps = partial.steps.as_deref().map(rows::list).transpose()?.flatten();
    db.prepare_cached(
        "update messages
         set content = ?3, steps = coalesce(?4, steps)
         where session = ?1 and id = ?2 and status = 'streaming'",
    )?
    .execute(params![session.0, reply.to_string(), partial.text, steps])?;
    Ok(())
}

fn finish(db: &Connection, end: &FinishTurn) -> StoreResult<u64> {
    if end.status == MessageStatus::Streaming {
        return Err(StoreError::Internal("a turn cannot end as streaming".to_owned()));
    }
    let Some(session) = opened(db, &Actor::System, end.session)? else { return Ok(0) };
    let begun_at: Option<i64> = db
        .prepare_cached(
            "update messages
             set content = ?3, status = ?4, provider = ?5, model = ?6,
                 finish_reason = ?7, failure = ?8,
                 input_tokens = ?9, output_tokens = ?10, cached_input_tokens = ?11,
                 suggestions = ?12, asks_contact = ?13,
                 steps = ?14, unverified = ?15, first_word_at = ?16, ended_at = ?17
             where session = ?1 and id = ?2 and status = 'streaming'
             returning created_at",
        )?
        .query_row(
            params![
                session.0,
                end.reply.to_string(),
                end.text,
                end.status.as_str(),
                end.provider,
                end.model,
                end.finish_reason.as_str(),
                end.failure.map(|code| code.as_str()),
                stored(end.usage.input_tokens),
                stored(end.usage.output_tokens),
                stored(end.usage.cached_input_tokens),
                rows::list(&end.suggestions)?,
                end.asks_contact,
                rows::list(&end.steps)?,
                rows::list(&end.unverified)?,
                end.first_word_at.map(Timestamp::as_ms),
                end.now.as_ms(),
            ],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(begun_at) = begun_at {
        usage::record_end(db, session, end, Timestamp::from_ms(begun_at))?;
        note_activity(db, session, end.now)?;
    }
    count(db, session)
}

/// SQLite's integers have a sign; no vendor reports a number that does not fit.
fn stored(tokens: Option<u64>) -> Option<i64> {
    tokens.map(|tokens| i64::try_from(tokens).unwrap_or(i64::MAX))
}

/// How many messages of the session the visitor can see.
pub(super) fn count(db: &Connection, session: SessionKey) -> StoreResult<u64> {
    let count = db
        .prepare_cached("select message_count from sessions where key = ?1")?
        .query_row([session.0], |row| row.get(0))?;
    rows::count("sessions", "message_count", session.0, count)
}

fn interrupt_all(db: &Connection) -> StoreResult<u64> {
    usage::record_orphans(db)?;
    let interrupted = db
        .prepare_cached(
            "update messages
             set status = ?1, finish_reason = ?2
             where status = 'streaming'",
        )?
        .execute([MessageStatus::Interrupted.as_str(), FinishReason::Interrupted.as_str()])?;
    Ok(u64::try_from(interrupted).unwrap_or(u64::MAX))
}

#[async_trait]
impl MessageStore for SqliteStore {
    async fn begin_turn(&self, actor: &Actor, turn: BeginTurn) -> StoreResult<BegunTurn> {
        let actor = *actor;
        self.writer.run("begin_turn", move |db| begin(db, &actor, &turn)).await
    }

    async fn save_partial(
        &self,
        session: SessionId,
        reply: MessageId,
        partial: PartialReply,
    ) -> StoreResult<()> {
        self.writer.run("save_partial", move |db| save(db, session, reply, &partial)).await
    }

    async fn finish_turn(&self, end: FinishTurn) -> StoreResult<u64> {
        self.writer.run("finish_turn", move |db| finish(db, &end)).await
    }

    async fn history(
        &self,
        actor: &Actor,
        session: SessionId,
        page: HistoryPage,
    ) -> StoreResult<Option<History>> {
        let actor = *actor;
        self.readers
            .run("history", move |db| {
                opened(db, &actor, session)?
                    .map(|key| read_page(db, key, page, Detail::Whole))
                    .transpose()
            })
            .await
    }

    async fn conversation(
        &self,
        actor: &Actor,
        session: SessionId,
        limit: u32,
        reply: Option<MessageId>,
    ) -> StoreResult<Option<Conversation>> {
        let actor = *actor;
        self.readers
            .run("conversation", move |db| {
                let Some(key) = opened(db, &actor, session)? else { return Ok(None) };
                let history =
                    read_page(db, key, HistoryPage { limit, before: None }, Detail::Said)?;
                let known = reply.map(|id| find(db, key, id)).transpose()?.flatten();
                Ok(Some(Conversation { history, known }))
            })
            .await
    }

    async fn message(
        &self,
        actor: &Actor,
        session: SessionId,
        id: MessageId,
    ) -> StoreResult<Option<Message>> {
        let actor = *actor;
        self.readers
            .run("message", move |db| match opened(db, &actor, session)? {
                Some(key) => find(db, key, id),
                None => Ok(None),
            })
            .await
    }

    async fn clear_history(
        &self,
        actor: &Actor,
        session: SessionId,
        now: Timestamp,
    ) -> StoreResult<Option<u64>> {
        let actor = *actor;
        self.writer
            .erase("clear_history", move |db| {
                opened(db, &actor, session)?.map(|key| clear(db, key, now)).transpose()
            })
            .await
    }

    async fn interrupt_orphaned_replies(&self) -> StoreResult<u64> {
        self.writer.run("interrupt_orphaned_replies", interrupt_all).await
    }
}
