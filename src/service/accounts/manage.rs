//! Managing accounts and API tokens: what owners do, and everybody with their own.

use crate::domain::account::{Account, AccountId, ApiToken, Role, TokenId};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::secret::{Secret, TokenHash, api_token};
use crate::service::accounts::sign_in::ending;
use crate::service::accounts::{AccountProblem, Accounts};
use crate::service::audit::Author;
use crate::service::{ServiceError, ServiceResult};
use crate::store::accounts::{AccountChange, AccountPage, ChangedAccount};
use crate::store::sign_ins::{NewToken, TokenPage};

/// Longest name of a token, characters: what is longer is cut.
pub const MAX_TOKEN_NAME_CHARS: usize = 100;

impl Accounts {
    /// Refuses whoever may not manage accounts of others.
    pub(super) fn must_manage(&self, author: &Author) -> ServiceResult<()> {
        match author.actor {
            Actor::System => Ok(()),
            Actor::Staff(staff) if staff.role.includes(Role::Owner) => Ok(()),
            _ => Err(AccountProblem::NotAllowed.into()),
        }
    }

    /// A page of all accounts; nothing for whom does not see all.
    ///
    /// # Errors
    /// No database.
    pub async fn accounts(&self, actor: &Actor, page: AccountPage) -> ServiceResult<Vec<Account>> {
        Ok(self.parts.store.accounts(actor, page).await?)
    }

    /// One account.
    ///
    /// # Errors
    /// There is none that the actor may see.
    pub async fn account(&self, actor: &Actor, id: AccountId) -> ServiceResult<Account> {
        let found = self.parts.store.account(actor, id).await?;
        found.ok_or_else(|| AccountProblem::NoAccount.into())
    }

    /// The account of this name.
    ///
    /// # Errors
    /// There is none, or whoever asks may not manage accounts.
    pub async fn account_named(&self, author: &Author, username: &str) -> ServiceResult<Account> {
        self.must_manage(author)?;
        let name = crate::domain::sign_up::folded(username);
        let found = self.parts.store.credentials(&name).await?;
        found.map(|(account, _)| account).ok_or_else(|| AccountProblem::NoAccount.into())
    }

    /// Lets an account do more or less.
    ///
    /// # Errors
    /// Whoever asks is no owner, there is no such account, or it is the last owner.
    pub async fn set_role(
        &self,
        author: &Author,
        id: AccountId,
        role: Role,
    ) -> ServiceResult<Account> {
        let account = self.change(author, id, AccountChange::Role(role)).await?;
        let (name, role) = (&account.username, role.as_str());
        self.parts.audit.note(author, "account.role_changed", name, role).await;
        Ok(account)
    }

    /// Lets an account sign in, or not any longer; in that case it is signed out at once.
    ///
    /// # Errors
    /// Whoever asks is no owner, there is no such account, or it is the last owner.
    pub async fn set_active(
        &self,
        author: &Author,
        id: AccountId,
        is_active: bool,
    ) -> ServiceResult<Account> {
        let account = self.change(author, id, AccountChange::Active(is_active)).await?;
        let action = if is_active { "account.activated" } else { "account.deactivated" };
        self.parts.audit.note(author, action, &account.username, "").await;
        Ok(account)
    }

    async fn change(
        &self,
        author: &Author,
        id: AccountId,
        change: AccountChange,
    ) -> ServiceResult<Account> {
        self.must_manage(author)?;
        match self.parts.store.change_account(id, change).await? {
            ChangedAccount::Changed(account) => Ok(account),
            ChangedAccount::LastOwner => Err(AccountProblem::LastOwner.into()),
            ChangedAccount::NoAccount => Err(AccountProblem::NoAccount.into()),
        }
    }

    /// Gives an account another password and ends all its sign-ins and tokens.
    ///
    /// # Errors
    /// Whoever asks is neither its holder nor an owner, there is no such account, or something is
    /// wrong with the password.
    pub async fn set_password(
        &self,
        author: &Author,
        id: AccountId,
        password: Secret,
    ) -> ServiceResult<()> {
        if author.account() != Some(id) {
            self.must_manage(author)?;
        }
        let account = self.account(&Actor::System, id).await?;
        let hash = self.passwords.hash(password, &account.username, &account.email).await?;
        let hash = hash.map_err(|problem| AccountProblem::Refused(vec![problem]))?;
        if !self.parts.store.set_password(id, hash).await? {
            return Err(AccountProblem::NoAccount.into());
        }
        self.parts.audit.note(author, "password.changed", &account.username, "").await;
        Ok(())
    }

    /// API tokens: the own ones of a member, all for staff, without the tokens themselves.
    ///
    /// # Errors
    /// No database.
    pub async fn tokens(&self, actor: &Actor, page: TokenPage) -> ServiceResult<Vec<ApiToken>> {
        Ok(self.parts.store.tokens(actor, page).await?)
    }

    /// Makes an API token for an account. It is shown once.
    ///
    /// # Errors
    /// Whoever asks is neither the account's holder nor an owner, or there is no such account.
    pub async fn make_token(
        &self,
        author: &Author,
        account: AccountId,
        name: &str,
        expires_at: Option<Timestamp>,
    ) -> ServiceResult<Secret> {
        if author.account() != Some(account) {
            self.must_manage(author)?;
        }
        let account = self.account(&Actor::System, account).await?;
        let token = api_token().map_err(|error| ServiceError::Internal(error.to_string()))?;
        let name: String = name.trim().chars().take(MAX_TOKEN_NAME_CHARS).collect();
        let ending = ending(&token);
        let detail = format!("{name} …{ending}");
        let new = NewToken {
            account: account.id,
            hash: TokenHash::of(token.expose()),
            ending,
            name,
            now: self.parts.clock.now(),
            expires_at,
            is_sign_in: false,
        };
        self.parts.store.create_token(new).await?;
        self.parts.audit.note(author, "token.made", &account.username, detail).await;
        Ok(token)
    }

    /// Ends an API token, at once: the own one, or as an owner anybody's.
    ///
    /// # Errors
    /// There is none that whoever asks may end.
    pub async fn revoke_token(&self, author: &Author, id: TokenId) -> ServiceResult<()> {
        let actor = match self.must_manage(author) {
            Ok(()) => Actor::System,
            Err(refusal) => Actor::Member(author.account().ok_or(refusal)?),
        };
        let revoked = self.parts.store.revoke_token(&actor, id).await?;
        let token = revoked.ok_or(AccountProblem::NoToken)?;
        let detail = format!("{} …{}", token.name, token.ending);
        self.parts.audit.note(author, "token.revoked", token.username, detail).await;
        Ok(())
    }
}
