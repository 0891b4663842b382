//! Replies being produced, and how clients follow them. A position is a byte offset, so a client
//! that comes back needs no event log: the text so far, then the live tail.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::domain::clock::Timestamp;
use crate::domain::evidence::{Evidence, Step as ToolStep};
use crate::domain::id::{MessageId, SessionId};
use crate::providers::{ProviderEvent, ToolCall};
use crate::service::turn::appendix::Wanted;
pub use crate::service::turn::events::{ReplyEnd, ReplyEvent, ReplyStart};
use crate::service::turn::reply::{Ending, Reply};
use crate::service::turn::steps::NewStep;

/// A reply being produced.
pub struct LiveReply {
    /// Its name.
    pub id: MessageId,
    /// Cancelled when the visitor stops it.
    pub stop: CancellationToken,
    /// Guards the growing reply; held for a copy or an append, never across an await.
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    start: Option<ReplyStart>,
    reply: Reply,
    end: Option<ReplyEnd>,
    closed: bool,
}

impl LiveReply {
    fn new(id: MessageId) -> Self {
        let state = Mutex::default();
        Self { id, stop: CancellationToken::new(), state, changed: watch::Sender::new(()) }
    }

    /// Tells followers that the visitor's message is on disk.
    pub fn started(&self, start: ReplyStart) {
        self.state.lock().start = Some(start);
        self.changed.send_replace(());
    }

    /// Tells followers that nothing more comes: the turn never began, or its task is gone.
    pub fn closed(&self) {
        self.state.lock().closed = true;
        self.changed.send_replace(());
    }

    /// A provider is about to be asked, and may write this behind its answer.
    pub fn expect(&self, wanted: Wanted) {
        self.state.lock().reply.expect(wanted);
    }

    /// Takes in one event of the provider; answers the end when this was it.
    pub fn apply(&self, event: ProviderEvent) -> Option<Ending> {
        let end = self.state.lock().reply.apply(event);
        self.changed.send_replace(());
        end
    }

    /// The text has begun.
    pub fn note_first_word(&self, at: Timestamp) {
        self.state.lock().reply.first_word_at.get_or_insert(at);
    }

    /// The model stops to wait for results, or has said all. Answers the calls that it wrote behind
    /// its answer, and what it wrote there.
    pub fn end_round(&self) -> (Vec<ToolCall>, String) {
        let ended = self.state.lock().reply.end_round();
        self.changed.send_replace(());
        ended
    }

    /// The model is about to be asked again.
    pub fn next_round(&self) {
        self.state.lock().reply.next_round();
    }

    /// A tool begins to work; answers the step's place.
    pub fn begin_step(&self, new: NewStep) -> usize {
        let place = self.state.lock().reply.steps.begin(new);
        self.changed.send_replace(());
        place
    }

    /// A tool has come to its end.
    pub fn end_step(&self, place: usize, outcome: Result<Evidence, String>) {
        self.state.lock().reply.steps.end(place, outcome);
        self.changed.send_replace(());
    }

    /// The reply is over: no tool works any more.
    pub fn settle_steps(&self) {
        self.state.lock().reply.steps.settle();
        self.changed.send_replace(());
    }

    /// The steps, if there have been other changes than so many, and how many there have been.
    #[must_use]
    pub fn steps_after(&self, changes: usize) -> (Option<Vec<ToolStep>>, usize) {
        let steps = &self.state.lock().reply.steps;
        let is_new = steps.changes() != changes;
        (is_new.then(|| steps.all().to_vec()), steps.changes())
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.state.lock().reply.text.clone()
    }

    /// Tells followers that the reply is on disk.
    pub fn ended(&self, end: ReplyEnd) {
        self.state.lock().end = Some(end);
        self.changed.send_replace(());
    }

    /// The reply so far.
    #[must_use]
    pub fn snapshot(&self) -> Reply {
        self.state.lock().reply.clone()
    }

    /// Bytes of text so far.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.state.lock().reply.text.len()
    }

    /// Waits until the turn has begun; false if it never did, and its claim is given back.
    pub async fn has_begun(&self) -> bool {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            match &*self.state.lock() {
                State { start: Some(_), .. } => return true,
                State { closed: true, .. } => return false,
                _ => {}
            }
            // The sender lives in `self`, so this only ever waits for a change.
            let _changed = changed.changed().await;
        }
    }

    /// Whether `offset` is a place between two characters of the text so far.
    #[must_use]
    pub fn has_boundary(&self, offset: usize) -> bool {
        self.state.lock().reply.text.is_char_boundary(offset)
    }

    /// Follows the reply from byte `offset` on.
    #[must_use]
    pub fn follow(self: &Arc<Self>, offset: usize) -> Follower {
        Follower {
            changed: self.changed.subscribe(),
            reply: Arc::clone(self),
            offset,
            changes_seen: 0,
            joined: self.state.lock().reply.steps.changes(),
            start_told: false,
            end_told: false,
        }
    }
}

/// One client's place in a live reply. Nothing is queued for it: a slow reader gets larger
/// pieces, so its memory does not grow with its delay.
pub struct Follower {
    reply: Arc<LiveReply>,
    changed: watch::Receiver<()>,
    offset: usize,
    changes_seen: usize,
    /// Changes of steps when it came.
    joined: usize,
    start_told: bool,
    end_told: bool,
}

impl Follower {
    /// The next event; `None` after the end, or when the turn never began.
    pub async fn next(&mut self) -> Option<ReplyEvent> {
        loop {
            if self.end_told {
                return None;
            }
            self.changed.mark_unchanged();
            match self.step() {
                Step::Tell(event) => return Some(*event),
                Step::Over => return None,
                Step::Wait => {}
            }
            // The sender lives in `self.reply`, so this only ever waits for a change.
            let _changed = self.changed.changed().await;
        }
    }

    fn step(&mut self) -> Step {
        let state = self.reply.state.lock();
        let nothing_yet = if state.closed { Step::Over } else { Step::Wait };
        if !self.start_told {
            let Some(start) = &state.start else { return nothing_yet };
            self.start_told = true;
            return Step::tell(ReplyEvent::Started(start.clone()));
        }
        if let Some(text) = state.reply.text.get(self.offset..).filter(|text| !text.is_empty()) {
            self.offset = state.reply.text.len();
            return Step::tell(ReplyEvent::Delta { text: text.to_owned(), offset: self.offset });
        }
        if let Some(step) = state.reply.steps.next_change(&mut self.changes_seen, self.joined) {
            return Step::tell(ReplyEvent::Tool(step));
        }
        match &state.end {
            Some(end) => {
                self.end_told = true;
                Step::tell(ReplyEvent::Ended(end.clone()))
            }
            None => nothing_yet,
        }
    }
}

enum Step {
    Tell(Box<ReplyEvent>),
    Wait,
    Over,
}

impl Step {
    fn tell(event: ReplyEvent) -> Self {
        Self::Tell(Box::new(event))
    }
}

/// The replies that this process produces now: at most one a session.
#[derive(Default)]
pub struct Running {
    /// Guards the map; held for a look-up or an insert, never across an await.
    replies: Mutex<HashMap<SessionId, Arc<LiveReply>>>,
}

/// What became of a claim.
pub enum Claim {
    /// The session is ours: a new reply.
    Ours(Arc<LiveReply>),
    /// This one holds it, perhaps the very reply that was asked for.
    Taken(Arc<LiveReply>),
}

impl Running {
    /// Claims the session's single running turn for `reply`.
    pub fn claim(&self, session: SessionId, reply: MessageId) -> Claim {
        let mut replies = self.replies.lock();
        match replies.get(&session) {
            Some(live) => Claim::Taken(Arc::clone(live)),
            None => {
                let live = Arc::new(LiveReply::new(reply));
                replies.insert(session, Arc::clone(&live));
                Claim::Ours(live)
            }
        }
    }

    /// The reply, if it is being produced here.
    #[must_use]
    pub fn get(&self, session: SessionId, reply: MessageId) -> Option<Arc<LiveReply>> {
        self.replies.lock().get(&session).filter(|live| live.id == reply).cloned()
    }

    /// The turn that produced `reply` is over. Another one that has claimed the session since is
    /// left alone.
    pub fn release(&self, session: SessionId, reply: MessageId) {
        let mut replies = self.replies.lock();
        if replies.get(&session).is_some_and(|live| live.id == reply) {
            replies.remove(&session);
        }
    }

    /// Stops whatever the session is producing; answers it, to wait for its end.
    #[must_use]
    pub fn stop(&self, session: SessionId) -> Option<Arc<LiveReply>> {
        let live = self.replies.lock().get(&session).cloned()?;
        live.stop.cancel();
        Some(live)
    }

    /// How many replies are being produced.
    #[must_use]
    pub fn count(&self) -> usize {
        self.replies.lock().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;
    use crate::domain::message::{FinishReason, MessageStatus};
    use crate::domain::usage::Usage;

    fn start(live: &LiveReply) -> ReplyStart {
        ReplyStart {
            reply: live.id,
            message: None,
            session: SessionId::random(),
            provider: "demo".into(),
            provider_name: "Demo".into(),
            model: "demo".into(),
            at: Timestamp::from_ms(0),
        }
    }

    fn end() -> ReplyEnd {
        ReplyEnd {
            reason: FinishReason::Stop,
            status: MessageStatus::Complete,
            failure: None,
            usage: Usage::default(),
            provider: "demo".into(),
            provider_name: "Demo".into(),
            model: "demo".into(),
            message_count: 2,
            at: Timestamp::from_ms(0),
            suggestions: Vec::new(),
            asks_contact: false,
            unverified: Vec::new(),
        }
    }

    async fn text_from(live: &Arc<LiveReply>, offset: usize) -> String {
        let mut follower = live.follow(offset);
        let mut text = String::new();
        while let Some(event) = follower.next().await {
            if let ReplyEvent::Delta { text: more, .. } = event {
                text.push_str(&more);
            }
        }
        text
    }

    #[tokio::test]
    async fn every_follower_gets_every_byte_once_wherever_it_starts() {
        let live = Arc::new(LiveReply::new(MessageId::random()));
        let early = tokio::spawn({
            let live = Arc::clone(&live);
            async move { text_from(&live, 0).await }
        });
        live.started(start(&live));
        for piece in ["Grü", "ße ", "aus ", "Köln"] {
            live.apply(ProviderEvent::Text(piece.to_owned()));
            tokio::task::yield_now().await;
        }
        let middle = tokio::spawn({
            let live = Arc::clone(&live);
            async move { text_from(&live, 4).await }
        });
        live.apply(ProviderEvent::Text("!".to_owned()));
        live.ended(end());
        assert_eq!(early.await.expect("early"), "Grüße aus Köln!");
        assert_eq!(middle.await.expect("middle"), "ße aus Köln!");
        assert_eq!(text_from(&live, 0).await, "Grüße aus Köln!");
    }

    #[tokio::test]
    async fn a_turn_that_never_began_ends_its_followers() {
        let live = Arc::new(LiveReply::new(MessageId::random()));
        let mut follower = live.follow(0);
        live.closed();
        assert_eq!(follower.next().await, None);
    }

    #[test]
    fn a_session_has_one_running_reply() {
        let running = Running::default();
        let (session, reply) = (SessionId::random(), MessageId::random());
        assert!(matches!(running.claim(session, reply), Claim::Ours(_)));
        assert!(matches!(running.claim(session, reply), Claim::Taken(live) if live.id == reply));
        assert!(matches!(running.claim(session, MessageId::random()), Claim::Taken(_)));
        running.release(session, MessageId::random());
        assert!(matches!(running.claim(session, MessageId::random()), Claim::Taken(_)));
        running.release(session, reply);
        assert!(matches!(running.claim(session, MessageId::random()), Claim::Ours(_)));
    }
}
