//! The native API: a visitor's conversation, and everybody who is not this visitor.

use serde_json::{Value, json};

use super::{Asks, Guard, Names, Row, Seen, assert_unchanged, contents, rows};
use crate::sending::new_id;
use crate::support::api::{Api, Visit};
use crate::support::app::TestApp;
use crate::support::dialects::Dialect;
use crate::support::form::{FORM, Form};
use crate::support::http::Call;
use crate::support::upstream::Upstream;

/// In this order a visitor can use all of them on one conversation.
pub const ROWS: &[Row] = &[
    open("GET /health", "says whether the server is well"),
    open("GET /", "the demo page"),
    open("GET /static/pages/{file}", "files of our pages"),
    open("GET /static/widget/{file}", "files of the widget"),
    open("GET /static/widget/chatbot.js", "the loader"),
    open("GET /static/widget/chatbot.html", "the panel, empty"),
    open("GET /widget.js", "the loader"),
    open("GET /api/docs", "describes the API to people"),
    open("GET /api/openapi.json", "describes the API, and nobody's rows"),
    open("GET /embed", "the panel, empty"),
    open("GET /embed/words", "words of the panel"),
    open("POST /api/sessions/create", "begins a conversation of one's own"),
    open("GET /api/sessions/stats/summary", "counts only"),
    open("GET /api/sessions/bot-config", "what everybody sees of a bot"),
    readable("GET /api/sessions/{id}", |api, names| vec![api.call("GET", &session(names, ""))]),
    writable("PUT /api/sessions/{id}/config", |api, names| {
        let body = json!({ "config": { "a": 1 } });
        vec![api.call("PUT", &session(names, "/config")).json(&body)]
    }),
    writable("POST /api/sessions/{id}/details", |api, names| {
        vec![api.call("POST", &session(names, "/details")).json(&json!({ "name": "A" }))]
    }),
    readable("GET /api/sessions/{id}/export", |api, names| {
        let path = session(names, "/export");
        let formats = ["", "?format=json", "?format=txt"];
        formats.map(|format| api.call("GET", &format!("{path}{format}"))).into()
    }),
    writable("POST /api/chat/message", |api, names| {
        let send = |more: Value| {
            let mut body = json!({ "sessionId": names.session, "message": "Hi" });
            body.as_object_mut()
                .expect("an object")
                .extend(more.as_object().cloned().unwrap_or_default());
            api.call("POST", "/api/chat/message").json(&body)
        };
        vec![
            send(json!({})),
            send(json!({ "stream": true })).header("accept", "text/event-stream"),
            send(json!({ "messageId": names.reply })),
            send(json!({ "replaces": names.reply })),
            send(json!({ "config": { "b": 2 } })),
        ]
    }),
    readable("GET /api/chat/history/{id}", |api, names| {
        let path = history(names);
        let before = format!("?before={}", names.reply);
        ["", "?limit=1", &before].map(|query| api.call("GET", &format!("{path}{query}"))).into()
    }),
    readable("GET /api/chat/replies/{id}", |api, names| {
        let path = format!("/api/chat/replies/{}", names.reply);
        let last = format!("{}:0", names.reply);
        in_query_and_header(api, "GET", &path, names)
            .into_iter()
            .chain([api
                .call("GET", &format!("{path}?sessionId={}", names.session))
                .header("last-event-id", &last)])
            .collect()
    }),
    readable("GET /api/chat/replies/{id}/steps/{step}/csv", |api, names| {
        let path = format!("/api/chat/replies/{}/steps/1/csv", names.reply);
        in_query_and_header(api, "GET", &path, names)
    }),
    readable("POST /api/chat/replies/{id}/stop", |api, names| {
        let path = format!("/api/chat/replies/{}/stop", names.reply);
        let mut calls = in_query_and_header(api, "POST", &path, names);
        calls.push(api.call("POST", &path).json(&json!({ "sessionId": names.session })));
        calls
    }),
    readable("POST /api/chat/replies/{id}/feedback", |api, names| {
        let path = format!("/api/chat/replies/{}/feedback", names.reply);
        let rate = |rating: Value| {
            let body = json!({ "sessionId": names.session, "rating": rating, "comment": "x" });
            api.call("POST", &path).json(&body)
        };
        vec![rate(json!("up")), rate(Value::Null)]
    }),
    writable("POST /api/files/upload", |api, names| {
        let form = Form::default().field("sessionId", &names.session).file("b.csv", b"a\n1\n");
        let late = Form::default().file("c.csv", b"a\n1\n").field("sessionId", &names.session);
        [form, late]
            .map(|form| {
                api.call("POST", "/api/files/upload").header("content-type", FORM).body(form.end())
            })
            .into()
    }),
    readable("GET /api/files/info/{id}", |api, names| {
        vec![api.call("GET", &format!("/api/files/info/{}", names.session))]
    }),
    readable("POST /api/files/query/{id}", |api, names| {
        let path = format!("/api/files/query/{}", names.session);
        let ask = |body: Value| api.call("POST", &path).json(&body);
        vec![ask(json!({ "query": "SECRET" })), ask(json!({ "sql": "select 1 as one" }))]
    }),
    readable("DELETE /api/files/{id}", |api, names| {
        vec![api.call("DELETE", &format!("/api/files/{}", names.session))]
    }),
    writable("DELETE /api/chat/history/{id}", |api, names| {
        vec![api.call("DELETE", &history(names))]
    }),
    readable("DELETE /api/sessions/{id}", |api, names| {
        vec![api.call("DELETE", &session(names, ""))]
    }),
];

/// A route for everybody.
pub const fn open(route: &'static str, why: &'static str) -> Row {
    Row { route, guard: Guard::Open(why) }
}

/// A route that its visitor can still use once the conversation has ended.
pub const fn readable(route: &'static str, asks: Asks) -> Row {
    Row { route, guard: Guard::Visitor { asks, after_end: true } }
}

/// A route that needs a conversation that goes on.
pub const fn writable(route: &'static str, asks: Asks) -> Row {
    Row { route, guard: Guard::Visitor { asks, after_end: false } }
}

fn session(names: &Names, rest: &str) -> String {
    format!("/api/sessions/{}{rest}", names.session)
}

fn history(names: &Names) -> String {
    format!("/api/chat/history/{}", names.session)
}

/// The session of a reply can be named in two places.
fn in_query_and_header(api: &Api, method: &str, path: &str, names: &Names) -> Vec<Call> {
    let in_query = format!("{path}?sessionId={}", names.session);
    vec![api.call(method, &in_query), api.call(method, path).header("x-session-id", &names.session)]
}

/// A server on which a visitor has brought a file and got an answer from it.
pub struct Scene {
    pub upstream: Upstream,
    pub app: TestApp,
    pub visit: Visit,
    pub names: Names,
}

const SUM: &str = r#"{"sql":"select sum(amount) as total from sales","purpose":"The total"}"#;

impl Scene {
    /// With a conversation that opens by its token, or by its id alone.
    pub async fn new(protected: bool) -> Self {
        let replies = vec![
            Dialect::Chat.calling("", &[("t1", "query_data", SUM)]),
            Dialect::Chat.saying("SECRET-REPLY"),
        ];
        let upstream = Upstream::start(replies).await;
        let app = Dialect::Chat.setup(&upstream).start().await;
        let (visit, reply) = Self::talk(&app, protected).await;
        let names = Names { session: visit.id.clone(), reply };
        Self { upstream, app, visit, names }
    }

    /// Says something about a file in a new conversation.
    pub async fn talk(app: &TestApp, protected: bool) -> (Visit, String) {
        let wishes = json!({ "protected": protected, "config": { "c": "SECRET-CONFIG" } });
        let visit = app.begin(&wishes).await;
        app.upload(&visit, "sales.csv", b"region,amount\nSECRET-CELL,3\nSouth,4\n").await.ok();
        let told = app.ask(&visit, "SECRET-QUESTION").await.told().await;
        (visit, told.reply)
    }
}

/// What is nowhere.
fn nobodys() -> Names {
    Names { session: new_id(), reply: new_id() }
}

/// Each request that a visitor can make of the conversation `names`, by its route.
fn requests(app: &TestApp, names: &Names) -> Vec<(&'static str, Call)> {
    let asked = |row: &'static Row| match row.guard {
        Guard::Visitor { asks, .. } => asks(app, names),
        _ => Vec::new(),
    };
    rows().flat_map(|row| asked(row).into_iter().map(|call| (row.route, call))).collect()
}

/// Everybody who is not the visitor, by what they show.
async fn intruders(scene: &Scene) -> Vec<(&'static str, Option<String>)> {
    let right = scene.visit.token.clone().unwrap_or_else(|| "A".repeat(43));
    let mut tampered = right.clone();
    tampered.replace_range(20..21, if right.get(20..21) == Some("A") { "B" } else { "A" });
    let (other, _) = Scene::talk(&scene.app, true).await;
    vec![
        ("another visitor", other.token),
        ("no one", None),
        ("a tampered token", Some(tampered)),
        ("an empty token", Some(String::new())),
        ("a shorter token", right.get(..42).map(str::to_owned)),
        ("a longer token", Some(format!("{right}A"))),
        ("the token in other letters", Some(right.to_uppercase())),
        ("the id as a token", Some(scene.visit.id.clone())),
        ("the reply's id as a token", Some(scene.names.reply.clone())),
        ("two tokens in one", Some(format!("{right}, {right}"))),
        ("a null", Some("null".to_owned())),
    ]
}

/// Fails unless every intruder is told the same of the conversation as of one that is nowhere.
async fn assert_closed(scene: &Scene) {
    let intruders = intruders(scene).await;
    // So that a touch can be seen.
    scene.app.clock.advance_minutes(1);
    let before = contents(&scene.app);
    let asked = scene.upstream.received().await.len();
    for (who, token) in intruders {
        let foreign = requests(&scene.app, &scene.names);
        let unknown = requests(&scene.app, &nobodys());
        for ((route, call), (_, nowhere)) in foreign.into_iter().zip(unknown) {
            let answer = call.token(token.as_deref()).send().await;
            let expected = nowhere.token(token.as_deref()).send().await;
            assert_eq!(Seen::of(&answer), Seen::of(&expected), "{who}: {route}");
            answer.refused(404, "session_not_found");
        }
        assert_unchanged(&before, &contents(&scene.app), who);
    }
    assert_eq!(scene.upstream.received().await.len(), asked, "nobody's money was spent");
}

#[tokio::test]
async fn a_foreign_conversation_looks_like_one_that_does_not_exist_on_every_route() {
    let scene = Scene::new(true).await;
    assert_closed(&scene).await;
    for (route, call) in requests(&scene.app, &scene.names) {
        let answer = call.token(scene.visit.token.as_deref()).send().await;
        assert_eq!(answer.status, 200, "{route} is its visitor's: {}", answer.text());
    }
}

#[tokio::test]
async fn a_conversation_of_an_account_is_no_visitors_whatever_they_know() {
    let scene = Scene::new(false).await;
    let db = rusqlite::Connection::open(&scene.app.database).expect("the database");
    db.execute_batch(
        "insert into accounts (key, username, username_folded, email, password_hash, role, created_at)
         values (7, 'Ada', 'ada', 'ada@example.com', '', 'member', 0)",
    )
    .expect("an account");
    let owned = db.execute("update sessions set account = 7 where id = ?1", [&scene.visit.id]);
    assert_eq!(owned.expect("a session"), 1);
    assert_closed(&scene).await;
}

#[tokio::test]
async fn an_ended_conversation_is_closed_to_those_who_know_its_id_only() {
    let scene = Scene::new(false).await;
    scene.app.clock.advance_minutes(31);
    let before = contents(&scene.app);
    for (route, call) in requests(&scene.app, &scene.names) {
        let answer = call.send().await;
        assert!(!answer.text().contains("SECRET"), "{route}");
        answer.refused(404, "session_expired");
    }
    assert_unchanged(&before, &contents(&scene.app), "an ended conversation");
}

#[tokio::test]
async fn of_an_ended_conversation_its_visitor_can_use_what_the_table_says() {
    let scene = Scene::new(true).await;
    scene.app.clock.advance_minutes(31);
    for row in rows() {
        let Guard::Visitor { asks, after_end } = row.guard else { continue };
        for call in asks(&scene.app, &scene.names) {
            let answer = call.token(scene.visit.token.as_deref()).send().await;
            let expected = if after_end { 200 } else { 404 };
            assert_eq!(answer.status, expected, "{}: {}", row.route, answer.text());
        }
    }
}

/// An id in ways that some servers read as the same, or as a path, after a check.
fn disguises(id: &str) -> Vec<(&'static str, String)> {
    let encoded: String = id.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let (head, tail) = id.split_at(8);
    vec![
        ("encoded", encoded.clone()),
        ("encoded twice", encoded.replace('%', "%25")),
        ("in capitals", id.to_uppercase()),
        ("without hyphens", id.replace('-', "")),
        ("in braces", format!("%7B{id}%7D")),
        ("as a URN", format!("urn:uuid:{id}")),
        ("a blank behind", format!("{id}%20")),
        ("a line break behind", format!("{id}%0d%0a")),
        ("a NUL behind", format!("{id}%00")),
        ("a NUL within", format!("{head}%00{tail}")),
        ("an encoded slash", format!("{id}%2f")),
        ("an encoded path", format!("x%2f..%2f{id}")),
        ("a wildcard", "%25".to_owned()),
        ("parameters", format!("{id};v=1")),
        ("cut", head.to_owned()),
        ("a quote", format!("{id}%27%20or%20%271%27=%271")),
        ("full-width digits", id.replace('4', "%EF%BC%94")),
        ("not UTF-8", format!("{id}%ff")),
    ]
}

#[tokio::test]
async fn an_id_in_disguise_opens_nothing_to_others() {
    let scene = Scene::new(true).await;
    let (other, _) = Scene::talk(&scene.app, true).await;
    scene.app.clock.advance_minutes(1);
    let before = contents(&scene.app);
    let unknown = nobodys();
    for (name, session) in disguises(&scene.names.session) {
        for (disguised, reply) in disguises(&scene.names.reply) {
            if disguised != name {
                continue;
            }
            let names = Names { session: session.clone(), reply };
            for token in [None, other.token.as_deref()] {
                for (route, call) in requests(&scene.app, &names) {
                    let answer = call.token(token).send().await;
                    let status = answer.status;
                    let text = answer.text();
                    assert!(!text.contains("SECRET"), "{name}: {route}");
                    assert!(matches!(status, 400 | 404), "{name}: {route}: {status} {text}");
                }
            }
        }
    }
    for (route, call) in requests(&scene.app, &unknown) {
        call.send().await.refused(404, "session_not_found");
        assert!(!route.is_empty());
    }
    assert_unchanged(&before, &contents(&scene.app), "an id in disguise");
}

#[tokio::test]
async fn a_token_is_no_name_for_a_conversation() {
    let scene = Scene::new(true).await;
    let token = scene.visit.token.clone().expect("a token");
    let names = Names { session: token.clone(), reply: scene.names.reply.clone() };
    for (route, call) in requests(&scene.app, &names) {
        let answer = call.token(Some(&token)).send().await;
        assert_eq!(answer.status, 404, "{route}: {}", answer.text());
    }
}
