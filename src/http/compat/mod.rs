//! The APIs of older backends, one file each: front ends written for them run here unchanged. Each
//! translates into our services and back; nothing outside of this folder bends for them.

pub mod accounts;
pub mod ai_chat;
pub mod csrf;
pub mod given;
pub mod health;
pub mod leads;
pub mod slash;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use serde_json::{Map, Value};

use crate::domain::message::{Message, MessageStatus};
use crate::http::AppState;
use crate::http::asked::{Routes, get, post};

/// All routes of this folder.
pub fn routes() -> Router<AppState> {
    Routes::new()
        .route("/api/chat/sessions/create_session/", post(leads::create))
        .route("/api/chat/sessions/get_session/", get(leads::show))
        .route("/api/chat/sessions/update_user_details/", post(leads::update_details))
        .route("/api/chat/message/", post(leads::send))
        .route("/api/chat/", get(ai_chat::show).post(ai_chat::send))
        .route("/api/chat/new/", post(ai_chat::create))
        .route("/api/chat/stats/{session_key}/", get(ai_chat::stats))
        .route("/api/talk/", get(ai_chat::show).post(ai_chat::talk))
        .route("/api/new_chat/", post(ai_chat::create))
        .route("/api/health/", get(health::show))
        .route("/api/v1/accounts/register/", post(accounts::register))
        .route("/api/v1/accounts/login/", post(accounts::login))
        .route("/api/v1/accounts/logout/", post(accounts::logout))
        .route("/api/v1/chat/", post(accounts::chat))
        .route("/api/v1/chat/chats-history/", get(accounts::conversations))
        .route("/api/v1/chat/chats/{session_id}/", get(accounts::conversation))
        .route("/api/csrf/", get(csrf::show))
        // The same without the slash at their end.
        .route("/api/chat", get(slash::send_on).post(slash::tell))
        .route("/api/chat/stats/{session_key}", get(slash::send_on).post(slash::tell))
        .route("/api/talk", get(slash::send_on).post(slash::tell))
        .route("/api/csrf", get(slash::send_on).post(slash::tell))
        .route("/api/health", get(slash::send_on).post(slash::tell))
        .route("/api/chat/sessions/get_session", get(slash::send_on).post(slash::tell))
        .route("/api/chat/sessions/create_session", post(slash::tell))
        .route("/api/chat/sessions/update_user_details", post(slash::tell))
        .route("/api/chat/new", post(slash::tell))
        .route("/api/new_chat", post(slash::tell))
        .route("/api/v1/accounts/register", post(slash::tell))
        .route("/api/v1/accounts/login", post(slash::tell))
        .route("/api/v1/accounts/logout", post(slash::tell))
        .route("/api/v1/chat", post(slash::tell))
        .route("/api/v1/chat/chats-history", get(slash::send_on).post(slash::tell))
        .route("/api/v1/chat/chats/{session_id}", get(slash::send_on).post(slash::tell))
        .into_router()
        .layer(from_fn(django))
}

/// How a family's clients expect errors to look; [`crate::http::error::render`] finds it in the
/// extensions of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// As Django REST framework has it: what is wrong with a field stands under the field's own
    /// name, anything else under `detail`. Our own fields are there as well.
    Django,
}

impl Dialect {
    /// Puts what these clients look for beside the fields that every error has.
    #[must_use]
    pub fn dress(self, mut body: Value) -> Value {
        let Some(own) = body.as_object_mut() else { return body };
        let fields = own.get("fields").and_then(Value::as_object).cloned();
        match fields {
            Some(fields) => {
                for (path, problems) in fields {
                    put(own, &path, problems);
                }
            }
            None => {
                let sentence = own.get("error").cloned().unwrap_or_default();
                own.insert("detail".to_owned(), sentence);
            }
        }
        body
    }

    /// These clients know a model that fails by 502 and 503.
    #[must_use]
    pub fn status(self, status: StatusCode) -> StatusCode {
        if status == StatusCode::GATEWAY_TIMEOUT { StatusCode::SERVICE_UNAVAILABLE } else { status }
    }
}

/// Puts problems under a field's name, or that of a field within a field (`user_details.email`).
/// What every error has stays as it is.
fn put(body: &mut Map<String, Value>, path: &str, problems: Value) {
    match path.split_once('.') {
        Some((outer, inner)) => {
            let outer = body.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            if let Some(outer) = outer.as_object_mut() {
                outer.insert(inner.to_owned(), problems);
            }
        }
        None => drop(body.entry(path).or_insert(problems)),
    }
}

/// Marks every answer of these routes, also those that the router itself gives.
pub async fn django(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Dialect::Django);
    response
}

/// What was said, for clients that know no other state of a message: without replies that are
/// still being written, or that ended before their first word.
fn said(messages: Vec<Message>) -> impl Iterator<Item = Message> {
    let is_said = |message: &Message| {
        message.status != MessageStatus::Streaming && !message.content.is_empty()
    };
    messages.into_iter().filter(is_said)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_named_on_top_and_nothing_else_is_overwritten() {
        let native = json!({ "error": "No", "code": "invalid_request", "requestId": "1",
            "fields": { "message": ["Blank."], "user_details.email": ["Odd."], "code": ["Odd."] } });
        let dressed = Dialect::Django.dress(native.clone());
        assert_eq!(dressed["message"], json!(["Blank."]));
        assert_eq!(dressed["user_details"], json!({ "email": ["Odd."] }));
        assert_eq!(dressed["fields"], native["fields"]);
        assert_eq!(dressed["code"], "invalid_request");
        assert_eq!(dressed.get("detail"), None);
    }

    #[test]
    fn what_concerns_no_field_is_a_detail() {
        let dressed = Dialect::Django.dress(json!({ "error": "Not found", "code": "not_found" }));
        assert_eq!(dressed["detail"], "Not found");
    }
}
