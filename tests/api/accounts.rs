//! Accounts: made, signed in to, out of; their conversations; what no answer tells.

mod command_line;
mod sign_ins;
mod staff;

use serde_json::{Value, json};

use crate::support::api::text_of;
use crate::support::app::{Setup, TestApp};
use crate::support::http::{Answer, Call};

const PASSWORD: &str = "kind otter 7";

async fn server() -> TestApp {
    TestApp::setup().start().await
}

fn form(username: &str) -> Value {
    let email = format!("{username}@example.com");
    json!({ "username": username, "email": email, "password1": PASSWORD, "password2": PASSWORD })
}

async fn register(app: &TestApp, form: &Value) -> Answer {
    app.post("/api/v1/accounts/register/", form).await
}

async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "password": password });
    app.post("/api/v1/accounts/login/", &body).await
}

/// A token of a new account.
async fn member(app: &TestApp, username: &str) -> String {
    assert_eq!(register(app, &form(username)).await.status, 201);
    text_of(&login(app, username, PASSWORD).await.ok()["token"])
}

fn as_member(app: &TestApp, token: &str, method: &str, path: &str) -> Call {
    app.call(method, path).header("authorization", &format!("Token {token}"))
}

async fn say(app: &TestApp, token: &str, body: &Value) -> Answer {
    as_member(app, token, "POST", "/api/v1/chat/").json(body).send().await
}

#[tokio::test]
async fn an_account_is_made_signed_in_and_signed_out() {
    let app = server().await;
    let made = register(&app, &form("Ada")).await;
    assert_eq!((made.status, made.json()), (201, json!({"message": "User created successfully."})));
    let told = login(&app, "ada", PASSWORD).await.ok();
    assert_eq!(told["username"], "Ada", "as it was written");
    assert_eq!(told["message"], "User logged in successfully.");
    assert!(told["user_id"].is_i64());
    let token = text_of(&told["token"]);
    assert!(token.starts_with("alc_") && token.len() == 47, "{token}");
    let out = as_member(&app, &token, "POST", "/api/v1/accounts/logout/").send().await.ok();
    assert_eq!(out, json!({ "message": "Successfully logged out." }));
    let again = as_member(&app, &token, "POST", "/api/v1/accounts/logout/").send().await;
    assert_eq!(again.refused(401, "invalid_token")["detail"], "Invalid token.");
}

#[tokio::test]
async fn each_sign_in_has_a_token_of_its_own() {
    let app = server().await;
    let first = member(&app, "ada").await;
    let second = text_of(&login(&app, "ada", PASSWORD).await.ok()["token"]);
    assert_ne!(first, second);
    as_member(&app, &first, "POST", "/api/v1/accounts/logout/").send().await.ok();
    as_member(&app, &second, "GET", "/api/v1/chat/chats-history/").send().await.ok();
}

#[tokio::test]
async fn what_is_wrong_with_a_registration_is_named_by_field() {
    let app = server().await;
    assert_eq!(register(&app, &form("ada")).await.status, 201);
    let with = |name: &str, value: Value| {
        let mut form = form("bob");
        form[name] = value;
        form
    };
    let same = |password: &str| {
        let mut form = form("bob");
        (form["password1"], form["password2"]) = (json!(password), json!(password));
        form
    };
    let required = "This field is required.";
    let cases = [
        (with("username", json!("ADA")), "username", "A user with that username already exists."),
        (with("username", json!("a b")), "username", "Enter a valid username."),
        (with("username", Value::Null), "username", required),
        (with("email", json!("")), "email", required),
        (with("email", json!("ada")), "email", "Enter a valid email address."),
        (with("password1", Value::Null), "password1", required),
        (with("password2", Value::Null), "password2", required),
        (with("password2", json!("other otter 7")), "password", "Passwords do not match."),
        (same("1234567"), "password", "This password is too short."),
        (same("password"), "password", "This password is too common."),
        (same("bob@example.com"), "password", "The password is too similar"),
    ];
    for (form, field, words) in cases {
        let body = register(&app, &form).await.refused(400, "invalid_request");
        let told = text_of(&body[field][0]);
        assert!(told.starts_with(words), "{field}: {body}");
        assert_eq!(body["fields"][field], body[field]);
    }
    assert_eq!(register(&app, &form("bob")).await.status, 201, "none of them made an account");
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_in_the_same_words() {
    let app = server().await;
    member(&app, "ada").await;
    let mut bodies = Vec::new();
    for (name, password) in [("ada", "wrong otter 7"), ("nobody", PASSWORD), ("ada", "x")] {
        let mut body = login(&app, name, password).await.refused(400, "wrong_credentials");
        body["requestId"] = Value::Null;
        bodies.push(body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    for body in [json!({}), json!({"username": "ada"}), json!({"username": "", "password": "x"})] {
        let answer = app.post("/api/v1/accounts/login/", &body).await;
        let told = answer.refused(400, "missing_credentials");
        assert_eq!(told["error"], "Username and password are required.");
    }
}

#[tokio::test]
async fn a_member_talks_and_finds_the_conversation_again() {
    let app = server().await;
    let token = member(&app, "ada").await;
    let first = say(&app, &token, &json!({ "session_id": null, "message": "Hello" })).await.ok();
    let session = text_of(&first["session_id"]);
    assert!(!text_of(&first["message"]).is_empty());
    let more = json!({ "session_id": session, "message": "And now?" });
    assert_eq!(say(&app, &token, &more).await.ok()["session_id"], session.as_str());
    let other = say(&app, &token, &json!({ "message": "Something else" })).await.ok();
    let list = as_member(&app, &token, "GET", "/api/v1/chat/chats-history/").send().await.ok();
    let ids: Vec<&Value> =
        list.as_array().expect("a list").iter().map(|s| &s["session_id"]).collect();
    assert_eq!(ids, [&other["session_id"], &first["session_id"]], "newest first");
    assert!(list[0]["created_at"].as_str().expect("a time").ends_with('Z'));
    let path = format!("/api/v1/chat/chats/{session}/");
    let whole = as_member(&app, &token, "GET", &path).send().await.ok();
    assert_eq!(whole["session_id"], session.as_str());
    let said = whole["messages"].as_array().expect("messages");
    let roles: Vec<&str> = said.iter().map(|m| m["role"].as_str().expect("a role")).collect();
    assert_eq!(roles, ["user", "assistant", "user", "assistant"]);
    assert_eq!(said[0]["content"], "Hello");
    assert!(said[0]["timestamp"].as_str().expect("a time").ends_with('Z'));
}

#[tokio::test]
async fn a_conversation_of_an_account_is_nobody_elses_and_does_not_end() {
    let app = server().await;
    let (ada, bob) = (member(&app, "ada").await, member(&app, "bob").await);
    let begun = say(&app, &ada, &json!({ "message": "Hello" })).await.ok();
    let session = text_of(&begun["session_id"]);
    let path = format!("/api/v1/chat/chats/{session}/");
    let into_it = json!({ "session_id": session, "message": "mine now" });
    for answer in [
        as_member(&app, &bob, "GET", &path).send().await,
        say(&app, &bob, &into_it).await,
        say(&app, &bob, &json!({ "session_id": "7", "message": "x" })).await,
        as_member(&app, &bob, "GET", "/api/v1/chat/chats/nothing/").send().await,
    ] {
        let body = answer.refused(404, "session_not_found");
        assert_eq!(body["error"], "Chat session not found.");
    }
    app.get(&format!("/api/sessions/{session}")).await.refused(404, "session_not_found");
    let bobs = as_member(&app, &bob, "GET", "/api/v1/chat/chats-history/").send().await.ok();
    assert_eq!(bobs, json!([]));
    app.clock.advance_minutes(60 * 24 * 400);
    assert_eq!(say(&app, &ada, &into_it).await.status, 200, "no end after a year");
    as_member(&app, &ada, "GET", &path).send().await.ok();
}

#[tokio::test]
async fn nobody_talks_without_a_token() {
    let app = server().await;
    for (method, path) in [
        ("POST", "/api/v1/accounts/logout/"),
        ("POST", "/api/v1/chat/"),
        ("GET", "/api/v1/chat/chats-history/"),
        ("GET", "/api/v1/chat/chats/00000000-0000-4000-8000-000000000000/"),
    ] {
        let bare = app.call(method, path).json(&json!({ "message": "x" })).send().await;
        assert_eq!(bare.header("www-authenticate"), Some("Token"));
        let body = bare.refused(401, "not_authenticated");
        assert_eq!(body["detail"], "Authentication credentials were not provided.");
        let basic = app.call(method, path).header("authorization", "Basic YTpi").send().await;
        basic.refused(401, "not_authenticated");
        for shown in ["Token", "Token ", "Token x", "token alc_x", "Bearer x", "Token a b"] {
            let answer = app.call(method, path).header("authorization", shown).send().await;
            assert_eq!(answer.refused(401, "invalid_token")["detail"], "Invalid token.", "{shown}");
        }
    }
}

#[tokio::test]
async fn errors_of_the_framework_say_detail_on_every_path_of_the_family() {
    let app = server().await;
    let wrong_method = app.get("/api/v1/accounts/login/").await;
    assert!(wrong_method.header("allow").is_some_and(|allow| allow.contains("POST")));
    assert!(wrong_method.refused(405, "method_not_allowed")["detail"].is_string());
    let login = "/api/v1/accounts/login/";
    let without_slash = app.post(login.trim_end_matches('/'), &json!({})).await;
    assert!(without_slash.refused(404, "not_found")["detail"].is_string());
    let text = app.call("POST", login).header("content-type", "text/plain").body("username=ada");
    assert!(text.send().await.refused(415, "unsupported_media_type")["detail"].is_string());
    assert!(app.get("/api/nothing").await.refused(404, "not_found").get("detail").is_none());
    let huge = app.call("POST", login).json(&json!({ "username": "a".repeat(2_000_000) }));
    assert!(huge.send().await.refused(413, "body_too_large")["detail"].is_string());
}

#[tokio::test]
async fn a_message_that_is_refused_leaves_no_conversation() {
    let app = TestApp::setup().set("MAX_MESSAGE_CHARS", "10").start().await;
    let token = member(&app, "ada").await;
    let body = say(&app, &token, &json!({ "message": " " })).await.refused(400, "message_empty");
    assert_eq!(body["message"], json!(["This field may not be blank."]));
    let long = json!({ "message": "more than ten" });
    say(&app, &token, &long).await.refused(400, "message_too_long");
    let list = as_member(&app, &token, "GET", "/api/v1/chat/chats-history/").send().await.ok();
    assert_eq!(list, json!([]));
}

fn limited() -> Setup {
    TestApp::setup().set("RATE_LIMITS", "on")
}

#[tokio::test]
async fn after_five_tries_an_address_waits_and_nobody_is_locked_out() {
    let app = limited().set("TRUSTED_PROXIES", "127.0.0.1").start().await;
    member(&app, "ada").await;
    let from = async |address: &str, password: &str| {
        let body = json!({ "username": "ada", "password": password });
        let call = app.call("POST", "/api/v1/accounts/login/").json(&body);
        call.header("x-forwarded-for", address).send().await
    };
    for _ in 0..5 {
        assert_eq!(from("192.0.2.1", "wrong otter 7").await.status, 400);
    }
    let refused = from("192.0.2.1", PASSWORD).await;
    let wait: u64 = refused.header("retry-after").expect("a wait").parse().expect("seconds");
    assert!((1..=61).contains(&wait), "{wait}");
    refused.refused(429, "rate_limited");
    assert_eq!(from("192.0.2.2", PASSWORD).await.status, 200, "others get in");
}

#[tokio::test]
async fn who_may_register_is_the_owners_choice() {
    let app = TestApp::setup().set("REGISTRATION", "closed").start().await;
    register(&app, &form("ada")).await.refused(403, "registration_closed");
    let app = TestApp::setup().set("REGISTRATION", "invite").start().await;
    register(&app, &form("ada")).await.refused(400, "invitation_invalid");
    let mut with = form("ada");
    with["invitation"] = json!("made up");
    register(&app, &with).await.refused(400, "invitation_invalid");
}

#[tokio::test]
async fn the_database_holds_no_password_and_no_token() {
    let app = server().await;
    let token = member(&app, "ada").await;
    say(&app, &token, &json!({ "message": "Hello" })).await.ok();
    let folder = app.database.parent().expect("a folder");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let bytes = std::fs::read(entry.expect("a file").path()).expect("its bytes");
        for secret in [PASSWORD, token.as_str(), token.trim_start_matches("alc_")] {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in the database");
        }
    }
}
