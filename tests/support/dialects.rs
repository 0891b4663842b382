//! Answers that call tools, in the dialect of each vendor, and where the results come back.

use serde_json::{Value, json};

use super::app::{Setup, TestApp};
use super::script::{self, claude_event};
use super::upstream::{Reply, Upstream};

/// Who is asked, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Anthropic's Messages.
    Claude,
    /// OpenAI's Responses.
    Responses,
    /// OpenAI's Chat Completions, spoken by another server.
    Chat,
    /// Google's generateContent.
    Gemini,
}

/// All four.
pub const DIALECTS: [Dialect; 4] =
    [Dialect::Claude, Dialect::Responses, Dialect::Chat, Dialect::Gemini];

/// A call: its id, where the dialect has one, and the arguments as JSON text.
pub type Call<'a> = (&'a str, &'a str, &'a str);

impl Dialect {
    /// A server whose model is `upstream` in this dialect.
    pub fn setup(self, upstream: &Upstream) -> Setup {
        let setup = TestApp::setup();
        match self {
            Self::Claude => setup.claude(upstream),
            Self::Responses => setup.openai(upstream).set("OPENAI_API", "responses"),
            Self::Chat => setup.openai(upstream),
            Self::Gemini => setup.gemini(upstream),
        }
    }

    /// An answer that says `text` and makes these calls of (id, tool, arguments).
    pub fn calling(self, text: &str, calls: &[Call<'_>]) -> Reply {
        Reply::events(self.calling_stream(text, calls))
    }

    /// The same as text.
    pub fn calling_stream(self, text: &str, calls: &[Call<'_>]) -> String {
        match self {
            Self::Claude => claude_calls(text, calls),
            Self::Responses => responses_calls(text, calls),
            Self::Chat => chat_calls(text, calls),
            Self::Gemini => gemini_calls(text, calls),
        }
    }

    /// An answer that only says `text`.
    pub fn saying(self, text: &str) -> Reply {
        match self {
            Self::Claude => script::claude(text),
            Self::Responses => Reply::events(responses_calls(text, &[])),
            Self::Chat => script::openai(&[text]),
            Self::Gemini => script::gemini(text),
        }
    }

    /// The beginning of an answer that says `text`.
    pub fn beginning(self, text: &str) -> String {
        match self {
            Self::Claude => claude_begin() + &claude_text(0, text),
            Self::Responses => {
                responses_event(json!({"type": "response.created", "response": {"model": "named"}}))
                    + &responses_event(json!({"type": "response.output_text.delta",
                        "output_index": 0, "delta": text}))
            }
            Self::Chat => script::chunk(text),
            Self::Gemini => gemini_event(json!([{"text": text}]), None),
        }
    }

    /// The conversation in a request.
    pub fn conversation(self, body: &Value) -> Vec<Value> {
        let field = match self {
            Self::Claude | Self::Chat => "messages",
            Self::Responses => "input",
            Self::Gemini => "contents",
        };
        body[field].as_array().expect("a conversation").clone()
    }

    /// The contents of the results in a request, in their order.
    pub fn results(self, body: &Value) -> Vec<Value> {
        let all = self.conversation(body);
        let texts: Vec<Value> = match self {
            Self::Claude => parts(&all, "content", |part| {
                (part["type"] == "tool_result").then(|| part["content"].clone())
            }),
            Self::Responses => all
                .iter()
                .filter(|item| item["type"] == "function_call_output")
                .map(|item| item["output"].clone())
                .collect(),
            Self::Chat => all
                .iter()
                .filter(|message| message["role"] == "tool")
                .map(|message| message["content"].clone())
                .collect(),
            Self::Gemini => {
                return parts(&all, "parts", |part| {
                    part.get("functionResponse").map(|response| response["response"].clone())
                });
            }
        };
        let read = |text: Value| serde_json::from_str(text.as_str().expect("text")).expect("JSON");
        texts.into_iter().map(read).collect()
    }

    /// Whether a request forbids to call tools.
    pub fn forbids_calls(self, body: &Value) -> bool {
        match self {
            Self::Claude => body["tool_choice"] == json!({"type": "none"}),
            Self::Responses | Self::Chat => body["tool_choice"] == "none",
            Self::Gemini => body["toolConfig"]["functionCallingConfig"]["mode"] == "NONE",
        }
    }

    /// The names of the tools in a request.
    pub fn tools(self, body: &Value) -> Vec<String> {
        let list = match self {
            Self::Gemini => &body["tools"][0]["functionDeclarations"],
            _ => &body["tools"],
        };
        let name = |tool: &Value| match self {
            Self::Chat => tool["function"]["name"].clone(),
            _ => tool["name"].clone(),
        };
        let names = list.as_array().into_iter().flatten().map(name);
        names.map(|name| name.as_str().expect("a name").to_owned()).collect()
    }
}

fn parts(all: &[Value], field: &str, pick: impl Fn(&Value) -> Option<Value>) -> Vec<Value> {
    let lists = all.iter().filter_map(|message| message[field].as_array());
    lists.flatten().filter_map(pick).collect()
}

fn claude_begin() -> String {
    claude_event(&json!({"type": "message_start", "message": {"id": "m", "type": "message",
        "role": "assistant", "model": "claude-named", "content": [],
        "usage": {"input_tokens": 9, "output_tokens": 1}}}))
}

fn claude_text(index: usize, text: &str) -> String {
    let block = json!({"type": "text", "text": ""});
    [
        json!({"type": "content_block_start", "index": index, "content_block": block}),
        json!({"type": "content_block_delta", "index": index,
            "delta": {"type": "text_delta", "text": text}}),
    ]
    .iter()
    .map(claude_event)
    .collect()
}

/// Thinks first, with a signature, as models with tools do.
fn claude_calls(text: &str, calls: &[Call<'_>]) -> String {
    let thinking = json!({"type": "thinking", "thinking": "", "signature": ""});
    let delta = |index: usize, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let stop = |index: usize| json!({"type": "content_block_stop", "index": index});
    let mut events = vec![
        json!({"type": "content_block_start", "index": 0, "content_block": thinking}),
        delta(0, json!({"type": "thinking_delta", "thinking": "Hm."})),
        delta(0, json!({"type": "signature_delta", "signature": "Sig=="})),
        stop(0),
    ];
    let mut index = 1;
    if !text.is_empty() {
        let block = json!({"type": "text", "text": ""});
        events.push(json!({"type": "content_block_start", "index": 1, "content_block": block}));
        events.push(delta(1, json!({"type": "text_delta", "text": text})));
        events.push(stop(1));
        index = 2;
    }
    for (id, name, arguments) in calls {
        let block = json!({"type": "tool_use", "id": id, "name": name, "input": {}});
        let (head, tail) = arguments.split_at(arguments.len() / 2);
        events.push(json!({"type": "content_block_start", "index": index, "content_block": block}));
        for piece in [head, tail] {
            events.push(delta(index, json!({"type": "input_json_delta", "partial_json": piece})));
        }
        events.push(stop(index));
        index += 1;
    }
    events.push(json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"},
        "usage": {"output_tokens": 4}}));
    events.push(json!({"type": "message_stop"}));
    claude_begin() + &events.iter().map(claude_event).collect::<String>()
}

fn responses_event(event: Value) -> String {
    format!("event: {}\ndata: {event}\n\n", event["type"].as_str().expect("a type"))
}

fn responses_calls(text: &str, calls: &[Call<'_>]) -> String {
    let mut events = vec![
        json!({"type": "response.created", "response": {"model": "named"}}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": {"id": "rs_1",
            "type": "reasoning", "summary": [], "encrypted_content": "gAAA=="}}),
    ];
    if !text.is_empty() {
        events
            .push(json!({"type": "response.output_text.delta", "output_index": 1, "delta": text}));
        let content = json!([{"type": "output_text", "text": text, "annotations": []}]);
        let item = json!({"id": "msg_1", "type": "message", "role": "assistant",
            "status": "completed", "content": content});
        events.push(json!({"type": "response.output_item.done", "output_index": 1, "item": item}));
    }
    for (place, (id, name, arguments)) in calls.iter().enumerate() {
        let item = |arguments: &str| {
            json!({"id": format!("fc_{id}"), "type": "function_call",
                "call_id": id, "name": name, "arguments": arguments, "status": "completed"})
        };
        let place = place + 2;
        for event in [
            json!({"type": "response.output_item.added", "output_index": place, "item": item("")}),
            json!({"type": "response.function_call_arguments.delta", "output_index": place,
                "delta": arguments}),
            json!({"type": "response.output_item.done", "output_index": place,
                "item": item(arguments)}),
        ] {
            events.push(event);
        }
    }
    events.push(json!({"type": "response.completed", "response": {"status": "completed",
        "usage": {"input_tokens": 9, "output_tokens": 4}}}));
    events.into_iter().map(responses_event).collect()
}

fn chat_calls(text: &str, calls: &[Call<'_>]) -> String {
    let chunk = |delta: Value, finish: Option<&str>| {
        let choice = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
        format!(
            "data: {}\n\n",
            json!({"id": "x", "object": "chat.completion.chunk",
            "model": script::NAMED_MODEL, "choices": choice})
        )
    };
    let mut stream = String::new();
    if !text.is_empty() {
        stream += &script::chunk(text);
    }
    for (index, (id, name, arguments)) in calls.iter().enumerate() {
        let (head, tail) = arguments.split_at(arguments.len() / 2);
        let first = json!({"index": index, "id": id, "type": "function",
            "function": {"name": name, "arguments": head}});
        let second = json!({"index": index, "function": {"arguments": tail}});
        stream += &chunk(json!({"tool_calls": [first]}), None);
        stream += &chunk(json!({"tool_calls": [second]}), None);
    }
    stream + &script::end("tool_calls")
}

fn gemini_event(parts: Value, finish: Option<&str>) -> String {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    let event = json!({"candidates": [candidate], "modelVersion": "gemini-named",
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4}});
    format!("data: {event}\r\n\r\n")
}

/// The first call is signed, and so is an empty text at the end.
fn gemini_calls(text: &str, calls: &[Call<'_>]) -> String {
    let mut parts = Vec::new();
    for (place, (_, name, arguments)) in calls.iter().enumerate() {
        let args: Value = serde_json::from_str(arguments).unwrap_or_else(|_| json!(arguments));
        let mut part = json!({"functionCall": {"name": name, "args": args}});
        if place == 0 {
            part["thoughtSignature"] = json!("Sig==");
        }
        parts.push(part);
    }
    let said =
        if text.is_empty() { String::new() } else { gemini_event(json!([{"text": text}]), None) };
    let last = json!([{"text": "", "thoughtSignature": "End=="}]);
    said + &gemini_event(Value::Array(parts), None) + &gemini_event(last, Some("STOP"))
}
