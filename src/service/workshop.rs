//! Work that keeps a processor busy: off the async threads, a few pieces at a time, with a queue
//! that has an end.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::service::{ServiceError, ServiceResult};

/// A few places for such work.
#[derive(Debug)]
pub struct Workshop {
    places: Arc<Semaphore>,
    /// One permit for each piece of work that is done or waits.
    queue: Arc<Semaphore>,
}

impl Workshop {
    /// With so many places, and so many that may wait for one.
    #[must_use]
    pub fn new(places: usize, waiting: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            queue: Arc::new(Semaphore::new(places + waiting)),
        }
    }

    /// Has `work` done when a place is free. Work that has begun keeps its place to its end, even
    /// if the caller goes away.
    ///
    /// # Errors
    /// Too many wait already.
    pub async fn run<T, F>(&self, work: F) -> ServiceResult<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let queue = Arc::clone(&self.queue);
        let queued = queue.try_acquire_owned().map_err(|_| ServiceError::Busy)?;
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| ServiceError::Internal(error.to_string()))?;
        let span = tracing::Span::current();
        let working = tokio::task::spawn_blocking(move || {
            let done = span.in_scope(work);
            drop((place, queued));
            done
        });
        working.await.map_err(|error| ServiceError::Internal(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn beyond_its_queue_it_is_busy_and_later_it_takes_work_again() {
        let workshop = Arc::new(Workshop::new(1, 1));
        let (release, released) = channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let spawn = |work: Box<dyn FnOnce() + Send>| {
            let workshop = Arc::clone(&workshop);
            tokio::spawn(async move { workshop.run(work).await })
        };
        let first = spawn(Box::new(move || {
            begun.send(()).expect("the test waits");
            let _released = released.recv();
        }));
        has_begun.await.expect("begun");
        let second = spawn(Box::new(|| {}));
        while workshop.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(workshop.run(|| {}).await, Err(ServiceError::Busy)));
        drop(release);
        for waiting in [first, second] {
            waiting.await.expect("done").expect("not refused");
        }
        workshop.run(|| {}).await.expect("room again");
    }

    #[tokio::test]
    async fn no_more_is_done_at_once_than_there_are_places() {
        let workshop = Workshop::new(2, 10);
        let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let work = || {
            let counts = Arc::clone(&counts);
            workshop.run(move || {
                let (running, most) = &*counts;
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(20));
                running.fetch_sub(1, Ordering::SeqCst);
            })
        };
        for done in join_all((0..10).map(|_| work())).await {
            done.expect("not refused");
        }
        assert!(counts.1.load(Ordering::SeqCst) <= 2);
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_gives_the_place_back() {
        let workshop = Workshop::new(1, 0);
        for _ in 0..3 {
            let outcome = workshop.run(|| -> () { panic!("on purpose") }).await;
            assert!(matches!(outcome, Err(ServiceError::Internal(_))));
        }
        workshop.run(|| {}).await.expect("a free place");
    }
}
