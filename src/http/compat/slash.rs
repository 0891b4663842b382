//! Addresses without the slash at their end. Django sends a browser that forgot it to the right
//! address (`APPEND_SLASH`). A request with a body cannot be sent on that way, its body would be
//! lost: it is told the right address instead.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use crate::http::AppState;
use crate::http::asked::{Routes, get, post};
use crate::http::auth::Anyone;
use crate::http::error::{ApiError, ApiResult, ErrorCode};

/// Adds the addresses of these families as they look without their slash. `/api/chat/message` is
/// not among them: that is the native API.
#[must_use]
pub fn forgiven(routes: Routes) -> Routes {
    let read = [
        "/api/chat",
        "/api/chat/stats/{session_key}",
        "/api/talk",
        "/api/health",
        "/api/chat/sessions/get_session",
        "/api/v1/chat/chats-history",
        "/api/v1/chat/chats/{session_id}",
    ];
    let written = [
        "/api/chat/sessions/create_session",
        "/api/chat/sessions/update_user_details",
        "/api/chat/new",
        "/api/new_chat",
        "/api/v1/accounts/register",
        "/api/v1/accounts/login",
        "/api/v1/accounts/logout",
        "/api/v1/chat",
    ];
    let read_routes = |routes: Routes, path| routes.route(path, get(send_on).post(tell));
    let routes = read.into_iter().fold(routes, read_routes);
    written.into_iter().fold(routes, |routes, path| routes.route(path, post(tell)))
}

/// `GET` without the slash: 301 to the address with it, on this server only.
async fn send_on(State(_app): State<AppState>, Anyone: Anyone, uri: Uri) -> ApiResult<Response> {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let location = HeaderValue::from_str(&format!("{}/{query}", uri.path()))
        .map_err(|_| ApiError::from(ErrorCode::NotFound))?;
    Ok((StatusCode::MOVED_PERMANENTLY, [(LOCATION, location)]).into_response())
}

/// `POST` without the slash: not found, and what would be.
async fn tell(State(_app): State<AppState>, Anyone: Anyone, uri: Uri) -> ApiError {
    let sentence = format!("Not found: this address ends with a slash, {}/", uri.path());
    ApiError::from(ErrorCode::NotFound).saying(sentence)
}
