//! The panel's page: which language it speaks, and what it is told.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::app::TestApp;

/// The page of `path` for a browser that wants `languages`.
async fn page(app: &Api, path: &str, languages: &str) -> String {
    let answer = app.call("GET", path).header("accept-language", languages).send().await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(answer.header("vary"), Some("Accept-Language, Accept-Encoding"), "{path}");
    answer.text()
}

/// The JSON in a panel's page.
fn config_of(page: &str) -> Value {
    let mark = "<script id=\"alcove-config\" type=\"application/json\">";
    let (_, rest) = page.split_once(mark).expect("the config");
    let (config, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(config).expect("JSON")
}

async fn config(app: &Api, path: &str) -> Value {
    config_of(&page(app, path, "").await)
}

fn assets() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/widget")
}

/// The languages there are, each with its words.
fn languages() -> Vec<(String, Value)> {
    words_in("strings")
}

fn words_in(folder: &str) -> Vec<(String, Value)> {
    let files = std::fs::read_dir(assets().join(folder)).expect("the language files");
    let paths = files.map(|file| file.expect("a file").path()).filter(|path| path.is_file());
    let languages = paths.map(|path| {
        let tag = path.file_stem().expect("a name").to_str().expect("UTF-8").to_owned();
        let words = std::fs::read(&path).expect("its text");
        (tag, serde_json::from_slice(&words).expect("JSON"))
    });
    languages.collect()
}

#[tokio::test]
async fn the_page_speaks_each_language_there_is() {
    let app = TestApp::setup().start().await;
    let languages = languages();
    assert!(languages.iter().any(|(tag, _)| tag == "en"));
    for (tag, words) in languages {
        for (path, accepted) in
            [(format!("/embed?locale={tag}"), "en"), ("/embed".to_owned(), tag.as_str())]
        {
            let page = page(&app, &path, accepted).await;
            let direction = if ["ar", "he"].contains(&tag.as_str()) { "rtl" } else { "ltr" };
            let head = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
            assert!(page.contains(&head), "{head} in {page}");
            let config = config_of(&page);
            assert_eq!((&config["locale"], &config["strings"]), (&json!(tag), &words), "{path}");
        }
    }
}

#[tokio::test]
async fn a_language_that_there_is_not_becomes_english() {
    let app = TestApp::setup().set("BOT_LANGUAGE", "tlh").start().await;
    for locale in ["", "tlh", "../en", "%3Cb%3E", "en.json", "%00", "en-GB", "EN"] {
        let page = page(&app, &format!("/embed?locale={locale}"), "tlh;q=1, <b>").await;
        assert!(page.contains("<html lang=\"en\" dir=\"ltr\">"), "{locale}: {page}");
        assert_eq!(config_of(&page)["strings"]["send"], "Send", "{locale}");
    }
}

#[tokio::test]
async fn the_host_pages_language_comes_before_the_owners_and_that_before_the_browsers() {
    let tags: Vec<String> = languages().into_iter().map(|(tag, _)| tag).collect();
    let other = |not: &[&str]| {
        tags.iter().find(|tag| !not.contains(&tag.as_str())).map_or("en", String::as_str).to_owned()
    };
    let owners = other(&["en"]);
    let hosts = other(&["en", &owners]);
    let app = TestApp::setup().set("BOT_LANGUAGE", owners.as_str()).start().await;
    let locale = async |path: &str| config_of(&page(&app, path, "en").await)["locale"].clone();
    assert_eq!(locale("/embed").await, owners);
    assert_eq!(locale(&format!("/embed?locale={hosts}")).await, hosts);
    assert_eq!(locale("/embed?locale=tlh").await, owners);
}

#[tokio::test]
async fn the_owners_wording_takes_the_place_of_the_widgets() {
    let words = r#"{"send": "Everywhere", "stop": "Halt", "en-GB": {"send": "</script>&"}}"#;
    let app = TestApp::setup().set("BOT_STRINGS", words).start().await;
    let english = config(&app, "/embed?locale=en").await["strings"].clone();
    assert_eq!((&english["send"], &english["stop"]), (&json!("</script>&"), &json!("Halt")));
    assert_eq!(english["close"], "Close chat", "the rest stays");
    for (tag, _) in languages().iter().filter(|(tag, _)| tag != "en") {
        let words = config(&app, &format!("/embed?locale={tag}")).await["strings"].clone();
        assert_eq!((&words["send"], &words["stop"]), (&json!("Everywhere"), &json!("Halt")));
    }
}

#[tokio::test]
async fn the_words_of_what_is_loaded_later_come_when_they_are_asked_for() {
    let app = TestApp::setup().start().await;
    for (tag, later) in words_in("strings/more") {
        let config = config(&app, &format!("/embed?locale={tag}")).await;
        let first = later.as_object().and_then(|words| words.keys().next()).expect("a key");
        assert!(config["strings"].get(first).is_none(), "{tag}: the page has `{first}`, too");
        let address = config["words"].as_str().expect("an address");
        let words = app.call("GET", address).header("accept-language", "xx").send().await;
        assert_eq!(words.header("content-type"), Some("application/json"));
        assert!(words.header("cache-control").is_some_and(|told| told.contains("immutable")));
        assert_eq!(words.ok(), later, "{address}");
    }
}

#[tokio::test]
async fn words_without_the_right_version_are_asked_for_anew_each_time() {
    let app = TestApp::setup().start().await;
    for path in ["/embed/words", "/embed/words?locale=de&v=00000000", "/embed/words?v=&v=%00"] {
        let german = app.call("GET", path).header("accept-language", "de-CH, en").send().await;
        assert_eq!(german.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(german.header("vary"), Some("Accept-Language, Accept-Encoding"), "{path}");
        assert_eq!(german.ok()["leadPhone"], "Telefon", "{path}");
    }
}

#[tokio::test]
async fn words_that_come_later_are_reworded_too_and_get_another_address() {
    let plain = TestApp::setup().start().await;
    let words = r#"{"erase": "Wipe", "send": "Go"}"#;
    let reworded = TestApp::setup().set("BOT_STRINGS", words).start().await;
    let before = config(&plain, "/embed?locale=fr").await["words"].clone();
    let address = config(&reworded, "/embed?locale=fr").await["words"].clone();
    assert_ne!(before, address);
    let words = reworded.get(address.as_str().expect("an address")).await.ok();
    assert_eq!(words["erase"], "Wipe");
    assert!(words.get("send").is_none(), "the page has it");
}

#[tokio::test]
async fn an_owner_without_a_greeting_leaves_it_to_the_visitors_language() {
    let app = TestApp::setup().start().await;
    assert_eq!(config(&app, "/embed").await["welcome"], Value::Null);
    let app = TestApp::setup().set("BOT_WELCOME", "Good day").start().await;
    assert_eq!(config(&app, "/embed").await["welcome"], "Good day");
    assert_eq!(app.get("/api/sessions/bot-config").await.ok()["welcome"], "Good day");
}

#[tokio::test]
async fn the_page_knows_where_the_rest_of_the_panel_is_if_there_is_any() {
    let app = TestApp::setup().start().await;
    let scripts = config(&app, "/embed").await["scripts"].clone();
    for name in ["extras", "files", "data"] {
        let address = scripts[name].as_str();
        assert_eq!(address.is_some(), assets().join(format!("{name}.js")).exists(), "{name}");
        if let Some(address) = address {
            let file = app.get(address).await;
            let kept = file.header("cache-control").unwrap_or_default().contains("immutable");
            assert!(file.status == 200 && kept, "{address}");
        }
    }
}

#[tokio::test]
async fn what_an_older_host_puts_into_the_address_reaches_the_panel() {
    let app = TestApp::setup().start().await;
    let plain = config(&app, "/embed").await;
    let host = "config=%7B%22botName%22%3A%22%3C%2Fscript%3E%22%7D&userIdentifier=ada%40shop";
    for path in ["/embed", "/static/widget/chatbot.html"] {
        let told = config(&app, &format!("{path}?{host}")).await;
        assert_eq!(told["hostConfig"], json!({ "botName": "</script>" }));
        assert_eq!(told["userIdentifier"], "ada@shop");
        assert_eq!(told["botName"], plain["botName"], "the owner's settings stay as they are");
    }
    let bad = format!("config=%7B&userIdentifier={}&config=%7B%7D", "x".repeat(257));
    assert_eq!(config(&app, &format!("/embed?{bad}")).await, plain);
}
