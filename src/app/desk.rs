//! What is done to accounts on the command line, beside a running server or without one.

use std::sync::Arc;

use crate::app::accounts::accounts;
use crate::config::Config;
use crate::domain::account::{Account, ApiToken, TokenId};
use crate::domain::actor::Actor;
use crate::domain::clock::{Clock, SystemClock, Timestamp};
use crate::domain::secret::Secret;
use crate::service::ServiceError;
use crate::service::accounts::{AccountProblem, Accounts, NewAccount};
use crate::service::audit::Author;
use crate::service::guard::Guard;
use crate::store::sign_ins::TokenPage;
use crate::store::sqlite::{SqliteSettings, SqliteStore};
use crate::store::{Store, StoreError};

/// Tokens read at once.
const TOKENS_AT_ONCE: u32 = 500;

/// The accounts in a database. A running server sees each change with its next request.
pub struct Desk {
    accounts: Arc<Accounts>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// Opens the database, and makes it if there is none.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(config: &Config) -> Result<Self, String> {
        let store = SqliteStore::open(SqliteSettings::new(&config.database)).map_err(told)?;
        let store: Arc<dyn Store> = Arc::new(store);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        // Whoever sits at the machine is not held back.
        let guard = Arc::new(Guard::new(None));
        let (accounts, _) = accounts(config, &store, &guard, &clock);
        Ok(Self { accounts, store, clock })
    }

    /// Opens the database, if there is one.
    ///
    /// # Errors
    /// There is none, or it cannot be opened.
    pub fn open_existing(config: &Config) -> Result<Self, String> {
        if !config.database.is_file() {
            return Err(format!("{}: there is no such file", config.database.display()));
        }
        Self::open(config)
    }

    /// Makes an owner.
    ///
    /// # Errors
    /// What is wrong with what was filled in.
    pub async fn make_owner(
        &self,
        username: String,
        email: String,
        password: Secret,
    ) -> Result<Account, String> {
        let new = NewAccount { username, email, password };
        self.accounts.make_owner(new).await.map_err(in_words)
    }

    /// Makes an API token for the account of this name; with a number of days it ends after them.
    ///
    /// # Errors
    /// There is no such account.
    pub async fn make_token(
        &self,
        username: &str,
        name: &str,
        days: Option<u32>,
    ) -> Result<Secret, String> {
        let author = Author::command_line();
        let account = self.accounts.account_named(&author, username).await.map_err(in_words)?;
        let ends = days.map(|days| self.end_after(days));
        self.accounts.make_token(&author, account.id, name, ends).await.map_err(in_words)
    }

    fn end_after(&self, days: u32) -> Timestamp {
        const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
        self.clock.now().plus(DAY.saturating_mul(days))
    }

    /// All API tokens, the newest first; those of one account, if it is named.
    ///
    /// # Errors
    /// There is no such account.
    pub async fn tokens(&self, username: Option<&str>) -> Result<Vec<ApiToken>, String> {
        let actor = match username {
            None => Actor::System,
            Some(name) => {
                let author = Author::command_line();
                let account = self.accounts.account_named(&author, name).await.map_err(in_words)?;
                Actor::Member(account.id)
            }
        };
        let mut tokens: Vec<ApiToken> = Vec::new();
        loop {
            let before = tokens.last().map(|token| token.id);
            let page = TokenPage { before, limit: TOKENS_AT_ONCE };
            let more = self.accounts.tokens(&actor, page).await.map_err(in_words)?;
            if more.is_empty() {
                return Ok(tokens);
            }
            tokens.extend(more);
        }
    }

    /// Ends an API token.
    ///
    /// # Errors
    /// There is no such token.
    pub async fn revoke_token(&self, id: TokenId) -> Result<(), String> {
        self.accounts.revoke_token(&Author::command_line(), id).await.map_err(in_words)
    }

    /// Closes the database.
    pub async fn close(self) {
        self.store.close().await;
    }
}

fn told(error: StoreError) -> String {
    error.to_string()
}

/// What went wrong, for whoever sits at the machine.
fn in_words(error: ServiceError) -> String {
    let ServiceError::Account(problem) = error else { return error.to_string() };
    match problem {
        AccountProblem::Refused(problems) => {
            let lines = problems.iter().map(|p| format!("{}: {p}", p.field()));
            lines.collect::<Vec<_>>().join("\n        ")
        }
        problem => problem.to_string(),
    }
}
