//! The widget's files: loader, panel page, script, styles; compressed ahead, named by content.

use std::borrow::Cow;
use std::io::Write as _;
use std::sync::OnceLock;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE,
    ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::Embed;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::AllowedOrigins;
use crate::domain::bot::Bot;
use crate::http::AppState;
use crate::http::api::sessions::public_bot;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::http::security::PanelPolicy;

/// The built files. Release builds hold them with their compressed forms (see `build.rs`);
/// debug builds read the folder, so that a rebuilt widget shows without a rebuilt server.
#[derive(Embed)]
#[cfg_attr(debug_assertions, folder = "assets/")]
#[cfg_attr(not(debug_assertions), folder = "$OUT_DIR/assets/")]
struct Assets;

/// Where the loader's source takes the owner's defaults.
const DEFAULTS_MARK: &str = "\"__ALCOVE_DEFAULTS__\"";
/// A file named by its content never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Host pages get a changed loader within minutes and never wait for the check.
const LOADER_CACHE: &str = "public, max-age=300, stale-while-revalidate=86400";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What of the widget depends on the configuration.
pub struct Widget {
    policy: PanelPolicy,
    loader_defaults: String,
    loader: OnceLock<Asset>,
    allowed_origins: Value,
}

impl Widget {
    /// The widget of `bot`, embeddable by `origins`.
    #[must_use]
    pub fn new(bot: &Bot, origins: &AllowedOrigins) -> Self {
        let looks = &bot.looks;
        let defaults = json!({
            "color": looks.color,
            "name": looks.name,
            "position": looks.position.as_str(),
        });
        Self {
            policy: PanelPolicy::new(origins, looks.icon.as_deref()),
            loader_defaults: script_safe(&defaults),
            loader: OnceLock::new(),
            allowed_origins: match origins {
                AllowedOrigins::Any => json!(["*"]),
                AllowedOrigins::List(list) => json!(list),
            },
        }
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

/// A file in all its encodings.
#[derive(Clone)]
struct Asset {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    hash: String,
}

impl Asset {
    /// Compresses here and now: for the loader, once, and for debug builds.
    fn compressed_now(plain: Vec<u8>) -> Self {
        use sha2::Digest as _;
        let mut brotli = Vec::new();
        // Debug builds do this for each request.
        let quality = if cfg!(debug_assertions) { 4 } else { 11 };
        let params = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
        let is_done = brotli::BrotliCompress(&mut plain.as_slice(), &mut brotli, &params).is_ok();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let gzip = gzip.write_all(&plain).ok().and_then(|()| gzip.finish().ok());
        Self {
            hash: short_hash(&sha2::Sha256::digest(&plain).into()),
            brotli: is_done.then(|| Bytes::from(brotli)),
            gzip: gzip.map(Bytes::from),
            plain: Bytes::from(plain),
        }
    }

    /// The answer to a request with these headers.
    fn respond(
        &self,
        request: &HeaderMap,
        content_type: &'static str,
        cache: &'static str,
    ) -> Response {
        let etag = format!("\"{}\"", self.hash);
        let known = request.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let mut response = match known {
            Some(known) if known.contains(&etag) => StatusCode::NOT_MODIFIED.into_response(),
            _ => self.encoded(request),
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(ETAG, etag);
        }
        response
    }

    /// The smallest form that the client takes.
    fn encoded(&self, request: &HeaderMap) -> Response {
        let forms = [("br", &self.brotli), ("gzip", &self.gzip)];
        for (name, form) in forms {
            if let Some(bytes) = form.as_ref().filter(|_| accepts(request, name)) {
                let mut response = Body::from(bytes.clone()).into_response();
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(name));
                return response;
            }
        }
        Body::from(self.plain.clone()).into_response()
    }
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = request.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        is_it && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn load(name: &str) -> Option<Asset> {
    let file = Assets::get(name)?;
    if cfg!(debug_assertions) {
        return Some(Asset::compressed_now(file.data.into_owned()));
    }
    let form = |ending: &str| Assets::get(&format!("{name}.{ending}")).map(|form| bytes(form.data));
    Some(Asset {
        hash: short_hash(&file.metadata.sha256_hash()),
        brotli: form("br"),
        gzip: form("gz"),
        plain: bytes(file.data),
    })
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

/// Eight hexadecimal digits are enough to tell versions of one file apart.
fn short_hash(sha256: &[u8; 32]) -> String {
    sha256.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a part of a name can be a content's hash, of this version or another one.
fn is_hash(part: &str) -> bool {
    part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
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

/// The address of a widget file, named by its content.
fn hashed(name: &str, ending: &str) -> String {
    let file = Assets::get(&format!("widget/{name}.{ending}"));
    let hash = file.map_or_else(String::new, |file| short_hash(&file.metadata.sha256_hash()));
    format!("/static/widget/{name}.{hash}.{ending}")
}

/// `GET /widget.js`, and under its older name: the script for host pages.
pub(crate) async fn loader(State(app): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let loader = app.widget.loader()?;
    Ok(loader.respond(&headers, "text/javascript; charset=utf-8", LOADER_CACHE))
}

#[derive(Template)]
#[template(path = "embed.html")]
struct PanelPage<'a> {
    language: &'a str,
    name: &'a str,
    script: String,
    styles: String,
    config: String,
}

#[derive(Deserialize)]
pub(crate) struct PanelQuery {
    bot: Option<String>,
}

/// `GET /embed`, and under its older name: the chat, for an iframe.
pub(crate) async fn panel(
    State(app): State<AppState>,
    Query(query): Query<PanelQuery>,
) -> ApiResult<Response> {
    let bot = app.sessions.bot(query.bot.as_deref())?;
    let mut config = public_bot(&app, bot);
    if let Some(fields) = config.as_object_mut() {
        fields.insert("allowedOrigins".into(), app.widget.allowed_origins.clone());
        let strings = Assets::get("widget/strings/en.json").ok_or(ErrorCode::NotFound)?;
        let strings = serde_json::from_slice(&strings.data).unwrap_or_default();
        fields.insert("strings".into(), strings);
    }
    let page = PanelPage {
        language: if bot.looks.language == "auto" { "en" } else { &bot.looks.language },
        name: &bot.looks.name,
        script: hashed("panel", "js"),
        styles: hashed("panel", "css"),
        config: script_safe(&config),
    };
    let html = page.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let mut response = Html(html).into_response();
    app.widget.policy.apply(response.headers_mut());
    Ok(response)
}

/// `GET /static/widget/{file}`: the panel's script and styles.
pub(crate) async fn file(Path(file): Path<String>, headers: HeaderMap) -> ApiResult<Response> {
    let file = if file == "styles.css" { "panel.css" } else { &file };
    static_file("widget", file, &headers)
}

/// `GET /static/pages/{file}`: styles and scripts of our own pages.
pub(crate) async fn page_file(Path(file): Path<String>, headers: HeaderMap) -> ApiResult<Response> {
    static_file("pages", &file, &headers)
}

/// `name.ending`, or `name.hash.ending`, which may be kept for ever while the hash is right.
fn static_file(folder: &str, file: &str, headers: &HeaderMap) -> ApiResult<Response> {
    let parts: Vec<&str> = file.split('.').collect();
    let (name, hash, ending) = match parts.as_slice() {
        [name, ending] => (name, None, ending),
        [name, hash, ending] if is_hash(hash) => (name, Some(*hash), ending),
        _ => return Err(ErrorCode::NotFound.into()),
    };
    let content_type = match *ending {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return Err(ErrorCode::NotFound.into()),
    };
    let asset = load(&format!("{folder}/{name}.{ending}")).ok_or(ErrorCode::NotFound)?;
    let cache = if hash == Some(asset.hash.as_str()) { IMMUTABLE } else { "no-cache" };
    Ok(asset.respond(headers, content_type, cache))
}
