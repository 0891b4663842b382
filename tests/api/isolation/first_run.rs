//! Before anybody owns the server, and signing in: no account is there by itself, a link holds
//! once, and no other site signs a browser in.

use serde_json::json;

use super::contents;
use super::staff::{Ask, COOKIE, at_work, csrf_of};
use crate::support::api::Api;
use crate::support::app::TestApp;
use crate::support::http::{Answer, Call};
use crate::support::process::Program;

const GUEST: &str = "__Host-alcove-guest";
const PASSWORD: &str = "a kind otter 7";

/// A browser that has not signed in: its cookie and what its forms show.
struct Browser {
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn open(api: &Api, path: &str) -> Self {
        let page = api.get(path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        Self { cookie: cookie_in(&page, GUEST).expect("a guest's cookie"), csrf: csrf_of(&page) }
    }

    fn form(&self, api: &Api, path: &str, fields: &[(&str, &str)]) -> Call {
        form(api, path, &[fields, &[("csrf", self.csrf.as_str())]].concat())
            .header("cookie", &format!("{GUEST}={}", self.cookie))
    }

    async fn sign_in(&self, api: &Api, username: &str, password: &str) -> Answer {
        let fields = [("username", username), ("password", password)];
        self.form(api, "/admin/login", &fields).send().await
    }
}

fn form(api: &Api, path: &str, fields: &[(&str, &str)]) -> Call {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    api.call("POST", path).header("content-type", "application/x-www-form-urlencoded").body(body)
}

fn cookie_in(answer: &Answer, name: &str) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let value = all.filter_map(|line| line.split(';').next()?.strip_prefix(&format!("{name}=")));
    value.filter(|value| !value.is_empty()).map(str::to_owned).next()
}

fn account(key: &str, username: &str) -> [(&'static str, String); 5] {
    [
        ("key", key.to_owned()),
        ("username", username.to_owned()),
        ("email", format!("{username}@example.com")),
        ("password", PASSWORD.to_owned()),
        ("repeated", PASSWORD.to_owned()),
    ]
}

async fn set_up(api: &Api, browser: &Browser, key: &str, username: &str) -> Answer {
    join(api, browser, "/admin/setup", key, username).await
}

async fn join(api: &Api, browser: &Browser, path: &str, key: &str, username: &str) -> Answer {
    let fields = account(key, username);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser.form(api, path, &fields).answer().await
}

/// The key in the link that the program prints.
async fn setup_key(program: &Program) -> String {
    const LINK: &str = "/admin/setup?key=";
    program.logged(LINK).await;
    let said = program.said();
    let (_, rest) = said.split_once(LINK).expect("a link");
    rest.split_whitespace().next().expect("a key").to_owned()
}

#[tokio::test]
async fn on_a_fresh_server_no_name_and_no_password_opens_anything() {
    let app = TestApp::setup().start().await;
    let browser = Browser::open(&app, "/admin/login").await;
    for name in ["admin", "root", "alcove", ""] {
        for password in ["admin", "password", "changeme", name] {
            let answer = browser.sign_in(&app, name, password).await;
            assert_eq!(answer.status, 422, "{name}/{password}");
            assert_eq!(cookie_in(&answer, COOKIE), None, "{name}/{password}");
            let body = json!({ "username": name, "password": password });
            let answer = app.post("/api/v1/accounts/login/", &body).await;
            assert_eq!(answer.status, 400, "{name}/{password}");
        }
    }
    let made = contents(&app)
        .into_iter()
        .filter(|line| line.starts_with("accounts: ") || line.starts_with("logins: "));
    assert_eq!(made.count(), 0);
}

#[tokio::test]
async fn the_first_owner_is_made_by_the_printed_link_once_and_nobody_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[("RATE_LIMITS", "off")]);
    let key = setup_key(&program).await;
    for wrong in ["", "x", "' or 1=1 --", &key.to_uppercase(), &format!("{key}A")] {
        let page = program.get(&format!("/admin/setup?key={wrong}")).await;
        assert_eq!(page.status, 400, "{wrong}");
    }
    let browser = Browser::open(&program, &format!("/admin/setup?key={key}")).await;
    assert_eq!(
        set_up(&program, &browser, "x", "eve").await.status,
        400,
        "a form needs the key too"
    );
    let (one, other) = tokio::join!(
        set_up(&program, &browser, &key, "ada"),
        set_up(&program, &browser, &key, "eve"),
    );
    let statuses = [one.status, other.status];
    assert!(statuses.contains(&303) && statuses.contains(&400), "{statuses:?}");
    let owner = if one.status == 303 { "ada" } else { "eve" };
    assert_eq!(set_up(&program, &browser, &key, "second").await.status, 400);
    assert_eq!(program.get(&format!("/admin/setup?key={key}")).await.status, 400);
    let answer = browser.sign_in(&program, owner, PASSWORD).await;
    assert_eq!(answer.status, 303);
    program.terminate();
    let (ended, _) = program.wait();
    assert!(!ended.stdout.contains(PASSWORD) && !ended.stderr.contains(PASSWORD));
    let again = Program::start(folder.path(), &[]);
    assert!(!again.said().contains("/admin/setup"), "no link once there is an owner");
}

#[tokio::test]
async fn a_sign_in_takes_a_new_cookie_each_time_and_ends_the_one_before() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[("RATE_LIMITS", "off")]);
    let key = setup_key(&program).await;
    let browser = Browser::open(&program, &format!("/admin/setup?key={key}")).await;
    let first = set_up(&program, &browser, &key, "ada").await;
    let first = cookie_in(&first, COOKIE).expect("signed in");
    let fixed = "A".repeat(43);
    let login = [("username", "ada"), ("password", PASSWORD)];
    let call = form(&program, "/admin/login", &[&login[..], &[("csrf", &browser.csrf)]].concat());
    let cookies = format!("{GUEST}={}; {COOKIE}={fixed}", browser.cookie);
    let second = call.header("cookie", &cookies).send().await;
    let second = cookie_in(&second, COOKIE).expect("signed in");
    assert!(second != fixed && second != first, "a cookie of one's choice is not taken");
    let status = async |cookie: &str| {
        let call = program.call("GET", "/admin/").header("cookie", &format!("{COOKIE}={cookie}"));
        call.send().await.status
    };
    assert_eq!((status(&fixed).await, status(&second).await), (303, 200));
    let call = form(&program, "/admin/login", &[&login[..], &[("csrf", &browser.csrf)]].concat());
    let cookies = format!("{GUEST}={}; {COOKIE}={second}", browser.cookie);
    let third = call.header("cookie", &cookies).send().await;
    assert!(cookie_in(&third, COOKIE).is_some());
    assert_eq!(status(&second).await, 303, "the login before is over");
}

#[tokio::test]
async fn no_other_site_signs_a_browser_in() {
    let app = TestApp::setup().start().await;
    let body = json!({ "username": "mallory", "email": "m@example.com", "password1": PASSWORD, "password2": PASSWORD });
    app.post("/api/v1/accounts/register/", &body).await;
    let db = rusqlite::Connection::open(&app.database).expect("the database");
    db.execute("update accounts set role = 'owner'", []).expect("an owner");
    let victim = Browser::open(&app, "/admin/login").await;
    let attacker = Browser::open(&app, "/admin/login").await;
    let login = [("username", "mallory"), ("password", PASSWORD)];
    let with = |csrf: &str| form(&app, "/admin/login", &[&login[..], &[("csrf", csrf)]].concat());
    let cookie = format!("{GUEST}={}", victim.cookie);
    let right = || with(&victim.csrf).header("cookie", &cookie);
    let forged = vec![
        ("no cookie and no token", form(&app, "/admin/login", &login)),
        ("no cookie", with(&victim.csrf)),
        ("no token", form(&app, "/admin/login", &login).header("cookie", &cookie)),
        ("the attacker's token", with(&attacker.csrf).header("cookie", &cookie)),
        ("from another site", right().header("sec-fetch-site", "cross-site")),
        ("from a neighbour", right().header("sec-fetch-site", "same-site")),
        ("another origin", right().header("origin", "https://evil.example")),
        ("no origin", right().header("origin", "null")),
        (
            "as text",
            app.call("POST", "/admin/login")
                .header("content-type", "text/plain")
                .header("cookie", &cookie)
                .body("username=mallory"),
        ),
    ];
    for (shape, call) in forged {
        let answer = call.send().await;
        assert!([403, 415].contains(&answer.status), "{shape}: {}", answer.status);
        assert_eq!(cookie_in(&answer, COOKIE), None, "{shape}");
    }
    assert!(!contents(&app).iter().any(|line| line.starts_with("logins: ")));
    let own = right().header("origin", &app.base).header("sec-fetch-site", "same-origin");
    assert_eq!(own.send().await.status, 303, "its own page does");
}

#[tokio::test]
async fn an_invitation_holds_once_and_for_its_role_only() {
    let app = TestApp::setup().start().await;
    let owner = at_work(&app, "Grace", "owner").await;
    let invite = Ask::form("/admin/accounts", &[("role", "viewer")]);
    let page = owner.ask(&app, &invite).send().await.text();
    let (_, rest) = page.split_once("/admin/invitation?key=").expect("a link");
    let key = rest.split('<').next().expect("a key").to_owned();
    let browser = Browser::open(&app, &format!("/admin/invitation?key={key}")).await;
    let setup =
        join(&app, &browser, "/admin/invitation", &format!("{key}&role=owner"), "eve").await;
    assert_eq!(setup.status, 400);
    let (one, other) = tokio::join!(
        join(&app, &browser, "/admin/invitation", &key, "lin"),
        join(&app, &browser, "/admin/invitation", &key, "eve"),
    );
    let statuses = [one.status, other.status];
    assert!(statuses.contains(&303) && statuses.contains(&400), "{statuses:?}");
    let again = join(&app, &browser, "/admin/setup", &key, "mallory").await;
    assert_eq!(again.status, 400, "used up");
    let accounts: Vec<String> =
        contents(&app).into_iter().filter(|line| line.starts_with("accounts: ")).collect();
    assert_eq!(accounts.len(), 2, "{accounts:?}");
    assert!(accounts.iter().any(|line| line.contains("viewer")), "{accounts:?}");
}

#[tokio::test]
async fn an_invitation_is_over_after_its_days() {
    let app = TestApp::setup().start().await;
    let owner = at_work(&app, "Grace", "owner").await;
    let page = owner.ask(&app, &Ask::form("/admin/accounts", &[("role", "viewer")])).send().await;
    let text = page.text();
    let (_, rest) = text.split_once("/admin/invitation?key=").expect("a link");
    let key = rest.split('<').next().expect("a key").to_owned();
    let browser = Browser::open(&app, &format!("/admin/invitation?key={key}")).await;
    app.clock.advance_minutes(7 * 24 * 60 + 1);
    assert_eq!(app.get(&format!("/admin/invitation?key={key}")).await.status, 400);
    assert_eq!(join(&app, &browser, "/admin/invitation", &key, "lin").await.status, 400);
}
