//! The store in one SQLite file: one thread that writes, a few connections that read.

mod accounts;
mod audit;
mod batch;
mod bots;
mod conversations;
mod errors;
mod feedback;
mod file;
mod files;
mod history;
mod leads;
mod message_keys;
mod messages;
pub mod migrate;
mod owner;
mod purge;
mod readers;
mod review;
mod rows;
mod scrub;
mod search;
mod sessions;
mod sign_ins;
mod transcript;
mod usage;
mod words;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::store::sqlite::migrate::{MIGRATIONS, Migration};
pub use crate::store::sqlite::owner::SqliteReader;
use crate::store::sqlite::readers::Readers;
use crate::store::sqlite::writer::Writer;
use crate::store::{Room, Store, StoreError, StoreResult};

/// Older ones can lose writes: a write-ahead log that is reset while another connection begins to
/// write may be folded into the file incompletely.
const OLDEST_SQLITE: i32 = 3_051_003;

const PAGE_BYTES: u64 = 4096;

/// Where the database is and how much it may take.
#[derive(Debug, Clone)]
pub struct SqliteSettings {
    /// The file; it and its folder are made if they do not exist.
    pub path: PathBuf,
    /// How many reads run at the same time.
    pub readers: usize,
    /// How long a call waits for a lock that another process holds.
    pub busy_timeout: Duration,
    /// How many writes may wait; more are refused as busy.
    pub queue_capacity: usize,
    /// How big the file may grow; writes that need more are refused as full.
    pub max_bytes: Option<u64>,
}

impl SqliteSettings {
    /// The settings that suit a server, for the file at `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 2,
            busy_timeout: Duration::from_secs(5),
            queue_capacity: 1024,
            max_bytes: None,
        }
    }
}

/// The store in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the database, makes or migrates it if need be, and starts the thread that writes.
    /// Blocks for as long as a migration takes.
    ///
    /// # Errors
    /// The file cannot be opened, is another program's or a newer release's database, or a
    /// migration failed; the file is then what it was before.
    pub fn open(settings: SqliteSettings) -> StoreResult<Self> {
        Self::open_with(settings, MIGRATIONS)
    }

    /// Opens the database with another list of migrations than this release's: for tests of
    /// migrations that do not exist yet.
    ///
    /// # Errors
    /// See [`Self::open`].
    pub fn open_with(settings: SqliteSettings, migrations: &[Migration]) -> StoreResult<Self> {
        let db = open_writer(&settings, migrations)
            .map_err(|error| error.during(&format!("open {}", settings.path.display())))?;
        let writer = Writer::start(db, settings.queue_capacity, settings.busy_timeout)?;
        let readers = Readers::new(settings.path, settings.readers.max(1), settings.busy_timeout);
        Ok(Self { writer, readers })
    }

    /// How many transactions were committed so far: fewer than writes, since waiting writes
    /// share one.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn check_writable(&self) -> StoreResult<()> {
        self.writer
            .run("check_writable", |db| {
                // A whole page, so that a file that cannot grow is noticed.
                db.prepare_cached("insert into heartbeat values (1, zeroblob(4096))")?
                    .execute([])?;
                db.prepare_cached("delete from heartbeat")?.execute([])?;
                Ok(())
            })
            .await
    }

    async fn room(&self) -> StoreResult<Room> {
        self.readers.room().await
    }

    async fn close(&self) {
        // Readers first: the last connection to close folds the log into the file.
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn open_writer(settings: &SqliteSettings, migrations: &[Migration]) -> StoreResult<Connection> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let version = rusqlite::version();
        return Err(StoreError::Internal(format!("SQLite {version} is too old to be safe")));
    }
    file::create_private(&settings.path)?;
    let db = connect(&settings.path, settings.busy_timeout)?;
    // Before anything is set, since some settings change the file.
    let found = migrate::inspect(&db, migrations)?;
    if found == migrate::Found::Nothing {
        // Only an empty file takes this; it lets free pages be handed back later.
        db.execute_batch("pragma auto_vacuum = incremental")?;
    }
    configure(&db, settings)?;
    migrate::migrate(&db, &settings.path, migrations)?;
    // What was erased right before a crash may still be in the log.
    scrub::empty_log(&db, settings.busy_timeout)?;
    Ok(db)
}

fn connect(path: &Path, busy_timeout: Duration) -> StoreResult<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(busy_timeout)?;
    Ok(db)
}

fn configure(db: &Connection, settings: &SqliteSettings) -> StoreResult<()> {
    let journal: String = db.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    if journal != "wal" {
        return Err(StoreError::Internal(
            "this file system cannot share memory between processes, as SQLite's write-ahead log \
             needs; put the database on a local disk"
                .to_owned(),
        ));
    }
    keep_plans(db)?;
    db.execute_batch(
        "pragma synchronous = full;
         pragma foreign_keys = on;
         pragma secure_delete = on;
         pragma trusted_schema = off;
         pragma journal_size_limit = 4194304;
         pragma cache_size = -2000;
         pragma mmap_size = 0;",
    )?;
    if let Some(bytes) = settings.max_bytes {
        let pages = bytes / PAGE_BYTES;
        db.query_row(&format!("pragma max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}

/// Prepared statements stay prepared. Left to itself, SQLite plans a statement anew each time a
/// limit is bound, which costs more than reading a page of a conversation.
fn keep_plans(db: &Connection) -> StoreResult<()> {
    db.set_prepared_statement_cache_capacity(64);
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
