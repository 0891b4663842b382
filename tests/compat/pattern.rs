//! Placeholders: values of a kind, kept under a name and used again.

use std::collections::BTreeMap;

use serde_json::Value;

/// Values that were kept, by name.
pub type Kept = BTreeMap<String, String>;

/// What stands for a value of a kind.
const KINDS: [&str; 5] = ["uuid", "number", "time", "token", "text"];

/// A request's text with what was kept put in, and `{{5000 x}}` written out.
pub fn filled(text: &str, kept: &Kept) -> String {
    let mut parts = text.split("{{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").expect("a closed placeholder");
        match name.split_once(' ') {
            Some((count, word)) => whole.push_str(&word.repeat(count.parse().expect("a count"))),
            None => whole.push_str(kept.get(name).unwrap_or_else(|| panic!("no {name} is kept"))),
        }
        whole.push_str(rest);
    }
    whole
}

/// What differs between a recorded value and an answered one; keeps what placeholders name.
pub fn differences(recorded: &Value, answered: &Value, at: &str, kept: &mut Kept) -> Vec<String> {
    match (recorded, answered) {
        (Value::Object(recorded), Value::Object(answered)) => {
            let mut wrong = Vec::new();
            for (key, value) in recorded {
                match answered.get(key) {
                    Some(other) => {
                        wrong.extend(differences(value, other, &format!("{at}.{key}"), kept));
                    }
                    None => wrong.push(format!("{at}.{key} is missing")),
                }
            }
            let unknown = answered.keys().filter(|key| !recorded.contains_key(*key));
            wrong.extend(unknown.map(|key| format!("{at}.{key} is not recorded")));
            wrong
        }
        (Value::Array(recorded), Value::Array(answered)) if recorded.len() == answered.len() => {
            let pairs = recorded.iter().zip(answered).enumerate();
            pairs
                .flat_map(|(n, (one, two))| differences(one, two, &format!("{at}[{n}]"), kept))
                .collect()
        }
        (Value::String(pattern), _) if is_one(pattern) => {
            let text = match answered {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                other => return vec![format!("{at} is {other} instead of {pattern}")],
            };
            let is_number = pattern.starts_with("{{number");
            let fits = is_number != answered.is_string() || kept.contains_key(bare(pattern));
            if fits && matches(pattern, &text, kept) {
                Vec::new()
            } else {
                vec![format!("{at} is {answered} instead of {pattern}")]
            }
        }
        (Value::String(pattern), Value::String(text)) if matches(pattern, text, kept) => Vec::new(),
        (one, two) if one == two => Vec::new(),
        (one, two) => vec![format!("{at} is {two} instead of {one}")],
    }
}

/// Whether the whole text is one placeholder.
fn is_one(pattern: &str) -> bool {
    pattern.starts_with("{{") && pattern.ends_with("}}") && pattern.matches("{{").count() == 1
}

fn bare(pattern: &str) -> &str {
    pattern.trim_start_matches("{{").trim_end_matches("}}")
}

/// Whether a text fits a pattern; keeps what placeholders name.
pub fn matches(pattern: &str, text: &str, kept: &mut Kept) -> bool {
    let mut parts = pattern.split("{{");
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    for part in parts {
        let (placeholder, literal) = part.split_once("}}").expect("a closed placeholder");
        let Some(taken) = take(placeholder, literal, rest, kept) else { return false };
        rest = taken;
    }
    rest.is_empty()
}

/// Takes a placeholder's value and the literal behind it off the text.
fn take<'a>(placeholder: &str, literal: &str, text: &'a str, kept: &mut Kept) -> Option<&'a str> {
    let (kind, name) = placeholder.split_once(':').unwrap_or((placeholder, ""));
    if !KINDS.contains(&kind) {
        let value = kept.get(placeholder).unwrap_or_else(|| panic!("no {placeholder} is kept"));
        return text.strip_prefix(value.as_str())?.strip_prefix(literal);
    }
    let end = match (literal, kind) {
        ("", _) => text.len(),
        (literal, _) => text.find(literal)?,
    };
    let (value, rest) = text.split_at(end);
    if !is_of(kind, value) {
        return None;
    }
    if !name.is_empty() {
        kept.insert(name.to_owned(), value.to_owned());
    }
    rest.strip_prefix(literal)
}

fn is_of(kind: &str, value: &str) -> bool {
    match kind {
        "uuid" => uuid::Uuid::try_parse(value).is_ok() && value.len() == 36,
        "number" => value.parse::<i64>().is_ok(),
        "time" => is_time(value),
        "token" => {
            value.len() >= 20
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        }
        _ => !value.is_empty(),
    }
}

/// RFC 3339 in UTC.
fn is_time(value: &str) -> bool {
    let shape: String = value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let fraction = rest.strip_suffix('Z').map(|rest| rest.strip_prefix('.').unwrap_or(rest));
    fraction.is_some_and(|digits| digits.chars().all(|c| c == '0'))
}

/// An answer as it is to be recorded: what differs from run to run becomes a placeholder.
pub fn generalised(key: &str, value: Value, kept: &mut Kept) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| {
                let general = generalised(&key, value, kept);
                (key, general)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| generalised(key, item, kept)).collect(),
        Value::Number(number) if key == "id" || key.ends_with("_id") => {
            Value::String(placeholder(key, "number", number.to_string(), kept))
        }
        Value::String(text) if is_of("uuid", &text) => {
            Value::String(placeholder(key, "uuid", text, kept))
        }
        Value::String(text) if is_time(&text) => Value::String("{{time}}".to_owned()),
        Value::String(text) if ["csrfToken", "token"].contains(&key) => {
            Value::String(placeholder(key, "token", text, kept))
        }
        other => other,
    }
}

/// Values by which clients go on get a name, the first one that of its key.
fn placeholder(key: &str, kind: &str, value: String, kept: &mut Kept) -> String {
    if let Some((name, _)) = kept.iter().find(|(_, own)| **own == value) {
        return format!("{{{{{name}}}}}");
    }
    let name = match key {
        "session_id" | "session_key" if kind == "uuid" => "session",
        "token" => "token_of_user",
        "csrfToken" => "csrf",
        _ => return format!("{{{{{kind}}}}}"),
    };
    let others = kept.keys().filter(|own| own.starts_with(name)).count();
    let name = if others == 0 { name.to_owned() } else { format!("{name}{}", others + 1) };
    kept.insert(name.clone(), value);
    format!("{{{{{kind}:{name}}}}}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "8f14e45f-ceea-467f-a9fe-8b52a1f2f6a1";

    #[test]
    fn a_renamed_a_missing_and_a_new_field_are_noticed() {
        let recorded =
            json!({ "session_id": "{{uuid:session}}", "at": "{{time}}", "n": "{{number}}" });
        let good = json!({ "session_id": ID, "at": "2026-09-21T14:13:20.5Z", "n": 3 });
        let mut kept = Kept::new();
        assert_eq!(differences(&recorded, &good, "", &mut kept), [""; 0]);
        assert_eq!(kept["session"], ID);
        for bad in [
            json!({ "sessionId": ID, "at": "2026-09-21T14:13:20Z", "n": 3 }),
            json!({ "session_id": ID, "at": "2026-09-21T14:13:20Z" }),
            json!({ "session_id": ID, "at": "2026-09-21T14:13:20Z", "n": 3, "more": 1 }),
            json!({ "session_id": "x", "at": "2026-09-21T14:13:20Z", "n": 3 }),
            json!({ "session_id": ID, "at": "2026-09-21 14:13:20", "n": 3 }),
            json!({ "session_id": ID, "at": "2026-09-21T14:13:20Z", "n": "3" }),
            json!({ "session_id": ID, "at": "2026-09-21T14:13:20Z", "n": null }),
        ] {
            assert_ne!(differences(&recorded, &bad, "", &mut kept), [""; 0], "{bad}");
        }
    }

    #[test]
    fn what_was_kept_is_used_again() {
        let mut kept = Kept::from([("session".to_owned(), ID.to_owned())]);
        assert_eq!(filled("/a/{{session}}/?n={{3 x}}", &kept), format!("/a/{ID}/?n=xxx"));
        assert!(matches(
            "a={{session}}; b={{token:t}}; c",
            &format!("a={ID}; b={}; c", "t".repeat(20)),
            &mut kept
        ));
        assert_eq!(kept["t"].len(), 20);
        assert!(!matches("{{session}}", "another", &mut kept));
    }
}
