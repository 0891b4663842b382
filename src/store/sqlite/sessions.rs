//! Sessions in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde_json::Value;

use crate::domain::account::AccountId;
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::details::{DetailChanges, Details};
use crate::domain::id::SessionId;
use crate::domain::session::{Session, SessionConfig};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::files;
use crate::store::sqlite::rows::{self, SessionRow};
use crate::store::{NewSession, SessionStats, SessionStore, StoreError, StoreResult};

/// Sessions deleted by one clean-up call.
const STALE_AT_A_TIME: u32 = 200;

/// A session's place in the tables. It can only be had by [`opened`], so whoever holds one has
/// shown that the actor may touch the session.
#[derive(Debug, Clone, Copy)]
pub(super) struct SessionKey(pub(super) i64);

/// The session, if it exists and the actor may touch it. Every way from a session's id to a row
/// leads through here.
pub(super) fn opened(
    db: &Connection,
    actor: &Actor,
    id: SessionId,
) -> StoreResult<Option<SessionKey>> {
    let token = match actor {
        Actor::Visitor { token: Some(hash) } => Some(hash.as_bytes().as_slice()),
        _ => None,
    };
    let account = actor.account().map(AccountId::number);
    let key = db
        .prepare_cached(
            "select key
             from sessions
             where id = ?1
             and (?2
                 or account is ?3
                 and (account is not null or token_hash is null or token_hash = ?4))",
        )?
        .query_row(params![id.to_string(), actor.sees_all(), account, token], |row| row.get(0))
        .optional()?;
    Ok(key.map(SessionKey))
}

/// Notes that something happened in the session. Activity never moves back.
pub(super) fn note_activity(db: &Connection, key: SessionKey, now: Timestamp) -> StoreResult<()> {
    db.prepare_cached(
        "update sessions
         set last_activity = max(last_activity, ?2)
         where key = ?1",
    )?
    .execute(params![key.0, now.as_ms()])?;
    Ok(())
}

fn insert(db: &Connection, session: &NewSession) -> StoreResult<()> {
    db.prepare_cached(
        "insert into sessions
         (id, bot, user_identifier, config, token_hash, account, created_at, last_activity)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
    )?
    .execute(params![
        session.id.to_string(),
        session.bot,
        session.user_identifier,
        text_of(&session.config)?,
        session.token.as_ref().map(|hash| hash.as_bytes().as_slice()),
        session.account.map(AccountId::number),
        session.now.as_ms(),
    ])?;
    Ok(())
}

/// The session at that place.
pub(super) fn load(db: &Connection, key: SessionKey) -> StoreResult<Session> {
    let columns = SessionRow::COLUMNS;
    db.prepare_cached(&format!("select {columns} from sessions where key = ?1"))?
        .query_row([key.0], SessionRow::read)?
        .try_into()
}

fn merge(
    db: &Connection,
    key: SessionKey,
    changes: &SessionConfig,
    now: Timestamp,
) -> StoreResult<SessionConfig> {
    let text: String = db
        .prepare_cached("select config from sessions where key = ?1")?
        .query_row([key.0], |row| row.get(0))?;
    let mut config = rows::config(key.0, &text)?;
    for (name, value) in changes {
        match value {
            Value::Null => config.remove(name),
            value => config.insert(name.clone(), value.clone()),
        };
    }
    db.prepare_cached("update sessions set config = ?2 where key = ?1")?
        .execute(params![key.0, text_of(&config)?])?;
    note_activity(db, key, now)?;
    Ok(config)
}

fn merge_details(
    db: &Connection,
    key: SessionKey,
    changes: &DetailChanges,
    now: Timestamp,
) -> StoreResult<Details> {
    let text: Option<String> = db
        .prepare_cached("select details from sessions where key = ?1")?
        .query_row([key.0], |row| row.get(0))?;
    let mut details = rows::details(key.0, text.as_deref())?;
    for (name, change) in changes {
        match change {
            None => details.remove(name),
            Some(text) => details.insert(name.clone(), text.clone()),
        };
    }
    let text = if details.is_empty() { None } else { Some(text_of(&details)?) };
    db.prepare_cached(
        "update sessions
         set details = ?2, details_at = ?3
         where key = ?1",
    )?
    .execute(params![key.0, text, text.as_ref().map(|_| now.as_ms())])?;
    note_activity(db, key, now)?;
    Ok(details)
}

fn text_of(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Internal(format!("write a session: {error}")))
}

fn stats(db: &Connection, since: Timestamp) -> StoreResult<SessionStats> {
    let (total, active) = db
        .prepare_cached(
            "select
             (select count(*) from sessions),
             (select count(*) from sessions where last_activity >= ?1)",
        )?
        .query_row([since.as_ms()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(SessionStats {
        total: rows::count("sessions", "count(*)", 0, total)?,
        active: rows::count("sessions", "count(*)", 0, active)?,
    })
}

/// The sessions that one clean-up call deletes.
const STALE: &str =
    "select key from sessions where message_count = 0 and last_activity < ?1 and account is null
     union
     select key from sessions where last_activity < ?2 and account is null
     limit ?3";

fn delete_stale(
    db: &Connection,
    empty_before: Timestamp,
    any_before: Option<Timestamp>,
) -> StoreResult<u64> {
    let (empty, any) = (empty_before.as_ms(), any_before.map(Timestamp::as_ms));
    let gone = db
        .prepare_cached(&format!("delete from sessions where key in ({STALE})"))?
        .execute(params![empty, any, STALE_AT_A_TIME])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

/// Their files go ahead of them, as many at a time as nobody has to wait for.
fn dismiss_files_of_stale(
    db: &Connection,
    empty_before: Timestamp,
    any_before: Option<Timestamp>,
) -> StoreResult<usize> {
    let (empty, any) = (empty_before.as_ms(), any_before.map(Timestamp::as_ms));
    let dismissed = db
        .prepare_cached(&format!(
            "update files
             set state = 'leaving'
             where state = 'kept' and session in ({STALE})"
        ))?
        .execute(params![empty, any, STALE_AT_A_TIME])?;
    Ok(dismissed)
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create_session(&self, session: NewSession) -> StoreResult<()> {
        self.writer.run("create_session", move |db| insert(db, &session)).await
    }

    async fn session(&self, actor: &Actor, id: SessionId) -> StoreResult<Option<Session>> {
        let actor = *actor;
        self.readers
            .run("session", move |db| opened(db, &actor, id)?.map(|key| load(db, key)).transpose())
            .await
    }

    async fn touch_session(
        &self,
        actor: &Actor,
        id: SessionId,
        now: Timestamp,
    ) -> StoreResult<bool> {
        let actor = *actor;
        self.writer
            .run("touch_session", move |db| {
                let key = opened(db, &actor, id)?;
                key.map(|key| note_activity(db, key, now)).transpose()?;
                Ok(key.is_some())
            })
            .await
    }

    async fn merge_config(
        &self,
        actor: &Actor,
        id: SessionId,
        changes: SessionConfig,
        now: Timestamp,
    ) -> StoreResult<Option<SessionConfig>> {
        let actor = *actor;
        self.writer
            .run("merge_config", move |db| {
                opened(db, &actor, id)?.map(|key| merge(db, key, &changes, now)).transpose()
            })
            .await
    }

    async fn merge_details(
        &self,
        actor: &Actor,
        id: SessionId,
        changes: DetailChanges,
        now: Timestamp,
    ) -> StoreResult<Option<Details>> {
        let actor = *actor;
        self.writer
            .run("merge_details", move |db| {
                opened(db, &actor, id)?.map(|key| merge_details(db, key, &changes, now)).transpose()
            })
            .await
    }

    async fn erase_session(&self, actor: &Actor, id: SessionId) -> StoreResult<bool> {
        let actor = *actor;
        let files = move |db: &Connection| {
            let key = opened(db, &actor, id)?;
            key.map(|key| files::dismiss_of(db, key)).transpose().map(Option::unwrap_or_default)
        };
        self.sweep_files(files).await?;
        self.writer
            .erase("erase_session", move |db| {
                let Some(key) = opened(db, &actor, id)? else { return Ok(false) };
                db.prepare_cached("delete from sessions where key = ?1")?.execute([key.0])?;
                Ok(true)
            })
            .await
    }

    async fn session_stats(&self, since: Timestamp) -> StoreResult<SessionStats> {
        self.readers.run("session_stats", move |db| stats(db, since)).await
    }

    async fn delete_stale_sessions(
        &self,
        empty_before: Timestamp,
        any_before: Option<Timestamp>,
    ) -> StoreResult<u64> {
        let stale = move |db: &Connection| dismiss_files_of_stale(db, empty_before, any_before);
        self.sweep_files(stale).await?;
        self.writer
            .erase("delete_stale_sessions", move |db| delete_stale(db, empty_before, any_before))
            .await
    }
}
