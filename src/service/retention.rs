//! Clean-up: deletes what is no longer to be kept, forgets idle limits. Runs every minute.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::domain::clock::Clock;
use crate::service::accounts::LOGIN_IDLE;
use crate::service::guard::Guard;
use crate::service::tables::Tables;
use crate::store::{Store, StoreResult};

const EVERY: Duration = Duration::from_secs(60);
/// Strangers write these entries of the audit log, so they do not stay for ever as others do.
const FAILED_LOGINS_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What is cleaned up, and after how long.
pub struct Retention {
    /// Where sessions are kept.
    pub store: Arc<dyn Store>,
    /// Limits to forget.
    pub guard: Arc<Guard>,
    /// Tables to let go of.
    pub tables: Arc<Tables>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ended sessions in which nothing was said go after this idle time.
    pub session_timeout: Duration,
    /// All idle sessions go after this time; none keeps them for ever.
    pub retention: Option<Duration>,
}

impl Retention {
    /// Cleans up until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.guard.forget_idle();
            self.tables.forget_idle(Instant::now());
            match self.clean_up().await {
                Ok(0) => {}
                Ok(deleted) => tracing::info!(sessions.deleted = deleted, "Old sessions deleted"),
                Err(error) => tracing::warn!(%error, "Old sessions could not be deleted"),
            }
        }
    }

    /// Deletes everything that is due now, a batch at a time. Answers how many sessions went.
    ///
    /// # Errors
    /// No database.
    pub async fn clean_up(&self) -> StoreResult<u64> {
        let now = self.clock.now();
        let any_before = self.retention.map(|span| now.minus(span));
        let mut deleted = 0;
        loop {
            let batch = self
                .store
                .delete_stale_sessions(now.minus(self.session_timeout), any_before)
                .await?;
            deleted += batch;
            if batch == 0 {
                break;
            }
        }
        self.store.delete_ended_sign_ins(now, now.minus(LOGIN_IDLE)).await?;
        let failures = now.minus(FAILED_LOGINS_KEPT);
        while self.store.delete_audit_entries("login.failed", failures).await? > 0 {}
        Ok(deleted)
    }
}
