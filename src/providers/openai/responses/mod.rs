//! OpenAI's Responses API.

pub mod decode;
mod wire;

use serde_json::{Map, Value, json};

use super::is_thinking;
use crate::providers::error::ProviderError;
use crate::providers::prompt::{THINKING_FLOOR, turns};
use crate::providers::rounds::arguments_text;
use crate::providers::{ChatRequest, Speaker, Tool, ToolRound};

/// What may be left out when a model refuses it.
pub(super) const DROPPABLE: &[&str] = &["temperature", "stream_options", "include", "tool_choice"];

/// The request body. `store` is true unless told otherwise: OpenAI would keep the conversation.
pub(super) fn request(
    model: &str,
    request: &ChatRequest,
    is_official: bool,
) -> Result<Value, ProviderError> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    if !request.instructions.trim().is_empty() {
        body.insert("instructions".to_owned(), json!(request.instructions));
    }
    body.insert("input".to_owned(), input(request)?);
    let floor = if is_thinking(model) { THINKING_FLOOR } else { 0 };
    body.insert("max_output_tokens".to_owned(), json!(request.max_output_tokens.max(floor)));
    body.insert("store".to_owned(), json!(false));
    body.insert("stream".to_owned(), json!(true));
    if is_official {
        body.insert("stream_options".to_owned(), json!({"include_obfuscation": false}));
    }
    if let Some(temperature) = request.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if !request.tools.is_empty() {
        body.insert("tools".to_owned(), request.tools.iter().map(tool).collect());
        // As nothing is kept there, thoughts can only be given back if they come with the answer.
        body.insert("include".to_owned(), json!(["reasoning.encrypted_content"]));
        if request.must_answer {
            body.insert("tool_choice".to_owned(), json!("none"));
        }
    }
    Ok(Value::Object(body))
}

fn input(request: &ChatRequest) -> Result<Value, ProviderError> {
    let item = |role: &str, text: &str| json!({"role": role, "content": text});
    let context = Some(request.context.as_str()).filter(|context| !context.trim().is_empty());
    let mut items: Vec<Value> =
        context.map(|context| item("developer", context)).into_iter().collect();
    items.extend(turns(request)?.into_iter().map(|message| {
        let role = match message.speaker {
            Speaker::Visitor => "user",
            Speaker::Bot => "assistant",
        };
        item(role, &message.text)
    }));
    items.extend(request.rounds.iter().flat_map(round));
    Ok(Value::Array(items))
}

/// The items of an answer that called functions, then an output for each call (OpenAI docs,
/// "Function calling").
fn round(round: &ToolRound) -> Vec<Value> {
    let mut items = match &round.replay {
        Value::Array(items) => items.clone(),
        _ => said(round),
    };
    items.extend(round.calls.iter().zip(&round.results).map(|(call, result)| {
        json!({"type": "function_call_output", "call_id": call.id, "output": result.content})
    }));
    items
}

/// An answer made from its text and calls.
fn said(round: &ToolRound) -> Vec<Value> {
    let text = Some(round.text.as_str()).filter(|text| !text.trim().is_empty());
    let text = text.map(|text| json!({"role": "assistant", "content": text}));
    let calls = round.calls.iter().map(|call| {
        let (id, arguments) = (&call.id, arguments_text(&call.arguments));
        json!({"type": "function_call", "call_id": id, "name": call.name, "arguments": arguments})
    });
    text.into_iter().chain(calls).collect()
}

/// `strict` is on by default here and refuses schemas that leave properties optional.
fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({
        "type": "function",
        "name": name,
        "description": description,
        "parameters": parameters,
        "strict": false,
    })
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
    fn openai_itself_is_told_not_to_keep_and_not_to_pad() {
        let expected = json!({
            "model": "gpt-6-luna",
            "instructions": "Be kind.",
            "input": [
                {"role": "developer", "content": "Page: /prices"},
                {"role": "user", "content": "Hello"},
            ],
            "max_output_tokens": 4096,
            "store": false,
            "stream": true,
            "stream_options": {"include_obfuscation": false},
        });
        assert_eq!(request("gpt-6-luna", &asked(), true).unwrap(), expected);
    }

    #[test]
    fn nothing_is_sent_for_empty_instructions() {
        let asked = ChatRequest { instructions: " ".to_owned(), context: String::new(), ..asked() };
        let body = request("gpt-4.1", &asked, false).unwrap();
        assert_eq!(body.get("instructions"), None);
        assert_eq!(body.get("max_output_tokens"), Some(&json!(1024)));
        assert_eq!(body.get("input"), Some(&json!([{"role": "user", "content": "Hello"}])));
    }
}
