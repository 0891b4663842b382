//! Values and commands that are good enough to try.

use serde_json::{Map, Value, json};

use crate::http::openapi::page::kinds::name_of;

const ID: &str = "00000001-0000-4000-8000-000000000000";
/// How deep a sample goes into schemas within schemas.
const DEPTH: usize = 4;

/// A value that fits `schema`: of an object the fields that it has to have.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(name) = name_of(schema) {
        let named = document.pointer(&format!("/components/schemas/{name}"));
        return named.map_or(Value::Null, |named| sample(document, named, depth - 1));
    }
    if let Some(first) = schema.pointer("/oneOf/0") {
        return sample(document, first, depth - 1);
    }
    if let Some(word) = schema.pointer("/enum/0") {
        return word.clone();
    }
    let kind = schema.pointer("/type/0").or_else(|| schema.get("type")).and_then(Value::as_str);
    match kind {
        Some("object") => Value::Object(required_fields(document, schema, depth)),
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ if schema.get("format").is_some_and(|format| format == "uuid") => json!(ID),
        _ => json!("…"),
    }
}

fn required_fields(document: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let required = schema.get("required").and_then(Value::as_array);
    let names = required.into_iter().flatten().filter_map(Value::as_str);
    names
        .map(|name| {
            let field = schema.get("properties").and_then(|fields| fields.get(name));
            (name.to_owned(), sample(document, field.unwrap_or(&Value::Null), depth - 1))
        })
        .collect()
}

/// The body of an operation, as somebody would send it: its kind, and what it holds.
pub(super) fn body(document: &Value, operation: &Value) -> Option<(String, Value)> {
    let contents = operation.pointer("/requestBody/content")?.as_object()?;
    let (kind, content) = contents.iter().next()?;
    let example = content.get("example").cloned();
    let schema = content.get("schema").unwrap_or(&Value::Null);
    Some((kind.clone(), example.unwrap_or_else(|| sample(document, schema, DEPTH))))
}

/// A command that asks for an operation.
pub(super) fn curl(
    (address, method, path): (&str, &str, &str),
    operation: &Value,
    body: Option<&(String, Value)>,
) -> String {
    let mut lines = vec![match (method, body.is_some()) {
        ("get", _) | ("post", true) => "curl".to_owned(),
        _ => format!("curl -X {}", method.to_uppercase()),
    }];
    if let Some(first) = lines.first_mut() {
        first.push_str(&format!(" '{address}{}'", filled(path, operation)));
    }
    let schemes = operation.get("security").and_then(Value::as_array).into_iter().flatten();
    for scheme in schemes.filter_map(Value::as_object).flat_map(Map::keys) {
        lines.push(match scheme.as_str() {
            "visitorToken" => "-H 'X-Visitor-Token: …'".to_owned(),
            "accountToken" => "-H 'Authorization: Token …'".to_owned(),
            _ => "-H 'Cookie: __Host-alcove=…'".to_owned(),
        });
    }
    match body {
        Some((kind, value)) if kind == "application/json" => {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push(format!("-d '{}'", value.to_string().replace('\'', "'\\''")));
        }
        Some((kind, value)) if kind.starts_with("multipart/") => {
            let fields = value.as_object().into_iter().flatten();
            lines.extend(fields.map(|(name, value)| match name.as_str() {
                "file" => "-F file=@sales.csv".to_owned(),
                _ => format!("-F '{name}={}'", value.as_str().unwrap_or_default()),
            }));
        }
        Some(_) => lines.push("-d 'field=…'".to_owned()),
        None => {}
    }
    lines.join(" \\\n  ")
}

/// The path with something in the place of each parameter, and the queries that must be there.
fn filled(path: &str, operation: &Value) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some("file") => "styles.css".to_owned(),
        Some("step") => "1".to_owned(),
        Some("slug") => "default".to_owned(),
        Some(_) => ID.to_owned(),
        None => part.to_owned(),
    };
    let mut filled = path.split('/').map(part).collect::<Vec<_>>().join("/");
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let names_session = |parameter: &&Value| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        parameter.get("in").is_some_and(|place| place == "query")
            && matches!(name, "sessionId" | "session_id" | "session_key")
    };
    if let Some(name) = parameters.filter(names_session).find_map(|own| own.get("name")?.as_str()) {
        filled.push_str(&format!("?{name}={ID}"));
    }
    filled
}
