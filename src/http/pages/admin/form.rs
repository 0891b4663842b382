//! Forms of the admin pages: the body of a POST whose token was checked, and what was wrong in it.

use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::domain::sign_up::SignUpProblem;
use crate::http::csrf::CsrfToken;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::extract::read_body;

/// Largest form.
const MAX_FORM_BYTES: usize = 256 * 1024;
const URLENCODED: &str = "application/x-www-form-urlencoded";
/// The hidden field of every form.
const FIELD: &str = "csrf";

/// A form whose token was checked. The last argument of every POST handler, behind the extractor
/// that says who asks: that one leaves the token this form has to show. Where it left none, every
/// form is refused.
///
/// Line ends are `\n`, whatever the browser sent. `T` may be a struct, or `Vec<(String, String)>`
/// where names repeat.
pub struct Checked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Checked<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(is_form) {
            return Err(ApiError::from(ErrorCode::UnsupportedMediaType)
                .saying("The body must be a form of these pages"));
        }
        let token = request.extensions().get::<CsrfToken>().cloned();
        let body = read_body(request).await?;
        if body.len() > MAX_FORM_BYTES {
            return Err(ApiError::from(ErrorCode::BodyTooLarge).saying("The form is too large"));
        }
        if !token.is_some_and(|token| shows(&body, &token)) {
            return Err(ErrorCode::FormOutdated.into());
        }
        read(body, state).await.map(Self)
    }
}

fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(URLENCODED)
}

/// Whether the form shows `token`, once: of two fields, a later reader might take the other one.
fn shows(body: &[u8], token: &CsrfToken) -> bool {
    let mut shown = url::form_urlencoded::parse(body).filter(|(name, _)| name == FIELD);
    let is_right = shown.next().is_some_and(|(_, value)| token.is(&value));
    is_right && shown.next().is_none()
}

async fn read<S: Send + Sync, T: DeserializeOwned>(body: Bytes, state: &S) -> Result<T, ApiError> {
    let text = String::from_utf8_lossy(&body).replace("%0D%0A", "%0A");
    let mut request = Request::new(Body::from(text));
    *request.method_mut() = axum::http::Method::POST;
    request.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(URLENCODED));
    let Form(value) = Form::from_request(request, state)
        .await
        .map_err(|error| ApiError::from(ErrorCode::InvalidRequest).because(error.body_text()))?;
    Ok(value)
}

/// What is wrong in a form, by the names of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<(&'static str, String)>);

impl Problems {
    /// Nothing yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// One field is wrong.
    pub fn one(field: &'static str, sentence: impl Into<String>) -> Self {
        Self(vec![(field, sentence.into())])
    }

    /// Another field is wrong.
    pub fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        self.0.push((field, sentence.into()));
    }

    /// What is wrong with a name, an address or a password.
    #[must_use]
    pub fn of_sign_up(found: &[SignUpProblem]) -> Self {
        Self(found.iter().map(|one| (one.field().as_str(), one.to_string())).collect())
    }

    /// The first problem of a field, for `ui::field`; empty if it is right.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| *name == field).map_or("", |(_, sentence)| sentence)
    }

    /// Whether the form is right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::TokenHash;

    fn token() -> CsrfToken {
        CsrfToken::of(b"key", &TokenHash::of("cookie"))
    }

    fn request(content_type: &str, body: &str, token: Option<CsrfToken>) -> Request {
        let mut request = Request::new(Body::from(body.to_owned()));
        request.headers_mut().insert(CONTENT_TYPE, content_type.parse().expect("a header"));
        if let Some(token) = token {
            request.extensions_mut().insert(token);
        }
        request
    }

    type Fields = Vec<(String, String)>;

    async fn outcome(request: Request) -> Result<Fields, ApiError> {
        Checked::<Fields>::from_request(request, &()).await.map(|Checked(fields)| fields)
    }

    #[tokio::test]
    async fn a_form_is_read_only_with_its_token() {
        let right = token().to_string();
        let other = CsrfToken::of(b"key", &TokenHash::of("another cookie")).to_string();
        let bodies = [
            "name=Ada".to_owned(),
            "name=Ada&csrf=".to_owned(),
            format!("name=Ada&csrf={other}"),
            format!("name=Ada&csrf={}", right.chars().skip(1).collect::<String>()),
            format!("name=Ada&CSRF={right}"),
            format!("csrf={right}&csrf={other}"),
            format!("csrf={right}&csrf={right}"),
            String::new(),
        ];
        for body in bodies {
            let refused = outcome(request(URLENCODED, &body, Some(token()))).await.err();
            assert!(refused.is_some_and(|error| error.is(ErrorCode::FormOutdated)), "{body}");
        }
        let body = format!("name=Ada&csrf={right}");
        let fields = outcome(request(URLENCODED, &body, Some(token()))).await.expect("read");
        assert_eq!(fields[0], ("name".to_owned(), "Ada".to_owned()));
        let refused = outcome(request(URLENCODED, &body, None)).await.err();
        assert!(refused.is_some_and(|error| error.is(ErrorCode::FormOutdated)), "no sign-in");
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        let body = format!("csrf={}", token());
        for content_type in ["text/plain", "application/json", "multipart/form-data"] {
            let refused = outcome(request(content_type, &body, Some(token()))).await.err();
            let refused = refused.expect("refused");
            assert!(refused.is(ErrorCode::UnsupportedMediaType), "{content_type}");
        }
        let large = format!("{body}&name={}", "x".repeat(MAX_FORM_BYTES));
        let refused = outcome(request(URLENCODED, &large, Some(token()))).await.err();
        assert!(refused.is_some_and(|error| error.is(ErrorCode::BodyTooLarge)));
    }

    #[tokio::test]
    async fn line_ends_are_the_same_from_every_browser() {
        let body = format!("csrf={}&text=one%0D%0Atwo%0Athree", token());
        let fields = outcome(request(URLENCODED, &body, Some(token()))).await.expect("read");
        assert_eq!(fields[1].1, "one\ntwo\nthree");
    }
}
