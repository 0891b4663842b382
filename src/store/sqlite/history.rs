//! Pages of a conversation, newest page first; and clearing it.

use rusqlite::{Connection, Params, params};

use crate::domain::clock::Timestamp;
use crate::domain::message::Message;
use crate::store::sqlite::messages::count;
use crate::store::sqlite::rows::MessageRow;
use crate::store::sqlite::sessions::{SessionKey, load, note_activity};
use crate::store::{History, HistoryPage, StoreResult};

/// How much of the messages to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// All there is.
    Whole,
    /// What was said, without the steps.
    Said,
}

/// The page, oldest message first.
pub(super) fn read_page(
    db: &Connection,
    session: SessionKey,
    page: HistoryPage,
    detail: Detail,
) -> StoreResult<History> {
    let columns = match detail {
        Detail::Whole => MessageRow::COLUMNS,
        Detail::Said => MessageRow::COLUMNS_WITHOUT_STEPS,
    };
    // One more than asked for, to learn whether older ones exist.
    let limit = i64::from(page.limit) + 1;
    let mut messages = match page.before {
        None => collect(
            db,
            &format!(
                "select {columns}
                 from messages
                 where session = ?1 and replaced = 0
                 order by key desc
                 limit ?2"
            ),
            params![session.0, limit],
        )?,
        Some(before) => collect(
            db,
            &format!(
                "select {columns}
                 from messages
                 where session = ?1 and replaced = 0
                 and key < (select key from messages where session = ?1 and id = ?3)
                 order by key desc
                 limit ?2"
            ),
            params![session.0, limit, before.to_string()],
        )?,
    };
    let asked = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let has_more = messages.len() > asked;
    messages.truncate(asked);
    messages.reverse();
    let session = load(db, session)?;
    Ok(History { message_count: session.message_count, session, messages, has_more })
}

/// Deletes what no running reply needs. Answers how many of those the visitor could see.
pub(super) fn clear(db: &Connection, session: SessionKey, now: Timestamp) -> StoreResult<u64> {
    let before = count(db, session)?;
    db.prepare_cached(
        "with running as (
             select id, answers from messages where session = ?1 and status = 'streaming'
         )
         delete from messages
         where session = ?1
         and id not in (
             select id from running
             union all
             select answers from running where answers is not null
         )",
    )?
    .execute([session.0])?;
    db.prepare_cached(
        "update sessions
         set message_count =
             (select count(*) from messages where session = ?1 and replaced = 0)
         where key = ?1",
    )?
    .execute([session.0])?;
    note_activity(db, session, now)?;
    Ok(before.saturating_sub(count(db, session)?))
}

fn collect(db: &Connection, sql: &str, params: impl Params) -> StoreResult<Vec<Message>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, MessageRow::read)?;
    rows.map(|row| row?.try_into()).collect()
}
