//! Tables that are kept ready in memory: for how long, and in which order they are told.

use std::time::{Duration, Instant};

use alcove::domain::actor::Actor;
use alcove::service::tables::{IDLE_TABLES, TableScope};
use serde_json::json;

use crate::support::api::Visit;
use crate::support::app::TestApp;

/// Uploads a table and asks about it, so that it is built.
async fn built(app: &TestApp) -> Visit {
    let visit = app.open().await;
    app.upload(&visit, "a.csv", b"a\n1\n2\n").await.ok();
    count(app, &visit).await;
    visit
}

async fn count(app: &TestApp, visit: &Visit) {
    let count = json!({ "sql": "select count(*) as n from a" });
    assert_eq!(app.ask_file(visit, &count).await.ok()["results"], json!([{ "n": 2 }]));
}

#[tokio::test]
async fn tables_that_nobody_asks_about_leave_memory_and_come_back() {
    let app = TestApp::setup().start().await;
    let visit = app.open().await;
    app.upload(&visit, "a.csv", b"a\n1\n2\n").await.ok();
    assert_eq!(app.tables.ready_count(), 0, "built when somebody asks");
    count(&app, &visit).await;
    app.tables.forget_idle(Instant::now());
    assert_eq!(app.tables.ready_count(), 1);
    app.tables.forget_idle(Instant::now() + IDLE_TABLES + Duration::from_secs(1));
    assert_eq!(app.tables.ready_count(), 0);
    count(&app, &visit).await;
    assert_eq!(app.tables.ready_count(), 1);
}

#[tokio::test]
async fn tables_leave_memory_with_their_file_and_with_their_session() {
    let app = TestApp::setup().start().await;
    let (one, other) = (built(&app).await, built(&app).await);
    assert_eq!(app.tables.ready_count(), 2);
    app.delete_file(&one).await.ok();
    assert_eq!(app.tables.ready_count(), 1);
    app.call("DELETE", &format!("/api/sessions/{}", other.id)).send().await.ok();
    assert_eq!(app.tables.ready_count(), 0);
}

#[tokio::test]
async fn the_latest_file_is_told_first_and_the_page_last() {
    let app = TestApp::setup().start().await;
    let data = json!({ "jsonData": { "items": [{ "a": 1 }, { "a": 2 }] } });
    let visit = app.begin(&json!({ "config": data })).await;
    for name in ["old.csv", "new.csv", "newest.csv"] {
        app.upload(&visit, name, b"a\n1\n2\n").await.ok();
    }
    let scope = TableScope {
        actor: Actor::System,
        session: visit.id.parse().expect("an id"),
        config: data.as_object().expect("an object").clone(),
    };
    let profiles = app.tables.profiles(&scope).await.expect("profiles");
    let names: Vec<&str> = profiles.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["newest", "new", "old", "items"]);
}
