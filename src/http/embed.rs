//! The widget on a site's page: what of it depends on the configuration, and the loader.

pub(crate) mod assets;
mod compressed;
pub(crate) mod page;
mod query;
mod strings;
pub(crate) mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use crate::config::{AllowedOrigins, ConfigError};
use crate::domain::bot::{Bot, Looks};
use crate::http::AppState;
use crate::http::auth::Anyone;
pub(crate) use crate::http::embed::assets::Asset;
use crate::http::embed::assets::load;
pub(crate) use crate::http::embed::assets::{file, page_file, page_file_address, pinned_loader};
use crate::http::embed::compressed::CompressedPages;
pub(crate) use crate::http::embed::page::panel;
use crate::http::embed::strings::Words;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::openapi::refusals;
use crate::http::security::PanelPolicy;

/// Where the loader's source takes the owner's defaults.
const DEFAULTS_MARK: &str = "\"__ALCOVE_DEFAULTS__\"";
/// Host pages get a changed loader within minutes and never wait for the check.
const LOADER_CACHE: &str = "public, max-age=300, stale-while-revalidate=86400";

/// What of the widget depends on the configuration.
pub struct Widget {
    policy: PanelPolicy,
    words: Words,
    loader_defaults: String,
    loader: OnceLock<Asset>,
    pages: CompressedPages,
    allowed_origins: Value,
}

impl Widget {
    /// The widget of `bot`, embeddable by `origins`.
    ///
    /// # Errors
    /// The owner rewords something that the widget does not say.
    pub fn new(bot: &Bot, origins: &AllowedOrigins) -> Result<Self, ConfigError> {
        let looks = &bot.looks;
        let defaults: BTreeMap<_, _> = loader_defaults(looks).into_iter().collect();
        Ok(Self {
            policy: PanelPolicy::new(origins, looks.icon.as_deref()),
            words: Words::new(looks)?,
            loader_defaults: script_safe(&json!(defaults)),
            loader: OnceLock::new(),
            pages: CompressedPages::default(),
            allowed_origins: match origins {
                AllowedOrigins::Any => json!(["*"]),
                AllowedOrigins::List(list) => json!(list),
            },
        })
    }

    /// The loader with the owner's defaults in it; made on the first request, so that a start
    /// does not wait for the compression.
    fn loader(&self) -> ApiResult<Cow<'_, Asset>> {
        let make = || {
            let source = load("widget/loader.js").ok_or(ErrorCode::NotFound)?;
            let source = String::from_utf8_lossy(&source.plain).into_owned();
            let text = source.replace(DEFAULTS_MARK, &self.loader_defaults);
            Ok::<_, ApiError>(Asset::compressed_now(text.into_bytes()))
        };
        if cfg!(debug_assertions) {
            return make().map(Cow::Owned);
        }
        if self.loader.get().is_none() {
            let _set_meanwhile = self.loader.set(make()?);
        }
        self.loader.get().map(Cow::Borrowed).ok_or_else(|| ErrorCode::Internal.into())
    }
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

/// The script for a host page's tag
#[utoipa::path(get, path = "/widget.js", operation_id = "loader", tag = "Widget",
    responses(refusals::StaticFile,
        (status = 200, description = "The script, as Brotli or gzip where `Accept-Encoding` allows it",
            body = String, content_type = "text/javascript; charset=utf-8"),
        (status = 304, description = "It is what `If-None-Match` names")))]
pub(crate) async fn loader(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let loader = app.widget.loader()?;
    Ok(loader.respond(&headers, "text/javascript; charset=utf-8", LOADER_CACHE))
}
