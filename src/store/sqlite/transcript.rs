//! A conversation as the owner reads it: with what a new try replaced, and when what happened.

use rusqlite::{Connection, params};

use crate::domain::clock::Timestamp;
use crate::store::sqlite::rows::MessageRow;
use crate::store::sqlite::sessions::{SessionKey, load};
use crate::store::{Cursor, Page, PageRequest, StoreResult, Transcript, TranscriptMessage};

const CURSOR: char = 't';

/// The page, oldest message first.
pub(super) fn read(
    db: &Connection,
    session: SessionKey,
    page: &PageRequest,
) -> StoreResult<Transcript> {
    let columns = MessageRow::COLUMNS;
    let after = page.after.as_ref().and_then(|cursor| cursor.place::<1>(CURSOR));
    let [before] = after.unwrap_or([i64::MAX]);
    let mut statement = db.prepare_cached(&format!(
        "select {columns}, replaced, first_word_at, ended_at, settled_at
         from messages
         where session = ?1 and key < ?2
         order by key desc
         limit ?3"
    ))?;
    let mut rows = statement.query(params![session.0, before, i64::from(page.limit) + 1])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let instant = |name: &str| -> StoreResult<Option<Timestamp>> {
            Ok(row.get::<_, Option<i64>>(name)?.map(Timestamp::from_ms))
        };
        let key: i64 = row.get(0)?;
        let message = TranscriptMessage {
            is_replaced: row.get("replaced")?,
            first_word_at: instant("first_word_at")?,
            ended_at: instant("ended_at")?,
            settled_at: instant("settled_at")?,
            message: MessageRow::read(row)?.try_into()?,
        };
        found.push((key, message));
    }
    let page = Page::of(found, page.limit, |(key, _)| Cursor::of(CURSOR, &[*key]));
    let Page { items, next: older, .. } = page.map(|(_, message)| message);
    let messages = items.into_iter().rev().collect();
    Ok(Transcript { session: load(db, session)?, messages, older })
}
