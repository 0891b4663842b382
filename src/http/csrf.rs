//! The token in every form of the admin pages, without which no form is taken.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::domain::secret::{ServerKey, TokenHash};

/// What the key behind these tokens is called in the store.
pub const CSRF_KEY: &str = "csrf";

/// Belongs to one login: a page elsewhere cannot know it, and that of another login is refused.
#[derive(Clone, PartialEq, Eq)]
pub struct CsrfToken(String);

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// As forms write it.
impl fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CsrfToken {
    /// The token of the login whose cookie has this hash.
    #[must_use]
    pub fn of(key: &ServerKey, login: &TokenHash) -> Self {
        let signature = Hmac::<Sha256>::new_from_slice(key.expose()).map(|mut signature| {
            signature.update(b"csrf");
            signature.update(login.as_bytes());
            signature.finalize().into_bytes()
        });
        // A key may have any length, so there always is a signature; without one no form is taken.
        Self(signature.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default())
    }

    /// Whether a form shows this token. Takes the same time however much of it is right.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(shown.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_its_login_and_key_only() {
        let key = |byte: u8| ServerKey::from_bytes(&[byte; 32]).expect("a key");
        let token = CsrfToken::of(&key(1), &TokenHash::of("a"));
        assert_eq!(token.0.len(), 43);
        assert!(token.is(&CsrfToken::of(&key(1), &TokenHash::of("a")).0));
        let last_is_cut = token.0.get(..42).expect("ASCII").to_owned();
        for other in [
            CsrfToken::of(&key(1), &TokenHash::of("b")).0,
            CsrfToken::of(&key(2), &TokenHash::of("a")).0,
            String::new(),
            last_is_cut,
        ] {
            assert!(!token.is(&other), "{other}");
        }
        assert!(!CsrfToken(String::new()).is(""));
        assert_eq!(format!("{token:?}"), "***");
    }
}
