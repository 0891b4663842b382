//! Streams as the vendors send them.

use serde_json::{Value, json};

use super::upstream::{Gate, Reply};

/// The model as the scripted OpenAI names it.
pub const NAMED_MODEL: &str = "test-model-2026";

/// One chunk of text in OpenAI's dialect.
pub fn chunk(text: &str) -> String {
    openai_event(&json!([{ "index": 0, "delta": { "content": text } }]))
}

/// The end of a reply in OpenAI's dialect, with 12 tokens in and 5 out.
pub fn end(reason: &str) -> String {
    let choice = json!([{ "index": 0, "delta": {}, "finish_reason": reason }]);
    let usage = json!({ "model": NAMED_MODEL, "choices": [],
        "usage": { "prompt_tokens": 12, "completion_tokens": 5 } });
    format!("{}data: {usage}\n\ndata: [DONE]\n\n", openai_event(&choice))
}

fn openai_event(choices: &Value) -> String {
    let event = json!({ "id": "x", "object": "chat.completion.chunk", "model": NAMED_MODEL,
        "choices": choices });
    format!("data: {event}\n\n")
}

/// A whole reply in OpenAI's dialect, in these pieces.
pub fn openai(pieces: &[&str]) -> Reply {
    let text: String = pieces.iter().map(|piece| chunk(piece)).collect();
    Reply::events(text + &end("stop"))
}

/// A whole reply of a server that does not say which model it is.
pub fn openai_unnamed(text: &str) -> Reply {
    let named = chunk(text) + &end("stop");
    Reply::events(named.replace(&format!("\"model\":\"{NAMED_MODEL}\","), ""))
}

/// A reply in OpenAI's dialect that waits at `gate` after each piece but goes on by itself at
/// the end.
pub fn gated(pieces: &[&str], gate: &Gate) -> Reply {
    let reply = Reply::events("");
    let told = pieces.iter().fold(reply, |reply, piece| reply.send(chunk(piece)).wait(gate));
    told.send(end("stop"))
}

/// A reply in OpenAI's dialect that says this and then nothing more, without an end.
pub fn hanging(text: &str) -> Reply {
    Reply::events(chunk(text)).silence()
}

/// A whole reply of Claude.
pub fn claude(text: &str) -> Reply {
    let events = [
        json!({ "type": "message_start", "message": { "id": "m", "type": "message",
            "role": "assistant", "model": "claude-named", "content": [],
            "usage": { "input_tokens": 9, "output_tokens": 1 } } }),
        json!({ "type": "content_block_start", "index": 0,
            "content_block": { "type": "text", "text": "" } }),
        json!({ "type": "content_block_delta", "index": 0,
            "delta": { "type": "text_delta", "text": text } }),
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" },
            "usage": { "output_tokens": 4 } }),
        json!({ "type": "message_stop" }),
    ];
    Reply::events(events.iter().map(claude_event).collect::<String>())
}

/// One of Claude's events.
pub fn claude_event(event: &Value) -> String {
    format!("event: {}\ndata: {event}\n\n", event["type"].as_str().expect("a type"))
}

/// A whole reply of Gemini.
pub fn gemini(text: &str) -> Reply {
    let event = json!({
        "candidates": [{ "content": { "parts": [{ "text": text }], "role": "model" },
            "finishReason": "STOP" }],
        "usageMetadata": { "promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 10 },
        "modelVersion": "gemini-named",
    });
    Reply::events(format!("data: {event}\n\n"))
}
