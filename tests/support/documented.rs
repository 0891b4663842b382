//! Every answer a test reads is compared with the API's own document: an endpoint, a status, a code
//! or a field that is not described there fails the test that saw it.
//!
//! The document leaves answers room for more fields, so that clients are not broken by them. Here a
//! field that it does not name is a mistake.

use std::sync::LazyLock;

use alcove::http::openapi::{Facts, document};
use axum::http::HeaderMap;
use serde_json::{Map, Value};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document(&Facts { max_message_chars: 8000 }));

/// Fails unless the document has such an answer.
#[track_caller]
pub fn check(method: &str, path: &str, (status, headers): (u16, &HeaderMap), bytes: &[u8]) {
    let Some(operation) = operation(method, path) else { return };
    if status == 405 {
        return; // The method is described, so that another test has to say why this is right.
    }
    let place = format!("{method} {path} answered {status}");
    let described = &operation["responses"][status.to_string()];
    assert!(!described.is_null(), "{place}, which is not in the document");
    let described = resolved(described);
    for (name, header) in described["headers"].as_object().into_iter().flatten() {
        let is_missing = resolved(header)["required"] == true && !headers.contains_key(name);
        assert!(!is_missing, "{place} without {name}");
    }
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok());
    let Some(kind) = kind.filter(|_| !bytes.is_empty()) else { return };
    let content = &described["content"][kind];
    assert!(!content.is_null(), "{place} as {kind}, which is not in the document");
    if kind != "application/json" || content["schema"].is_null() {
        return;
    }
    let body: Value = serde_json::from_slice(bytes).expect("JSON");
    if let Some(problem) = problem(&content["schema"], &body) {
        panic!("{place}, and the document disagrees: {problem}\n{body}");
    }
    if let Some(code) = body["code"].as_str().filter(|_| status >= 400) {
        let codes = operation["x-error-codes"][status.to_string()].as_array();
        let is_named = codes.is_some_and(|codes| codes.iter().any(|own| own == code));
        assert!(is_named, "{place} with `{code}`, which is not in the document");
    }
}

/// Fails unless the document has such an event.
#[track_caller]
pub fn check_event(name: &str, data: &Value) {
    let events = DOCUMENT["components"]["schemas"]["ReplyEvents"]["oneOf"].as_array();
    let mut events = events.into_iter().flatten().map(|event| &event["properties"]);
    let event = events.find(|event| event["event"]["const"] == name);
    let event = event.unwrap_or_else(|| panic!("the event {name} is not in the document"));
    let schema = &event["data"]["contentSchema"];
    if let Some(problem) = problem(schema, data) {
        panic!("the document disagrees with an event {name}: {problem}\n{data}");
    }
}

/// The operation that a request asks for; none where the router knows none either.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let found = paths.get(path).or_else(|| {
        let is_it = |template: &&String| matches(template, path);
        paths.keys().find(is_it).and_then(|template| paths.get(template))
    })?;
    found.get(method.to_lowercase())
}

/// Whether `/a/{id}` is the template of `/a/b`.
fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(own, part)| own == part || own.starts_with('{') && !part.is_empty())
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).expect("a target"),
        None => value,
    }
}

/// The first thing in which `value` is not as `schema` says.
fn problem(schema: &'static Value, value: &Value) -> Option<String> {
    let schema = resolved(schema);
    if schema == &Value::Bool(false) {
        return Some(format!("{value} should not be there"));
    }
    for either in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[either].as_array() {
            let problems: Option<Vec<String>> =
                choices.iter().map(|choice| problem(choice, value)).collect();
            return problems.map(|problems| problems.join(", or "));
        }
    }
    if let Some(object) = value.as_object() {
        let mut known = Vec::new();
        let is_open = gather(schema, &mut known);
        return in_object(&known, is_open, object);
    }
    let items = value.as_array().into_iter().flatten().enumerate();
    let in_items = items.filter_map(|(at, item)| {
        let place = schema["prefixItems"].get(at).unwrap_or(&schema["items"]);
        problem(place, item).map(|problem| format!("[{at}]: {problem}"))
    });
    of_value(schema, value).or_else(|| in_items.into_iter().next())
}

/// All schemas that say something about the object; whether it may have fields of any name.
fn gather(schema: &'static Value, known: &mut Vec<&'static Value>) -> bool {
    let schema = resolved(schema);
    known.push(schema);
    let parts = schema["allOf"].as_array();
    let mut is_open = schema["additionalProperties"] == true;
    is_open |= parts.is_none()
        && schema["properties"].is_null()
        && schema["additionalProperties"].is_null();
    for part in parts.into_iter().flatten() {
        is_open |= gather(part, known);
    }
    is_open
}

fn in_object(
    known: &[&'static Value],
    is_open: bool,
    object: &Map<String, Value>,
) -> Option<String> {
    for schema in known {
        if let Some(problem) = of_kind(schema, "object") {
            return Some(problem);
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(name.as_str().expect("a name")) {
                return Some(format!("{name} is missing"));
            }
        }
    }
    for (name, value) in object {
        let mut named = known.iter().filter_map(|schema| schema["properties"].get(name)).peekable();
        let others = known.iter().map(|schema| &schema["additionalProperties"]);
        let mut others = others.filter(|other| other.is_object());
        let found = match (named.peek().is_some(), others.next()) {
            (true, _) => named.find_map(|schema| problem(schema, value)),
            (false, Some(other)) => problem(other, value),
            (false, None) if is_open => None,
            (false, None) => Some("is not in the document".to_owned()),
        };
        if let Some(found) = found {
            return Some(format!("{name}: {found}"));
        }
    }
    None
}

fn of_value(schema: &Value, value: &Value) -> Option<String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if let Some(problem) = of_kind(schema, kind) {
        return Some(problem);
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        return Some(format!("{value} is none of {words:?}"));
    }
    let text = value.as_str()?;
    let is_well = match schema["format"].as_str() {
        Some("uuid") => text.len() == 36 && text.matches('-').count() == 4,
        Some("date-time") => text.len() >= 20 && text.ends_with('Z') && text.contains('T'),
        _ => true,
    };
    (!is_well).then(|| format!("{text} is no {}", schema["format"]))
}

fn of_kind(schema: &Value, kind: &str) -> Option<String> {
    let is_it = |own: &Value| own == kind || own == "number" && kind == "integer";
    let is_well = match &schema["type"] {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(is_it),
        own => is_it(own),
    };
    (!is_well).then(|| format!("{kind} instead of {}", schema["type"]))
}

#[test]
fn an_answer_that_is_not_described_is_found() {
    use serde_json::json;
    let error = &DOCUMENT["components"]["schemas"]["Error"];
    let id = "00000000-0000-4000-8000-000000000000";
    let good = json!({ "error": "Not found", "code": "not_found", "requestId": id });
    assert_eq!(problem(error, &good), None);
    for (field, value) in [
        ("code", json!("nonsense")),
        ("code", json!(5)),
        ("requestId", json!("1")),
        ("more", json!(1)),
        ("fields", json!({ "a": "text" })),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(problem(error, &bad).is_some(), "{bad}");
    }
    assert!(problem(error, &json!({ "error": "Not found" })).is_some());
    assert!(matches("/a/{id}/c", "/a/b/c") && !matches("/a/{id}", "/a/b/c"));
}
