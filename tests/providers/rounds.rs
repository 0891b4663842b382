//! Results of tools on their way back: what each vendor is sent after an answer that called some.

use alcove::providers::compatible::{Compatible, CompatibleSettings};
use alcove::providers::openai::Dialect;
use alcove::providers::{
    ChatRequest, ErrorClass, Provider, ProviderEvent, ToolCall, ToolResult, ToolRound,
};
use serde_json::{Value, json};

use crate::ask::{claude, compatible, conversation, events, gemini, openai, settings, transport};
use crate::upstream::{Reply, Upstream};

/// Asks for tools, gives a result for each call that is made, and answers the second request.
async fn second_request(make: impl Fn(&str) -> Box<dyn Provider>, stream: &str) -> Value {
    let upstream = Upstream::start(vec![Reply::events(stream), Reply::status(401)]).await;
    let provider = make(upstream.address());
    let told = events(provider.as_ref(), conversation()).await;
    let rounds = vec![round_of(told.into_iter().map(|event| event.expect("no error")))];
    events(provider.as_ref(), ChatRequest { rounds, ..conversation() }).await;
    upstream.received().await.pop().expect("a second request").body
}

/// The round that these events make: the first call works, the others fail.
fn round_of(events: impl Iterator<Item = ProviderEvent>) -> ToolRound {
    let mut round = ToolRound {
        text: String::new(),
        calls: Vec::new(),
        replay: Value::Null,
        results: Vec::new(),
    };
    for event in events {
        match event {
            ProviderEvent::Text(text) => round.text.push_str(&text),
            ProviderEvent::ToolCall { id, name, arguments } => {
                let is_error = !round.calls.is_empty();
                let content = if is_error { r#"{"error":"no"}"# } else { r#"{"rows":[[1]]}"# };
                round.calls.push(ToolCall { id, name, arguments });
                round.results.push(ToolResult { content: content.to_owned(), is_error });
            }
            ProviderEvent::Replay(replay) => round.replay = replay,
            _ => {}
        }
    }
    round
}

/// A round that no vendor's answer stands behind.
fn made_up() -> ChatRequest {
    let call = |id: &str, arguments: &str| ToolCall {
        id: id.to_owned(),
        name: "find_rows".to_owned(),
        arguments: arguments.to_owned(),
    };
    let round = ToolRound {
        text: "Let me look.".to_owned(),
        calls: vec![call("call_1", r#"{"q":"é"}"#), call("call_2", r#"{"q":"#)],
        replay: Value::Null,
        results: vec![
            ToolResult { content: r#"{"rows":[]}"#.to_owned(), is_error: false },
            ToolResult { content: r#"{"error":"bad"}"#.to_owned(), is_error: true },
        ],
    };
    ChatRequest { rounds: vec![round], must_answer: true, ..conversation() }
}

async fn sent(make: impl Fn(&str) -> Box<dyn Provider>, request: ChatRequest) -> Value {
    let upstream = Upstream::start(vec![Reply::status(401)]).await;
    events(make(upstream.address()).as_ref(), request).await;
    upstream.received().await.pop().expect("a request").body
}

/// What follows the three messages of the conversation.
fn after_conversation(list: &Value, before: usize) -> Value {
    list.as_array().expect("a list").iter().skip(before).cloned().collect()
}

#[tokio::test]
async fn claude_gets_all_its_blocks_back_unchanged_and_one_turn_of_results() {
    let stream = include_str!("streams/claude/tools_thinking.sse");
    let body = second_request(|address| Box::new(claude(address)), stream).await;
    let expected = json!([
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "I need the sums.", "signature": "EqQBCgIY"},
            {"type": "redacted_thinking", "data": "EmwKAhgB"},
            {"type": "text", "text": "Let me look."},
            {"type": "thinking", "thinking": "", "signature": "only+signed=="},
            {"type": "tool_use", "id": "toolu_01", "name": "query_data",
                "input": {"sql": "select 1", "purpose": "café"}},
            {"type": "tool_use", "id": "toolu_02", "name": "query_data",
                "input": {"sql": "select 2", "purpose": "two"}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "toolu_01", "content": "{\"rows\":[[1]]}"},
            {"type": "tool_result", "tool_use_id": "toolu_02", "content": "{\"error\":\"no\"}",
                "is_error": true},
        ]},
    ]);
    assert_eq!(after_conversation(&body["messages"], 3), expected);
    assert_eq!(body["tools"][0]["name"], "find_rows");
    assert_eq!(body.get("tool_choice"), None);
}

#[tokio::test]
async fn claude_gets_a_result_for_a_call_that_was_no_json_and_for_one_without_an_id() {
    let stream = include_str!("streams/claude/tools_odd.sse");
    let body = second_request(|address| Box::new(claude(address)), stream).await;
    let ids = |message: usize, field: &str| -> Vec<Value> {
        let blocks = body["messages"][message]["content"].as_array().expect("blocks");
        blocks.iter().map(|block| block[field].clone()).collect()
    };
    assert_eq!(ids(3, "id"), ["toolu_01", "call_2"]);
    assert_eq!(ids(4, "tool_use_id"), ["toolu_01", "call_2"]);
}

#[tokio::test]
async fn openai_responses_gets_its_items_back_with_their_encrypted_thoughts() {
    let stream = include_str!("streams/openai-responses/tools_encrypted.sse");
    let make = |address: &str| -> Box<dyn Provider> {
        Box::new(openai(address, Some(Dialect::Responses)))
    };
    let body = second_request(make, stream).await;
    let expected = json!([
        {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAwhole=="},
        {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant",
            "phase": "commentary",
            "content": [{"type": "output_text", "text": "Let me look.", "annotations": []}]},
        {"id": "fc_1", "type": "function_call", "call_id": "call_a", "name": "query_data",
            "arguments": "{\"sql\":\"select 1\",\"purpose\":\"café\"}", "status": "completed"},
        {"id": "fc_2", "type": "function_call", "call_id": "call_b", "name": "query_data",
            "arguments": "{\"sql\":\"select 2\",\"purpose\":\"two\"}", "status": "completed"},
        {"type": "function_call_output", "call_id": "call_b", "output": "{\"rows\":[[1]]}"},
        {"type": "function_call_output", "call_id": "call_a", "output": "{\"error\":\"no\"}"},
    ]);
    assert_eq!(after_conversation(&body["input"], 4), expected);
    assert_eq!(body["include"], json!(["reasoning.encrypted_content"]));
}

#[tokio::test]
async fn chat_gets_one_message_of_calls_and_one_for_each_result() {
    let stream = include_str!("streams/openai-chat/tools_parallel.sse");
    let body =
        second_request(|address| Box::new(openai(address, Some(Dialect::Chat))), stream).await;
    let expected = json!([
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_a", "type": "function",
                "function": {"name": "find_rows", "arguments": "{\"q\":\"a\"}"}},
            {"id": "call_b", "type": "function",
                "function": {"name": "list_files", "arguments": "{}"}},
        ]},
        {"role": "tool", "tool_call_id": "call_a", "content": "{\"rows\":[[1]]}"},
        {"role": "tool", "tool_call_id": "call_b", "content": "{\"error\":\"no\"}"},
    ]);
    assert_eq!(after_conversation(&body["messages"], 4), expected);
}

#[tokio::test]
async fn thoughts_go_back_to_servers_that_want_them_beside_the_calls() {
    let deepseek = include_str!("streams/compatible/deepseek_tools.sse");
    let openrouter = include_str!("streams/compatible/openrouter_tools.sse");
    let make = |address: &str| -> Box<dyn Provider> { Box::new(compatible(address)) };
    let call = |id: &str, arguments: &str| {
        json!([{"id": id, "type": "function",
            "function": {"name": "query_data", "arguments": arguments}}])
    };
    let expected = json!({"role": "assistant", "content": null,
        "tool_calls": call("call_00_x", "{\"sql\":\"select 1\",\"purpose\":\"caf\\u00e9\"}"),
        "reasoning_content": "I need sums."});
    assert_eq!(second_request(make, deepseek).await["messages"][4], expected);
    let details = json!([{"type": "reasoning.text", "text": "I need sums.",
        "format": "anthropic-claude-v1", "index": 0, "signature": "EqQB=="}]);
    let expected = json!({"role": "assistant", "content": "Let me look.",
        "tool_calls": call("toolu_1", "{\"sql\":\"select 1\",\"purpose\":\"one\"}"),
        "reasoning_details": details});
    assert_eq!(second_request(make, openrouter).await["messages"][4], expected);
}

#[tokio::test]
async fn gemini_gets_its_parts_back_with_every_signature_and_as_many_responses() {
    let make = |address: &str| -> Box<dyn Provider> { Box::new(gemini(address)) };
    let stream = include_str!("streams/gemini/tools_signatures.sse");
    let body = second_request(make, stream).await;
    let expected = json!([
        {"role": "model", "parts": [
            {"text": "Let me "},
            {"text": "look."},
            {"functionCall": {"name": "query_data",
                "args": {"sql": "select 1", "purpose": "é"}}, "thoughtSignature": "AbC1+/="},
            {"functionCall": {"name": "query_data", "args": {"sql": "select 2", "purpose": "two"}}},
            {"text": "", "thoughtSignature": "Zz=="},
        ]},
        {"role": "user", "parts": [
            {"functionResponse": {"name": "query_data", "response": {"rows": [[1]]}}},
            {"functionResponse": {"name": "query_data", "response": {"error": "no"}}},
        ]},
    ]);
    assert_eq!(after_conversation(&body["contents"], 3), expected);
    // An id of the API's own goes back to it, one of ours does not.
    let body = second_request(make, include_str!("streams/gemini/tools_parallel.sse")).await;
    let responses = &body["contents"][4]["parts"];
    assert_eq!(responses[0]["functionResponse"].get("id"), None);
    assert_eq!(responses[1]["functionResponse"]["id"], "own1");
}

#[tokio::test]
async fn a_round_is_made_from_text_and_calls_where_no_answer_was_kept() {
    let invalid = json!({"INVALID_JSON": "{\"q\":"});
    let body = sent(|address| Box::new(claude(address)), made_up()).await;
    let expected = json!({"role": "assistant", "content": [
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "call_1", "name": "find_rows", "input": {"q": "é"}},
        {"type": "tool_use", "id": "call_2", "name": "find_rows", "input": invalid},
    ]});
    assert_eq!(body["messages"][3], expected);
    assert_eq!(body["tool_choice"], json!({"type": "none"}));

    let body = sent(|address| Box::new(openai(address, Some(Dialect::Responses))), made_up()).await;
    let expected = json!([
        {"role": "assistant", "content": "Let me look."},
        {"type": "function_call", "call_id": "call_1", "name": "find_rows",
            "arguments": "{\"q\":\"é\"}"},
        {"type": "function_call", "call_id": "call_2", "name": "find_rows",
            "arguments": invalid.to_string()},
        {"type": "function_call_output", "call_id": "call_1", "output": "{\"rows\":[]}"},
        {"type": "function_call_output", "call_id": "call_2", "output": "{\"error\":\"bad\"}"},
    ]);
    assert_eq!(after_conversation(&body["input"], 4), expected);
    assert_eq!(body["tool_choice"], "none");

    let body = sent(|address| Box::new(compatible(address)), made_up()).await;
    assert_eq!(body["messages"][4]["content"], "Let me look.");
    let arguments = &body["messages"][4]["tool_calls"][1]["function"]["arguments"];
    assert_eq!(*arguments, invalid.to_string());
    assert_eq!(body["tool_choice"], "none");

    let body = sent(|address| Box::new(gemini(address)), made_up()).await;
    let expected = json!({"role": "model", "parts": [
        {"text": "Let me look."},
        {"functionCall": {"name": "find_rows", "args": {"q": "é"}}},
        {"functionCall": {"name": "find_rows", "args": invalid}},
    ]});
    assert_eq!(body["contents"][3], expected);
    assert_eq!(body["toolConfig"], json!({"functionCallingConfig": {"mode": "NONE"}}));
}

#[tokio::test]
async fn ids_of_ours_go_on_where_earlier_answers_ended() {
    let stream = include_str!("streams/gemini/tools_signatures.sse");
    let upstream = Upstream::start(vec![Reply::events(stream)]).await;
    let told = events(&gemini(upstream.address()), made_up()).await;
    let ids: Vec<String> = told
        .into_iter()
        .filter_map(|event| match event {
            Ok(ProviderEvent::ToolCall { id, .. }) => Some(id),
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["call_3", "call_4"]);
}

#[tokio::test]
async fn an_answer_to_a_request_without_tools_is_not_kept() {
    let stream = include_str!("streams/claude/tools_thinking.sse");
    let upstream = Upstream::start(vec![Reply::events(stream)]).await;
    let request = ChatRequest { tools: Vec::new(), ..conversation() };
    let told = events(&claude(upstream.address()), request).await;
    assert!(!told.iter().any(|event| matches!(event, Ok(ProviderEvent::Replay(_)))));
}

#[tokio::test]
async fn a_server_that_refuses_tools_says_so_once() {
    let error = json!({"error": {"message": "gemma:2b does not support tools"}});
    let upstream = Upstream::start(vec![Reply::json(400, &error)]).await;
    for provider in [
        Box::new(compatible(upstream.address())) as Box<dyn Provider>,
        Box::new(openai(upstream.address(), Some(Dialect::Chat))),
    ] {
        assert!(provider.takes_tools());
        let told = events(provider.as_ref(), conversation()).await;
        assert!(matches!(&told[..], [Err(error)] if error.class == ErrorClass::ToolsRefused));
        provider.note_refused_tools();
        assert!(!provider.takes_tools());
    }
}

#[test]
fn the_owner_decides_whether_a_server_takes_tools() {
    for owner in [true, false] {
        let own = CompatibleSettings {
            name: "Ollama".to_owned(),
            api_key: None,
            base_url: "http://localhost:11434/v1".to_owned(),
            model: "small".to_owned(),
            tools: Some(owner),
        };
        let provider = Compatible::new(own, transport(settings())).expect("compatible");
        provider.note_refused_tools();
        assert_eq!(provider.takes_tools(), owner);
    }
}
