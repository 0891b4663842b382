//! OpenAI: the Responses API, or Chat Completions where only that is spoken.

pub mod chat;
pub mod errors;
pub mod responses;

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::HeaderMap;

use crate::domain::bot::ProviderName;
use crate::domain::secret::Secret;
use crate::providers::decoder::Asked;
use crate::providers::error::ProviderError;
use crate::providers::transport::{
    BaseUrl, Call, InvalidSetting, Refused, Transport, failed, secret_header,
};
use crate::providers::{ChatRequest, Provider, ProviderStream};

/// The model asked unless the owner names one: the cheap, fast one of the current family
/// (OpenAI docs, "Models", November 2026).
pub const DEFAULT_MODEL: &str = "gpt-6-luna";

/// Where OpenAI's API lives. The version belongs to it.
pub const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";

/// Only OpenAI itself knows all of its own parameters.
const OFFICIAL_HOST: &str = "api.openai.com";

/// Which of OpenAI's two APIs to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `/responses`: all current models, with tools too.
    Responses,
    /// `/chat/completions`: what other servers speak.
    Chat,
}

/// What it takes to ask OpenAI.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// The key; none is sent when it is empty.
    pub api_key: Secret,
    /// Where the API lives, version included: [`DEFAULT_BASE_URL`].
    pub base_url: String,
    /// The model: [`DEFAULT_MODEL`].
    pub model: String,
    /// The API to speak; by itself Responses at OpenAI, Chat anywhere else.
    pub dialect: Option<Dialect>,
    /// Whether a server that takes OpenAI's place gets tools; see [`ToolSupport`].
    pub tools: Option<bool>,
}

/// Whether a server is offered tools. What the owner says counts; otherwise they are, until the
/// server refuses them.
#[derive(Debug)]
pub struct ToolSupport {
    wanted: Option<bool>,
    is_refused: AtomicBool,
}

impl ToolSupport {
    /// By the owner's word, if there is one.
    #[must_use]
    pub const fn new(wanted: Option<bool>) -> Self {
        Self { wanted, is_refused: AtomicBool::new(false) }
    }

    pub(super) fn takes_tools(&self) -> bool {
        self.wanted.unwrap_or_else(|| !self.is_refused.load(Ordering::Relaxed))
    }

    pub(super) fn note_refused_tools(&self) {
        self.is_refused.store(true, Ordering::Relaxed);
    }
}

/// OpenAI, or a server that takes its place.
pub struct OpenAi {
    settings: OpenAiSettings,
    base: BaseUrl,
    headers: HeaderMap,
    dialect: Dialect,
    refused: Refused,
    support: ToolSupport,
    transport: Transport,
}

impl OpenAi {
    /// Prepares for asking.
    ///
    /// # Errors
    /// The base URL is no web address, or the key holds characters that no key has.
    pub fn new(settings: OpenAiSettings, transport: Transport) -> Result<Self, InvalidSetting> {
        let base = BaseUrl::parse(&settings.base_url)?;
        let dialect = settings.dialect.unwrap_or(match base.is_host(OFFICIAL_HOST) {
            true => Dialect::Responses,
            false => Dialect::Chat,
        });
        let refused = Refused::new(match dialect {
            Dialect::Responses => responses::DROPPABLE,
            Dialect::Chat => chat::DROPPABLE,
        });
        let headers = bearer(&settings.api_key)?;
        let tools = if base.is_host(OFFICIAL_HOST) { None } else { settings.tools };
        let support = ToolSupport::new(tools);
        Ok(Self { settings, base, headers, dialect, refused, support, transport })
    }

    fn call(&self, request: &ChatRequest) -> Result<Call, ProviderError> {
        let model = request.model_or(&self.settings.model);
        let is_official = self.base.is_host(OFFICIAL_HOST);
        let asked = Asked::from(request);
        let (path, body, decoder): (&[&str], _, chat::MakeDecoder) = match self.dialect {
            Dialect::Responses => (
                &["responses"],
                responses::request(model, request, is_official)?,
                Box::new(move || Box::new(responses::decode::ResponsesDecoder::new(asked))),
            ),
            Dialect::Chat => (
                chat::PATH,
                chat::request(model, request, is_official)?,
                Box::new(move || Box::new(chat::decode::ChatDecoder::new(asked))),
            ),
        };
        Ok(Call {
            url: self.base.join(path),
            headers: self.headers.clone(),
            body,
            key: Some(self.settings.api_key.clone()),
            decoder,
            classify: errors::class_of,
            refused: self.refused.of(model),
        })
    }
}

impl Provider for OpenAi {
    fn name(&self) -> ProviderName {
        ProviderName::OpenAi
    }

    fn display_name(&self) -> &str {
        "OpenAI"
    }

    fn model(&self) -> &str {
        &self.settings.model
    }

    fn takes_tools(&self) -> bool {
        self.support.takes_tools()
    }

    fn note_refused_tools(&self) {
        self.support.note_refused_tools();
    }

    fn stream(&self, request: ChatRequest) -> ProviderStream {
        match self.call(&request) {
            Ok(call) => self.transport.stream(call),
            Err(error) => failed(error),
        }
    }
}

/// The headers that show the key; none for an empty one.
pub(super) fn bearer(key: &Secret) -> Result<HeaderMap, InvalidSetting> {
    let mut headers = HeaderMap::new();
    if !key.expose().is_empty() {
        secret_header(&mut headers, "authorization", &format!("Bearer {}", key.expose()))?;
    }
    Ok(headers)
}

/// Whether the model thinks before it speaks, by OpenAI's names: `gpt-5` and later, `o3`, `o4`.
fn is_thinking(model: &str) -> bool {
    ["gpt-5", "gpt-6", "o3", "o4"].iter().any(|family| model.starts_with(family))
}
