//! OpenAI's Chat Completions, spoken by OpenAI and by most other servers.

pub mod decode;
mod replay;
mod think;
mod wire;

use serde_json::{Map, Value, json};

use super::is_thinking;
use crate::providers::decoder::Decoder;
use crate::providers::error::ProviderError;
use crate::providers::prompt::{THINKING_FLOOR, system_texts, turns};
use crate::providers::rounds::arguments_text;
use crate::providers::{ChatRequest, Speaker, Tool, ToolRound};

/// The endpoint under the base URL.
pub(in crate::providers) const PATH: &[&str] = &["chat", "completions"];

/// What may be left out, or renamed, when a server refuses it.
pub(in crate::providers) const DROPPABLE: &[&str] = &[
    "temperature",
    "stream_options",
    "max_completion_tokens",
    "max_tokens",
    "reasoning_effort",
    "tool_choice",
];

/// Makes the decoder of one answer.
pub(in crate::providers) type MakeDecoder = Box<dyn Fn() -> Box<dyn Decoder> + Send + Sync>;

/// The request body. Other servers than OpenAI's (`is_official` is false) get only what all of
/// them know: `max_tokens`, one system message, nothing about obfuscation.
pub(in crate::providers) fn request(
    model: &str,
    request: &ChatRequest,
    is_official: bool,
) -> Result<Value, ProviderError> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    body.insert("messages".to_owned(), messages(request, is_official)?);
    body.insert("stream".to_owned(), json!(true));
    if is_official {
        let options = json!({"include_usage": true, "include_obfuscation": false});
        body.insert("stream_options".to_owned(), options);
        let floor = if is_thinking(model) { THINKING_FLOOR } else { 0 };
        let limit = request.max_output_tokens.max(floor);
        body.insert("max_completion_tokens".to_owned(), json!(limit));
    } else {
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
        body.insert("max_tokens".to_owned(), json!(request.max_output_tokens));
    }
    if let Some(temperature) = request.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if !request.tools.is_empty() {
        body.insert("tools".to_owned(), request.tools.iter().map(tool).collect());
        if request.must_answer {
            body.insert("tool_choice".to_owned(), json!("none"));
        }
        if is_official && demands_no_effort(model) {
            body.insert("reasoning_effort".to_owned(), json!("none"));
        }
    }
    Ok(Value::Object(body))
}

fn messages(request: &ChatRequest, is_official: bool) -> Result<Value, ProviderError> {
    let system = |text: &str| json!({"role": "system", "content": text});
    let mut messages: Vec<Value> = if is_official {
        let developer = |text| json!({"role": "developer", "content": text});
        system_texts(request).map(developer).collect()
    } else {
        // Templates of many models take one system message at most, and only as the first.
        let text = system_texts(request).collect::<Vec<_>>().join("\n\n");
        (!text.is_empty()).then(|| system(&text)).into_iter().collect()
    };
    messages.extend(turns(request)?.into_iter().map(|message| {
        let role = match message.speaker {
            Speaker::Visitor => "user",
            Speaker::Bot => "assistant",
        };
        json!({"role": role, "content": message.text})
    }));
    messages.extend(request.rounds.iter().flat_map(round));
    Ok(Value::Array(messages))
}

/// An answer that called functions, then one message for each result (OpenAI docs, "Function
/// calling"). Thoughts stand beside the calls where the server sent them so.
fn round(round: &ToolRound) -> Vec<Value> {
    let calls = round.calls.iter().map(|call| {
        let function = json!({"name": call.name, "arguments": arguments_text(&call.arguments)});
        json!({"id": call.id, "type": "function", "function": function})
    });
    let text = Some(round.text.as_str()).filter(|text| !text.trim().is_empty());
    let mut answer =
        json!({"role": "assistant", "content": text, "tool_calls": calls.collect::<Value>()});
    if let (Some(fields), Value::Object(thoughts)) = (answer.as_object_mut(), &round.replay) {
        fields.extend(thoughts.clone());
    }
    let results = round.calls.iter().zip(&round.results).map(|(call, result)| {
        json!({"role": "tool", "tool_call_id": call.id, "content": result.content})
    });
    std::iter::once(answer).chain(results).collect()
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    })
}

/// OpenAI's Chat Completions refuses function tools for `gpt-5.4` to `gpt-6` unless the effort is
/// `none`, which `gpt-6-astra` does not know (OpenAI docs, "Function calling").
fn demands_no_effort(model: &str) -> bool {
    is_thinking(model) && !model.starts_with("gpt-6-astra")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::ChatMessage;

    fn asked() -> ChatRequest {
        ChatRequest {
            model: None,
            instructions: "Be kind.".to_owned(),
            context: "Page: /prices".to_owned(),
            messages: vec![ChatMessage { speaker: Speaker::Visitor, text: "Hello".to_owned() }],
            max_output_tokens: 1024,
            temperature: None,
            tools: Vec::new(),
            tables: Vec::new(),
            rounds: Vec::new(),
            must_answer: false,
        }
    }

    #[test]
    fn openai_itself_gets_its_own_parameters() {
        let expected = json!({
            "model": "gpt-6-luna",
            "messages": [
                {"role": "developer", "content": "Be kind."},
                {"role": "developer", "content": "Page: /prices"},
                {"role": "user", "content": "Hello"},
            ],
            "stream": true,
            "stream_options": {"include_usage": true, "include_obfuscation": false},
            "max_completion_tokens": 4096,
        });
        assert_eq!(request("gpt-6-luna", &asked(), true).unwrap(), expected);
    }

    #[test]
    fn tools_are_sent_with_no_effort_where_openai_demands_it() {
        let (name, description) = ("f".to_owned(), String::new());
        let tools = vec![Tool { name, description, parameters: json!({"type": "object"}) }];
        let asked = ChatRequest { tools, ..asked() };
        let effort = |model: &str, is_official: bool| {
            request(model, &asked, is_official).unwrap().get("reasoning_effort").cloned()
        };
        assert_eq!(effort("gpt-6-luna", true), Some(json!("none")));
        assert_eq!(effort("gpt-6-luna", false), None);
        assert_eq!(effort("gpt-6-astra", true), None);
        assert_eq!(effort("gpt-4.1", true), None);
    }
}
