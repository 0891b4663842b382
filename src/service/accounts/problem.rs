//! Why something about an account was not done.

use crate::domain::sign_up::SignUpProblem;

/// Why something about an account was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountProblem {
    /// Nobody may make an account by themselves.
    #[error("registration is closed")]
    RegistrationClosed,
    /// An invitation is needed, or the one that was shown is unknown, used or over.
    #[error("no such invitation")]
    NoInvitation,
    /// Something is wrong with what was filled in.
    #[error("{} of the account is wrong", .0.iter().map(|p| p.field().as_str()).collect::<Vec<_>>().join(", "))]
    Refused(Vec<SignUpProblem>),
    /// Wrong name or wrong password, or the account may not sign in here: nobody is told which.
    #[error("wrong name or password")]
    WrongCredentials,
    /// Whoever asks may not do this.
    #[error("not allowed")]
    NotAllowed,
    /// There is no such account.
    #[error("no such account")]
    NoAccount,
    /// There is no such token, or it is not the asker's.
    #[error("no such token")]
    NoToken,
    /// The last active owner cannot go.
    #[error("the last owner cannot go")]
    LastOwner,
}
