//! Memory for files that are being received: bounded for all visitors together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::service::{ServiceError, ServiceResult};

/// Bytes of files that are being received at once.
pub const RECEIVED_AT_ONCE_BYTES: usize = 128 * 1024 * 1024;
/// A permit of the budget is worth so much.
const UNIT_BYTES: usize = 64 * 1024;

/// A part of the memory for files that are being received.
#[derive(Debug, Default)]
pub struct Room {
    permit: Option<OwnedSemaphorePermit>,
}

/// All the memory there is for it.
#[derive(Debug)]
pub(super) struct Budget(Arc<Semaphore>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(RECEIVED_AT_ONCE_BYTES / UNIT_BYTES)))
    }
}

impl Budget {
    /// Takes memory for a file that has `bytes` by now.
    ///
    /// # Errors
    /// Too much is being received at once. Nobody waits here: files that each hold a part and
    /// wait for more would wait for ever.
    pub(super) fn make_room(&self, room: &mut Room, bytes: usize) -> ServiceResult<()> {
        let held = room.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = bytes.div_ceil(UNIT_BYTES).saturating_sub(held);
        if wanted == 0 {
            return Ok(());
        }
        let wanted = u32::try_from(wanted).map_err(|_| ServiceError::Busy)?;
        let budget = Arc::clone(&self.0);
        let more = budget.try_acquire_many_owned(wanted).map_err(|_| ServiceError::Busy)?;
        match &mut room.permit {
            Some(permit) => permit.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_as_a_file_grows_and_given_back() {
        let budget = Budget::default();
        let (mut one, mut other) = (Room::default(), Room::default());
        for bytes in [1, UNIT_BYTES, UNIT_BYTES + 1, RECEIVED_AT_ONCE_BYTES - UNIT_BYTES] {
            budget.make_room(&mut one, bytes).expect("room");
        }
        budget.make_room(&mut other, UNIT_BYTES).expect("the last room");
        let refused = budget.make_room(&mut other, UNIT_BYTES + 1);
        assert!(matches!(refused, Err(ServiceError::Busy)));
        drop(one);
        budget.make_room(&mut other, UNIT_BYTES + 1).expect("room again");
    }
}
