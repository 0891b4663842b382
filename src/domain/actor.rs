//! Who is asking. Every store call that could return somebody's rows takes one.

use crate::domain::account::{AccountId, Staff};
use crate::domain::secret::TokenHash;

/// Who is asking, as far as the request has proven it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who knows a session's id and perhaps its token. Opens that session only:
    /// unprotected ones by id, protected ones by the token whose hash this is, those of accounts
    /// never.
    Visitor {
        /// Hash of the `X-Visitor-Token` that came with the request.
        token: Option<TokenHash>,
    },
    /// Somebody who signed in to talk: opens the sessions of this account only.
    Member(AccountId),
    /// Somebody who signed in to the admin pages: sees every row.
    Staff(Staff),
    /// The server's own work (a running reply, clean-up): may touch every row.
    System,
}

impl Actor {
    /// A visitor who showed no token.
    pub const ANONYMOUS: Self = Self::Visitor { token: None };

    /// Whether every row may be seen.
    #[must_use]
    pub const fn sees_all(&self) -> bool {
        matches!(self, Self::Staff(_) | Self::System)
    }

    /// Whose sessions a new one of theirs belongs to.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Member(account) => Some(*account),
            _ => None,
        }
    }
}
