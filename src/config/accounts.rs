//! Accounts: who may make one, how long sign-ins hold, how often somebody may try.

use std::time::Duration;

use crate::config::read::{ConfigError, Values};
use crate::domain::account::Registration;

/// Accounts and sign-ins.
#[derive(Debug, Clone, Copy)]
pub struct AccountsConfig {
    /// Who may make an account.
    pub registration: Registration,
    /// How long a login to the admin pages holds at most.
    pub login_span: Duration,
    /// Sign-ins tried from one address in five minutes.
    pub logins_per_address: u32,
    /// Sign-ins tried to one account in a quarter of an hour.
    pub logins_per_account: u32,
    /// Accounts asked for from one address in an hour.
    pub registrations_per_address: u32,
}

/// Reads what holds for accounts.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn accounts(values: &Values) -> Result<AccountsConfig, ConfigError> {
    const DAY: u64 = 24 * 60 * 60;
    let registration = values.parsed("REGISTRATION", |text| {
        text.parse().map_err(|_| format!("is `{text}`, but must be open, invite or closed"))
    })?;
    let count = |name, default| values.number(name, default, (1, 100_000));
    Ok(AccountsConfig {
        registration: registration.unwrap_or(Registration::Open),
        login_span: Duration::from_secs(values.number("LOGIN_DAYS", 30, (1, 365))? * DAY),
        logins_per_address: count("LIMIT_LOGINS_PER_ADDRESS", 5)?,
        logins_per_account: count("LIMIT_LOGINS_PER_ACCOUNT", 10)?,
        registrations_per_address: count("LIMIT_REGISTRATIONS_PER_ADDRESS", 10)?,
    })
}
