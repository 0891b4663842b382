//! Bringing a database file to the schema this program knows, or refusing to touch it.
//! The rules and their reasons are in `migrations/README.md`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::store::sqlite::file;
use crate::store::{StoreError, StoreResult};

/// Marks a SQLite file as Alcove's ("Alcv").
const APPLICATION_ID: i64 = 0x416c_6376;

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The file's name without folder; starts with its number.
    pub name: &'static str,
    /// What it does.
    pub sql: &'static str,
}

/// All steps; the first is number 1. Never change a released one.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_sessions_and_messages.sql",
        sql: include_str!("../../../migrations/sqlite/0001_sessions_and_messages.sql"),
    },
    Migration {
        name: "0002_feedback.sql",
        sql: include_str!("../../../migrations/sqlite/0002_feedback.sql"),
    },
    Migration {
        name: "0003_details.sql",
        sql: include_str!("../../../migrations/sqlite/0003_details.sql"),
    },
    Migration {
        name: "0004_follow_ups.sql",
        sql: include_str!("../../../migrations/sqlite/0004_follow_ups.sql"),
    },
    Migration {
        name: "0005_files.sql",
        sql: include_str!("../../../migrations/sqlite/0005_files.sql"),
    },
    Migration {
        name: "0006_steps.sql",
        sql: include_str!("../../../migrations/sqlite/0006_steps.sql"),
    },
    Migration {
        name: "0007_accounts.sql",
        sql: include_str!("../../../migrations/sqlite/0007_accounts.sql"),
    },
    Migration {
        name: "0008_bots.sql",
        sql: include_str!("../../../migrations/sqlite/0008_bots.sql"),
    },
    Migration {
        name: "0009_statistics_and_search.sql",
        sql: include_str!("../../../migrations/sqlite/0009_statistics_and_search.sql"),
    },
];

/// What the file was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// An empty file.
    Nothing,
    /// Ours, with so many migrations applied.
    Version(usize),
}

/// Looks at the file without changing it.
pub(super) fn inspect(db: &Connection, migrations: &[Migration]) -> StoreResult<Found> {
    let application: i64 = db.query_row("pragma application_id", [], |row| row.get(0))?;
    let version: i64 = db.query_row("pragma user_version", [], |row| row.get(0))?;
    let tables: i64 = db.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if (application, version, tables) == (0, 0, 0) {
        return Ok(Found::Nothing);
    }
    if application != APPLICATION_ID {
        return Err(StoreError::Internal(
            "this file is another program's database; it was not touched, choose another path"
                .to_owned(),
        ));
    }
    match usize::try_from(version) {
        Ok(version) if version <= migrations.len() => Ok(Found::Version(version)),
        _ => Err(StoreError::Internal(format!(
            "the database has schema version {version}, this program knows up to {}: run the \
             newer release, or restore the copy from before its migration",
            migrations.len(),
        ))),
    }
}

/// Applies what is missing, each step in its own transaction. A database that holds something is
/// copied first.
pub(super) fn migrate(db: &Connection, path: &Path, migrations: &[Migration]) -> StoreResult<()> {
    // What was made just now holds nothing, however many steps it takes.
    let holds_something = inspect(db, migrations)? != Found::Nothing;
    let mut copied = None;
    while inspect(db, migrations)? != Found::Version(migrations.len()) {
        db.execute_batch("begin immediate")?;
        let copy_to = holds_something.then_some((path, &mut copied));
        let step = take_step(db, migrations, copy_to);
        if !db.is_autocommit() {
            db.execute_batch("rollback")?;
        }
        step?;
    }
    if let Some(copy) = copied {
        remove_other_copies(path, &copy);
    }
    Ok(())
}

/// Takes the next step and commits. The lock is held already, so that of two processes started
/// at the same moment one copies and migrates, and nothing is written between copy and step.
fn take_step(
    db: &Connection,
    migrations: &[Migration],
    copy_to: Option<(&Path, &mut Option<PathBuf>)>,
) -> StoreResult<()> {
    let version = match inspect(db, migrations)? {
        Found::Nothing => 0,
        Found::Version(version) => version,
    };
    let Some(migration) = migrations.get(version) else { return Ok(()) };
    if let Some((path, copied)) = copy_to
        && copied.is_none()
    {
        let copy = copy(path, version)
            .map_err(|error| error.during("copy the database before migrating it"))?;
        *copied = Some(copy);
    }
    // Both pragmas are fields of the file's first page and part of the transaction.
    let note = format!(
        "pragma application_id = {APPLICATION_ID};
         pragma user_version = {};
         commit",
        version + 1,
    );
    db.execute_batch(migration.sql)
        .and_then(|()| db.execute_batch(&note))
        .map_err(|error| StoreError::from(error).during(migration.name))
}

/// Copies the database beside itself. The copy has its final name only when it is complete.
fn copy(path: &Path, version: usize) -> StoreResult<PathBuf> {
    let copy = beside(path, &format!("{COPY_MARK}{version}"));
    let unfinished = beside(path, ".unfinished-copy");
    let name = unfinished.to_str().ok_or_else(|| {
        StoreError::Internal("the path of the database is not valid UTF-8".to_owned())
    })?;
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(file::failed)?;
    }
    // Made first, so that the copy is as private as the database.
    file::create_private(&unfinished)?;
    // A connection of its own: the one that holds the lock is inside a transaction.
    let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    reader.execute("vacuum into ?1", [name])?;
    File::open(&unfinished).and_then(|file| file.sync_all()).map_err(file::failed)?;
    fs::rename(&unfinished, &copy).map_err(file::failed)?;
    file::sync_folder(&copy)?;
    tracing::info!(file = %copy.display(), "copied the database before migrating it");
    Ok(copy)
}

const COPY_MARK: &str = ".before-migration-from-";

/// The path with `suffix` behind the file's name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Keeps the newest copy only. What cannot be removed stays: that harms nobody.
fn remove_other_copies(path: &Path, newest: &Path) {
    let Some(folder) = newest.parent() else { return };
    let prefix = beside(path, COPY_MARK);
    let Some(prefix) = prefix.file_name().and_then(|name| name.to_str()) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_copy = entry.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
        if is_copy && entry.path() != newest {
            let _ = fs::remove_file(entry.path());
        }
    }
}
