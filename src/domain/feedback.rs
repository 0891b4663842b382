//! What a visitor thinks of a reply: thumb up or down, and a comment for the owner.

use crate::domain::words::words;

/// Longest comment, characters.
pub const MAX_COMMENT_CHARS: usize = 2000;

words!(
    /// Which way the thumb points.
    Rating ("rating") {
        /// It helped.
        Up = "up",
        /// It did not.
        Down = "down",
    }
);

/// What a visitor thinks of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Which way the thumb points.
    pub rating: Rating,
    /// What they say about it, if anything.
    pub comment: Option<String>,
}

/// Why a text is no comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommentError {
    /// More characters than are kept.
    #[error("The comment has {0} characters, at most {MAX_COMMENT_CHARS} are kept.")]
    TooLong(usize),
    /// A NUL character, which no keyboard makes and databases mangle.
    #[error("The comment holds a NUL character.")]
    Nul,
}

impl Feedback {
    /// A rating with its comment; a blank comment is none.
    ///
    /// # Errors
    /// The comment is too long or holds NUL.
    pub fn new(rating: Rating, comment: Option<&str>) -> Result<Self, CommentError> {
        let comment = comment.map(str::trim).filter(|text| !text.is_empty());
        let chars = comment.map_or(0, |text| text.chars().count());
        if chars > MAX_COMMENT_CHARS {
            return Err(CommentError::TooLong(chars));
        }
        if comment.is_some_and(|text| text.contains('\0')) {
            return Err(CommentError::Nul);
        }
        Ok(Self { rating, comment: comment.map(str::to_owned) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_trimmed_and_bounded() {
        let comment = |text: &str| Feedback::new(Rating::Down, Some(text)).map(|f| f.comment);
        assert_eq!(comment(" too long \n"), Ok(Some("too long".to_owned())));
        assert_eq!(comment(" \n"), Ok(None));
        assert_eq!(comment("a\0b"), Err(CommentError::Nul));
        let longest = "é".repeat(MAX_COMMENT_CHARS);
        assert_eq!(comment(&longest), Ok(Some(longest.clone())));
        assert_eq!(comment(&(longest + "x")), Err(CommentError::TooLong(MAX_COMMENT_CHARS + 1)));
    }
}
