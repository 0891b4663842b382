//! Accounts: made, signed in to, managed. Their passwords are in [`crate::service::passwords`].

mod invitations;
mod manage;
mod problem;
mod sign_in;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use crate::service::accounts::invitations::{FIRST_RUN, INVITATION};
pub use crate::service::accounts::manage::MAX_TOKEN_NAME_CHARS;
pub use crate::service::accounts::problem::AccountProblem;
pub use crate::service::accounts::sign_in::LOGIN_IDLE;

use crate::domain::account::{Account, Registration, Role};
use crate::domain::actor::Actor;
use crate::domain::clock::Clock;
use crate::domain::id::SessionId;
use crate::domain::secret::{Secret, TokenHash};
use crate::domain::sign_up::{SignUpProblem, Username, email, folded};
use crate::service::audit::{Audit, Author};
use crate::service::guard::{AddressKey, Guard};
use crate::service::passwords::Passwords;
use crate::service::{ServiceError, ServiceResult};
use crate::store::Store;
use crate::store::accounts::{self as stored, CreatedAccount, OwnSession};

/// How accounts are held.
#[derive(Debug, Clone, Copy)]
pub struct AccountSettings {
    /// Who may make one.
    pub registration: Registration,
    /// How long a login to the admin pages holds at most.
    pub login_span: Duration,
}

/// What accounts stand on.
pub struct AccountParts {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// How often somebody may try.
    pub guard: Arc<Guard>,
    /// Where it is written down.
    pub audit: Arc<Audit>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How they are held.
    pub settings: AccountSettings,
}

/// The accounts of this server.
pub struct Accounts {
    parts: AccountParts,
    passwords: Passwords,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}

/// What somebody fills in who wants an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name to sign in with.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: Secret,
}

impl Accounts {
    /// Accounts over these parts.
    #[must_use]
    pub fn new(parts: AccountParts) -> Self {
        Self { parts, passwords: Passwords::default() }
    }

    /// Who may make an account by themselves.
    #[must_use]
    pub const fn registration(&self) -> Registration {
        self.parts.settings.registration
    }

    /// How long a login to the admin pages holds at most.
    #[must_use]
    pub const fn login_span(&self) -> Duration {
        self.parts.settings.login_span
    }

    /// Makes an account for whoever asks, as far as [`Registration`] lets them. With an
    /// invitation it has the role that was meant for it, else it is a member's.
    ///
    /// # Errors
    /// Nobody may, too many from this address, the invitation does not hold, or something is wrong
    /// with what was filled in.
    pub async fn register(
        &self,
        address: AddressKey,
        new: NewAccount,
        invitation: Option<&str>,
    ) -> ServiceResult<Account> {
        let limited = |retry_after| ServiceError::RateLimited { retry_after };
        self.parts.guard.admit_registration(address).map_err(limited)?;
        let invitation = match (self.registration(), invitation.filter(|text| !text.is_empty())) {
            (_, Some(secret)) => Some(TokenHash::of(secret)),
            (Registration::Open, None) => None,
            (Registration::Invite, None) => return Err(AccountProblem::NoInvitation.into()),
            (Registration::Closed, None) => return Err(AccountProblem::RegistrationClosed.into()),
        };
        self.make(new, Role::Member, invitation).await
    }

    /// Makes an owner without being asked for an invitation: for the server's own command line.
    ///
    /// # Errors
    /// Something is wrong with what was filled in.
    pub async fn make_owner(&self, new: NewAccount) -> ServiceResult<Account> {
        let new = NewAccount { email: new.email.trim().to_owned(), ..new };
        self.make(new, Role::Owner, None).await
    }

    /// Checks what was filled in, all of it at once, and stores the account. The invitation is
    /// looked at before the costly hash is made.
    async fn make(
        &self,
        new: NewAccount,
        role: Role,
        invitation: Option<TokenHash>,
    ) -> ServiceResult<Account> {
        let now = self.parts.clock.now();
        if let Some(hash) = invitation {
            let found = self.parts.store.invitation(hash, now).await?;
            found.ok_or(AccountProblem::NoInvitation)?;
        }
        let username = Username::parse(&new.username);
        let may_lack_email = role == Role::Owner && new.email.is_empty();
        let email = if may_lack_email { Ok(String::new()) } else { email(&new.email) };
        let password_hash = self.passwords.hash(new.password, &new.username, &new.email).await?;
        let (username, email, password_hash) = match (username, email, password_hash) {
            (Ok(username), Ok(email), Ok(hash)) => (username, email, hash),
            (username, email, hash) => {
                let problems = [username.err(), email.err(), hash.err()];
                return Err(
                    AccountProblem::Refused(problems.into_iter().flatten().collect()).into()
                );
            }
        };
        let account = stored::NewAccount {
            username_folded: folded(username.as_str()),
            username: username.as_str().to_owned(),
            email,
            password_hash,
            role,
            now,
        };
        self.keep(account, invitation).await
    }

    async fn keep(
        &self,
        account: stored::NewAccount,
        invitation: Option<TokenHash>,
    ) -> ServiceResult<Account> {
        let created = match invitation {
            Some(hash) => self.parts.store.accept_invitation(hash, account).await?,
            None => self.parts.store.create_account(account).await?,
        };
        match created {
            CreatedAccount::Created(account) => {
                let author = author_of(&account);
                let role = account.role.as_str();
                self.parts.audit.note(&author, "account.made", &account.username, role).await;
                Ok(account)
            }
            CreatedAccount::NameTaken => {
                Err(AccountProblem::Refused(vec![SignUpProblem::UsernameTaken]).into())
            }
            CreatedAccount::NoInvitation => Err(AccountProblem::NoInvitation.into()),
        }
    }

    /// The conversations of the account that asks, the newest first.
    ///
    /// # Errors
    /// No database.
    pub async fn own_sessions(
        &self,
        actor: &Actor,
        before: Option<SessionId>,
        limit: u32,
    ) -> ServiceResult<Vec<OwnSession>> {
        Ok(self.parts.store.own_sessions(actor, before, limit).await?)
    }
}

/// The account as somebody who does something to themselves.
fn author_of(account: &Account) -> Author {
    Author { actor: Actor::Member(account.id), username: account.username.clone() }
}
