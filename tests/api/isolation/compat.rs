//! The APIs of older backends: the same conversations, under other names.

use serde_json::{Value, json};

use super::native::{open, readable, writable};
use super::{Names, Row};
use crate::support::api::Api;
use crate::support::http::Call;

const OWN: &str = "begins a conversation of one's own";

/// In this order a visitor can use all of them on one conversation.
pub const ROWS: &[Row] = &[
    open("GET /api/health/", "says whether the server is well"),
    open("GET /api/csrf/", "a cookie for older front ends, which opens nothing"),
    open("POST /api/chat/sessions/create_session/", OWN),
    open("POST /api/chat/new/", OWN),
    open("POST /api/new_chat/", OWN),
    readable("GET /api/chat/sessions/get_session/", |api, names| {
        let path = "/api/chat/sessions/get_session/?session_id=";
        vec![api.call("GET", &format!("{path}{}", names.session))]
    }),
    writable("POST /api/chat/sessions/update_user_details/", |api, names| {
        let details = json!({ "name": "A" });
        let body = json!({ "session_id": names.session, "user_details": details });
        vec![api.call("POST", "/api/chat/sessions/update_user_details/").json(&body)]
    }),
    writable("POST /api/chat/message/", |api, names| {
        let body = json!({ "session_id": names.session, "message": "Hi" });
        in_json_and_form(api, "/api/chat/message/", &body)
    }),
    writable("GET /api/chat/", |api, names| vec![shown(api, "/api/chat/", names)]),
    writable("POST /api/chat/", |api, names| said(api, "/api/chat/", names)),
    readable("GET /api/chat/stats/{session_key}/", |api, names| {
        vec![api.call("GET", &format!("/api/chat/stats/{}/", names.session))]
    }),
    writable("GET /api/talk/", |api, names| vec![shown(api, "/api/talk/", names)]),
    writable("POST /api/talk/", |api, names| said(api, "/api/talk/", names)),
];

fn shown(api: &Api, path: &str, names: &Names) -> Call {
    api.call("GET", &format!("{path}?session_key={}", names.session))
}

fn said(api: &Api, path: &str, names: &Names) -> Vec<Call> {
    in_json_and_form(api, path, &json!({ "session_key": names.session, "message": "Hi" }))
}

/// These families read both.
fn in_json_and_form(api: &Api, path: &str, body: &Value) -> Vec<Call> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().expect("an object") {
        form.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let form = form.finish().into_bytes();
    let url = "application/x-www-form-urlencoded";
    vec![
        api.call("POST", path).json(body),
        api.call("POST", path).header("content-type", url).body(form),
    ]
}
