//! The record of what was done, in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::domain::account::{AccountId, AuditEntry};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::store::StoreResult;
use crate::store::audit::{AuditPage, AuditStore, NewAuditEntry};
use crate::store::sqlite::SqliteStore;

/// Entries deleted by one call.
const DELETED_AT_A_TIME: u32 = 500;

fn note(db: &Connection, entry: &NewAuditEntry) -> StoreResult<()> {
    db.prepare_cached(
        "insert into audit (at, account, username, action, subject, detail)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        entry.at.as_ms(),
        entry.account.map(AccountId::number),
        entry.username,
        entry.action,
        entry.subject,
        entry.detail,
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get(0)?,
        at: Timestamp::from_ms(row.get(1)?),
        account: row.get::<_, Option<i64>>(2)?.map(AccountId::new),
        username: row.get(3)?,
        action: row.get(4)?,
        subject: row.get(5)?,
        detail: row.get(6)?,
    })
}

fn entries(db: &Connection, page: &AuditPage) -> StoreResult<Vec<AuditEntry>> {
    let of_action = if page.action.is_some() { "and action = ?3" } else { "and ?3 is null" };
    let mut statement = db.prepare_cached(&format!(
        "select key, at, account, username, action, subject, detail
         from audit
         where key < ?1 {of_action}
         order by key desc
         limit ?2"
    ))?;
    let before = page.before.unwrap_or(i64::MAX);
    let rows = statement.query_map(params![before, page.limit, page.action], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn delete(db: &Connection, action: &str, before: Timestamp) -> StoreResult<u64> {
    let gone = db
        .prepare_cached(
            "delete from audit
             where key in (
                 select key from audit
                 where action = ?1 and at < ?2
                 order by key
                 limit ?3)",
        )?
        .execute(params![action, before.as_ms(), DELETED_AT_A_TIME])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

#[async_trait]
impl AuditStore for SqliteStore {
    async fn note(&self, entry: NewAuditEntry) -> StoreResult<()> {
        self.writer.run("note", move |db| note(db, &entry)).await
    }

    async fn audit_entries(&self, actor: &Actor, page: AuditPage) -> StoreResult<Vec<AuditEntry>> {
        if !actor.sees_all() {
            return Ok(Vec::new());
        }
        self.readers.run("audit_entries", move |db| entries(db, &page)).await
    }

    async fn delete_audit_entries(
        &self,
        action: &'static str,
        before: Timestamp,
    ) -> StoreResult<u64> {
        self.writer.run("delete_audit_entries", move |db| delete(db, action, before)).await
    }
}
