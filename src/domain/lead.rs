//! The lead form: what an owner asks visitors for, and when.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::details::MAX_DETAIL_CHARS;
use crate::domain::words::words;

/// Most fields of a form.
pub const MAX_FIELDS: usize = 12;
/// Longest key of a field, characters.
const MAX_KEY_CHARS: usize = 40;
/// Longest title and label, characters.
const MAX_LABEL_CHARS: usize = 200;
/// Longest consent text, characters: it is kept whole with what the visitor tells.
const MAX_CONSENT_CHARS: usize = MAX_DETAIL_CHARS;

words!(
    /// When the form is shown.
    AskWhen ("time to ask") {
        /// Before the visitor's first message.
        Before = "before",
        /// After the first reply.
        After = "after",
        /// When the bot asks for it.
        Demand = "demand",
    }
);

words!(
    /// What kind of answer a field takes.
    FieldKind ("kind of field") {
        /// A line of text.
        Text = "text",
        /// An e-mail address.
        Email = "email",
        /// A phone number.
        Tel = "tel",
        /// Several lines of text.
        Textarea = "textarea",
    }
);

/// A form for visitors, as the owner wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeadForm {
    /// When it is shown.
    pub when: AskWhen,
    /// Whether it cannot be skipped.
    pub required: bool,
    /// What stands above it; the widget has words of its own.
    pub title: Option<String>,
    /// What visitors agree to, with at most one link: `[privacy notice](https://…)`.
    pub consent: Option<String>,
    /// What is asked for, in this order.
    pub fields: Vec<LeadField>,
}

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeadField {
    /// Its name in what is stored.
    pub key: String,
    /// Its name for people; the widget has words for name, e-mail and phone.
    pub label: Option<String>,
    /// What it takes.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Whether it cannot be left empty.
    pub required: bool,
}

/// Whether `text` can be the key of a field: `[a-z][a-z0-9_]*`, at most 40 characters.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let is_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    text.len() <= MAX_KEY_CHARS
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(is_word)
}

/// The kind of the fields that every widget knows by name.
#[must_use]
pub fn usual_kind(key: &str) -> Option<FieldKind> {
    match key {
        "name" => Some(FieldKind::Text),
        "email" => Some(FieldKind::Email),
        "phone" => Some(FieldKind::Tel),
        _ => None,
    }
}

/// A form as an owner writes it in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenForm {
    when: Option<String>,
    required: Option<bool>,
    title: Option<String>,
    consent: Option<String>,
    fields: Vec<Value>,
}

/// A field as an owner writes it in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    key: String,
    label: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    required: bool,
}

impl LeadForm {
    /// Reads `name, email!, phone`, where `!` marks what cannot be left empty, or a JSON object. A
    /// list is asked for before the first message, and cannot be skipped if anything in it is
    /// marked.
    ///
    /// # Errors
    /// What is wrong with it, for the owner.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written = if text.starts_with('{') {
            serde_json::from_str(text)
                .map_err(|error| format!("is not a form: {}", short(&error.to_string())))?
        } else {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            let fields = names.map(Value::from).collect();
            WrittenForm { when: None, required: None, title: None, consent: None, fields }
        };
        Self::from_written(written)
    }

    fn from_written(written: WrittenForm) -> Result<Self, String> {
        let fields = written.fields.into_iter().map(field).collect::<Result<Vec<_>, _>>()?;
        if fields.is_empty() || fields.len() > MAX_FIELDS {
            return Err(format!("has {} fields, but must have 1 to {MAX_FIELDS}", fields.len()));
        }
        for (place, field) in fields.iter().enumerate() {
            if fields.iter().skip(place + 1).any(|other| other.key == field.key) {
                return Err(format!("asks for `{}` twice", field.key));
            }
        }
        let when = written.when.map(|when| {
            let unknown = |_| format!("has when `{when}`, but must have before, after or demand");
            when.parse().map_err(unknown)
        });
        Ok(Self {
            when: when.transpose()?.unwrap_or(AskWhen::Before),
            required: written.required.unwrap_or_else(|| fields.iter().any(|field| field.required)),
            title: bounded("title", written.title, MAX_LABEL_CHARS)?,
            consent: consent(written.consent)?,
            fields,
        })
    }
}

fn field(written: Value) -> Result<LeadField, String> {
    let written = match written {
        Value::String(name) => WrittenField {
            required: name.ends_with('!'),
            key: name.trim_end_matches('!').trim().to_owned(),
            label: None,
            kind: None,
        },
        written => serde_json::from_value(written)
            .map_err(|error| format!("has a field that is none: {}", short(&error.to_string())))?,
    };
    let key = written.key;
    if !is_key(&key) {
        return Err(format!(
            "has the field `{}`, but names are small letters, digits and _",
            short(&key)
        ));
    }
    let usual = usual_kind(&key);
    let kind = match written.kind {
        None => usual.unwrap_or(FieldKind::Text),
        Some(kind) => kind.parse().map_err(|_| {
            format!(
                "has type `{}` at {key}, but must have text, email, tel or textarea",
                short(&kind)
            )
        })?,
    };
    let label = bounded("label", written.label, MAX_LABEL_CHARS)?;
    let label = label.or_else(|| usual.is_none().then(|| key.replace('_', " ")));
    Ok(LeadField { key, label, kind, required: written.required })
}

fn bounded(what: &str, text: Option<String>, max: usize) -> Result<Option<String>, String> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > max => {
            Err(format!("has a {what} of more than {max} characters"))
        }
        text => Ok(text),
    }
}

/// A consent text: at most one link, and that to a page.
fn consent(text: Option<String>) -> Result<Option<String>, String> {
    let Some(text) = bounded("consent", text, MAX_CONSENT_CHARS)? else { return Ok(None) };
    let mut links = text.split("](").skip(1);
    let is_page = |link: &str| {
        let address = link.split(')').next().unwrap_or_default();
        url::Url::parse(address)
            .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
    };
    match (links.next(), links.next()) {
        (None, _) => Ok(Some(text)),
        (Some(link), None) if is_page(link) && link.contains(')') => Ok(Some(text)),
        (Some(_), None) => {
            Err("has a consent whose link is not like [privacy notice](https://example.com)".into())
        }
        (Some(_), Some(_)) => Err("has a consent with more than one link".into()),
    }
}

/// Keeps a message that quotes what was written short, and on one line.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_a_form_before_the_first_message() {
        let form = LeadForm::parse(" name, email!,phone, company_size ").expect("a form");
        assert_eq!(
            json!(form),
            json!({ "when": "before", "required": true, "title": null, "consent": null,
                "fields": [
                    { "key": "name", "label": null, "type": "text", "required": false },
                    { "key": "email", "label": null, "type": "email", "required": true },
                    { "key": "phone", "label": null, "type": "tel", "required": false },
                    { "key": "company_size", "label": "company size", "type": "text",
                      "required": false },
                ] })
        );
        assert!(!LeadForm::parse("name, email").expect("a form").required);
    }

    #[test]
    fn an_object_says_more() {
        let consent = "I agree to the [privacy notice](https://example.com/privacy).";
        let written = json!({ "when": "demand", "required": false, "title": " Call me ",
            "consent": consent,
            "fields": ["email!", { "key": "need", "label": "What for?", "type": "textarea" }] });
        let form = LeadForm::parse(&written.to_string()).expect("a form");
        assert_eq!((form.when, form.required), (AskWhen::Demand, false));
        assert_eq!(form.title.as_deref(), Some("Call me"));
        assert_eq!(form.consent.as_deref(), Some(consent));
        let need = form.fields.get(1).expect("two fields");
        assert_eq!((need.kind, need.label.as_deref()), (FieldKind::Textarea, Some("What for?")));
    }

    #[test]
    fn what_is_no_form_is_told() {
        let many = (0..=MAX_FIELDS).map(|n| format!("f{n},")).collect::<String>();
        let long = json!({ "fields": ["name"], "title": "x".repeat(201) }).to_string();
        let cases = [
            ("", "0 fields"),
            (",", "0 fields"),
            (&many, "13 fields"),
            (&long, "200 characters"),
            ("Name", "small letters"),
            ("name, na me", "small letters"),
            ("1st", "small letters"),
            ("name, name!", "twice"),
            ("{", "is not a form"),
            ("{}", "missing field `fields`"),
            (r#"{"fields":[]}"#, "0 fields"),
            (r#"{"fields":["name"],"wen":"before"}"#, "unknown field `wen`"),
            (r#"{"fields":["name"],"when":"later"}"#, "before, after or demand"),
            (r#"{"fields":[1]}"#, "a field that is none"),
            (r#"{"fields":[{"key":"a","type":"date"}]}"#, "text, email, tel or textarea"),
            (r#"{"fields":["name"],"consent":"[a](javascript:alert(1))"}"#, "whose link"),
            (r#"{"fields":["name"],"consent":"[a](https://a.example"}"#, "whose link"),
            (
                r#"{"fields":["name"],"consent":"[a](https://a.example) [b](https://b.example)"}"#,
                "more than one",
            ),
        ];
        for (text, told) in cases {
            let problem = LeadForm::parse(text).expect_err(text);
            assert!(problem.contains(told) && !problem.contains('\n'), "{text}: {problem}");
        }
    }
}
