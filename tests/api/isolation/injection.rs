//! What a request says about itself gets into no address and no header of an answer: the host it
//! was sent to, hosts that a proxy may name, line breaks in names and parameters.

use super::routes;
use super::staff::sign_in;
use crate::support::app::{Setup, TestApp};
use crate::support::http::{Answer, Call};

const EVIL: &str = "evil.example";
/// A line break and a header behind it, for paths and queries.
const BREAK: &str = "%0d%0aX-Injected:%201%0d%0a%0d%0aInjected-Body";
/// Every parameter that an address of ours may have.
const PARAMETERS: &[&str] = &[
    "bot",
    "config",
    "userIdentifier",
    "next",
    "key",
    "done",
    "q",
    "words",
    "after",
    "before",
    "format",
    "file",
    "sessionId",
    "session_id",
    "session_key",
    "limit",
    "lang",
    "preview",
    "from",
    "to",
];

/// A request for every route, `fill` in the place of each id.
fn everywhere(app: &TestApp, fill: &str, query: &str) -> Vec<(String, Call)> {
    let call = |route: String| {
        let (method, path) = route.split_once(' ').expect("a method");
        let parts: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { fill } else { part }).collect();
        let call = app.call(method, &format!("{}{query}", parts.join("/")));
        (route, call)
    };
    routes::served().into_iter().map(call).collect()
}

/// Hosts of another site, in every place where a server may look for its own.
fn with_hosts(call: Call) -> Call {
    call.header("host", EVIL)
        .header("x-forwarded-host", EVIL)
        .header("x-forwarded-server", EVIL)
        .header("x-host", EVIL)
        .header("x-original-host", EVIL)
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example;proto=https")
        .header("x-original-url", "/evil.example")
        .header("x-rewrite-url", "/evil.example")
}

fn mentions(answer: &Answer, word: &str) -> bool {
    answer.text().contains(word) || format!("{:?}", answer.headers).contains(word)
}

/// Answers to `call` as anybody and as an owner.
async fn answers(
    app: &TestApp,
    cookie: &str,
    fill: &str,
    query: &str,
    change: fn(Call) -> Call,
) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    let anybody = everywhere(app, fill, query);
    let owner =
        everywhere(app, fill, query).into_iter().filter(|(route, _)| route.contains("/admin"));
    let owner = owner.map(|(route, call)| (route, call.header("cookie", cookie)));
    for (route, call) in anybody.into_iter().chain(owner) {
        answers.push((route, change(call).answer().await));
    }
    answers
}

async fn server(setup: impl FnOnce(Setup) -> Setup) -> TestApp {
    setup(TestApp::setup().set("BOT_WELCOME", "Hello")).start().await
}

#[tokio::test]
async fn no_answer_takes_an_address_from_the_request() {
    let app = server(|setup| setup.set("PUBLIC_URL", "https://chat.example.com")).await;
    let cookie = sign_in(&app, "Ada", "owner").header();
    for fill in ["x", "default"] {
        for (route, answer) in answers(&app, &cookie, fill, "", with_hosts).await {
            assert!(!mentions(&answer, EVIL), "{route}: {}", answer.text());
        }
    }
}

/// Pages with a snippet to copy: who reads them named the host in their own address bar.
const SHOW_THEIR_HOST: &[&str] = &["GET /", "GET /admin/", "GET /admin/bots/{slug}"];

#[tokio::test]
async fn without_a_public_address_only_pages_with_a_snippet_show_their_readers_own_host() {
    let app = server(|setup| setup).await;
    let cookie = sign_in(&app, "Ada", "owner").header();
    for fill in ["x", "default"] {
        for (route, answer) in answers(&app, &cookie, fill, "", with_hosts).await {
            let is_own = SHOW_THEIR_HOST.contains(&route.as_str());
            assert!(!mentions(&answer, EVIL) || is_own, "{route}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn line_breaks_in_paths_and_parameters_make_no_headers() {
    let app = server(|setup| setup).await;
    let cookie = sign_in(&app, "Ada", "owner").header();
    let query: Vec<String> = PARAMETERS.iter().map(|name| format!("{name}={BREAK}")).collect();
    let query = format!("?{}", query.join("&"));
    for (fill, query) in [(BREAK, ""), (BREAK, query.as_str()), ("x", query.as_str())] {
        for (route, answer) in answers(&app, &cookie, fill, query, |call| call).await {
            assert!(answer.header("x-injected").is_none(), "{route}");
            assert!(answer.status < 500, "{route}: {}", answer.text());
            let headers = format!("{:?}", answer.headers).to_lowercase();
            assert!(!headers.contains("injected: 1"), "{route}: {headers}");
        }
    }
}
