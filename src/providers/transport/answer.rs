//! An answer while it arrives: bytes → server-sent events → our events.

use std::collections::VecDeque;
use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};

use crate::providers::ProviderEvent;
use crate::providers::decoder::Decoder;
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::guard::{Guard, SseEvent};

/// The bytes of an answer as the client gives them.
type Bytes = Pin<Box<dyn Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>;

/// What the next bytes, or their end, came to.
pub(super) enum Step {
    /// More may come.
    Going,
    /// Nothing more will come, and all is well.
    Finished,
}

/// An answer that is being received.
pub(super) struct Answer {
    bytes: Bytes,
    guard: Guard,
    decoder: Box<dyn Decoder>,
    events: VecDeque<SseEvent>,
    /// `Started` and `Usage` wait for the first word, so that a failure right after them, which
    /// is common at HTTP 200, can still be retried unseen.
    held: Vec<ProviderEvent>,
    has_spoken: bool,
}

impl Answer {
    pub(super) fn new(response: reqwest::Response, decoder: Box<dyn Decoder>) -> Self {
        Self {
            bytes: Box::pin(response.bytes_stream()),
            guard: Guard::default(),
            decoder,
            events: VecDeque::new(),
            held: Vec::new(),
            has_spoken: false,
        }
    }

    /// Whether something was given out that shows that the model answers.
    pub(super) fn has_spoken(&self) -> bool {
        self.has_spoken
    }

    /// Whether the vendor said that the answer is complete; only trailing facts may follow.
    pub(super) fn has_ended(&self) -> bool {
        self.decoder.ending().is_some()
    }

    /// Waits for bytes and gives out what they mean.
    pub(super) async fn read(
        &mut self,
        out: &mut VecDeque<ProviderEvent>,
    ) -> Result<Step, ProviderError> {
        match self.bytes.next().await {
            Some(Ok(bytes)) => {
                self.guard.push(&bytes, &mut self.events)?;
                self.decode(out)
            }
            Some(Err(error)) => self.close(super::ask::network_error(error), out),
            None => {
                self.guard.finish(&mut self.events)?;
                match self.decode(out)? {
                    Step::Finished => Ok(Step::Finished),
                    Step::Going => self.end(out),
                }
            }
        }
    }

    /// The answer goes no further because of `error`; fine if it was complete.
    pub(super) fn close(
        &mut self,
        error: ProviderError,
        out: &mut VecDeque<ProviderEvent>,
    ) -> Result<Step, ProviderError> {
        if self.has_ended() { self.end(out) } else { Err(error) }
    }

    fn end(&mut self, out: &mut VecDeque<ProviderEvent>) -> Result<Step, ProviderError> {
        let mut events = Vec::new();
        let ended = self.decoder.end(&mut events);
        let step = self.give(events, out);
        ended.map(|()| step)
    }

    fn decode(&mut self, out: &mut VecDeque<ProviderEvent>) -> Result<Step, ProviderError> {
        while let Some(event) = self.events.pop_front() {
            let mut events = Vec::new();
            let decoded = self.decoder.decode(&event, &mut events);
            if let Step::Finished = self.give(events, out) {
                return Ok(Step::Finished);
            }
            match decoded {
                Err(error) if error.class == ErrorClass::Malformed && !event.complete => break,
                decoded => decoded?,
            }
        }
        Ok(Step::Going)
    }

    fn give(&mut self, events: Vec<ProviderEvent>, out: &mut VecDeque<ProviderEvent>) -> Step {
        for event in events {
            let is_fact = matches!(event, ProviderEvent::Started { .. } | ProviderEvent::Usage(_));
            if is_fact && !self.has_spoken {
                self.held.push(event);
                continue;
            }
            self.has_spoken = true;
            let is_last = matches!(event, ProviderEvent::Finished(_));
            out.extend(self.held.drain(..));
            out.push_back(event);
            if is_last {
                self.log_skipped();
                return Step::Finished;
            }
        }
        Step::Going
    }

    fn log_skipped(&self) {
        let skipped = self.decoder.skipped();
        if skipped > 0 {
            tracing::debug!(skipped, "the vendor sent events we do not know");
        }
    }
}
