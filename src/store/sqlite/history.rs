//! Pages of a conversation, newest page first.

use rusqlite::{Connection, Params, params};

use crate::domain::message::Message;
use crate::store::sqlite::rows::MessageRow;
use crate::store::sqlite::sessions::{SessionKey, load};
use crate::store::{History, HistoryPage, StoreResult};

/// The page, oldest message first.
pub(super) fn read_page(
    db: &Connection,
    session: SessionKey,
    page: HistoryPage,
) -> StoreResult<History> {
    let columns = MessageRow::COLUMNS;
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

fn collect(db: &Connection, sql: &str, params: impl Params) -> StoreResult<Vec<Message>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, MessageRow::read)?;
    rows.map(|row| row?.try_into()).collect()
}
