//! Set-up: providers that ask a scripted upstream, with waits short enough for tests.

use std::time::Duration;

use alcove::domain::secret::Secret;
use alcove::providers::claude::{Claude, ClaudeSettings};
use alcove::providers::compatible::{Compatible, CompatibleSettings};
use alcove::providers::gemini::{Gemini, GeminiSettings};
use alcove::providers::openai::{Dialect, OpenAi, OpenAiSettings};
use alcove::providers::transport::{Transport, TransportSettings};
use alcove::providers::{
    ChatMessage, ChatRequest, Provider, ProviderError, ProviderEvent, Speaker, Tool,
};
use futures_util::StreamExt as _;
use serde_json::json;

use crate::telling::line;

/// The key of all providers here; must show up nowhere.
pub const KEY: &str = "sk-canary-0123456789";

/// Waits that suit a test: retries at once, everything else long.
pub fn settings() -> TransportSettings {
    TransportSettings { backoff: Duration::from_millis(1), ..TransportSettings::default() }
}

pub fn transport(settings: TransportSettings) -> Transport {
    Transport::new(settings).expect("a client")
}

pub fn claude_with(base_url: &str, settings: TransportSettings) -> Claude {
    let (api_key, base_url) = (Secret::new(KEY), base_url.to_owned());
    let model = "claude-haiku-5-5".to_owned();
    Claude::new(ClaudeSettings { api_key, base_url, model }, transport(settings)).expect("claude")
}

pub fn claude(base_url: &str) -> Claude {
    claude_with(base_url, settings())
}

pub fn openai(base_url: &str, dialect: Option<Dialect>) -> OpenAi {
    let (api_key, base_url) = (Secret::new(KEY), format!("{base_url}/v1"));
    let model = "gpt-6-luna".to_owned();
    let own = OpenAiSettings { api_key, base_url, model, dialect, tools: None };
    OpenAi::new(own, transport(settings())).expect("openai")
}

pub fn gemini(base_url: &str) -> Gemini {
    let (api_key, base_url) = (Secret::new(KEY), base_url.to_owned());
    let model = "gemini-3.8-flash".to_owned();
    let own = GeminiSettings { api_key, base_url, model };
    Gemini::new(own, transport(settings())).expect("gemini")
}

pub fn compatible(base_url: &str) -> Compatible {
    let own = CompatibleSettings {
        name: "Ollama".to_owned(),
        api_key: Some(Secret::new(KEY)),
        base_url: format!("{base_url}/v1/"),
        model: "small".to_owned(),
        tools: None,
    };
    Compatible::new(own, transport(settings())).expect("compatible")
}

/// A visitor's question, nothing else.
pub fn question() -> ChatRequest {
    ChatRequest {
        model: None,
        instructions: String::new(),
        context: String::new(),
        messages: vec![said(Speaker::Visitor, "Hello")],
        max_output_tokens: 1024,
        temperature: None,
        tools: Vec::new(),
        tables: Vec::new(),
        rounds: Vec::new(),
        must_answer: false,
    }
}

/// A request that uses everything but a temperature.
pub fn conversation() -> ChatRequest {
    ChatRequest {
        model: None,
        instructions: "Be kind.".to_owned(),
        context: "Page: /prices".to_owned(),
        messages: vec![
            said(Speaker::Visitor, "Hello"),
            said(Speaker::Bot, "Hi!"),
            said(Speaker::Visitor, "Prices?"),
        ],
        tools: vec![Tool {
            name: "find_rows".to_owned(),
            description: "Finds rows.".to_owned(),
            parameters: json!({"type": "object", "properties": {"q": {"type": "string"}}}),
        }],
        ..question()
    }
}

pub fn said(speaker: Speaker, text: &str) -> ChatMessage {
    ChatMessage { speaker, text: text.to_owned() }
}

/// Everything a provider answers.
pub async fn events(
    provider: &dyn Provider,
    request: ChatRequest,
) -> Vec<Result<ProviderEvent, ProviderError>> {
    provider.stream(request).collect().await
}

/// Everything a provider answers, as lines.
pub async fn told(provider: &dyn Provider, request: ChatRequest) -> Vec<String> {
    events(provider, request).await.iter().map(line).collect()
}

/// The failure that a provider's answer ends with.
pub async fn failure(provider: &dyn Provider) -> ProviderError {
    let last = events(provider, question()).await.pop().expect("an event");
    last.expect_err("a failure")
}
