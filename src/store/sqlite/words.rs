//! What somebody types to look for, made into an expression of the index. Whatever it is, it is no
//! error: each word is quoted, so that nothing in it means anything.

/// Most words of a search; the rest is not looked at.
const MAX_WORDS: usize = 10;

/// Longest word, characters.
const MAX_WORD_CHARS: usize = 60;

/// Shortest beginning of a word: four letters, or two of a script whose letters are words.
const MIN_BEGINNING_BYTES: usize = 4;

/// What somebody typed to look for.
pub(super) struct Query {
    /// In the words of the index: each quoted, so that nothing in it means anything.
    pub(super) expression: String,
    /// Whether the last word is a beginning: then the index gathers all words that begin so first.
    pub(super) is_open: bool,
    /// In lower case, for excerpts.
    pub(super) words: Vec<String>,
}

impl Query {
    /// The words of any text; `None` if there are none in it.
    pub(super) fn of(text: &str) -> Option<Self> {
        let parts: Vec<String> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|part| part.chars().any(char::is_alphanumeric))
            .map(|part| part.chars().take(MAX_WORD_CHARS).filter(|c| *c != '"').collect())
            .take(MAX_WORDS)
            .collect();
        let last = parts.last()?;
        // The last word may be a beginning, if it is long enough not to begin half of all words.
        let is_open = text.ends_with(char::is_alphanumeric)
            && last.chars().all(char::is_alphanumeric)
            && last.len() >= MIN_BEGINNING_BYTES;
        let quoted: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
        let star = if is_open { " *" } else { "" };
        let words = parts
            .iter()
            .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        Some(Self { expression: quoted.join(" AND ") + star, is_open, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(text: &str) -> Option<String> {
        Query::of(text).map(|query| query.expression)
    }

    #[test]
    fn the_last_word_may_be_a_beginning() {
        for (text, expected) in [
            ("parcel", "\"parcel\" *"),
            (" my  Parcel", "\"my\" AND \"Parcel\" *"),
            ("parcel ", "\"parcel\""),
            ("parcel?", "\"parcel?\""),
            ("the", "\"the\""),
            ("営業", "\"営業\" *"),
            ("ada@example.com", "\"ada@example.com\""),
        ] {
            assert_eq!(expression(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_means_something_to_the_index_is_only_a_word() {
        assert_eq!(expression("a\" OR \"b"), Some("\"a\" AND \"OR\" AND \"b\"".to_owned()));
        assert_eq!(
            expression("content:x ^y z*"),
            Some("\"content:x\" AND \"^y\" AND \"z*\"".to_owned())
        );
        for nothing in ["", " ", "\"", "\"\"", "* ^ - + ( ) { } :", "\0", "🙂", "。"] {
            assert_eq!(expression(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_search_is_bounded() {
        let long = expression(&"x".repeat(10_000)).expect("a word");
        assert!(long.len() < 100, "{long}");
        let many = expression(&"word ".repeat(1000)).expect("words");
        assert_eq!(many.matches("AND").count(), MAX_WORDS - 1);
    }
}
