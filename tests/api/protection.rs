//! Who may see a session, and for how long.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use alcove::files::sql::QueryLimits;
use alcove::service::guard::Guard;
use alcove::service::retention::Retention;
use alcove::service::tables::{TableLimits, Tables};
use alcove::store::Store;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use serde_json::{Value, json};

use crate::support::api::{Api, Visit, text_of};
use crate::support::app::TestApp;
use crate::support::http::Call;
use crate::support::script;
use crate::support::upstream::Upstream;

/// Every request that names a session, as (name, request).
fn requests(api: &Api, visit: &Visit, reply: &str) -> Vec<(&'static str, Call)> {
    let session = format!("/api/sessions/{}", visit.id);
    let history = format!("/api/chat/history/{}", visit.id);
    let replies = format!("/api/chat/replies/{reply}");
    let message = json!({ "sessionId": visit.id, "message": "Hi" });
    let thumb = json!({ "sessionId": visit.id, "rating": "up" });
    vec![
        ("show", api.call("GET", &session)),
        (
            "configure",
            api.call("PUT", &format!("{session}/config")).json(&json!({ "config": { "a": 1 } })),
        ),
        ("tell", api.call("POST", &format!("{session}/details")).json(&json!({ "name": "A" }))),
        ("export", api.call("GET", &format!("{session}/export"))),
        ("history", api.call("GET", &history)),
        ("resume", api.call("GET", &format!("{replies}?sessionId={}", visit.id))),
        ("resume by header", api.call("GET", &replies).header("x-session-id", &visit.id)),
        ("stop", api.call("POST", &format!("{replies}/stop?sessionId={}", visit.id))),
        ("rate", api.call("POST", &format!("{replies}/feedback")).json(&thumb)),
        ("send", api.call("POST", "/api/chat/message").json(&message)),
        ("clear", api.call("DELETE", &history)),
        ("erase", api.call("DELETE", &session)),
    ]
}

async fn talked(protected: bool) -> (Upstream, TestApp, Visit, String) {
    let upstream = Upstream::start(vec![script::openai(&["SECRET-REPLY"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit =
        app.begin(&json!({ "protected": protected, "config": { "c": "SECRET-CONFIG" } })).await;
    let reply = app.ask(&visit, "SECRET-QUESTION").await.told().await.reply;
    (upstream, app, visit, reply)
}

#[tokio::test]
async fn a_protected_session_is_unknown_without_its_token_everywhere() {
    let (upstream, app, visit, reply) = talked(true).await;
    let right = visit.token.clone().expect("a token");
    let other = app.protected().await.token.expect("a token");
    let cut = right.get(..42).expect("long").to_owned();
    let longer = format!("{right}A");
    let upper = right.to_uppercase();
    let wrongs = [
        None,
        Some(""),
        Some("wrong"),
        Some(&other),
        Some(&cut),
        Some(&longer),
        Some(&upper),
        Some(visit.id.as_str()),
    ];
    for wrong in wrongs {
        for (name, call) in requests(&app, &visit, &reply) {
            let answer = call.token(wrong).send().await;
            assert!(!answer.text().contains("SECRET"), "{name} {wrong:?}");
            let body = answer.refused(404, "session_not_found");
            assert_eq!(body["error"], "Session not found", "{name}: as if there were none");
        }
    }
    assert_eq!(upstream.received().await.len(), 1);
    assert_eq!(app.history(&visit).await.len(), 2, "nothing was changed");
    for (name, call) in requests(&app, &visit, &reply) {
        assert_eq!(call.token(Some(&right)).send().await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn a_token_works_in_its_header_only() {
    let (_upstream, app, visit, _) = talked(true).await;
    let token = visit.token.clone().expect("a token");
    let path = format!("/api/sessions/{}", visit.id);
    app.get(&format!("{path}?visitorToken={token}&x-visitor-token={token}"))
        .await
        .refused(404, "session_not_found");
    app.call("GET", &path)
        .header("authorization", &format!("Bearer {token}"))
        .send()
        .await
        .refused(404, "session_not_found");
    app.call("GET", &path)
        .header("cookie", &format!("x-visitor-token={token}"))
        .send()
        .await
        .refused(404, "session_not_found");
}

#[tokio::test]
async fn an_unprotected_session_opens_by_its_id_whatever_token_is_shown() {
    let (_upstream, app, visit, reply) = talked(false).await;
    for (name, call) in requests(&app, &visit, &reply) {
        assert_eq!(call.token(Some("any")).send().await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn forty_tokens_are_unique_and_long() {
    let app = TestApp::setup().start().await;
    let mut tokens = HashSet::new();
    for _ in 0..40 {
        let token = app.protected().await.token.expect("a token");
        assert!(token.len() >= 43, "{token}");
        assert!(!token.bytes().all(|b| b.is_ascii_digit()));
        tokens.insert(token);
    }
    assert_eq!(tokens.len(), 40);
}

#[tokio::test]
async fn a_client_cannot_choose_session_id_or_token() {
    let app = TestApp::setup().start().await;
    let chosen = "11111111-1111-4111-8111-111111111111";
    let wishes =
        json!({ "sessionId": chosen, "id": chosen, "visitorToken": "mine", "protected": true });
    let call = app.call("POST", &format!("/api/sessions/create?sessionId={chosen}")).json(&wishes);
    let created = call
        .header("cookie", &format!("sessionId={chosen}"))
        .header("x-visitor-token", "mine")
        .send()
        .await
        .json();
    assert_ne!(created["sessionId"], chosen);
    assert_ne!(created["visitorToken"], "mine");
    app.get(&format!("/api/sessions/{chosen}")).await.refused(404, "session_not_found");
}

#[tokio::test]
async fn an_unprotected_session_ends_after_thirty_idle_minutes_everywhere() {
    let (upstream, app, visit, reply) = talked(false).await;
    app.clock.advance(Duration::from_secs(30 * 60));
    assert_eq!(app.get(&format!("/api/chat/history/{}", visit.id)).await.status, 200, "not yet");
    app.clock.advance(Duration::from_millis(1));
    for (name, call) in requests(&app, &visit, &reply) {
        let answer = call.send().await;
        assert!(!answer.text().contains("SECRET"), "{name}");
        let body = answer.refused(404, "session_expired");
        assert_eq!(body["error"], "Session not found", "{name}");
    }
    assert_eq!(upstream.received().await.len(), 1);
}

#[tokio::test]
async fn an_ended_protected_session_is_read_taken_along_and_erased_but_not_written_to() {
    let (upstream, app, visit, reply) = talked(true).await;
    app.clock.advance_minutes(31);
    let expected = [
        ("show", 200),
        ("configure", 404),
        ("tell", 404),
        ("export", 200),
        ("history", 200),
        ("resume", 200),
        ("resume by header", 200),
        ("stop", 200),
        ("rate", 200),
        ("send", 404),
        ("clear", 404),
        ("erase", 200),
    ];
    for ((name, call), (same, status)) in requests(&app, &visit, &reply).into_iter().zip(expected) {
        assert_eq!(name, same);
        let answer = call.token(visit.token.as_deref()).send().await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        if status == 404 {
            answer.refused(404, "session_expired");
        }
    }
    assert_eq!(upstream.received().await.len(), 1);
}

#[tokio::test]
async fn reading_an_ended_session_does_not_bring_it_back() {
    let (_upstream, app, visit, _) = talked(true).await;
    app.clock.advance_minutes(31);
    for _ in 0..3 {
        let shown =
            app.as_visitor(&visit, "GET", &format!("/api/sessions/{}", visit.id)).send().await.ok();
        assert_eq!(shown["lastActivity"], crate::native::THEN);
    }
    app.say(&visit, "Hi").await.refused(404, "session_expired");
}

#[tokio::test]
async fn sending_and_configuring_extend_a_session() {
    let (_upstream, app, visit, _) = talked(false).await;
    for n in 0..3 {
        app.clock.advance_minutes(29);
        app.say(&visit, "still here").await.ok();
        app.clock.advance_minutes(29);
        let path = format!("/api/sessions/{}/config", visit.id);
        app.call("PUT", &path).json(&json!({ "config": { "n": n } })).send().await.ok();
    }
}

#[tokio::test]
async fn the_timeout_is_the_owners() {
    let app = TestApp::setup().set("SESSION_TIMEOUT_MINUTES", "5").start().await;
    let visit = app.open().await;
    app.clock.advance_minutes(6);
    app.say(&visit, "Hi").await.refused(404, "session_expired");
}

/// Clean-up on the database of `app`, at its time.
async fn clean_up(app: &TestApp, retention: Option<Duration>) -> u64 {
    let store = SqliteStore::open(SqliteSettings::new(&app.database)).expect("the same database");
    let store: Arc<dyn Store> = Arc::new(store);
    let limits = TableLimits {
        query_time: Duration::from_secs(1),
        query: QueryLimits::default(),
        cache_bytes: 0,
    };
    let job = Retention {
        tables: Arc::new(Tables::new(Arc::clone(&store), limits)),
        store,
        guard: Arc::new(Guard::new(None)),
        clock: Arc::new(app.clock.clone()),
        session_timeout: Duration::from_secs(30 * 60),
        retention,
    };
    let deleted = job.clean_up().await.expect("it cleans up");
    job.store.close().await;
    deleted
}

#[tokio::test]
async fn clean_up_deletes_ended_sessions_in_which_nothing_was_said() {
    let (_upstream, app, talked, _) = talked(true).await;
    let empty = app.protected().await;
    app.clock.advance_minutes(20);
    let young = app.protected().await;
    assert_eq!(clean_up(&app, None).await, 0, "none has ended");
    app.clock.advance_minutes(11);
    assert_eq!(clean_up(&app, None).await, 1);
    let status = async |visit: &Visit| {
        app.as_visitor(visit, "GET", &format!("/api/sessions/{}", visit.id)).send().await.status
    };
    assert_eq!(
        (status(&talked).await, status(&empty).await, status(&young).await),
        (200, 404, 200)
    );
}

#[tokio::test]
async fn clean_up_deletes_what_is_past_retention_and_nothing_else() {
    const DAY: u64 = 24 * 60;
    let (_upstream, app, old, _) = talked(true).await;
    app.clock.advance_minutes(6 * DAY);
    let recent = app.protected().await;
    app.say(&recent, "Hi").await.ok();
    app.clock.advance_minutes(2 * DAY);
    assert_eq!(clean_up(&app, None).await, 0, "without retention all talks stay");
    assert_eq!(clean_up(&app, Some(Duration::from_secs(7 * DAY * 60))).await, 1);
    let path = format!("/api/sessions/{}", old.id);
    app.as_visitor(&old, "GET", &path).send().await.refused(404, "session_not_found");
    let kept: Vec<Value> = app.history(&recent).await;
    assert_eq!(text_of(&kept[0]["content"]), "Hi");
}
