//! Accounts: people who sign in, to talk (members) or to run the bots (staff).

use std::fmt;
use std::str::FromStr;

use crate::domain::clock::Timestamp;
use crate::domain::id::InvalidId;
use crate::domain::words::words;

/// Names one account. Counts up, as front ends of account backends expect a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(i64);

impl AccountId {
    /// The account of this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse().map(Self).map_err(|_| InvalidId)
    }
}

words!(
    /// What an account may do. Each role may do what the ones before it may.
    Role ("role") {
        /// Talk, and see the own conversations. Nothing of the admin pages.
        Member = "member",
        /// See everything in the admin pages, change nothing.
        Viewer = "viewer",
        /// Change bots, delete conversations, settle answers.
        Editor = "editor",
        /// Manage accounts, tokens and invitations as well.
        Owner = "owner",
    }
);

impl Role {
    /// All of them, the least one first.
    pub const ALL: [Self; 4] = [Self::Member, Self::Viewer, Self::Editor, Self::Owner];

    /// Whether it may do what `needed` may.
    #[must_use]
    pub fn includes(self, needed: Self) -> bool {
        let rank = |role| Self::ALL.iter().position(|known| *known == role);
        rank(self) >= rank(needed)
    }
}

/// Somebody who signed in to the admin pages. Their role is [`Role::Viewer`] or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staff {
    /// Their account.
    pub account: AccountId,
    /// What they may do.
    pub role: Role,
}

/// One account, as stored; without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The name it signs in with.
    pub username: String,
    /// Its e-mail address; may be empty for accounts made on the command line.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_login: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_includes_those_below_it() {
        for (place, role) in Role::ALL.iter().enumerate() {
            for (other_place, other) in Role::ALL.iter().enumerate() {
                assert_eq!(role.includes(*other), place >= other_place, "{role} {other}");
            }
        }
    }
}
