//! Following a reply from any byte on, live and from disk; leaving it alone; stopping it.

use futures_util::future::join_all;
use serde_json::json;

use crate::sending::new_id;
use crate::support::api::{Visit, text_of};
use crate::support::app::TestApp;
use crate::support::events::{Events, Told};
use crate::support::script;
use crate::support::upstream::{Gate, Reply, Upstream};

const TEXT: &str = "aé日🙂z";

async fn begun(reply: Reply) -> (Upstream, TestApp, Visit) {
    let upstream = Upstream::start(vec![reply, script::openai(&["next"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    (upstream, app, visit)
}

/// A reply of which `text` has arrived and that goes on once `gate` opens.
async fn running(
    text: &str,
    rest: &str,
    gate: &Gate,
) -> (Upstream, TestApp, Visit, String, Events) {
    let reply = Reply::events(script::chunk(text))
        .wait(gate)
        .send(script::chunk(rest) + &script::end("stop"));
    let (upstream, app, visit) = begun(reply).await;
    let mut events = app.ask(&visit, "Hi").await;
    let id = text_of(&events.expect("start").await.data["messageId"]);
    events.read_text(text.len()).await;
    (upstream, app, visit, id, events)
}

#[tokio::test]
async fn from_every_offset_of_a_live_reply_each_byte_comes_once() {
    let gate = Gate::new();
    let (_upstream, app, visit, reply, mut first) = running(TEXT, " ü end", &gate).await;
    let whole = format!("{TEXT} ü end");
    let mut followers = Vec::new();
    for offset in 0..=TEXT.len() {
        let path = format!("/api/chat/replies/{reply}?sessionId={}&offset={offset}", visit.id);
        if TEXT.is_char_boundary(offset) {
            followers.push((offset, app.call("GET", &path).events().await));
        } else {
            app.get(&path).await.refused(400, "invalid_offset");
        }
    }
    let beyond =
        format!("/api/chat/replies/{reply}?sessionId={}&offset={}", visit.id, TEXT.len() + 1);
    app.get(&beyond).await.refused(400, "invalid_offset");
    gate.open();
    for (offset, events) in followers {
        let told = events.told_from(offset).await;
        assert_eq!(Some(told.text.as_str()), whole.get(offset..), "from {offset}");
        assert_eq!(told.done()["finishReason"], "stop");
    }
    assert_eq!(first.read_text(7).await, " ü end");
}

#[tokio::test]
async fn from_every_offset_of_an_ended_reply_each_byte_comes_once() {
    let (_upstream, app, visit) = begun(script::openai(&[TEXT])).await;
    let first = app.ask(&visit, "Hi").await.told().await;
    for offset in 0..=TEXT.len() + 1 {
        let path =
            format!("/api/chat/replies/{}?sessionId={}&offset={offset}", first.reply, visit.id);
        if TEXT.is_char_boundary(offset) {
            let told = app.call("GET", &path).events().await.told_from(offset).await;
            assert_eq!(Some(told.text.as_str()), TEXT.get(offset..), "from {offset}");
            let mut start = told.start.clone();
            assert_eq!(start["model"], script::NAMED_MODEL, "known by now");
            start["model"] = first.start["model"].clone();
            assert_eq!(start, first.start, "the rest is told as it was");
            assert_eq!(told.done(), first.done());
        } else {
            app.get(&path).await.refused(400, "invalid_offset");
        }
    }
}

#[tokio::test]
async fn last_event_id_names_the_place_and_the_query_overrules_it() {
    let (_upstream, app, visit) = begun(script::openai(&["hello"])).await;
    let reply = app.ask(&visit, "Hi").await.told().await.reply;
    let path = format!("/api/chat/replies/{reply}");
    let at = async |query: &str, last: &str| {
        let call = app.call("GET", &format!("{path}{query}")).header("last-event-id", last);
        call.header("x-session-id", &visit.id).send().await
    };
    let text = |answer: &str| answer.contains("data: {\"text\":\"llo\"}");
    assert!(text(&at("", &format!("{reply}:2")).await.text()));
    assert!(text(&at("?offset=2", &format!("{reply}:5")).await.text()));
    for wrong in [
        "2",
        "x:2",
        &format!("{}:2", new_id()),
        &format!("{reply}:"),
        &format!("{reply}:-1"),
        &format!("{reply}:2:3"),
        ":",
        "",
    ] {
        at("", wrong).await.refused(400, "invalid_offset");
    }
    for wrong in ["?offset=-1", "?offset=x", "?offset=1e3", "?offset=99999999999999999999999"] {
        at(wrong, &format!("{reply}:2")).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn what_is_no_reply_of_the_session_is_not_found() {
    let (_upstream, app, visit) = begun(script::openai(&["hello"])).await;
    let reply = app.ask(&visit, "Hi").await.told().await.reply;
    let other = app.open().await;
    let user_message = text_of(&app.history(&visit).await[0]["id"]);
    let cases = [
        (visit.id.as_str(), new_id(), "reply_not_found"),
        (visit.id.as_str(), user_message, "reply_not_found"),
        (visit.id.as_str(), "nonsense".to_owned(), "reply_not_found"),
        (other.id.as_str(), reply.clone(), "reply_not_found"),
        (&new_id(), reply.clone(), "session_not_found"),
        ("nonsense", reply.clone(), "session_not_found"),
    ];
    for (session, reply, code) in cases {
        for (method, ending) in [("GET", ""), ("POST", "/stop")] {
            let path = format!("/api/chat/replies/{reply}{ending}?sessionId={session}");
            let body = app.call(method, &path).send().await.refused(404, code);
            assert!(!body.to_string().contains("hello"));
        }
    }
    let path = format!("/api/chat/replies/{reply}");
    app.get(&path).await.refused(400, "missing_session_id");
    app.call("POST", &format!("{path}/stop")).send().await.refused(400, "missing_session_id");
}

#[tokio::test]
async fn a_running_reply_of_a_protected_session_is_followed_with_its_token_only() {
    let gate = Gate::new();
    let upstream = Upstream::start(vec![script::gated(&["secret"], &gate)]).await;
    let app = TestApp::with(&upstream).await;
    let (visit, other) = (app.protected().await, app.protected().await);
    let mut events = app.ask(&visit, "Hi").await;
    let reply = text_of(&events.expect("start").await.data["messageId"]);
    let path = format!("/api/chat/replies/{reply}?sessionId={}", visit.id);
    for token in [None, Some("wrong"), other.token.as_deref()] {
        app.call("GET", &path).token(token).send().await.refused(404, "session_not_found");
        let stop = format!("/api/chat/replies/{reply}/stop?sessionId={}", visit.id);
        app.call("POST", &stop).token(token).send().await.refused(404, "session_not_found");
    }
    gate.open();
    assert_eq!(app.resume(&visit, &reply, 0).await.told().await.text, "secret");
}

#[tokio::test]
async fn many_followers_hear_the_same_reply() {
    let gate = Gate::new();
    let (upstream, app, visit, reply, _first) = running("one ", "two", &gate).await;
    let mut followers = Vec::new();
    for n in 0..30 {
        followers.push(app.resume(&visit, &reply, n % 5).await);
    }
    gate.open();
    let told: Vec<Told> =
        join_all(followers.into_iter().enumerate().map(|(n, events)| events.told_from(n % 5)))
            .await;
    for (n, told) in told.iter().enumerate() {
        assert_eq!(Some(told.text.as_str()), "one two".get(n % 5..));
    }
    assert_eq!(upstream.received().await.len(), 1);
}

#[tokio::test]
async fn a_slow_follower_gets_everything_in_larger_pieces() {
    let pieces: Vec<String> = (0..2000).map(|n| format!("{n} ")).collect();
    let whole = pieces.concat();
    let gate = Gate::new();
    let text: String = pieces.iter().map(|piece| script::chunk(piece)).collect();
    let (_upstream, app, visit) =
        begun(Reply::events("").wait(&gate).send(text + &script::end("stop"))).await;
    let mut slow = app.ask(&visit, "Hi").await;
    let reply = text_of(&slow.expect("start").await.data["messageId"]);
    gate.open();
    // The slow one reads nothing until another one has heard the end.
    let quick = app.resume(&visit, &reply, 0).await.told().await;
    assert_eq!(quick.text, whole);
    assert_eq!(slow.read_text(whole.len()).await, whole);
    slow.expect("done").await;
}

#[tokio::test]
async fn a_client_that_leaves_does_not_end_the_reply() {
    let gate = Gate::new();
    let (_upstream, app, visit, reply, events) = running("half ", "whole", &gate).await;
    drop(events);
    gate.open();
    assert_eq!(app.resume(&visit, &reply, 0).await.told().await.text, "half whole");
    let history = app.history(&visit).await;
    assert_eq!(
        (&history[1]["content"], &history[1]["status"]),
        (&json!("half whole"), &json!("complete"))
    );
}

#[tokio::test]
async fn a_json_client_that_leaves_does_not_end_the_reply() {
    let gate = Gate::new();
    let (_upstream, app, visit) = begun(script::gated(&["kept"], &gate)).await;
    let reply = new_id();
    let call = app.message(&visit, &json!({ "message": "Hi", "messageId": reply }));
    let sending = tokio::spawn(call.0.send());
    let mut follower = loop {
        let path = format!("/api/chat/replies/{reply}?sessionId={}", visit.id);
        let response = app.call("GET", &path).0.send().await.expect("an answer");
        if response.status() == 200 {
            break Events::new(response);
        }
        tokio::task::yield_now().await;
    };
    follower.expect("start").await;
    sending.abort();
    gate.open();
    assert_eq!(follower.read_text(4).await, "kept");
    follower.expect("done").await;
    assert_eq!(app.history(&visit).await[1]["status"], "complete");
}

#[tokio::test]
async fn a_stopped_reply_keeps_what_was_said_and_leaves_the_vendor() {
    let (upstream, app, visit) = begun(script::hanging("half a ")).await;
    let mut events = app.ask(&visit, "Hi").await;
    let reply = text_of(&events.expect("start").await.data["messageId"]);
    events.read_text(7).await;
    let stopped = app.stop_reply(&visit, &reply).await.ok();
    assert_eq!(stopped, json!({ "messageId": reply, "status": "stopped" }));
    upstream.client_left().await;
    let done = events.expect("done").await.data;
    assert_eq!((&done["finishReason"], &done["messageCount"]), (&json!("stopped"), &json!(2)));
    let kept = app.history(&visit).await[1].clone();
    assert_eq!(
        (&kept["content"], &kept["status"], &kept["finishReason"]),
        (&json!("half a "), &json!("stopped"), &json!("stopped"))
    );
    assert_eq!(app.stop_reply(&visit, &reply).await.ok(), stopped, "stopped twice");
    let again = app.resume(&visit, &reply, 0).await.told().await;
    assert_eq!(
        (again.text.as_str(), &again.done()["finishReason"]),
        ("half a ", &json!("stopped"))
    );
    assert_eq!(app.say(&visit, "go on").await.ok()["response"], "next");
}

#[tokio::test]
async fn a_reply_can_be_stopped_before_its_first_word() {
    let (upstream, app, visit) = begun(Reply::status(200).silence()).await;
    let mut events = app.ask(&visit, "Hi").await;
    let reply = text_of(&events.expect("start").await.data["messageId"]);
    while upstream.received().await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(app.stop_reply(&visit, &reply).await.ok()["status"], "stopped");
    upstream.client_left().await;
    assert_eq!(events.expect("done").await.data["finishReason"], "stopped");
    assert_eq!(app.say(&visit, "next").await.ok()["response"], "next");
}

#[tokio::test]
async fn a_json_client_is_told_what_was_said_before_the_stop() {
    let (_upstream, app, visit) = begun(script::hanging("half")).await;
    let reply = new_id();
    let fields = json!({ "message": "Hi", "messageId": reply });
    let (json, ()) = tokio::join!(app.send(&visit, &fields), async {
        let mut events = app.stream(&visit, &fields).await;
        events.expect("start").await;
        events.read_text(4).await;
        app.stop_reply(&visit, &reply).await.ok();
    });
    let json = json.ok();
    assert_eq!((&json["response"], &json["finishReason"]), (&json!("half"), &json!("stopped")));
}

#[tokio::test]
async fn stopping_an_ended_reply_answers_the_status_it_had() {
    let (_upstream, app, visit) = begun(script::openai(&["all"])).await;
    let told = app.ask(&visit, "Hi").await.told().await;
    let stopped = app.stop_reply(&visit, &told.reply).await.ok();
    assert_eq!(stopped, json!({ "messageId": told.reply, "status": "complete" }));
    assert_eq!(app.history(&visit).await[1]["status"], "complete");
}

#[tokio::test]
async fn the_session_to_stop_in_is_named_in_body_query_or_header() {
    let (_upstream, app, visit) = begun(script::openai(&["all"])).await;
    let reply = app.ask(&visit, "Hi").await.told().await.reply;
    let path = format!("/api/chat/replies/{reply}/stop");
    app.post(&path, &json!({ "sessionId": visit.id })).await.ok();
    app.call("POST", &path).header("x-session-id", &visit.id).send().await.ok();
    app.call("POST", &format!("{path}?sessionId={}", visit.id)).send().await.ok();
}

#[tokio::test]
async fn clearing_and_erasing_stop_a_running_reply_first() {
    for method in ["history", "sessions"] {
        let (upstream, app, visit) = begun(script::hanging("half")).await;
        let mut events = app.ask(&visit, "Hi").await;
        events.expect("start").await;
        events.read_text(4).await;
        let path = match method {
            "history" => format!("/api/chat/history/{}", visit.id),
            _ => format!("/api/sessions/{}", visit.id),
        };
        app.call("DELETE", &path).send().await.ok();
        upstream.client_left().await;
        events.expect("done").await;
        match method {
            "history" => assert!(app.history(&visit).await.is_empty()),
            _ => drop(app.get(&path).await.refused(404, "session_not_found")),
        }
    }
}
