//! The one HTTP client: sends a prepared request, retries before anything was said, turns the
//! bytes of the answer into events. Knows no vendor.

mod answer;
mod ask;
mod endpoint;
mod refused;
mod retry;

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use reqwest::header::HeaderMap;
use reqwest::redirect;
use serde_json::Value;
use url::{Host, Url};

use crate::domain::secret::Secret;
use crate::providers::decoder::Decoder;
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::failure::Classify;
use crate::providers::{ProviderEvent, ProviderStream};
pub use endpoint::InvalidSetting;
pub(super) use endpoint::{BaseUrl, secret_header};
pub use refused::Refused;

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
