//! What is known of a conversation beside its messages. All of it is somebody else's word. Pure.

use serde_json::Value;

use crate::domain::details::Details;
use crate::domain::file::File;
use crate::domain::session::SessionConfig;
use crate::http::pages::admin::conversation::turns::TurnView;
use crate::http::pages::admin::figures::{bytes, counted};
use crate::http::pages::admin::safe_text::{begin, cleaned, web_address};

const TITLE_CHARS: usize = 90;
const NAME_CHARS: usize = 80;
const VALUE_CHARS: usize = 600;
/// Page facts that have a place of their own, in this order.
const PAGE_FACTS: [(&str, &str); 4] = [
    ("title", "Title"),
    ("url", "Address"),
    ("referrer", "Came from"),
    ("description", "Description"),
];

/// Something told or set.
pub(super) struct SettingView {
    /// Its name.
    pub name: String,
    /// What it is; may have lines.
    pub value: String,
}

/// A fact of the page the visitor was on.
pub(super) struct PageFact {
    /// What it is.
    pub name: &'static str,
    /// As the page says.
    pub value: String,
    /// Where it leads, if it is an address; else empty.
    pub href: String,
}

/// A file.
pub(super) struct FileView {
    /// Its name.
    pub name: String,
    /// Size and rows.
    pub about: String,
    /// When it came.
    pub at: String,
}

impl From<&File> for FileView {
    fn from(file: &File) -> Self {
        let rows: u64 = file.tables.iter().map(|table| table.row_count).sum();
        Self {
            name: begin(file.name.as_str(), NAME_CHARS),
            about: format!("{}, {}", bytes(file.size_bytes), counted(rows, "row", "rows")),
            at: file.uploaded_at.to_string(),
        }
    }
}

/// What the conversation is about: how it begins.
pub(super) fn title(turns: &[TurnView]) -> String {
    let first = turns.iter().find(|turn| turn.kind == "visitor");
    let title = begin(first.map(|turn| turn.text.as_str()).unwrap_or_default(), TITLE_CHARS);
    if title.is_empty() { "Conversation".to_owned() } else { title }
}

/// What the visitor told, name and addresses first.
pub(super) fn details(details: &Details) -> Vec<SettingView> {
    let rank =
        |key: &str| ["name", "email", "phone"].iter().position(|known| *known == key).unwrap_or(3);
    let mut keys: Vec<&String> = details.keys().collect();
    keys.sort_by_key(|key| rank(key));
    keys.into_iter()
        .filter_map(|key| {
            details
                .get(key)
                .map(|value| SettingView { name: begin(key, NAME_CHARS), value: cleaned(value) })
        })
        .collect()
}

/// The page the visitor was on, as it told about itself.
pub(super) fn page(config: &SessionConfig) -> Vec<PageFact> {
    let context = config.get("pageContext").and_then(Value::as_object);
    let fact = |(key, name): (&str, &'static str)| {
        let text = context?.get(key)?.as_str()?;
        let value = begin(text, VALUE_CHARS);
        let href = web_address(text).filter(|_| key != "title" && key != "description");
        let href = href.map(String::from).unwrap_or_default();
        (!value.is_empty()).then_some(PageFact { name, value, href })
    };
    PAGE_FACTS.into_iter().filter_map(fact).collect()
}

/// What else the front end sent with the session.
pub(super) fn settings(config: &SessionConfig) -> Vec<SettingView> {
    let value = |value: &Value| match value {
        Value::String(text) => cut(text),
        other => cut(&serde_json::to_string_pretty(other).unwrap_or_default()),
    };
    config
        .iter()
        .map(|(name, given)| SettingView { name: begin(name, NAME_CHARS), value: value(given) })
        .collect()
}

/// A text with its lines, not too much of it.
fn cut(text: &str) -> String {
    let whole = cleaned(text);
    let mut shown: String = whole.chars().take(VALUE_CHARS).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    shown
}

/// A short text on one line.
pub(super) fn shown(text: &str) -> String {
    begin(text, NAME_CHARS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(value: Value) -> SessionConfig {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn only_real_addresses_of_the_page_become_links() {
        let facts = page(&config(json!({ "pageContext": {
            "url": "https://shop.example/prices", "referrer": "javascript:alert(1)",
            "title": "https://title.example", "description": 5 } })));
        let found: Vec<_> = facts.iter().map(|fact| (fact.name, fact.href.as_str())).collect();
        assert_eq!(
            found,
            [("Title", ""), ("Address", "https://shop.example/prices"), ("Came from", "")]
        );
        assert!(page(&config(json!({ "pageContext": "x" }))).is_empty());
    }

    #[test]
    fn settings_are_cleaned_and_not_endless() {
        let long = "x".repeat(5_000);
        let shown = settings(&config(json!({ "a": "b\u{202e}c", "list": [1, 2], "long": long })));
        assert_eq!(shown[0].value, "bc");
        assert_eq!(shown[1].value, "[\n  1,\n  2\n]");
        assert_eq!(shown[2].value.chars().count(), VALUE_CHARS + 1);
    }

    #[test]
    fn who_somebody_is_comes_first() {
        let told: Details = [("company", "X"), ("email", "a@b.example"), ("name", "Ada")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        let names: Vec<String> = details(&told).into_iter().map(|detail| detail.name).collect();
        assert_eq!(names, ["name", "email", "company"]);
    }
}
