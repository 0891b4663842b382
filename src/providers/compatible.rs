//! Any other server that speaks OpenAI's Chat Completions: Ollama, vLLM, llama.cpp, Groq,
//! OpenRouter, Mistral, DeepSeek, LiteLLM, Azure … What they do differently when answering,
//! [`ChatDecoder`] takes; what they do not understand is not sent.

use reqwest::header::HeaderMap;
use url::Url;

use crate::domain::bot::ProviderName;
use crate::domain::secret::Secret;
use crate::providers::decoder::Asked;
use crate::providers::error::ProviderError;
use crate::providers::openai::chat::decode::ChatDecoder;
use crate::providers::openai::{ToolSupport, bearer, chat, errors};
use crate::providers::transport::{
    BaseUrl, Call, InvalidSetting, Refused, Transport, failed, secret_header,
};
use crate::providers::{ChatRequest, Provider, ProviderStream};

/// What it takes to ask a compatible server.
#[derive(Debug, Clone)]
pub struct CompatibleSettings {
    /// Its name for people, such as `Ollama`.
    pub name: String,
    /// The key, if it wants one.
    pub api_key: Option<Secret>,
    /// Where its API lives, version included: `http://localhost:11434/v1`.
    pub base_url: String,
    /// The model.
    pub model: String,
    /// Whether it gets tools; see [`ToolSupport`].
    pub tools: Option<bool>,
}

/// A server that speaks OpenAI's Chat Completions.
pub struct Compatible {
    settings: CompatibleSettings,
    url: Url,
    headers: HeaderMap,
    refused: Refused,
    support: ToolSupport,
    transport: Transport,
}

impl Compatible {
    /// Prepares for asking.
    ///
    /// # Errors
    /// The base URL is no web address, or the key holds characters that no key has.
    pub fn new(settings: CompatibleSettings, transport: Transport) -> Result<Self, InvalidSetting> {
        let url = BaseUrl::parse(&settings.base_url)?.join(chat::PATH);
        let mut headers = HeaderMap::new();
        if let Some(key) = &settings.api_key {
            headers = bearer(key)?;
            if is_azure(&url) {
                headers.clear();
                secret_header(&mut headers, "api-key", key.expose())?;
            }
        }
        let (refused, support) = (Refused::new(chat::DROPPABLE), ToolSupport::new(settings.tools));
        Ok(Self { settings, url, headers, refused, support, transport })
    }

    fn call(&self, request: &ChatRequest) -> Result<Call, ProviderError> {
        let asked = Asked::from(request);
        let model = request.model_or(&self.settings.model);
        Ok(Call {
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: chat::request(model, request, false)?,
            key: self.settings.api_key.clone(),
            decoder: Box::new(move || Box::new(ChatDecoder::new(asked))),
            classify: errors::class_of,
            refused: self.refused.of(model),
        })
    }
}

impl Provider for Compatible {
    fn name(&self) -> ProviderName {
        ProviderName::Compatible
    }

    fn display_name(&self) -> &str {
        &self.settings.name
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

/// Azure takes keys in a header of its own, `Authorization` being for its sign-in tokens
/// (Azure OpenAI, "v1 API").
fn is_azure(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.ends_with(".azure.com"))
}
