//! Extractors whose refusals are our errors: JSON bodies, ids in paths, query strings.

use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::http::error::{ApiError, ErrorCode};

/// Largest JSON body. Uploads have a limit of their own.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The time in which a body must have arrived; set by the listener.
#[derive(Debug, Clone, Copy)]
pub struct BodyTimeout(pub Duration);

/// A JSON body.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(is_json) {
            return Err(ErrorCode::UnsupportedMediaType.into());
        }
        let bytes = read_body(request).await?;
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Json<T> {
    type Rejection = ApiError;

    /// A request that declares no body has none.
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ApiError> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// Whether a body is declared as JSON: `application/json` or `application/*+json`, with or without parameters.
pub(crate) fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The whole body, if it is not too large and arrives in time.
pub(crate) async fn read_body(request: Request) -> Result<Bytes, ApiError> {
    let timeout = request.extensions().get().map_or(Duration::MAX, |BodyTimeout(span)| *span);
    let body = request.into_body();
    let limited = Limited::new(body, MAX_BODY_BYTES).collect();
    match tokio::time::timeout(timeout, limited).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(ApiError::from(ErrorCode::BodyTooLarge)
                .saying(format!("The body is larger than {MAX_BODY_BYTES} bytes")))
        }
        Ok(Err(error)) => Err(ApiError::from(ErrorCode::InvalidRequest).because(error)),
        Err(_elapsed) => Err(ErrorCode::RequestTimeout.into()),
    }
}

/// Reads JSON; a value of the wrong type is named by its path.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let not_utf8 = |_| ApiError::from(ErrorCode::InvalidJson).saying("The body is not UTF-8");
    let text = std::str::from_utf8(bytes).map_err(not_utf8)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            serde_json::error::Category::Data => {
                ApiError::from(ErrorCode::InvalidRequest).field(path, short(&error.to_string()))
            }
            _ => invalid_json(&error),
        }
    })?;
    reader.end().map_err(|error| invalid_json(&error))?;
    Ok(value)
}

fn invalid_json(error: &serde_json::Error) -> ApiError {
    let (line, column) = (error.line(), error.column());
    ApiError::from(ErrorCode::InvalidJson)
        .saying(format!("The body is not valid JSON (line {line}, column {column})"))
}

/// Keeps a message that may quote the request's own values short.
fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

/// An id in the path. Whatever is no id is not found, like an unknown one.
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let not_found = match parts.uri.path().contains("/replies/") {
            true => ErrorCode::ReplyNotFound,
            false => ErrorCode::SessionNotFound,
        };
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::from(not_found))?;
        text.parse().map(Self).map_err(|_| not_found.into())
    }
}

/// A query string.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| {
                ApiError::from(ErrorCode::InvalidRequest).field("query", short(&error.body_text()))
            })
    }
}
