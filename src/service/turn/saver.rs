//! Saving a reply while it grows, so that a crash keeps what had arrived.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::service::turn::running::LiveReply;
use crate::store::{BeginTurn, PartialReply, Store};

/// How often what has arrived is saved.
const SAVE_EVERY: Duration = Duration::from_millis(250);

/// Saves what has arrived, one save at a time and beside the stream, so that a slow disk never
/// holds up the words.
pub(crate) struct Saver<'a> {
    store: &'a Arc<dyn Store>,
    turn: &'a BeginTurn,
    ticks: tokio::time::Interval,
    saved_bytes: usize,
    saved_changes: usize,
    saving: Option<JoinHandle<()>>,
}

impl<'a> Saver<'a> {
    pub(crate) fn new(store: &'a Arc<dyn Store>, turn: &'a BeginTurn) -> Self {
        let mut ticks =
            tokio::time::interval_at(tokio::time::Instant::now() + SAVE_EVERY, SAVE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { store, turn, ticks, saved_bytes: 0, saved_changes: 0, saving: None }
    }

    /// Waits until it is time to save.
    pub(crate) async fn due(&mut self) {
        self.ticks.tick().await;
    }

    /// Saves what the reply says now, unless that is saved or a save is on its way.
    pub(crate) fn save(&mut self, live: &LiveReply) {
        let is_busy = self.saving.as_ref().is_some_and(|task| !task.is_finished());
        if is_busy {
            return;
        }
        let text_bytes = live.text_bytes();
        let (steps, changes) = live.steps_after(self.saved_changes);
        if text_bytes == self.saved_bytes && steps.is_none() {
            return;
        }
        (self.saved_bytes, self.saved_changes) = (text_bytes, changes);
        let store = Arc::clone(self.store);
        let (session, reply) = (self.turn.session, self.turn.reply);
        let partial = PartialReply { text: live.text(), steps };
        self.saving = Some(tokio::spawn(async move {
            if let Err(error) = store.save_partial(session, reply, partial).await {
                tracing::warn!(session.id = %session, reply.id = %reply, %error, "Partial reply not saved");
            }
        }));
    }
}
