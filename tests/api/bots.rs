//! Several bots: changed while the server runs, kept with every change, chosen by name.

use alcove::domain::bot::field::BotField;
use alcove::domain::bot::settings::BotSettings;
use alcove::service::bots::{BotChangeError, SaveChanges};
use serde_json::{Value, json};

use crate::support::api::text_of;
use crate::support::app::{MODEL, TestApp};
use crate::support::http::Answer;
use crate::support::script;
use crate::support::upstream::{Gate, Upstream};

pub fn set(pairs: &[(BotField, &str)]) -> BotSettings {
    let mut settings = BotSettings::default();
    for (field, text) in pairs {
        settings.set(*field, text).expect("a value");
    }
    settings
}

fn changes<'a>(slug: &'a str, pairs: &[(BotField, &str)]) -> SaveChanges<'a> {
    SaveChanges { slug, settings: set(pairs), is_active: true, based_on: None, by: "ada" }
}

/// Saves a bot; answers the revision.
pub async fn save(app: &TestApp, slug: &str, pairs: &[(BotField, &str)]) -> u32 {
    app.bots.save(changes(slug, pairs)).await.expect("saved")
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy").expect("a policy")
}

/// What the panel's page knows.
fn config_of(page: &Answer) -> Value {
    let page = page.text();
    let (_, rest) = page.split_once("type=\"application/json\">").expect("a config");
    serde_json::from_str(rest.split_once("</script>").expect("its end").0).expect("JSON")
}

#[tokio::test]
async fn a_change_holds_for_the_next_message_of_conversations_that_run() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    app.say(&visit, "one").await.ok();
    let changed = [
        (BotField::Model, "gpt-4.1-mini"),
        (BotField::SystemPrompt, "Speak like a pirate."),
        (BotField::MaxTokens, "77"),
        (BotField::Temperature, "0.4"),
    ];
    save(&app, "default", &changed).await;
    app.say(&visit, "two").await.ok();
    save(&app, "default", &[]).await;
    app.say(&visit, "three").await.ok();
    let bodies: Vec<Value> = upstream.received().await.into_iter().map(|got| got.body).collect();
    let models: Vec<&str> = bodies.iter().filter_map(|body| body["model"].as_str()).collect();
    assert_eq!(models, [MODEL, "gpt-4.1-mini", MODEL]);
    let second = bodies[1].to_string();
    assert!(second.contains("Speak like a pirate."), "{second}");
    assert!(second.contains("77") && bodies[1]["temperature"] == json!(0.4), "{second}");
    assert!(!bodies[2].to_string().contains("pirate"), "back to the configuration");
    assert_eq!(bodies[2].get("temperature"), None);
}

#[tokio::test]
async fn a_running_reply_keeps_the_settings_it_began_with() {
    let gate = Gate::new();
    let upstream =
        Upstream::start(vec![script::gated(&["a", "b"], &gate), script::openai(&["c"])]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.open().await;
    let mut events = app.ask(&visit, "Hi").await;
    events.expect("start").await;
    events.read_text(1).await;
    save(&app, "default", &[(BotField::Model, "other-model")]).await;
    gate.open();
    gate.open();
    events.read_text(1).await;
    assert_eq!(events.expect("done").await.data["finishReason"], "stop");
    app.say(&visit, "again").await.ok();
    let received = upstream.received().await;
    assert_eq!(received[0].body["model"], MODEL);
    assert_eq!(received[1].body["model"], "other-model");
}

#[tokio::test]
async fn a_message_names_the_model_that_was_asked() {
    let upstream = Upstream::start(vec![script::openai_unnamed("re")]).await;
    let app = TestApp::with(&upstream).await;
    save(&app, "shop", &[(BotField::Model, "shop-model")]).await;
    let visit = app.begin(&json!({ "bot": "shop" })).await;
    assert_eq!(app.say(&visit, "Hi").await.ok()["model"], "shop-model");
    assert_eq!(app.history(&visit).await[1]["model"], "shop-model");
    let other = app.open().await;
    assert_eq!(app.say(&other, "Hi").await.ok()["model"], MODEL);
}

#[tokio::test]
async fn a_wish_for_another_provider_still_counts_and_gets_that_providers_model() {
    let upstream = Upstream::start(vec![script::claude("re"), script::openai(&["re"])]).await;
    let app = TestApp::setup().openai(&upstream).claude(&upstream).start().await;
    save(&app, "shop", &[(BotField::Provider, "openai"), (BotField::Model, "shop-model")]).await;
    let wish = json!({ "bot": "shop", "config": { "aiProvider": "claude" } });
    let visit = app.begin(&wish).await;
    assert_eq!(app.say(&visit, "Hi").await.ok()["provider"], "claude");
    let plain = app.begin(&json!({ "bot": "shop" })).await;
    assert_eq!(app.say(&plain, "Hi").await.ok()["provider"], "openai");
    let received = upstream.received().await;
    assert_eq!(received[0].body["model"], "claude-model");
    assert_eq!(received[1].body["model"], "shop-model");
}

#[tokio::test]
async fn each_bot_has_looks_origins_and_a_loader_of_its_own() {
    let app = TestApp::setup().set("ALLOWED_ORIGINS", "https://a.example").start().await;
    let shop = [
        (BotField::Name, "Shop"),
        (BotField::Color, "#0b7285"),
        (BotField::Welcome, "Welcome!"),
        (BotField::LeadForm, "email!"),
        (BotField::Icon, "https://pictures.example/b.png"),
        (BotField::Origins, "https://shop.example"),
        (BotField::Strings, r#"{"send": "Go"}"#),
    ];
    save(&app, "shop", &shop).await;
    let (own, other) = (app.get("/embed?bot=shop").await, app.get("/embed").await);
    assert!(policy(&own).contains("frame-ancestors 'self' https://shop.example;"), "{own:?}");
    assert!(policy(&own).contains("https://pictures.example"));
    assert!(policy(&other).contains("frame-ancestors 'self' https://a.example;"));
    let config = config_of(&own);
    assert_eq!(config["bot"], "shop");
    assert_eq!((&config["botName"], &config["botColor"]), (&json!("Shop"), &json!("#0b7285")));
    assert_eq!(config["allowedOrigins"], json!(["https://shop.example"]));
    assert_eq!(
        (&config["welcome"], &config["strings"]["send"]),
        (&json!("Welcome!"), &json!("Go"))
    );
    assert_eq!(config["leadForm"]["fields"][0]["key"], "email");
    assert_eq!(config_of(&other)["allowedOrigins"], json!(["https://a.example"]));
    app.get(&text_of(&config["words"])).await.ok();
    let (named, plain) =
        (app.get("/widget.js?bot=shop").await.text(), app.get("/widget.js").await.text());
    for said in ["#0b7285", "\"bot\":\"shop\"", "\"name\":\"Shop\""] {
        assert!(named.contains(said) && !plain.contains(said), "{said}");
    }
}

#[tokio::test]
async fn a_changed_bot_changes_its_page_and_its_loader() {
    let app = TestApp::setup().set("BOT_NAME", "Before").start().await;
    assert_eq!(config_of(&app.get("/embed").await)["botName"], "Before");
    assert!(app.get("/widget.js").await.text().contains("Before"));
    save(&app, "default", &[(BotField::Name, "After")]).await;
    assert_eq!(config_of(&app.get("/embed").await)["botName"], "After");
    let loader = app.get("/widget.js").await.text();
    assert!(loader.contains("After") && !loader.contains("Before"));
    assert!(app.get("/").await.text().contains("After"), "the demo page as well");
}

#[tokio::test]
async fn a_bot_that_is_not_there_is_told_to_each_in_its_own_way() {
    let app = TestApp::setup().set("ALLOWED_ORIGINS", "https://a.example").start().await;
    save(&app, "shop", &[]).await;
    let visit = app.begin(&json!({ "bot": "shop" })).await;
    let off = SaveChanges { is_active: false, ..changes("shop", &[]) };
    app.bots.save(off).await.expect("switched off");
    for slug in ["shop", "unknown", "../x", "%00"] {
        let page = app.get(&format!("/embed?bot={slug}")).await;
        assert_eq!(page.status, 404);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.text().contains("This chat is closed"), "{}", page.text());
        assert!(policy(&page).contains("frame-ancestors 'self' https://a.example"));
        let script = app.get(&format!("/widget.js?bot={slug}")).await;
        assert_eq!(script.status, 404);
        assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert!(script.text().starts_with("// "), "{}", script.text());
    }
    app.get("/api/sessions/bot-config?bot=shop").await.refused(404, "bot_not_found");
    app.post("/api/sessions/create", &json!({ "bot": "shop" })).await.refused(404, "bot_not_found");
    app.say(&visit, "Hi").await.refused(404, "bot_not_found");
    assert!(app.history(&visit).await.is_empty(), "what was said can still be read");
    save(&app, "shop", &[]).await;
    app.say(&visit, "Hi").await.ok();
}

#[tokio::test]
async fn the_default_bot_is_the_one_that_was_chosen_and_conversations_keep_theirs() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = TestApp::with(&upstream).await;
    save(&app, "shop", &[(BotField::Name, "Shop"), (BotField::Model, "shop-model")]).await;
    let before = app.open().await;
    app.bots.make_default("shop").await.expect("the default");
    let after = app.open().await;
    app.say(&before, "Hi").await.ok();
    app.say(&after, "Hi").await.ok();
    let received = upstream.received().await;
    assert_eq!(received[0].body["model"], MODEL);
    assert_eq!(received[1].body["model"], "shop-model");
    assert_eq!(app.get("/api/sessions/bot-config").await.ok()["botName"], "Shop");
    let config = app.get("/api/sessions/bot-config?bot=default").await.ok();
    assert_eq!(config["botName"], "Claude Assistant");
    let refused = app.bots.delete("shop", "ada").await.expect_err("it is the default");
    assert!(matches!(refused, BotChangeError::IsDefault));
    let off = SaveChanges { is_active: false, ..changes("shop", &[]) };
    let refused = app.bots.save(off).await.expect_err("it has to answer");
    assert!(matches!(refused, BotChangeError::IsDefault));
    app.bots.make_default("default").await.expect("the default");
    app.bots.delete("shop", "ada").await.expect("deleted");
    let refused = app.bots.delete("default", "ada").await.expect_err("it stays");
    assert!(matches!(refused, BotChangeError::IsDefault));
    app.say(&after, "again").await.refused(404, "bot_not_found");
    assert_eq!(app.history(&after).await.len(), 2, "its conversations stay");
}

#[tokio::test]
async fn every_change_is_kept_and_can_be_gone_back_to() {
    let app = TestApp::setup().start().await;
    assert_eq!(save(&app, "shop", &[(BotField::Name, "One")]).await, 1);
    assert_eq!(save(&app, "shop", &[(BotField::Name, "Two")]).await, 2);
    assert_eq!(app.bots.roll_back("shop", 1, "bo").await.expect("rolled back"), 3);
    let name = |app: &TestApp| app.bots.get(Some("shop")).expect("a bot").looks.name.clone();
    assert_eq!(name(&app), "One");
    app.bots.delete("shop", "ada").await.expect("deleted");
    let found = app.bots.revisions("shop").await.expect("kept");
    let told: Vec<_> = found.iter().map(|r| (r.revision, r.by.as_str(), r.note.as_str())).collect();
    let expected = [
        (4, "ada", "deleted"),
        (3, "bo", "rolled back to 1"),
        (2, "ada", "changed"),
        (1, "ada", "changed"),
    ];
    assert_eq!(told, expected);
    app.bots.roll_back("shop", 2, "ada").await.expect("it comes back");
    assert_eq!(name(&app), "Two");
    app.bots.roll_back("shop", 99, "ada").await.expect_err("there is no such revision");
    app.bots.revisions("never").await.expect_err("there never was such a bot");
}

#[tokio::test]
async fn of_two_who_change_a_bot_at_once_the_second_is_told() {
    let app = TestApp::setup().start().await;
    let new = SaveChanges { based_on: Some(0), ..changes("shop", &[]) };
    assert_eq!(app.bots.save(new.clone()).await.expect("made"), 1);
    let refused = app.bots.save(new).await.expect_err("made already");
    assert!(matches!(refused, BotChangeError::Exists));
    let mine = SaveChanges { based_on: Some(1), ..changes("shop", &[(BotField::Name, "Mine")]) };
    assert_eq!(app.bots.save(mine.clone()).await.expect("the first"), 2);
    let refused = app.bots.save(mine).await.expect_err("the second");
    assert!(matches!(refused, BotChangeError::ChangedMeanwhile));
}

#[tokio::test]
async fn what_a_bot_cannot_be_is_refused() {
    let app = TestApp::setup().start().await;
    for slug in ["", "Shop", "a/b", "new", "<b>"] {
        let refused = app.bots.save(changes(slug, &[])).await.expect_err(slug);
        assert!(matches!(refused, BotChangeError::Slug), "{slug}");
    }
    let wrong = [(BotField::Strings, r#"{"no such word": "x"}"#), (BotField::Provider, "claude")];
    for (field, text) in wrong {
        let refused = app.bots.save(changes("shop", &[(field, text)])).await.expect_err(text);
        let BotChangeError::Values(problems) = refused else { panic!("{refused}") };
        assert_eq!(problems[0].0, field);
    }
    assert!(app.bots.known("shop").is_err(), "nothing was stored");
}
