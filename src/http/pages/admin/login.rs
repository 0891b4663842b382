//! Signing in to the admin pages, and out.

use std::time::Duration;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use super::flash::{self, Done};
use super::form::Checked;
use super::page_with;
use super::shell::PageFiles;
use crate::domain::secret::{Secret, TokenHash};
use crate::http::AppState;
use crate::http::auth::guest::{GUEST_COOKIE, Guest, clear_cookie, cookie_value, set_cookie};
use crate::http::auth::staff::LOGIN_COOKIE;
use crate::http::auth::{ClientAddress, Viewer};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::service::ServiceError;
use crate::service::accounts::AccountProblem;

/// Where somebody is led who wanted nothing in particular.
const HOME: &str = "/admin/";

#[derive(Template)]
#[template(path = "admin/login.html")]
struct LoginPage {
    files: PageFiles,
    csrf: String,
    username: String,
    next: String,
    done: Option<Done>,
    problem: String,
    has_owner: bool,
}

/// The login form.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// A form without fields.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// `GET /admin/login`: the form; whoever is signed in already is led on.
pub(crate) async fn show(
    State(app): State<AppState>,
    guest: Guest,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let next = own_path(&next_in(query.as_deref()));
    if let Some(cookie) = cookie_value(&headers, LOGIN_COOKIE)
        && app.accounts.staff_of_login(TokenHash::of(&cookie)).await?.is_some()
    {
        return Ok(flash::see_other(&next));
    }
    let done = Done::in_query(query.as_deref());
    answer(&app, &guest, StatusCode::OK, Form { next, done, ..Form::default() }).await
}

/// `POST /admin/login`: a new login, or the form again.
pub(crate) async fn sign_in(
    State(app): State<AppState>,
    guest: Guest,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    form: Result<Checked<Credentials>, ApiError>,
) -> ApiResult<Response> {
    let form = match form {
        Ok(Checked(form)) => form,
        Err(error) if error.is(ErrorCode::FormOutdated) => {
            return answer(&app, &guest, StatusCode::FORBIDDEN, Form::refused(NO_COOKIE)).await;
        }
        Err(error) => return Err(error),
    };
    let next = own_path(&form.next);
    let password = Secret::new(form.password);
    let (problem, status, wait) =
        match app.accounts.sign_in_to_pages(address, &form.username, password).await {
            Ok((_, login)) => {
                end_old(&app, &headers).await?;
                return Ok(signed_in(&app, &login, &next));
            }
            Err(ServiceError::Account(AccountProblem::WrongCredentials)) => {
                (WRONG.to_owned(), StatusCode::UNPROCESSABLE_ENTITY, None)
            }
            Err(ServiceError::RateLimited { retry_after }) => {
                let sentence = format!("Too many tries. Please wait {}.", words(retry_after));
                (sentence, StatusCode::TOO_MANY_REQUESTS, Some(retry_after))
            }
            Err(error) => return Err(error.into()),
        };
    let form = Form { username: form.username, next, problem, done: None };
    let mut response = answer(&app, &guest, status, form).await?;
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
    }
    Ok(response)
}

const WRONG: &str = "The username or the password is wrong.";
const NO_COOKIE: &str = "This form had expired, or your browser keeps no cookies here. Please try \
    again. Signing in needs cookies, and an address that begins with https:// or is localhost.";

#[derive(Default)]
struct Form {
    username: String,
    next: String,
    problem: String,
    done: Option<Done>,
}

impl Form {
    fn refused(problem: &str) -> Self {
        Self { problem: problem.to_owned(), next: HOME.to_owned(), ..Self::default() }
    }
}

async fn answer(
    app: &AppState,
    guest: &Guest,
    status: StatusCode,
    form: Form,
) -> ApiResult<Response> {
    let page = LoginPage {
        files: PageFiles::of_this_build(),
        csrf: guest.csrf.to_string(),
        username: form.username,
        next: form.next,
        done: form.done,
        problem: form.problem,
        has_owner: app.store.count_owners().await? > 0,
    };
    Ok(guest.take_along(page_with(status, &page)?))
}

/// Leads on with the cookie of a new login.
pub(crate) fn signed_in(app: &AppState, login: &Secret, next: &str) -> Response {
    let mut response = flash::see_other(next);
    let days = i64::try_from(app.accounts.login_span().as_secs() / 86_400).unwrap_or(1);
    set_cookie(response.headers_mut(), LOGIN_COOKIE, login.expose(), Some(days.max(1)));
    clear_cookie(response.headers_mut(), GUEST_COOKIE);
    response
}

/// Ends the login that this browser had before.
async fn end_old(app: &AppState, headers: &HeaderMap) -> ApiResult<()> {
    if let Some(cookie) = cookie_value(headers, LOGIN_COOKIE) {
        app.accounts.sign_out_login(TokenHash::of(&cookie)).await?;
    }
    Ok(())
}

/// `POST /admin/logout`: ends this login, at once and on the server.
pub(crate) async fn sign_out(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Checked(Nothing {}): Checked<Nothing>,
) -> ApiResult<Response> {
    app.accounts.sign_out_login(visit.login).await?;
    let mut response = flash::redirect("/admin/login", Done::SignedOut);
    clear_cookie(response.headers_mut(), LOGIN_COOKIE);
    Ok(response)
}

fn next_in(query: Option<&str>) -> String {
    let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "next").map_or_else(String::new, |(_, path)| path.into_owned())
}

/// The path to lead to after the login, if it is one of these pages; else the first one. No text
/// gets through that a browser could take for another host.
fn own_path(next: &str) -> String {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_page = next.starts_with(HOME) && !next.starts_with("/admin/log");
    let climbs = next.contains("//") || next.contains("..");
    if is_plain && is_page && !climbs && next.len() <= 2000 { next } else { HOME }.to_owned()
}

/// A span as people say it, never less than it is.
pub(super) fn words(span: Duration) -> String {
    let seconds = span.as_secs() + 1;
    match seconds {
        1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::admin::samples::{HOSTILE, rendered};

    #[test]
    fn after_the_login_only_own_pages_are_led_to() {
        for path in ["/admin/", "/admin/bots?x=1", "/admin/conversations/a-b", "/admin/x%2F"] {
            assert_eq!(own_path(path), path);
        }
        for path in [
            "",
            "/",
            "/admin",
            "//evil.example/admin/",
            "https://evil.example/admin/",
            "/admin/../../evil",
            "/admin//evil.example",
            "/admin/\\evil.example",
            "/admin/\r\nLocation: x",
            "/admin/ x",
            "/admin/login?next=/admin/login",
            "/admin/logout",
            "/adminx/",
            "\u{2215}admin/",
        ] {
            assert_eq!(own_path(path), HOME, "{path:?}");
        }
    }

    #[test]
    fn waits_are_said_in_words() {
        assert_eq!(words(Duration::from_millis(300)), "a second");
        assert_eq!(words(Duration::from_secs(59)), "60 seconds");
        assert_eq!(words(Duration::from_secs(100)), "2 minutes");
    }

    #[test]
    fn the_login_page_escapes_what_was_typed() {
        for text in HOSTILE {
            for has_owner in [true, false] {
                rendered(&LoginPage {
                    files: PageFiles::of_this_build(),
                    csrf: "token".to_owned(),
                    username: (*text).to_owned(),
                    next: (*text).to_owned(),
                    done: Some(Done::SignedOut),
                    problem: (*text).to_owned(),
                    has_owner,
                });
            }
        }
    }
}
