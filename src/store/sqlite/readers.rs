//! Reading: a few read-only connections, opened when first needed, used on the blocking pool.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::sqlite::file::failed;
use crate::store::sqlite::keep_plans;
use crate::store::{Room, StoreError, StoreResult};

/// The callers' end of the read-only connections.
pub(super) struct Readers {
    shared: Arc<Shared>,
    /// One permit per connection.
    permits: Arc<Semaphore>,
    count: usize,
}

struct Shared {
    path: PathBuf,
    busy_timeout: Duration,
    /// Connections nobody uses now. Locked for a push or a pop, never while reading or awaiting.
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, count: usize, busy_timeout: Duration) -> Self {
        let shared = Shared { path, busy_timeout, idle: Mutex::new(Vec::new()) };
        Self { shared: Arc::new(shared), permits: Arc::new(Semaphore::new(count)), count }
    }

    /// Has `work` done on one snapshot of the database, inside the caller's span.
    pub(super) async fn run<T, F>(&self, what: &'static str, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    {
        let permit = self.permit().await.map_err(|error| error.during(what))?;
        let shared = Arc::clone(&self.shared);
        let span = tracing::Span::current();
        let read = tokio::task::spawn_blocking(move || {
            let answer = span.in_scope(|| shared.read(work));
            drop(permit);
            answer
        });
        match read.await {
            Ok(answer) => answer.map_err(|error| error.during(what)),
            Err(error) => Err(StoreError::Internal(format!("{what}: {error}"))),
        }
    }

    async fn permit(&self) -> StoreResult<OwnedSemaphorePermit> {
        let wait = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(self.shared.busy_timeout, wait).await {
            Ok(permit) => permit.map_err(|_| StoreError::Busy("the database is closed".to_owned())),
            Err(_) => Err(StoreError::Busy("too many reads are waiting".to_owned())),
        }
    }

    /// How much room the database takes and has. Its files are looked at, never opened: closing
    /// one would drop the locks that connections of this process hold.
    pub(super) async fn room(&self) -> StoreResult<Room> {
        let (path, readers) = (self.shared.path.clone(), self.count);
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        self.run("room", move |_| {
            Ok(Room {
                file_bytes: std::fs::metadata(&path).map_err(failed)?.len(),
                log_bytes: std::fs::metadata(log).map_or(0, |file| file.len()),
                free_bytes: rustix::fs::statvfs(&path)
                    .ok()
                    .map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
                readers,
            })
        })
        .await
    }

    /// Waits for the reads that run, refuses later ones, closes the connections.
    pub(super) async fn close(&self) {
        let all = u32::try_from(self.count).unwrap_or(u32::MAX);
        let wait = self.permits.acquire_many(all);
        let _all = tokio::time::timeout(self.shared.busy_timeout, wait).await;
        self.permits.close();
        self.shared.idle.lock().clear();
    }
}

impl Shared {
    fn read<T>(&self, work: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        let idle = self.idle.lock().pop();
        let db = match idle {
            Some(db) => db,
            None => self.open()?,
        };
        db.prepare_cached("begin")?.execute([])?;
        let answer = work(&db);
        db.prepare_cached("rollback")?.execute([])?;
        self.idle.lock().push(db);
        answer
    }

    fn open(&self) -> StoreResult<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&self.path, flags)?;
        db.busy_timeout(self.busy_timeout)?;
        keep_plans(&db)?;
        db.execute_batch(
            "pragma query_only = on;
             pragma cache_size = -1000;
             pragma mmap_size = 0;
             pragma trusted_schema = off;",
        )?;
        Ok(db)
    }
}
