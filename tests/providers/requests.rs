//! What each vendor is sent, whole.

use alcove::domain::secret::Secret;
use alcove::providers::claude::{Claude, ClaudeSettings};
use alcove::providers::compatible::{Compatible, CompatibleSettings};
use alcove::providers::openai::{self, Dialect, OpenAi, OpenAiSettings};
use alcove::providers::{
    ChatRequest, ErrorClass, Provider, Speaker, claude as anthropic, gemini as google,
};
use serde_json::{Value, json};

use crate::ask::{
    KEY, claude, compatible, conversation, events, gemini, openai, question, said, settings, told,
    transport,
};
use crate::upstream::{Received, Reply, Upstream};

/// What `provider` sends, and what it sends when asked once more.
async fn sent(upstream: &Upstream, provider: &dyn Provider, request: ChatRequest) -> Received {
    events(provider, request).await;
    upstream.received().await.pop().expect("a request")
}

async fn refusing() -> Upstream {
    Upstream::start(vec![Reply::status(401)]).await
}

fn schema() -> Value {
    json!({"type": "object", "properties": {"q": {"type": "string"}}})
}

#[tokio::test]
async fn claude_gets_what_it_demands() {
    let upstream = refusing().await;
    let sent = sent(&upstream, &claude(upstream.address()), conversation()).await;
    assert_eq!(sent.target, "/v1/messages");
    assert_eq!(sent.header("x-api-key"), Some(KEY));
    assert_eq!(sent.header("anthropic-version"), Some("2026-10-21"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("origin"), None);
    let mark = json!({"type": "ephemeral"});
    let expected = json!({
        "model": "claude-haiku-5-5",
        "max_tokens": 4096,
        "system": [
            {"type": "text", "text": "Be kind.", "cache_control": mark},
            {"type": "text", "text": "Page: /prices", "cache_control": mark},
        ],
        "messages": [
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi!"},
            {"role": "user", "content": "Prices?"},
        ],
        "cache_control": mark,
        "stream": true,
        "tools": [{"name": "find_rows", "description": "Finds rows.", "input_schema": schema()}],
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn claude_gets_a_temperature_only_from_the_owner_and_by_the_older_version() {
    let upstream = refusing().await;
    let request = ChatRequest { temperature: Some(0.5), ..question() };
    let sent = sent(&upstream, &claude(upstream.address()), request).await;
    assert_eq!(sent.header("anthropic-version"), Some("2023-06-01"));
    let expected = json!({
        "model": "claude-haiku-5-5",
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": "Hello"}],
        "cache_control": {"type": "ephemeral"},
        "stream": true,
        "temperature": 0.5,
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn models_that_do_not_think_by_themselves_keep_the_owners_limit() {
    let upstream = refusing().await;
    for (model, limit) in [("claude-haiku-4-5", 1024), ("claude-opus-5", 4096), ("own", 1024)] {
        let (api_key, base_url) = (Secret::new(KEY), upstream.address().to_owned());
        let own = ClaudeSettings { api_key, base_url, model: model.to_owned() };
        let claude = Claude::new(own, transport(settings())).expect("claude");
        assert_eq!(sent(&upstream, &claude, question()).await.body["max_tokens"], limit, "{model}");
    }
}

#[tokio::test]
async fn openai_responses_gets_what_it_demands() {
    let upstream = refusing().await;
    let provider = openai(upstream.address(), Some(Dialect::Responses));
    let sent = sent(&upstream, &provider, conversation()).await;
    assert_eq!(sent.target, "/v1/responses");
    assert_eq!(sent.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let expected = json!({
        "model": "gpt-6-luna",
        "instructions": "Be kind.",
        "input": [
            {"role": "developer", "content": "Page: /prices"},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi!"},
            {"role": "user", "content": "Prices?"},
        ],
        "max_output_tokens": 4096,
        "store": false,
        "stream": true,
        "tools": [{
            "type": "function",
            "name": "find_rows",
            "description": "Finds rows.",
            "parameters": schema(),
            "strict": false,
        }],
        "include": ["reasoning.encrypted_content"],
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn other_servers_get_only_what_they_all_know() {
    let upstream = refusing().await;
    let expected = |model: &str| {
        json!({
            "model": model,
            "messages": [
                {"role": "system", "content": "Be kind.\n\nPage: /prices"},
                {"role": "user", "content": "Hello"},
                {"role": "assistant", "content": "Hi!"},
                {"role": "user", "content": "Prices?"},
            ],
            "stream": true,
            "stream_options": {"include_usage": true},
            "max_tokens": 1024,
            "tools": [{
                "type": "function",
                "function": {
                    "name": "find_rows", "description": "Finds rows.", "parameters": schema(),
                },
            }],
        })
    };
    let sent_by_compatible = sent(&upstream, &compatible(upstream.address()), conversation()).await;
    assert_eq!(sent_by_compatible.target, "/v1/chat/completions");
    assert_eq!(sent_by_compatible.body, expected("small"));
    // OpenAI's place taken by another server: Chat by itself.
    let sent_by_openai = sent(&upstream, &openai(upstream.address(), None), conversation()).await;
    assert_eq!(sent_by_openai.target, "/v1/chat/completions");
    assert_eq!(sent_by_openai.body, expected("gpt-6-luna"));
}

#[tokio::test]
async fn a_server_without_a_key_is_sent_none() {
    let upstream = refusing().await;
    let own = CompatibleSettings {
        name: "Ollama".to_owned(),
        api_key: None,
        base_url: upstream.address().to_owned(),
        model: "small".to_owned(),
        tools: None,
    };
    let provider = Compatible::new(own, transport(settings())).expect("compatible");
    let sent = sent(&upstream, &provider, question()).await;
    assert_eq!(sent.target, "/chat/completions");
    assert_eq!(sent.header("authorization"), None);
}

#[tokio::test]
async fn gemini_gets_what_it_demands() {
    let upstream = refusing().await;
    let sent = sent(&upstream, &gemini(upstream.address()), conversation()).await;
    assert_eq!(sent.target, "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse");
    assert_eq!(sent.header("x-goog-api-key"), Some(KEY));
    let expected = json!({
        "systemInstruction": {"parts": [{"text": "Be kind."}, {"text": "Page: /prices"}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Hello"}]},
            {"role": "model", "parts": [{"text": "Hi!"}]},
            {"role": "user", "parts": [{"text": "Prices?"}]},
        ],
        "generationConfig": {"maxOutputTokens": 4096},
        "tools": [{"functionDeclarations": [{
            "name": "find_rows", "description": "Finds rows.", "parametersJsonSchema": schema(),
        }]}],
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn a_temperature_is_sent_to_each_vendor_where_it_wants_it() {
    let upstream = refusing().await;
    let address = upstream.address();
    let providers: [(Box<dyn Provider>, &str); 4] = [
        (Box::new(openai(address, Some(Dialect::Responses))), "/temperature"),
        (Box::new(openai(address, Some(Dialect::Chat))), "/temperature"),
        (Box::new(compatible(address)), "/temperature"),
        (Box::new(gemini(address)), "/generationConfig/temperature"),
    ];
    for (provider, place) in providers {
        let request = ChatRequest { temperature: Some(0.5), ..question() };
        let sent = sent(&upstream, provider.as_ref(), request).await;
        assert_eq!(sent.body.pointer(place), Some(&json!(0.5)));
    }
}

#[tokio::test]
async fn a_refused_parameter_is_left_out_and_remembered() {
    let plain = include_str!("streams/openai-chat/plain.sse");
    let mistral = json!({"object": "error", "detail": [
        {"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs"},
    ]});
    let openai_like = json!({"error": {
        "message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "type": "invalid_request_error", "param": "max_tokens", "code": "unsupported_parameter",
    }});
    let script =
        vec![Reply::json(422, &mistral), Reply::json(400, &openai_like), Reply::events(plain)];
    let upstream = Upstream::start(script).await;
    let provider = compatible(upstream.address());
    assert_eq!(told(&provider, question()).await.last().map(String::as_str), Some("finished Stop"));
    told(&provider, question()).await;
    let received = upstream.received().await;
    assert_eq!(received.len(), 4);
    let expected = json!({
        "model": "small",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": true,
        "max_completion_tokens": 1024,
    });
    assert_eq!(received[2].body, expected);
    assert_eq!(received[3].body, expected);
}

#[tokio::test]
async fn a_parameter_is_dropped_once_only_and_not_remembered_if_that_did_not_help() {
    let error = json!({"error": {"message": "temperature is odd", "param": "temperature"}});
    let upstream = Upstream::start(vec![Reply::json(400, &error)]).await;
    let provider = claude(upstream.address());
    for round in [1, 2] {
        let request = ChatRequest { temperature: Some(0.5), ..question() };
        events(&provider, request).await;
        let received = upstream.received().await;
        assert_eq!(received.len(), round * 2);
        assert_eq!(received[round * 2 - 2].body["temperature"], 0.5);
        assert_eq!(received[round * 2 - 1].body.get("temperature"), None);
    }
}

#[tokio::test]
async fn a_conversation_that_says_nothing_is_not_sent() {
    let upstream = refusing().await;
    let request = ChatRequest { messages: vec![said(Speaker::Bot, "Welcome")], ..question() };
    let events = events(&claude(upstream.address()), request).await;
    assert!(matches!(&events[..], [Err(error)] if error.class == ErrorClass::InvalidRequest));
    assert!(upstream.received().await.is_empty());
}

#[test]
fn settings_that_cannot_work_are_refused_without_showing_them() {
    let claude = |api_key: &str, base_url: &str| {
        let (api_key, base_url) = (Secret::new(api_key), base_url.to_owned());
        let own = ClaudeSettings { api_key, base_url, model: String::new() };
        Claude::new(own, transport(settings())).err().map(|error| error.to_string())
    };
    assert_eq!(claude("k", "not an address").as_deref(), Some("base URL is not an address"));
    let error = claude("sec\nret", anthropic::DEFAULT_BASE_URL).expect("refused");
    assert!(error.starts_with("API key") && !error.contains("sec"), "{error}");
}

#[test]
fn providers_have_names_for_people() {
    let own = OpenAiSettings {
        api_key: Secret::new(KEY),
        base_url: openai::DEFAULT_BASE_URL.to_owned(),
        model: openai::DEFAULT_MODEL.to_owned(),
        dialect: None,
        tools: None,
    };
    let openai = OpenAi::new(own, transport(settings())).expect("openai");
    let claude = claude(anthropic::DEFAULT_BASE_URL);
    let gemini = gemini(google::DEFAULT_BASE_URL);
    let compatible = compatible("http://localhost:11434");
    let providers: [&dyn Provider; 4] = [&claude, &openai, &gemini, &compatible];
    assert_eq!(providers.map(Provider::display_name), ["Claude", "OpenAI", "Gemini", "Ollama"]);
    assert_eq!(providers.map(Provider::tokens_per_estimate), [1.35, 1.0, 1.05, 1.0]);
    let models = ["claude-haiku-5-5", "gpt-6-luna", "gemini-3.8-flash", "small"];
    assert_eq!(providers.map(Provider::model), models);
}
