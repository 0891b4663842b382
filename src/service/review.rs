//! Review: staff looks at replies that nobody liked or the bot could not give.

use crate::domain::account::Role;
use crate::domain::actor::Actor;
use crate::domain::id::{MessageId, SessionId};
use crate::service::ServiceResult;
use crate::service::sessions::Sessions;

impl Sessions {
    /// Takes a reply off the list of those to work on, for editors. `false` if it is not on it, or
    /// not for this actor.
    ///
    /// # Errors
    /// The database did not take it.
    pub async fn settle(
        &self,
        actor: &Actor,
        (session, reply): (SessionId, MessageId),
    ) -> ServiceResult<bool> {
        let may = match actor {
            Actor::Staff(staff) => staff.role.includes(Role::Editor),
            Actor::System => true,
            Actor::Visitor { .. } | Actor::Member(_) => false,
        };
        Ok(may && self.store.settle_reply(actor, session, reply, self.clock.now()).await?)
    }
}
