//! Deleting old conversations on request, those of accounts as well.

use rusqlite::{Connection, params};

use crate::domain::clock::Timestamp;
use crate::store::StoreResult;
use crate::store::sqlite::rows::count;

/// Conversations deleted by one call.
const AT_A_TIME: u32 = 50;

/// The next ones to go, the oldest first.
const OLD: &str = "select key
     from sessions
     where last_activity < ?1 and (?2 is null or bot = ?2)
     order by last_activity, key
     limit ?3";

/// How many there are.
pub(super) fn count_before(
    db: &Connection,
    before: Timestamp,
    bot: Option<&str>,
) -> StoreResult<u64> {
    let number: i64 = db
        .prepare_cached(
            "select count(*)
             from sessions
             where last_activity < ?1 and (?2 is null or bot = ?2)",
        )?
        .query_row(params![before.as_ms(), bot], |row| row.get(0))?;
    count("sessions", "count(*)", 0, number)
}

/// Their files go ahead of them, as many at a time as nobody has to wait for.
pub(super) fn dismiss_files(
    db: &Connection,
    before: Timestamp,
    bot: Option<&str>,
) -> StoreResult<usize> {
    let dismissed = db
        .prepare_cached(&format!(
            "update files set state = 'leaving' where state <> 'leaving' and session in ({OLD})"
        ))?
        .execute(params![before.as_ms(), bot, AT_A_TIME])?;
    Ok(dismissed)
}

/// Deletes the next ones.
pub(super) fn delete(db: &Connection, before: Timestamp, bot: Option<&str>) -> StoreResult<u64> {
    let gone = db
        .prepare_cached(&format!("delete from sessions where key in ({OLD})"))?
        .execute(params![before.as_ms(), bot, AT_A_TIME])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}
