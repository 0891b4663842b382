//! What goes wrong between us and a vendor, and what becomes of it.

use std::time::{Duration, Instant};

use alcove::providers::transport::TransportSettings;
use alcove::providers::{ErrorClass, Provider as _, ProviderError};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::net::TcpListener;

use crate::ask::{
    KEY, claude, claude_with, compatible, events, failure, gemini, openai, question, settings, told,
};
use crate::upstream::{Reply, Upstream};

const PLAIN: &str = include_str!("streams/claude/plain.sse");
const SAID: [&str; 7] = [
    "started claude-haiku-5-5",
    "usage 12 in (0 cached) 1 out",
    "text \"Hello\"",
    "text \"! How can I \"",
    "text \"help?\"",
    "usage 12 in (0 cached) 9 out",
    "finished Stop",
];

fn brief() -> TransportSettings {
    let ms = Duration::from_millis;
    TransportSettings { first_token_timeout: ms(400), idle_timeout: ms(300), ..settings() }
}

/// The first events of the plain stream, up to the first word.
fn beginning() -> &'static str {
    let end = PLAIN.find("! How can I").expect("the second word");
    let (head, _) = PLAIN.split_at(end);
    let (whole_events, _) = head.rsplit_once("\n\n").expect("an event");
    whole_events
}

async fn claude_fails(replies: Vec<Reply>) -> (ProviderError, usize) {
    let upstream = Upstream::start(replies).await;
    let error = failure(&claude(upstream.address())).await;
    (error, upstream.received().await.len())
}

#[tokio::test]
async fn an_answer_arrives() {
    let upstream = Upstream::start(vec![Reply::events(PLAIN)]).await;
    assert_eq!(told(&claude(upstream.address()), question()).await, SAID);
}

#[tokio::test]
async fn an_answer_in_single_bytes_arrives() {
    let reply = PLAIN.bytes().fold(Reply::events(""), |reply, byte| reply.send([byte]));
    let upstream = Upstream::start(vec![reply]).await;
    assert_eq!(told(&claude(upstream.address()), question()).await, SAID);
}

#[tokio::test]
async fn a_status_becomes_a_class_and_is_retried_if_that_may_help() {
    let anthropic = |kind: &str| json!({"type": "error", "error": {"type": kind, "message": "m"}});
    let cases = [
        (400, "invalid_request_error", ErrorClass::InvalidRequest, 1),
        (401, "authentication_error", ErrorClass::Auth, 1),
        (402, "billing_error", ErrorClass::Billing, 1),
        (403, "permission_error", ErrorClass::Auth, 1),
        (404, "not_found_error", ErrorClass::NotFound, 1),
        (408, "timeout", ErrorClass::Timeout, 3),
        (413, "request_too_large", ErrorClass::TooLarge, 1),
        (429, "rate_limit_error", ErrorClass::RateLimited, 3),
        (500, "api_error", ErrorClass::Server, 3),
        (502, "", ErrorClass::Server, 3),
        (503, "", ErrorClass::Overloaded, 3),
        (529, "overloaded_error", ErrorClass::Overloaded, 3),
    ];
    for (status, kind, class, requests) in cases {
        let (error, count) = claude_fails(vec![Reply::json(status, &anthropic(kind))]).await;
        assert_eq!((error.class, error.status, count), (class, Some(status), requests), "{status}");
    }
}

#[tokio::test]
async fn no_money_is_not_retried_though_it_looks_like_a_rate_limit() {
    let error = json!({"error": {"type": "insufficient_quota", "code": "insufficient_quota"}});
    let upstream = Upstream::start(vec![Reply::json(429, &error)]).await;
    assert_eq!(failure(&openai(upstream.address(), None)).await.class, ErrorClass::Billing);
    assert_eq!(upstream.received().await.len(), 1);

    let details = json!({"error_code": "enforced_spend_limit_reached"});
    let error = json!({"error": {"type": "rate_limit_error", "message": "m", "details": details}});
    let (error, count) = claude_fails(vec![Reply::json(429, &error)]).await;
    assert_eq!((error.class, count), (ErrorClass::Billing, 1));
}

#[tokio::test]
async fn googles_errors_are_understood() {
    let google = |status: &str, details: serde_json::Value| json!([{"error": {"code": 400, "message": "m", "status": status, "details": details}}]);
    let retry =
        json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37.5s"}]);
    let key = json!([{"reason": "API_KEY_INVALID"}]);
    let day = json!([{"violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}]}]);
    let cases = [
        (400, google("INVALID_ARGUMENT", key), ErrorClass::Auth, None),
        (400, google("INVALID_ARGUMENT", json!([])), ErrorClass::InvalidRequest, None),
        (429, google("RESOURCE_EXHAUSTED", retry), ErrorClass::RateLimited, Some(37_500)),
        (429, google("RESOURCE_EXHAUSTED", day), ErrorClass::Billing, None),
    ];
    for (status, body, class, wait_ms) in cases {
        let upstream = Upstream::start(vec![Reply::json(status, &body)]).await;
        let error = failure(&gemini(upstream.address())).await;
        let wait = wait_ms.map(Duration::from_millis);
        assert_eq!((error.class, error.retry_after), (class, wait), "{body}");
        assert_eq!(upstream.received().await.len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_conversation_too_long_is_recognised() {
    let message = "prompt is too long: 1200000 tokens > 1000000 maximum";
    let error = json!({"error": {"type": "invalid_request_error", "message": message}});
    let (error, _) = claude_fails(vec![Reply::json(400, &error)]).await;
    assert_eq!(error.class, ErrorClass::ContextLength);
}

#[tokio::test]
async fn a_failure_before_the_first_word_is_retried_unseen() {
    let overloaded = include_str!("streams/claude/error_after_start.sse");
    for first in [
        Reply::status(529),
        Reply::status(200).reset(),
        Reply::garbage("\x16\x03\x01 this is not HTTP"),
        Reply::events(overloaded),
        Reply::events(""),
        Reply::events("data: <html>\n\n"),
        Reply::status(200).header("content-type", "text/html").send("<h1>Busy</h1>"),
        Reply::status(200).header("content-type", "text/plain").send("busy"),
    ] {
        let upstream = Upstream::start(vec![first.clone(), Reply::events(PLAIN)]).await;
        assert_eq!(told(&claude(upstream.address()), question()).await, SAID, "{first:?}");
        assert_eq!(upstream.received().await.len(), 2, "{first:?}");
    }
}

#[tokio::test]
async fn nothing_is_retried_after_the_first_word() {
    let cut = include_str!("streams/claude/cut_in_event.sse");
    let broken = include_str!("streams/claude/error_middle.sse");
    let cases = [
        (Reply::events(cut), ErrorClass::Truncated),
        (Reply::events(broken), ErrorClass::Server),
        (Reply::events(cut).pause(Duration::from_millis(50)).reset(), ErrorClass::Network),
        (Reply::events(cut).send("x".repeat(2 << 20)), ErrorClass::Malformed),
        (Reply::events(beginning()).send("\n\ndata: {oops}\n\n"), ErrorClass::Malformed),
    ];
    for (reply, class) in cases {
        let upstream = Upstream::start(vec![reply]).await;
        let mut events = events(&claude(upstream.address()), question()).await;
        let error = events.pop().expect("an event").expect_err("a failure");
        assert_eq!((error.class, upstream.received().await.len()), (class, 1));
        assert!(events.iter().all(Result::is_ok) && events.len() >= 3, "{class:?} {events:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_complete_survives_a_broken_connection() {
    let complete = include_str!("streams/claude/cut_after_stop_reason.sse");
    for reply in [
        Reply::events(complete),
        Reply::events(complete).pause(Duration::from_millis(30)).reset(),
        Reply::events(complete).silence(),
    ] {
        let upstream = Upstream::start(vec![reply]).await;
        let told = told(&claude_with(upstream.address(), brief()), question()).await;
        assert_eq!(told.last().map(String::as_str), Some("finished Stop"));
    }
}

#[tokio::test]
async fn the_wait_a_vendor_asks_for_is_kept() {
    let busy = |name: &str, value: &str| Reply::status(429).header(name, value);
    let dated = Reply::status(429)
        .header("date", "Fri, 20 Nov 2026 10:00:00 GMT")
        .header("retry-after", "Fri, 20 Nov 2026 10:00:01 GMT");
    for (first, at_least_ms) in
        [(busy("retry-after-ms", "200"), 200), (busy("retry-after", "0.3"), 300), (dated, 1000)]
    {
        let upstream = Upstream::start(vec![first, Reply::events(PLAIN)]).await;
        let started = Instant::now();
        assert_eq!(told(&claude(upstream.address()), question()).await, SAID);
        assert!(started.elapsed() >= Duration::from_millis(at_least_ms));
    }
}

#[tokio::test]
async fn a_wait_too_long_for_a_visitor_is_reported_instead() {
    let (error, count) = claude_fails(vec![Reply::status(429).header("retry-after", "21")]).await;
    assert_eq!((error.class, count), (ErrorClass::RateLimited, 1));
    assert_eq!(error.retry_after, Some(Duration::from_secs(21)));
}

#[tokio::test]
async fn the_vendor_decides_about_a_retry_if_it_says_so() {
    let no = Reply::status(500).header("x-should-retry", "false");
    assert_eq!(claude_fails(vec![no]).await.1, 1);
    let yes = Reply::status(400).header("x-should-retry", "true");
    assert_eq!(claude_fails(vec![yes]).await.1, 3);
}

#[tokio::test]
async fn silence_is_a_time_out_and_not_asked_again() {
    let keep_alives = (0..20).fold(Reply::events(beginning().split_at(20).0), |reply, _| {
        reply.send("\n\n: still here\n\n").pause(Duration::from_millis(30))
    });
    for reply in [
        Reply::status(200).silence(),
        Reply::events(": connected\n\n").silence(),
        Reply::events(include_str!("streams/claude/only_pings.sse")).silence(),
        keep_alives,
    ] {
        let upstream = Upstream::start(vec![reply]).await;
        let error = failure(&claude_with(upstream.address(), brief())).await;
        assert_eq!((error.class, upstream.received().await.len()), (ErrorClass::Timeout, 1));
    }
}

#[tokio::test]
async fn silence_in_the_middle_is_a_time_out() {
    let reply = Reply::events(beginning()).send("\n\n").silence();
    let upstream = Upstream::start(vec![reply]).await;
    let events = events(&claude_with(upstream.address(), brief()), question()).await;
    let error = events.last().expect("an event").as_ref().expect_err("a failure");
    assert_eq!((error.class, events.len()), (ErrorClass::Timeout, 4));
    upstream.client_left().await;
}

#[tokio::test]
async fn keep_alives_prevent_a_time_out_between_words() {
    let mut reply = Reply::events(beginning()).send("\n\n");
    for _ in 0..12 {
        reply = reply.pause(Duration::from_millis(40)).send(":\n\n");
    }
    let (_, rest) = PLAIN.split_at(beginning().len());
    let upstream = Upstream::start(vec![reply.send(rest.trim_start())]).await;
    assert_eq!(told(&claude_with(upstream.address(), brief()), question()).await, SAID);
}

#[tokio::test]
async fn an_answer_without_end_is_ended() {
    let total_timeout = Duration::from_millis(500);
    let own = TransportSettings { total_timeout, ..settings() };
    let endless = Reply::events(beginning()).send("\n\n");
    let endless = (0..100).fold(endless, |reply, _| {
        reply.pause(Duration::from_millis(10)).send("event: ping\ndata: {\"type\":\"ping\"}\n\n")
    });
    let upstream = Upstream::start(vec![endless]).await;
    let events = events(&claude_with(upstream.address(), own), question()).await;
    let error = events.last().expect("an event").as_ref().expect_err("a failure");
    assert_eq!(error.class, ErrorClass::Timeout);
}

#[tokio::test]
async fn nobody_there_is_a_network_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let error = failure(&claude(&address)).await;
    assert_eq!((error.class, error.status), (ErrorClass::Network, None));
    assert!(!error.detail.contains("127.0.0.1"), "no address in {}", error.detail);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Upstream::start(vec![Reply::events(PLAIN)]).await;
    for status in [301, 302, 307, 308] {
        let reply = Reply::status(status).header("location", target.address());
        let (error, count) = claude_fails(vec![reply]).await;
        assert_eq!((error.class, count), (ErrorClass::InvalidRequest, 1));
    }
    assert!(target.received().await.is_empty());
}

#[tokio::test]
async fn dropping_the_stream_closes_the_request() {
    let reply = Reply::events(beginning()).send("\n\n").silence();
    let upstream = Upstream::start(vec![reply]).await;
    let claude = claude(upstream.address());
    let mut stream = claude.stream(question());
    assert!(matches!(stream.next().await, Some(Ok(_))));
    drop(stream);
    tokio::time::timeout(Duration::from_secs(5), upstream.client_left()).await.expect("closed");
}

#[tokio::test]
async fn nothing_is_sent_before_the_stream_is_polled() {
    let upstream = Upstream::start(vec![Reply::events(PLAIN)]).await;
    drop(claude(upstream.address()).stream(question()));
    assert!(upstream.received().await.is_empty());
}

#[tokio::test]
async fn the_key_shows_up_in_no_error() {
    let quoted = format!("Incorrect API key provided: {KEY}. Also sk-canary-****6789 and {KEY}x");
    let error = json!({"error": {"message": quoted, "param": KEY, "code": KEY}});
    let html = format!("<html>{KEY}</html>");
    for reply in [
        Reply::json(401, &error),
        Reply::json(400, &error),
        Reply::status(403).send(&html),
        Reply::events(format!("data: {error}\n\n")),
        Reply::events(format!("event: error\ndata: {error}\n\n")),
    ] {
        let upstream = Upstream::start(vec![reply]).await;
        for error in [
            failure(&claude(upstream.address())).await,
            failure(&openai(upstream.address(), None)).await,
            failure(&gemini(upstream.address())).await,
            failure(&compatible(upstream.address())).await,
        ] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary") && !shown.contains("6789"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_huge_error_page_is_cut() {
    let page = "<p>sorry</p>".repeat(100_000);
    let (error, _) = claude_fails(vec![Reply::status(500).send(page)]).await;
    assert!(error.detail.len() <= 2048);
}

#[tokio::test]
async fn json_in_place_of_a_stream_is_read() {
    let whole = include_str!("streams/openai-chat/whole_json.sse");
    let whole: serde_json::Value = serde_json::from_str(whole).expect("json");
    let upstream = Upstream::start(vec![Reply::json(200, &whole)]).await;
    let told = told(&compatible(upstream.address()), question()).await;
    assert_eq!(told.get(1).map(String::as_str), Some("text \"Hello\""));
    assert_eq!(told.last().map(String::as_str), Some("finished ToolUse"));
}
