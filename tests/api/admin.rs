//! The frame of the admin pages: signing in and out, the first owner, invitations, accounts,
//! tokens, errors as pages, and forms that others send.

use std::fs;
use std::path::Path;

use crate::support::app::{Setup, TestApp};
use crate::support::browser::{Browser, PASSWORD, csrf_of, encoded, make_account};
use crate::support::http::Answer;

async fn server() -> TestApp {
    TestApp::setup().start().await
}

fn limited() -> Setup {
    TestApp::setup().set("RATE_LIMITS", "on")
}

fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("a location")
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_login_and_back() {
    let app = server().await;
    make_account(&app, "ada", "viewer").await;
    let browser = Browser::at(&app);
    let asked = browser.get("/admin/audit?action=bot.changed").await;
    let login = leads_to(&asked).to_owned();
    assert_eq!(login, "/admin/login?next=%2Fadmin%2Faudit%3Faction%3Dbot.changed");
    let page = browser.get(&login).await;
    assert_eq!(page.status, 200);
    let next = "/admin/audit?action=bot.changed";
    assert!(page.text().contains(&format!("name=\"next\" value=\"{next}\"")), "{}", page.text());
    let fields = [("username", "ada"), ("password", PASSWORD), ("next", next)];
    assert_eq!(leads_to(&browser.submit(&login, "/admin/login", &fields).await), next);
    assert_eq!(browser.get(next).await.status, 200);
    assert_eq!(leads_to(&browser.get("/admin/login").await), "/admin/", "it is signed in");
}

#[tokio::test]
async fn the_login_leads_to_own_pages_only() {
    let app = server().await;
    make_account(&app, "ada", "viewer").await;
    for next in
        ["https://evil.example/", "//evil.example", "/admin//evil.example", "/\\evil.example"]
    {
        let fields = [("username", "ada"), ("password", PASSWORD), ("next", next)];
        let answer = Browser::at(&app).submit("/admin/login", "/admin/login", &fields).await;
        assert_eq!(leads_to(&answer), "/admin/", "{next}");
    }
}

#[tokio::test]
async fn wrong_names_and_wrong_passwords_look_the_same() {
    let app = server().await;
    make_account(&app, "ada", "owner").await;
    make_account(&app, "member", "member").await;
    let mut pages = Vec::new();
    for (name, password) in
        [("ada", "wrong"), ("nobody", "wrong"), ("member", PASSWORD), ("ada", "")]
    {
        let answer = Browser::at(&app).sign_in(name, password).await;
        assert_eq!(answer.status, 422, "{name}");
        let text = answer.text();
        let token = csrf_of(&text).expect("the form");
        pages.push(text.replace(&token, "").replace(&format!("value=\"{name}\""), ""));
        assert!(answer.header("set-cookie").is_none());
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(pages[0].contains("The username or the password is wrong."));
}

#[tokio::test]
async fn too_many_tries_are_told_to_wait() {
    let app = limited().start().await;
    let browser = Browser::at(&app);
    let mut last = browser.sign_in("ada", "wrong").await;
    for _ in 0..30 {
        if last.status == 429 {
            break;
        }
        last = browser.sign_in("ada", "wrong").await;
    }
    assert_eq!(last.status, 429);
    let seconds: u64 = last.header("retry-after").expect("a wait").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(last.text().contains("Too many tries. Please wait "), "{}", last.text());
}

#[tokio::test]
async fn each_login_is_a_new_one_and_logging_out_ends_it_on_the_server() {
    let app = server().await;
    let first = Browser::of(&app, "ada", "viewer").await;
    let old = first.cookies();
    let login_page = Browser::at(&app);
    assert_eq!(login_page.sign_in("ada", PASSWORD).await.status, 303);
    assert_ne!(login_page.cookies(), old);
    let out = first.submit("/admin/audit", "/admin/logout", &[]).await;
    assert_eq!(leads_to(&out), "/admin/login?done=signed-out");
    assert_eq!(first.cookies(), "", "the browser forgets it");
    let replayed = app.call("GET", "/admin/audit").header("cookie", &old).send().await;
    assert!(leads_to(&replayed).starts_with("/admin/login"), "it holds no longer");
    assert_eq!(login_page.get("/admin/audit").await.status, 200, "others stay signed in");
    assert!(first.get("/admin/login?done=signed-out").await.text().contains("You are signed out."));
}

#[tokio::test]
async fn another_site_cannot_sign_somebody_in() {
    let app = server().await;
    make_account(&app, "mallory", "owner").await;
    let mallory = Browser::at(&app);
    let token = csrf_of(&mallory.get("/admin/login").await.text()).expect("a form");
    let victim = Browser::at(&app);
    victim.get("/admin/login").await;
    let fields = [("csrf", token.as_str()), ("username", "mallory"), ("password", PASSWORD)];
    let forged = victim.post("/admin/login", &fields).await;
    assert_eq!(forged.status, 403);
    assert!(!victim.cookies().contains("__Host-alcove="), "{}", victim.cookies());
    let without_a_cookie = Browser::at(&app).post("/admin/login", &fields).await;
    assert_eq!(without_a_cookie.status, 403);
    assert!(without_a_cookie.text().contains("keeps no cookies"), "it says what may be wrong");
}

/// What is forged, the content type, the body, more headers.
type Shape<'a> = (&'a str, &'a str, String, Vec<(&'a str, &'a str)>);

/// The POST routes of the admin pages, read from their route table.
fn post_routes() -> Vec<String> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/pages/admin/mod.rs");
    let text = fs::read_to_string(table).expect("the route table");
    let posts = |call: &&str| call.split(".route(").next().is_some_and(|one| one.contains("post("));
    let path = |call: &str| call.split('"').nth(1).map(str::to_owned);
    let found: Vec<String> = text.split(".route(").skip(1).filter(posts).filter_map(path).collect();
    assert!(found.len() >= 8, "{found:?}");
    found.into_iter().filter(|path| !path.contains("{*")).collect()
}

#[tokio::test]
async fn every_form_of_the_pages_is_refused_in_each_forged_shape() {
    let app = server().await;
    let owner = Browser::of(&app, "ada", "owner").await;
    let token = csrf_of(&owner.get("/admin/audit").await.text()).expect("a form");
    let other = Browser::of(&app, "eve", "owner").await;
    let foreign = csrf_of(&other.get("/admin/audit").await.text()).expect("a form");
    let before = crate::isolation::contents(&app);
    let urlencoded = "application/x-www-form-urlencoded";
    let right = encoded(&[("csrf", &token), ("role", "owner"), ("active", "false"), ("days", "1")]);
    let json = format!("{{\"csrf\":\"{token}\"}}");
    let shapes: Vec<Shape<'_>> = vec![
        ("no token", urlencoded, encoded(&[("role", "owner")]), vec![]),
        ("an empty token", urlencoded, encoded(&[("csrf", "")]), vec![]),
        ("another's token", urlencoded, encoded(&[("csrf", &foreign)]), vec![]),
        ("two tokens", urlencoded, encoded(&[("csrf", &token), ("csrf", &foreign)]), vec![]),
        ("JSON", "application/json", json, vec![]),
        ("plain text", "text/plain", right.clone(), vec![]),
        ("from another site", urlencoded, right.clone(), vec![("sec-fetch-site", "cross-site")]),
        ("from a sister", urlencoded, right.clone(), vec![("sec-fetch-site", "same-site")]),
        ("foreign origin", urlencoded, right.clone(), vec![("origin", "https://evil.example")]),
        ("no origin", urlencoded, right.clone(), vec![("origin", "null")]),
    ];
    for route in post_routes() {
        let path = route
            .replace("{id}", "1")
            .replace("{session}", &crate::sending::new_id())
            .replace("{slug}", "default");
        assert!(!path.contains('{'), "a parameter this test does not know: {path}");
        for (what, content_type, body, headers) in &shapes {
            let mut call = owner.call("POST", &path).header("content-type", content_type);
            for (name, value) in headers {
                call = call.header(name, value);
            }
            let answer = call.body(body.as_bytes()).send().await;
            assert!(matches!(answer.status, 403 | 415), "{path}, {what}: {}", answer.status);
            let kind = answer.header("content-type");
            assert_eq!(kind, Some("text/html; charset=utf-8"), "{path}, {what}");
        }
    }
    crate::isolation::assert_unchanged(&before, &crate::isolation::contents(&app), "a forged form");
}

#[tokio::test]
async fn errors_under_admin_are_pages_without_a_cause() {
    let app = server().await;
    let viewer = Browser::of(&app, "vic", "viewer").await;
    let cases = [
        (viewer.get("/admin/nothing/here").await, 404),
        (viewer.get("/admin/accounts/999").await, 404),
        (viewer.get("/admin/accounts/x").await, 404),
        (viewer.get("/admin/audit?before=x").await, 400),
        (viewer.call("DELETE", "/admin/audit").send().await, 405),
        (viewer.submit("/admin/audit", "/admin/accounts", &[("role", "owner")]).await, 403),
        (app.call("POST", "/admin/tokens").send().await, 401),
        (app.get("/admin/invitation?key=unknown").await, 400),
    ];
    for (answer, status) in cases {
        let text = answer.text();
        assert_eq!(answer.status, status, "{text}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{text}");
        let id = answer.header("x-request-id").expect("an id");
        assert!(text.contains("<h1>") && text.contains(id), "{text}");
    }
}

#[tokio::test]
async fn every_page_has_the_headers_of_the_admin() {
    let app = server().await;
    let owner = Browser::of(&app, "ada", "owner").await;
    let pages = [
        "/admin/login?x",
        "/admin/accounts",
        "/admin/tokens",
        "/admin/settings",
        "/admin/health",
        "/admin/audit",
        "/admin/nothing",
    ];
    for path in pages {
        let answer = owner.get(path).await;
        let header = |name: &str| answer.header(name).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{policy}"
        );
        assert!(
            policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn somebody_invited_becomes_what_the_invitation_says_and_it_holds_once() {
    let app = server().await;
    let owner = Browser::of(&app, "ada", "owner").await;
    let page = owner.submit("/admin/accounts", "/admin/accounts", &[("role", "editor")]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let link = text.split("/admin/invitation?key=").nth(1).and_then(|rest| rest.split('<').next());
    let key = link.expect("the link").to_owned();
    assert!(!owner.get("/admin/accounts").await.text().contains(&key), "it is shown once");
    let path = format!("/admin/invitation?key={key}");
    let guest = Browser::at(&app);
    let form = |name: &'static str, repeated: &'static str| {
        vec![
            ("key", key.clone()),
            ("username", name.to_owned()),
            ("email", "bob@example.com".to_owned()),
            ("password", PASSWORD.to_owned()),
            ("repeated", repeated.to_owned()),
        ]
    };
    let send = async |name: &'static str, repeated: &'static str| {
        let fields = form(name, repeated);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        guest.submit(&path, "/admin/invitation", &fields).await
    };
    let differs = send("bob", "other words").await;
    assert_eq!(differs.status, 422);
    assert!(differs.text().contains("The two passwords differ."));
    assert!(!differs.text().contains(PASSWORD), "no password is shown again");
    assert_eq!(send("ada", PASSWORD).await.status, 422, "the name is taken");
    assert_eq!(leads_to(&send("bob", PASSWORD).await), "/admin/");
    assert!(guest.get("/admin/accounts").await.text().contains("editor"));
    let used = Browser::at(&app).get(&path).await;
    assert_eq!(used.status, 400);
    assert!(used.text().contains("used up or over"));
}

#[tokio::test]
async fn a_token_is_shown_once_and_is_refused_once_it_is_revoked() {
    let app = server().await;
    let viewer = Browser::of(&app, "vic", "viewer").await;
    let fields = [("name", "<b>nightly</b>"), ("days", "30")];
    let page = viewer.submit("/admin/tokens", "/admin/tokens", &fields).await.text();
    let token = page.split("alc_").nth(1).and_then(|rest| rest.split('<').next());
    let token = format!("alc_{}", token.expect("the token"));
    let ask = async || {
        let call = app.call("GET", "/api/v1/chat/chats-history/");
        call.header("authorization", &format!("Token {token}")).send().await.status
    };
    assert_eq!(ask().await, 200);
    let list = viewer.get("/admin/tokens").await.text();
    assert!(!list.contains(&token) && list.contains("&#60;b&#62;nightly"), "{list}");
    let revoke = list.split("action=\"").find(|part| part.contains("/revoke\""));
    let revoke = revoke.and_then(|part| part.split('"').next()).expect("a form").to_owned();
    let other = Browser::of(&app, "eve", "editor").await;
    let refused = other.submit("/admin/tokens", &revoke, &[]).await;
    assert_eq!(refused.status, 404, "another's token is as one that is not there");
    assert_eq!(ask().await, 200);
    let done = viewer.submit("/admin/tokens", &revoke, &[]).await;
    assert_eq!(leads_to(&done), "/admin/tokens?done=revoked");
    assert_eq!(ask().await, 401);
}

#[tokio::test]
async fn the_own_password_is_changed_with_the_old_one_only() {
    let app = server().await;
    let viewer = Browser::of(&app, "vic", "viewer").await;
    let elsewhere = Browser::at(&app);
    elsewhere.sign_in("vic", PASSWORD).await;
    let page = viewer.get("/admin/audit").await.text();
    let own = page.split("href=\"/admin/accounts/").nth(2).and_then(|rest| rest.split('"').next());
    let own = format!("/admin/accounts/{}", own.expect("a link to the own account"));
    let path = format!("{own}/password");
    let new = "quiet lantern 93";
    let wrong = [("current", "wrong"), ("password", new), ("repeated", new)];
    let refused = viewer.submit(&own, &path, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("This is not the password."), "{}", refused.text());
    let weak = [("current", PASSWORD), ("password", "password"), ("repeated", "password")];
    assert_eq!(viewer.submit(&own, &path, &weak).await.status, 422);
    let right = [("current", PASSWORD), ("password", new), ("repeated", new)];
    let done = viewer.submit(&own, &path, &right).await;
    assert_eq!(leads_to(&done), format!("{own}?done=password-changed"));
    assert_eq!(viewer.get(&own).await.status, 200, "it stays signed in here");
    assert_eq!(elsewhere.get(&own).await.status, 303, "and nowhere else");
    assert_eq!(Browser::at(&app).sign_in("vic", PASSWORD).await.status, 422);
    assert_eq!(Browser::at(&app).sign_in("vic", new).await.status, 303);
}

#[tokio::test]
async fn roles_change_at_once_and_the_last_owner_stays() {
    let app = server().await;
    let owner = Browser::of(&app, "ada", "owner").await;
    let bob = Browser::of(&app, "bob", "viewer").await;
    let list = owner.get("/admin/accounts").await.text();
    let id_of = |name: &str| {
        let before = list.split(&format!("<bdi>{name}</bdi>")).next().unwrap_or_default();
        let id = before.rsplit("/admin/accounts/").next().and_then(|rest| rest.split('"').next());
        format!("/admin/accounts/{}", id.expect("an id"))
    };
    let (ada, bobs) = (id_of("ada"), id_of("bob"));
    let alone = owner.submit(&ada, &format!("{ada}/role"), &[("role", "viewer")]).await;
    assert_eq!(alone.status, 409);
    assert!(alone.text().contains("There must be an active owner"), "{}", alone.text());
    let raised = owner.submit(&bobs, &format!("{bobs}/role"), &[("role", "editor")]).await;
    assert_eq!(leads_to(&raised), format!("{bobs}?done=saved"));
    let out = owner.submit(&bobs, &format!("{bobs}/active"), &[("active", "false")]).await;
    assert_eq!(leads_to(&out), format!("{bobs}?done=deactivated"));
    assert_eq!(bob.get("/admin/accounts").await.status, 303, "it is signed out");
    let log = owner.get("/admin/audit").await.text();
    for action in ["account.deactivated", "account.role_changed", "login.made"] {
        assert!(log.contains(action), "{action}: {log}");
    }
}

#[tokio::test]
async fn settings_show_where_values_come_from_and_no_secret() {
    let app = TestApp::setup()
        .set("OPENAI_API_KEY", "sk-canary-0123456789abcdef")
        .set("BOT_NAME", "<i>Ada</i>")
        .start()
        .await;
    let text = Browser::of(&app, "vic", "viewer").await.get("/admin/settings").await.text();
    assert!(text.contains("&#60;i&#62;Ada&#60;/i&#62;"), "{text}");
    assert!(text.contains("OPENAI_API_KEY") && !text.contains("canary") && !text.contains("cdef"));
}
