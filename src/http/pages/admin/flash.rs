//! What a page says after a form was sent: one sentence, on the page the form leads to.
//!
//! The address carries a word of a fixed list (`?done=saved`), so a link can make a page say
//! nothing of its own.

use std::fmt;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// The table: variant, word in the address, sentence.
macro_rules! done_table {
    ($($(#[$doc:meta])* $variant:ident $word:literal $sentence:literal;)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Done {
            $($(#[$doc])* $variant,)+
        }

        impl Done {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in the address.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The sentence for people.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }
        }
    };
}

done_table! {
    /// Something was changed.
    Saved "saved" "Saved.";
    /// Something was made.
    Created "created" "Created.";
    /// Something was deleted.
    Deleted "deleted" "Deleted.";
    /// A bot has an earlier version again.
    RolledBack "rolled-back" "The earlier version is back.";
    /// A bot became the default one.
    DefaultChanged "default-changed" "This is the default bot now.";
    /// A reply was taken off the list.
    Settled "settled" "Taken off the list.";
    /// A token was revoked.
    Revoked "revoked" "The token is revoked. It stopped working at once.";
    /// A password was changed.
    PasswordChanged "password-changed" "The password is changed. All other sign-ins of this account have ended.";
    /// An account may sign in again.
    Activated "activated" "The account may sign in again.";
    /// An account may no longer sign in.
    Deactivated "deactivated" "The account can no longer sign in.";
    /// Somebody signed out.
    SignedOut "signed-out" "You are signed out.";
}

impl Done {
    /// What the query string of an address says was done.
    #[must_use]
    pub fn in_query(query: Option<&str>) -> Option<Self> {
        let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let (_, word) = pairs.find(|(name, _)| name == "done")?;
        Self::ALL.iter().copied().find(|done| done.word() == word)
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// Leads to `path`, one of our own, where the page says `done`.
pub fn redirect(path: &str, done: Done) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    see_other(&format!("{path}{joint}done={}", done.word()))
}

/// Leads to `path`, one of our own.
pub fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_the_list_are_said() {
        assert_eq!(Done::in_query(Some("page=2&done=saved")), Some(Done::Saved));
        for query in [None, Some(""), Some("done="), Some("done=You%20won"), Some("done=Saved")] {
            assert_eq!(Done::in_query(query), None, "{query:?}");
        }
        for done in Done::ALL {
            assert_eq!(Done::in_query(Some(&format!("done={}", done.word()))), Some(*done));
        }
    }

    #[test]
    fn a_redirect_keeps_the_query_it_leads_to() {
        let location = |response: Response| response.headers()[header::LOCATION].clone();
        assert_eq!(location(redirect("/admin/bots", Done::Saved)), "/admin/bots?done=saved");
        assert_eq!(location(redirect("/admin/x?a=1", Done::Saved)), "/admin/x?a=1&done=saved");
    }
}
