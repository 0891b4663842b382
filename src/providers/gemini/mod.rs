//! Google's Gemini API, `generateContent`.

pub mod decode;
mod errors;
mod wire;

use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};
use url::Url;

use crate::domain::bot::ProviderName;
use crate::domain::secret::Secret;
use crate::providers::decoder::Asked;
use crate::providers::error::ProviderError;
use crate::providers::prompt::{THINKING_FLOOR, system_texts, turns};
use crate::providers::rounds::{arguments_object, content_object};
use crate::providers::transport::{
    BaseUrl, Call, InvalidSetting, Refused, Transport, failed, secret_header,
};
use crate::providers::{ChatRequest, Provider, ProviderStream, Speaker, Tool, ToolRound};

/// The model asked unless the owner names one (Gemini API docs, "Models", November 2026).
pub const DEFAULT_MODEL: &str = "gemini-3.8-flash";

/// Where the API lives.
pub const DEFAULT_BASE_URL: &str = "https://generativelanguage.googleapis.com";

/// The version with JSON Schema for tools; `v1` lags behind (Gemini API docs, "API versions").
const VERSION: &str = "v1beta";

/// What may be left out when a model refuses it.
const DROPPABLE: &[&str] = &["generationConfig.temperature"];

/// What it takes to ask Gemini.
#[derive(Debug, Clone)]
pub struct GeminiSettings {
    /// The key.
    pub api_key: Secret,
    /// Where the API lives: [`DEFAULT_BASE_URL`].
    pub base_url: String,
    /// The model: [`DEFAULT_MODEL`].
    pub model: String,
}

/// Google's Gemini.
pub struct Gemini {
    settings: GeminiSettings,
    base: BaseUrl,
    headers: HeaderMap,
    refused: Refused,
    transport: Transport,
}

impl Gemini {
    /// Prepares for asking.
    ///
    /// # Errors
    /// The base URL is no web address, or the key holds characters that no key has.
    pub fn new(settings: GeminiSettings, transport: Transport) -> Result<Self, InvalidSetting> {
        let base = BaseUrl::parse(&settings.base_url)?;
        let mut headers = HeaderMap::new();
        // Not in the address, which ends in logs.
        secret_header(&mut headers, "x-goog-api-key", settings.api_key.expose())?;
        Ok(Self { settings, base, headers, refused: Refused::new(DROPPABLE), transport })
    }

    fn url(&self, model: &str) -> Url {
        let model = model.strip_prefix("models/").unwrap_or(model);
        let method = format!("{model}:streamGenerateContent");
        let mut url = self.base.join(&[VERSION, "models", &method]);
        // Without this the answer is one JSON array.
        url.query_pairs_mut().append_pair("alt", "sse");
        url
    }

    fn call(&self, request: &ChatRequest) -> Result<Call, ProviderError> {
        let asked = Asked::from(request);
        let model = request.model_or(&self.settings.model);
        Ok(Call {
            url: self.url(model),
            headers: self.headers.clone(),
            body: body(request)?,
            key: Some(self.settings.api_key.clone()),
            decoder: Box::new(move || Box::new(decode::GeminiDecoder::new(asked))),
            classify: errors::class_of,
            refused: self.refused.of(model),
        })
    }
}

impl Provider for Gemini {
    fn name(&self) -> ProviderName {
        ProviderName::Gemini
    }

    fn display_name(&self) -> &str {
        "Gemini"
    }

    fn model(&self) -> &str {
        &self.settings.model
    }

    /// About four characters per token in English (Gemini API docs, "Tokens"), a little less
    /// than the estimate assumes.
    fn tokens_per_estimate(&self) -> f64 {
        1.05
    }

    fn stream(&self, request: ChatRequest) -> ProviderStream {
        match self.call(&request) {
            Ok(call) => self.transport.stream(call),
            Err(error) => failed(error),
        }
    }
}

fn body(request: &ChatRequest) -> Result<Value, ProviderError> {
    let mut body = Map::new();
    let system: Vec<Value> = system_texts(request).map(|text| json!({"text": text})).collect();
    if !system.is_empty() {
        body.insert("systemInstruction".to_owned(), json!({"parts": system}));
    }
    body.insert("contents".to_owned(), contents(request)?);
    body.insert("generationConfig".to_owned(), generation_config(request));
    if !request.tools.is_empty() {
        let declarations: Vec<Value> = request.tools.iter().map(declaration).collect();
        body.insert("tools".to_owned(), json!([{"functionDeclarations": declarations}]));
        if request.must_answer {
            let none = json!({"functionCallingConfig": {"mode": "NONE"}});
            body.insert("toolConfig".to_owned(), none);
        }
    }
    Ok(Value::Object(body))
}

fn contents(request: &ChatRequest) -> Result<Value, ProviderError> {
    let turns = turns(request)?.into_iter().map(|message| {
        let role = match message.speaker {
            Speaker::Visitor => "user",
            Speaker::Bot => "model",
        };
        json!({"role": role, "parts": [{"text": message.text}]})
    });
    Ok(turns.chain(request.rounds.iter().flat_map(round)).collect())
}

/// An answer that called functions, exactly as it came, then one turn with as many responses in
/// the same order (Gemini API docs, "Function calling", "Thought signatures").
fn round(round: &ToolRound) -> [Value; 2] {
    let parts = match &round.replay {
        Value::Array(parts) => parts.clone(),
        _ => said(round),
    };
    let ids: Vec<Option<&Value>> = parts
        .iter()
        .filter_map(|part| part.get("functionCall"))
        .map(|call| call.get("id"))
        .collect();
    let responses =
        round.calls.iter().zip(&round.results).enumerate().map(|(n, (call, result))| {
            let mut response =
                json!({"name": call.name, "response": content_object(&result.content)});
            // Only an id of the API's own is known to it.
            if let (Some(fields), Some(Some(id))) = (response.as_object_mut(), ids.get(n)) {
                fields.insert("id".to_owned(), (*id).clone());
            }
            json!({"functionResponse": response})
        });
    let responses: Value = responses.collect();
    [json!({"role": "model", "parts": parts}), json!({"role": "user", "parts": responses})]
}

/// An answer made from its text and calls.
fn said(round: &ToolRound) -> Vec<Value> {
    let text = Some(round.text.as_str()).filter(|text| !text.trim().is_empty());
    let text = text.map(|text| json!({"text": text}));
    let calls = round.calls.iter().map(|call| {
        let args = arguments_object(&call.arguments);
        json!({"functionCall": {"name": call.name, "args": args}})
    });
    text.into_iter().chain(calls).collect()
}

/// Google advises against sampling parameters from Gemini 3 on; all its models think, and
/// thoughts count as output.
fn generation_config(request: &ChatRequest) -> Value {
    let limit = request.max_output_tokens.max(THINKING_FLOOR);
    match request.temperature {
        None => json!({"maxOutputTokens": limit}),
        Some(temperature) => json!({"maxOutputTokens": limit, "temperature": temperature}),
    }
}

fn declaration(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({"name": name, "description": description, "parametersJsonSchema": parameters})
}
