//! The words of what the panel loads later, by a request of their own.

use axum::extract::{RawQuery, State};
use axum::http::header::VARY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::embed::assets::{IMMUTABLE, hash_of};
use crate::http::embed::of_bot::BotWidget;
use crate::http::embed::query::PanelQuery;
use crate::http::embed::strings::Part;
use crate::http::error::ApiResult;
use crate::http::openapi::refusals;

/// Where a panel in that language finds them. The address changes with the words, so that
/// browsers may keep them for ever. The default bot is not named: every visitor downloads this.
pub(super) fn address(named: Option<&str>, widget: &BotWidget, locale: &str) -> String {
    let version = hash_of(words(widget, locale).as_bytes());
    let bot = named.map_or_else(String::new, |slug| format!("bot={slug}&"));
    format!("/embed/words?{bot}locale={locale}&v={version}")
}

fn words(widget: &BotWidget, locale: &str) -> String {
    Value::from(widget.words.strings(Part::Later, locale)).to_string()
}

/// Words that the chat loads later
///
/// By key. The language is found as it is for the panel's page.
#[utoipa::path(get, path = "/embed/words", operation_id = "panelWords", tag = "Widget",
    params(
        ("bot" = Option<String>, Query, nullable = false, description = "The bot's name in addresses."),
        ("locale" = Option<String>, Query, nullable = false, description = "A language tag."),
        ("v" = Option<String>, Query, nullable = false, description = "The words' hash: with the right one they may be kept for ever."),
    ),
    responses(refusals::ShowBot,
        (status = 200, description = "The words", body = std::collections::BTreeMap<String, serde_json::Value>),
        (status = 304, description = "They are what `If-None-Match` names")))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let query = query.unwrap_or_default();
    let asked = PanelQuery::read(&query);
    let widget = app.widget.of(&app.sessions.bot(asked.bot.as_deref())?);
    let locale = widget.words.choose(asked.locale.as_deref(), &headers);
    let words = words(&widget, &locale);
    let version = hash_of(words.as_bytes());
    let is_current = form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "v" && value == version);
    let cache = if is_current { IMMUTABLE } else { "no-cache" };
    let words = app.widget.pages.compress(words, true);
    let mut response = words.respond(&headers, "application/json", cache);
    let vary = HeaderValue::from_static("Accept-Language, Accept-Encoding");
    response.headers_mut().insert(VARY, vary);
    Ok(response)
}
