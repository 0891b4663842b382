//! The one HTTP client: sends a prepared request, retries before anything was said, turns the
//! bytes of the answer into events. Knows no vendor.

mod answer;
mod ask;
mod retry;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use parking_lot::Mutex;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;
use serde_json::Value;
use url::{Host, Url};

use crate::domain::secret::Secret;
use crate::providers::decoder::Decoder;
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::failure::Classify;
use crate::providers::{ProviderEvent, ProviderStream};

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportSettings {
    /// For a connection to stand.
    pub connect_timeout: Duration,
    /// From the question to the first sign of an answer, retries included. Models think, and a
    /// local server may have to load its model first.
    pub first_token_timeout: Duration,
    /// Between bytes; keep-alives count.
    pub idle_timeout: Duration,
    /// For the whole answer.
    pub total_timeout: Duration,
    /// How often a failed request is sent again.
    pub max_retries: u32,
    /// The wait before the first retry; doubles with each, up to [`Self::longest_backoff`].
    pub backoff: Duration,
    /// The longest wait that we choose.
    pub longest_backoff: Duration,
    /// The longest wait that a vendor may ask for while a visitor waits.
    pub longest_wait: Duration,
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            first_token_timeout: Duration::from_secs(90),
            idle_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(600),
            max_retries: 2,
            backoff: Duration::from_millis(500),
            longest_backoff: Duration::from_secs(8),
            longest_wait: Duration::from_secs(20),
        }
    }
}

/// The HTTP client of all vendors. Cheap to clone: clones share their connections.
#[derive(Debug, Clone)]
pub struct Transport {
    client: reqwest::Client,
    /// For servers on this machine, which a proxy named by the environment cannot reach.
    local_client: reqwest::Client,
    settings: TransportSettings,
}

impl Transport {
    /// Builds the client. It goes through the proxy that `HTTPS_PROXY` and its like name, and
    /// follows no redirects: a vendor's API has none, and following one would carry the key and
    /// the conversation to an address nobody chose.
    ///
    /// # Errors
    /// The machine has no usable TLS set-up.
    pub fn new(settings: TransportSettings) -> Result<Self, ProviderError> {
        let build = |builder: reqwest::ClientBuilder| {
            let failed = |error| ProviderError::new(ErrorClass::Network, ask::chain(&error));
            builder.build().map_err(failed)
        };
        let client = build(client_builder(&settings))?;
        let local_client = build(client_builder(&settings).no_proxy())?;
        Ok(Self { client, local_client, settings })
    }

    /// The client to reach `url` with.
    fn client_for(&self, url: &Url) -> &reqwest::Client {
        let is_local = match url.host() {
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if is_local { &self.local_client } else { &self.client }
    }

    /// Asks once the stream is polled. Dropping the stream closes the request.
    #[must_use]
    pub fn stream(&self, call: Call) -> ProviderStream {
        // Fused: a reader may look once more after the end, where `unfold` would panic.
        Box::pin(stream::unfold(ask::Ask::new(self.clone(), call), ask::Ask::next).fuse())
    }
}

fn client_builder(settings: &TransportSettings) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .connect_timeout(settings.connect_timeout)
        // A connection that died unnoticed while idle would swallow the next question: with
        // these it fails after 25 s, soon enough to ask again over a new one.
        .http2_keep_alive_interval(Duration::from_secs(15))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("alcove/", env!("CARGO_PKG_VERSION")))
}

/// A stream that only fails.
pub(super) fn failed(error: ProviderError) -> ProviderStream {
    Box::pin(stream::iter([Err::<ProviderEvent, _>(error)]))
}

/// A prepared request and how to read its answer.
pub struct Call {
    /// Where to.
    pub url: Url,
    /// The vendor's headers, the key among them.
    pub headers: HeaderMap,
    /// The request.
    pub body: Value,
    /// What must not show up in errors.
    pub key: Option<Secret>,
    /// Makes a decoder for an answer; each try needs a fresh one.
    pub decoder: Box<dyn Fn() -> Box<dyn Decoder> + Send + Sync>,
    /// Sorts the vendor's complaints.
    pub classify: Classify,
    /// What may be left out of the body when the vendor refuses it.
    pub refused: Refused,
}

/// Parameters that a model refused, kept with the provider so that each is refused only once.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What may be left out, as paths into the body.
    droppable: &'static [&'static str],
    /// What is left out. Held for a moment only, never across an await.
    dropped: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Refused {
    /// Nothing was refused so far; each of `droppable` may be (`temperature`, `a.b` for nested).
    #[must_use]
    pub fn new(droppable: &'static [&'static str]) -> Self {
        Self { droppable, dropped: Arc::default() }
    }

    /// Leaves out what was refused before.
    fn apply(&self, body: &mut Value) {
        for path in self.dropped.lock().iter() {
            drop_parameter(body, path);
        }
    }

    /// Leaves out the parameter that a complaint names, if there is one to leave out. Vendors
    /// name it in a field or only in a sentence.
    fn drop_named(&self, body: &mut Value, error: &ProviderError) -> Option<&'static str> {
        let field = error.refused_parameter.as_deref().unwrap_or_default();
        let names = |path: &str| {
            let name = path.rsplit('.').next().unwrap_or(path);
            let is_named = has_word(field, name) || has_word(&error.detail, name);
            is_named && (other_limit(name).is_none() || is_about_unknown_name(&error.detail))
        };
        self.droppable.iter().find(|path| names(path) && drop_parameter(body, path)).copied()
    }

    fn remember(&self, path: &'static str) {
        self.dropped.lock().insert(path);
    }
}

/// The two names of the output limit. A server that refuses one understands the other, and
/// without any the answer would have no limit.
const LIMIT_NAMES: [(&str, &str); 2] =
    [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")];

fn other_limit(name: &str) -> Option<&'static str> {
    LIMIT_NAMES.iter().find(|(own, _)| *own == name).map(|(_, other)| *other)
}

/// Whether a refusal says that a name is unknown, not that its value is wrong: a limit that is
/// only too large must not be sent under a name that the server ignores.
fn is_about_unknown_name(detail: &str) -> bool {
    let detail = detail.to_ascii_lowercase();
    ["unsupported", "not supported", "unrecognized", "unknown", "extra", "not permitted"]
        .iter()
        .any(|words| detail.contains(words))
}

/// Takes a parameter out of a body; says whether it was there.
fn drop_parameter(body: &mut Value, path: &str) -> bool {
    let (parent, name) = match path.rsplit_once('.') {
        Some((parent, name)) => (body.pointer_mut(&format!("/{}", parent.replace('.', "/"))), name),
        None => (Some(body), path),
    };
    let Some(fields) = parent.and_then(Value::as_object_mut) else { return false };
    let Some(value) = fields.remove(name) else { return false };
    if let Some(other) = other_limit(name) {
        fields.insert(other.to_owned(), value);
    }
    true
}

/// Whether `text` has `word` as a whole word, where `_` belongs to a word.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

/// A setting a provider cannot work with. Never shows the value, which may be a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {reason}")]
pub struct InvalidSetting {
    /// Which one: `base URL`, `API key`.
    pub setting: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// The address of a vendor's API, under which its endpoints lie.
#[derive(Debug, Clone)]
pub(super) struct BaseUrl(Url);

impl BaseUrl {
    /// Accepts an `http` or `https` address, with or without a slash at its end.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidSetting> {
        let invalid = |reason| InvalidSetting { setting: "base URL", reason };
        let url = Url::parse(text.trim()).map_err(|_| invalid("is not an address"))?;
        match url.scheme() {
            "http" | "https" if url.has_host() => Ok(Self(url)),
            _ => Err(invalid("must begin with http:// or https://")),
        }
    }

    /// Whether it leads to this host.
    pub(super) fn is_host(&self, host: &str) -> bool {
        self.0.host_str() == Some(host)
    }

    /// The address of an endpoint. The base may already end with the beginning of `path`, such as
    /// its version, or with all of it.
    pub(super) fn join(&self, path: &[&str]) -> Url {
        let mut url = self.0.clone();
        let own: Vec<&str> = self.0.path().split('/').filter(|one| !one.is_empty()).collect();
        let is_there = |count: &usize| path.get(..*count).is_some_and(|part| own.ends_with(part));
        let skipped = (0..=path.len()).rev().find(is_there).unwrap_or(0);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.iter().skip(skipped));
        }
        url
    }
}

/// Adds a header that logs must not show.
pub(super) fn secret_header(
    headers: &mut HeaderMap,
    name: &'static str,
    value: &str,
) -> Result<(), InvalidSetting> {
    let mut value = HeaderValue::from_str(value).map_err(|_| InvalidSetting {
        setting: "API key",
        reason: "has characters that no key has, such as a line break",
    })?;
    value.set_sensitive(true);
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_join_with_one_slash_and_one_version() {
        let cases = [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages"),
            ("http://h:1/a/b/v1/", "http://h:1/a/b/v1/messages"),
            ("http://h/v1/messages", "http://h/v1/messages"),
            ("http://h/a?api-version=2", "http://h/a/v1/messages?api-version=2"),
        ];
        for (base, expected) in cases {
            let url = BaseUrl::parse(base).unwrap().join(&["v1", "messages"]);
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn segments_of_a_path_are_escaped() {
        let base = BaseUrl::parse("http://h").unwrap();
        assert_eq!(base.join(&["v1", "../a?b#c/d"]).as_str(), "http://h/v1/..%2Fa%3Fb%23c%2Fd");
    }

    #[test]
    fn a_key_is_not_shown_with_its_headers() {
        let mut headers = HeaderMap::new();
        secret_header(&mut headers, "x-api-key", "sk-canary").unwrap();
        assert!(!format!("{headers:?}").contains("canary"));
        assert!(secret_header(&mut headers, "x-api-key", "line\nbreak").is_err());
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for text in ["", "api.openai.com", "file:///etc/passwd", "ftp://h", "data:,x"] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_named_parameter_is_dropped() {
        let refused = Refused::new(&["temperature", "a.b", "max_tokens"]);
        let mut body = json!({"temperature": 1, "a": {"b": 1, "c": 2}, "max_tokens": 5});
        let named = |detail: &str| ProviderError::new(ErrorClass::InvalidRequest, detail);
        let mut drop = |detail: &str| refused.drop_named(&mut body, &named(detail));
        assert_eq!(drop("`temperatures` is wrong"), None);
        assert_eq!(drop("`temperature` is wrong"), Some("temperature"));
        assert_eq!(drop("`temperature` is wrong"), None);
        assert_eq!(drop("field a.b"), Some("a.b"));
        assert_eq!(drop("max_tokens is too large"), None);
        assert_eq!(drop("'max_tokens' is not supported"), Some("max_tokens"));
        assert_eq!(body, json!({"a": {"c": 2}, "max_completion_tokens": 5}));
    }
}
