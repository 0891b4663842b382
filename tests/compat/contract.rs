//! Which calls there are, which errors each has, and which fields each answer: the promise to front
//! ends of older backends, compared with the recordings.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::exchange::{Exchange, recordings};

/// A call of an older API.
struct Call {
    folder: &'static str,
    endpoint: &'static str,
    /// Its status when all is well, and the fields it answers then; `list[].field` is one within.
    success: (u16, &'static str),
    /// What else it may answer.
    errors: &'static [u16],
}

const fn call(
    folder: &'static str,
    endpoint: &'static str,
    success: (u16, &'static str),
    errors: &'static [u16],
) -> Call {
    Call { folder, endpoint, success, errors }
}

const SESSION: &str =
    "id session_id user_name user_email user_phone messages created_at updated_at";
const CHAT: &str = "session_key created_at updated_at is_active messages";
const REPLY: &str = "session_key response message_id timestamp";

const CALLS: &[Call] = &[
    call("leads", "POST /api/chat/sessions/create_session/", (201, SESSION), &[400, 405, 415, 429]),
    call("leads", "GET /api/chat/sessions/get_session/", (200, SESSION), &[400, 404, 405]),
    call("leads", "POST /api/chat/sessions/update_user_details/", (200, SESSION), &[400, 404, 405]),
    call(
        "leads",
        "POST /api/chat/message/",
        (200, "user_message bot_response timestamp session_id"),
        &[400, 404, 405, 413, 415, 429, 502, 503],
    ),
    call("ai_chat", "GET /api/chat/", (200, CHAT), &[404, 429]),
    call("ai_chat", "POST /api/chat/", (200, REPLY), &[400, 404, 413, 415, 429, 502, 503]),
    call("ai_chat", "POST /api/chat/new/", (201, "session_key session_id created_at"), &[405, 429]),
    call(
        "ai_chat",
        "GET /api/chat/stats/{}/",
        (
            200,
            "session_key total_messages user_messages ai_messages total_characters created_at \
             updated_at is_active",
        ),
        &[404, 405],
    ),
    call("ai_chat", "GET /api/talk/", (200, CHAT), &[404]),
    call("ai_chat", "POST /api/talk/", (200, "reply response session_key"), &[400, 404, 502]),
    call("ai_chat", "POST /api/new_chat/", (201, "session_key session_id created_at"), &[405]),
    call("ai_chat", "GET /api/health/", (200, "status"), &[405]),
    call("ai_chat", "GET /api/csrf/", (200, "csrfToken"), &[405]),
    call("accounts", "POST /api/v1/accounts/register/", (201, "message"), &[400, 403, 405, 415]),
    call(
        "accounts",
        "POST /api/v1/accounts/login/",
        (200, "token user_id username message"),
        &[400, 405, 415, 429],
    ),
    call("accounts", "POST /api/v1/accounts/logout/", (200, "message"), &[401, 405]),
    call(
        "accounts",
        "POST /api/v1/chat/",
        (200, "session_id message"),
        &[400, 401, 404, 405, 415, 502, 503],
    ),
    call(
        "accounts",
        "GET /api/v1/chat/chats-history/",
        (200, "[].session_id [].created_at"),
        &[401, 405],
    ),
    call(
        "accounts",
        "GET /api/v1/chat/chats/{}/",
        (200, "session_id created_at messages[].role messages[].content messages[].timestamp"),
        &[401, 404, 405],
    ),
];

/// Fields of what stands in a list, wherever one is shown with something in it.
const ITEMS: &[(&str, &str)] = &[
    ("GET /api/chat/sessions/get_session/", "id content is_bot created_at"),
    ("GET /api/chat/", "id message_type content timestamp character_count"),
    ("GET /api/talk/", "id message_type content timestamp character_count"),
];

fn all_exchanges() -> Vec<(&'static str, Exchange)> {
    let folders = ["leads", "ai_chat", "accounts"];
    folders
        .into_iter()
        .flat_map(|folder| recordings(folder).into_iter().map(move |recording| (folder, recording)))
        .flat_map(|(folder, recording)| recording.exchanges.into_iter().map(move |e| (folder, e)))
        .collect()
}

/// Whether `messages[].role` leads to something in `body`.
fn has(body: &Value, path: &str) -> bool {
    match path.split_once("[].") {
        Some((list, field)) => {
            let list = if list.is_empty() { Some(body) } else { body.get(list) };
            let items = list.and_then(Value::as_array);
            items.is_some_and(|items| items.iter().any(|item| item.get(field).is_some()))
        }
        None => body.get(path).is_some(),
    }
}

#[test]
fn every_call_is_recorded_with_its_success_and_each_of_its_errors() {
    let exchanges = all_exchanges();
    let mut missing = Vec::new();
    for call in CALLS {
        let own = exchanges.iter().filter(|(folder, _)| *folder == call.folder);
        let path = call.endpoint.split_once(' ').expect("a path").1;
        // A method that is not allowed is another call of the same path.
        let answers: BTreeSet<u16> = own
            .filter(|(_, exchange)| {
                let endpoint = exchange.endpoint();
                let is_405 = exchange.answer.as_ref().is_some_and(|a| a.status == 405);
                endpoint == call.endpoint || is_405 && endpoint.ends_with(&format!(" {path}"))
            })
            .filter_map(|(_, exchange)| Some(exchange.answer.as_ref()?.status))
            .collect();
        let expected = call.errors.iter().chain([&call.success.0]);
        let absent = expected.filter(|status| !answers.contains(status));
        missing.extend(absent.map(|status| format!("{} {status}", call.endpoint)));
    }
    assert!(missing.is_empty(), "not recorded:\n{}", missing.join("\n"));
}

#[test]
fn every_documented_field_is_in_a_recording() {
    let mut missing = Vec::new();
    for (_, exchange) in all_exchanges() {
        let endpoint = exchange.endpoint();
        let Some(call) = CALLS.iter().find(|call| call.endpoint == endpoint) else { continue };
        let Some(answer) = exchange.answer.filter(|answer| answer.status == call.success.0) else {
            continue;
        };
        let fields = call.success.1.split(' ').filter(|field| !field.is_empty());
        let is_list = |field: &&str| field.contains("[]");
        let lacks = |field: &&str| !has(&answer.body, field);
        missing.extend(
            fields
                .filter(|field| !is_list(field) || !is_empty_list(&answer.body))
                .filter(lacks)
                .map(|field| format!("{endpoint}: {field} ({})", exchange.title)),
        );
        let items = ITEMS.iter().find(|(own, _)| *own == endpoint);
        let messages = answer.body.get("messages").and_then(Value::as_array);
        for (message, (_, fields)) in messages.into_iter().flatten().zip(items.into_iter().cycle())
        {
            let absent = fields.split(' ').filter(|field| message.get(field).is_none());
            missing.extend(absent.map(|field| format!("{endpoint}: messages[].{field}")));
        }
    }
    assert!(missing.is_empty(), "documented, but not answered:\n{}", missing.join("\n"));
}

fn is_empty_list(body: &Value) -> bool {
    let list = body.get("messages").unwrap_or(body);
    list.as_array().is_some_and(Vec::is_empty)
}

#[test]
fn every_error_has_the_fields_of_all_errors() {
    for (_, exchange) in all_exchanges() {
        let Some(answer) = exchange.answer.filter(|answer| answer.status >= 400) else { continue };
        for field in ["error", "code", "requestId"] {
            assert!(answer.body.get(field).is_some(), "{}: {field}", exchange.title);
        }
    }
}
