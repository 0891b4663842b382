//! The panel's page.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use crate::domain::bot::Bot;
use crate::domain::language;
use crate::http::AppState;
use crate::http::api::bots::public_bot;
use crate::http::auth::Anyone;
use crate::http::embed::assets::hashed;
use crate::http::embed::of_bot::BotWidget;
use crate::http::embed::query::{HostWishes, PanelQuery};
use crate::http::embed::script_safe;
use crate::http::embed::strings::Part;
use crate::http::embed::words;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::openapi::refusals;
use crate::http::security::PanelPolicy;
use crate::service::ServiceError;

/// Scripts that not every visit needs.
const LOADED_LATER: [&str; 3] = ["extras", "files", "data"];

#[derive(Template)]
#[template(path = "embed.html")]
struct PanelPage<'a> {
    locale: &'a str,
    direction: &'static str,
    name: &'a str,
    script: String,
    styles: String,
    config: String,
}

/// The chat, for an iframe
///
/// Its words are in `locale`, else in the owner's language, else in the browser's, else in English.
#[utoipa::path(get, path = "/embed", operation_id = "panel", tag = "Widget",
    params(
        ("bot" = Option<String>, Query, nullable = false, description = "The bot's name in addresses."),
        ("locale" = Option<String>, Query, nullable = false, description = "A language tag."),
        ("config" = Option<String>, Query, nullable = false, description = "Of older hosts: a JSON object of at most 16 KiB."),
        ("userIdentifier" = Option<String>, Query, nullable = false, description = "Of older hosts: their name for their user, at most 256 characters."),
    ),
    responses(refusals::Nothing,
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = 404, description = "There is no such bot: a page that says so", body = String,
            content_type = "text/html; charset=utf-8")))]
pub(crate) async fn panel(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let query = PanelQuery::read(query.as_deref().unwrap_or_default());
    let bot = match app.sessions.bot(query.bot.as_deref()) {
        Ok(bot) => bot,
        Err(ServiceError::BotNotFound) => return no_panel(&app),
        Err(error) => return Err(error.into()),
    };
    let widget = app.widget.of(&bot);
    let locale = widget.words.choose(query.locale.as_deref(), &headers);
    let is_common = query.host.is_empty();
    let page = PanelPage {
        locale: &locale,
        direction: language::direction(&locale),
        name: &bot.looks.name,
        script: hashed("panel", "js").ok_or(ErrorCode::NotFound)?,
        styles: hashed("panel", "css").ok_or(ErrorCode::NotFound)?,
        config: script_safe(&page_config(&app, (&bot, &widget), &locale, query.host)),
    };
    let html = page.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let mut response = app.widget.pages.compress(html, is_common).encoded(&headers);
    let told = response.headers_mut();
    widget.policy.apply(told);
    told.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    told.insert(VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
    Ok(response)
}

#[derive(Template)]
#[template(path = "embed_closed.html")]
struct ClosedPage;

/// What a visitor sees in the frame of a bot that is not there: a page, and no word for programs.
fn no_panel(app: &AppState) -> ApiResult<Response> {
    let html =
        ClosedPage.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let mut response = (StatusCode::NOT_FOUND, Html(html)).into_response();
    PanelPolicy::new(&app.origins, None).apply(response.headers_mut());
    Ok(response)
}

/// What the panel has to know: the bot, who may talk to it, its words in one language, and what
/// its host says.
fn page_config(
    app: &AppState,
    (bot, widget): (&Bot, &BotWidget),
    locale: &str,
    host: HostWishes,
) -> Value {
    let is_default = app.sessions.bot(None).is_ok_and(|default| default.slug == bot.slug);
    let named = (!is_default).then_some(bot.slug.as_str());
    let mut config = json!(public_bot(app, bot));
    if let Some(fields) = config.as_object_mut() {
        // The panel has a greeting in each language; an English one would win over it.
        fields.insert("welcome".into(), bot.looks.welcome.as_deref().unwrap_or_default().into());
        fields.insert("allowedOrigins".into(), widget.allowed_origins.clone());
        fields.insert("locale".into(), locale.into());
        fields.insert("strings".into(), widget.words.strings(Part::Page, locale).into());
        fields.insert("words".into(), words::address(named, widget, locale).into());
        fields.insert("scripts".into(), scripts().into());
        if let Some(config) = host.config {
            fields.insert("hostConfig".into(), config.into());
        }
        if let Some(user) = host.user_identifier {
            fields.insert("userIdentifier".into(), user.into());
        }
        // Settled by now: the loader's matter, and which words are here.
        for settled in ["position", "language"] {
            fields.remove(settled);
        }
        fields.retain(|_, value| !says_nothing(value));
    }
    config
}

/// Addresses of what the panel loads when it is first wanted, by name.
fn scripts() -> Map<String, Value> {
    let address = |name: &str| Some((name.to_owned(), hashed(name, "js")?.into()));
    LOADED_LATER.into_iter().filter_map(address).collect()
}

/// What the panel takes for said anyway is left out: every visitor downloads this page.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
