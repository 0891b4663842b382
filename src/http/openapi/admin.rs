//! The admin pages in the document: one line each. They speak HTML and forms, not JSON.

use serde_json::{Map, Value, json};

use crate::http::error::ErrorCode;
use crate::http::openapi::refusals::CODES;

/// Their tag.
const TAG: &str = "Admin pages";

/// Method, path, and what it is for. A page that is missing here fails a test.
const PAGES: &[(&str, &str, &str)] = &[
    ("get", "/admin", "Leads to the overview"),
    ("get", "/admin/", "Overview: charts of the last days"),
    ("get", "/admin/accounts", "Accounts, listed"),
    ("post", "/admin/accounts", "Invite somebody"),
    ("get", "/admin/accounts/{id}", "One account"),
    ("post", "/admin/accounts/{id}/active", "Switch an account on or off"),
    ("post", "/admin/accounts/{id}/password", "Give an account another password"),
    ("post", "/admin/accounts/{id}/role", "Give an account another role"),
    ("get", "/admin/audit", "Who changed what"),
    ("get", "/admin/conversations", "Conversations, searched and filtered"),
    (
        "get",
        "/admin/conversations/export",
        "Conversations as a file: `?format=csv`, `json` or `jsonl`",
    ),
    ("get", "/admin/conversations/{session}", "One conversation"),
    ("post", "/admin/conversations/{session}/delete", "Delete a conversation"),
    ("get", "/admin/conversations/{session}/export", "One conversation as a file"),
    ("get", "/admin/conversations/{session}/live", "The newest messages, as a piece of a page"),
    ("get", "/admin/health", "How the server is"),
    ("get", "/admin/invitation", "Accept an invitation"),
    ("post", "/admin/invitation", "Make the account that one was invited to"),
    ("get", "/admin/leads", "Leads, listed"),
    ("get", "/admin/leads/export", "Leads as a file"),
    ("get", "/admin/login", "Sign in"),
    ("post", "/admin/login", "Sign in with name and password"),
    ("post", "/admin/logout", "Sign out"),
    ("get", "/admin/review", "Answers that nobody liked, or that the bot could not give"),
    ("post", "/admin/review/settle", "Take an answer off that list"),
    ("get", "/admin/settings", "The settings that the server runs with"),
    ("get", "/admin/setup", "Make the first owner, by the link that the server prints"),
    ("post", "/admin/setup", "Make the first owner"),
    ("get", "/admin/tokens", "API tokens, listed"),
    ("post", "/admin/tokens", "Make an API token"),
    ("post", "/admin/tokens/{id}/revoke", "Revoke an API token"),
];

/// The kinds of files that exports come as.
const FILES: &[&str] =
    &["text/csv; charset=utf-8", "application/json", "application/jsonl; charset=utf-8"];

/// What any of them may be refused with, beside what stands on the page itself.
const REFUSALS: &[ErrorCode] = &[
    ErrorCode::InvalidRequest,
    ErrorCode::NotAuthenticated,
    ErrorCode::NotAllowed,
    ErrorCode::CrossSite,
    ErrorCode::FormOutdated,
    ErrorCode::NotFound,
    ErrorCode::AccountNotFound,
    ErrorCode::TokenNotFound,
    ErrorCode::LastOwner,
    ErrorCode::BodyTooLarge,
    ErrorCode::UnsupportedMediaType,
    ErrorCode::RateLimited,
    ErrorCode::Internal,
    ErrorCode::StorageUnavailable,
    ErrorCode::StorageFull,
    ErrorCode::Restarting,
    ErrorCode::TooManyConnections,
];

/// Adds the pages to the paths of the document.
pub(super) fn describe(paths: &mut Map<String, Value>) {
    for (method, path, summary) in PAGES {
        let operations = paths.entry(*path).or_insert_with(|| json!({}));
        if let Some(operations) = operations.as_object_mut() {
            operations.insert((*method).to_owned(), operation(method, path, summary));
        }
    }
}

fn operation(method: &str, path: &str, summary: &str) -> Value {
    let words = path.split(['/', '{', '}', '-', '.']).filter(|word| !word.is_empty());
    let id = std::iter::once(method).chain(words).collect::<Vec<_>>().join("_");
    let mut operation = json!({
        "tags": [TAG],
        "summary": summary,
        "operationId": id,
        "security": security(path),
        "responses": responses(method, path),
        CODES: codes(),
    });
    let parameters: Vec<Value> = in_path(path).map(parameter).collect();
    if let Some(fields) = operation.as_object_mut() {
        if !parameters.is_empty() {
            fields.insert("parameters".to_owned(), parameters.into());
        }
        if method == "post" {
            let form = json!({ "schema": { "type": "object", "additionalProperties": true } });
            let body = json!({ "content": { "application/x-www-form-urlencoded": form } });
            fields.insert("requestBody".to_owned(), body);
        }
    }
    operation
}

/// Who comes to these has no cookie yet.
const BEFORE_SIGN_IN: &[&str] = &["/admin/login", "/admin/setup", "/admin/invitation"];

fn security(path: &str) -> Value {
    if BEFORE_SIGN_IN.contains(&path) { json!([]) } else { json!([{ "adminCookie": [] }]) }
}

fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn parameter(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
}

fn files() -> Value {
    let file = |kind: &&str| ((*kind).to_owned(), json!({}));
    FILES.iter().map(file).collect::<Map<_, _>>().into()
}

/// The codes by status, as everywhere; the pages say them in words.
fn codes() -> Value {
    let mut codes = Map::new();
    for code in REFUSALS {
        let words = codes.entry(code.status().as_str()).or_insert_with(|| json!([]));
        if let Some(words) = words.as_array_mut() {
            words.push(code.as_str().into());
        }
    }
    codes.into()
}

/// A page, the way on, or a page that says what is wrong.
fn responses(method: &str, path: &str) -> Value {
    let page = json!({ "text/html; charset=utf-8": { "schema": { "type": "string" } } });
    let answer = match path.ends_with("/export") {
        true => files(),
        false => page.clone(),
    };
    let mut responses = json!({
        "200": { "description": "The page", "content": answer },
        "303": {
            "description": "On to another page, or to the sign-in",
            "headers": { "Location": { "required": true, "schema": { "type": "string" } } },
        },
    });
    let Some(fields) = responses.as_object_mut() else { return responses };
    if path.ends_with("/live") {
        let same = json!({ "description": "Nothing has changed since `If-None-Match`" });
        fields.insert("304".to_owned(), same);
    }
    if method == "post" {
        let wrong = json!({ "description": "What is wrong stands beside the fields", "content": page.clone() });
        fields.insert("422".to_owned(), wrong);
    }
    for code in REFUSALS {
        let status = code.status().as_str().to_owned();
        let response = fields
            .entry(status)
            .or_insert_with(|| json!({ "description": "", "content": page.clone() }));
        if let Some(Value::String(text)) = response.get_mut("description") {
            text.push_str(if text.is_empty() { "`" } else { ", `" });
            text.push_str(code.as_str());
            text.push('`');
        }
    }
    responses
}
