//! Whoever is about to sign in: known by a cookie that only ties a form to its browser.
//!
//! Without it another site could send the login form with a name of its own, and whoever was
//! signed in that way would leave their words in somebody else's account.

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use cookie::{Cookie, SameSite, time};

use crate::domain::secret::{Secret, TokenHash, random_token};
use crate::http::AppState;
use crate::http::asked::WhoAsks;
use crate::http::csrf::CsrfToken;
use crate::http::error::{ApiError, ErrorCode};

/// The cookie of a browser that has not signed in.
pub const GUEST_COOKIE: &str = "__Host-alcove-guest";

/// A request of somebody who has not signed in, to a page with a form.
pub struct Guest {
    /// What the forms of this browser show.
    pub csrf: CsrfToken,
    /// The cookie, if the browser has none yet.
    fresh: Option<Secret>,
}

impl Guest {
    /// The answer, with the cookie if the browser needs one.
    pub fn take_along(&self, mut response: Response) -> Response {
        if let Some(secret) = &self.fresh {
            set_cookie(response.headers_mut(), GUEST_COOKIE, secret.expose(), None);
        }
        response
    }
}

impl FromRequestParts<AppState> for Guest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        if let Some(known) = cookie_value(&parts.headers, GUEST_COOKIE) {
            let csrf = CsrfToken::of(app.csrf_key.expose(), &TokenHash::of(&known));
            // For `Checked`: a browser without the cookie can send no form.
            parts.extensions.insert(csrf.clone());
            return Ok(Self { csrf, fresh: None });
        }
        let random = random_token();
        let fresh = random.map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
        let csrf = CsrfToken::of(app.csrf_key.expose(), &TokenHash::of(fresh.expose()));
        Ok(Self { csrf, fresh: Some(fresh) })
    }
}

impl WhoAsks for Guest {}

/// What a cookie holds, if the browser sent it.
#[must_use]
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Has the browser keep a cookie for this host alone, out of reach of scripts and of other sites'
/// forms; for `days`, or until it is closed.
pub fn set_cookie(headers: &mut HeaderMap, name: &str, value: &str, days: Option<i64>) {
    put(headers, Cookie::new(name.to_owned(), value.to_owned()), days.map(time::Duration::days));
}

/// Has the browser forget a cookie.
pub fn clear_cookie(headers: &mut HeaderMap, name: &str) {
    put(headers, Cookie::new(name.to_owned(), ""), Some(time::Duration::ZERO));
}

fn put(headers: &mut HeaderMap, mut cookie: Cookie<'_>, max_age: Option<time::Duration>) {
    cookie.set_secure(true);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_max_age(max_age);
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_for_this_host_alone_and_no_script() {
        let mut headers = HeaderMap::new();
        set_cookie(&mut headers, GUEST_COOKIE, "x", None);
        set_cookie(&mut headers, "__Host-b", "y", Some(30));
        clear_cookie(&mut headers, "__Host-c");
        let lines: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(
            lines,
            [
                "__Host-alcove-guest=x; HttpOnly; SameSite=Lax; Secure; Path=/",
                "__Host-b=y; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000",
                "__Host-c=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
            ]
        );
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; __Host-alcove-guest=x; b=2".parse().expect("a header"));
        headers.append(COOKIE, "c=3".parse().expect("a header"));
        assert_eq!(cookie_value(&headers, GUEST_COOKIE).as_deref(), Some("x"));
        assert_eq!(cookie_value(&headers, "c").as_deref(), Some("3"));
        assert_eq!(cookie_value(&headers, "alcove-guest"), None);
    }
}
