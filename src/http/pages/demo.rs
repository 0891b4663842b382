//! `GET /`: what a site looks like with the widget, the tag to paste, and what is configured.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Html;

use crate::config::AllowedOrigins;
use crate::domain::bot::{Bot, ProviderName};
use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::embed::{loader_defaults, pinned_loader};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::openapi::refusals;

#[derive(Template)]
#[template(path = "demo.html")]
struct DemoPage<'a> {
    bot: &'a Bot,
    is_demo: bool,
    provider_name: &'a str,
    model: &'a str,
    anyone_may_embed: bool,
    origins: String,
    snippets: Snippets,
    version: &'static str,
}

/// The demo page
///
/// What a site looks like with the widget, the tag to paste, and what is configured.
#[utoipa::path(get, path = "/", operation_id = "demoPage", tag = "Widget",
    responses(refusals::StaticFile, (status = 200, description = "The page", body = String,
        content_type = "text/html; charset=utf-8")))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
) -> ApiResult<Html<String>> {
    let bot = app.sessions.bot(None)?;
    let provider = app.turns.models().get(bot.provider);
    let page = DemoPage {
        bot: &bot,
        is_demo: bot.provider == ProviderName::Demo,
        provider_name: provider.map_or("", |provider| provider.display_name()),
        model: provider.map_or("", |provider| provider.model()),
        anyone_may_embed: app.origins == AllowedOrigins::Any,
        origins: match &app.origins {
            AllowedOrigins::Any => String::new(),
            AllowedOrigins::List(list) => list.join(", "),
        },
        snippets: snippets(&app, &headers, &bot, true)?,
        version: env!("CARGO_PKG_VERSION"),
    };
    let html = page.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    Ok(Html(html))
}

/// What to paste into a site.
pub(crate) struct Snippets {
    /// The usual tag.
    pub plain: String,
    /// The one that names the hash of the script.
    pub pinned: String,
    /// A frame without a button.
    pub iframe: String,
}

/// What to paste for a bot, with the address under which this server was asked.
pub(crate) fn snippets(
    app: &AppState,
    headers: &HeaderMap,
    bot: &Bot,
    is_default: bool,
) -> ApiResult<Snippets> {
    let base = base_url(app, headers);
    let query = if is_default { String::new() } else { format!("?bot={}", bot.slug) };
    let title = attribute("title", &bot.looks.name);
    Ok(Snippets {
        plain: format!("<script src=\"{base}/widget.js{query}\" defer></script>"),
        pinned: pinned_snippet(&base, bot, is_default)?,
        iframe: format!("<iframe src=\"{base}/embed{query}\"{title}></iframe>"),
    })
}

/// The tag for sites that pin what they run. It carries the looks itself: the file it names is the
/// same for every owner.
fn pinned_snippet(base: &str, bot: &Bot, is_default: bool) -> ApiResult<String> {
    let loader = pinned_loader().ok_or(ErrorCode::NotFound)?;
    let named = (!is_default).then_some(("bot", bot.slug.as_str()));
    let looks = named.into_iter().chain(loader_defaults(&bot.looks));
    Ok(format!(
        "<script src=\"{base}{}\"\n  integrity=\"{}\"\n  crossorigin=\"anonymous\"{} defer></script>",
        loader.address,
        loader.integrity,
        looks.map(|(name, value)| attribute(&format!("data-{name}"), value)).collect::<String>(),
    ))
}

/// An attribute of a tag to paste, with a blank before it.
fn attribute(name: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(" {name}=\"{value}\"")
}

/// The address in the snippet: `PUBLIC_URL`, else the host this request named. That header is the
/// visitor's own word and shown to nobody else; the template escapes it.
pub(crate) fn base_url(app: &AppState, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    app.public_url.clone().unwrap_or_else(|| format!("http://{}", host.unwrap_or("127.0.0.1:8000")))
}
