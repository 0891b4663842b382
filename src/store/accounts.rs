//! Accounts: made, found by name, changed; and invitations, which make one.

use async_trait::async_trait;

use crate::domain::account::{Account, AccountId, Role};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::domain::secret::{Secret, TokenHash};
use crate::store::StoreResult;

/// An account about to be stored.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name it signs in with.
    pub username: String,
    /// What makes names the same, see [`crate::domain::sign_up::folded`].
    pub username_folded: String,
    /// Its e-mail address, or empty.
    pub email: String,
    /// What is kept of its password, in PHC form.
    pub password_hash: Secret,
    /// What it may do. An invitation's role goes before it.
    pub role: Role,
    /// When it is made.
    pub now: Timestamp,
}

/// What became of [`AccountStore::create_account`] and [`AccountStore::accept_invitation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreatedAccount {
    /// It is stored.
    Created(Account),
    /// Another account has this name.
    NameTaken,
    /// The invitation is unknown, used or over; the first owner's ends with the first owner.
    NoInvitation,
}

/// What changes of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// What it may do. Somebody who becomes a member is signed out of the admin pages.
    Role(Role),
    /// Whether it may sign in. Somebody who may not is signed out everywhere.
    Active(bool),
}

/// What became of [`AccountStore::change_account`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedAccount {
    /// It is this now.
    Changed(Account),
    /// It is the last active owner: nothing was changed.
    LastOwner,
    /// There is no such account.
    NoAccount,
}

/// A link that makes an account, about to be stored.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Hash of its secret.
    pub hash: TokenHash,
    /// What the account will be allowed to do.
    pub role: Role,
    /// Who invites; none is the server, which invites its first owner. Of those only the newest
    /// holds.
    pub invited_by: Option<AccountId>,
    /// When.
    pub now: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A page of accounts, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountPage {
    /// The last account of the page before.
    pub after: Option<AccountId>,
    /// At most so many.
    pub limit: u32,
}

/// A conversation in the list of its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnSession {
    /// Its id.
    pub id: SessionId,
    /// When it was begun.
    pub created_at: Timestamp,
}

/// Accounts and what belongs to them.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Stores an account, unless another has its name.
    async fn create_account(&self, account: NewAccount) -> StoreResult<CreatedAccount>;

    /// Stores an account with the invitation's role, and uses the invitation up; both or neither.
    async fn accept_invitation(
        &self,
        invitation: TokenHash,
        account: NewAccount,
    ) -> StoreResult<CreatedAccount>;

    /// Stores an invitation.
    async fn create_invitation(&self, invitation: NewInvitation) -> StoreResult<()>;

    /// The role that an invitation gives, if it holds at `now`.
    async fn invitation(&self, hash: TokenHash, now: Timestamp) -> StoreResult<Option<Role>>;

    /// The account of this folded name with what is kept of its password. For sign-in alone.
    async fn credentials(&self, username_folded: &str) -> StoreResult<Option<(Account, Secret)>>;

    /// The account, if the actor is it or sees all.
    async fn account(&self, actor: &Actor, id: AccountId) -> StoreResult<Option<Account>>;

    /// A page of all accounts, for whom sees all; others see none.
    async fn accounts(&self, actor: &Actor, page: AccountPage) -> StoreResult<Vec<Account>>;

    /// How many active owners there are.
    async fn count_owners(&self) -> StoreResult<u64>;

    /// Changes an account, and ends the sign-ins that it may not have any longer. There is always
    /// an active owner once there was one.
    async fn change_account(
        &self,
        id: AccountId,
        change: AccountChange,
    ) -> StoreResult<ChangedAccount>;

    /// Keeps another password and ends every sign-in and token of the account, so that whoever
    /// knew the old one is out. `false` if there is no such account.
    async fn set_password(&self, id: AccountId, password_hash: Secret) -> StoreResult<bool>;

    /// Keeps the same password in another form, unless it was changed meanwhile.
    async fn renew_password_hash(&self, id: AccountId, old: Secret, new: Secret)
    -> StoreResult<()>;

    /// The conversations of the account that asks, the newest first; those behind `before`, if
    /// that is one of them. Whoever has no account has none.
    async fn own_sessions(
        &self,
        actor: &Actor,
        before: Option<SessionId>,
        limit: u32,
    ) -> StoreResult<Vec<OwnSession>>;
}
