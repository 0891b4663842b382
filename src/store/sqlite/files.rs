//! Files in SQLite: a row for each, its bytes in pieces that are written and deleted one by one, so
//! that a large file keeps no other write waiting for long.

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::file::File;
use crate::domain::id::{FileId, SessionId};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::rows::{FileRow, impossible};
use crate::store::sqlite::sessions::{SessionKey, note_activity, opened};
use crate::store::{AddedFile, FileQuota, FileStore, NewFile, StoreError, StoreResult};

/// Bytes that one job writes. A job of this size takes a few milliseconds, its fsync included.
const PIECE_BYTES: usize = 256 * 1024;
/// Pieces that one job deletes: each is overwritten with zeros first.
const DELETED_AT_A_TIME: u32 = 4;

/// How a file begins to be stored.
enum Beginning {
    Arriving(i64),
    Refused(AddedFile),
}

fn begin(
    db: &Connection,
    actor: &Actor,
    file: &NewFile,
    quota: FileQuota,
) -> StoreResult<Beginning> {
    let Some(session) = opened(db, actor, file.session)? else {
        return Ok(Beginning::Refused(AddedFile::NoSession));
    };
    let tables = text_of(&file.tables)?;
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let known = i64::try_from(tables.len()).unwrap_or(i64::MAX);
    if let Some(refused) = check(db, session, quota, (size, known))? {
        return Ok(Beginning::Refused(refused));
    }
    db.prepare_cached(
        "insert into files
         (session, id, name, kind, shape, size_bytes, uploaded_at, tables, state)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'arriving')",
    )?
    .execute(params![
        session.0,
        file.id.to_string(),
        file.name.as_str(),
        file.kind.as_str(),
        text_of(&file.shape)?,
        size,
        file.now.as_ms(),
        tables,
    ])?;
    let key = db.last_insert_rowid();
    note_activity(db, session, file.now)?;
    Ok(Beginning::Arriving(key))
}

fn text_of(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Internal(format!("write a file's tables: {error}")))
}

/// Why a file of this size and so much known of it cannot be kept. Files that are still arriving
/// count, or several at once would pass together.
fn check(
    db: &Connection,
    session: SessionKey,
    quota: FileQuota,
    (size, known): (i64, i64),
) -> StoreResult<Option<AddedFile>> {
    let (files, bytes): (i64, i64) = db
        .prepare_cached(
            "select count(*), coalesce(sum(size_bytes), 0)
             from files
             where session = ?1 and state in ('arriving', 'kept')",
        )?
        .query_row([session.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let total: i64 = db
        .prepare_cached("select stored_bytes from file_totals")?
        .query_row([], |row| row.get(0))?;
    let exceeds = |sum: i64, most: u64| u64::try_from(sum).is_ok_and(|sum| sum > most);
    Ok(if exceeds(files.saturating_add(1), quota.session_files) {
        Some(AddedFile::TooMany)
    } else if exceeds(bytes.saturating_add(size), quota.session_bytes) {
        Some(AddedFile::SessionFull)
    } else if exceeds(total.saturating_add(size).saturating_add(known), quota.total_bytes) {
        Some(AddedFile::StoreFull)
    } else {
        None
    })
}

/// Writes one piece; `false` if the file is gone, with its session.
fn write_piece(db: &Connection, file: i64, number: usize, bytes: &[u8]) -> StoreResult<bool> {
    let written = db
        .prepare_cached(
            "insert into file_pieces (file, number, bytes)
             select key, ?2, ?3
             from files
             where key = ?1 and state = 'arriving'",
        )?
        .execute(params![file, i64::try_from(number).unwrap_or(i64::MAX), bytes])?;
    Ok(written > 0)
}

fn set_state(db: &Connection, file: i64, from: &str, to: &str) -> StoreResult<bool> {
    let changed = db
        .prepare_cached("update files set state = ?3 where key = ?1 and state = ?2")?
        .execute(params![file, from, to])?;
    Ok(changed > 0)
}

/// Hides all files of the session; they are to be swept. Answers how many there were.
pub(super) fn dismiss_of(db: &Connection, session: SessionKey) -> StoreResult<usize> {
    let dismissed = db
        .prepare_cached(
            "update files set state = 'leaving' where session = ?1 and state <> 'leaving'",
        )?
        .execute([session.0])?;
    Ok(dismissed)
}

fn dismiss(db: &Connection, session: SessionKey, id: FileId) -> StoreResult<usize> {
    let dismissed = db
        .prepare_cached(
            "update files
             set state = 'leaving'
             where session = ?1 and id = ?2 and state = 'kept'",
        )?
        .execute(params![session.0, id.to_string()])?;
    Ok(dismissed)
}

/// Deletes a few pieces of files that leave, then the files that have none. Whether any are left.
fn sweep(db: &Connection) -> StoreResult<bool> {
    let gone = db
        .prepare_cached(
            "delete from file_pieces
             where key in (
                 select file_pieces.key
                 from files
                 join file_pieces on file_pieces.file = files.key
                 where files.state = 'leaving'
                 limit ?1
             )",
        )?
        .execute([DELETED_AT_A_TIME])?;
    if gone > 0 {
        return Ok(true);
    }
    db.prepare_cached("delete from files where state = 'leaving'")?.execute([])?;
    Ok(false)
}

fn list(db: &Connection, session: SessionKey) -> StoreResult<Vec<File>> {
    let columns = FileRow::COLUMNS;
    let mut statement = db.prepare_cached(&format!(
        "select {columns}
         from files
         where session = ?1 and state = 'kept'
         order by key"
    ))?;
    let rows = statement.query_map([session.0], FileRow::read)?;
    rows.map(|row| row?.try_into()).collect()
}

fn read_bytes(db: &Connection, session: SessionKey, id: FileId) -> StoreResult<Option<Bytes>> {
    let found: Option<(i64, i64)> = db
        .prepare_cached(
            "select key, size_bytes
             from files
             where session = ?1 and id = ?2 and state = 'kept'",
        )?
        .query_row(params![session.0, id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((file, size)) = found else { return Ok(None) };
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let mut statement =
        db.prepare_cached("select bytes from file_pieces where file = ?1 order by number")?;
    let mut pieces = statement.query([file])?;
    while let Some(piece) = pieces.next()? {
        bytes.extend_from_slice(piece.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    if i64::try_from(bytes.len()) != Ok(size) {
        return Err(impossible("files", "size_bytes", file, "its pieces hold another number"));
    }
    Ok(Some(bytes.into()))
}

impl SqliteStore {
    /// Has files dismissed by `dismiss`, which answers how many, and deletes their bytes for good.
    pub(super) async fn sweep_files(
        &self,
        dismiss: impl Fn(&Connection) -> StoreResult<usize> + Send + 'static,
    ) -> StoreResult<usize> {
        let dismissed = self.writer.run("dismiss_files", dismiss).await?;
        if dismissed > 0 {
            while self.writer.erase("sweep_files", sweep).await? {}
        }
        Ok(dismissed)
    }

    /// Writes the pieces of a file that has begun to arrive; `false` if it was erased meanwhile.
    async fn write_pieces(&self, file: i64, bytes: &Bytes) -> StoreResult<bool> {
        let size = bytes.len();
        for (number, start) in (0..size).step_by(PIECE_BYTES).enumerate() {
            let piece = bytes.slice(start..size.min(start + PIECE_BYTES));
            let write = move |db: &Connection| write_piece(db, file, number, &piece);
            if !self.writer.run("write_file", write).await? {
                return Ok(false);
            }
        }
        self.writer.run("keep_file", move |db| set_state(db, file, "arriving", "kept")).await
    }
}

#[async_trait]
impl FileStore for SqliteStore {
    async fn add_file(
        &self,
        actor: &Actor,
        file: NewFile,
        quota: FileQuota,
    ) -> StoreResult<AddedFile> {
        let (actor, bytes) = (*actor, file.bytes.clone());
        let begun = self.writer.run("add_file", move |db| begin(db, &actor, &file, quota)).await?;
        let key = match begun {
            Beginning::Arriving(key) => key,
            Beginning::Refused(refused) => return Ok(refused),
        };
        match self.write_pieces(key, &bytes).await {
            Ok(true) => Ok(AddedFile::Added),
            Ok(false) => Ok(AddedFile::NoSession),
            Err(error) => {
                let take_back = move |db: &Connection| {
                    set_state(db, key, "arriving", "leaving").map(usize::from)
                };
                // If this fails too, the next start does it.
                let _swept = self.sweep_files(take_back).await;
                Err(error)
            }
        }
    }

    async fn files(&self, actor: &Actor, session: SessionId) -> StoreResult<Option<Vec<File>>> {
        let actor = *actor;
        self.readers
            .run("files", move |db| {
                opened(db, &actor, session)?.map(|key| list(db, key)).transpose()
            })
            .await
    }

    async fn file_bytes(
        &self,
        actor: &Actor,
        session: SessionId,
        id: FileId,
    ) -> StoreResult<Option<Bytes>> {
        let actor = *actor;
        self.readers
            .run("file_bytes", move |db| match opened(db, &actor, session)? {
                Some(key) => read_bytes(db, key, id),
                None => Ok(None),
            })
            .await
    }

    async fn delete_file(
        &self,
        actor: &Actor,
        session: SessionId,
        id: FileId,
    ) -> StoreResult<bool> {
        let actor = *actor;
        let dismissed = self.sweep_files(move |db| match opened(db, &actor, session)? {
            Some(key) => dismiss(db, key, id),
            None => Ok(0),
        });
        Ok(dismissed.await? > 0)
    }

    async fn delete_unfinished_files(&self) -> StoreResult<u64> {
        let unfinished = |db: &Connection| {
            let changed = db
                .prepare_cached("update files set state = 'leaving' where state <> 'kept'")?
                .execute([])?;
            Ok(changed)
        };
        Ok(u64::try_from(self.sweep_files(unfinished).await?).unwrap_or(u64::MAX))
    }
}
