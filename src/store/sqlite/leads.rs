//! Visitors who told something about themselves.

use rusqlite::{Connection, Row, params};

use crate::domain::clock::Timestamp;
use crate::store::sqlite::rows::{self, impossible};
use crate::store::sqlite::words::Query;
use crate::store::{Cursor, Lead, Page, PageRequest, StoreResult};

/// Cursors of the whole list, and of a search.
const ALL: char = 'l';
const FOUND: char = 'm';

/// Visitors who hold the words and are looked at before a page is cut.
const LOOKED_AT: u32 = 2000;

/// Those who told it last first.
pub(super) fn all(db: &Connection, page: &PageRequest) -> StoreResult<Page<Lead>> {
    let after = page.after.as_ref().and_then(|cursor| cursor.place::<2>(ALL));
    let [time, before] = after.unwrap_or([i64::MAX, i64::MAX]);
    let mut statement = db.prepare_cached(
        "select key, id, bot, details_at, details
         from sessions
         where details is not null and (details_at, key) < (?1, ?2)
         order by details_at desc, key desc
         limit ?3",
    )?;
    let mut rows = statement.query(params![time, before, i64::from(page.limit) + 1])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, lead(row)?));
    }
    let place = |(key, lead): &(i64, Lead)| Cursor::of(ALL, &[lead.at.as_ms(), *key]);
    Ok(Page::of(found, page.limit, place).map(|(_, lead)| lead))
}

/// A row of key, id, bot, details_at and details.
fn lead(row: &Row<'_>) -> StoreResult<Lead> {
    let (key, session): (i64, String) = (row.get(0)?, row.get(1)?);
    let (at, details): (Option<i64>, Option<String>) = (row.get(3)?, row.get(4)?);
    Ok(Lead {
        session: session.parse().map_err(|why| impossible("sessions", "id", key, why))?,
        bot: row.get(2)?,
        at: Timestamp::from_ms(at.unwrap_or_default()),
        details: rows::details(key, details.as_deref())?,
    })
}

/// A page of visitors whose details hold the words.
pub(super) fn found(db: &Connection, text: &str, page: &PageRequest) -> StoreResult<Page<Lead>> {
    let Some(query) = Query::of(text) else { return Ok(Page::empty()) };
    let after = page.after.as_ref().and_then(|cursor| cursor.place::<1>(FOUND));
    let [mut last] = after.unwrap_or([i64::MAX]);
    let mut statement = db.prepare_cached(
        "select sessions.key, id, bot, details_at, details
         from visitor_words
         join sessions on sessions.key = visitor_words.rowid
         where visitor_words match ?1 and visitor_words.rowid < ?2
         order by visitor_words.rowid desc
         limit ?3",
    )?;
    let mut rows = statement.query(params![query.expression, last, LOOKED_AT])?;
    let (mut leads, mut looked_at) = (Vec::new(), 0);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    while let Some(row) = rows.next()? {
        if leads.len() >= limit {
            return Ok(Page {
                items: leads,
                next: Some(Cursor::of(FOUND, &[last])),
                is_cut: false,
            });
        }
        looked_at += 1;
        last = row.get(0)?;
        if row.get::<_, Option<String>>(4)?.is_none() {
            continue;
        }
        leads.push(lead(row)?);
    }
    let is_cut = looked_at >= LOOKED_AT;
    Ok(Page { items: leads, next: is_cut.then(|| Cursor::of(FOUND, &[last])), is_cut })
}
