//! What every vendor's `decode.rs` offers: their event in, ours out, no I/O.

use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::guard::SseEvent;
use crate::providers::{Finish, ProviderEvent};

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

    /// The connection ended: adds what is still to tell.
    ///
    /// # Errors
    /// The vendor had not said that the answer is complete: a clean end is no success.
    fn end(&mut self, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        let finish = self.ending().ok_or_else(truncated)?;
        out.push(ProviderEvent::Finished(finish));
        Ok(())
    }

    /// How many events or parts of events were skipped because we do not know them.
    fn skipped(&self) -> u32;
}

fn truncated() -> ProviderError {
    ProviderError::new(ErrorClass::Truncated, "the answer ended without its terminal marker")
}
