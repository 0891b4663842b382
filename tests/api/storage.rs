//! A database that is locked or full, and clocks that jump.

use std::time::{Duration, Instant};

use alcove::domain::clock::Clock as _;
use rusqlite::Connection;
use serde_json::json;

use crate::support::api::text_of;
use crate::support::app::{KEY, TestApp};
use crate::support::process::Program;
use crate::support::script;
use crate::support::upstream::Upstream;

#[tokio::test]
async fn while_somebody_locks_the_database_reads_go_on_and_writes_are_told_to_wait() {
    let upstream = Upstream::start(vec![script::openai(&["Hello"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    app.say(&visit, "Hi").await.ok();
    let other = Connection::open(&app.database).expect("the same database");
    other.execute_batch("begin immediate").expect("a lock");
    let write = app.call("POST", "/api/sessions/create").json(&json!({})).send();
    let reads = async {
        for path in
            [format!("/api/chat/history/{}", visit.id), "/api/sessions/stats/summary".to_owned()]
        {
            let began = Instant::now();
            assert_eq!(app.get(&path).await.status, 200, "{path}");
            assert!(began.elapsed() < Duration::from_secs(1), "{path}: {:?}", began.elapsed());
        }
    };
    let (refused, ()) = tokio::join!(write, reads);
    assert_eq!(refused.header("retry-after"), Some("5"));
    refused.refused(503, "storage_unavailable");
    let began = Instant::now();
    let health = app.get("/health").await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(health.status, 503);
    assert_eq!(
        (&health.json()["status"], &health.json()["database"]),
        (&json!("degraded"), &json!("busy"))
    );
    other.execute_batch("rollback").expect("the lock is given back");
    assert_eq!(app.say(&visit, "again").await.ok()["messageCount"], 4, "back without a restart");
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_full_disk_is_told_and_reads_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let upstream = Upstream::start(vec![script::openai(&["Hello"])]).await;
    let base = upstream.address().to_owned();
    let values = [
        ("OPENAI_API_KEY", KEY),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_MODEL", "m"),
        ("RATE_LIMITS", "off"),
    ];
    let program = Program::start_with_file_limit(folder.path(), &values, 400 * 1024);
    let visit = program.open().await;
    let long = "x".repeat(7000);
    let mut sent = 0;
    loop {
        let answer = program.say(&visit, &long).await;
        match answer.status {
            200 => sent += 1,
            // The room may end within a turn: then its reply is what cannot be stored.
            503 if answer.json()["code"] == "storage_unavailable" => {}
            _ => break drop(answer.refused(503, "storage_full")),
        }
        assert!(sent < 1000, "the limit is never reached");
    }
    let history = program.get(&format!("/api/chat/history/{}?limit=500", visit.id)).await.ok();
    let count = history["messageCount"].as_u64().expect("a number");
    assert!(count >= sent * 2, "{count} of {sent} turns: nothing acknowledged is lost");
    let health = program.get("/health").await;
    assert_eq!((health.status, health.json()["status"].clone()), (503, json!("degraded")));
    program.lift_file_limit();
    assert_eq!(program.get("/health").await.status, 200, "back without a restart");
    assert_eq!(program.say(&visit, "again").await.status, 200);
}

#[tokio::test]
async fn a_clock_that_jumps_changes_no_order_and_locks_nobody_out() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    let now = app.clock.now().as_ms();
    for (n, ms) in [now, now - 86_400_000, 0, now - 1, now].into_iter().enumerate() {
        app.clock.set(ms);
        app.say(&visit, &format!("m{n}")).await.ok();
    }
    let said: Vec<String> =
        app.history(&visit).await.iter().map(|message| text_of(&message["content"])).collect();
    assert_eq!(said, ["m0", "re", "m1", "re", "m2", "re", "m3", "re", "m4", "re"]);
    app.clock.set(i64::MAX);
    assert_eq!(app.get("/api/sessions/stats/summary").await.status, 200);
    app.get(&format!("/api/sessions/{}", visit.id)).await.refused(404, "session_expired");
}
