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

    fn is_out_of_room(&self) -> bool {
        matches!(self.outcome, Some(Err(StoreError::Full(_))))
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::sync_channel;

    use super::*;

    /// A writer over an empty table of names that differ, in memory.
    fn writer(queue_capacity: usize) -> Arc<Writer> {
        let db = Connection::open_in_memory().expect("a database");
        db.execute_batch("create table names (name text not null unique)").expect("a table");
        let writer = Writer::start(db, queue_capacity, Duration::from_secs(5));
        Arc::new(writer.expect("a writer"))
    }

    fn insert(db: &Connection, name: &str) -> StoreResult<()> {
        db.execute("insert into names values (?1)", [name])?;
        Ok(())
    }

    async fn add(writer: &Writer, name: &'static str) -> StoreResult<()> {
        writer.run("add", move |db| insert(db, name)).await
    }

    async fn names(writer: &Writer) -> Vec<String> {
        let read = writer.run("names", |db| {
            let mut statement = db.prepare("select name from names order by name")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<Vec<String>>>()?)
        });
        read.await.expect("names")
    }

    /// Keeps the thread at work until the sender is used, so that what is asked meanwhile waits
    /// and becomes one batch.
    async fn hold(writer: &Arc<Writer>) -> std::sync::mpsc::SyncSender<()> {
        let (begun, has_begun) = oneshot::channel();
        let (release, released) = sync_channel(1);
        let (begun, released) = (Mutex::new(Some(begun)), Mutex::new(released));
        let writer = Arc::clone(writer);
        tokio::spawn(async move {
            let job = writer.run("hold", move |_| {
                let _ = begun.lock().expect("lock").take().expect("first").send(());
                let _ = released.lock().expect("lock").recv();
                Ok(())
            });
            job.await.expect("held");
        });
        has_begun.await.expect("begun");
        release
    }

    /// Asks for all `jobs` while the thread is held, then lets it go on. Tests have one async
    /// thread, so a job that took its place has been sent too when anybody else can look.
    async fn as_one_batch<T: Send + 'static>(
        writer: &Arc<Writer>,
        jobs: Vec<impl Future<Output = StoreResult<T>> + Send + 'static>,
    ) -> Vec<StoreResult<T>> {
        let release = hold(writer).await;
        let queued = writer.places.available_permits() - jobs.len();
        let running: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
        while writer.places.available_permits() > queued {
            tokio::task::yield_now().await;
        }
        release.send(()).expect("released");
        let mut answers = Vec::new();
        for job in running {
            answers.push(job.await.expect("answered"));
        }
        answers
    }

    fn adding(writer: &Arc<Writer>, name: &'static str) -> BoxedJob {
        let writer = Arc::clone(writer);
        Box::pin(async move { add(&writer, name).await })
    }

    fn doing(writer: &Arc<Writer>, work: fn(&Connection) -> StoreResult<()>) -> BoxedJob {
        let writer = Arc::clone(writer);
        Box::pin(async move { writer.run("do", work).await })
    }

    type BoxedJob = std::pin::Pin<Box<dyn Future<Output = StoreResult<()>> + Send>>;

    #[tokio::test]
    async fn waiting_jobs_share_one_commit() {
        let writer = writer(100);
        let jobs = (0..50).map(|_| doing(&writer, insert_count)).collect();
        let answers = as_one_batch(&writer, jobs).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(writer.commits(), 2, "that of the job which held the thread, and theirs");
        assert_eq!(names(&writer).await.len(), 50);
    }

    fn insert_count(db: &Connection) -> StoreResult<()> {
        db.execute("insert into names select count(*) from names", [])?;
        Ok(())
    }

    #[tokio::test]
    async fn a_failing_job_does_not_spoil_its_batch() {
        let writer = writer(100);
        let half_done = |db: &Connection| {
            insert(db, "half")?;
            insert(db, "b")?;
            insert(db, "b")
        };
        let jobs = vec![adding(&writer, "a"), doing(&writer, half_done), adding(&writer, "c")];
        let answers = as_one_batch(&writer, jobs).await;
        assert!(matches!(answers[..], [Ok(()), Err(StoreError::Internal(_)), Ok(())]));
        assert_eq!(names(&writer).await, ["a", "c"]);
    }

    #[tokio::test]
    async fn a_job_that_fails_alone_leaves_nothing() {
        let writer = writer(100);
        let half_done = |db: &Connection| {
            insert(db, "half")?;
            insert(db, "half")
        };
        assert!(doing(&writer, half_done).await.is_err());
        assert!(names(&writer).await.is_empty());
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_the_thread_goes_on() {
        let writer = writer(100);
        let panics = |db: &Connection| {
            insert(db, "half")?;
            panic!("on purpose")
        };
        for alone in [true, false] {
            let others = if alone { vec![] } else { vec![adding(&writer, "a")] };
            let jobs = others.into_iter().chain([doing(&writer, panics)]).collect();
            let answers = as_one_batch(&writer, jobs).await;
            assert!(matches!(answers.last(), Some(Err(StoreError::Internal(_)))), "{answers:?}");
        }
        assert_eq!(names(&writer).await, ["a"]);
    }

    #[tokio::test]
    async fn a_job_that_loses_the_transaction_does_not_lose_its_neighbours() {
        let writer = writer(100);
        let loses = |db: &Connection| {
            insert(db, "half")?;
            // As SQLite does by itself when the disk is full.
            db.execute_batch("rollback")?;
            Err(StoreError::Full("on purpose".to_owned()))
        };
        let jobs = vec![adding(&writer, "a"), doing(&writer, loses), adding(&writer, "c")];
        let answers = as_one_batch(&writer, jobs).await;
        assert!(matches!(answers[..], [Ok(()), Err(StoreError::Full(_)), Ok(())]), "{answers:?}");
        assert_eq!(names(&writer).await, ["a", "c"]);
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_at_once_and_takes_jobs_again_later() {
        let writer = writer(3);
        let release = hold(&writer).await;
        let waiting: Vec<_> =
            ["a", "b"].into_iter().map(|name| tokio::spawn(adding(&writer, name))).collect();
        while writer.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let begun = Instant::now();
        assert!(matches!(add(&writer, "c").await, Err(StoreError::Busy(_))));
        assert!(begun.elapsed() < Duration::from_secs(1));
        release.send(()).expect("released");
        for job in waiting {
            job.await.expect("answered").expect("written");
        }
        add(&writer, "d").await.expect("written");
        assert_eq!(names(&writer).await, ["a", "b", "d"]);
    }

    #[tokio::test]
    async fn closing_writes_what_waits_and_refuses_what_comes_later() {
        let writer = writer(100);
        let release = hold(&writer).await;
        let waiting = tokio::spawn(adding(&writer, "a"));
        while writer.places.available_permits() > 98 {
            tokio::task::yield_now().await;
        }
        release.send(()).expect("released");
        writer.close().await;
        waiting.await.expect("answered").expect("written");
        assert!(matches!(add(&writer, "b").await, Err(StoreError::Busy(_))));
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_does_not_take_its_job_back() {
        let writer = writer(100);
        let release = hold(&writer).await;
        let gone = tokio::spawn(adding(&writer, "a"));
        while writer.places.available_permits() > 98 {
            tokio::task::yield_now().await;
        }
        gone.abort();
        release.send(()).expect("released");
        assert_eq!(names(&writer).await, ["a"]);
    }
}
