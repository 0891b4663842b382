//! `GET /api/docs`: the document for people, made from the document itself.

mod kinds;
mod samples;
mod view;

use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::embed::page_file_address;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::openapi::page::view::Reference;
use crate::http::openapi::{document, facts, kept, refusals};

/// Where a reader of the page may try the commands, unless the owner says where.
const USUAL_ADDRESS: &str = "http://127.0.0.1:8000";
/// Nothing is loaded from elsewhere, nothing inline runs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "api_docs.html")]
struct DocsPage {
    reference: Reference,
    version: &'static str,
    styles: String,
    script: String,
    icon: String,
}

/// This description, for people
///
/// A page without outside requests that works without script.
#[utoipa::path(get, path = "/api/docs", operation_id = "apiDocs", tag = "Server",
    responses(
        refusals::Nothing,
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = 304, description = "It is what `If-None-Match` names"),
    ))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let page = match app.documents.page.get() {
        Some(page) => page,
        None => {
            let made = kept(written(&app)?);
            app.documents.page.get_or_init(|| made)
        }
    };
    let mut response = page.respond(&headers, "text/html; charset=utf-8", "no-cache");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

fn written(app: &AppState) -> ApiResult<String> {
    let address = app.public_url.as_deref().unwrap_or(USUAL_ADDRESS);
    let page = DocsPage {
        reference: Reference::of(&document(&facts(app)), address),
        version: env!("CARGO_PKG_VERSION"),
        styles: page_file_address("docs", "css"),
        script: page_file_address("docs", "js"),
        icon: page_file_address("icon", "svg"),
    };
    page.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))
}
