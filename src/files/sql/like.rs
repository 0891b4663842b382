//! `LIKE` that knows the upper and lower case of every script, and takes no more than the length
//! of the text times that of the pattern.

use std::str::Chars;

/// The longest pattern.
const MAX_CHARS: usize = 200;

/// A pattern, ready to be compared.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Token>);

#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// `%`
    Anything,
    /// `_`
    One,
    /// A character, folded.
    Char(char),
}

impl Pattern {
    /// `None` when it is too long.
    pub(super) fn parse(pattern: &str, escape: Option<char>) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                c if Some(c) == escape => Token::Char(fold(chars.next()?)),
                '%' if tokens.last() == Some(&Token::Anything) => continue,
                '%' => Token::Anything,
                '_' => Token::One,
                c => Token::Char(fold(c)),
            });
        }
        (tokens.len() <= MAX_CHARS).then_some(Self(tokens))
    }

    /// Whether the whole text is like the pattern. After a mismatch only the last `%` takes a
    /// character more, which is enough and keeps the time in bounds.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut at = 0;
        let mut rest = text.chars();
        let mut resume: Option<(usize, Chars<'_>)> = None;
        loop {
            if self.0.get(at) == Some(&Token::Anything) {
                at += 1;
                resume = Some((at, rest.clone()));
                continue;
            }
            match (self.0.get(at), rest.next()) {
                (None, None) => return true,
                (Some(Token::One), Some(_)) => at += 1,
                (Some(Token::Char(wanted)), Some(c)) if *wanted == fold(c) => at += 1,
                _ => {
                    let Some((after, from)) = resume.as_mut() else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    at = *after;
                    rest = from.clone();
                }
            }
        }
    }
}

/// Lower case, for characters whose lower case is one character.
fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts_in_any_case() {
        for (pattern, text, is_like) in [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("a", "A", true),
            ("äpfel", "ÄPFEL", true),
            ("жук", "ЖУК", true),
            ("straße", "STRASSE", false),
            ("_", "ü", true),
            ("_", "", false),
            ("a%", "abc", true),
            ("%c", "abc", true),
            ("%b%", "abc", true),
            ("a%c%e", "abcde", true),
            ("a%c%e", "abcdef", false),
            ("%ab", "aab", true),
            ("%aab%", "aaaab", true),
            ("a_c", "abc", true),
            ("a_c", "ac", false),
            ("%%%x%%", "x", true),
        ] {
            let parsed = Pattern::parse(pattern, None).unwrap();
            assert_eq!(parsed.matches(text), is_like, "{text:?} like {pattern:?}");
        }
    }

    #[test]
    fn an_escaped_sign_means_itself() {
        let pattern = Pattern::parse(r"100\%", Some('\\')).unwrap();
        assert!(pattern.matches("100%"));
        assert!(!pattern.matches("1000"));
    }

    #[test]
    fn a_pattern_may_not_be_endless() {
        assert!(Pattern::parse(&"a%".repeat(100), None).is_some());
        assert!(Pattern::parse(&"a%".repeat(101), None).is_none());
    }
}
