//! Looking for words in messages and in what visitors told.
//!
//! A search goes back from the newest message in pieces, until the page is full or it has looked
//! for long enough: a word may stand in a million messages, and two in none of them together.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::store::sqlite::conversations::{Found, READ_CHARS, Wanted, excerpt};
use crate::store::sqlite::message_keys::keys_said;
use crate::store::sqlite::words::Query;
use crate::store::{ConversationFilter, Cursor, Page, PageRequest, StoreResult};

/// Cursors of what visitors told, and of messages.
const TOLD: char = 'd';
const SAID: char = 's';

/// Messages that the first piece of a search covers; each next one four times as many, as long as
/// that is quick.
const PIECE: i64 = 10_000;
const LARGEST_PIECE: i64 = 400_000;
const QUICK: Duration = Duration::from_millis(3);

/// Messages that hold the words and are looked at before a page is cut.
const LOOKED_AT: usize = 2000;

/// Matches before this page that are looked at for conversations that stood on a page already.
const LOOKED_BACK_AT: u32 = 5000;

/// How long a search may begin another piece.
const LOOKED_FOR: Duration = Duration::from_millis(15);

/// A page of conversations that hold the words.
pub(super) fn conversations(
    db: &Connection,
    text: &str,
    filter: &ConversationFilter,
    page: &PageRequest,
) -> StoreResult<Page<Found>> {
    if let Ok(id) = text.trim().parse() {
        return of_session(db, id, filter);
    }
    let Some(query) = Query::of(text) else { return Ok(Page::empty()) };
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let mut search = Search {
        db,
        query: &query,
        wanted: Wanted::by(filter),
        filter,
        found: Vec::new(),
        seen: HashSet::new(),
        limit,
        looked_at: 0,
        begins_at: None,
        before: OnceCell::new(),
    };
    let told = page.after.as_ref().and_then(|cursor| cursor.place::<1>(TOLD));
    let said = page.after.as_ref().and_then(|cursor| cursor.place::<1>(SAID));
    search.begins_at = told.or(said).map(|_| said.map_or(i64::MAX, |[before]| before));
    if said.is_none() {
        let [before] = told.unwrap_or([i64::MAX]);
        if let Some((last, is_cut)) = search.look_at_visitors(before)? {
            return Ok(search.page(Some(Cursor::of(TOLD, &[last])), is_cut));
        }
    }
    let next = search.look_at_messages(said.map(|[before]| before))?;
    let is_cut = next.is_some() && search.found.len() < limit;
    Ok(search.page(next.map(|last| Cursor::of(SAID, &[last])), is_cut))
}

fn of_session(
    db: &Connection,
    id: SessionId,
    filter: &ConversationFilter,
) -> StoreResult<Page<Found>> {
    let found = db
        .prepare_cached("select key, marks, bot from sessions where id = ?1")?
        .query_row([id.to_string()], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        })
        .optional()?;
    let wanted = Wanted::by(filter);
    let found = found.filter(|(_, marks, bot)| wanted.takes(*marks, bot));
    let items = found.map(|(session, _, _)| Found { session, excerpt: None });
    Ok(Page { items: items.into_iter().collect(), ..Page::empty() })
}

/// A search for one page.
struct Search<'a> {
    db: &'a Connection,
    query: &'a Query,
    wanted: Wanted<'a>,
    filter: &'a ConversationFilter,
    found: Vec<Found>,
    seen: HashSet<i64>,
    limit: usize,
    looked_at: usize,
    /// On a page that is not the first: the message before which it begins.
    begins_at: Option<i64>,
    before: OnceCell<PagesBefore>,
}

/// What matched before this page.
struct PagesBefore {
    /// Sessions whose visitor told the words.
    told: HashSet<i64>,
    /// Messages.
    said: HashSet<i64>,
}

impl Search<'_> {
    fn page(self, next: Option<Cursor>, is_cut: bool) -> Page<Found> {
        Page { items: self.found, next, is_cut }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// Sessions whose visitor told the words, before this one. Answers the last one looked at and
    /// whether that is enough looking, if there may be more.
    fn look_at_visitors(&mut self, before: i64) -> StoreResult<Option<(i64, bool)>> {
        let mut statement = self.db.prepare_cached(
            "select rowid
             from visitor_words
             where visitor_words match ?1 and rowid < ?2
             order by rowid desc",
        )?;
        let mut rows = statement.query(params![self.query.expression, before])?;
        let mut last = before;
        while let Some(row) = rows.next()? {
            if self.is_full() {
                return Ok(Some((last, false)));
            }
            if self.looked_at >= LOOKED_AT {
                return Ok(Some((last, true)));
            }
            last = row.get(0)?;
            self.looked_at += 1;
            let (marks, bot, activity) = self.session(last)?;
            let is_in_time = self.is_in_time(Timestamp::from_ms(activity));
            if is_in_time && self.wanted.takes(marks, &bot) {
                self.found.push(Found { session: last, excerpt: None });
            }
            self.seen.insert(last);
        }
        Ok(None)
    }

    /// Messages that hold the words, before this one. Answers the last one looked at, if there may
    /// be more.
    fn look_at_messages(&mut self, before: Option<i64>) -> StoreResult<Option<i64>> {
        let begun = Instant::now();
        let (first, end) = keys_said(self.db, self.filter.from, self.filter.to)?;
        let mut before = before.unwrap_or(end).min(end);
        let mut piece = if self.query.is_open { i64::MAX } else { PIECE };
        while before > first {
            let since = begun.elapsed();
            if since >= LOOKED_FOR {
                return Ok(Some(before));
            }
            let from = first.max(before.saturating_sub(piece));
            if let Some(last) = self.look_at_piece(from, before)? {
                return Ok(Some(last));
            }
            before = from;
            if begun.elapsed() < since + QUICK {
                piece = piece.saturating_mul(4).min(LARGEST_PIECE);
            }
        }
        Ok(None)
    }

    fn look_at_piece(&mut self, from: i64, before: i64) -> StoreResult<Option<i64>> {
        let mut statement = self.db.prepare_cached(
            "select rowid
             from message_words
             where message_words match ?1 and rowid >= ?2 and rowid < ?3
             order by rowid desc",
        )?;
        let mut rows = statement.query(params![self.query.expression, from, before])?;
        let mut last = before;
        while let Some(row) = rows.next()? {
            if self.is_full() || self.looked_at >= LOOKED_AT {
                return Ok(Some(last));
            }
            last = row.get(0)?;
            self.looked_at += 1;
            self.look_at_message(last)?;
        }
        Ok(None)
    }

    fn look_at_message(&mut self, key: i64) -> StoreResult<()> {
        let (session, at): (i64, i64) = self
            .db
            .prepare_cached("select session, created_at from messages where key = ?1")?
            .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if !self.seen.insert(session) || !self.is_in_time(Timestamp::from_ms(at)) {
            return Ok(());
        }
        let (marks, bot, _) = self.session(session)?;
        if !self.wanted.takes(marks, &bot) || self.was_on_a_page_before(session)? {
            return Ok(());
        }
        let text: String = self
            .db
            .prepare_cached("select substr(content, 1, ?2) from messages where key = ?1")?
            .query_row(params![key, READ_CHARS], |row| row.get(0))?;
        let excerpt = excerpt(&text, &self.query.words);
        self.found.push(Found { session, excerpt: Some(excerpt) });
        Ok(())
    }

    /// Whether a page before this one had the session: for a newer message, or for its visitor.
    fn was_on_a_page_before(&self, session: i64) -> StoreResult<bool> {
        let Some(begins_at) = self.begins_at else { return Ok(false) };
        let before = match self.before.get() {
            Some(before) => before,
            None => {
                let before = self.pages_before(begins_at)?;
                self.before.get_or_init(|| before)
            }
        };
        if before.told.contains(&session) {
            return Ok(true);
        }
        let mut newer = self.db.prepare_cached(
            "select key, created_at from messages where session = ?1 and key >= ?2",
        )?;
        let mut rows = newer.query([session, begins_at])?;
        while let Some(row) = rows.next()? {
            let (newer, at): (i64, i64) = (row.get(0)?, row.get(1)?);
            if before.said.contains(&newer) && self.is_in_time(Timestamp::from_ms(at)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn pages_before(&self, begins_at: i64) -> StoreResult<PagesBefore> {
        let mut told = self.db.prepare_cached(
            "select rowid
             from visitor_words
             where visitor_words match ?1
             order by rowid desc
             limit ?2",
        )?;
        let mut said = self.db.prepare_cached(
            "select rowid
             from message_words
             where message_words match ?1 and rowid >= ?3
             order by rowid
             limit ?2",
        )?;
        let expression = &self.query.expression;
        let told = told.query_map(params![expression, LOOKED_BACK_AT], |row| row.get(0))?;
        let told = told.collect::<rusqlite::Result<_>>()?;
        let read = params![expression, LOOKED_BACK_AT, begins_at];
        let said = said.query_map(read, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(PagesBefore { told, said })
    }

    fn session(&self, key: i64) -> StoreResult<(i64, String, i64)> {
        let session = self
            .db
            .prepare_cached("select marks, bot, last_activity from sessions where key = ?1")?
            .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(session)
    }

    fn is_in_time(&self, at: Timestamp) -> bool {
        self.filter.from.is_none_or(|from| at >= from) && self.filter.to.is_none_or(|to| at < to)
    }
}
