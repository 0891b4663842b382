//! Bad input: refused with a documented status in the one JSON shape, and nothing changes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sending::new_id;
use crate::support::api::Visit;
use crate::support::app::TestApp;
use crate::support::http::Answer;
use crate::support::raw::exchange;
use crate::support::script;
use crate::support::upstream::Upstream;

const JSON: &str = "application/json";
/// The largest body that is read.
const MAX_BODY: usize = 1024 * 1024;

/// A server with one conversation of one message and its reply.
async fn talked() -> (Upstream, TestApp, Visit, String) {
    let upstream = Upstream::start(vec![script::openai(&["Hello"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.begin(&json!({ "config": { "kept": true } })).await;
    let reply = app.ask(&visit, "Hi").await.told().await.reply;
    (upstream, app, visit, reply)
}

/// Everything a visitor can see of the server's state.
async fn state(app: &TestApp, visit: &Visit) -> Value {
    let session = app.get(&format!("/api/sessions/{}", visit.id)).await.ok();
    let total = app.get("/api/sessions/stats/summary").await.ok()["totalSessions"].clone();
    json!([session, total])
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// The endpoints that read a body, each with one that it takes.
fn with_bodies(visit: &Visit) -> Vec<(&'static str, String, Value)> {
    vec![
        ("POST", "/api/sessions/create".to_owned(), json!({})),
        ("PUT", format!("/api/sessions/{}/config", visit.id), json!({ "config": {} })),
        ("POST", "/api/chat/message".to_owned(), json!({ "sessionId": visit.id, "message": "Hi" })),
        (
            "POST",
            format!("/api/chat/replies/{}/feedback", new_id()),
            json!({ "sessionId": visit.id, "rating": null }),
        ),
    ]
}

/// A body that is refused: what is wrong, its content type, the body, status and code.
type BadBody<'a> = (&'a str, Option<&'a str>, Vec<u8>, (u16, &'a str));

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_by_every_endpoint() {
    let (upstream, app, visit, _) = talked().await;
    let before = state(&app, &visit).await;
    let large = format!("{{\"config\":{{\"x\":\"{}\"}}}}", "x".repeat(MAX_BODY));
    let deep = format!("{{\"config\":{{\"a\":{0}}},\"message\":{0}}}", nested(10_000));
    let bodies: Vec<BadBody<'_>> = vec![
        ("empty", Some(JSON), vec![], (400, "invalid_json")),
        ("half", Some(JSON), b"{\"message\": \"a".to_vec(), (400, "invalid_json")),
        ("twice", Some(JSON), br#"{"config":{},"rating":null} {}"#.to_vec(), (400, "invalid_json")),
        ("not UTF-8", Some(JSON), b"{\"message\": \"\xff\xfe\"}".to_vec(), (400, "invalid_json")),
        ("UTF-16", Some(JSON), b"\xff\xfe{\0}\0".to_vec(), (400, "invalid_json")),
        ("NUL", Some(JSON), b"{\"message\": \"a\0b\"}".to_vec(), (400, "invalid_json")),
        (
            "half a pair",
            Some(JSON),
            br#"{"config": {"a": "\ud800"}, "comment": "\ud800"}"#.to_vec(),
            (400, "invalid_json"),
        ),
        // Where nobody asks for what is deep, it is skipped, and something else is missing.
        ("deep", Some(JSON), deep.into_bytes(), (400, "")),
        ("only deep", Some(JSON), nested(10_000).into_bytes(), (400, "")),
        ("a list", Some(JSON), b"[]".to_vec(), (400, "invalid_request")),
        ("a number", Some(JSON), b"5".to_vec(), (400, "invalid_request")),
        ("null", Some(JSON), b"null".to_vec(), (400, "invalid_request")),
        ("not a number", Some(JSON), b"{\"config\": {\"a\": NaN}}".to_vec(), (400, "invalid_json")),
        (
            "a form",
            Some("application/x-www-form-urlencoded"),
            b"message=Hi".to_vec(),
            (415, "unsupported_media_type"),
        ),
        (
            "parts",
            Some("multipart/form-data; boundary=x"),
            b"--x--".to_vec(),
            (415, "unsupported_media_type"),
        ),
        ("text", Some("text/plain"), b"{}".to_vec(), (415, "unsupported_media_type")),
        ("almost JSON", Some("application/jsonx"), b"{}".to_vec(), (415, "unsupported_media_type")),
        ("no type", None, b"{}".to_vec(), (415, "unsupported_media_type")),
        ("no type and empty", None, vec![], (415, "unsupported_media_type")),
        ("too large", Some(JSON), large.into_bytes(), (413, "body_too_large")),
    ];
    for (method, path, _) in with_bodies(&visit) {
        for (name, content_type, body, (status, code)) in &bodies {
            let mut call = app.call(method, &path).body(body.clone());
            if let Some(content_type) = content_type {
                call = call.header("content-type", content_type);
            }
            let answer = call.send().await;
            let told = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            assert_eq!(answer.status, *status, "{name} to {path}: {}", answer.text());
            assert!(code.is_empty() || told == *code, "{name} to {path}: {told}");
            assert!(answer.bytes.len() < 700, "{name}: nothing of it is sent back");
        }
    }
    assert_eq!(state(&app, &visit).await, before);
    assert_eq!(upstream.received().await.len(), 1);
}

#[tokio::test]
async fn json_with_parameters_or_a_suffix_is_json() {
    let app = TestApp::setup().start().await;
    for content_type in
        ["application/json; charset=utf-8", "APPLICATION/JSON", "application/problem+json"]
    {
        let call = app.call("POST", "/api/sessions/create").body("{}");
        assert_eq!(
            call.header("content-type", content_type).send().await.status,
            201,
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let (_upstream, app, visit, _) = talked().await;
    let frame = json!({ "sessionId": visit.id, "message": "Hi", "pad": "" }).to_string();
    let body = frame
        .replace("\"pad\":\"\"", &format!("\"pad\":\"{}\"", "x".repeat(MAX_BODY - frame.len())));
    assert_eq!(body.len(), MAX_BODY);
    let send = async |body: String| {
        app.call("POST", "/api/chat/message").header("content-type", JSON).body(body).send().await
    };
    assert_eq!(send(body.clone()).await.status, 200);
    send(format!("{body} ")).await.refused(413, "body_too_large");
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    let (upstream, app, visit, _) = talked().await;
    let before = state(&app, &visit).await;
    let wrongs = [
        ("/api/sessions/create", "config", json!([])),
        ("/api/sessions/create", "config", json!("x")),
        ("/api/sessions/create", "user_identifier", json!(7)),
        ("/api/sessions/create", "user_identifier", json!("x".repeat(257))),
        ("/api/sessions/create", "bot", json!({})),
        ("/api/sessions/create", "protected", json!("yes")),
        ("/api/sessions/create", "protected", json!(1)),
        ("/api/chat/message", "message", json!(["Hi"])),
        ("/api/chat/message", "message", json!({ "text": "Hi" })),
        ("/api/chat/message", "sessionId", json!(7)),
        ("/api/chat/message", "config", json!(7)),
        ("/api/chat/message", "messageId", json!("not-a-uuid")),
        ("/api/chat/message", "messageId", json!("")),
        ("/api/chat/message", "messageId", json!(7)),
        ("/api/chat/message", "replaces", json!("x")),
        ("/api/chat/message", "stream", json!("true")),
    ];
    for (path, field, value) in wrongs {
        let mut body = json!({ "sessionId": visit.id, "message": "Hi" });
        body[field] = value.clone();
        let told = app.post(path, &body).await.refused(400, "invalid_request");
        let problems =
            told["fields"][field].as_array().unwrap_or_else(|| panic!("{field}: {told}"));
        assert!(problems[0].as_str().is_some_and(|text| !text.is_empty() && text.len() < 300));
    }
    let path = format!("/api/sessions/{}/config", visit.id);
    for body in
        [json!({}), json!({ "config": null }), json!({ "config": [] }), json!({ "config": "x" })]
    {
        app.call("PUT", &path).json(&body).send().await.refused(400, "invalid_request");
    }
    assert_eq!(state(&app, &visit).await, before);
    assert_eq!(upstream.received().await.len(), 1);
}

#[tokio::test]
async fn a_message_that_is_none_is_refused_and_not_stored() {
    let (upstream, app, visit, _) = talked().await;
    let before = state(&app, &visit).await;
    let long = "é".repeat(8001);
    let cases = [
        (json!({ "sessionId": visit.id }), 400, "message_empty"),
        (json!({ "sessionId": visit.id, "message": null }), 400, "message_empty"),
        (json!({ "sessionId": visit.id, "message": "" }), 400, "message_empty"),
        (json!({ "sessionId": visit.id, "message": " \n\t\u{a0}\u{2003}" }), 400, "message_empty"),
        (json!({ "sessionId": visit.id, "message": "a\u{0}b" }), 400, "message_invalid"),
        (json!({ "sessionId": visit.id, "message": long }), 400, "message_too_long"),
        (json!({ "message": "Hi" }), 400, "missing_session_id"),
        (json!({ "message": "Hi", "sessionId": null }), 400, "missing_session_id"),
        (json!({ "message": "Hi", "sessionId": " " }), 400, "missing_session_id"),
        (json!({ "message": "Hi", "sessionId": "nonsense" }), 404, "session_not_found"),
        (json!({ "message": "Hi", "sessionId": new_id() }), 404, "session_not_found"),
        (json!({ "message": "Hi", "sessionId": "' or 1=1 --" }), 404, "session_not_found"),
    ];
    for (body, status, code) in cases {
        for stream in [false, true] {
            let mut body = body.clone();
            body["stream"] = json!(stream);
            app.post("/api/chat/message", &body).await.refused(status, code);
        }
    }
    assert_eq!(state(&app, &visit).await, before);
    assert_eq!(upstream.received().await.len(), 1);
    let longest = json!({ "message": "é".repeat(8000) });
    assert_eq!(app.send(&visit, &longest).await.status, 200, "characters count, not bytes");
}

#[tokio::test]
async fn the_error_texts_older_clients_know_stay() {
    let (_upstream, app, visit, _) = talked().await;
    let missing = app.post("/api/chat/message", &json!({ "message": "Hi" })).await.json();
    assert_eq!(missing["error"], "Missing sessionId");
    let unknown = app.get(&format!("/api/chat/history/{}", new_id())).await.json();
    assert_eq!(unknown["error"], "Session not found");
    app.clock.advance_minutes(31);
    let expired = app.say(&visit, "Hi").await.refused(404, "session_expired");
    assert_eq!(expired["error"], "Session not found");
}

#[tokio::test]
async fn a_session_holds_only_so_much_config() {
    let (_upstream, app, visit, _) = talked().await;
    let before = state(&app, &visit).await;
    let big = json!({ "config": { "jsonData": "x".repeat(256 * 1024) } });
    app.post("/api/sessions/create", &big).await.refused(413, "config_too_large");
    let path = format!("/api/sessions/{}/config", visit.id);
    app.call("PUT", &path).json(&big).send().await.refused(413, "config_too_large");
    let mut message = big.clone();
    message["message"] = json!("Hi");
    app.send(&visit, &message).await.refused(413, "config_too_large");
    assert_eq!(state(&app, &visit).await, before);
    for n in 0..2 {
        let half = json!({ "config": { format!("half{n}"): "x".repeat(140 * 1024) } });
        let answer = app.call("PUT", &path).json(&half).send().await;
        assert_eq!(answer.status, if n == 0 { 200 } else { 413 }, "the whole counts");
    }
}

#[tokio::test]
async fn odd_but_harmless_values_are_taken() {
    let (_upstream, app, _, _) = talked().await;
    let odd = json!({ "user_identifier": "a\u{0}\u{202e}b'; drop table sessions; --",
        "config": { "": "", "\u{0}": "\u{0}", "__proto__": {}, "a.b": [1e308, -0.0, i64::MIN] }, "extra": [{}] });
    let visit = app.begin(&odd).await;
    let shown = app.get(&format!("/api/sessions/{}", visit.id)).await.ok();
    assert_eq!(shown["config"]["\u{0}"], "\u{0}");
    assert_eq!(shown["config"]["a.b"], odd["config"]["a.b"]);
    assert_eq!(app.say(&visit, "\u{202e}🙂 '; drop table messages; --").await.status, 200);
}

#[tokio::test]
async fn whatever_is_no_session_in_a_path_is_not_found() {
    let (_upstream, app, visit, _) = talked().await;
    let before = state(&app, &visit).await;
    let upper = visit.id.to_uppercase();
    let ids = [
        "x",
        "%00",
        "%ff%fe",
        "..%2f..%2fetc%2fpasswd",
        "%252e",
        "1'%20or%20'1'='1",
        "%F0%9F%99%82",
        &"a".repeat(5000),
        "00000000-0000-0000-0000-00000000000g",
    ];
    let unknown = new_id();
    for id in ids.into_iter().chain([unknown.as_str()]) {
        for (method, path) in [
            ("GET", format!("/api/sessions/{id}")),
            ("DELETE", format!("/api/sessions/{id}")),
            ("GET", format!("/api/sessions/{id}/export")),
            ("GET", format!("/api/chat/history/{id}")),
            ("DELETE", format!("/api/chat/history/{id}")),
        ] {
            app.call(method, &path).send().await.refused(404, "session_not_found");
        }
        let config = format!("/api/sessions/{id}/config");
        app.call("PUT", &config)
            .json(&json!({ "config": { "a": 1 } }))
            .send()
            .await
            .refused(404, "session_not_found");
        app.get(&format!("/api/chat/replies/{id}?sessionId={}", visit.id))
            .await
            .refused(404, "reply_not_found");
        app.call("POST", &format!("/api/chat/replies/{id}/stop?sessionId={}", visit.id))
            .send()
            .await
            .refused(404, "reply_not_found");
    }
    assert_eq!(app.get(&format!("/api/sessions/{upper}")).await.status, 200, "an id has no case");
    assert_eq!(state(&app, &visit).await, before);
}

#[tokio::test]
async fn a_query_of_the_wrong_kind_is_refused() {
    let (_upstream, app, visit, reply) = talked().await;
    let history = format!("/api/chat/history/{}", visit.id);
    let paths = [
        (format!("{history}?limit=x"), 400),
        (format!("{history}?limit=-1"), 400),
        (format!("{history}?limit=99999999999"), 400),
        (format!("{history}?limit="), 400),
        (format!("{history}?before=x"), 400),
        (format!("{history}?before="), 400),
        (format!("{history}?limit=1&limit=2"), 400),
        (format!("/api/sessions/{}/export?format=", visit.id), 400),
        (format!("/api/sessions/{}/export?format=JSON", visit.id), 400),
        ("/api/sessions/bot-config?bot=%00".to_owned(), 404),
        ("/api/sessions/bot-config?bot=%ff".to_owned(), 404),
        (format!("/api/chat/replies/{reply}?sessionId={}&sessionId=x", visit.id), 400),
        (format!("{history}?unknown=1&=&&&"), 200),
    ];
    for (path, status) in paths {
        let answer = app.get(&path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_in_json() {
    let (_upstream, app, visit, reply) = talked().await;
    for path in [
        "/nothing",
        "/api",
        "/api/",
        "/api/nothing",
        "/api/sessions",
        "/api/sessions/create/",
        "/API/sessions/create",
        "//api//chat",
        "/api/chat/message/x",
        "/%00",
        "/api/%ff",
        "/static/",
        "/.env",
        "/.git/config",
        "/health/",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            app.call(method, path).send().await.refused(404, "not_found");
        }
    }
    let session = format!("/api/sessions/{}", visit.id);
    let cases = [
        ("GET", "/api/sessions/create".to_owned(), 405, "POST"),
        ("POST", "/health".to_owned(), 405, "GET,HEAD"),
        ("POST", "/api/sessions/stats/summary".to_owned(), 405, "GET,HEAD"),
        ("PUT", "/api/sessions/bot-config".to_owned(), 405, "GET,HEAD"),
        ("PUT", session.clone(), 405, "GET,HEAD,DELETE"),
        ("GET", format!("{session}/config"), 405, "PUT"),
        ("PATCH", format!("{session}/config"), 405, "PUT"),
        ("GET", "/api/chat/message".to_owned(), 405, "POST"),
        ("POST", format!("/api/chat/history/{}", visit.id), 405, "GET,HEAD,DELETE"),
        ("DELETE", format!("/api/chat/replies/{reply}"), 405, "GET,HEAD"),
        ("GET", format!("/api/chat/replies/{reply}/stop"), 405, "POST"),
        ("POST", "/widget.js".to_owned(), 405, "GET,HEAD"),
        ("POST", "/".to_owned(), 405, "GET,HEAD"),
        ("BREW", "/health".to_owned(), 405, "GET,HEAD"),
    ];
    for (method, path, status, allow) in cases {
        let answer = app.call(method, &path).send().await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        if status == 405 {
            assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
            answer.refused(405, "method_not_allowed");
        }
    }
}

#[tokio::test]
async fn a_head_request_is_answered_without_a_body() {
    let (_upstream, app, visit, _) = talked().await;
    let answer: Answer = app.call("HEAD", &format!("/api/sessions/{}", visit.id)).send().await;
    assert_eq!((answer.status, answer.bytes.len()), (200, 0));
}

#[tokio::test]
async fn malformed_http_never_hangs_and_is_never_our_fault() {
    let timers = alcove::http::listener::Timers {
        first_byte: Duration::from_secs(1),
        head: Duration::from_secs(1),
        body: Duration::from_secs(1),
        idle: Duration::from_secs(1),
        ..Default::default()
    };
    let app = TestApp::setup().timers(timers).start().await;
    let huge = format!("GET /health HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    let many = format!("GET /health HTTP/1.1\r\nHost: h\r\n{}\r\n", "X: y\r\n".repeat(5000));
    let long = format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "x".repeat(100_000));
    let requests: Vec<(&str, Vec<u8>)> = vec![
        ("no request line", b"GARBAGE\r\n\r\n".to_vec()),
        ("blank lines", b"\r\n\r\n\r\n".to_vec()),
        ("no path", b"GET\r\n\r\n".to_vec()),
        ("HTTP/0.9", b"GET /health\r\n".to_vec()),
        ("HTTP/9.9", b"GET /health HTTP/9.9\r\n\r\n".to_vec()),
        ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("NUL bytes", vec![0; 64]),
        ("NUL in a header", b"GET /health HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n".to_vec()),
        ("a blank in a name", b"GET /health HTTP/1.1\r\nHost : h\r\n\r\n".to_vec()),
        ("a folded header", b"GET /health HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n".to_vec()),
        ("a header without colon", b"GET /health HTTP/1.1\r\nHost h\r\n\r\n".to_vec()),
        ("a huge header", huge.into_bytes()),
        ("many headers", many.into_bytes()),
        ("a long path", long.into_bytes()),
        ("a length that is none", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n".to_vec()),
        ("two lengths", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ".to_vec()),
        ("a length list", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Length: 2, 3\r\n\r\n{} ".to_vec()),
        ("a huge length", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n".to_vec()),
        ("an unknown coding", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n".to_vec()),
        ("a bad chunk", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec()),
        ("a missing end", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}".to_vec()),
        ("length, then coding", b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n".to_vec()),
        ("HTTP/1.0 with a coding", b"POST /api/sessions/create HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec()),
        ("a bad target", b"GET http://[::1 HTTP/1.1\r\nHost: h\r\n\r\n".to_vec()),
        ("a target with a blank", b"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n".to_vec()),
        ("CONNECT", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_vec()),
        ("upgrade", b"GET /nothing HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n".to_vec()),
    ];
    for (name, bytes) in requests {
        let answer = exchange(app.address, &bytes, Duration::from_secs(8)).await;
        let status = answer.status.unwrap_or(400);
        assert!((400..500).contains(&status), "{name}: {}", answer.text);
        assert!(!answer.text.contains("smuggled"), "{name}");
        assert_eq!(
            answer.text.matches("HTTP/1.1 ").count().max(1),
            1,
            "{name}: one answer: {}",
            answer.text
        );
    }
    assert_eq!(app.get("/health").await.status, 200);
    assert_eq!(app.get("/api/sessions/stats/summary").await.ok()["totalSessions"], 0);
}

#[tokio::test]
async fn what_follows_a_chunked_body_is_not_taken_for_a_request() {
    let app = TestApp::setup().start().await;
    let bytes = b"POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    let answer = exchange(app.address, bytes, Duration::from_secs(8)).await;
    assert_eq!(answer.text.matches("HTTP/1.1 ").count(), 1, "{}", answer.text);
}
