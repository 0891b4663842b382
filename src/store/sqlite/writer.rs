//! The one thread that writes: takes all waiting jobs, commits them together, then answers each.
//!
//! A commit costs an fsync, which many callers share here: each job runs in a savepoint of one
//! transaction, so a job that fails takes back only its own changes. A caller that goes away does
//! not take its job back; what it asked for is still written.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::store::sqlite::scrub::Scrubber;
use crate::store::{StoreError, StoreResult};

/// Jobs that share one transaction at most: bounds how long the first waits for the last.
const MAX_BATCH: usize = 256;

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

enum Order {
    Write(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// Something to write, and whoever waits for it.
trait Job: Send {
    /// Does the work and keeps its outcome. Whether its changes shall stay.
    fn run(&mut self, db: &Connection) -> bool;
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, committed: &StoreResult<()>);
    /// When its caller has waited long enough for somebody else's lock.
    fn deadline(&self) -> Instant;
    /// Whether it removed what must not be found on the disk afterwards.
    fn has_erased(&self) -> bool;
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
        let thread = WriterThread {
            db,
            queue,
            commits: Arc::clone(&commits),
            scrubber: Scrubber::default(),
        };
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

/// How a batch went.
enum Attempt {
    /// It is committed; each job knows its own outcome.
    Committed,
    /// Nothing of it is stored.
    Failed(StoreError),
    /// SQLite gave up the whole transaction because of one job.
    Lost(StoreError),
}

struct WriterThread {
    db: Connection,
    queue: Receiver<Order>,
    commits: Arc<AtomicU64>,
    scrubber: Scrubber,
}

impl WriterThread {
    fn serve(mut self) {
        let closing = OnceLock::new();
        while closing.get().is_none() {
            let first = match self.scrubber.time_left() {
                None => self.queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(left) => self.queue.recv_timeout(left),
            };
            match first {
                Ok(order) => {
                    let batch = self.collect(order, &closing);
                    self.write(batch);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.scrubber.scrub_if_due(&self.db);
        }
        self.scrubber.finish(self.db);
        if let Some(done) = closing.into_inner() {
            let _ = done.send(());
        }
    }

    /// `first` and everything that waits behind it, up to an order to close.
    fn collect(&self, first: Order, closing: &OnceLock<oneshot::Sender<()>>) -> Vec<Box<dyn Job>> {
        let mut batch = Vec::new();
        let mut next = Some(first);
        while let Some(order) = next {
            match order {
                Order::Write(job) => batch.push(job),
                Order::Close(done) => {
                    let _ = closing.set(done);
                    break;
                }
            }
            next = if batch.len() < MAX_BATCH { self.queue.try_recv().ok() } else { None };
        }
        batch
    }

    fn write(&mut self, mut batch: Vec<Box<dyn Job>>) {
        let committed = match self.attempt(&mut batch) {
            Attempt::Committed => Ok(()),
            // One job's failure must not become its neighbours': each gets its own transaction.
            Attempt::Lost(_) if batch.len() > 1 => {
                return batch.into_iter().for_each(|job| self.write(vec![job]));
            }
            Attempt::Failed(error) | Attempt::Lost(error) => Err(error),
        };
        if committed.is_ok() && batch.iter().any(|job| job.has_erased()) {
            self.scrubber.scrub(&self.db);
        }
        for job in batch {
            job.answer(&committed);
        }
    }

    fn attempt(&self, batch: &mut [Box<dyn Job>]) -> Attempt {
        let Some(deadline) = batch.iter().map(|job| job.deadline()).min() else {
            return Attempt::Committed;
        };
        let result = self.begin(deadline).and_then(|()| match batch {
            [job] => Ok(job.run(&self.db)),
            jobs => self.run_each(jobs).map(|()| true),
        });
        match result {
            Ok(_) if self.db.is_autocommit() => {
                Attempt::Lost(StoreError::Internal("the transaction was given up".to_owned()))
            }
            Ok(true) => match self.execute("commit") {
                Ok(()) => {
                    self.commits.fetch_add(1, Ordering::Relaxed);
                    Attempt::Committed
                }
                Err(error) => self.roll_back(Attempt::Failed(error)),
            },
            Ok(false) => self.roll_back(Attempt::Committed),
            Err(error) => self.roll_back(Attempt::Failed(error)),
        }
    }

    /// Takes the write lock, waiting for it no longer than the batch's oldest caller would.
    fn begin(&self, deadline: Instant) -> StoreResult<()> {
        self.db.busy_timeout(deadline.saturating_duration_since(Instant::now()))?;
        self.execute("begin immediate")
    }

    fn run_each(&self, jobs: &mut [Box<dyn Job>]) -> StoreResult<()> {
        for job in jobs {
            self.execute("savepoint job")?;
            let keep = job.run(&self.db);
            if self.db.is_autocommit() {
                break;
            }
            if !keep {
                self.execute("rollback to job")?;
            }
            self.execute("release job")?;
        }
        Ok(())
    }

    fn roll_back(&self, attempt: Attempt) -> Attempt {
        if self.db.is_autocommit() {
            return attempt;
        }
        match self.execute("rollback") {
            Ok(()) => attempt,
            Err(error) => Attempt::Failed(error),
        }
    }

    fn execute(&self, sql: &str) -> StoreResult<()> {
        self.db.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}
