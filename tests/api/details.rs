//! Details: what visitors tell about themselves, and the form that asks for it.

use serde_json::{Value, json};

use crate::support::api::Visit;
use crate::support::app::TestApp;
use crate::support::http::Answer;

const FORM: &str = r#"{"when": "after", "title": "May we call you?",
    "consent": "I agree to the [privacy notice](https://shop.example/privacy).",
    "fields": ["name", "email!", {"key": "need", "label": "What for?", "type": "textarea"}]}"#;

async fn tell(app: &TestApp, visit: &Visit, details: &Value) -> Answer {
    let path = format!("/api/sessions/{}/details", visit.id);
    app.as_visitor(visit, "POST", &path).json(details).send().await
}

#[tokio::test]
async fn the_owners_form_is_told_to_the_widget() {
    let app = TestApp::setup().set("BOT_LEAD_FORM", FORM).start().await;
    let form = app.get("/api/sessions/bot-config").await.ok()["leadForm"].clone();
    let expected = json!({
        "when": "after",
        "required": true,
        "title": "May we call you?",
        "consent": "I agree to the [privacy notice](https://shop.example/privacy).",
        "fields": [
            { "key": "name", "label": null, "type": "text", "required": false },
            { "key": "email", "label": null, "type": "email", "required": true },
            { "key": "need", "label": "What for?", "type": "textarea", "required": false },
        ],
    });
    assert_eq!(form, expected);
    let page = app.get("/embed").await.text();
    assert!(page.contains("\"leadForm\":{\"when\":\"after\""), "{page}");
}

#[tokio::test]
async fn details_are_kept_with_the_session_and_only_given_keys_change() {
    let app = TestApp::setup().set("BOT_LEAD_FORM", FORM).start().await;
    let visit = app.protected().await;
    let steps = [
        (
            json!({ "name": " Ada ", "email": "ada@example.com", "need": "a\nb" }),
            json!({ "email": "ada@example.com", "name": "Ada", "need": "a\nb" }),
        ),
        (json!({ "need": null, "name": "" }), json!({ "email": "ada@example.com" })),
        (
            json!({ "phone": "+41 44 123 45 67" }),
            json!({ "email": "ada@example.com", "phone": "+41 44 123 45 67" }),
        ),
        (json!({}), json!({ "email": "ada@example.com", "phone": "+41 44 123 45 67" })),
    ];
    for (told, kept) in steps {
        let answer = tell(&app, &visit, &told).await.ok();
        let expected = json!({ "sessionId": visit.id, "details": kept, "status": "updated" });
        assert_eq!(answer, expected);
        let session = format!("/api/sessions/{}", visit.id);
        for path in [session.clone(), format!("{session}/export")] {
            let shown = app.as_visitor(&visit, "GET", &path).send().await.ok();
            assert_eq!(shown["details"], kept, "{path}");
        }
        let text = app.as_visitor(&visit, "GET", &format!("{session}/export?format=txt"));
        assert!(text.send().await.text().contains("email: ada@example.com"));
    }
}

#[tokio::test]
async fn each_wrong_detail_is_named_and_nothing_is_kept() {
    let app = TestApp::setup().set("BOT_LEAD_FORM", FORM).start().await;
    let visit = app.open().await;
    let told = json!({ "name": "Ada", "email": "ada@", "phone": "call me", "role": "admin",
        "need": "x".repeat(501) });
    let body = tell(&app, &visit, &told).await.refused(400, "invalid_request");
    let fields = body["fields"].as_object().expect("fields");
    let named: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(named, ["email", "need", "phone", "role"]);
    assert!(!body.to_string().contains("ada@"), "what was told is not sent back");
    for bad in [json!([]), json!("x"), json!(null)] {
        tell(&app, &visit, &bad).await.refused(400, "invalid_request");
    }
    tell(&app, &visit, &json!({ "email": null })).await.refused(400, "invalid_request");
    let shown = app.get(&format!("/api/sessions/{}", visit.id)).await.ok();
    assert_eq!(shown["details"], json!({}));
}

#[tokio::test]
async fn without_a_form_a_host_page_may_still_say_who_its_user_is() {
    let app = TestApp::setup().start().await;
    let visit = app.open().await;
    let told = json!({ "name": "Ada", "email": "ada@example.com", "phone": "0441234567" });
    assert_eq!(tell(&app, &visit, &told).await.ok()["details"], told);
    let body = tell(&app, &visit, &json!({ "company": "x" })).await.refused(400, "invalid_request");
    assert!(body["fields"].get("company").is_some(), "{body}");
    app.clock.advance_minutes(31);
    tell(&app, &visit, &told).await.refused(404, "session_expired");
}

#[tokio::test]
async fn details_are_really_gone_with_the_session() {
    let app = TestApp::setup().start().await;
    let visit = app.protected().await;
    tell(&app, &visit, &json!({ "name": "CANARY" })).await.ok();
    app.as_visitor(&visit, "DELETE", &format!("/api/sessions/{}", visit.id)).send().await.ok();
    for ending in ["", "-wal"] {
        let file = format!("{}{ending}", app.database.display());
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(6).any(|six| six == b"CANARY"), "it is still in {file}");
    }
}
