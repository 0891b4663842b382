//! Requests, and answers that are checked for what no answer may hold.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::app::KEY;
use super::documented;
use super::events::Events;

/// What the scripted vendor says in its own words: no visitor may read it.
pub const UPSTREAM_WORDS: &str = "UPSTREAM-WORDS";

/// A request, not yet sent.
pub struct Call(pub reqwest::RequestBuilder);

impl Call {
    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Shows a visitor's token, if there is one.
    pub fn token(self, token: Option<&str>) -> Self {
        match token {
            Some(token) => self.header("x-visitor-token", token),
            None => self,
        }
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// With a body of any kind.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self(self.0.body(body.into()))
    }

    /// Sends it and reads the whole answer, which may be of any kind.
    pub async fn answer(self) -> Answer {
        let response = self.0.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a whole answer").to_vec();
        Answer { status, headers, bytes }
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Answer {
        let (client, request) = self.0.build_split();
        let request = request.expect("a request");
        let (method, path) = (request.method().to_string(), request.url().path().to_owned());
        let response = client.execute(request).await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a whole answer").to_vec();
        let answer = Answer { status, headers, bytes };
        answer.check(is_page(&path));
        documented::check(&method, &path, (status, &answer.headers), &answer.bytes);
        answer
    }

    /// Sends it and reads the answer as events.
    pub async fn events(self) -> Events {
        let response = self.0.send().await.expect("an answer");
        if response.status() != 200 {
            let status = response.status();
            panic!("{status} instead of events: {}", response.text().await.unwrap_or_default());
        }
        Events::new(response)
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a text"))
    }

    /// The body of a success.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// The body of an error with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{body}");
        body
    }

    /// What holds for every answer: no secrets, and errors in the one shape.
    fn check(&self, is_page: bool) {
        let text = self.text();
        check_words(&text);
        assert!(self.headers.contains_key("x-request-id"), "a request has an id");
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        let kind = self.header("content-type").unwrap_or_default();
        let is_its_own = ["text/html", "text/javascript"].iter().any(|own| kind.starts_with(own));
        if self.status >= 400 && !self.bytes.is_empty() && !(is_page && is_its_own) {
            self.check_error();
        }
    }

    fn check_error(&self) {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.text());
        let body = self.json();
        if body.get("status").is_some() && self.status == 503 {
            return; // `/health` keeps its shape when it is ill.
        }
        let fields = body.as_object().expect("an object");
        for (name, value) in fields {
            let is_everywhere = ["error", "code", "requestId", "fields"].contains(&name.as_str());
            assert!(is_everywhere || is_of_older_families(fields, name, value), "{body}");
        }
        assert!(fields["error"].as_str().is_some_and(|sentence| sentence.len() > 5), "{body}");
        let is_word = |code: &str| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(fields["code"].as_str().is_some_and(is_word), "{body}");
        assert_eq!(body["requestId"].as_str(), self.header("x-request-id"), "{body}");
    }
}

/// Whether a browser loads this address for people, so that it may tell of errors in its own kind.
fn is_page(path: &str) -> bool {
    ["/admin", "/embed", "/widget.js", "/static/widget/chatbot."]
        .iter()
        .any(|page| path.starts_with(page))
}

/// Older families also name a field's problems under its own name, and the sentence as a detail.
fn is_of_older_families(error: &Map<String, Value>, name: &str, value: &Value) -> bool {
    let wrong = error.get("fields").and_then(Value::as_object);
    let inner = format!("{name}.");
    let is_field = |field: &String| field == name || field.starts_with(&inner);
    wrong.is_some_and(|wrong| wrong.keys().any(is_field))
        || name == "detail" && error.get("error") == Some(value)
}

/// Fails if `text` holds what no visitor may read.
pub fn check_words(text: &str) {
    for secret in [KEY, "sk-canary", UPSTREAM_WORDS, "rusqlite", "src/", "panicked", ".rs:"] {
        assert!(!text.contains(secret), "`{secret}` in an answer: {text}");
    }
}
