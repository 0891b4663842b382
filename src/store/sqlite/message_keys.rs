//! Which messages were said when: keys grow with time, so no index of times is needed.

use rusqlite::{Connection, OptionalExtension as _};

use crate::domain::clock::Timestamp;
use crate::store::StoreResult;

/// The keys of messages that may have been said at or after `from` and before `to`: the first, and
/// the one behind the last. Where the clock has jumped, there are others among them.
pub(super) fn keys_said(
    db: &Connection,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> StoreResult<(i64, i64)> {
    let (lowest, highest): (i64, i64) = db
        .prepare_cached(
            "select (select coalesce(min(key), 0) from messages),
                 (select coalesce(max(key), 0) from messages)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let all = (lowest, highest.saturating_add(1));
    let first = from.map_or(Ok(all.0), |from| first_since(db, from, all))?;
    let end = to.map_or(Ok(all.1), |to| first_since(db, to, all))?;
    Ok((first, end))
}

/// The first key of a message said at or after that instant.
fn first_since(
    db: &Connection,
    at: Timestamp,
    (mut low, mut high): (i64, i64),
) -> StoreResult<i64> {
    let mut statement = db.prepare_cached(
        "select key, created_at from messages where key >= ?1 order by key limit 1",
    )?;
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(i64, i64)> =
            statement.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((key, said)) if said < at.as_ms() => low = key + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
