//! The admin pages: every route × nobody, wrong cookies, and each role; and forms that another
//! site made a browser send.

use alcove::domain::secret::TokenHash;
use rusqlite::{Connection, params};

use super::native::{Scene, open};
use super::staff::{Ask, COOKIE, ROLES, SignedIn, at_work, sign_in};
use super::{Guard, Row, Seen, assert_unchanged, contents, rows};
use crate::sending::new_id;
use crate::support::app::{BEGINNING, TestApp};
use crate::support::http::Call;

/// Things that requests of these pages name.
#[derive(Debug, Clone)]
pub struct Site {
    /// A conversation.
    pub session: String,
    /// A reply in it that is to be worked on.
    pub reply: String,
    /// Somebody else's account.
    pub account: String,
    /// An API token.
    pub token: String,
    /// A bot that is not the default one.
    pub bot: String,
}

impl Site {
    /// What is nowhere.
    fn nowhere() -> Self {
        let number = "987654".to_owned();
        Self {
            session: new_id(),
            reply: new_id(),
            account: number.clone(),
            token: number,
            bot: "nowhere".to_owned(),
        }
    }
}

/// Requests of one admin route.
pub type StaffAsks = fn(&Site) -> Vec<Ask>;

/// In this order an owner can use all of them; what ends something stands last.
pub const ROWS: &[Row] = &[
    open("GET /admin", "leads to the overview"),
    open("GET /admin/login", "asks for the password"),
    open("POST /admin/login", "asks for the password"),
    open("GET /admin/setup", "opens with the link of the first owner"),
    open("POST /admin/setup", "opens with the link of the first owner"),
    open("GET /admin/invitation", "opens with an invitation"),
    open("POST /admin/invitation", "opens with an invitation"),
    open("GET /admin/{*rest}", "there is nothing"),
    open("POST /admin/{*rest}", "there is nothing"),
    open("PUT /admin/{*rest}", "there is nothing"),
    open("DELETE /admin/{*rest}", "there is nothing"),
    viewer("GET /admin/", |_| pages(&["/admin/", "/admin/?days=7", "/admin/?bot=default"])),
    viewer("GET /admin/conversations", |_| {
        pages(&["/admin/conversations", "/admin/conversations?q=SECRET&failed=on"])
    }),
    viewer("GET /admin/conversations/export", |_| {
        ["csv", "json", "jsonl"]
            .map(|format| Ask::page(format!("/admin/conversations/export?format={format}")))
            .into()
    }),
    viewer("GET /admin/conversations/{session}", |site| vec![conversation(site, "")]),
    viewer("GET /admin/conversations/{session}/live", |site| vec![conversation(site, "/live")]),
    viewer("GET /admin/conversations/{session}/export", |site| {
        ["csv", "json", "jsonl"]
            .map(|format| conversation(site, &format!("/export?format={format}")))
            .into()
    }),
    viewer("GET /admin/review", |_| pages(&["/admin/review"])),
    viewer("GET /admin/leads", |_| pages(&["/admin/leads", "/admin/leads?q=Ada"])),
    viewer("GET /admin/leads/export", |_| {
        pages(&["/admin/leads/export?format=csv", "/admin/leads/export?format=json"])
    }),
    viewer("GET /admin/accounts", |_| pages(&["/admin/accounts"])),
    viewer("GET /admin/accounts/{id}", |site| {
        vec![Ask::page(format!("/admin/accounts/{}", site.account))]
    }),
    viewer("GET /admin/tokens", |_| pages(&["/admin/tokens"])),
    viewer("GET /admin/settings", |_| pages(&["/admin/settings"])),
    viewer("GET /admin/health", |_| pages(&["/admin/health"])),
    viewer("GET /admin/audit", |_| pages(&["/admin/audit", "/admin/audit?action=bot.changed"])),
    viewer("GET /admin/bots", |_| pages(&["/admin/bots"])),
    viewer("GET /admin/bots/export", |_| pages(&["/admin/bots/export"])),
    viewer("GET /admin/bots/{slug}", |site| vec![bot_page(site, "")]),
    viewer("GET /admin/bots/{slug}/revisions", |site| vec![bot_page(site, "/revisions")]),
    staff("GET /admin/bots/new", "editor", |_| pages(&["/admin/bots/new"])),
    staff("POST /admin/bots/new", "editor", |_| {
        vec![Ask::form("/admin/bots/new", &[("slug", "desk"), ("active", "on")])]
    }),
    staff("POST /admin/bots/{slug}", "editor", |site| {
        vec![bot(site, "", &[("basedOn", "1"), ("active", "on"), ("name", "Desk")])]
    }),
    staff("POST /admin/bots/{slug}/rollback", "editor", |site| {
        vec![bot(site, "/rollback", &[("revision", "1")])]
    }),
    staff("POST /admin/bots/{slug}/delete", "editor", |site| vec![bot(site, "/delete", &[])]),
    staff("POST /admin/bots/{slug}/default", "editor", |site| {
        // The one that was deleted before this comes back, so that it can be made the default.
        vec![bot(site, "/rollback", &[("revision", "1")]), bot(site, "/default", &[])]
    }),
    viewer("POST /admin/tokens", |_| {
        vec![Ask::form("/admin/tokens", &[("name", "till"), ("days", "30")])]
    }),
    viewer("POST /admin/tokens/{id}/revoke", |site| {
        vec![Ask::form(format!("/admin/tokens/{}/revoke", site.token), &[])]
    }),
    staff("POST /admin/review/settle", "editor", |site| {
        let fields = [("session", site.session.as_str()), ("reply", site.reply.as_str())];
        vec![Ask::form("/admin/review/settle", &fields)]
    }),
    staff("POST /admin/accounts", "owner", |_| {
        vec![Ask::form("/admin/accounts", &[("role", "editor")])]
    }),
    staff("POST /admin/accounts/{id}/role", "owner", |site| {
        vec![
            account(site, "role", &[("role", "owner")]),
            account(site, "role", &[("role", "viewer")]),
        ]
    }),
    staff("POST /admin/accounts/{id}/password", "owner", |site| {
        let fields = [("password", "a kind otter 8"), ("repeated", "a kind otter 8")];
        vec![account(site, "password", &fields)]
    }),
    staff("POST /admin/accounts/{id}/active", "owner", |site| {
        vec![account(site, "active", &[("active", "false")])]
    }),
    staff("POST /admin/conversations/{session}/delete", "editor", |site| {
        vec![Ask::form(format!("/admin/conversations/{}/delete", site.session), &[])]
    }),
    viewer("POST /admin/logout", |_| vec![Ask::form("/admin/logout", &[])]),
];

const fn viewer(route: &'static str, asks: StaffAsks) -> Row {
    staff(route, "viewer", asks)
}

const fn staff(route: &'static str, least: &'static str, asks: StaffAsks) -> Row {
    Row { route, guard: Guard::Staff { least, asks } }
}

fn pages(paths: &[&str]) -> Vec<Ask> {
    paths.iter().map(|path| Ask::page(*path)).collect()
}

fn conversation(site: &Site, rest: &str) -> Ask {
    Ask::page(format!("/admin/conversations/{}{rest}", site.session))
}

fn bot_page(site: &Site, rest: &str) -> Ask {
    Ask::page(format!("/admin/bots/{}{rest}", site.bot))
}

fn bot(site: &Site, rest: &str, fields: &[(&'static str, &str)]) -> Ask {
    Ask::form(format!("/admin/bots/{}{rest}", site.bot), fields)
}

fn account(site: &Site, what: &str, fields: &[(&'static str, &str)]) -> Ask {
    Ask::form(format!("/admin/accounts/{}/{what}", site.account), fields)
}

/// Every request: its route, the least role, the request.
fn requests(site: &Site) -> Vec<(&'static str, &'static str, Ask)> {
    let asked = |row: &'static Row| match row.guard {
        Guard::Staff { least, asks } => {
            asks(site).into_iter().map(|ask| (row.route, least, ask)).collect()
        }
        _ => Vec::new(),
    };
    rows().flat_map(asked).collect()
}

fn database(app: &TestApp) -> Connection {
    Connection::open(&app.database).expect("the database")
}

/// An API token of this account; its number.
fn token_of(app: &TestApp, account: i64, text: &str) -> String {
    let db = database(app);
    db.execute(
        "insert into tokens (account, hash, ending, name, created_at) values (?1, ?2, 'tail', 'n', ?3)",
        params![account, TokenHash::of(text).as_bytes(), BEGINNING],
    )
    .expect("a token");
    db.last_insert_rowid().to_string()
}

/// A server with a conversation whose answer nobody liked, and somebody of this role at work.
async fn scene(role: &str) -> (Scene, Site, SignedIn) {
    let scene = Scene::new(true).await;
    let app = &scene.app;
    let staff = at_work(app, "Ada", role).await;
    let other = sign_in(app, "Bob", "viewer");
    database(app)
        .execute("update messages set rating = 'down' where role = 'assistant'", [])
        .expect("a thumb");
    let site = Site {
        session: scene.names.session.clone(),
        reply: scene.names.reply.clone(),
        account: other.account.to_string(),
        token: token_of(app, staff.account, "alc_own"),
        bot: "shop".to_owned(),
    };
    let grace = at_work(app, "Grace", "owner").await;
    let shop = Ask::form("/admin/bots/new", &[("slug", "shop"), ("active", "on")]);
    assert_eq!(grace.ask(app, &shop).send().await.status, 303);
    (scene, site, staff)
}

/// What is kept, without when a sign-in was last seen.
fn kept(app: &TestApp) -> Vec<String> {
    contents(app).into_iter().filter(|line| !line.starts_with("logins: ")).collect()
}

fn sign_ins(app: &TestApp) -> usize {
    contents(app).iter().filter(|line| line.starts_with("logins: ")).count()
}

#[tokio::test]
async fn each_role_may_do_what_the_table_says_and_nothing_more() {
    for role in ROLES.into_iter().skip(1) {
        let (scene, site, staff) = scene(role).await;
        let app = &scene.app;
        let rank = |role: &str| ROLES.iter().position(|own| *own == role).expect("a role");
        for (route, least, ask) in requests(&site) {
            let before = kept(app);
            let answer = staff.ask(app, &ask).send().await;
            if rank(role) >= rank(least) {
                let is_done = matches!(answer.status, 200 | 303);
                assert!(is_done, "{role}: {route}: {} {}", answer.status, answer.text());
                let to = answer.header("location").unwrap_or_default();
                assert!(
                    !to.contains("/admin/login") || route.ends_with("/logout"),
                    "{role}: {route}: {to}"
                );
                let has_changed = kept(app) != before || route.ends_with("/logout");
                assert_eq!(has_changed, ask.method == "POST", "{role}: {route}");
            } else {
                assert_eq!(answer.status, 403, "{role}: {route}: {}", answer.text());
                assert_unchanged(&before, &kept(app), &format!("{role}: {route}"));
            }
        }
        let out = staff.ask(app, &Ask::page("/admin/")).send().await;
        assert_eq!(out.status, 303, "the last row signs out");
    }
}

#[tokio::test]
async fn what_is_nowhere_is_not_found_and_says_the_same_of_every_id() {
    let (scene, _, owner) = scene("owner").await;
    let before = kept(&scene.app);
    let (one, other) = (
        Site::nowhere(),
        Site { account: "777777".to_owned(), token: "777777".to_owned(), ..Site::nowhere() },
    );
    for ((route, _, ask), (.., again)) in requests(&one).into_iter().zip(requests(&other)) {
        if ask.path == again.path && ask.fields == again.fields {
            continue;
        }
        let answer = owner.ask(&scene.app, &ask).answer().await;
        assert_eq!(answer.status, 404, "{route}: {}", answer.text());
        assert_eq!(
            Seen::of(&answer),
            Seen::of(&owner.ask(&scene.app, &again).answer().await),
            "{route}"
        );
    }
    assert_unchanged(&before, &kept(&scene.app), "an id that is nowhere");
}

/// What somebody shows who is not signed in, as whole `Cookie` headers.
fn wrong_cookies(
    scene: &Scene,
    right: &SignedIn,
    csrf: &str,
) -> Vec<(&'static str, Option<String>)> {
    let app = &scene.app;
    let with = |value: &str| Some(format!("{COOKIE}={value}"));
    let member = sign_in(app, "Member", "member");
    let off = sign_in(app, "Off", "owner");
    let over = sign_in(app, "Over", "owner");
    let out = sign_in(app, "Out", "owner");
    let db = database(app);
    db.execute("update accounts set is_active = 0 where key = ?1", [off.account]).expect("off");
    db.execute(
        "update logins set expires_at = ?2 where account = ?1",
        params![over.account, BEGINNING - 1],
    )
    .expect("over");
    db.execute("delete from logins where account = ?1", [out.account]).expect("out");
    token_of(app, right.account, "alc_bearer");
    let visitor = scene.visit.token.clone().unwrap_or_default();
    let (cut, _) = right.cookie.split_at(right.cookie.len() - 1);
    vec![
        ("nothing", None),
        ("an empty cookie", with("")),
        ("a tampered cookie", with(&right.cookie.replace("cookie", "Cookie"))),
        ("a cut cookie", with(cut)),
        ("a longer cookie", with(&format!("{}x", right.cookie))),
        (
            "another name",
            Some(format!("alcove={0}; Host-alcove={0}; __host-alcove={0}", right.cookie)),
        ),
        ("a decoy first", Some(format!("{COOKIE}=decoy; {COOKIE}={}", right.cookie))),
        ("a login that is over", with(&over.cookie)),
        ("a login that was ended", with(&out.cookie)),
        ("an account that is switched off", with(&off.cookie)),
        ("a member", with(&member.cookie)),
        ("an API token of an owner", with("alc_bearer")),
        ("a visitor's token", with(&visitor)),
        ("the form's token", with(csrf)),
        ("a conversation's id", with(&scene.names.session)),
        ("a statement", with("' or 1=1 --")),
    ]
}

#[tokio::test]
async fn without_a_sign_in_that_holds_nothing_is_shown_and_nothing_changes() {
    let (scene, site, owner) = scene("owner").await;
    let app = &scene.app;
    let wrongs = wrong_cookies(&scene, &owner, &owner.csrf);
    let before = kept(app);
    for (who, cookie) in wrongs {
        for (site, is_there) in [(&site, true), (&Site::nowhere(), false)] {
            for (route, _, ask) in requests(site) {
                let mut call =
                    ask.plain(app, Some(&owner.csrf)).header("authorization", "Token alc_bearer");
                if let Some(cookie) = &cookie {
                    call = call.header("cookie", cookie);
                }
                let answer = call.answer().await;
                assert!(!answer.text().contains("SECRET"), "{who}: {route}");
                let expected = if ask.method == "GET" { 303 } else { 401 };
                assert_eq!(answer.status, expected, "{who}: {route}, there: {is_there}");
                if ask.method == "GET" {
                    let to = answer.header("location").unwrap_or_default();
                    assert!(to.starts_with("/admin/login?next=%2Fadmin"), "{who}: {route}: {to}");
                    assert!(answer.bytes.is_empty(), "{who}: {route}");
                }
            }
        }
        assert_unchanged(&before, &kept(app), who);
    }
}

#[tokio::test]
async fn a_login_is_over_after_its_days_and_when_it_is_ended() {
    let (scene, _, owner) = scene("owner").await;
    let status = async || owner.ask(&scene.app, &Ask::page("/admin/")).send().await.status;
    assert_eq!(status().await, 200);
    scene.app.clock.advance_minutes(31 * 24 * 60);
    assert_eq!(status().await, 303);
    assert_eq!(at_work_again(&scene.app, &owner).await, 303, "nothing brings it back");
}

async fn at_work_again(app: &TestApp, staff: &SignedIn) -> u16 {
    staff.ask(app, &Ask::page("/admin/conversations")).send().await.status
}

#[tokio::test]
async fn tokens_and_passwords_of_others_are_for_owners() {
    let (scene, site, viewer) = scene("viewer").await;
    let app = &scene.app;
    let bob: i64 = site.account.parse().expect("a number");
    let foreign = Site { token: token_of(app, bob, "alc_bobs"), ..site };
    let before = kept(app);
    let revoke = |token: &str| Ask::form(format!("/admin/tokens/{token}/revoke"), &[]);
    let answer = viewer.ask(app, &revoke(&foreign.token)).send().await;
    let unknown = viewer.ask(app, &revoke("987654")).send().await;
    assert_eq!(answer.status, 404);
    assert_eq!(Seen::of(&answer), Seen::of(&unknown), "a foreign token looks like none");
    let list = viewer.ask(app, &Ask::page("/admin/tokens")).send().await.text();
    assert!(!list.contains(&format!("/admin/tokens/{}/revoke", foreign.token)), "not listed");
    let own = format!("/admin/accounts/{}/password", viewer.account);
    let fields = [
        ("current", "wrong password"),
        ("password", "a kind otter 8"),
        ("repeated", "a kind otter 8"),
    ];
    let answer = viewer.ask(app, &Ask::form(own, &fields)).send().await;
    assert_eq!(answer.status, 422, "the own password needs the old one: {}", answer.text());
    let kept =
        kept(app).into_iter().filter(|line| !line.starts_with("audit: ")).collect::<Vec<_>>();
    let before = before.into_iter().filter(|line| !line.starts_with("audit: ")).collect::<Vec<_>>();
    assert_unchanged(&before, &kept, "a viewer");
}

#[tokio::test]
async fn what_is_changed_counts_for_a_login_at_once() {
    let (scene, site, owner) = scene("owner").await;
    let app = &scene.app;
    let bob = SignedIn {
        account: 0,
        cookie: "cookie-of-Bob-0123456789abcdefghijklmnop".to_owned(),
        csrf: String::new(),
    };
    let status = async || bob.ask(app, &Ask::page("/admin/")).send().await.status;
    assert_eq!(status().await, 200);
    owner.ask(app, &account(&site, "role", &[("role", "member")])).send().await;
    assert_eq!(status().await, 303, "no longer staff");
    owner.ask(app, &account(&site, "role", &[("role", "viewer")])).send().await;
    owner.ask(app, &account(&site, "active", &[("active", "false")])).send().await;
    assert_eq!(status().await, 303, "switched off");
}

/// A form as a page of another site could have it sent, with the victim's cookie; or, as the
/// second number says, with which statuses it may be refused.
fn forged(app: &TestApp, staff: &SignedIn, ask: &Ask) -> Vec<(&'static str, Call)> {
    let url = "application/x-www-form-urlencoded";
    let post = |path: &str, kind: &str, body: String| {
        let call = app.call("POST", path).header("cookie", &staff.header());
        call.header("content-type", kind).body(body)
    };
    let plain = |more: &[(&str, &str)]| post(&ask.path, url, ask.body(more));
    let right = [("csrf", staff.csrf.as_str())];
    let mut fields = serde_json::Map::new();
    for (name, value) in ask.fields.iter().map(|(n, v)| (*n, v.as_str())).chain(right) {
        fields.insert(name.to_owned(), value.into());
    }
    let json = serde_json::Value::Object(fields).to_string();
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = ask.fields.iter().map(|(n, v)| part(n, v)).collect();
    let parts = format!("{parts}{}--x--\r\n", part("csrf", &staff.csrf));
    let in_query = format!("{}?csrf={}", ask.path, staff.csrf);
    let with = |name: &str, value: &str| plain(&right).header(name, value);
    vec![
        ("no token", plain(&[])),
        ("an empty token", plain(&[("csrf", "")])),
        ("a made-up token", plain(&[("csrf", "A".repeat(43).as_str())])),
        ("the cookie as a token", plain(&[("csrf", &staff.cookie)])),
        ("two tokens", plain(&[("csrf", &staff.csrf), ("csrf", "x")])),
        ("the token in the address", post(&in_query, url, ask.body(&[]))),
        ("as plain text", post(&ask.path, "text/plain", ask.body(&right))),
        ("as JSON", post(&ask.path, "application/json", json)),
        ("as parts", post(&ask.path, "multipart/form-data; boundary=x", parts)),
        ("from another site", with("sec-fetch-site", "cross-site")),
        ("from a neighbour", with("sec-fetch-site", "same-site")),
        ("another origin", with("origin", "https://evil.example")),
        ("no origin", with("origin", "null")),
        ("another port", with("origin", "http://127.0.0.1:1")),
        ("an origin that begins the same", with("origin", &format!("{}.evil.example", app.base))),
        (
            "a read that shall be a write",
            app.call("GET", &format!("{}?{}&_method=POST", ask.path, ask.body(&right)))
                .header("cookie", &staff.header())
                .header("x-http-method-override", "POST"),
        ),
    ]
}

#[tokio::test]
async fn a_forged_form_is_refused_on_every_route_and_changes_nothing() {
    let (scene, site, owner) = scene("owner").await;
    let app = &scene.app;
    let other = at_work(app, "Linus", "owner").await;
    let (before, logins) = (kept(app), sign_ins(app));
    for (route, _, ask) in requests(&site).into_iter().filter(|(.., ask)| ask.method == "POST") {
        let mut forged = forged(app, &owner, &ask);
        let others = owner.header();
        let call = ask.plain(app, Some(&other.csrf)).header("cookie", &others);
        forged.push(("the token of another login", call));
        for (shape, call) in forged {
            let answer = call.answer().await;
            let is_read = shape.starts_with("a read");
            let refused = [403, 405, 415].contains(&answer.status);
            assert!(
                refused || is_read && answer.status == 200,
                "{route}: {shape}: {}",
                answer.status
            );
            assert_unchanged(&before, &kept(app), &format!("{route}: {shape}"));
            assert_eq!(sign_ins(app), logins, "{route}: {shape}");
        }
        let answer = ask.plain(app, Some(&owner.csrf)).header("cookie", &owner.header());
        let origin = app.base.clone();
        if route == "POST /admin/tokens" {
            let answer = answer.header("origin", &origin).header("sec-fetch-site", "same-origin");
            assert_eq!(answer.send().await.status, 200, "the same form of our own page is taken");
            database(app).execute("delete from tokens where name = 'till'", []).expect("undone");
            database(app)
                .execute("delete from audit where action like 'token%'", [])
                .expect("undone");
        }
    }
}

#[tokio::test]
async fn pages_carry_the_headers_that_keep_other_sites_out() {
    let (scene, site, owner) = scene("owner").await;
    for (route, _, ask) in requests(&site).into_iter().filter(|(.., ask)| ask.method == "GET") {
        for call in [owner.ask(&scene.app, &ask), ask.plain(&scene.app, None)] {
            let call = call.header("origin", "https://evil.example");
            let answer = call.answer().await;
            let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
            let policy = header("content-security-policy");
            for part in [
                "default-src 'none'",
                "script-src 'self';",
                "frame-ancestors 'none'",
                "form-action 'self'",
                "base-uri 'none'",
            ] {
                assert!(policy.contains(part), "{route}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{route}: {policy}");
            assert_eq!(header("x-frame-options"), "DENY", "{route}");
            assert_eq!(header("cache-control"), "no-store", "{route}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{route}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{route}");
            assert_eq!(answer.header("access-control-allow-credentials"), None, "{route}");
        }
        let preflight =
            scene.app.call("OPTIONS", &ask.path).header("origin", "https://evil.example");
        let answer = preflight.header("access-control-request-method", "POST").answer().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{route}");
    }
}
