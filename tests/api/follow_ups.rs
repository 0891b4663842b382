//! What a model writes behind its answer: questions to go on with, and the wish for a form.

use serde_json::{Value, json};

use crate::support::api::Visit;
use crate::support::app::TestApp;
use crate::support::events::Events;
use crate::support::script;
use crate::support::upstream::{Reply, Upstream};

const FORM: &str = r#"{"when": "demand", "fields": ["email"]}"#;

async fn app(replies: Vec<Reply>) -> (Upstream, TestApp, Visit) {
    let upstream = Upstream::start(replies).await;
    let setup = TestApp::setup().openai(&upstream).set("BOT_FOLLOW_UPS", "2");
    let app = setup.set("BOT_LEAD_FORM", FORM).start().await;
    let visit = app.protected().await;
    (upstream, app, visit)
}

/// The text of the deltas, and the data of `done`.
async fn heard(mut events: Events) -> (String, Value) {
    let mut text = String::new();
    while let Some(event) = events.next().await {
        match event.name.as_str() {
            "delta" => text.push_str(event.data["text"].as_str().expect("text")),
            "done" => return (text, event.data),
            "start" => {}
            other => panic!("{other}: {}", event.data),
        }
    }
    panic!("no end");
}

#[tokio::test]
async fn questions_are_told_at_the_end_and_kept_but_never_shown_as_text() {
    let pieces = ["We open at ten.\n", "%", "%follow", "ups\n- And on", " Sundays?\nWhere?\nWhy?"];
    let (upstream, app, visit) = app(vec![script::openai(&pieces)]).await;
    let events = app.ask(&visit, "When do you open?").await;
    let (text, done) = heard(events).await;
    assert_eq!(text, "We open at ten.\n");
    assert_eq!(done["suggestions"], json!(["And on Sundays?", "Where?"]), "as many as wanted");
    assert_eq!(done.get("leadForm"), None);
    let reply = &app.history(&visit).await[1];
    assert_eq!(reply["content"], "We open at ten.\n");
    assert_eq!(reply["suggestions"], json!(["And on Sundays?", "Where?"]));
    let id = reply["id"].as_str().expect("an id");
    let (again, told) = heard(app.resume(&visit, id, 3).await).await;
    assert_eq!((again.as_str(), &told["suggestions"]), ("open at ten.\n", &done["suggestions"]));
    let asked = upstream.received().await;
    assert!(asked[0].body.to_string().contains("%%followups"), "the model is told how");
}

#[tokio::test]
async fn the_bot_asks_for_the_form_only_while_nothing_is_known_of_the_visitor() {
    let answer = "Gladly, somebody will call you.\n%%contact";
    let (upstream, app, visit) =
        app(vec![script::openai(&[answer]), script::openai(&[answer])]).await;
    let (text, done) = heard(app.ask(&visit, "Call me").await).await;
    assert_eq!(
        (text.as_str(), &done["leadForm"]),
        ("Gladly, somebody will call you.\n", &json!(true))
    );
    let path = format!("/api/sessions/{}/details", visit.id);
    let told = json!({ "email": "ada@example.com" });
    app.as_visitor(&visit, "POST", &path).json(&told).send().await.ok();
    let (text, done) = heard(app.ask(&visit, "Call me").await).await;
    assert_eq!((text.as_str(), done.get("leadForm")), (answer, None));
    let asked = upstream.received().await;
    let told: Vec<bool> = asked
        .iter()
        .map(|request| request.body.to_string().contains("says only %%contact"))
        .collect();
    assert_eq!(told, [true, false]);
}

#[tokio::test]
async fn a_client_that_does_not_stream_is_told_as_well() {
    let (_upstream, app, visit) =
        app(vec![script::openai(&["Yes.\n%%followups\nWhy?\n%%contact\n"])]).await;
    let answer = app.say(&visit, "Open?").await.ok();
    assert_eq!(answer["response"], "Yes.\n");
    assert_eq!((&answer["suggestions"], &answer["leadForm"]), (&json!(["Why?"]), &json!(true)));
}

#[tokio::test]
async fn a_reply_that_was_cut_off_suggests_nothing() {
    let cut = script::chunk("Yes.\n%%followups\nWhy do") + &script::end("length");
    let (_upstream, app, visit) = app(vec![Reply::events(cut)]).await;
    let (text, done) = heard(app.ask(&visit, "Open?").await).await;
    assert_eq!((text.as_str(), &done["finishReason"]), ("Yes.\n", &json!("length")));
    assert_eq!(done.get("suggestions"), None);
    assert_eq!(app.history(&visit).await[1].get("suggestions"), None);
}

#[tokio::test]
async fn without_the_setting_nothing_is_asked_for_and_nothing_taken_away() {
    let answer = "Yes.\n%%followups\nWhy?";
    let upstream = Upstream::start(vec![script::openai(&[answer])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    let (text, done) = heard(app.ask(&visit, "Open?").await).await;
    assert_eq!((text.as_str(), done.get("suggestions")), (answer, None));
    assert!(!upstream.received().await[0].body.to_string().contains("%%"));
}

#[tokio::test]
async fn the_demo_gives_none_and_does_not_quote_how_to() {
    let setup = TestApp::setup().set("BOT_FOLLOW_UPS", "3").set("BOT_LEAD_FORM", FORM);
    let app = setup.start().await;
    let visit = app.open().await;
    let question = "Who sees them as buttons?";
    let (text, done) = heard(app.ask(&visit, question).await).await;
    assert!(!text.contains("%%") && !text.contains("The visitor sees"), "{text}");
    assert_eq!((done.get("suggestions"), done.get("leadForm")), (None, None));
}

#[tokio::test]
async fn history_carries_what_the_panel_needs() {
    let answer = "Yes.\n%%followups\nWhy?";
    let (_upstream, app, visit) = app(vec![script::openai(&[answer]), Reply::status(400)]).await;
    app.ask(&visit, "Open?").await.told().await;
    let id = app.history(&visit).await[1]["id"].as_str().expect("an id").to_owned();
    let rating = json!({ "sessionId": visit.id, "rating": "down", "comment": "c" });
    let path = format!("/api/chat/replies/{id}/feedback");
    app.as_visitor(&visit, "POST", &path).json(&rating).send().await.ok();
    let mut failing = app.ask(&visit, "And now?").await;
    while failing.next().await.is_some() {}
    let history = app.history(&visit).await;
    let expected = json!({ "id": id, "role": "assistant", "content": "Yes.\n",
        "timestamp": crate::support::app::BEGINNING, "status": "complete", "finishReason": "stop",
        "feedback": { "rating": "down", "comment": "c" }, "suggestions": ["Why?"],
        "provider": "openai", "model": script::NAMED_MODEL });
    assert_eq!(history[1], expected);
    assert_eq!(
        (&history[3]["status"], &history[3]["finishReason"]),
        (&json!("failed"), &json!("error"))
    );
    assert_eq!(history[3]["errorCode"], "model_unavailable");
}
