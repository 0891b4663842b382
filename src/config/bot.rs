//! The default bot: instructions and looks.

use crate::config::read::{ConfigError, Values, http_url, unquoted};
use crate::config::rewording::rewording;
use crate::domain::bot::{Bot, Corner, Looks, ProviderName};
use crate::domain::language::is_tag;
use crate::domain::lead::LeadForm;

const DEFAULT_INSTRUCTIONS: &str = "You are {name}, a helpful assistant on this website. Answer \
    briefly and in the visitor's language. If you do not know something, say so.";

/// `#rgb` or `#rrggbb`, as `#rrggbb`.
fn color(text: &str) -> Result<String, String> {
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
fn icon(text: &str) -> Result<String, String> {
    let own_path = text.starts_with('/') && !text.starts_with("//");
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | ';' | ','));
    if plain && (own_path || http_url(text).is_ok()) {
        Ok(text.to_owned())
    } else {
        Err("is neither an http(s) address nor a path on this server".to_owned())
    }
}

fn language(text: &str) -> Result<String, String> {
    let tag = text.replace('_', "-");
    if is_tag(&tag) { Ok(tag) } else { Err(format!("is `{text}`, which is not a language tag")) }
}

/// Empty counts as not set, so hiding it has a word. The demo has no model to name.
fn powered_by(values: &Values, provider: ProviderName) -> String {
    match values.text("BOT_POWERED_BY") {
        Some(name) if name == "none" => String::new(),
        Some(name) => name,
        None if provider == ProviderName::Demo => String::new(),
        None => "Claude".to_owned(),
    }
}

fn looks(values: &Values, provider: ProviderName) -> Result<Looks, ConfigError> {
    let corner = |text: &str| match text {
        "right" | "bottom-right" => Ok(Corner::Right),
        "left" | "bottom-left" => Ok(Corner::Left),
        _ => Err(format!("is `{text}`, but must be right or left")),
    };
    let default_color = || "#667eea".to_owned();
    Ok(Looks {
        name: values.text_or("BOT_NAME", "Claude Assistant"),
        powered_by: powered_by(values, provider),
        color: values.parsed("BOT_COLOR", color)?.unwrap_or_else(default_color),
        message_color: values.parsed("BOT_MSG_BG_COLOR", color)?.unwrap_or_else(default_color),
        icon: values.parsed("BOT_ICON", icon)?,
        welcome: values.text("BOT_WELCOME"),
        suggestions: values
            .text_or("BOT_SUGGESTIONS", "")
            .split('|')
            .map(|question| question.trim().to_owned())
            .filter(|question| !question.is_empty())
            .take(6)
            .collect(),
        position: values.parsed("BOT_POSITION", corner)?.unwrap_or_default(),
        language: values.parsed("BOT_LANGUAGE", language)?.unwrap_or_else(|| "auto".to_owned()),
        rewording: values.parsed("BOT_STRINGS", rewording)?.unwrap_or_default(),
    })
}

/// Reads the default bot.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn bot(values: &Values, provider: ProviderName) -> Result<Bot, ConfigError> {
    let looks = looks(values, provider)?;
    let system_prompt = values
        .text("BOT_SYSTEM_PROMPT")
        .unwrap_or_else(|| DEFAULT_INSTRUCTIONS.replace("{name}", &looks.name));
    let temperature = values.text("BOT_TEMPERATURE");
    Ok(Bot {
        slug: "default".to_owned(),
        provider,
        system_prompt,
        max_output_tokens: values.number("BOT_MAX_TOKENS", 2048, (16, 128_000))?,
        temperature: match temperature {
            Some(_) => Some(values.number("BOT_TEMPERATURE", 1.0, (0.0, 2.0))?),
            None => None,
        },
        looks,
        follow_ups: values.number("BOT_FOLLOW_UPS", 0, (0, 3))?,
        lead_form: values.parsed("BOT_LEAD_FORM", |text| LeadForm::parse(unquoted(text)))?,
    })
}
