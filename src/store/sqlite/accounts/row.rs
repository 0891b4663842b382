//! A row of `accounts`, and the account it becomes.

use rusqlite::Row;

use crate::domain::account::{Account, AccountId};
use crate::domain::clock::Timestamp;
use crate::store::sqlite::rows::impossible;
use crate::store::{StoreError, StoreResult};

/// A row of `accounts`.
pub(in crate::store::sqlite) struct AccountRow {
    key: i64,
    username: String,
    email: String,
    role: String,
    is_active: bool,
    created_at: i64,
    last_login: Option<i64>,
}

impl AccountRow {
    /// What to select for [`Self::read`].
    pub(in crate::store::sqlite) const COLUMNS: &str = "accounts.key, accounts.username, accounts.email, \
         accounts.role, accounts.is_active, accounts.created_at, accounts.last_login";

    pub(in crate::store::sqlite) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            username: row.get(1)?,
            email: row.get(2)?,
            role: row.get(3)?,
            is_active: row.get(4)?,
            created_at: row.get(5)?,
            last_login: row.get(6)?,
        })
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> StoreResult<Self> {
        Ok(Self {
            id: AccountId::new(row.key),
            username: row.username,
            email: row.email,
            role: row.role.parse().map_err(|why| impossible("accounts", "role", row.key, why))?,
            is_active: row.is_active,
            created_at: Timestamp::from_ms(row.created_at),
            last_login: row.last_login.map(Timestamp::from_ms),
        })
    }
}
