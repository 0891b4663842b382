//! The one thread that writes: takes all waiting jobs, commits them together, then answers each.
//!
//! A commit costs an fsync, which many callers share here: each job runs in a savepoint of one
//! transaction, so a job that fails takes back only its own changes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::store::sqlite::scrub::Scrubber;
use crate::store::{StoreError, StoreResult};

/// Jobs that share one transaction at most: bounds how long the first waits for the last.
const MAX_BATCH: usize = 256;

/// What the thread is told.
pub(super) enum Order {
    /// Do this and tell the caller.
    Write(Box<dyn Job>),
    /// Stop taking orders, close the connection, tell the caller.
    Close(oneshot::Sender<()>),
}

/// Something to write, and whoever waits for it.
pub(super) trait Job: Send {
    /// Does the work and keeps its outcome. Whether its changes shall stay.
    fn run(&mut self, db: &Connection) -> bool;
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, committed: &StoreResult<()>);
    /// When its caller has waited long enough for somebody else's lock.
    fn deadline(&self) -> Instant;
    /// Whether it removed what must not be found on the disk afterwards.
    fn has_erased(&self) -> bool;
    /// Whether it found no room.
    fn is_out_of_room(&self) -> bool;
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

/// The thread's own things.
pub(super) struct WriterThread {
    db: Connection,
    queue: Receiver<Order>,
    commits: Arc<AtomicU64>,
    scrubber: Scrubber,
}

impl WriterThread {
    pub(super) fn new(db: Connection, queue: Receiver<Order>, commits: Arc<AtomicU64>) -> Self {
        Self { db, queue, commits, scrubber: Scrubber::default() }
    }

    /// Takes orders until told to close, or until nobody is left to give any.
    pub(super) fn serve(mut self) {
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
        let is_full = matches!(committed, Err(StoreError::Full(_)));
        if is_full || batch.iter().any(|job| job.is_out_of_room()) {
            self.scrubber.make_room();
        }
        for job in batch {
            job.answer(&committed);
        }
    }

    fn attempt(&self, batch: &mut [Box<dyn Job>]) -> Attempt {
        let Some(deadline) = batch.iter().map(|job| job.deadline()).min() else {
            return Attempt::Committed;
        };
        if let Err(error) = self.begin(deadline) {
            return Attempt::Failed(error);
        }
        let result = match batch {
            [job] => Ok(job.run(&self.db)),
            jobs => self.run_each(jobs).map(|()| true),
        };
        if self.db.is_autocommit() {
            let given_up = || StoreError::Internal("the transaction was given up".to_owned());
            return Attempt::Lost(result.err().unwrap_or_else(given_up));
        }
        match result {
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
