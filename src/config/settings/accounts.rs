//! Settings of accounts and sign-ins.

use super::{Setting, setting};

/// All of them.
pub(super) const ACCOUNTS: &[Setting] = &[
    setting(
        "REGISTRATION",
        "open",
        "invite",
        "Who may make an account over the API: open (everybody), invite or closed; it opens no admin page.",
    ),
    setting("LOGIN_DAYS", "30", "7", "Days after which a login to the admin pages ends."),
    setting(
        "LIMIT_LOGINS_PER_ADDRESS",
        "5",
        "3",
        "Sign-ins that may be tried from one address in five minutes.",
    ),
    setting(
        "LIMIT_LOGINS_PER_ACCOUNT",
        "10",
        "5",
        "Sign-ins that may be tried to one account in 15 minutes, from anywhere.",
    ),
    setting(
        "LIMIT_REGISTRATIONS_PER_ADDRESS",
        "10",
        "3",
        "Accounts that may be asked for from one address in an hour.",
    ),
];
