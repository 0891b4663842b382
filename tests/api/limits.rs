//! How fast visitors and addresses may act.

use serde_json::json;

use crate::support::api::{Visit, text_of};
use crate::support::app::{Setup, TestApp};
use crate::support::http::Answer;
use crate::support::script;
use crate::support::upstream::{Gate, Upstream};

fn limited(upstream: &Upstream) -> Setup {
    TestApp::setup().openai(upstream).set("RATE_LIMITS", "on")
}

fn assert_limited(answer: Answer, longest: u64) {
    let wait: u64 = answer.header("retry-after").expect("a wait").parse().expect("seconds");
    assert!((1..=longest).contains(&wait), "{wait}");
    answer.refused(429, "rate_limited");
}

#[tokio::test]
async fn a_session_may_send_only_so_many_messages_in_a_minute() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = limited(&upstream).set("LIMIT_MESSAGES_PER_MINUTE", "3").start().await;
    let (visit, other) = (app.open().await, app.open().await);
    for _ in 0..3 {
        assert_eq!(app.say(&visit, "Hi").await.status, 200);
    }
    assert_limited(app.say(&visit, "too much").await, 21);
    let streamed = json!({ "message": "too much", "stream": true });
    assert_limited(app.message(&visit, &streamed).send().await, 21);
    assert_eq!(app.say(&other, "Hi").await.status, 200, "others are not held back");
    let stored = serde_json::to_string(&app.history(&visit).await).expect("JSON");
    assert!(!stored.contains("too much"), "a refused message is not stored");
    assert_eq!(app.history(&visit).await.len(), 6);
    assert_eq!(upstream.received().await.len(), 4, "nor billed");
}

#[tokio::test]
async fn joining_a_reply_is_no_new_message() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = limited(&upstream).set("LIMIT_MESSAGES_PER_MINUTE", "1").start().await;
    let visit = app.open().await;
    let fields = json!({ "message": "Hi", "messageId": crate::sending::new_id() });
    for _ in 0..5 {
        assert_eq!(app.send(&visit, &fields).await.status, 200);
    }
    assert_limited(app.say(&visit, "another").await, 61);
}

#[tokio::test]
async fn new_sessions_of_one_address_share_its_messages() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = limited(&upstream).set("LIMIT_ADDRESS_MESSAGES_PER_MINUTE", "2").start().await;
    let visits = [app.open().await, app.open().await, app.open().await];
    assert_eq!(app.say(&visits[0], "Hi").await.status, 200);
    assert_eq!(app.say(&visits[1], "Hi").await.status, 200);
    assert_limited(app.say(&visits[2], "Hi").await, 31);
    assert!(app.history(&visits[2]).await.is_empty());
}

#[tokio::test]
async fn an_address_may_begin_only_so_many_sessions_in_an_hour() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = limited(&upstream).set("LIMIT_ADDRESS_SESSIONS_PER_HOUR", "2").start().await;
    app.open().await;
    app.open().await;
    assert_limited(app.post("/api/sessions/create", &json!({})).await, 1801);
    assert_eq!(app.get("/api/sessions/stats/summary").await.ok()["totalSessions"], 2);
}

async fn create_from(app: &TestApp, forwarded: &str) -> u16 {
    let call = app.call("POST", "/api/sessions/create").json(&json!({}));
    call.header("x-forwarded-for", forwarded)
        .header("x-real-ip", forwarded)
        .header("forwarded", &format!("for={forwarded}"))
        .send()
        .await
        .status
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_visitor_has_limits_of_its_own() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let setup = limited(&upstream).set("LIMIT_ADDRESS_SESSIONS_PER_HOUR", "1");
    let app = setup.set("TRUSTED_PROXIES", "127.0.0.1").start().await;
    let cases = [
        ("192.0.2.1", 201),
        ("192.0.2.1", 429),
        ("192.0.2.2", 201),
        // What stands further left was written by the visitor and may be a lie.
        ("192.0.2.99, 192.0.2.1", 429),
        ("evil, 192.0.2.2", 429),
        ("192.0.2.3:4711", 201),
        ("192.0.2.3", 429),
        ("2001:db8::1", 201),
        ("2001:db8::2", 429),
        ("[2001:db8:0:1::1]:80", 201),
        ("::ffff:192.0.2.3", 429),
    ];
    for (forwarded, status) in cases {
        assert_eq!(create_from(&app, forwarded).await, status, "{forwarded}");
    }
}

#[tokio::test]
async fn a_forwarded_address_is_not_believed_from_just_anybody() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    for trusted in [None, Some("192.0.2.0/24")] {
        let mut setup = limited(&upstream).set("LIMIT_ADDRESS_SESSIONS_PER_HOUR", "1");
        if let Some(trusted) = trusted {
            setup = setup.set("TRUSTED_PROXIES", trusted);
        }
        let app = setup.start().await;
        assert_eq!(create_from(&app, "192.0.2.1").await, 201);
        for spoofed in ["192.0.2.2", "198.51.100.7", "127.0.0.1", "", "2001:db8::1"] {
            assert_eq!(create_from(&app, spoofed).await, 429, "{spoofed}");
        }
    }
}

#[tokio::test]
async fn a_session_has_one_running_reply() {
    let gate = Gate::new();
    let upstream =
        Upstream::start(vec![script::gated(&["one"], &gate), script::openai(&["two"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    let mut events = app.ask(&visit, "first").await;
    events.expect("start").await;
    let answer = app.say(&visit, "second").await;
    assert_eq!(answer.header("retry-after"), Some("1"));
    answer.refused(429, "reply_running");
    let other: Visit = app.open().await;
    assert_eq!(app.say(&other, "Hi").await.status, 200, "other sessions go on");
    gate.open();
    assert_eq!(events.read_text(3).await, "one");
    events.expect("done").await;
    assert_eq!(app.say(&visit, "third").await.status, 200, "at once after done");
    let history = app.history(&visit).await;
    let said: Vec<String> = history.iter().map(|message| text_of(&message["content"])).collect();
    assert_eq!(said, ["first", "one", "third", "two"]);
}

#[tokio::test]
async fn rate_limits_off_lifts_them() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let mut setup = limited(&upstream).set("RATE_LIMITS", "off");
    for name in [
        "LIMIT_MESSAGES_PER_MINUTE",
        "LIMIT_ADDRESS_MESSAGES_PER_MINUTE",
        "LIMIT_ADDRESS_SESSIONS_PER_HOUR",
        "MAX_CONNECTIONS_PER_ADDRESS",
    ] {
        setup = setup.set(name, "1");
    }
    let app = setup.start().await;
    for _ in 0..4 {
        let visit = app.open().await;
        app.say(&visit, "1").await.ok();
        app.say(&visit, "2").await.ok();
    }
}
