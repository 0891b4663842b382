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

words!(
    /// Who may make an account by themselves.
    Registration ("kind of registration") {
        /// Everybody.
        Open = "open",
        /// Whoever was given an invitation.
        Invite = "invite",
        /// Nobody; accounts are made by invitation in the admin pages and on the command line.
        Closed = "closed",
    }
);

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

/// Names one API token in lists. It opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(i64);

impl TokenId {
    /// The token of this number.
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

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TokenId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse().map(Self).map_err(|_| InvalidId)
    }
}

/// One API token as its owner may see it again: without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its number.
    pub id: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// The name of that account.
    pub username: String,
    /// What its owner calls it.
    pub name: String,
    /// Its last four characters.
    pub ending: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last shown, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it ends; none holds until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// One line of the record of what staff changed and what concerns accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number: later ones are higher.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who, if they have an account.
    pub account: Option<AccountId>,
    /// Their name at that time.
    pub username: String,
    /// What was done, as a word: `bot.changed`.
    pub action: String,
    /// What it was done to, for people.
    pub subject: String,
    /// More about it, or empty.
    pub detail: String,
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
