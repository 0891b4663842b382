//! Older APIs: each in a file of its own, with its paths, shapes and words, on the services that
//! everything else uses.
//!
//! Errors of a family have its own shape and the fields of every error beside it. The family's
//! routes are marked with a [`Dialect`]; `http/error.rs` writes every body and asks it there.

pub mod accounts;

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use crate::http::AppState;
use crate::http::error::{ApiError, ErrorCode};

/// How a family of endpoints says that something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `{error, code, requestId, fields?}` alone.
    #[default]
    Native,
    /// Django REST framework, as account backends have it: fields at the top, `detail` for what
    /// concerns the request as a whole.
    Accounts,
    /// Lead capture: `error`, or fields at the top.
    Leads,
    /// AI chat: `error`.
    AiChat,
}

/// An error on its way into a body.
pub struct Told<'a> {
    /// Which one.
    pub code: ErrorCode,
    /// The sentence for people.
    pub sentence: &'a str,
    /// What is wrong in the request, by field.
    pub fields: &'a [(String, Vec<String>)],
}

impl Dialect {
    /// The family's words for an error, where clients look for them.
    #[must_use]
    pub const fn sentence(self, code: ErrorCode) -> Option<&'static str> {
        match (self, code) {
            (Self::Accounts, ErrorCode::SessionNotFound | ErrorCode::SessionExpired) => {
                Some("Chat session not found.")
            }
            _ => None,
        }
    }

    /// What a body of this family holds beside the fields of every error.
    #[must_use]
    pub fn fields(self, told: &Told<'_>) -> Map<String, Value> {
        let mut own = Map::new();
        if self == Self::Native {
            return own;
        }
        for (name, problems) in told.fields {
            own.insert(name.clone(), json!(problems));
        }
        let status = told.code.status().as_u16();
        let is_of_the_framework =
            matches!(status, 401 | 403 | 405 | 415 | 429) || told.code == ErrorCode::NotFound;
        if self == Self::Accounts && is_of_the_framework {
            own.insert("detail".to_owned(), json!(told.sentence));
        }
        own
    }

    /// The family that a path without an endpoint looks like.
    fn of_path(path: &str) -> Self {
        if path.starts_with("/api/v1/") { Self::Accounts } else { Self::Native }
    }
}

/// Marks all answers of these routes, refused methods among them.
pub fn speaking(dialect: Dialect, routes: Router<AppState>) -> Router<AppState> {
    routes.layer(from_fn(move |request: Request, next: Next| async move {
        let mut response = next.run(request).await;
        response.extensions_mut().insert(dialect);
        response
    }))
}

/// Where no endpoint is, in the words of the family that was looked for.
pub async fn unknown(address: Uri) -> Response {
    let mut response = ApiError::from(ErrorCode::NotFound).into_response();
    response.extensions_mut().insert(Dialect::of_path(address.path()));
    response
}
