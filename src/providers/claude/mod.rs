//! Anthropic's Messages API.

pub mod decode;
mod errors;
mod replay;
mod wire;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use url::Url;

use crate::domain::bot::ProviderName;
use crate::domain::secret::Secret;
use crate::providers::decoder::Asked;
use crate::providers::error::ProviderError;
use crate::providers::prompt::{THINKING_FLOOR, system_texts, turns};
use crate::providers::rounds::arguments_object;
use crate::providers::transport::{
    BaseUrl, Call, InvalidSetting, Refused, Transport, failed, secret_header,
};
use crate::providers::{ChatRequest, Provider, ProviderStream, Speaker, Tool, ToolRound};

/// The model asked unless the owner names one: the cheap, fast one of the current family
/// (Anthropic docs, "Models overview", November 2026).
pub const DEFAULT_MODEL: &str = "claude-haiku-5-5";

/// Where Anthropic's API lives.
pub const DEFAULT_BASE_URL: &str = "https://api.anthropic.com";

/// The current version of the API. It refuses `temperature`, even at its default
/// (Anthropic docs, "Versions").
const VERSION: HeaderValue = HeaderValue::from_static("2026-10-21");

/// The version before, still served: older models take a `temperature` there. Newer ones refuse
/// it there too, and then it is left out.
const VERSION_WITH_TEMPERATURE: HeaderValue = HeaderValue::from_static("2023-06-01");

/// What may be left out when it is refused: proxies do not know all of it.
const DROPPABLE: &[&str] = &["temperature", "cache_control"];

/// What it takes to ask Claude.
#[derive(Debug, Clone)]
pub struct ClaudeSettings {
    /// The key.
    pub api_key: Secret,
    /// Where the API lives: [`DEFAULT_BASE_URL`].
    pub base_url: String,
    /// The model: [`DEFAULT_MODEL`].
    pub model: String,
}

/// Anthropic's Claude.
pub struct Claude {
    settings: ClaudeSettings,
    url: Url,
    headers: HeaderMap,
    refused: Refused,
    transport: Transport,
}

impl Claude {
    /// Prepares for asking.
    ///
    /// # Errors
    /// The base URL is no web address, or the key holds characters that no key has.
    pub fn new(settings: ClaudeSettings, transport: Transport) -> Result<Self, InvalidSetting> {
        let url = BaseUrl::parse(&settings.base_url)?.join(&["v1", "messages"]);
        let mut headers = HeaderMap::new();
        // Proxies may know only this one of the two headers that Anthropic takes.
        secret_header(&mut headers, "x-api-key", settings.api_key.expose())?;
        Ok(Self { settings, url, headers, refused: Refused::new(DROPPABLE), transport })
    }

    fn call(&self, request: &ChatRequest) -> Result<Call, ProviderError> {
        let version = match request.temperature {
            None => VERSION,
            Some(_) => VERSION_WITH_TEMPERATURE,
        };
        let mut headers = self.headers.clone();
        headers.insert(HeaderName::from_static("anthropic-version"), version);
        let asked = Asked::from(request);
        let model = request.model_or(&self.settings.model);
        Ok(Call {
            url: self.url.clone(),
            headers,
            body: body(model, request)?,
            key: Some(self.settings.api_key.clone()),
            decoder: Box::new(move || Box::new(decode::ClaudeDecoder::new(asked))),
            classify: errors::class_of,
            refused: self.refused.of(model),
        })
    }
}

impl Provider for Claude {
    fn name(&self) -> ProviderName {
        ProviderName::Claude
    }

    fn display_name(&self) -> &str {
        "Claude"
    }

    fn model(&self) -> &str {
        &self.settings.model
    }

    /// The tokenizer of Opus 4.7 and later makes about a third more tokens than the one before
    /// (Anthropic docs, "Token counting").
    fn tokens_per_estimate(&self) -> f64 {
        1.35
    }

    fn stream(&self, request: ChatRequest) -> ProviderStream {
        match self.call(&request) {
            Ok(call) => self.transport.stream(call),
            Err(error) => failed(error),
        }
    }
}

/// The request body. Three of the four cache marks that are allowed: one after the instructions,
/// which all visitors of a bot share, one after the context, and the automatic one, which moves
/// along with the end of the conversation (Anthropic docs, "Prompt caching").
fn body(model: &str, request: &ChatRequest) -> Result<Value, ProviderError> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    body.insert("max_tokens".to_owned(), json!(max_tokens(model, request)));
    let system: Vec<Value> = system_texts(request).map(system_block).collect();
    if !system.is_empty() {
        body.insert("system".to_owned(), Value::Array(system));
    }
    body.insert("messages".to_owned(), messages(request)?);
    body.insert("cache_control".to_owned(), json!({"type": "ephemeral"}));
    body.insert("stream".to_owned(), json!(true));
    if let Some(temperature) = request.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if !request.tools.is_empty() {
        body.insert("tools".to_owned(), request.tools.iter().map(tool).collect());
        if request.must_answer {
            body.insert("tool_choice".to_owned(), json!({"type": "none"}));
        }
    }
    Ok(Value::Object(body))
}

fn system_block(text: &str) -> Value {
    json!({"type": "text", "text": text, "cache_control": {"type": "ephemeral"}})
}

fn messages(request: &ChatRequest) -> Result<Value, ProviderError> {
    let turns = turns(request)?.into_iter().map(|message| {
        let role = match message.speaker {
            Speaker::Visitor => "user",
            Speaker::Bot => "assistant",
        };
        json!({"role": role, "content": message.text})
    });
    Ok(turns.chain(request.rounds.iter().flat_map(round)).collect())
}

/// An answer that called tools, all its blocks unchanged, then one turn with a result for each
/// call (Anthropic docs, "Handle tool calls").
fn round(round: &ToolRound) -> [Value; 2] {
    let answer = match &round.replay {
        Value::Array(blocks) => Value::Array(blocks.clone()),
        _ => said(round),
    };
    let results = round.calls.iter().zip(&round.results).map(|(call, result)| {
        let mut block =
            json!({"type": "tool_result", "tool_use_id": call.id, "content": result.content});
        if let Some(fields) = block.as_object_mut().filter(|_| result.is_error) {
            fields.insert("is_error".to_owned(), json!(true));
        }
        block
    });
    [
        json!({"role": "assistant", "content": answer}),
        json!({"role": "user", "content": results.collect::<Value>()}),
    ]
}

/// An answer made from its text and calls.
fn said(round: &ToolRound) -> Value {
    let text = Some(round.text.as_str()).filter(|text| !text.trim().is_empty());
    let text = text.map(|text| json!({"type": "text", "text": text}));
    let calls = round.calls.iter().map(|call| {
        let input = arguments_object(&call.arguments);
        json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input})
    });
    text.into_iter().chain(calls).collect()
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({"name": name, "description": description, "input_schema": parameters})
}

/// Models from family 5 on may think without being told to, and thoughts count as output.
fn max_tokens(model: &str, request: &ChatRequest) -> u32 {
    let family = model.split('-').nth(2).and_then(|number| number.parse::<u32>().ok());
    let floor = if family.is_some_and(|family| family >= 5) { THINKING_FLOOR } else { 0 };
    request.max_output_tokens.max(floor)
}
