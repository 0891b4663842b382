//! The document as the page shows it: tags, operations, schemas.

use serde_json::Value;

use crate::http::openapi::page::kinds::{Field, Kind, Piece, described, fields, kind, name_of};
use crate::http::openapi::page::samples;

/// Everything that the page shows.
pub(super) struct Reference {
    pub introduction: Vec<Vec<Piece>>,
    pub groups: Vec<Group>,
    pub schemas: Vec<Named>,
    pub errors: Vec<Answer>,
}

/// The operations of a tag.
pub(super) struct Group {
    pub id: String,
    pub name: String,
    pub text: Vec<Vec<Piece>>,
    pub operations: Vec<Operation>,
}

/// One operation.
pub(super) struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub text: Vec<Vec<Piece>>,
    pub is_deprecated: bool,
    pub parameters: Vec<(String, Field)>,
    pub bodies: Vec<Content>,
    pub answers: Vec<Answer>,
    pub curl: String,
}

/// A body of one kind.
pub(super) struct Content {
    pub media: String,
    pub kind: Kind,
    pub example: Option<String>,
}

/// An answer: its status, what it means, what it holds.
pub(super) struct Answer {
    pub status: String,
    pub is_error: bool,
    pub text: Vec<Vec<Piece>>,
    pub contents: Vec<Content>,
}

/// A schema with a name.
pub(super) struct Named {
    pub name: String,
    pub text: Vec<Vec<Piece>>,
    pub kind: Kind,
    pub fields: Vec<Field>,
    /// Of a schema that is one of several.
    pub choices: Vec<Vec<Field>>,
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Reference {
    /// Reads the document. Commands on the page ask the server at `address`.
    pub(super) fn of(document: &Value, address: &str) -> Self {
        let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        let responses = document.pointer("/components/responses").and_then(Value::as_object);
        let of_native = |(name, response): (&String, &Value)| {
            Some(answer(name.strip_prefix("Error")?, response, response))
        };
        Self {
            introduction: document.get("info").map(described).unwrap_or_default(),
            groups: tags.map(|tag| group(document, tag, address)).collect(),
            schemas: schemas.into_iter().flatten().map(named).collect(),
            errors: responses.into_iter().flatten().filter_map(of_native).collect(),
        }
    }
}

fn group(document: &Value, tag: &Value, address: &str) -> Group {
    let name = text(tag, "name");
    let mut operations = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        for (method, own) in item.as_object().into_iter().flatten() {
            if own.pointer("/tags/0").is_some_and(|tag| *tag == name) {
                operations.push(operation(document, (address, method, path), own));
            }
        }
    }
    Group { id: slug(&name), text: described(tag), name, operations }
}

fn slug(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(word).collect()
}

fn operation(document: &Value, place: (&str, &str, &str), own: &Value) -> Operation {
    let (_, method, path) = place;
    let parameters = own.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let body = samples::body(document, own);
    let bodies = own.pointer("/requestBody/content").and_then(Value::as_object);
    let answers = own.get("responses").and_then(Value::as_object).into_iter().flatten();
    Operation {
        id: text(own, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(own, "summary"),
        text: described(own),
        is_deprecated: own.get("deprecated").is_some_and(|deprecated| deprecated == true),
        parameters: parameters.map(parameter).collect(),
        bodies: bodies.into_iter().flatten().map(content).collect(),
        answers: answers
            .map(|(status, own)| {
                let named = name_of(own)
                    .and_then(|name| document.pointer(&format!("/components/responses/{name}")));
                answer(status, own, named.unwrap_or(own))
            })
            .collect(),
        curl: samples::curl(place, own, body.as_ref()),
    }
}

fn parameter(own: &Value) -> (String, Field) {
    let field = Field {
        name: text(own, "name"),
        kind: own.get("schema").map(kind).unwrap_or_default(),
        is_required: own.get("required").is_some_and(|required| required == true),
        text: described(own),
    };
    (text(own, "in"), field)
}

fn content((media, own): (&String, &Value)) -> Content {
    let readable = |example: &Value| match example {
        Value::String(text) => text.trim().to_owned(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    };
    let schema = own.get("schema").unwrap_or(&Value::Null);
    Content { media: media.clone(), kind: kind(schema), example: own.get("example").map(readable) }
}

/// An answer with its own words, or those of the response it refers to.
fn answer(status: &str, own: &Value, resolved: &Value) -> Answer {
    let contents = resolved.get("content").and_then(Value::as_object).into_iter().flatten();
    let is_error = status.starts_with(['4', '5']);
    Answer {
        status: status.to_owned(),
        is_error,
        text: described(own),
        // The shape of errors is told once.
        contents: if is_error { Vec::new() } else { contents.map(content).collect() },
    }
}

fn named((name, schema): (&String, &Value)) -> Named {
    let choices = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    Named {
        name: name.clone(),
        text: described(schema),
        kind: kind(schema),
        fields: fields(schema),
        choices: choices.map(fields).collect(),
    }
}
