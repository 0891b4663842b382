//! What becomes of tables that are ready: they are counted, let go, and end with the server.

use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::domain::id::SessionId;
use crate::service::tables::Tables;
use crate::service::tables::shelf::drop_aside;

impl Tables {
    /// Lets go of what is built for a session: it is erased, or a file of it.
    pub fn forget(&self, session: SessionId) {
        drop_aside(self.desks.remove(session).into_iter().collect());
    }

    /// Ends the queries that run and lets none run any more: the server stops.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// How many sessions have a place for tables in memory now.
    #[must_use]
    pub fn ready_count(&self) -> usize {
        self.desks.len()
    }

    /// Lets go of what nobody has used for a while before `now`.
    pub fn forget_idle(&self, now: Instant) {
        drop_aside(self.desks.take_idle(now));
        drop_aside(self.pages.take_idle(now));
    }
}
