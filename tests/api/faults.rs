//! What the vendor may do wrong, and what the visitor is told and keeps.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::api::Visit;
use crate::support::app::{KEY, TestApp};
use crate::support::http::UPSTREAM_WORDS;
use crate::support::script;
use crate::support::upstream::{Reply, Upstream};

/// A vendor that always answers like this, and a server with short waits before it.
async fn against(reply: Reply) -> (Upstream, TestApp, Visit) {
    let upstream = Upstream::start(vec![reply]).await;
    let app = short_waits(TestApp::setup().openai(&upstream)).start().await;
    let visit = app.open().await;
    (upstream, app, visit)
}

fn short_waits(setup: crate::support::app::Setup) -> crate::support::app::Setup {
    setup.set("AI_FIRST_TOKEN_TIMEOUT_SECONDS", "1").set("AI_IDLE_TIMEOUT_SECONDS", "1")
}

/// An error of the vendor in its own words, with the key in them.
fn complaint(status: u16) -> Reply {
    let message = format!("{UPSTREAM_WORDS}: key {KEY} of org-77 refused");
    Reply::json(status, &json!({ "error": { "message": message, "type": "x" } }))
}

/// How a fault before the first word shows.
struct Fault {
    name: &'static str,
    reply: Reply,
    /// Code and HTTP status for a JSON client.
    code: (&'static str, u16),
    retryable: bool,
    retry_after: Option<u64>,
}

fn fault(name: &'static str, reply: Reply, code: (&'static str, u16)) -> Fault {
    let retryable = code.0 != "model_unavailable" && code.0 != "conversation_too_long";
    Fault { name, reply, code, retryable, retry_after: None }
}

fn faults_before_the_first_word() -> Vec<Fault> {
    let (gone, busy) = (("model_unavailable", 502), ("model_busy", 503));
    let (failed, timeout) = (("model_error", 502), ("model_timeout", 504));
    let empty = ("reply_empty", 502);
    let in_stream = format!(
        "data: {}\n\n",
        json!({ "error": { "message": format!("{UPSTREAM_WORDS} {KEY}"), "code": 500 } })
    );
    let mut faults = vec![
        fault("401", complaint(401), gone),
        fault("402", complaint(402), gone),
        fault("403", complaint(403), gone),
        fault("404", complaint(404), gone),
        fault("400", complaint(400), gone),
        fault("429", complaint(429), busy),
        fault("500", complaint(500), failed),
        fault(
            "502 as a page",
            Reply::status(502)
                .header("content-type", "text/html")
                .send(format!("<h1>{UPSTREAM_WORDS}</h1>")),
            failed,
        ),
        fault("503", complaint(503), busy),
        fault("529", complaint(529), busy),
        fault(
            "a page with 200",
            Reply::status(200)
                .header("content-type", "text/html")
                .send(format!("<h1>{UPSTREAM_WORDS}</h1>")),
            failed,
        ),
        fault("a redirect", Reply::status(302).header("location", "http://127.0.0.1:9/"), gone),
        fault("no HTTP", Reply::garbage("\u{0}\u{1}GARBAGE\n\n"), failed),
        fault("no events", Reply::events(format!("{UPSTREAM_WORDS} {{\n\n")), failed),
        fault("garbage as data", Reply::events(format!("data: {{\"{UPSTREAM_WORDS}\n\n")), failed),
        fault("a closed connection", Reply::garbage(""), failed),
        fault("a reset", Reply::status(200).reset(), failed),
        fault("silence", Reply::status(200).silence(), timeout),
        fault("silence after the head", Reply::events(":\n\n").silence(), timeout),
        fault("an error event", Reply::events(in_stream), failed),
        fault("an empty reply", script::openai(&[]), empty),
        fault("nothing but an end of line", Reply::events("\n\n"), failed),
    ];
    faults.push(Fault {
        retry_after: Some(30),
        ..fault("429 with a wait", complaint(429).header("retry-after", "30"), busy)
    });
    faults
}

#[tokio::test]
async fn a_fault_before_the_first_word_is_told_as_an_error_event() {
    join_all(faults_before_the_first_word().into_iter().map(async |fault| {
        let (_upstream, app, visit) = against(fault.reply).await;
        let told = app.ask(&visit, "kept question").await.told().await;
        let name = fault.name;
        assert_eq!(told.end.data["code"], fault.code.0, "{name}: {:?}", told.end);
        let error = told.failed(fault.code.0);
        assert_eq!(error["retryable"], fault.retryable, "{name}");
        assert_eq!(
            error.get("retryAfterSeconds").and_then(Value::as_u64),
            fault.retry_after,
            "{name}"
        );
        assert_kept(&app, &visit, name, (told.text.as_str(), "failed"), fault.code.0).await;
    }))
    .await;
}

#[tokio::test]
async fn a_fault_before_the_first_word_is_an_http_error_for_json_clients() {
    join_all(faults_before_the_first_word().into_iter().map(async |fault| {
        let (_upstream, app, visit) = against(fault.reply).await;
        let answer = app.say(&visit, "kept question").await;
        let wait = answer.header("retry-after").map(str::to_owned);
        assert_eq!(wait, fault.retry_after.map(|s| s.to_string()), "{}", fault.name);
        let body = answer.json();
        assert_eq!(
            (answer.status, body["code"].as_str()),
            (fault.code.1, Some(fault.code.0)),
            "{}",
            fault.name
        );
    }))
    .await;
}

/// The visitor's message is kept, the reply with what had arrived, and the next message works as
/// far as the session is concerned.
async fn assert_kept(
    app: &TestApp,
    visit: &Visit,
    name: &str,
    (text, status): (&str, &str),
    code: &str,
) {
    let history = app.history(visit).await;
    assert_eq!(history.len(), 2, "{name}");
    assert_eq!(history[0]["content"], "kept question", "{name}");
    assert_eq!(
        (&history[1]["content"], &history[1]["status"]),
        (&json!(text), &json!(status)),
        "{name}"
    );
    assert_eq!(history[1]["errorCode"], code, "{name}");
    let stored = serde_json::to_string(&history).expect("JSON");
    crate::support::http::check_words(&stored);
}

#[tokio::test]
async fn a_fault_within_the_reply_keeps_what_had_arrived() {
    let in_stream = format!(
        "data: {}\n\n",
        json!({ "error": { "message": format!("{UPSTREAM_WORDS} {KEY}") } })
    );
    let half = || Reply::events(script::chunk("half a wo"));
    let cases = [
        ("a reset in a word", half().reset()),
        ("a closed connection", half()),
        ("half a line", half().send("data: {\"choices\":[{\"del")),
        ("silence", half().silence()),
        ("an error event", half().send(in_stream)),
        ("garbage", half().send("data: {{{\n\n")),
        ("a line without end", half().send(format!("data: {}", "x".repeat(1_100_000)))),
    ];
    join_all(cases.into_iter().map(async |(name, reply)| {
        let upstream = Upstream::start(vec![reply, script::openai(&["better"])]).await;
        let app = short_waits(TestApp::setup().openai(&upstream)).start().await;
        let visit = app.open().await;
        let told = app.ask(&visit, "kept question").await.told().await;
        assert_eq!(told.text, "half a wo", "{name}");
        let error = told.failed("reply_interrupted");
        assert_eq!(error["retryable"], true, "{name}");
        assert_kept(&app, &visit, name, ("half a wo", "interrupted"), "reply_interrupted").await;
        let again = app.resume(&visit, &told.reply, 5).await.told_from(5).await;
        again.failed("reply_interrupted");
        assert_eq!(again.text, "a wo", "{name}");
        assert_eq!(app.say(&visit, "next").await.ok()["response"], "better", "{name}");
        assert_eq!(
            upstream.received().await.len(),
            2,
            "{name}: not asked again after the first word"
        );
    }))
    .await;
}

#[tokio::test]
async fn blanks_are_no_reply() {
    let (_upstream, app, visit) = against(script::openai(&[" \n", "\t"])).await;
    let told = app.ask(&visit, "kept question").await.told().await;
    told.failed("reply_empty");
    assert_kept(&app, &visit, "blanks", (" \n\t", "interrupted"), "reply_empty").await;
}

#[tokio::test]
async fn a_json_client_of_an_interrupted_reply_is_told_and_finds_the_text_in_the_history() {
    let (_upstream, app, visit) = against(Reply::events(script::chunk("half")).reset()).await;
    app.say(&visit, "Hi").await.refused(502, "reply_interrupted");
    assert_eq!(app.history(&visit).await[1]["content"], "half");
}

#[tokio::test]
async fn after_any_fault_the_next_message_works() {
    let replies = vec![complaint(401), script::openai(&["fine"])];
    let upstream = Upstream::start(replies).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    app.say(&visit, "one").await.refused(502, "model_unavailable");
    let reply = app.say(&visit, "two").await.ok();
    assert_eq!((&reply["response"], &reply["messageCount"]), (&json!("fine"), &json!(4)));
    let asked = upstream.received().await[1].body["messages"].to_string();
    assert!(asked.contains("one") && asked.contains("two"), "{asked}");
}

#[tokio::test]
async fn passing_faults_are_asked_again_before_the_first_word() {
    for status in [429, 500, 503, 529] {
        let upstream = Upstream::start(vec![complaint(status), script::openai(&["fine"])]).await;
        let app = TestApp::with(&upstream).await;
        let visit = app.open().await;
        assert_eq!(app.say(&visit, "Hi").await.ok()["response"], "fine", "{status}");
        assert_eq!(upstream.received().await.len(), 2, "{status}");
    }
}

#[tokio::test]
async fn what_the_vendor_blocks_is_done_as_blocked() {
    let filtered = Reply::events(script::chunk("so far ") + &script::end("content_filter"));
    let refusal = |text: &str| {
        format!(
            "data: {}\n\n",
            json!({ "model": "m", "choices": [{ "index": 0, "delta": { "refusal": text } }] })
        )
    };
    let refused = Reply::events(refusal("I cannot.") + &script::end("stop"));
    for (reply, text) in [(filtered, "so far "), (refused, "I cannot.")] {
        let (_upstream, app, visit) = against(reply).await;
        let told = app.ask(&visit, "Hi").await.told().await;
        assert_eq!((told.text.as_str(), &told.done()["finishReason"]), (text, &json!("blocked")));
        let kept = app.history(&visit).await[1].clone();
        assert_eq!(
            (&kept["status"], &kept["finishReason"]),
            (&json!("blocked"), &json!("blocked"))
        );
    }
}

#[tokio::test]
async fn a_json_client_is_told_of_a_block_without_words_in_a_sentence() {
    let (_upstream, app, visit) = against(Reply::events(script::end("content_filter"))).await;
    app.say(&visit, "Hi").await.refused(502, "reply_blocked");
    assert_eq!(app.history(&visit).await[1]["status"], "blocked");
}

#[tokio::test]
async fn a_blocked_turn_is_not_shown_to_the_model_again() {
    let filtered = Reply::events(script::chunk("x") + &script::end("content_filter"));
    let upstream = Upstream::start(vec![filtered, script::openai(&["fine"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    app.say(&visit, "FORBIDDEN").await.ok();
    app.say(&visit, "allowed").await.ok();
    let asked = upstream.received().await[1].body.to_string();
    assert!(!asked.contains("FORBIDDEN"), "{asked}");
}

#[tokio::test]
async fn claude_that_is_overloaded_or_refuses_is_told_alike() {
    let overloaded = json!({ "type": "error", "error": { "type": "overloaded_error", "message": UPSTREAM_WORDS } });
    let refusal = [
        json!({ "type": "message_start", "message": { "model": "m", "usage": { "input_tokens": 1 } } }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "refusal" }, "usage": { "output_tokens": 0 } }),
        json!({ "type": "message_stop" }),
    ];
    let upstream = Upstream::start(vec![
        Reply::events(refusal.iter().map(script::claude_event).collect::<String>()),
        Reply::json(529, &overloaded),
    ])
    .await;
    let app = TestApp::setup().claude(&upstream).start().await;
    let visit = app.open().await;
    let told = app.ask(&visit, "Hi").await.told().await;
    assert_eq!((told.text.as_str(), &told.done()["finishReason"]), ("", &json!("blocked")));
    app.ask(&visit, "Hi").await.told().await.failed("model_busy");
}

#[tokio::test]
async fn a_reply_cut_by_the_token_limit_says_so() {
    let (_upstream, app, visit) =
        against(Reply::events(script::chunk("long") + &script::end("length"))).await;
    let told = app.ask(&visit, "Hi").await.told().await;
    assert_eq!(told.done()["finishReason"], "length");
    assert_eq!(app.history(&visit).await[1]["status"], "complete");
}

#[tokio::test]
async fn a_reply_that_never_ends_is_cut_at_the_limit() {
    const LIMIT: usize = 256 * 1024;
    let piece = script::chunk(&"€ ".repeat(20_000));
    let endless = (0..5).fold(Reply::events(""), |reply, _| reply.send(&piece)).silence();
    let (upstream, app, visit) = against(endless).await;
    let told = app.ask(&visit, "Hi").await.told().await;
    assert_eq!(told.done()["finishReason"], "length");
    assert!(told.text.len() <= LIMIT && told.text.len() > LIMIT - 4, "{}", told.text.len());
    assert_eq!(app.history(&visit).await[1]["content"], told.text);
    upstream.client_left().await;
}

#[tokio::test]
async fn a_fallback_answers_when_the_first_fails_before_its_first_word() {
    for (name, reply) in [("401", complaint(401)), ("silence", Reply::status(200).silence())] {
        let first = Upstream::start(vec![reply]).await;
        let second = Upstream::start(vec![script::claude("from the second")]).await;
        let setup = TestApp::setup().openai(&first).claude(&second).set("AI_PROVIDER", "openai");
        let app = short_waits(setup.set("AI_FALLBACK", "claude")).start().await;
        let visit = app.open().await;
        let told = app.ask(&visit, "Hi").await.told().await;
        assert_eq!(told.text, "from the second", "{name}");
        let done = told.done();
        assert_eq!(
            (&done["provider"], &done["providerName"]),
            (&json!("claude"), &json!("Claude")),
            "{name}"
        );
        let kept = app.history(&visit).await[1].clone();
        assert_eq!(
            (&kept["provider"], &kept["status"]),
            (&json!("claude"), &json!("complete")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn no_fallback_after_the_first_word() {
    let first = Upstream::start(vec![Reply::events(script::chunk("half")).reset()]).await;
    let second = Upstream::start(vec![script::claude("never")]).await;
    let setup = TestApp::setup().openai(&first).claude(&second).set("AI_PROVIDER", "openai");
    let app = setup.set("AI_FALLBACK", "claude").start().await;
    let visit = app.open().await;
    let told = app.ask(&visit, "Hi").await.told().await;
    told.failed("reply_interrupted");
    assert_eq!(told.text, "half");
    assert!(second.received().await.is_empty());
}

#[tokio::test]
async fn when_all_fail_the_first_ones_failure_is_told() {
    let first = Upstream::start(vec![complaint(401)]).await;
    let second = Upstream::start(vec![Reply::status(200).silence()]).await;
    let setup = TestApp::setup().openai(&first).claude(&second).set("AI_PROVIDER", "openai");
    let app = short_waits(setup.set("AI_FALLBACK", "claude")).start().await;
    let visit = app.open().await;
    app.ask(&visit, "Hi").await.told().await.failed("model_unavailable");
    assert_eq!(second.received().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_too_long_for_the_model_is_asked_once_more_with_less_history() {
    let too_long = Reply::json(
        400,
        &json!({ "error": { "message": UPSTREAM_WORDS, "code": "context_length_exceeded" } }),
    );
    let answers = (0..6).map(|n| script::openai(&[&format!("answer {n} {}", "word ".repeat(300))]));
    let mut replies: Vec<Reply> = answers.collect();
    replies.extend([too_long.clone(), script::openai(&["fits"])]);
    let upstream = Upstream::start(replies).await;
    let app = TestApp::setup().openai(&upstream).set("HISTORY_TOKENS", "3000").start().await;
    let visit = app.open().await;
    for n in 0..6 {
        app.say(&visit, &format!("question {n}")).await.ok();
    }
    assert_eq!(app.say(&visit, "the last").await.ok()["response"], "fits");
    let received = upstream.received().await;
    assert_eq!(received.len(), 8, "once more, not oftener");
    let sizes: Vec<usize> =
        received[6..].iter().map(|request| request.body.to_string().len()).collect();
    assert!(sizes[1] < sizes[0], "{sizes:?}");
    assert!(received[7].body.to_string().contains("the last"));
}

#[tokio::test]
async fn a_conversation_that_never_fits_is_told_so() {
    let too_long = Reply::json(
        400,
        &json!({ "error": { "message": "m", "code": "context_length_exceeded" } }),
    );
    let (upstream, app, visit) = against(too_long).await;
    let told = app.ask(&visit, "Hi").await.told().await;
    assert_eq!(told.failed("conversation_too_long")["retryable"], false);
    assert_eq!(upstream.received().await.len(), 2);
}

#[tokio::test]
async fn an_unreachable_vendor_is_a_failing_one() {
    let setup =
        TestApp::setup().set("OPENAI_API_KEY", KEY).set("OPENAI_BASE_URL", "http://127.0.0.1:9");
    let app = short_waits(setup).start().await;
    let visit = app.open().await;
    app.ask(&visit, "Hi").await.told().await.failed("model_error");
}

#[tokio::test]
async fn a_vendor_that_drips_beyond_the_whole_time_is_cut() {
    let drip = (0..60).fold(Reply::events(""), |reply, _| {
        reply.send(script::chunk("x")).pause(Duration::from_millis(100))
    });
    let upstream = Upstream::start(vec![drip]).await;
    let app = TestApp::setup().openai(&upstream).set("AI_TOTAL_TIMEOUT_SECONDS", "1").start().await;
    let visit = app.open().await;
    let told = app.ask(&visit, "Hi").await.told().await;
    told.failed("reply_interrupted");
    assert!(!told.text.is_empty() && told.text.len() < 30);
}
