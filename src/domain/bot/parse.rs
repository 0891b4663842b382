//! Reading a bot's single values as owners write them: in the environment, a form or a file.

use std::fmt::Display;
use std::str::FromStr;

use url::Url;

use crate::domain::bot::Corner;
use crate::domain::language::is_tag;

/// Most questions to click.
const MAX_SUGGESTIONS: usize = 6;

/// `#rgb` or `#rrggbb`, as `#rrggbb`.
pub(super) fn color(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (is_hex, digits.len()) {
        (true, 6) => Ok(text.to_ascii_lowercase()),
        (true, 3) => Ok(std::iter::once('#')
            .chain(digits.to_ascii_lowercase().chars().flat_map(|digit| [digit, digit]))
            .collect()),
        _ => Err(format!("is `{text}`, which is not a colour in the form #rrggbb")),
    }
}

/// An address a browser may load the icon from: https, or a path on this server.
pub(super) fn icon(text: &str) -> Result<String, String> {
    let own_path = text.starts_with('/') && !text.starts_with("//");
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | ';' | ','));
    if plain && (own_path || http_url(text).is_ok()) {
        Ok(text.to_owned())
    } else {
        Err("is neither an http(s) address nor a path on this server".to_owned())
    }
}

/// A language tag, or `auto`.
pub(super) fn language(text: &str) -> Result<String, String> {
    let tag = text.replace('_', "-");
    if is_tag(&tag) { Ok(tag) } else { Err(format!("is `{text}`, which is not a language tag")) }
}

/// A corner of the page.
pub(super) fn corner(text: &str) -> Result<Corner, String> {
    match text {
        "right" | "bottom-right" => Ok(Corner::Right),
        "left" | "bottom-left" => Ok(Corner::Left),
        _ => Err(format!("is `{text}`, but must be right or left")),
    }
}

/// Questions separated by `|` or line ends.
pub(super) fn suggestions(text: &str) -> Vec<String> {
    let questions = text.split(['|', '\n']).map(str::trim).filter(|question| !question.is_empty());
    questions.take(MAX_SUGGESTIONS).map(str::to_owned).collect()
}

/// A vendor's name of a model.
pub(super) fn model(text: &str) -> Result<String, String> {
    let is_name = text.chars().count() <= 200 && text.chars().all(|c| c.is_ascii_graphic());
    if is_name { Ok(text.to_owned()) } else { Err("is not the name of a model".to_owned()) }
}

/// A text of at most so many characters.
pub(super) fn text(text: &str, max_chars: usize) -> Result<String, String> {
    if text.contains('\0') {
        return Err("holds a character that cannot be kept".to_owned());
    }
    match text.chars().count() {
        count if count > max_chars => {
            Err(format!("has {count} characters, but may have {max_chars}"))
        }
        _ => Ok(text.to_owned()),
    }
}

/// A number between `min` and `max`.
///
/// # Errors
/// It is no number, or lies outside.
pub fn number<T>(text: &str, (min, max): (T, T)) -> Result<T, String>
where
    T: FromStr + PartialOrd + Display,
{
    match text.parse::<T>() {
        Ok(number) if number >= min && number <= max => Ok(number),
        Ok(_) => Err(format!("is {text}, but must lie between {min} and {max}")),
        Err(_) => Err(format!("is `{text}`, which is not a number")),
    }
}

/// An address that can be asked over HTTP.
///
/// # Errors
/// It is none.
pub fn http_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("is not an http or https address".to_owned()),
    }
}

/// A value without the single quotes that shells and `.env` files need around JSON: Docker's env
/// files keep them.
#[must_use]
pub fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text)
}
