//! The admin pages: their routes, and what holds for all of them.
//!
//! A page is a handler here and a template of the same name in `templates/admin/`. The handler's
//! second argument says who asks; a POST's last one is [`form::Checked`].

mod accounts;
mod audit;
mod bots;
pub mod charts;
mod conversation;
mod conversations;
mod cost;
mod export;
pub mod figures;
pub mod flash;
pub mod form;
mod health;
mod join;
mod leads;
mod login;
mod overview;
mod password;
mod refusal;
mod review;
pub mod safe_text;
#[cfg(test)]
pub(crate) mod samples;
mod settings;
pub mod shell;
mod tokens;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use url::Url;

use crate::http::AppState;
use crate::http::asked::{Routes, get, post};
use crate::http::auth::Anyone;
use crate::http::error::{ApiError, ApiResult, AsPage, ErrorCode};

/// Where the pages live.
const PREFIX: &str = "/admin";
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; font-src 'none'; frame-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Every admin route.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/admin", get(to_overview))
        .route("/admin/login", get(login::show).post(login::sign_in))
        .route("/admin/logout", post(login::sign_out))
        .route("/admin/setup", get(join::show_setup).post(join::set_up))
        .route("/admin/invitation", get(join::show_invitation).post(join::accept))
        .route("/admin/accounts", get(accounts::list).post(accounts::invite))
        .route("/admin/accounts/{id}", get(accounts::show))
        .route("/admin/accounts/{id}/role", post(accounts::change_role))
        .route("/admin/accounts/{id}/active", post(accounts::change_active))
        .route("/admin/accounts/{id}/password", post(password::change))
        .route("/admin/tokens", get(tokens::list).post(tokens::create))
        .route("/admin/tokens/{id}/revoke", post(tokens::revoke))
        .route("/admin/settings", get(settings::show))
        .route("/admin/health", get(health::show))
        .route("/admin/audit", get(audit::show))
        .route("/admin/", get(overview::show))
        .route("/admin/conversations", get(conversations::show))
        .route("/admin/conversations/export", get(export::conversations))
        .route("/admin/conversations/{session}", get(conversation::show))
        .route("/admin/conversations/{session}/live", get(conversation::live))
        .route("/admin/conversations/{session}/export", get(export::conversation))
        .route("/admin/conversations/{session}/delete", post(conversation::delete))
        .route("/admin/review", get(review::show))
        .route("/admin/review/settle", post(review::settle))
        .route("/admin/leads", get(leads::show))
        .route("/admin/leads/export", get(export::leads))
        .route("/admin/bots", get(bots::list))
        .route("/admin/bots/new", get(bots::show_new).post(bots::make))
        .route("/admin/bots/export", get(bots::export))
        .route("/admin/bots/{slug}", get(bots::show).post(bots::save))
        .route("/admin/bots/{slug}/default", post(bots::make_default))
        .route("/admin/bots/{slug}/delete", post(bots::delete))
        .route("/admin/bots/{slug}/revisions", get(bots::history::show))
        .route("/admin/bots/{slug}/rollback", post(bots::history::roll_back))
        .route("/admin/{*rest}", get(nothing).post(nothing).put(nothing).delete(nothing))
}

/// `GET /admin`: the overview has the slash.
async fn to_overview(State(_): State<AppState>, Anyone: Anyone) -> Response {
    flash::see_other("/admin/")
}

/// What is no page of ours.
async fn nothing(State(_): State<AppState>, Anyone: Anyone) -> ApiError {
    ErrorCode::NotFound.into()
}

/// A page.
pub fn page(template: &impl Template) -> ApiResult<Response> {
    page_with(StatusCode::OK, template)
}

/// A page whose form was refused: 422, and what is wrong stands beside the fields.
pub fn refused(template: &impl Template) -> ApiResult<Response> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A page with another status.
pub fn page_with(status: StatusCode, template: &impl Template) -> ApiResult<Response> {
    let html =
        template.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    Ok((status, Html(html)).into_response())
}

/// Whoever looks at these addresses is told about errors in HTML: a layer outside of those that
/// answer by themselves (panics, a server that stops).
pub(crate) async fn speak_html(request: Request, next: Next) -> Response {
    let is_ours = is_admin(request.uri().path());
    let mut response = next.run(request).await;
    if is_ours {
        response.extensions_mut().insert(AsPage(refusal::write));
        put_headers(response.headers_mut());
    }
    response
}

fn is_admin(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Nobody frames these pages, nothing inline runs, nothing of them is kept by caches.
fn put_headers(headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Refuses what another site made a browser send. The second line of defence behind the cookie's
/// `SameSite`, in front of the form's token.
pub(crate) async fn refuse_other_sites(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_safe && is_from_elsewhere(request.headers(), app.public_url.as_deref()) {
        return ApiError::from(ErrorCode::CrossSite).into_response();
    }
    next.run(request).await
}

/// Whether a browser says that another site sent it. Whatever sends neither header is no browser
/// of today and carries nobody's cookie.
fn is_from_elsewhere(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or("null").to_owned();
    let site = headers.get(FETCH_SITE).map(text);
    if site.is_some_and(|site| !matches!(site.as_str(), "same-origin" | "none")) {
        return true;
    }
    let Some(origin) = headers.get(ORIGIN).map(text) else { return false };
    let Ok(origin) = Url::parse(&origin) else { return true };
    let is_public = |url: &str| Url::parse(url).is_ok_and(|url| url.origin() == origin.origin());
    let host = headers.get(HOST).map(text).unwrap_or_default();
    !public_url.is_some_and(is_public) && !is_host(&origin, &host)
}

/// Whether `origin` is the host this request was sent to, whatever scheme a proxy took off it.
fn is_host(origin: &Url, host: &str) -> bool {
    let Ok(asked) = Url::parse(&format!("{}://{host}/", origin.scheme())) else { return false };
    matches!(origin.scheme(), "http" | "https")
        && asked.host().is_some()
        && asked.host() == origin.host()
        && asked.port_or_known_default() == origin.port_or_known_default()
}

#[cfg(test)]
mod tests;
