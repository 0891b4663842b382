//! Proof that a form was made here, for this very sign-in: an HMAC over the cookie's hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::domain::secret::TokenHash;

/// What the hidden field `csrf` of a form holds. Nobody can make it without the server's key, and
/// one of another sign-in does not fit.
#[derive(Clone, PartialEq, Eq)]
pub struct CsrfToken(String);

impl CsrfToken {
    /// The token of the sign-in (or of the visit before it) whose cookie has this hash.
    #[must_use]
    pub fn of(key: &[u8], cookie: &TokenHash) -> Self {
        // HMAC takes keys of every length. If it ever did not, an empty token matches nothing.
        Self(Hmac::<Sha256>::new_from_slice(key).map_or_else(
            |_| String::new(),
            |mac| {
                let mac = mac.chain_update(b"csrf").chain_update(cookie.as_bytes());
                URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
            },
        ))
    }

    /// Whether a form showed this token. Takes the same time whatever it showed.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(shown.as_bytes()))
    }
}

/// As forms write it.
impl std::fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_own_cookie_and_key_only() {
        let (one, other) = (TokenHash::of("one"), TokenHash::of("other"));
        let token = CsrfToken::of(b"key", &one);
        assert!(token.is(&token.0));
        assert!(!token.is(&CsrfToken::of(b"key", &other).0));
        assert!(!token.is(&CsrfToken::of(b"other key", &one).0));
        let cut: String = token.0.chars().skip(1).collect();
        for shown in ["", " ", &cut, &format!("{} ", token.0)] {
            assert!(!token.is(shown), "{shown:?}");
        }
    }

    #[test]
    fn an_empty_token_matches_nothing() {
        assert!(!CsrfToken(String::new()).is(""));
    }
}
