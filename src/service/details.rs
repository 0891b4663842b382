//! Details: a visitor, or a host page that knows them, tells who they are.

use crate::domain::actor::Actor;
use crate::domain::details::{DetailChanges, Details};
use crate::domain::session::Session;
use crate::service::sessions::Sessions;
use crate::service::{ServiceError, ServiceResult};

impl Sessions {
    /// Keeps details with an open session; answers all of them.
    ///
    /// # Errors
    /// There is no such session any more, or no database.
    pub async fn keep_details(
        &self,
        actor: &Actor,
        session: &Session,
        changes: DetailChanges,
    ) -> ServiceResult<Details> {
        self.store
            .merge_details(actor, session.id, changes, self.clock.now())
            .await?
            .ok_or(ServiceError::SessionNotFound)
    }
}
