//! The query of the panel's page. It is written by host pages, old ones among them: what is wrong
//! in it is left out, and the chat opens all the same.

use std::borrow::Cow;

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::service::sessions::MAX_USER_IDENTIFIER_CHARS;

/// Largest config that a host may put into the address, as JSON.
const MAX_CONFIG_BYTES: usize = 16 * 1024;

/// What a panel's address asks for.
#[derive(Debug, Default, PartialEq)]
pub(super) struct PanelQuery {
    /// Slug of the bot.
    pub bot: Option<String>,
    /// A language tag.
    pub locale: Option<String>,
    /// What the panel is to know of its host.
    pub host: HostWishes,
}

/// What older hosts put into a frame's address, where the loader sends messages today.
#[derive(Debug, Default, PartialEq)]
pub(super) struct HostWishes {
    /// Names, looks, page data. As little trusted as what a host sends later.
    pub config: Option<Map<String, Value>>,
    /// The host's name for its user.
    pub user_identifier: Option<String>,
}

impl HostWishes {
    /// Whether the page is like that of any other host.
    pub(super) const fn is_empty(&self) -> bool {
        self.config.is_none() && self.user_identifier.is_none()
    }
}

impl PanelQuery {
    /// Reads what stands behind the question mark. Of a name given twice the first one counts.
    pub(super) fn read(query: &str) -> Self {
        let find = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value)
        };
        let is_name = |name: &Cow<'_, str>| {
            !name.is_empty() && name.chars().count() <= MAX_USER_IDENTIFIER_CHARS
        };
        Self {
            bot: find("bot").map(Cow::into_owned),
            locale: find("locale").map(Cow::into_owned),
            host: HostWishes {
                config: find("config").and_then(|text| config(&text)),
                user_identifier: find("userIdentifier").filter(is_name).map(Cow::into_owned),
            },
        }
    }
}

fn config(text: &str) -> Option<Map<String, Value>> {
    (text.len() <= MAX_CONFIG_BYTES).then(|| serde_json::from_str(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hosts_words_are_read() {
        let query = "bot=shop&locale=de&config=%7B%22botName%22%3A%22Ada%22%7D&userIdentifier=u+1";
        let read = PanelQuery::read(query);
        assert_eq!((read.bot.as_deref(), read.locale.as_deref()), (Some("shop"), Some("de")));
        assert_eq!(read.host.user_identifier.as_deref(), Some("u 1"));
        assert_eq!(Value::from(read.host.config.expect("a config")), json!({ "botName": "Ada" }));
    }

    #[test]
    fn what_is_wrong_is_left_out() {
        let long = format!("config={{\"a\":\"{}\"}}", "x".repeat(MAX_CONFIG_BYTES));
        let name = format!("userIdentifier={}", "é".repeat(MAX_USER_IDENTIFIER_CHARS + 1));
        let deep = format!("config={}", "[".repeat(10_000));
        let bad = ["config=", "config=1", "config=[1]", "config={", "config=%7B%00%7D", "&&=&%"];
        let bad = bad.into_iter().chain([&*long, &*name, &*deep, "userIdentifier=", "x=%ff%"]);
        for query in bad {
            assert_eq!(PanelQuery::read(query), PanelQuery::default(), "{query}");
        }
        let twice = PanelQuery::read("bot=a&bot=b");
        assert_eq!(twice.bot.as_deref(), Some("a"));
    }
}
