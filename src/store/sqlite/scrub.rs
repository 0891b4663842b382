//! Wiping erased bytes off the disk: SQLite zeroes them in the file (`secure_delete`), but the
//! write-ahead log keeps older pages until it is folded into the file and cut to nothing.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::store::StoreResult;

/// How long an erasing caller waits for readers that still need the log.
const WAIT_FOR_READERS: Duration = Duration::from_millis(50);

/// When to try again if they did need it.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Free pages handed back to the file system at a time.
const PAGES_HANDED_BACK: u32 = 1024;

/// Remembers whether erased bytes are still in the log.
#[derive(Default)]
pub(super) struct Scrubber {
    due: Option<Instant>,
    last: Option<Instant>,
}

impl Scrubber {
    /// How long until the next try is due; `None` if nothing waits to be wiped.
    pub(super) fn time_left(&self) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(Instant::now()))
    }

    pub(super) fn scrub_if_due(&mut self, db: &Connection) {
        if self.due.is_some_and(|due| due <= Instant::now()) {
            self.scrub(db);
        }
    }

    /// Asks for a scrub because the disk is full: every write, even a deletion, needs room in the
    /// log, and folding it makes some. Not more often than a failing writer should cost.
    pub(super) fn make_room(&mut self) {
        let soonest = self.last.map_or_else(Instant::now, |last| last + RETRY_AFTER);
        self.due.get_or_insert(soonest);
    }

    /// Hands free pages back and empties the log, or notes that it is still to be done.
    pub(super) fn scrub(&mut self, db: &Connection) {
        self.last = Some(Instant::now());
        let emptied = hand_back_pages(db).and_then(|()| empty_log(db, WAIT_FOR_READERS));
        self.due = match emptied {
            Ok(true) => None,
            Ok(false) => Some(Instant::now() + RETRY_AFTER),
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log could not be emptied; erased text may stay in it for a while");
                Some(Instant::now() + RETRY_AFTER)
            }
        };
    }

    /// Folds the log into the file and closes the connection.
    pub(super) fn finish(self, db: Connection) {
        let emptied = empty_log(&db, Duration::from_secs(1));
        let closed = db.close().map_err(|(_, error)| error.into());
        if let Err(error) = emptied.and(closed) {
            tracing::warn!(%error, "the database did not close cleanly; it recovers at the next start");
        }
    }
}

/// Folds the write-ahead log into the file and cuts it to nothing, so that nothing erased stays
/// behind in it. `false` if readers or another process need it.
pub(super) fn empty_log(db: &Connection, wait: Duration) -> StoreResult<bool> {
    db.busy_timeout(wait)?;
    let is_busy: bool =
        db.prepare_cached("pragma wal_checkpoint(truncate)")?.query_row([], |row| row.get(0))?;
    Ok(!is_busy)
}

fn hand_back_pages(db: &Connection) -> StoreResult<()> {
    db.busy_timeout(WAIT_FOR_READERS)?;
    let mut statement = db.prepare(&format!("pragma incremental_vacuum({PAGES_HANDED_BACK})"))?;
    let mut pages = statement.query([])?;
    // Each step frees one page.
    while pages.next()?.is_some() {}
    Ok(())
}
