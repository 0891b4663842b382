//! `/api/openapi.json`: the document says what the router serves, no more and no less.

use std::collections::{BTreeMap, BTreeSet};

use alcove::http::error::ErrorCode;
use serde_json::Value;

use crate::isolation::routes;
use crate::support::app::TestApp;
use crate::support::http::Answer;

/// The methods that handlers may have. `HEAD` follows `GET`, `OPTIONS` is CORS.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

async fn document(app: &TestApp) -> Value {
    app.get("/api/openapi.json").await.ok()
}

/// Every operation: its path, its method, what is said of it.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().expect("a path item");
            item.iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// What answers, but is no endpoint, and why.
const NO_ENDPOINTS: &[(&str, &str)] =
    &[("/admin/{*rest}", "says of every other address that it is none")];

/// Method and path of every operation as the source names its routes: `GET /health`. Addresses of
/// older APIs without their slash are no endpoints either: they only name the right one.
fn routes() -> BTreeSet<String> {
    let all = routes::served();
    let has_slash = |path: &str| all.iter().any(|other| other.ends_with(&format!(" {path}/")));
    let is_endpoint = |route: &&String| {
        let path = route.split(' ').nth(1).unwrap_or_default();
        let leads_on =
            path.starts_with("/api/") && has_slash(path) && !BESIDE_OLDER_ONES.contains(&path);
        !leads_on && !NO_ENDPOINTS.iter().any(|(own, _)| *own == path)
    };
    all.iter().filter(is_endpoint).cloned().collect()
}

/// Native addresses that differ from an older one by its slash.
const BESIDE_OLDER_ONES: [&str; 1] = ["/api/chat/message"];

/// The same path with something in the place of each parameter.
fn filled(path: &str) -> String {
    let file = if path.starts_with("/static/widget/") { "styles.css" } else { "demo.css" };
    let part = |part| match part {
        "{file}" => file,
        _ if str::starts_with(part, '{') => "00000000-0000-4000-8000-000000000000",
        _ => part,
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn described(document: &Value) -> BTreeSet<String> {
    let named = operations(document).into_iter();
    named.map(|(path, method, _)| format!("{} {path}", method.to_uppercase())).collect()
}

#[tokio::test]
async fn the_document_has_every_route_of_the_source_and_no_other() {
    let app = TestApp::setup().start().await;
    let described = described(&document(&app).await);
    let routes = routes();
    let missing: Vec<_> = routes.difference(&described).collect();
    let invented: Vec<_> = described.difference(&routes).collect();
    assert!(missing.is_empty(), "routes that are not in the document: {missing:?}");
    assert!(invented.is_empty(), "in the document, but no routes: {invented:?}");
}

/// The source may be read wrongly, and layers stand before the routes: so they are asked.
#[tokio::test]
async fn what_is_described_is_served_and_other_methods_are_not() {
    let app = TestApp::setup().start().await;
    let described = described(&document(&app).await);
    let paths: BTreeSet<&str> =
        described.iter().filter_map(|operation| operation.split(' ').nth(1)).collect();
    for path in paths {
        for method in METHODS {
            let answer = app.call(method, &filled(path)).send().await;
            let operation = format!("{method} {path}");
            let is_served = answer.status != 405 && !is_nowhere(&answer);
            assert_eq!(described.contains(&operation), is_served, "{operation}: {}", answer.status);
        }
    }
}

/// Whether the answer says that there is nothing at this address, whoever asks.
fn is_nowhere(answer: &Answer) -> bool {
    answer.status == 404
        && answer.header("content-type") == Some("application/json")
        && answer.json()["error"] == "Not found"
}

#[tokio::test]
async fn every_error_code_is_in_the_document() {
    let app = TestApp::setup().start().await;
    let document = document(&app).await;
    for code in ErrorCode::ALL {
        let (status, word) = (code.status().as_u16(), code.as_str());
        let schema = &document["components"]["responses"][format!("Error{status}")]["content"]["application/json"]
            ["schema"];
        let words = schema["allOf"][1]["properties"]["code"]["enum"].as_array();
        assert!(words.is_some_and(|words| words.iter().any(|own| own == word)), "{word}");
        assert!(document["components"]["schemas"]["Error"].to_string().contains(word), "{word}");
    }
}

/// The code for methods that are none.
const OF_NO_OPERATION: [&str; 1] = ["method_not_allowed"];

#[tokio::test]
async fn every_error_code_belongs_to_an_operation() {
    let app = TestApp::setup().start().await;
    let document = document(&app).await;
    let mut named = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        for (status, words) in operation["x-error-codes"].as_object().into_iter().flatten() {
            for word in words.as_array().expect("a list") {
                let code = ErrorCode::ALL.iter().find(|code| code.as_str() == word);
                let code = code.unwrap_or_else(|| panic!("{method} {path}: {word}"));
                // Older clients know a model that is too slow by 503.
                let is_late = code.as_str() == "model_timeout" && status == "503";
                assert!(is_late || code.status().as_str() == status, "{method} {path}: {word}");
                named.insert(code.as_str());
            }
        }
    }
    let all: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    let nowhere: Vec<_> = all.difference(&named).copied().collect();
    assert_eq!(nowhere, OF_NO_OPERATION);
}

/// Every object with a `$ref` in it, and every reference.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_is_whole() {
    let app = TestApp::setup().start().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in &found {
        let place = reference.strip_prefix('#').expect("a reference into the document");
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let own = format!("#/components/schemas/{name}");
        assert!(found.contains(&own.as_str()), "{name} is used nowhere");
        assert!(!name.contains("BTreeMap"), "{name} has a name of Rust's");
        for required in schema["required"].as_array().into_iter().flatten() {
            let required = required.as_str().expect("a name");
            assert!(schema["properties"].get(required).is_some(), "{name} lacks {required}");
        }
    }
}

#[tokio::test]
async fn every_operation_is_described_for_people_and_for_programs() {
    let app = TestApp::setup().start().await;
    let document = document(&app).await;
    let tags: Vec<&Value> =
        document["tags"].as_array().expect("tags").iter().map(|tag| &tag["name"]).collect();
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let id = operation["operationId"].as_str().expect(&place);
        assert_eq!(ids.insert(id, place.clone()), None, "{place}: two operations are called {id}");
        let summary = operation["summary"].as_str().expect(&place);
        assert!((4..100).contains(&summary.len()), "{place}: {summary}");
        let own = operation["tags"].as_array().expect(&place);
        assert!(own.len() == 1 && tags.contains(&&own[0]), "{place} stands under one known tag");
        let responses = operation["responses"].as_object().expect(&place);
        let is_answer = |status: &&String| status.starts_with('2') || status.starts_with('3');
        assert!(responses.keys().any(|status| is_answer(&status)), "{place} never succeeds");
        for (status, response) in responses {
            let description = response["description"].as_str().expect(&place);
            assert!(!description.is_empty(), "{place}: {status} is not described");
        }
        assert_eq!(declared(operation), in_path(path), "{place}: parameters of the path");
    }
}

fn in_path(path: &str) -> BTreeSet<&str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
}

fn declared(operation: &Value) -> BTreeSet<&str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let of_path = parameters.filter(|parameter| parameter["in"] == "path");
    of_path
        .map(|parameter| {
            assert_eq!(parameter["required"], true, "{parameter}");
            parameter["name"].as_str().expect("a name")
        })
        .collect()
}

#[tokio::test]
async fn the_document_tells_the_limits_of_this_server() {
    let app = TestApp::setup().set("MAX_MESSAGE_CHARS", "123").start().await;
    let document = document(&app).await;
    let message = &document["components"]["schemas"]["SendMessage"]["properties"]["message"];
    assert_eq!(message["maxLength"], 123);
}

#[tokio::test]
async fn a_document_that_is_known_is_not_sent_again() {
    let app = TestApp::setup().start().await;
    let answer = app.get("/api/openapi.json").await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let etag = answer.header("etag").expect("a tag").to_owned();
    let again = app.call("GET", "/api/openapi.json").header("if-none-match", &etag).send().await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
}

#[tokio::test]
async fn the_page_shows_every_operation_every_schema_and_every_code() {
    let app = TestApp::setup().start().await;
    let document = document(&app).await;
    let page = app.get("/api/docs").await.text();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(
            page.contains(&format!("<article class=\"operation\" id=\"{id}\"")),
            "{method} {path}"
        );
        assert!(page.contains(&format!("<code>{path}</code>")), "{method} {path}");
    }
    for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
    }
    for code in ErrorCode::ALL {
        assert!(page.contains(&format!("<code>{}</code>", code.as_str())), "{code:?}");
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline() {
    let app = TestApp::setup().set("PUBLIC_URL", "https://chat.example").start().await;
    let answer = app.get("/api/docs").await;
    let policy = answer.header("content-security-policy").expect("a policy").to_owned();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    let page = answer.text();
    for word in ["<style", " style=", "onclick", "javascript:", "src=\"http", "href=\"http"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("https://chat.example/api/sessions/create"), "commands name the server");
    let named = page.split(['"', '\'']).filter(|part| part.starts_with("/static/"));
    let files: BTreeSet<&str> = named.collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        assert_eq!(app.get(file).await.status, 200, "{file}");
    }
}
