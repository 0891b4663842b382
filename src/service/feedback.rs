//! Feedback: a visitor says what they think of a reply.

use crate::domain::actor::Actor;
use crate::domain::feedback::Feedback;
use crate::domain::id::{MessageId, SessionId};
use crate::service::sessions::Sessions;
use crate::service::{ServiceError, ServiceResult};
use crate::store::{RateReply, RatedReply};

impl Sessions {
    /// Stores what the visitor thinks of an ended reply of a readable session; `None` takes it
    /// back. People rate what they have read when they are done, so an ended session is no reason
    /// to refuse.
    ///
    /// # Errors
    /// There is no such reply for this actor, or it is still being produced.
    pub async fn rate(
        &self,
        actor: &Actor,
        (session, reply): (SessionId, MessageId),
        feedback: Option<Feedback>,
    ) -> ServiceResult<()> {
        let session = self.readable(actor, session).await?.id;
        let rating = RateReply { session, reply, feedback, now: self.clock.now() };
        match self.store.rate_reply(actor, rating).await? {
            RatedReply::Saved => Ok(()),
            RatedReply::Running => Err(ServiceError::ReplyRunning),
            RatedReply::NoReply => Err(ServiceError::ReplyNotFound),
        }
    }
}
