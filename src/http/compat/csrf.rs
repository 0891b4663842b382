//! `GET /api/csrf/`: the token that Django front ends ask for before they send anything.
//!
//! ```text
//! GET /api/csrf/
//!
//! 200
//! Set-Cookie: csrftoken=0f3a…; Max-Age=31449600; Path=/; SameSite=Lax
//! {"csrfToken": "0f3a…"}
//! ```
//! They send it back as `X-CSRFToken`, which is taken and means nothing: no cookie opens anything of
//! the API, so no other site can use one. The forms of the admin pages have tokens of their own.

use axum::Json as Body;
use axum::extract::State;
use axum::http::header::{COOKIE, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use cookie::Cookie;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use crate::domain::secret::ServerKey;
use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::openapi::refusals;

const COOKIE_NAME: &str = "csrftoken";
/// A year less a day, as Django has it.
const MAX_AGE_SECONDS: u32 = 31_449_600;
/// Half of a token is random, the other half signs it: 64 characters, as Django's have.
const HALF_BYTES: usize = 16;

/// The token that Django front ends ask for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CsrfData {
    csrf_token: String,
}

/// A token, and the cookie with it
///
/// The token of the cookie that the browser has, or a new one. It is taken back as `X-CSRFToken` and
/// needed nowhere.
#[utoipa::path(get, path = "/api/csrf/", operation_id = "aiChatCsrf", tag = "Older: AI chat",
    responses(refusals::Nothing, (status = 200, description = "The token", body = CsrfData)))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let internal = |error: String| ApiError::from(ErrorCode::Internal).because(error);
    let known = token_of(&headers).filter(|token| is_ours(&app.csrf_key, token));
    let token = match known {
        Some(token) => token,
        None => fresh(&app.csrf_key).map_err(|error| internal(error.to_string()))?,
    };
    let is_secure = app.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE_NAME}={token}; Max-Age={MAX_AGE_SECONDS}; Path=/; SameSite=Lax{secure}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| internal(error.to_string()))?;
    let headers = [(SET_COOKIE, cookie), (VARY, HeaderValue::from_static("cookie"))];
    Ok((headers, Body(CsrfData { csrf_token: token })).into_response())
}

fn token_of(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let mut own = cookies.filter(|cookie| cookie.name() == COOKIE_NAME);
    own.next().map(|cookie| cookie.value().to_owned())
}

fn fresh(key: &ServerKey) -> Result<String, getrandom::Error> {
    let random = ServerKey::random()?;
    let half = hex(random.expose());
    let signature = signature(key, &half);
    Ok(half + &signature)
}

fn is_ours(key: &ServerKey, token: &str) -> bool {
    let Some((half, shown)) = token.split_at_checked(2 * HALF_BYTES) else { return false };
    bool::from(signature(key, half).as_bytes().ct_eq(shown.as_bytes()))
}

fn signature(key: &ServerKey, half: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.expose());
    // HMAC takes keys of every length. If it ever did not, no token would be known again.
    mac.map_or_else(
        |_| String::new(),
        |mac| {
            let mac = mac.chain_update(COOKIE_NAME).chain_update(half);
            hex(&mac.finalize().into_bytes())
        },
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(HALF_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_again_by_its_own_key_only() {
        let key = |byte: u8| ServerKey::from_bytes(&[byte; 32]).expect("a key");
        let token = fresh(&key(1)).expect("random");
        assert_eq!(token.len(), 64);
        assert!(is_ours(&key(1), &token));
        assert!(!is_ours(&key(2), &token));
        for other in ["", "0", &"0".repeat(64), &format!("{token}0"), &"é".repeat(40)] {
            assert!(!is_ours(&key(1), other), "{other}");
        }
        assert_ne!(token, fresh(&key(1)).expect("random"));
    }
}
