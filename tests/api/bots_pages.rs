//! The pages on which bots are changed, and bots as files.

use std::process::Command;

use alcove::domain::bot::field::BotField;

use crate::bots::save;
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::http::Answer;
use crate::support::script;
use crate::support::upstream::Upstream;

fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("a location")
}

#[tokio::test]
async fn an_editor_changes_a_bot_and_the_next_message_is_told_so() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = TestApp::with(&upstream).await;
    let browser = Browser::of(&app, "ada", "editor").await;
    let page = browser.get("/admin/bots/default").await;
    assert!(page.text().contains("Now: Claude Assistant (built in)."), "{}", page.text());
    assert!(page.text().contains("src=\"/embed?bot=default\""), "the real panel beside the form");
    let fields =
        [("basedOn", "0"), ("active", "on"), ("name", "Bo"), ("systemPrompt", "Say\r\nahoy.")];
    let saved = browser.submit("/admin/bots/default", "/admin/bots/default", &fields).await;
    assert_eq!(leads_to(&saved), "/admin/bots/default?done=saved");
    let visit = app.open().await;
    app.say(&visit, "Hi").await.ok();
    let asked = upstream.received().await[0].body.to_string();
    assert!(asked.contains("Say\\nahoy."), "{asked}");
    let history = browser.get("/admin/bots/default/revisions").await.text();
    assert!(history.contains("<bdi>ada</bdi>") && history.contains("<ins>Bo</ins>"), "{history}");
    let record = browser.get("/admin/audit?action=bot.changed").await.text();
    assert!(record.contains("bot.changed"), "{record}");
}

#[tokio::test]
async fn a_wrong_value_comes_back_beside_its_field_and_nothing_is_saved() {
    let app = TestApp::setup().start().await;
    let browser = Browser::of(&app, "ada", "editor").await;
    let fields = [("basedOn", "0"), ("active", "on"), ("name", "Kept"), ("color", "red")];
    let refused = browser.submit("/admin/bots/default", "/admin/bots/default", &fields).await;
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(page.contains("which is not a colour") && page.contains("value=\"Kept\""), "{page}");
    assert_eq!(app.bots.known("default").expect("a bot").revision, 0);
    let words = [("basedOn", "0"), ("active", "on"), ("strings", r#"{"nonsense": "x"}"#)];
    let refused = browser.submit("/admin/bots/default", "/admin/bots/default", &words).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("which is no word of the widget"));
}

#[tokio::test]
async fn a_bot_is_made_chosen_gone_back_with_and_deleted() {
    let app = TestApp::setup().set("PUBLIC_URL", "https://chat.example.com").start().await;
    let browser = Browser::of(&app, "ada", "editor").await;
    let new = [("slug", "shop"), ("active", "on"), ("name", "Shop"), ("color", "#0b7285")];
    let made = browser.submit("/admin/bots/new", "/admin/bots/new", &new).await;
    assert_eq!(leads_to(&made), "/admin/bots/shop?done=created");
    let again = browser.submit("/admin/bots/new", "/admin/bots/new", &new).await;
    assert_eq!(again.status, 422, "there is one already");
    let page = browser.get("/admin/bots/shop").await.text();
    for said in ["chat.example.com/widget.js?bot=shop", "data-bot=&#34;shop&#34;", "sha384-"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let edit = "/admin/bots/shop";
    let old = [("basedOn", "0"), ("active", "on"), ("name", "Late")];
    assert_eq!(browser.submit(edit, edit, &old).await.status, 422, "somebody was faster");
    let fields = [("basedOn", "1"), ("active", "on"), ("name", "Other")];
    assert_eq!(browser.submit(edit, edit, &fields).await.status, 303);
    let back = [("revision", "1")];
    let answer = browser.submit(edit, "/admin/bots/shop/rollback", &back).await;
    assert_eq!(leads_to(&answer), "/admin/bots/shop?done=rolled-back");
    assert_eq!(app.bots.get(Some("shop")).expect("a bot").looks.color, "#0b7285");
    let answer = browser.submit(edit, "/admin/bots/shop/default", &[]).await;
    assert_eq!(leads_to(&answer), "/admin/bots/shop?done=default-changed");
    assert_eq!(app.get("/api/sessions/bot-config").await.ok()["botName"], "Shop");
    let answer = browser.submit(edit, "/admin/bots/shop/delete", &[]).await;
    assert_eq!(answer.status, 400, "it is the default one");
    app.bots.make_default("default").await.expect("the default");
    let answer = browser.submit(edit, "/admin/bots/shop/delete", &[]).await;
    assert_eq!(leads_to(&answer), "/admin/bots?done=deleted");
    assert_eq!(browser.get("/admin/bots/shop").await.status, 404);
    let list = browser.get("/admin/bots").await.text();
    assert!(list.contains("/admin/bots/default") && !list.contains("/admin/bots/shop"));
}

#[tokio::test]
async fn a_viewer_sees_bots_and_changes_none() {
    let app = TestApp::setup().start().await;
    let browser = Browser::of(&app, "vi", "viewer").await;
    let page = browser.get("/admin/bots/default").await;
    assert_eq!(page.status, 200);
    assert_eq!(browser.get("/admin/bots/new").await.status, 403);
    let fields = [("basedOn", "0"), ("active", "on"), ("name", "Mine")];
    for path in ["/admin/bots/default", "/admin/bots/new", "/admin/bots/default/default"] {
        let answer = browser.submit("/admin/bots/default", path, &fields).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    assert_eq!(app.bots.known("default").expect("a bot").revision, 0);
}

fn alcove(app: &TestApp, args: &[&str]) -> (bool, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_alcove"))
        .args(args)
        .env("DATABASE_URL", format!("sqlite://{}", app.database.display()))
        .output()
        .expect("it runs");
    let text = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8(text).expect("UTF-8"))
}

#[tokio::test]
async fn bots_are_carried_from_one_server_to_another_as_a_file() {
    let (one, other) = (TestApp::setup().start().await, TestApp::setup().start().await);
    save(&one, "shop", &[(BotField::Name, "Ada"), (BotField::SystemPrompt, "One.\nTwo.")]).await;
    let (ok, exported) = alcove(&one, &["bot", "export"]);
    assert!(ok, "{exported}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bots.json");
    std::fs::write(&file, &exported).expect("written");
    let path = file.to_str().expect("a path");
    let (ok, told) = alcove(&other, &["bot", "import", path, "--dry-run"]);
    assert!(ok && told.contains("shop: would be made (name, systemPrompt)"), "{told}");
    assert!(alcove(&other, &["bot", "export", "shop"]).1.contains("no bot called shop"));
    let (ok, told) = alcove(&other, &["bot", "import", path]);
    assert!(ok && told.contains("shop: made (name, systemPrompt)"), "{told}");
    assert_eq!(alcove(&other, &["bot", "export"]).1, exported);
    other.bots.reload().await.expect("read");
    assert_eq!(other.bots.get(Some("shop")).expect("a bot").looks.name, "Ada");
    let (ok, told) = alcove(&other, &["bot", "import", path]);
    assert!(ok && told.contains("shop: nothing changes"), "{told}");
    std::fs::write(&file, exported.replace("\"name\": \"Ada\"", "\"color\": \"red\""))
        .expect("written");
    let (ok, told) = alcove(&other, &["bot", "import", path]);
    assert!(!ok && told.contains("shop: color is `red`"), "{told}");
}
