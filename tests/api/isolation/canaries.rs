//! Secrets that are planted, and looked for in every page, in the log and in the database.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use super::staff::{COOKIE, csrf_of};
use crate::support::api::text_of;
use crate::support::process::Program;

const KEYS: [(&str, &str); 5] = [
    ("ANTHROPIC_API_KEY", "canary-anthropic-7f3a9c"),
    ("OPENAI_API_KEY", "canary-openai-7f3a9c"),
    ("GEMINI_API_KEY", "canary-gemini-7f3a9c"),
    ("COMPATIBLE_API_KEY", "canary-compatible-7f3a9c"),
    ("SECRET_KEY", "canary-django-secret-key-7f3a9c-0123456789abcdef"),
];
const PASSWORD: &str = "canary otter password 7f3a9c";

/// Pages of everybody and of an owner.
const PAGES: &[&str] = &[
    "/health",
    "/",
    "/embed",
    "/widget.js",
    "/api/openapi.json",
    "/api/health/",
    "/api/csrf/",
    "/api/sessions/bot-config",
    "/api/sessions/stats/summary",
    "/admin/",
    "/admin/login",
    "/admin/setup?key=x",
    "/admin/conversations",
    "/admin/conversations/export?format=json",
    "/admin/review",
    "/admin/leads",
    "/admin/leads/export?format=csv",
    "/admin/bots",
    "/admin/bots/new",
    "/admin/bots/default",
    "/admin/bots/default/revisions",
    "/admin/bots/export",
    "/admin/accounts",
    "/admin/accounts/1",
    "/admin/tokens",
    "/admin/settings",
    "/admin/health",
    "/admin/audit",
    "/admin/nothing",
];

/// Signs in with the password; answers the cookie.
async fn signed_in(program: &Program) -> String {
    let page = program.get("/admin/login").await;
    let guest =
        page.header("set-cookie").and_then(|line| line.split(';').next()).expect("a cookie");
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf", &csrf_of(&page))];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let call = program.call("POST", "/admin/login").header("cookie", guest).body(body);
    let answer = call.header("content-type", "application/x-www-form-urlencoded").send().await;
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookie =
        all.filter_map(|line| line.split(';').next()).find(|line| line.starts_with(COOKIE));
    cookie.expect("signed in").to_owned()
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
    entries
        .flat_map(|path| {
            if path.is_dir() { files(&path) } else { vec![std::fs::read(path).expect("bytes")] }
        })
        .collect()
}

#[tokio::test]
async fn no_page_no_log_and_no_file_holds_a_secret() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let more = [
        ("LOG_LEVEL", "trace"),
        ("AI_PROVIDER", "demo"),
        ("COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1"),
        ("COMPATIBLE_MODEL", "m"),
        ("RATE_LIMITS", "off"),
    ];
    let program = Program::start(folder.path(), &[&KEYS[..], &more].concat());
    let register = json!({ "username": "ada", "email": "ada@example.com", "password1": PASSWORD, "password2": PASSWORD });
    assert_eq!(program.post("/api/v1/accounts/register/", &register).await.status, 201);
    let db = Connection::open(folder.path().join("data/alcove.db")).expect("the database");
    db.execute("update accounts set role = 'owner'", []).expect("an owner");
    let login = json!({ "username": "ada", "password": PASSWORD });
    let token = text_of(&program.post("/api/v1/accounts/login/", &login).await.ok()["token"]);
    let visit = program.protected().await;
    program.say(&visit, "Hello").await.ok();
    let cookie = signed_in(&program).await;
    program.logged("setup?key=").await;
    let setup = program.said();
    let (_, setup) = setup.split_once("setup?key=").expect("a link");
    let setup = setup.split_whitespace().next().expect("a key").to_owned();
    let visitor = visit.token.clone().expect("a token");
    let (_, cookie_value) = cookie.split_once('=').expect("a value");
    let secrets: Vec<&str> = KEYS
        .iter()
        .map(|(_, key)| *key)
        .chain([PASSWORD, &token, cookie_value, &visitor])
        .collect();
    for path in PAGES {
        let page = program.call("GET", path).header("cookie", &cookie).answer().await;
        assert!(page.status < 500, "{path}: {}", page.text());
        let shown = format!("{} {:?}", page.text(), page.headers);
        for secret in secrets.iter().copied().chain([setup.as_str()]) {
            assert!(!shown.contains(secret), "{path} shows {secret}");
        }
        assert!(!shown.contains("$argon2"), "{path} shows a hash");
    }
    let wrong = json!({ "username": "ada", "password": "canary-mistyped-7f3a9c" });
    program.post("/api/v1/accounts/login/", &wrong).await;
    program.terminate();
    let (ended, _) = program.wait();
    for secret in secrets.iter().copied().chain(["canary-mistyped-7f3a9c"]) {
        assert!(
            !ended.stderr.contains(secret) && !ended.stdout.contains(secret),
            "the log holds {secret}"
        );
    }
    for bytes in files(folder.path()) {
        for secret in secrets.iter().copied().chain([setup.as_str(), "canary-mistyped-7f3a9c"]) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a file holds {secret}");
        }
    }
}
