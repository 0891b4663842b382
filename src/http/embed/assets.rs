//! The widget's built files and our pages' files: compressed ahead, named by content.

use std::borrow::Cow;
use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE,
    ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_embed::Embed;

use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::error::{ApiResult, ErrorCode};
use crate::http::openapi::refusals;

/// The built files. Release builds hold them with their compressed forms (see `build.rs`);
/// debug builds read the folder, so that a rebuilt widget shows without a rebuilt server.
#[derive(Embed)]
#[cfg_attr(debug_assertions, folder = "assets/")]
#[cfg_attr(not(debug_assertions), folder = "$OUT_DIR/assets/")]
pub(super) struct Assets;

/// A file named by its content never changes.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A file in all its encodings.
#[derive(Clone)]
pub(crate) struct Asset {
    pub(super) plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    hash: String,
}

impl Asset {
    /// Compresses here and now: for the loader, once, and for debug builds.
    pub(super) fn compressed_now(plain: Vec<u8>) -> Self {
        // Debug builds do this for each request.
        Self::compressed(plain, if cfg!(debug_assertions) { 4 } else { 11 })
    }

    /// Compresses here and now, with brotli at that level of 0 to 11.
    pub(crate) fn compressed(plain: Vec<u8>, quality: i32) -> Self {
        let mut brotli = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
        let is_done = brotli::BrotliCompress(&mut plain.as_slice(), &mut brotli, &params).is_ok();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let gzip = gzip.write_all(&plain).ok().and_then(|()| gzip.finish().ok());
        Self {
            hash: hash_of(&plain),
            brotli: is_done.then(|| Bytes::from(brotli)),
            gzip: gzip.map(Bytes::from),
            plain: Bytes::from(plain),
        }
    }

    /// The answer to a request with these headers.
    pub(crate) fn respond(
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
    pub(super) fn encoded(&self, request: &HeaderMap) -> Response {
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

pub(super) fn load(name: &str) -> Option<Asset> {
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

/// The hash that tells versions of a file apart.
pub(super) fn hash_of(content: &[u8]) -> String {
    use sha2::Digest as _;
    short_hash(&sha2::Sha256::digest(content).into())
}

/// Eight hexadecimal digits are enough to tell versions of one file apart.
fn short_hash(sha256: &[u8; 32]) -> String {
    sha256.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a part of a name can be a content's hash, of this version or another one.
fn is_hash(part: &str) -> bool {
    part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The address of a widget file, named by its content; none if there is no such file.
pub(super) fn hashed(name: &str, ending: &str) -> Option<String> {
    let file = Assets::get(&format!("widget/{name}.{ending}"))?;
    let hash = short_hash(&file.metadata.sha256_hash());
    Some(format!("/static/widget/{name}.{hash}.{ending}"))
}

/// The address of a file of our pages, named by its content while there is such a file.
pub(crate) fn page_file_address(name: &str, ending: &str) -> String {
    let hash = Assets::get(&format!("pages/{name}.{ending}"))
        .map(|file| format!(".{}", short_hash(&file.metadata.sha256_hash())));
    format!("/static/pages/{name}{}.{ending}", hash.unwrap_or_default())
}

/// The loader without the owner's defaults: the same bytes on every server of this version, so a
/// page can name the hash of what it is willing to run.
pub(crate) struct PinnedLoader {
    /// Its address.
    pub address: String,
    /// For the tag's `integrity`.
    pub integrity: String,
}

/// The loader to pin; none if there is no built widget.
pub(crate) fn pinned_loader() -> Option<PinnedLoader> {
    use sha2::Digest as _;
    let file = Assets::get("widget/loader.js")?;
    let digest = STANDARD.encode(sha2::Sha384::digest(&file.data));
    Some(PinnedLoader { address: hashed("loader", "js")?, integrity: format!("sha384-{digest}") })
}

/// The panel's script and styles
///
/// `name.ending`, or `name.hash.ending`, which never changes.
#[utoipa::path(get, path = "/static/widget/{file}", operation_id = "widgetFile", tag = "Widget",
    params(("file" = String, Path, description = "The file's name, such as `styles.css`.")),
    responses(refusals::StaticFile,
        (status = 200, description = "The file, as Brotli or gzip where `Accept-Encoding` allows it", content(
            (String = "text/javascript; charset=utf-8"),
            (String = "text/css; charset=utf-8"),
            (String = "image/svg+xml"),
        )),
        (status = 304, description = "It is what `If-None-Match` names")))]
pub(crate) async fn file(
    State(_): State<AppState>,
    Anyone: Anyone,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let file = if file == "styles.css" { "panel.css" } else { &file };
    static_file("widget", file, &headers)
}

/// Styles and scripts of the server's own pages
#[utoipa::path(get, path = "/static/pages/{file}", operation_id = "pageFile", tag = "Widget",
    params(("file" = String, Path, description = "The file's name, such as `demo.css`.")),
    responses(refusals::StaticFile,
        (status = 200, description = "The file, as Brotli or gzip where `Accept-Encoding` allows it", content(
            (String = "text/javascript; charset=utf-8"),
            (String = "text/css; charset=utf-8"),
            (String = "image/svg+xml"),
        )),
        (status = 304, description = "It is what `If-None-Match` names")))]
pub(crate) async fn page_file(
    State(_): State<AppState>,
    Anyone: Anyone,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
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
