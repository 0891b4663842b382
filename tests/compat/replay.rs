//! Plays recordings against the real program, with a scripted model behind it.

use std::path::Path;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use serde_json::Value;
use tempfile::TempDir;

use crate::exchange::{Exchange, Expected, Recording, recordings};
use crate::pattern::{Kept, differences, filled, generalised, matches};
use crate::support::app::KEY;
use crate::support::http::check_words;
use crate::support::process::Program;
use crate::support::script;
use crate::support::upstream::{Reply, Upstream};

/// Headers that are recorded where they are there.
const HEADERS: [&str; 6] =
    ["content-type", "location", "allow", "retry-after", "www-authenticate", "set-cookie"];

/// Plays all recordings of a folder. Fails with everything that differs.
pub async fn replay_folder(folder: &str) {
    let mut wrong = Vec::new();
    for mut recording in recordings(folder) {
        wrong.extend(replay(&mut recording).await);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

async fn replay(recording: &mut Recording) -> Vec<String> {
    let may_record = std::env::var_os("ALCOVE_UPDATE_DOCS").is_some();
    let stage = Stage::set(recording).await;
    let (mut kept, mut wrong, mut is_new) = (Kept::new(), Vec::new(), false);
    for exchange in &mut recording.exchanges {
        let answer = stage.ask(exchange, &kept).await;
        match &exchange.answer {
            Some(expected) => {
                let found = compare(expected, &answer, &mut kept);
                let title = &exchange.title;
                let file = recording.path.display();
                wrong.extend(found.into_iter().map(|what| format!("{file}: {title}: {what}")));
            }
            None if may_record => {
                exchange.answer = Some(answer.record(&mut kept));
                is_new = true;
            }
            None => wrong.push(format!("{}: not recorded", exchange.title)),
        }
    }
    if is_new {
        recording.write();
    }
    wrong
}

/// What came back.
struct Answered {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answered {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a text"))
    }

    fn record(self, kept: &mut Kept) -> Expected {
        let there = HEADERS.iter().filter_map(|name| {
            let value = self.header(name)?;
            if *name == "retry-after" {
                return Some(((*name).to_owned(), "{{number}}".to_owned()));
            }
            let general = kept.iter().fold(value.to_owned(), |text, (name, value)| {
                text.replace(value.as_str(), &format!("{{{{{name}}}}}"))
            });
            Some(((*name).to_owned(), general))
        });
        let headers = there.collect();
        Expected { status: self.status, headers, body: generalised("", self.body, kept) }
    }
}

fn compare(expected: &Expected, answer: &Answered, kept: &mut Kept) -> Vec<String> {
    let mut wrong = Vec::new();
    if answer.status != expected.status {
        let (status, body) = (answer.status, &answer.body);
        wrong.push(format!("status {status} instead of {}: {body}", expected.status));
    }
    wrong.extend(differences(&expected.body, &answer.body, "body", kept));
    for (name, pattern) in &expected.headers {
        match answer.header(name) {
            Some(value) if matches(pattern, value, kept) => {}
            value => wrong.push(format!("header {name} is {value:?} instead of {pattern}")),
        }
    }
    if answer.status >= 400 {
        let request_id = answer.header("x-request-id");
        if answer.body["requestId"].as_str() != request_id {
            wrong.push("requestId is not that of the header".to_owned());
        }
    }
    wrong
}

/// The program and the model behind it.
struct Stage {
    program: Program,
    client: reqwest::Client,
    folder: TempDir,
    _model: Upstream,
}

impl Stage {
    async fn set(recording: &Recording) -> Self {
        let mut replies: Vec<Reply> = recording.told("model").into_iter().map(reply).collect();
        if replies.is_empty() {
            replies.push(script::openai(&["Hi there."]));
        }
        let model = Upstream::start(replies).await;
        let base = format!("{}/v1", model.address());
        let mut settings = vec![
            ("OPENAI_API_KEY", KEY),
            ("OPENAI_BASE_URL", base.as_str()),
            ("OPENAI_MODEL", "test-model"),
            ("RATE_LIMITS", "off"),
        ];
        let own = recording.told("set");
        settings.extend(own.iter().map(|pair| pair.split_once('=').expect("NAME=value")));
        let folder = tempfile::tempdir().expect("a folder");
        let program = Program::start(folder.path(), &settings);
        let client = reqwest::Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { program, client, folder, _model: model }
    }

    async fn ask(&self, exchange: &Exchange, kept: &Kept) -> Answered {
        if let Some(minutes) = exchange.idle_minutes {
            self.let_pass(minutes);
        }
        let url = format!("{}{}", self.program.base, filled(&exchange.target, kept));
        let method = exchange.method.parse().expect("a method");
        let mut request = self.client.request(method, url);
        for (name, value) in &exchange.headers {
            request = request.header(name, filled(value, kept));
        }
        let says_kind = exchange.headers.iter().any(|(name, _)| name == "content-type");
        if !exchange.body.is_empty() {
            if !says_kind {
                request = request.header("content-type", "application/json");
            }
            request = request.body(filled(&exchange.body, kept));
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a whole answer");
        check_words(&text);
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}")),
        };
        Answered { status, headers, body }
    }

    /// Time that nobody waits for: what happened so far happened earlier.
    fn let_pass(&self, minutes: u64) {
        let database = self.folder.path().join("data/alcove.db");
        let passed = i64::try_from(minutes * 60_000).expect("a short time");
        shift(&database, passed);
    }
}

fn shift(database: &Path, ms: i64) {
    let db = rusqlite::Connection::open(database).expect("the database");
    db.busy_timeout(std::time::Duration::from_secs(5)).expect("set");
    db.execute("update sessions set last_activity = last_activity - ?1", [ms]).expect("moved");
}

/// `says …`, `fails 503`, `is silent`.
fn reply(told: &str) -> Reply {
    match told.split_once(' ') {
        Some(("says", text)) => script::openai(&[text]),
        Some(("fails", status)) => {
            let body = serde_json::json!({ "error": { "message": "UPSTREAM-WORDS" } });
            Reply::json(status.parse().expect("a status"), &body)
        }
        Some(("is", "silent")) => Reply::status(200).silence(),
        Some(("breaks", "off")) => Reply::events(script::chunk("Half a")).reset(),
        _ => panic!("not understood: @model {told}"),
    }
}
