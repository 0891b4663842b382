//! What every response carries: request id, security headers per kind of route, CORS.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, HeaderName,
    REFERRER_POLICY, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::cors::{AllowCredentials, AllowOrigin, CorsLayer};
use tracing::Instrument as _;

use crate::config::AllowedOrigins;
use crate::domain::id::RequestId;
use crate::http::error::{ApiError, ErrorCode, render};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Names the request, writes error bodies, logs one line of detail.
pub async fn identify(request: Request, next: Next) -> Response {
    let id = RequestId::random();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", request.id = %id);
    let framing = Framing::of(request.headers());
    let handle = async move {
        let response = match framing {
            Framing::Ambiguous => ApiError::from(ErrorCode::InvalidRequest)
                .saying("The request says its length twice")
                .into_response(),
            _ => next.run(request).await,
        };
        tracing::debug!(%method, path, status = response.status().as_u16(), "Request");
        render(response, id)
    };
    let mut response = handle.instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if framing != Framing::Plain {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// How a request says where its body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// By its length, or it has none.
    Plain,
    /// In chunks. hyper drops a length that stands behind this header, and a proxy may have gone by
    /// that one: the connection ends here, so nothing behind the body is taken for a request.
    Chunked,
    /// By both.
    Ambiguous,
}

impl Framing {
    fn of(headers: &HeaderMap) -> Self {
        match (headers.contains_key(TRANSFER_ENCODING), headers.contains_key(CONTENT_LENGTH)) {
            (true, true) => Self::Ambiguous,
            (true, false) => Self::Chunked,
            _ => Self::Plain,
        }
    }
}

/// A panic becomes an error like any other; the hook in `telemetry` has logged where.
pub fn panicked(_panic: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::from(ErrorCode::Internal).into_response()
}

/// Headers of the JSON API: never cached, never a page.
pub async fn api_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

/// Headers of our own pages: nobody frames them, nothing inline runs.
pub async fn page_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
    ));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// What the panel's page may do and who may frame it, fixed at start: nothing in a request can
/// alter it.
#[derive(Debug, Clone)]
pub struct PanelPolicy(HeaderValue);

impl PanelPolicy {
    /// For a bot with this icon, embeddable by `origins`. The sites that may embed it may also
    /// show a picture of their own for the bot; "every site" is no list of such sites.
    #[must_use]
    pub fn new(origins: &AllowedOrigins, icon: Option<&str>) -> Self {
        let (ancestors, pictures) = match origins {
            AllowedOrigins::Any => ("*".to_owned(), String::new()),
            AllowedOrigins::List(list) => {
                let sites = list.join(" ");
                (format!("'self' {sites}"), format!(" {sites}"))
            }
        };
        let icon_origin = icon
            .and_then(|address| url::Url::parse(address).ok())
            .map_or_else(String::new, |url| format!(" {}", url.origin().ascii_serialization()));
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; \
             img-src 'self' data:{icon_origin}{pictures}; connect-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors {ancestors}; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        );
        let closed = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        Self(HeaderValue::from_str(&policy).unwrap_or(closed))
    }

    /// Puts it into the headers of a panel page.
    pub fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_SECURITY_POLICY, self.0.clone());
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
}

/// CORS for the JSON API: exact matches. Credentials only for older front ends whose owner asks for
/// it (`CORS_ALLOW_CREDENTIALS`), and never for everybody; the visitor token is a header.
pub fn cors(origins: &AllowedOrigins, credentials: bool) -> CorsLayer {
    let allowed = match origins {
        AllowedOrigins::Any => AllowOrigin::any(),
        AllowedOrigins::List(list) => {
            let list = list.clone();
            AllowOrigin::predicate(move |origin, parts| is_listed(&list, origin, parts))
        }
    };
    let header = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_credentials(allow_credentials(origins, credentials))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header("accept"),
            header("authorization"),
            header("content-type"),
            header("last-event-id"),
            header("x-csrftoken"),
            header("x-requested-with"),
            header("x-session-id"),
            header("x-visitor-token"),
        ])
        .expose_headers([header("retry-after"), header("x-request-id")])
        .max_age(std::time::Duration::from_secs(7200))
}

/// Only an origin of the list is told that it may send cookies along.
fn allow_credentials(origins: &AllowedOrigins, credentials: bool) -> AllowCredentials {
    match origins {
        AllowedOrigins::List(list) if credentials => {
            let list = list.clone();
            AllowCredentials::predicate(move |origin, parts| is_listed(&list, origin, parts))
        }
        _ => AllowCredentials::default(),
    }
}

/// Whether a page of this origin may read the answer. Whatever lies below the admin pages is not
/// for other sites, even where there is nothing.
fn is_listed(list: &[String], origin: &HeaderValue, parts: &Parts) -> bool {
    let path = parts.uri.path();
    let is_admin = path == "/admin" || path.starts_with("/admin/");
    !is_admin && list.iter().any(|own| origin == own)
}

/// Refuses requests for a name that is not this server's (`ALLOWED_HOSTS`).
pub async fn refuse_foreign_hosts(
    State(app): State<crate::http::AppState>,
    request: Request,
    next: Next,
) -> Response {
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    // A request line with a whole address counts for more than the header.
    let host = request.uri().authority().map_or(named, |authority| Some(authority.as_str()));
    if !app.allowed_hosts.allow(host) {
        return ApiError::from(ErrorCode::HostNotAllowed).into_response();
    }
    next.run(request).await
}

/// Refuses what a server that is being stopped must not begin.
pub async fn refuse_when_stopping(
    State(app): State<crate::http::AppState>,
    request: Request,
    next: Next,
) -> Response {
    if app.shutdown.is_cancelled() && request.method() != Method::GET {
        return ApiError::from(ErrorCode::Restarting).retry_after(2).into_response();
    }
    next.run(request).await
}
