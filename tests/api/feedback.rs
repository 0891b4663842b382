//! Feedback: what visitors say about replies, and who may say it.

use serde_json::{Value, json};

use crate::sending::new_id;
use crate::support::api::{Visit, text_of};
use crate::support::app::TestApp;
use crate::support::http::Answer;
use crate::support::script;
use crate::support::upstream::{Gate, Upstream};

async fn talked(protected: bool) -> (Upstream, TestApp, Visit, String) {
    let upstream = Upstream::start(vec![script::openai(&["From ten to six."])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.begin(&json!({ "protected": protected })).await;
    let reply = app.ask(&visit, "When are you open?").await.told().await.reply;
    (upstream, app, visit, reply)
}

async fn rate(app: &TestApp, visit: &Visit, reply: &str, fields: Value) -> Answer {
    let mut body = fields;
    body["sessionId"] = json!(visit.id);
    let path = format!("/api/chat/replies/{reply}/feedback");
    app.as_visitor(visit, "POST", &path).json(&body).send().await
}

#[tokio::test]
async fn feedback_is_kept_with_the_reply_and_the_last_word_counts() {
    let (_upstream, app, visit, reply) = talked(true).await;
    let long = "é".repeat(2000);
    for (said, kept) in [
        (json!({ "rating": "down" }), json!({ "rating": "down" })),
        (
            json!({ "rating": "down", "comment": " Not on Mondays. " }),
            json!({ "rating": "down", "comment": "Not on Mondays." }),
        ),
        (
            json!({ "rating": "down", "comment": long }),
            json!({ "rating": "down", "comment": long }),
        ),
        (json!({ "rating": "up", "comment": " " }), json!({ "rating": "up" })),
        (json!({ "rating": "up", "comment": null }), json!({ "rating": "up" })),
        (json!({ "rating": null, "comment": "gone" }), Value::Null),
    ] {
        let answer = rate(&app, &visit, &reply, said.clone()).await.ok();
        assert_eq!(answer, json!({ "messageId": reply, "status": "saved" }));
        let history = app.history(&visit).await;
        assert_eq!(history[1]["feedback"], kept, "{said}");
        assert_eq!(history[0].get("feedback"), None, "nobody rates a visitor");
        assert_eq!(history[1].get("feedback").is_none(), kept.is_null());
    }
}

#[tokio::test]
async fn feedback_that_is_none_is_refused_and_changes_nothing() {
    let (_upstream, app, visit, reply) = talked(false).await;
    rate(&app, &visit, &reply, json!({ "rating": "up" })).await.ok();
    for (said, field) in [
        (json!({}), "."),
        (json!({ "comment": "without a thumb" }), "."),
        (json!({ "rating": "sideways" }), "rating"),
        (json!({ "rating": 1 }), "rating"),
        (json!({ "rating": "UP" }), "rating"),
        (json!({ "rating": "down", "comment": 1 }), "comment"),
        (json!({ "rating": "down", "comment": "x".repeat(2001) }), "comment"),
        (json!({ "rating": "down", "comment": "a\u{0}b" }), "comment"),
    ] {
        let body = rate(&app, &visit, &reply, said.clone()).await.refused(400, "invalid_request");
        assert!(body["fields"].get(field).is_some(), "{said}: {body}");
    }
    assert_eq!(app.history(&visit).await[1]["feedback"], json!({ "rating": "up" }));
}

#[tokio::test]
async fn only_an_ended_reply_of_the_own_conversation_is_rated() {
    let (_upstream, app, visit, reply) = talked(false).await;
    let question = text_of(&app.history(&visit).await[0]["id"]);
    let thumb = json!({ "rating": "up" });
    for not_a_reply in [question, new_id(), "nonsense".to_owned()] {
        let answer = rate(&app, &visit, &not_a_reply, thumb.clone()).await;
        answer.refused(404, "reply_not_found");
    }
    let other = app.open().await;
    rate(&app, &other, &reply, thumb.clone()).await.refused(404, "reply_not_found");
    let nobodys = Visit { id: new_id(), token: None };
    rate(&app, &nobodys, &reply, thumb.clone()).await.refused(404, "session_not_found");
    let path = format!("/api/chat/replies/{reply}/feedback");
    app.post(&path, &thumb).await.refused(400, "missing_session_id");

    let gate = Gate::new();
    let upstream = Upstream::start(vec![script::gated(&["half"], &gate)]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    let mut events = app.ask(&visit, "Hi").await;
    let reply = text_of(&events.expect("start").await.data["messageId"]);
    events.expect("delta").await;
    rate(&app, &visit, &reply, thumb.clone()).await.refused(429, "reply_running");
    gate.open();
    events.expect("done").await;
    rate(&app, &visit, &reply, thumb).await.ok();
}

#[tokio::test]
async fn an_ended_conversation_is_still_rated_by_who_holds_its_token() {
    let (_upstream, app, visit, reply) = talked(true).await;
    app.clock.advance_minutes(31);
    rate(&app, &visit, &reply, json!({ "rating": "up" })).await.ok();
    assert_eq!(app.history(&visit).await[1]["feedback"], json!({ "rating": "up" }));
    app.say(&visit, "More").await.refused(404, "session_expired");

    let (_upstream, app, visit, reply) = talked(false).await;
    app.clock.advance_minutes(31);
    let late = rate(&app, &visit, &reply, json!({ "rating": "up" })).await;
    late.refused(404, "session_expired");
}

#[tokio::test]
async fn feedback_goes_along_and_goes_away_with_the_conversation() {
    let (_upstream, app, visit, reply) = talked(true).await;
    rate(&app, &visit, &reply, json!({ "rating": "down", "comment": "CANARY" })).await.ok();
    let export = format!("/api/sessions/{}/export", visit.id);
    let taken = app.as_visitor(&visit, "GET", &export).send().await.ok();
    assert_eq!(taken["messages"][1]["feedback"]["comment"], "CANARY");
    let erased = app.as_visitor(&visit, "DELETE", &format!("/api/sessions/{}", visit.id));
    erased.send().await.ok();
    for ending in ["", "-wal"] {
        let file = format!("{}{ending}", app.database.display());
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(6).any(|six| six == b"CANARY"), "it is still in {file}");
    }
}
