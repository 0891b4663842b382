//! Sign-ins: API tokens, and logins to the admin pages. Only hashes are kept.

use async_trait::async_trait;

use crate::domain::account::{Account, AccountId, ApiToken, TokenId};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::secret::{ServerKey, TokenHash};
use crate::store::StoreResult;

/// Tokens an account may have; a further one takes the place of the one that was not used longest.
pub const MAX_TOKENS: u32 = 100;

/// A token about to be stored.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose it is.
    pub account: AccountId,
    /// Its hash.
    pub hash: TokenHash,
    /// Its last four characters.
    pub ending: String,
    /// What its owner calls it.
    pub name: String,
    /// When it is made.
    pub now: Timestamp,
    /// When it ends; none holds until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// Whether somebody signs in with it; else it is made for a program.
    pub is_sign_in: bool,
}

/// A login about to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewLogin {
    /// Whose it is.
    pub account: AccountId,
    /// Hash of the cookie.
    pub hash: TokenHash,
    /// When.
    pub now: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Which tokens to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenPage {
    /// The last token of the page before.
    pub before: Option<TokenId>,
    /// At most so many.
    pub limit: u32,
}

/// Sign-ins of accounts that are active.
#[async_trait]
pub trait SignInStore: Send + Sync {
    /// Stores a token, and for a sign-in that its account signed in.
    async fn create_token(&self, token: NewToken) -> StoreResult<TokenId>;

    /// The active account whose token this is, if the token holds at `now`; and when the token
    /// was last used.
    async fn token_account(
        &self,
        hash: TokenHash,
        now: Timestamp,
    ) -> StoreResult<Option<(Account, Option<Timestamp>)>>;

    /// Notes that the token was used.
    async fn touch_token(&self, hash: TokenHash, now: Timestamp) -> StoreResult<()>;

    /// The tokens of the account that asks, or of all for whom sees all; the newest first.
    async fn tokens(&self, actor: &Actor, page: TokenPage) -> StoreResult<Vec<ApiToken>>;

    /// Deletes a token of the account that asks, or any for whom sees all. Answers what it was.
    async fn revoke_token(&self, actor: &Actor, id: TokenId) -> StoreResult<Option<ApiToken>>;

    /// Deletes the token that was shown. `false` if it was gone.
    async fn end_token(&self, hash: TokenHash) -> StoreResult<bool>;

    /// Stores a login, and that its account signed in.
    async fn create_login(&self, login: NewLogin) -> StoreResult<()>;

    /// The active account whose login this is, if the login holds at `now` and was used since
    /// `idle_since`; and when it was last used.
    async fn login_account(
        &self,
        hash: TokenHash,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> StoreResult<Option<(Account, Timestamp)>>;

    /// Notes that the login was used.
    async fn touch_login(&self, hash: TokenHash, now: Timestamp) -> StoreResult<()>;

    /// Deletes a login. `false` if it was gone.
    async fn end_login(&self, hash: TokenHash) -> StoreResult<bool>;

    /// Deletes tokens, logins and invitations that ended before `now`, and logins not used since
    /// `idle_since`.
    async fn delete_ended_sign_ins(&self, now: Timestamp, idle_since: Timestamp)
    -> StoreResult<()>;

    /// The key of this name; `fresh` becomes it if there was none.
    async fn server_key(&self, name: &'static str, fresh: ServerKey) -> StoreResult<ServerKey>;
}
