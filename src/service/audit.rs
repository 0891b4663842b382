//! The record of what staff changed and of what concerns accounts.

use std::fmt;
use std::sync::Arc;

use crate::domain::account::{AccountId, AuditEntry};
use crate::domain::actor::Actor;
use crate::domain::clock::Clock;
use crate::service::ServiceResult;
use crate::store::Store;
use crate::store::audit::{AuditPage, NewAuditEntry};

/// Longest text of an entry, characters: what is longer is cut.
const MAX_CHARS: usize = 500;

/// Who does something that is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// What they have proven.
    pub actor: Actor,
    /// Their name.
    pub username: String,
}

impl Author {
    /// Somebody at the server's own command line.
    #[must_use]
    pub fn command_line() -> Self {
        Self { actor: Actor::System, username: "command line".to_owned() }
    }

    /// Their account, if they have one.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self.actor {
            Actor::Staff(staff) => Some(staff.account),
            actor => actor.account(),
        }
    }
}

/// The record.
pub struct Audit {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit").finish_non_exhaustive()
    }
}

impl Audit {
    /// A record kept in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Writes down that `author` did something. What was done is done: if the record cannot be
    /// written, only the log says so. Never pass a secret.
    pub async fn note(
        &self,
        author: &Author,
        action: &'static str,
        subject: impl AsRef<str>,
        detail: impl AsRef<str>,
    ) {
        let entry = NewAuditEntry {
            at: self.clock.now(),
            account: author.account(),
            username: cut(&author.username),
            action,
            subject: cut(subject.as_ref()),
            detail: cut(detail.as_ref()),
        };
        if let Err(error) = self.store.note(entry).await {
            tracing::error!(%error, action, "The audit log could not be written");
        }
    }

    /// A page of the record, the newest first; nothing for whom does not see all.
    ///
    /// # Errors
    /// No database.
    pub async fn entries(&self, actor: &Actor, page: AuditPage) -> ServiceResult<Vec<AuditEntry>> {
        Ok(self.store.audit_entries(actor, page).await?)
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}
