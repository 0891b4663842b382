//! Values that must never be printed, and the token that opens a protected session.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A key, password or token. `Debug` and `Display` print stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that must not be printed.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for the header or hash that needs it, nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What is kept of a token: its SHA-256. The token has 256 random bits,
/// so a fast hash is enough (OWASP ASVS 6.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Hashes a token as the visitor presents it.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// The hash as stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// How an API token begins, so that people and scanners of code know one when they see it.
pub const API_TOKEN_PREFIX: &str = "alc_";

/// Makes an API token: the prefix and [`random_token`].
///
/// # Errors
/// The operating system cannot give random bytes.
pub fn api_token() -> Result<Secret, getrandom::Error> {
    Ok(Secret(format!("{API_TOKEN_PREFIX}{}", random_token()?.expose())))
}

/// A key for signatures that only this server makes and checks.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerKey([u8; 32]);

impl ServerKey {
    /// A fresh one from the system's random source.
    ///
    /// # Errors
    /// The operating system cannot give random bytes.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// A key that was stored; none if it has another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key that belongs to a secret and a name: those of other names tell nothing about it.
    #[must_use]
    pub fn made_from(secret: &Secret, name: &str) -> Self {
        let digest = Sha256::new().chain_update(name).chain_update([0]);
        Self(digest.chain_update(secret.expose()).finalize().into())
    }

    /// Its bytes: for the store and for signatures, nothing else.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Makes a token: 32 bytes from the system's random source, base64url.
///
/// # Errors
/// The operating system cannot give random bytes.
pub fn random_token() -> Result<Secret, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(Secret(URL_SAFE_NO_PAD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Secret::new("sk-very-secret");
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
    }

    #[test]
    fn a_key_made_from_a_secret_is_the_same_again_and_another_for_each_name() {
        let key = |secret: &str, name| ServerKey::made_from(&Secret::new(secret), name);
        assert_eq!(key("one", "csrf"), key("one", "csrf"));
        assert_ne!(key("one", "csrf"), key("two", "csrf"));
        assert_ne!(key("one", "csrf"), key("one", "flash"));
    }

    #[test]
    fn tokens_differ_and_hold_256_bits() {
        let tokens: std::collections::HashSet<String> =
            (0..40).map(|_| random_token().expect("random").expose().to_owned()).collect();
        assert_eq!(tokens.len(), 40);
        assert!(tokens.iter().all(|token| token.len() == 43));
    }
}
