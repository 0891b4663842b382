//! The widget on a site's page: what of it depends on the configuration, and the loader.

pub(crate) mod assets;
mod compressed;
mod of_bot;
pub(crate) mod page;
mod query;
mod strings;
pub(crate) mod words;

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use crate::domain::bot::field::BotField;
use crate::domain::bot::{Bot, Looks};
use crate::http::AppState;
use crate::http::auth::Anyone;
pub(crate) use crate::http::embed::assets::Asset;
pub(crate) use crate::http::embed::assets::{file, page_file, page_file_address, pinned_loader};
use crate::http::embed::compressed::CompressedPages;
use crate::http::embed::of_bot::{BotWidget, BotWidgets};
pub(crate) use crate::http::embed::page::panel;
use crate::http::embed::query::PanelQuery;
use crate::http::embed::strings::Words;
use crate::http::error::{ApiError, ApiResult};
use crate::http::openapi::refusals;
use crate::service::ServiceError;

const SCRIPT: &str = "text/javascript; charset=utf-8";
/// Host pages get a changed loader within minutes and never wait for the check.
const LOADER_CACHE: &str = "public, max-age=300, stale-while-revalidate=86400";

/// What of the widget depends on the bots.
#[derive(Default)]
pub struct Widget {
    bots: BotWidgets,
    pages: CompressedPages,
}

impl Widget {
    /// The widget of a bot as it is now.
    fn of(&self, bot: &Arc<Bot>) -> Arc<BotWidget> {
        self.bots.of(bot)
    }
}

/// Finds out whether the widget says all the words that a bot's owner says in another way.
///
/// # Errors
/// It knows no such word or language.
pub fn check_words(bot: &Bot) -> Result<(), (BotField, String)> {
    Words::check(&bot.looks).map_err(|problem| (BotField::Strings, problem))
}

/// What the loader takes for said where the tag is silent, by the names of the tag's attributes.
pub(crate) fn loader_defaults(looks: &Looks) -> Vec<(&'static str, &str)> {
    let mut defaults = vec![
        ("name", looks.name.as_str()),
        ("color", looks.color.as_str()),
        ("position", looks.position.as_str()),
    ];
    if looks.language != "auto" {
        defaults.push(("locale", &looks.language));
    }
    defaults.extend(looks.icon.as_deref().map(|icon| ("icon", icon)));
    defaults
}

/// JSON that may stand inside a script element.
fn script_safe(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The script for a host page's tag, with the looks of the bot that the address names
#[utoipa::path(get, path = "/widget.js", operation_id = "loader", tag = "Widget",
    params(("bot" = Option<String>, Query, nullable = false, description = "Slug of a bot; the default one without it")),
    responses(refusals::Nothing,
        (status = 404, description = "There is no such bot: a script that says so",
            body = String, content_type = "text/javascript; charset=utf-8"),
        (status = 200, description = "The script, as Brotli or gzip where `Accept-Encoding` allows it",
            body = String, content_type = "text/javascript; charset=utf-8"),
        (status = 304, description = "It is what `If-None-Match` names")))]
pub(crate) async fn loader(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let slug = PanelQuery::read(query.as_deref().unwrap_or_default()).bot;
    match app.sessions.bot(slug.as_deref()) {
        Ok(bot) => {
            let widget = app.widget.of(&bot);
            Ok(widget.loader(slug.is_some())?.respond(&headers, SCRIPT, LOADER_CACHE))
        }
        Err(ServiceError::BotNotFound) => Ok(no_loader()),
        Err(error) => Err(ApiError::from(error)),
    }
}

/// A page that asks for no bot of ours is told so where its owner looks: in the script's own place.
fn no_loader() -> Response {
    let said = "// Alcove: there is no bot of this name, or it is switched off.\n";
    let headers = [(CONTENT_TYPE, SCRIPT), (CACHE_CONTROL, "no-cache")];
    (StatusCode::NOT_FOUND, headers, said).into_response()
}
