//! Language tags: which of the languages there are serves somebody best.

use std::cmp::Reverse;

/// Longest language tag.
const MAX_TAG_CHARS: usize = 35;
/// No browser names more languages than this.
const MAX_ACCEPTED: usize = 32;

/// Whether `text` has the form of a language tag, such as `de` or `zh-Hant-TW`.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default();
    text.len() <= MAX_TAG_CHARS
        && matches!(primary.len(), 2..=8)
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The language among `offered` for someone who wants `tag`: that very one, else the one in the
/// script they read, else the one without their region.
#[must_use]
pub fn best<'a>(tag: &str, offered: &'a [String]) -> Option<&'a str> {
    let primary = tag.split('-').next().unwrap_or_default();
    let script = chinese_script(tag, primary);
    // `iw` is what Hebrew was called before 1989; some browsers still do.
    let primary = if primary.eq_ignore_ascii_case("iw") { "he" } else { primary };
    let find = |wanted: &str| offered.iter().find(|name| name.eq_ignore_ascii_case(wanted));
    find(tag).or_else(|| script.and_then(find)).or_else(|| find(primary)).map(String::as_str)
}

/// Which of the two ways of writing Chinese a tag means.
fn chinese_script(tag: &str, primary: &str) -> Option<&'static str> {
    if !primary.eq_ignore_ascii_case("zh") {
        return None;
    }
    let says = |word: &str| tag.split('-').any(|part| part.eq_ignore_ascii_case(word));
    let traditional = ["hant", "tw", "hk", "mo"].into_iter().any(says);
    Some(if traditional && !says("hans") { "zh-Hant" } else { "zh-Hans" })
}

/// The tags of an `Accept-Language` header, the most wanted first.
#[must_use]
pub fn accepted(header: &str) -> Vec<&str> {
    let mut tags: Vec<(&str, u16)> =
        header.split(',').take(MAX_ACCEPTED).filter_map(accepted_tag).collect();
    tags.sort_by_key(|(_, weight)| Reverse(*weight));
    tags.into_iter().map(|(tag, _)| tag).collect()
}

/// A tag with its weight in thousandths; nothing for what is not wanted or not a tag.
fn accepted_tag(entry: &str) -> Option<(&str, u16)> {
    let mut parts = entry.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| is_tag(tag))?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=")) {
        Some(number) => number.parse::<f32>().ok().filter(|number| (0.0..=1.0).contains(number))?,
        None => 1.0,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 1000")]
    let thousandths = (weight * 1000.0).round() as u16;
    (thousandths > 0).then_some((tag, thousandths))
}

/// `rtl` for languages written from the right to the left, else `ltr`.
#[must_use]
pub fn direction(tag: &str) -> &'static str {
    const FROM_THE_RIGHT: [&str; 14] =
        ["ar", "arc", "ckb", "dv", "fa", "ha", "he", "khw", "ks", "ps", "sd", "ur", "yi", "iw"];
    let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if FROM_THE_RIGHT.contains(&primary.as_str()) { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_finds_the_nearest_language() {
        let offered: Vec<String> =
            ["de", "en", "he", "pt", "zh-Hans", "zh-Hant"].map(str::to_owned).to_vec();
        let cases = [
            ("de", Some("de")),
            ("DE-ch", Some("de")),
            ("en-GB", Some("en")),
            ("pt-BR", Some("pt")),
            ("iw", Some("he")),
            ("iw-IL", Some("he")),
            ("zh", Some("zh-Hans")),
            ("zh-CN", Some("zh-Hans")),
            ("zh-SG", Some("zh-Hans")),
            ("zh-TW", Some("zh-Hant")),
            ("zh-hk", Some("zh-Hant")),
            ("zh-MO", Some("zh-Hant")),
            ("zh-Hant-CN", Some("zh-Hant")),
            ("zh-hans-HK", Some("zh-Hans")),
            ("zh-Hans", Some("zh-Hans")),
            ("no", None),
            ("nb-NO", None),
            ("den", None),
            ("", None),
            ("-de", None),
        ];
        for (tag, expected) in cases {
            assert_eq!(best(tag, &offered), expected, "{tag}");
        }
        assert_eq!(best("zh-TW", &["en".to_owned()]), None);
    }

    #[test]
    fn a_browsers_wishes_are_heard_in_their_order() {
        let cases: [(&str, &[&str]); 7] = [
            ("de-CH, de;q=0.9, en;q=0.8", &["de-CH", "de", "en"]),
            ("en;q=0.5,fr", &["fr", "en"]),
            ("en;q=0, fr;q=0.1", &["fr"]),
            ("*, de", &["de"]),
            ("de;q=2, it;q=-1, fr;q=x, nl;q=NaN", &[]),
            ("<script>, a_b, en", &["en"]),
            ("", &[]),
        ];
        for (header, expected) in cases {
            assert_eq!(accepted(header), expected, "{header}");
        }
        assert_eq!(accepted(&"de,".repeat(10_000)).len(), MAX_ACCEPTED);
    }

    #[test]
    fn what_is_no_tag_is_told_from_one() {
        for tag in ["de", "zh-Hant-TW", "es-419", "sl-rozaj-biske", "de-1996-x-a"] {
            assert!(is_tag(tag), "{tag}");
        }
        let long = "de-".repeat(12) + "x";
        for text in ["", "d", "de-", "de--ch", "de_CH", "<b>", "de ch", "419", "dé", &long] {
            assert!(!is_tag(text), "{text}");
        }
    }

    #[test]
    fn arabic_and_hebrew_are_written_from_the_right() {
        assert_eq!(["ar", "he-IL", "FA"].map(direction), ["rtl"; 3]);
        assert_eq!(["de", "arn", "zh-Hant", ""].map(direction), ["ltr"; 4]);
    }
}
