//! The callers' end of the one thread that writes: a bounded queue of jobs and their answers.
//!
//! A caller that goes away does not take its job back; what it asked for is still written.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::store::sqlite::batch::{Job, Order, WriterThread};
use crate::store::{StoreError, StoreResult};

/// How long a caller waits for a place in a full queue.
const WAIT_FOR_PLACE: Duration = Duration::from_millis(100);

/// The callers' end of the writer thread.
pub(super) struct Writer {
    orders: Sender<Order>,
    /// One permit per place in the queue; each job holds its own until it is answered.
    places: Arc<Semaphore>,
    busy_timeout: Duration,
    commits: Arc<AtomicU64>,
}

struct Work<T, F> {
    work: F,
    outcome: Option<StoreResult<T>>,
    caller: oneshot::Sender<StoreResult<T>>,
    deadline: Instant,
    is_erasure: bool,
    has_erased: bool,
    _place: OwnedSemaphorePermit,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: Fn(&Connection) -> StoreResult<T> + Send,
{
    fn run(&mut self, db: &Connection) -> bool {
        // A panic must not end the thread that everybody's writes depend on. Nothing of the job
        // is used after one but its outcome, and its changes are rolled back.
        let changes = db.total_changes();
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(db)))
            .unwrap_or_else(|_| Err(StoreError::Internal("the job panicked".to_owned())));
        self.has_erased = self.is_erasure && db.total_changes() != changes;
        self.outcome.insert(outcome).is_ok()
    }

    fn answer(self: Box<Self>, committed: &StoreResult<()>) {
        let answer = match (self.outcome, committed) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.clone()),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(StoreError::Internal("the job did not run".to_owned())),
        };
        // The caller may have gone away; what it asked for is done all the same.
        let _ = self.caller.send(answer);
    }

    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn has_erased(&self) -> bool {
        self.has_erased
    }
}

impl Writer {
    /// Starts the thread, which owns `db` from now on.
    pub(super) fn start(
        db: Connection,
        queue_capacity: usize,
        busy_timeout: Duration,
    ) -> StoreResult<Self> {
        let (orders, queue) = channel();
        let commits = Arc::new(AtomicU64::new(0));
        let thread = WriterThread::new(db, queue, Arc::clone(&commits));
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || thread.serve())
            .map_err(|error| StoreError::Internal(format!("start the writer thread: {error}")))?;
        Ok(Self { orders, places: Arc::new(Semaphore::new(queue_capacity)), busy_timeout, commits })
    }

    /// Has `work` done in a transaction; resolves after its commit. The work is run again if a
    /// neighbour's failure took the whole transaction down.
    pub(super) async fn run<T, F>(&self, what: &'static str, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> StoreResult<T> + Send + 'static,
    {
        self.submit(false, work).await.map_err(|error| error.during(what))
    }

    /// Like [`Self::run`] for work that deletes: afterwards the old bytes are wiped off the
    /// write-ahead log as well, at once or as soon as readers allow.
    pub(super) async fn erase<T, F>(&self, what: &'static str, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> StoreResult<T> + Send + 'static,
    {
        self.submit(true, work).await.map_err(|error| error.during(what))
    }

    async fn submit<T, F>(&self, is_erasure: bool, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> StoreResult<T> + Send + 'static,
    {
        let place = self.place().await?;
        let (caller, answer) = oneshot::channel();
        let deadline = Instant::now() + self.busy_timeout;
        let job = Work {
            work,
            outcome: None,
            caller,
            deadline,
            is_erasure,
            has_erased: false,
            _place: place,
        };
        self.orders.send(Order::Write(Box::new(job))).map_err(|_| closed())?;
        // Unanswered: it came after the order to close, so it was not done.
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    async fn place(&self) -> StoreResult<OwnedSemaphorePermit> {
        let wait = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(WAIT_FOR_PLACE, wait).await {
            Ok(place) => place.map_err(|_| closed()),
            Err(_) => Err(StoreError::Busy("too many writes are waiting".to_owned())),
        }
    }

    /// How many transactions were committed so far.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Writes what is waiting, refuses what comes later, closes the connection.
    pub(super) async fn close(&self) {
        self.places.close();
        let (done, closed) = oneshot::channel();
        if self.orders.send(Order::Close(done)).is_ok() {
            let _ = closed.await;
        }
    }
}

fn closed() -> StoreError {
    StoreError::Busy("the database is closed".to_owned())
}
