//! A panic in a handler: an error like any other for the client, its place and nothing else in
//! the log.

use std::process::Command;

use alcove::config::LogsConfig;
use alcove::http::security;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::middleware::from_fn;
use axum::routing::get;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

const WORDS: &str = "WORDS-OF-A-VISITOR";

/// Run by the test below in a process of its own, since logging is set up once for a process.
#[tokio::test]
#[ignore = "run by another test"]
async fn a_handler_panics() {
    alcove::telemetry::start(&LogsConfig { level: tracing::Level::INFO, json: true });
    let handler = get(|| async {
        if true {
            panic!("{WORDS}")
        }
    });
    let router = Router::new()
        .route("/", handler)
        .layer(CatchPanicLayer::custom(security::panicked))
        .layer(from_fn(security::identify));
    let response = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
    let status = response.status();
    let id = response.headers().get("x-request-id").cloned().expect("an id");
    let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
    let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((status.as_u16(), body["code"].as_str()), (500, Some("internal")));
    assert_eq!(body["requestId"].as_str(), id.to_str().ok());
    assert!(!body.to_string().contains(WORDS));
}

#[test]
fn a_panic_is_an_error_for_the_client_and_a_place_in_the_log() {
    let own = std::env::current_exe().expect("this test");
    let args = ["panics::a_handler_panics", "--exact", "--ignored", "--nocapture"];
    let output = Command::new(own).args(args).output().expect("it runs");
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{log}");
    assert!(log.contains("panics.rs:"), "the place: {log}");
    assert!(!log.contains(WORDS), "{log}");
    let line = log.lines().find(|line| line.contains("Panic")).expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(line["level"], "ERROR");
    assert!(line["span"]["request.id"].is_string(), "{line}");
}
