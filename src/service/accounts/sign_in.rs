//! Signing in and out: by API token, and by cookie to the admin pages.

use std::time::Duration;

use crate::domain::account::{Account, Role};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::secret::{Secret, TokenHash, api_token, random_token};
use crate::domain::sign_up::folded;
use crate::service::accounts::{AccountProblem, Accounts, author_of};
use crate::service::audit::Author;
use crate::service::guard::AddressKey;
use crate::service::passwords::Verdict;
use crate::service::{ServiceError, ServiceResult};
use crate::store::sign_ins::{NewLogin, NewToken};

/// A login that is not used for so long is over.
pub const LOGIN_IDLE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// Uses are noted to the minute, so that not every request is a write.
const NOTED_EVERY: Duration = Duration::from_secs(60);

impl Accounts {
    /// Signs in over the API. Every sign-in has a token of its own.
    ///
    /// # Errors
    /// Wrong name or password, one answer for both; or too many tries.
    pub async fn sign_in_for_token(
        &self,
        address: AddressKey,
        username: &str,
        password: Secret,
    ) -> ServiceResult<(Account, Secret)> {
        let account = self.prove(address, username, password, Role::Member).await?;
        let token = api_token().map_err(|error| ServiceError::Internal(error.to_string()))?;
        let new = NewToken {
            account: account.id,
            hash: TokenHash::of(token.expose()),
            ending: ending(&token),
            name: "sign-in".to_owned(),
            now: self.parts.clock.now(),
            expires_at: None,
            is_sign_in: true,
        };
        self.parts.store.create_token(new).await?;
        Ok((account, token))
    }

    /// Signs in to the admin pages; the secret is for the cookie and always a new one.
    ///
    /// # Errors
    /// Wrong name or password, or somebody who is no staff, one answer for all; or too many tries.
    pub async fn sign_in_to_pages(
        &self,
        address: AddressKey,
        username: &str,
        password: Secret,
    ) -> ServiceResult<(Account, Secret)> {
        let account = self.prove(address, username, password, Role::Viewer).await?;
        let login = self.log_in(&account).await?;
        let detail = format!("from {address}");
        self.parts.audit.note(&author_of(&account), "login.made", &account.username, detail).await;
        Ok((account, login))
    }

    /// A login for somebody who has just proven who they are, by password or by invitation.
    ///
    /// # Errors
    /// Somebody who is no staff; no database.
    pub async fn log_in(&self, account: &Account) -> ServiceResult<Secret> {
        if !account.role.includes(Role::Viewer) {
            return Err(AccountProblem::NotAllowed.into());
        }
        let cookie = random_token().map_err(|error| ServiceError::Internal(error.to_string()))?;
        let now = self.parts.clock.now();
        let login = NewLogin {
            account: account.id,
            hash: TokenHash::of(cookie.expose()),
            now,
            expires_at: now.plus(self.parts.settings.login_span),
        };
        self.parts.store.create_login(login).await?;
        Ok(cookie)
    }

    /// The account of this name and password, if it may do what `needed` may. All refusals do the
    /// same work: nobody learns from the time taken which names exist.
    async fn prove(
        &self,
        address: AddressKey,
        username: &str,
        password: Secret,
        needed: Role,
    ) -> ServiceResult<Account> {
        let name = folded(username);
        let limited = |retry_after| ServiceError::RateLimited { retry_after };
        self.parts.guard.admit_login(address, TokenHash::of(&name)).map_err(limited)?;
        let (account, kept) = self.parts.store.credentials(&name).await?.unzip();
        let verdict = self.passwords.verify(password, kept.clone()).await?;
        let admitted = account.clone().filter(|account| {
            verdict != Verdict::Wrong && account.is_active && account.role.includes(needed)
        });
        let Some(admitted) = admitted else {
            self.note_failure(account, address).await;
            return Err(AccountProblem::WrongCredentials.into());
        };
        if let (Verdict::Renewed(new), Some(old)) = (verdict, kept) {
            self.parts.store.renew_password_hash(admitted.id, old, new).await?;
        }
        Ok(admitted)
    }

    /// Writes down a refused sign-in. A name that nobody has is not written: people type their
    /// password into the wrong field.
    async fn note_failure(&self, account: Option<Account>, address: AddressKey) {
        let author = match &account {
            Some(account) => author_of(account),
            None => Author { actor: Actor::ANONYMOUS, username: "unknown".to_owned() },
        };
        let detail = format!("from {address}");
        self.parts.audit.note(&author, "login.failed", &author.username, detail).await;
    }

    /// The account whose API token this is, if both hold.
    ///
    /// # Errors
    /// No database.
    pub async fn account_of_token(&self, token: TokenHash) -> ServiceResult<Option<Account>> {
        let now = self.parts.clock.now();
        let found = self.parts.store.token_account(token, now).await?;
        let Some((account, used)) = found else { return Ok(None) };
        if is_due(used, now) {
            self.parts.store.touch_token(token, now).await?;
        }
        Ok(Some(account))
    }

    /// The staff whose login this is, if it holds.
    ///
    /// # Errors
    /// No database.
    pub async fn staff_of_login(&self, login: TokenHash) -> ServiceResult<Option<Account>> {
        let now = self.parts.clock.now();
        let found = self.parts.store.login_account(login, now, now.minus(LOGIN_IDLE)).await?;
        let Some((account, seen)) = found else { return Ok(None) };
        if is_due(Some(seen), now) {
            self.parts.store.touch_login(login, now).await?;
        }
        Ok(Some(account).filter(|account| account.role.includes(Role::Viewer)))
    }

    /// Ends an API token, at once. `false` if it had ended before.
    ///
    /// # Errors
    /// No database.
    pub async fn sign_out_token(&self, token: TokenHash) -> ServiceResult<bool> {
        Ok(self.parts.store.end_token(token).await?)
    }

    /// Ends a login to the admin pages, at once. `false` if it had ended before.
    ///
    /// # Errors
    /// No database.
    pub async fn sign_out_login(&self, login: TokenHash) -> ServiceResult<bool> {
        Ok(self.parts.store.end_login(login).await?)
    }
}

/// The last four characters.
pub(super) fn ending(token: &Secret) -> String {
    let text = token.expose();
    text.chars().skip(text.chars().count().saturating_sub(4)).collect()
}

fn is_due(noted: Option<Timestamp>, now: Timestamp) -> bool {
    noted.is_none_or(|noted| noted <= now.minus(NOTED_EVERY))
}
