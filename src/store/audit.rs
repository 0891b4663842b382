//! The record of what staff changed and of what concerns accounts.

use async_trait::async_trait;

use crate::domain::account::{AccountId, AuditEntry};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::store::StoreResult;

/// An entry about to be stored.
#[derive(Debug, Clone)]
pub struct NewAuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who, if they have an account.
    pub account: Option<AccountId>,
    /// Their name.
    pub username: String,
    /// What was done, as a word.
    pub action: &'static str,
    /// What it was done to, for people.
    pub subject: String,
    /// More about it, or empty.
    pub detail: String,
}

/// Which entries to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// Only those of this action.
    pub action: Option<String>,
    /// The last entry of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// What was done by whom.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Stores an entry.
    async fn note(&self, entry: NewAuditEntry) -> StoreResult<()>;

    /// A page of entries, for whom sees all; others see none.
    async fn audit_entries(&self, actor: &Actor, page: AuditPage) -> StoreResult<Vec<AuditEntry>>;

    /// Deletes entries of this action that are older. At most a few hundred a call.
    async fn delete_audit_entries(
        &self,
        action: &'static str,
        before: Timestamp,
    ) -> StoreResult<u64>;
}
