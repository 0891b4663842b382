//! Passwords: what is kept of them, and whether one is right. Argon2id, two at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::domain::secret::Secret;
use crate::domain::sign_up::{SignUpProblem, check_password};
use crate::service::{ServiceError, ServiceResult};

/// Memory that one hash takes, KiB. OWASP asks for 19456 at least with two passes; more memory
/// makes guessing on graphics cards dearer.
pub const MEMORY_KIB: u32 = 64 * 1024;
/// How often a hash goes over that memory.
pub const PASSES: u32 = 3;
/// Hashes at once: more would take memory and the processors from those who chat.
pub const AT_ONCE: usize = 2;
/// Sign-ins that may wait for a place; more are told that the server is busy.
pub const MAX_WAITING: usize = 100;
/// A password that is guessed within so many tries is refused.
const MIN_GUESSES: u64 = 3000;

/// What is verified where there is no account, so that it takes the same time: the form of a hash
/// with these costs, which no password is known to have.
const DECOY: &str = "$argon2id$v=19$m=65536,t=3,p=1$YWxjb3ZlLWRlY295LXNhbHQ$\
     3q2+78r+ur4BI0VniavN7wEjRWeJq83v3q2+78r+ur4";

/// Whether a password is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is not.
    Wrong,
    /// It is.
    Right,
    /// It is, and what is kept of it should be this, made as hashes are made today.
    Renewed(Secret),
}

/// Hashes passwords, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    /// One permit for each hash at once.
    places: Semaphore,
    /// One permit for each caller, at work or waiting.
    callers: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            places: Semaphore::new(AT_ONCE),
            callers: Arc::new(Semaphore::new(AT_ONCE + MAX_WAITING)),
        }
    }
}

impl Passwords {
    /// What to keep of a new password; in the inner result what is wrong with it.
    ///
    /// # Errors
    /// Too many wait already.
    pub async fn hash(
        &self,
        password: Secret,
        username: &str,
        email: &str,
    ) -> ServiceResult<Result<Secret, SignUpProblem>> {
        if let Err(problem) = check_password(password.expose(), username, email) {
            return Ok(Err(problem));
        }
        let own = [username.to_owned(), email.to_owned()];
        self.work(move || {
            if is_guessed(password.expose(), &own) {
                return Ok(Err(SignUpProblem::PasswordTooCommon));
            }
            made(password.expose()).map(Ok)
        })
        .await
    }

    /// Compares a password with what was kept of it; with nothing kept it takes as long.
    ///
    /// # Errors
    /// Too many wait already, or what was kept is no hash.
    pub async fn verify(&self, password: Secret, kept: Option<Secret>) -> ServiceResult<Verdict> {
        self.work(move || verdict(password.expose(), kept.as_ref())).await
    }

    /// Does `work` where it may block, when there is a place.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> ServiceResult<T> + Send + 'static,
    ) -> ServiceResult<T> {
        let caller = Arc::clone(&self.callers).try_acquire_owned();
        let _caller = caller.map_err(|_| ServiceError::Busy)?;
        let _place = self.places.acquire().await.map_err(|_| ServiceError::Restarting)?;
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| ServiceError::Internal(format!("hash a password: {error}")))?
    }
}

fn argon2() -> ServiceResult<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::Internal(format!("hash a password: {error}"))
}

fn made(password: &str) -> ServiceResult<Secret> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(internal)?;
    Ok(Secret::new(hash.to_string()))
}

fn verdict(password: &str, kept: Option<&Secret>) -> ServiceResult<Verdict> {
    let hash = PasswordHash::new(kept.map_or(DECOY, Secret::expose)).map_err(internal)?;
    let is_right = argon2()?.verify_password(password.as_bytes(), &hash).is_ok();
    match (kept, is_right) {
        (None, _) | (_, false) => Ok(Verdict::Wrong),
        (Some(_), true) if is_current(&hash) => Ok(Verdict::Right),
        (Some(_), true) => made(password).map(Verdict::Renewed),
    }
}

/// Whether it was made as hashes are made today.
fn is_current(hash: &PasswordHash) -> bool {
    let now = Params::new(MEMORY_KIB, PASSES, 1, None);
    let then = Params::try_from(hash);
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    let is_argon2id = hash.algorithm.as_str() == "argon2id";
    is_argon2id && now.ok().as_ref().map(costs) == then.ok().as_ref().map(costs)
}

/// Whether guessing programs try it among the first.
fn is_guessed(password: &str, own: &[String]) -> bool {
    let own: Vec<&str> = own.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    zxcvbn::zxcvbn(password, &own).guesses() <= MIN_GUESSES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    async fn kept(password: &str) -> Result<Secret, SignUpProblem> {
        Passwords::default().hash(secret(password), "ada", "ada@b.example").await.expect("a place")
    }

    #[tokio::test]
    async fn a_password_is_kept_as_argon2id_and_known_again() {
        let (one, other) = (kept("kind otter 7").await, kept("kind otter 7").await);
        let (one, other) = (one.expect("taken"), other.expect("taken"));
        assert_ne!(one, other, "each has its own salt");
        assert!(one.expose().starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{}", one.expose());
        let passwords = Passwords::default();
        for (password, verdict) in [
            ("kind otter 7", Verdict::Right),
            ("kind otter 8", Verdict::Wrong),
            ("kind otter 7 ", Verdict::Wrong),
            ("", Verdict::Wrong),
        ] {
            let told = passwords.verify(secret(password), Some(one.clone())).await;
            assert_eq!(told.expect("a place"), verdict, "{password}");
        }
    }

    #[tokio::test]
    async fn without_an_account_every_password_is_wrong() {
        let told = Passwords::default().verify(secret("kind otter 7"), None).await;
        assert_eq!(told.expect("a place"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_other_costs_is_made_anew() {
        let cheap = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(19_456, 2, 1, None).expect("costs"),
        );
        let old = secret(&cheap.hash_password(b"kind otter 7").expect("a hash").to_string());
        let told = Passwords::default().verify(secret("kind otter 7"), Some(old.clone())).await;
        let Ok(Verdict::Renewed(new)) = told else { panic!("not renewed: {told:?}") };
        assert!(new.expose().contains("m=65536,t=3"));
        let told = Passwords::default().verify(secret("wrong"), Some(old)).await;
        assert_eq!(told.expect("a place"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn passwords_that_are_tried_first_are_refused() {
        for password in ["password", "12345678", "qwertyuiop", "iloveyou", "aaaaaaaa", "abcdefgh"] {
            assert_eq!(kept(password).await, Err(SignUpProblem::PasswordTooCommon), "{password}");
        }
        assert_eq!(kept("ada").await, Err(SignUpProblem::PasswordTooShort));
        for password in ["securepassword", "kind otter 7", "correcthorse", "größe-und-maß"] {
            assert!(kept(password).await.is_ok(), "{password}");
        }
    }

    #[tokio::test]
    async fn too_many_at_once_are_told_that_the_server_is_busy() {
        let passwords = Passwords::default();
        let all = u32::try_from(AT_ONCE + MAX_WAITING).expect("a number");
        let _taken = Arc::clone(&passwords.callers).try_acquire_many_owned(all).expect("places");
        let told = passwords.verify(secret("x"), None).await;
        assert!(matches!(told, Err(ServiceError::Busy)), "{told:?}");
    }
}
