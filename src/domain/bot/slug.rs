//! The name of a bot in addresses and `data-bot`.

/// The bot that always exists.
pub const DEFAULT_SLUG: &str = "default";

/// Longest slug.
const MAX_SLUG_CHARS: usize = 40;

/// What stands in the place of a slug in addresses of the admin pages.
const TAKEN: [&str; 2] = ["new", "export"];

/// Whether a bot can be called so: `[a-z0-9][a-z0-9_-]*`, and not as an address of the admin pages.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let is_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    text.len() <= MAX_SLUG_CHARS
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(is_word)
        && !TAKEN.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_fits_into_an_address_as_it_is() {
        for slug in ["default", "shop", "shop-2", "a_b", "7"] {
            assert!(is_slug(slug), "{slug}");
        }
        let long = "a".repeat(MAX_SLUG_CHARS + 1);
        for text in ["", "-a", "_", "Shop", "a b", "a/b", "é", "a.b", "new", "export", &long] {
            assert!(!is_slug(text), "{text}");
        }
    }
}
