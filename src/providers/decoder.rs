//! What every vendor's `decode.rs` offers: their event in, ours out, no I/O.

use serde_json::Value;

use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::guard::SseEvent;
use crate::providers::{ChatRequest, Finish, ProviderEvent};

/// The most bytes that are kept of one answer to be given back with the results of its calls.
const MAX_KEPT_BYTES: usize = 4 * 1024 * 1024;

/// What a decoder has to know of the request that it reads the answer of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Whether the answer may have to be given back: only then is it kept.
    pub has_tools: bool,
    /// How many tools were called before in this reply: ids of ours go on from there.
    pub earlier_calls: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { has_tools: true, earlier_calls: 0 }
    }
}

impl From<&ChatRequest> for Asked {
    fn from(request: &ChatRequest) -> Self {
        Self {
            has_tools: !request.tools.is_empty(),
            earlier_calls: request.rounds.iter().map(|round| round.calls.len()).sum(),
        }
    }
}

/// How much is kept of an answer.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    is_idle: bool,
    bytes: usize,
}

impl Keeper {
    pub(super) fn new(asked: Asked) -> Self {
        Self { is_idle: !asked.has_tools, bytes: 0 }
    }

    /// Whether to keep so many bytes more.
    ///
    /// # Errors
    /// No honest answer is that large.
    pub(super) fn keeps(&mut self, bytes: usize) -> Result<bool, ProviderError> {
        if self.is_idle {
            return Ok(false);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_KEPT_BYTES {
            return Err(ProviderError::new(ErrorClass::Malformed, "the answer is too large"));
        }
        Ok(true)
    }
}

/// Turns the events of one answer into ours. Pure: no socket, clock or log.
pub trait Decoder: Send {
    /// Reads one event and adds what it means to `out`.
    ///
    /// # Errors
    /// The event is not in the vendor's format, or it is the vendor's report of a failure.
    fn decode(
        &mut self,
        event: &SseEvent,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError>;

    /// How the vendor said the answer ended, once it did. More events may follow, such as usage.
    fn ending(&self) -> Option<Finish>;

    /// The answer so far as the vendor wants it back; null if text and calls are all there is.
    fn replay(&mut self) -> Value {
        Value::Null
    }

    /// The connection ended: adds what is still to tell.
    ///
    /// # Errors
    /// The vendor had not said that the answer is complete: a clean end is no success.
    fn end(&mut self, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        let finish = self.ending().ok_or_else(truncated)?;
        self.finish(finish, out);
        Ok(())
    }

    /// Adds the end.
    fn finish(&mut self, finish: Finish, out: &mut Vec<ProviderEvent>) {
        if finish == Finish::ToolUse {
            let replay = self.replay();
            if !replay.is_null() {
                out.push(ProviderEvent::Replay(replay));
            }
        }
        out.push(ProviderEvent::Finished(finish));
    }

    /// How many events or parts of events were skipped because we do not know them.
    fn skipped(&self) -> u32;
}

fn truncated() -> ProviderError {
    ProviderError::new(ErrorClass::Truncated, "the answer ended without its terminal marker")
}
