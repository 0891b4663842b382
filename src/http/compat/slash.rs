//! Addresses without the slash at their end. Django sends a browser that forgot it to the right
//! address (`APPEND_SLASH`). A request with a body cannot be sent on that way, its body would be
//! lost: it is told the right address instead. `/api/chat/message` is the native API's.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::error::{ApiError, ApiResult, ErrorCode};

/// `GET` without the slash: 301 to the address with it, on this server only.
pub(crate) async fn send_on(
    State(_app): State<AppState>,
    Anyone: Anyone,
    uri: Uri,
) -> ApiResult<Response> {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let location = HeaderValue::from_str(&format!("{}/{query}", uri.path()))
        .map_err(|_| ApiError::from(ErrorCode::NotFound))?;
    Ok((StatusCode::MOVED_PERMANENTLY, [(LOCATION, location)]).into_response())
}

/// `POST` without the slash: not found, and what would be.
pub(crate) async fn tell(State(_app): State<AppState>, Anyone: Anyone, uri: Uri) -> ApiError {
    let sentence = format!("Not found: this address ends with a slash, {}/", uri.path());
    ApiError::from(ErrorCode::NotFound).saying(sentence)
}
