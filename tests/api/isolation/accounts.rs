//! The account API: conversations of an account, and everybody who is not this account.

use alcove::domain::secret::TokenHash;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::native::{Scene, open};
use super::staff::sign_in;
use super::{Asks, Guard, Names, Row, Seen, assert_unchanged, contents, rows};
use crate::sending::new_id;
use crate::support::api::text_of;
use crate::support::app::{BEGINNING, TestApp};
use crate::support::http::{Answer, Call};

/// In this order an account can use all of them, logout last.
pub const ROWS: &[Row] = &[
    open("POST /api/v1/accounts/register/", "makes an account of one's own"),
    open("POST /api/v1/accounts/login/", "asks for the password"),
    member("GET /api/v1/chat/chats-history/", |api, names| {
        let path = "/api/v1/chat/chats-history/";
        let before = format!("?before={}", names.session);
        ["", "?limit=1", &before].map(|query| api.call("GET", &format!("{path}{query}"))).into()
    }),
    owned("GET /api/v1/chat/chats/{session_id}/", |api, names| {
        vec![api.call("GET", &format!("/api/v1/chat/chats/{}/", names.session))]
    }),
    owned("POST /api/v1/chat/", |api, names| {
        let body = json!({ "session_id": names.session, "message": "Hi" });
        vec![api.call("POST", "/api/v1/chat/").json(&body)]
    }),
    member("POST /api/v1/accounts/logout/", |api, _| {
        vec![api.call("POST", "/api/v1/accounts/logout/")]
    }),
];

/// A route for whoever shows a token.
const fn member(route: &'static str, asks: Asks) -> Row {
    Row { route, guard: Guard::Member { asks, names_a_conversation: false } }
}

/// A route for the account whose conversation it names.
const fn owned(route: &'static str, asks: Asks) -> Row {
    Row { route, guard: Guard::Member { asks, names_a_conversation: true } }
}

/// The requests of these routes, by route; only those that name a conversation, or all.
fn requests(app: &TestApp, names: &Names, all: bool) -> Vec<(&'static str, Call)> {
    let asked = |row: &'static Row| match row.guard {
        Guard::Member { asks, names_a_conversation } if all || names_a_conversation => {
            asks(app, names)
        }
        _ => Vec::new(),
    };
    rows().flat_map(|row| asked(row).into_iter().map(|call| (row.route, call))).collect()
}

/// An account with an API token, made in the tables themselves.
fn account(app: &TestApp, username: &str, role: &str) -> (i64, String) {
    let account = sign_in(app, username, role).account;
    (account, give_token(app, account, username, None))
}

fn give_token(app: &TestApp, account: i64, name: &str, expires_at: Option<i64>) -> String {
    let token = format!("alc_{name}-0123456789abcdefghijklmnopqrstuvwxyz");
    let db = Connection::open(&app.database).expect("the database");
    db.execute(
        "insert into tokens (account, hash, ending, name, created_at, expires_at)
         values (?1, ?2, 'wxyz', ?3, ?4, ?5)",
        params![account, TokenHash::of(&token).as_bytes(), name, BEGINNING, expires_at],
    )
    .expect("a token");
    token
}

fn show(call: Call, token: &str) -> Call {
    call.header("authorization", &format!("Token {token}"))
}

/// A scene with Ada's token, whose conversation it is.
async fn scene() -> (Scene, String) {
    let scene = Scene::new(false).await;
    let (ada, token) = account(&scene.app, "Ada", "member");
    give(&scene.app, &scene.names.session, ada);
    (scene, token)
}

/// Whose conversation it is.
fn scene_account(scene: &Scene) -> i64 {
    let db = Connection::open(&scene.app.database).expect("the database");
    let owner = "select account from sessions where id = ?1";
    db.query_row(owner, [&scene.names.session], |row| row.get(0)).expect("an account")
}

/// Makes a conversation one of this account.
fn give(app: &TestApp, session: &str, account: i64) {
    let db = Connection::open(&app.database).expect("the database");
    let given = db
        .execute("update sessions set account = ?1 where id = ?2", params![account, session])
        .expect("a session");
    assert_eq!(given, 1);
}

/// Everything in the database but when tokens were last used.
fn kept(app: &TestApp) -> Vec<String> {
    contents(app).into_iter().filter(|line| !line.starts_with("tokens: ")).collect()
}

#[tokio::test]
async fn a_conversation_of_another_account_looks_like_one_that_does_not_exist() {
    let (scene, ada) = scene().await;
    let app = &scene.app;
    let anonymous = Scene::talk(app, false).await.0.id;
    let others = [
        account(app, "Bob", "member").1,
        account(app, "Viewer", "viewer").1,
        account(app, "Owner", "owner").1,
    ];
    app.clock.advance_minutes(1);
    let before = kept(app);
    for other in &others {
        for session in [&scene.names.session, &anonymous] {
            let names = Names { session: session.clone(), reply: new_id() };
            let nowhere = Names { session: new_id(), reply: new_id() };
            let foreign = requests(app, &names, false);
            for ((route, call), (_, unknown)) in
                foreign.into_iter().zip(requests(app, &nowhere, false))
            {
                let answer = show(call, other).send().await;
                let expected = show(unknown, other).send().await;
                assert_eq!(Seen::of(&answer), Seen::of(&expected), "{route}");
                let told = answer.refused(404, "session_not_found");
                assert_eq!(told["error"], "Chat session not found.");
            }
        }
        let path = "/api/v1/chat/chats-history/";
        let foreign = format!("{path}?before={}", scene.names.session);
        for path in [path, &foreign] {
            let list = show(app.call("GET", path), other).send().await.ok();
            assert_eq!(list, json!([]), "nothing of others is listed");
        }
    }
    assert_unchanged(&before, &kept(app), "another account");
    for (route, call) in requests(app, &scene.names, true) {
        let answer = show(call, &ada).send().await;
        assert_eq!(answer.status, 200, "{route} is Ada's: {}", answer.text());
    }
}

/// What is shown, the header, and the code of the refusal.
type Wrong = (&'static str, Option<String>, &'static str);

async fn wrong_tokens(scene: &Scene, ada: &str) -> Vec<Wrong> {
    let app = &scene.app;
    let none = "not_authenticated";
    let bad = "invalid_token";
    let (cut, _) = ada.split_at(ada.len() - 1);
    let (bob, inactive) = account(app, "Bob", "member");
    let over = give_token(app, scene_account(scene), "over", Some(BEGINNING - 1));
    let cookie = sign_in(app, "Owner", "owner").cookie;
    let db = Connection::open(&app.database).expect("the database");
    db.execute("update accounts set is_active = 0 where key = ?1", [bob]).expect("Bob is out");
    let visitor = Scene::talk(app, true).await.0.token.expect("a token");
    let token = |text: &str| Some(format!("Token {text}"));
    vec![
        ("nothing", None, none),
        ("an empty header", Some(String::new()), none),
        ("another scheme", Some(format!("Basic {ada}")), none),
        ("no scheme", Some(ada.to_owned()), none),
        ("an empty token", token(""), bad),
        ("a tampered token", token(&ada.replace("ijk", "ijK")), bad),
        ("a cut token", token(cut), bad),
        ("a longer token", token(&format!("{ada}a")), bad),
        ("two tokens", token(&format!("{ada} {ada}")), bad),
        ("a list of tokens", token(&format!("{ada},{ada}")), bad),
        ("an expired token", token(&over), bad),
        ("a token of an account that is switched off", token(&inactive), bad),
        ("the conversation's id", token(&scene.names.session), bad),
        ("a visitor's token", token(&visitor), bad),
        ("the cookie of an owner", token(&cookie), bad),
        ("a statement", token("' or 1=1 --"), bad),
    ]
}

#[tokio::test]
async fn without_a_token_that_holds_nobody_is_let_through() {
    let (scene, ada) = scene().await;
    let wrongs = wrong_tokens(&scene, &ada).await;
    scene.app.clock.advance_minutes(1);
    let before = kept(&scene.app);
    for (who, header, code) in wrongs {
        let nowhere = Names { session: new_id(), reply: new_id() };
        let unknown = requests(&scene.app, &nowhere, true);
        for ((route, call), (_, unknown)) in
            requests(&scene.app, &scene.names, true).into_iter().zip(unknown)
        {
            let with = |call: Call| match &header {
                Some(header) => call.header("authorization", header),
                None => call,
            };
            let answer = with(call).send().await;
            assert_eq!(Seen::of(&answer), Seen::of(&with(unknown).send().await), "{who}: {route}");
            answer.refused(401, code);
        }
        assert_unchanged(&before, &kept(&scene.app), who);
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_only() {
    let (scene, ada) = scene().await;
    for (route, call) in requests(&scene.app, &scene.names, true) {
        let call = call
            .header("cookie", &format!("token={ada}; sessionid={ada}; __Host-alcove={ada}"))
            .header("x-visitor-token", &ada)
            .header("x-auth-token", &ada);
        let answer = call.send().await;
        assert_eq!(answer.status, 401, "{route}");
    }
    let in_query = format!("/api/v1/chat/chats-history/?token={ada}&auth_token={ada}");
    assert_eq!(scene.app.get(&in_query).await.status, 401);
}

#[tokio::test]
async fn a_token_that_was_signed_out_or_revoked_is_dead_at_once() {
    let app = TestApp::setup().start().await;
    let (ada, first) = account(&app, "Ada", "member");
    let second = give_token(&app, ada, "second", None);
    let history = |token: &str| show(app.call("GET", "/api/v1/chat/chats-history/"), token).send();
    for token in [&first, &second] {
        assert_eq!(history(token).await.status, 200);
    }
    let out: Answer = show(app.call("POST", "/api/v1/accounts/logout/"), &first).send().await;
    assert_eq!(out.status, 200);
    history(&first).await.refused(401, "invalid_token");
    assert_eq!(history(&second).await.status, 200, "the other one holds");
    let db = Connection::open(&app.database).expect("the database");
    db.execute("delete from tokens where account = ?1", [ada]).expect("revoked elsewhere");
    history(&second).await.refused(401, "invalid_token");
}

#[tokio::test]
async fn a_conversation_begun_by_an_account_is_its_own_from_the_first_word() {
    let app = TestApp::setup().start().await;
    let (_, ada) = account(&app, "Ada", "member");
    let (_, bob) = account(&app, "Bob", "member");
    let begin = json!({ "session_id": Value::Null, "message": "SECRET" });
    let told = show(app.call("POST", "/api/v1/chat/"), &ada).json(&begin).send().await.ok();
    let session = text_of(&told["session_id"]);
    let path = format!("/api/v1/chat/chats/{session}/");
    show(app.call("GET", &path), &bob).send().await.refused(404, "session_not_found");
    app.get(&format!("/api/sessions/{session}")).await.refused(404, "session_not_found");
    app.get(&format!("/api/chat/?session_key={session}")).await.refused(404, "session_not_found");
    let own = show(app.call("GET", &path), &ada).send().await.ok();
    assert_eq!(own["messages"][0]["content"], "SECRET");
}
