//! Every endpoint of the native API, field by field.

use serde_json::{Value, json};

use crate::support::api::text_of;
use crate::support::app::{BEGINNING, KEY, MODEL, TestApp};
use crate::support::script::{self, NAMED_MODEL};
use crate::support::upstream::Upstream;

/// How the clock of a test prints at its beginning.
pub const THEN: &str = "2026-09-21T14:13:20Z";

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> =
        value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn is_uuid(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == 36 && text.bytes().filter(|b| *b == b'-').count() == 4
}

async fn answering(pieces: &[&str]) -> (Upstream, TestApp) {
    let upstream = Upstream::start(vec![script::openai(pieces)]).await;
    let app = TestApp::with(&upstream).await;
    (upstream, app)
}

#[tokio::test]
async fn health_says_that_the_database_takes_writes() {
    let app = TestApp::setup().start().await;
    let health = app.get("/health").await.ok();
    assert_eq!(keys(&health), ["database", "status", "uptimeSeconds", "version"]);
    assert_eq!((&health["status"], &health["database"]), (&json!("ok"), &json!("ok")));
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["uptimeSeconds"].is_u64());
}

#[tokio::test]
async fn a_created_session_has_the_bots_config_with_the_callers_on_top() {
    let app = TestApp::setup().set("BOT_NAME", "Ada").set("BOT_COLOR", "#0b7285").start().await;
    let wishes = json!({ "config": { "botName": "Mine", "pageContext": { "title": "Shop" } },
        "user_identifier": "u-1" });
    let answer = app.post("/api/sessions/create", &wishes).await;
    assert_eq!(answer.status, 201);
    let created = answer.json();
    assert_eq!(keys(&created), ["config", "sessionId", "status", "timestamp"]);
    assert!(is_uuid(&created["sessionId"]));
    assert_eq!((&created["status"], &created["timestamp"]), (&json!("created"), &json!(THEN)));
    let config = json!({ "aiProvider": "demo", "botName": "Mine", "poweredBy": "",
        "botColor": "#0b7285", "botIcon": null, "botMsgBgColor": "#667eea",
        "pageContext": { "title": "Shop" } });
    assert_eq!(created["config"], config);
}

#[tokio::test]
async fn a_protected_session_comes_with_its_token_once() {
    let app = TestApp::setup().start().await;
    let answer = app.post("/api/sessions/create", &json!({ "protected": true })).await;
    let created = answer.json();
    assert_eq!(keys(&created), ["config", "sessionId", "status", "timestamp", "visitorToken"]);
    let token = text_of(&created["visitorToken"]);
    assert_ne!(token, text_of(&created["sessionId"]));
    let path = format!("/api/sessions/{}", text_of(&created["sessionId"]));
    let shown = app.call("GET", &path).token(Some(&token)).send().await;
    assert_eq!(shown.status, 200);
    assert!(!shown.text().contains(&token), "never told again");
}

#[tokio::test]
async fn a_session_shows_its_conversation_and_config() {
    let (_upstream, app) = answering(&["Hello"]).await;
    let visit = app.begin(&json!({ "config": { "botName": "Mine" } })).await;
    app.clock.advance_minutes(2);
    app.say(&visit, "Hi").await.ok();
    app.clock.advance_minutes(3);
    let shown = app.get(&format!("/api/sessions/{}", visit.id)).await.ok();
    assert_eq!(
        keys(&shown),
        ["config", "createdAt", "details", "lastActivity", "messages", "sessionId"]
    );
    assert_eq!(shown["sessionId"], visit.id.as_str());
    assert_eq!(shown["config"]["botName"], "Mine");
    assert_eq!(shown["createdAt"], THEN);
    assert_eq!(shown["lastActivity"], "2026-09-21T14:15:20Z");
    assert_eq!(shown["messages"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn reading_a_session_counts_as_activity() {
    let app = TestApp::setup().start().await;
    let visit = app.open().await;
    let path = format!("/api/sessions/{}", visit.id);
    for _ in 0..4 {
        app.clock.advance_minutes(20);
        assert_eq!(app.get(&path).await.status, 200);
    }
    app.clock.advance_minutes(31);
    app.get(&path).await.refused(404, "session_expired");
}

#[tokio::test]
async fn config_is_merged_key_by_key_and_null_removes() {
    let app = TestApp::setup().start().await;
    let visit = app.begin(&json!({ "config": { "a": 1, "b": { "x": 1 }, "c": "keep" } })).await;
    let path = format!("/api/sessions/{}/config", visit.id);
    let changes = json!({ "config": { "a": null, "b": { "y": 2 }, "botName": "New" } });
    let updated = app.call("PUT", &path).json(&changes).send().await.ok();
    assert_eq!(keys(&updated), ["config", "sessionId", "status"]);
    assert_eq!((&updated["status"], &updated["sessionId"]), (&json!("updated"), &json!(visit.id)));
    let shown = app.get(&format!("/api/sessions/{}", visit.id)).await.ok();
    assert_eq!(shown["config"], updated["config"], "what was answered is what is kept");
    let config = &updated["config"];
    assert_eq!((&config["b"], &config["c"]), (&json!({ "y": 2 }), &json!("keep")));
    assert_eq!(config["botName"], "New");
    assert!(config.get("a").is_none());
}

#[tokio::test]
async fn a_removed_key_shows_the_bots_own_again() {
    let app = TestApp::setup().set("BOT_NAME", "Ada").start().await;
    let visit = app.begin(&json!({ "config": { "botName": "Mine" } })).await;
    let path = format!("/api/sessions/{}/config", visit.id);
    let changes = json!({ "config": { "botName": null } });
    let updated = app.call("PUT", &path).json(&changes).send().await.ok();
    assert_eq!(updated["config"]["botName"], "Ada");
}

#[tokio::test]
async fn stats_count_sessions_and_those_active_in_the_last_five_minutes() {
    let app = TestApp::setup().start().await;
    let visit = app.open().await;
    app.clock.advance_minutes(6);
    app.open().await;
    let stats = app.get("/api/sessions/stats/summary").await.ok();
    let expected = json!({ "totalSessions": 2, "recentlyActive": 1,
        "timestamp": "2026-09-21T14:19:20Z" });
    assert_eq!(stats, expected);
    assert!(!stats.to_string().contains(&visit.id), "counts only");
}

#[tokio::test]
async fn bot_config_tells_what_a_widget_needs() {
    let (_upstream, app) = answering(&["x"]).await;
    let bot = app.get("/api/sessions/bot-config").await.ok();
    let expected = json!({ "bot": "default", "botName": "Claude Assistant", "poweredBy": "Claude",
        "botColor": "#667eea", "botIcon": null, "botMsgBgColor": "#667eea",
        "welcome": "Hi! How can I help?", "suggestions": [], "position": "right",
        "language": "auto", "demo": false, "leadForm": null, "limits": { "maxMessageChars": 8000 },
        "files": { "maxBytes": 10_485_760, "maxFiles": 5,
            "accept": [".csv", ".tsv", ".json", ".jsonl", ".ndjson"] } });
    assert_eq!(bot, expected);
    assert_eq!(app.get("/api/sessions/bot-config?bot=default").await.ok(), expected);
    app.get("/api/sessions/bot-config?bot=other").await.refused(404, "bot_not_found");
}

#[tokio::test]
async fn bot_config_tells_the_demo_mode_and_keeps_instructions_to_itself() {
    let setup = TestApp::setup().set("BOT_SYSTEM_PROMPT", "SECRET-PLAN");
    let app = setup.set("BOT_SUGGESTIONS", "One? | Two?").start().await;
    let answer = app.get("/api/sessions/bot-config").await;
    assert!(!answer.text().contains("SECRET-PLAN"));
    let bot = answer.ok();
    assert_eq!((&bot["demo"], &bot["suggestions"]), (&json!(true), &json!(["One?", "Two?"])));
}

#[tokio::test]
async fn a_message_as_json_answers_the_whole_reply() {
    let (upstream, app) = answering(&["Hello", " there"]).await;
    let visit = app.open().await;
    let reply = app.say(&visit, "Hi").await.ok();
    let expected_keys = [
        "finishReason",
        "messageCount",
        "messageId",
        "model",
        "provider",
        "providerName",
        "response",
        "sessionId",
        "timestamp",
        "usage",
    ];
    assert_eq!(keys(&reply), expected_keys);
    assert_eq!(reply["response"], "Hello there");
    assert_eq!(reply["sessionId"], visit.id.as_str());
    assert!(is_uuid(&reply["messageId"]));
    assert_eq!(reply["messageCount"], 2);
    assert_eq!((&reply["provider"], &reply["providerName"]), (&json!("openai"), &json!("OpenAI")));
    assert_eq!((&reply["model"], &reply["timestamp"]), (&json!(NAMED_MODEL), &json!(THEN)));
    assert_eq!(reply["usage"], json!({ "inputTokens": 12, "outputTokens": 5 }));
    assert_eq!(reply["finishReason"], "stop");
    let received = upstream.received().await;
    assert_eq!(received[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(received[0].body["model"], MODEL);
}

#[tokio::test]
async fn history_shows_each_message_with_its_facts() {
    let (_upstream, app) = answering(&["Hello"]).await;
    let visit = app.open().await;
    let reply = app.say(&visit, "  Hi \n").await.ok();
    let history = app.get(&format!("/api/chat/history/{}", visit.id)).await.ok();
    assert_eq!(keys(&history), ["hasMore", "messageCount", "messages", "sessionId"]);
    assert_eq!((&history["messageCount"], &history["hasMore"]), (&json!(2), &json!(false)));
    assert_eq!(history["sessionId"], visit.id.as_str());
    let user = &history["messages"][0];
    assert!(is_uuid(&user["id"]) && user["id"] != reply["messageId"]);
    let expected = json!({ "id": user["id"], "role": "user", "content": "Hi",
        "timestamp": BEGINNING, "status": "complete" });
    assert_eq!(*user, expected);
    let expected = json!({ "id": reply["messageId"], "role": "assistant", "content": "Hello",
        "timestamp": BEGINNING, "status": "complete", "provider": "openai",
        "model": NAMED_MODEL, "finishReason": "stop" });
    assert_eq!(history["messages"][1], expected);
}

#[tokio::test]
async fn history_is_paged_backwards_oldest_first_in_the_page() {
    let (_upstream, app) = answering(&["re"]).await;
    let visit = app.open().await;
    for n in 0..3 {
        app.say(&visit, &format!("m{n}")).await.ok();
    }
    let page = async |query: &str| {
        let page = app.get(&format!("/api/chat/history/{}{query}", visit.id)).await.ok();
        let texts: Vec<String> = page["messages"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|message| text_of(&message["content"]))
            .collect();
        (
            texts,
            page["hasMore"].clone(),
            page["messages"][0]["id"].clone(),
            page["messageCount"].clone(),
        )
    };
    let (texts, has_more, oldest, count) = page("?limit=2").await;
    assert_eq!((texts, has_more, count), (vec!["m2".into(), "re".into()], json!(true), json!(6)));
    let before = format!("?limit=3&before={}", text_of(&oldest));
    let (texts, has_more, oldest, _) = page(&before).await;
    let expected: Vec<String> = ["re", "m1", "re"].map(String::from).into();
    assert_eq!((texts, has_more), (expected, json!(true)));
    let (texts, has_more, ..) = page(&format!("?before={}", text_of(&oldest))).await;
    assert_eq!((texts, has_more), (vec!["m0".into()], json!(false)));
    let (texts, ..) = page("?limit=0").await;
    assert_eq!(texts.len(), 1, "a page has at least one");
    let (texts, ..) = page("?limit=4000000000").await;
    assert_eq!(texts.len(), 6, "a limit beyond the greatest is cut");
    let nobody = "00000000-0000-4000-8000-000000000000";
    let (texts, has_more, ..) = page(&format!("?before={nobody}")).await;
    assert_eq!((texts.len(), has_more), (0, json!(false)));
}

#[tokio::test]
async fn a_cleared_history_is_empty_and_the_session_goes_on() {
    let (_upstream, app) = answering(&["re"]).await;
    let visit = app.open().await;
    app.say(&visit, "hello").await.ok();
    let path = format!("/api/chat/history/{}", visit.id);
    let cleared = app.call("DELETE", &path).send().await.ok();
    let expected = json!({ "sessionId": visit.id, "status": "cleared", "messagesCleared": 2,
        "timestamp": THEN });
    assert_eq!(cleared, expected);
    assert!(app.history(&visit).await.is_empty());
    assert_eq!(app.call("DELETE", &path).send().await.ok()["messagesCleared"], 0);
    assert_eq!(app.say(&visit, "again").await.ok()["messageCount"], 2);
}

#[tokio::test]
async fn a_conversation_is_exported_as_json_and_as_text() {
    let (_upstream, app) = answering(&["Grüße"]).await;
    let visit = app.protected().await;
    app.say(&visit, "Hi").await.ok();
    let path = |format: &str| format!("/api/sessions/{}/export{format}", visit.id);
    for query in ["", "?format=json"] {
        let export = app.as_visitor(&visit, "GET", &path(query)).send().await;
        assert_eq!(export.header("content-type"), Some("application/json"));
        let disposition = "attachment; filename=\"conversation.json\"";
        assert_eq!(export.header("content-disposition"), Some(disposition));
        let whole = export.ok();
        assert_eq!(keys(&whole), ["details", "messages", "sessionId"]);
        assert_eq!(whole["messages"], json!(app.history(&visit).await));
    }
    let export = app.as_visitor(&visit, "GET", &path("?format=txt")).send().await;
    assert_eq!(export.header("content-type"), Some("text/plain; charset=utf-8"));
    let disposition = "attachment; filename=\"conversation.txt\"";
    assert_eq!(export.header("content-disposition"), Some(disposition));
    assert_eq!(export.text(), format!("[{THEN}] You:\nHi\n\n[{THEN}] Assistant:\nGrüße\n\n"));
    let wrong = app.as_visitor(&visit, "GET", &path("?format=pdf")).send().await;
    assert_eq!(
        wrong.refused(400, "invalid_request")["fields"],
        json!({ "format": ["It must be json or txt."] })
    );
}

#[tokio::test]
async fn an_export_holds_more_messages_than_a_page() {
    let (_upstream, app) = answering(&["re"]).await;
    let visit = app.open().await;
    for n in 0..60 {
        app.say(&visit, &format!("m{n}")).await.ok();
    }
    let export = app.get(&format!("/api/sessions/{}/export", visit.id)).await.ok();
    assert_eq!(export["messages"].as_array().map(Vec::len), Some(120));
    let history = app.get(&format!("/api/chat/history/{}", visit.id)).await.ok();
    assert_eq!(history["messages"].as_array().map(Vec::len), Some(100), "the usual page");
}

#[tokio::test]
async fn an_erased_session_is_really_gone() {
    let (_upstream, app) = answering(&["UNIQUE-REPLY-4711"]).await;
    let visit = app.protected().await;
    app.say(&visit, "UNIQUE-MESSAGE-4711").await.ok();
    let path = format!("/api/sessions/{}", visit.id);
    let erased = app.as_visitor(&visit, "DELETE", &path).send().await.ok();
    assert_eq!(erased, json!({ "sessionId": visit.id, "status": "erased" }));
    for (method, path) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("GET", format!("{path}/export")),
        ("GET", format!("/api/chat/history/{}", visit.id)),
    ] {
        app.as_visitor(&visit, method, &path).send().await.refused(404, "session_not_found");
    }
    app.say(&visit, "again").await.refused(404, "session_not_found");
    assert_eq!(app.get("/api/sessions/stats/summary").await.ok()["totalSessions"], 0);
    for file in std::fs::read_dir(app.database.parent().expect("a folder")).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("its bytes");
        for mark in ["UNIQUE-REPLY-4711", "UNIQUE-MESSAGE-4711", visit.id.as_str()] {
            let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            assert!(!found, "{mark} is still on disk");
        }
    }
}
