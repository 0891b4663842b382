//! Invitations: links that make an account once; the first owner's among them.

use std::time::Duration;

use crate::domain::account::{Account, Role};
use crate::domain::secret::{Secret, TokenHash, random_token};
use crate::service::accounts::{AccountProblem, Accounts, NewAccount};
use crate::service::audit::Author;
use crate::service::guard::AddressKey;
use crate::service::{ServiceError, ServiceResult};
use crate::store::accounts::NewInvitation;

/// How long the first owner's link holds.
pub const FIRST_RUN: Duration = Duration::from_secs(60 * 60);
/// How long any other invitation holds.
pub const INVITATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Accounts {
    /// Invites somebody. The secret is shown once, as part of a link.
    ///
    /// # Errors
    /// Only owners may.
    pub async fn invite(&self, author: &Author, role: Role) -> ServiceResult<Secret> {
        self.must_manage(author)?;
        let account = author.account().ok_or(AccountProblem::NotAllowed)?;
        let now = self.parts.clock.now();
        let secret = fresh()?;
        let invitation = NewInvitation {
            hash: TokenHash::of(secret.expose()),
            role,
            invited_by: Some(account),
            now,
            expires_at: now.plus(INVITATION),
        };
        self.parts.store.create_invitation(invitation).await?;
        self.parts.audit.note(author, "invitation.made", role.as_str(), "").await;
        Ok(secret)
    }

    /// The role that an invitation gives, if it holds.
    ///
    /// # Errors
    /// No database.
    pub async fn invitation(&self, secret: &str) -> ServiceResult<Option<Role>> {
        let now = self.parts.clock.now();
        Ok(self.parts.store.invitation(TokenHash::of(secret), now).await?)
    }

    /// Makes the account that an invitation is for, and uses the invitation up.
    ///
    /// # Errors
    /// It does not hold, too many from this address, or something is wrong with what was filled in.
    pub async fn accept_invitation(
        &self,
        address: AddressKey,
        secret: &str,
        new: NewAccount,
    ) -> ServiceResult<Account> {
        let limited = |retry_after| ServiceError::RateLimited { retry_after };
        self.parts.guard.admit_registration(address).map_err(limited)?;
        self.make(new, Role::Member, Some(TokenHash::of(secret))).await
    }

    /// Whether there is an active owner.
    ///
    /// # Errors
    /// No database.
    pub async fn has_owner(&self) -> ServiceResult<bool> {
        Ok(self.parts.store.count_owners().await? > 0)
    }

    /// The secret of the link that makes the first owner. None once there is an owner; a new one
    /// ends those made before.
    ///
    /// # Errors
    /// No database.
    pub async fn first_run_link(&self) -> ServiceResult<Option<Secret>> {
        if self.has_owner().await? {
            return Ok(None);
        }
        let now = self.parts.clock.now();
        let secret = fresh()?;
        let invitation = NewInvitation {
            hash: TokenHash::of(secret.expose()),
            role: Role::Owner,
            invited_by: None,
            now,
            expires_at: now.plus(FIRST_RUN),
        };
        self.parts.store.create_invitation(invitation).await?;
        Ok(Some(secret))
    }
}

fn fresh() -> ServiceResult<Secret> {
    random_token().map_err(|error| ServiceError::Internal(error.to_string()))
}
