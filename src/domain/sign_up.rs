//! Signing up: which names, addresses and passwords an account may have.

use std::ops::RangeInclusive;

use crate::domain::details::is_email;
use crate::domain::words::words;

/// Longest name, characters.
pub const MAX_USERNAME_CHARS: usize = 150;
/// How long a password may be, characters. All of them count.
pub const PASSWORD_CHARS: RangeInclusive<usize> = 8..=128;

words!(
    /// What somebody who signs up fills in.
    SignUpField ("field") {
        /// The name to sign in with.
        Username = "username",
        /// The e-mail address.
        Email = "email",
        /// The password.
        Password = "password",
    }
);

/// What is wrong with it. The sentences are Django's, which older front ends may look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignUpProblem {
    /// Nothing is filled in.
    #[error("This field is required.")]
    Missing(SignUpField),
    /// The name is too long.
    #[error("Ensure this field has no more than {MAX_USERNAME_CHARS} characters.")]
    UsernameTooLong,
    /// The name holds other characters.
    #[error(
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ \
         characters."
    )]
    UsernameInvalid,
    /// Somebody has this name, perhaps with other capitals.
    #[error("A user with that username already exists.")]
    UsernameTaken,
    /// No mail could go there.
    #[error("Enter a valid email address.")]
    EmailInvalid,
    /// The password is too short.
    #[error(
        "This password is too short. It must contain at least {} characters.",
        PASSWORD_CHARS.start()
    )]
    PasswordTooShort,
    /// The password is too long.
    #[error("This password is too long. At most {} characters are taken.", PASSWORD_CHARS.end())]
    PasswordTooLong,
    /// The password is among those that are tried first.
    #[error("This password is too common.")]
    PasswordTooCommon,
    /// The password is the name or the address.
    #[error("The password is too similar to the username or email address.")]
    PasswordTooSimilar,
}

impl SignUpProblem {
    /// Which field it is about.
    #[must_use]
    pub const fn field(self) -> SignUpField {
        match self {
            Self::Missing(field) => field,
            Self::UsernameTooLong | Self::UsernameInvalid | Self::UsernameTaken => {
                SignUpField::Username
            }
            Self::EmailInvalid => SignUpField::Email,
            Self::PasswordTooShort
            | Self::PasswordTooLong
            | Self::PasswordTooCommon
            | Self::PasswordTooSimilar => SignUpField::Password,
        }
    }
}

/// A name that an account may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// The name without white space around it.
    ///
    /// # Errors
    /// It is empty, too long, or holds other characters than letters, digits and `@.+-_`.
    pub fn parse(text: &str) -> Result<Self, SignUpProblem> {
        let text = text.trim();
        let is_usual = |c: char| c.is_alphanumeric() || "@.+-_".contains(c);
        match text.chars().count() {
            0 => Err(SignUpProblem::Missing(SignUpField::Username)),
            n if n > MAX_USERNAME_CHARS => Err(SignUpProblem::UsernameTooLong),
            _ if !text.chars().all(is_usual) => Err(SignUpProblem::UsernameInvalid),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What makes two names the same: capitals and white space around them do not count.
#[must_use]
pub fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}

/// The address without white space around it.
///
/// # Errors
/// It is empty, or no mail could go there.
pub fn email(text: &str) -> Result<String, SignUpProblem> {
    match text.trim() {
        "" => Err(SignUpProblem::Missing(SignUpField::Email)),
        text if !is_email(text) => Err(SignUpProblem::EmailInvalid),
        text => Ok(text.to_owned()),
    }
}

/// Looks at a password's length and at who wants it. How easily it is guessed is told elsewhere.
///
/// # Errors
/// It is too short or too long, or it is the name or the address.
pub fn check_password(password: &str, username: &str, email: &str) -> Result<(), SignUpProblem> {
    let (chars, own) = (password.chars().count(), folded(password));
    let name_of_email = email.split('@').next().unwrap_or_default();
    let is_own = |part: &str| !part.is_empty() && folded(part) == own;
    match chars {
        0 => Err(SignUpProblem::Missing(SignUpField::Password)),
        n if n < *PASSWORD_CHARS.start() => Err(SignUpProblem::PasswordTooShort),
        n if n > *PASSWORD_CHARS.end() => Err(SignUpProblem::PasswordTooLong),
        _ if [username, email, name_of_email].into_iter().any(is_own) => {
            Err(SignUpProblem::PasswordTooSimilar)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_letters_digits_and_a_few_signs() {
        for text in ["ada", " ada ", "Ada.Lovelace+1@example-site_x", "größe", "艾达", "5"] {
            assert_eq!(Username::parse(text).map(|name| name.0), Ok(text.trim().to_owned()));
        }
        let long = "a".repeat(MAX_USERNAME_CHARS + 1);
        for text in ["", "  ", "a b", "a\u{0}", "a\nb", "a/b", "<b>", "a\u{202e}b", "a'b", &long] {
            assert!(Username::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(folded(" ÄDA "), folded("äda"));
    }

    #[test]
    fn a_password_has_eight_to_128_characters_and_is_not_its_owners_name() {
        let check = |password: &str| check_password(password, "adalovelace", "lovelace@b.example");
        let longest = "ß".repeat(128);
        for password in ["12345678", "pass word", "        ", "ßßßßßßßß", &longest] {
            assert_eq!(check(password), Ok(()), "{password}");
        }
        assert_eq!(check("1234567"), Err(SignUpProblem::PasswordTooShort));
        assert_eq!(check(&"x".repeat(129)), Err(SignUpProblem::PasswordTooLong));
        for own in ["AdaLovelace", "lovelace@b.example", "LOVELACE"] {
            assert_eq!(check(own), Err(SignUpProblem::PasswordTooSimilar), "{own}");
        }
    }

    #[test]
    fn each_problem_names_its_field() {
        assert_eq!(email("").map_err(SignUpProblem::field), Err(SignUpField::Email));
        assert_eq!(email("ada").map_err(SignUpProblem::field), Err(SignUpField::Email));
        assert_eq!(email(" a@b.example "), Ok("a@b.example".to_owned()));
        assert_eq!(SignUpProblem::UsernameTaken.field(), SignUpField::Username);
    }
}
