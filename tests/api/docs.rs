//! `docs/api.md` and `docs/errors.md`: written from what the server really does.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use alcove::http::error::ErrorCode;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

use crate::support::app::TestApp;
use crate::support::dialects::Dialect;
use crate::support::script;
use crate::support::upstream::{Gate, Reply, Upstream};

/// Set to write the document anew.
const UPDATE: &str = "ALCOVE_UPDATE_DOCS";
/// Where the document's reader is told to look.
const SHOWN_BASE: &str = "http://127.0.0.1:8000";

const INTRODUCTION: &str = "# The native API

What the bundled widget speaks. Every command on this page was run by a test against a real server,
and every answer is what came back; only ids, tokens and the address are made readable, and JSON is
indented. Times stand still at the moment of the test.

This page is a walk through the usual calls. Every endpoint, with all its parameters, fields, answers and error codes, is at
`/api/docs` of your own server; `/api/openapi.json` says the same to programs (OpenAPI 3.1), with the limits of that server: make a
client from it, or import it into the tool that you try requests with. Each operation names the codes of its errors in
`x-error-codes`; an event stream is described event by event in `ReplyEvents`.

- Bodies are JSON (`Content-Type: application/json`), at most 1 MiB, except for uploads. Field names are
  camelCase.
- Times are RFC 3339 in UTC; a message's `timestamp` is in milliseconds since 1970.
- A protected session (`\"protected\": true`) answers only to its token in `X-Visitor-Token`; for
  everybody else it does not exist.
- A session ends after 30 idle minutes: then `404` with the code `session_expired`. A protected one
  can still be read, exported and erased.
- Every answer carries `X-Request-Id`. Errors have one shape, see [errors.md](errors.md).

";

const FILES: &str = "\
| Address | What it is | Kept for |
|---|---|---|
| `GET /widget.js`, older name `/static/widget/chatbot.js` | the script for a host page's tag | 5 minutes, then `304` while its `ETag` holds |
| `GET /embed?bot=&locale=`, older name `/static/widget/chatbot.html` | the chat, for an iframe; its words are in `locale`, else in `BOT_LANGUAGE`, else in the browser's language, else in English | not without asking |
| `GET /static/widget/styles.css` | the chat's styles | not without asking |
| `GET /static/widget/{name}.{hash}.{js,css}` | what `/embed` loads | ever, while the hash is that of the content |

`/embed` also takes what older hosts put there: `config`, a JSON object of at most 16 KiB, and `userIdentifier`, at most 256
characters. What cannot be read is left out. All but the page come as Brotli or gzip where `Accept-Encoding` allows it.";

/// The document while it is written.
struct Transcript {
    base: String,
    text: String,
    /// Ids in the order in which they were first seen.
    ids: Vec<String>,
    tokens: Vec<String>,
    /// Where the files are that are uploaded.
    folder: tempfile::TempDir,
}

impl Transcript {
    fn new(app: &TestApp) -> Self {
        Self {
            base: app.base.clone(),
            text: INTRODUCTION.to_owned(),
            ids: Vec::new(),
            tokens: Vec::new(),
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn section(&mut self, title: &str, words: &str) {
        self.text.push_str(&format!("## {title}\n\n{words}\n\n"));
    }

    /// Runs curl with these arguments and shows command and answer. `gate` is opened once the
    /// first words of a reply have come.
    async fn curl(&mut self, args: &[&str], gate: Option<&Gate>) -> String {
        let address = |arg: &&str| arg.replace("$BASE", &self.base);
        let mut child = Command::new("curl")
            .args(["--silent", "--show-error", "--no-buffer", "--max-time", "20"])
            .args(args.iter().map(address))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("curl is installed");
        let mut stdout = child.stdout.take().expect("piped");
        let (mut bytes, mut gate) = (Vec::new(), gate);
        while stdout.read_buf(&mut bytes).await.expect("curl's output") > 0 {
            let has_begun = bytes.windows(5).any(|window| window == b"delta");
            if let Some(gate) = gate.take_if(|_| has_begun) {
                gate.open();
            }
        }
        assert!(child.wait().await.expect("curl ends").success());
        let answer = String::from_utf8(bytes).expect("UTF-8");
        let shown: Vec<String> =
            args.iter().map(|arg| quoted(&arg.replace("$BASE", SHOWN_BASE))).collect();
        let command = format!("curl {}", shown.join(" "))
            .replace(" -H ", " \\\n  -H ")
            .replace(" -d ", " \\\n  -d ")
            .replace(" -F ", " \\\n  -F ");
        self.remember(&answer);
        let (command, body) = (self.readable(&command), self.readable(&indented(&answer)));
        let is_json = serde_json::from_str::<Value>(&answer).is_ok();
        let language = if is_json { "json" } else { "text" };
        self.text.push_str(&format!(
            "```sh\n{command}\n```\n\n```{language}\n{}\n```\n\n",
            body.trim_end()
        ));
        answer
    }

    fn remember(&mut self, answer: &str) {
        for part in answer.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
            let is_id = part.len() == 36 && part.matches('-').count() == 4;
            if is_id && !self.ids.iter().any(|id| id == part) {
                self.ids.push(part.to_owned());
            }
        }
        let body: Value = serde_json::from_str(answer).unwrap_or_default();
        self.tokens.extend(body["visitorToken"].as_str().map(str::to_owned));
    }

    /// The same text with ids, tokens and address that are the same in each run.
    fn readable(&self, text: &str) -> String {
        let mut text = text.replace(&self.base, SHOWN_BASE);
        for (n, id) in self.ids.iter().enumerate() {
            text = text.replace(id, &format!("{:08x}-0000-4000-8000-000000000000", n + 1));
        }
        for token in &self.tokens {
            text = text.replace(token, "kQ3v…visitor-token…x0A");
        }
        text
    }
}

/// An argument as a shell takes it.
fn quoted(arg: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    match arg.chars().all(is_plain) {
        true => arg.to_owned(),
        false => format!("'{}'", arg.replace('\'', "'\\''")),
    }
}

/// JSON with indents, other text as it is; a server of tests may have run for some seconds.
fn indented(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    if let Some(uptime) = value.get_mut("uptimeSeconds") {
        *uptime = json!(0);
    }
    serde_json::to_string_pretty(&value).expect("JSON")
}

fn field(answer: &str, name: &str) -> String {
    let body: Value = serde_json::from_str(answer).expect("JSON");
    body[name].as_str().expect("a text").to_owned()
}

const JSON: [&str; 2] = ["-H", "Content-Type: application/json"];

/// Walks through every endpoint in the order in which a front end meets them.
async fn walk(app: &TestApp, gate: &Gate) -> String {
    let mut page = Transcript::new(app);
    page.section(
        "Health",
        "`200` while the database takes writes, else `503` with `\"status\": \"degraded\"`.",
    );
    page.curl(&["$BASE/health"], None).await;
    page.section("What a widget shows", "`?bot=` names another bot than the default one.");
    page.curl(&["$BASE/api/sessions/bot-config"], None).await;
    let (session, token) = begin(&mut page).await;
    let token_header = format!("X-Visitor-Token: {token}");
    let auth = ["-H", token_header.as_str()];
    let reply = talk(&mut page, (&session, &auth), gate).await;
    follow(&mut page, (&session, &auth), &reply).await;
    compute(&mut page, (&session, &auth)).await;
    read(&mut page, (&session, &auth), &reply).await;
    files(&mut page, (&session, &auth)).await;
    delete(&mut page, (&session, &auth)).await;
    page.section("The widget's files", FILES);
    let mut text = page.text.trim_end().to_owned();
    text.push('\n');
    text
}

async fn begin(page: &mut Transcript) -> (String, String) {
    page.section("Begin a session", "All fields may be left out. `config` is answered as the bot's own settings with the caller's on top; its keys `aiProvider`, `customInstructions`, `pageContext`, `jsonData` (older name: `pageData`) reach the model as data that ranks below the owner's instructions. Without `protected` the id alone opens the session.");
    let body = r#"{"protected":true,"user_identifier":"customer-17","config":{"pageContext":{"title":"Opening hours","url":"https://shop.example/hours"}}}"#;
    let answer =
        page.curl(&[&["$BASE/api/sessions/create"], &JSON[..], &["-d", body]].concat(), None).await;
    let (session, token) = (field(&answer, "sessionId"), field(&answer, "visitorToken"));
    page.section("Change its config", "Merged key by key; `null` removes a key.");
    let config = format!("$BASE/api/sessions/{session}/config");
    let details = format!("$BASE/api/sessions/{session}/details");
    let auth = format!("X-Visitor-Token: {token}");
    page.curl(
        &[
            &["-X", "PUT", &config],
            &JSON[..],
            &["-H", &auth, "-d", r#"{"config":{"customInstructions":"Answer in one sentence."}}"#],
        ]
        .concat(),
        None,
    )
    .await;
    page.section("Tell who the visitor is", "`name`, `email` and `phone`, and the fields of the owner's form (`leadForm` of the bot). Only the keys given change; `null` removes one. What cannot be taken is named in `fields`, and then nothing is kept.");
    let body = r#"{"name":"Ada","email":"ada@example.com"}"#;
    page.curl(&[&[details.as_str()], &JSON[..], &["-H", &auth, "-d", body]].concat(), None).await;
    (session, token)
}

async fn talk(page: &mut Transcript, (session, auth): (&str, &[&str]), gate: &Gate) -> String {
    page.section("Say something", "Answers the whole reply. `messageId` (a UUID the client makes) becomes the reply's id: the same one again joins the same reply and is not billed twice. `config` is merged into the session first, `replaces` names an earlier reply that this is a new try of.");
    let body = json!({ "sessionId": session, "message": "When are you open?" }).to_string();
    let send = [&["$BASE/api/chat/message"], &JSON[..], auth].concat();
    page.curl(&[&send[..], &["-d", &body]].concat(), None).await;
    page.section("Hear the reply as it is written", "With `\"stream\": true`, or `Accept: text/event-stream` where `stream` is left out. `start` comes once the message is stored, `done` once the whole reply is. A `delta`'s id ends with the number of bytes of the reply up to and including it. A reply that fails ends with `error` instead: `{error, code, retryable, retryAfterSeconds?}`. `done` has `suggestions`, questions to go on with, if the owner wants some (`BOT_FOLLOW_UPS`), and `\"leadForm\": true` if the bot asks for the visitor's details. A comment line keeps an idle stream alive every 15 seconds.");
    let body =
        json!({ "sessionId": session, "message": "And on Sundays?", "stream": true }).to_string();
    let events = page.curl(&[&send[..], &["-d", &body]].concat(), Some(gate)).await;
    let start = events.lines().find_map(|line| line.strip_prefix("data: ")).expect("start");
    field(start, "messageId")
}

/// A question that is answered by a query.
async fn compute(page: &mut Transcript, (session, auth): (&str, &[&str])) {
    page.section("Ask about data", "Arrays of objects in `jsonData` are tables, like uploaded files; the model queries them instead of guessing. Each query is a step: a `tool` event tells it as `running`, and the same `id` again as `done` with its `evidence` (the query in plain words and in SQL, the rows it found, and how to draw them in `chart`), or as `failed` with an `error` in words. `done` names in `unverified` the numbers of the text that no query found. Following a reply again tells each step as it is then. The whole reply as JSON, and each message of a conversation, have `steps` and `unverified` too, where there are any.");
    let body = json!({ "sessionId": session, "message": "How many seats are booked?", "stream": true,
        "config": { "jsonData": { "bookings": [
            { "day": "2026-11-27", "seats": 4 }, { "day": "2026-11-28", "seats": 7 }, { "day": "2026-11-29", "seats": 2 },
        ] } } });
    let send = [&["$BASE/api/chat/message"], &JSON[..], auth].concat();
    let events = page.curl(&[&send[..], &["-d", &body.to_string()]].concat(), None).await;
    let start = events.lines().find_map(|line| line.strip_prefix("data: ")).expect("start");
    let reply = field(start, "messageId");
    page.section("Download what a step found", "As CSV: UTF-8, lines end with CRLF. A text that a spreadsheet would take for a formula begins with `'`. `404` for a step that found nothing.");
    let path = format!("$BASE/api/chat/replies/{reply}/steps/1/csv?sessionId={session}");
    page.curl(&[&[path.as_str()], auth].concat(), None).await;
}

async fn follow(page: &mut Transcript, (session, auth): (&str, &[&str]), reply: &str) {
    page.section("Follow a reply from any byte on", "Live or from disk, with `?offset=` or the header `Last-Event-ID` of the last delta that was read; the session may also be named in `X-Session-Id`. A reply goes on when its page is closed.");
    let path = format!("$BASE/api/chat/replies/{reply}?sessionId={session}");
    let last = format!("Last-Event-ID: {reply}:10");
    page.curl(&[&[path.as_str()], auth, &["-H", &last]].concat(), None).await;
    page.section("Stop a reply", "Stops it at the vendor too and keeps what had arrived. Answers the status it has then: `stopped`, or the one it already had.");
    let stop = format!("$BASE/api/chat/replies/{reply}/stop?sessionId={session}");
    page.curl(&[&["-X", "POST", &stop], auth].concat(), None).await;
    page.section("Rate a reply", "`rating` is `up`, `down`, or `null` to take it back; `comment`, at most 2000 characters, is for the owner. What is sent takes the place of what was sent before. Only a reply that has ended can be rated; an ended protected session takes ratings still. The reply then has `feedback` in the conversation.");
    let path = format!("$BASE/api/chat/replies/{reply}/feedback");
    let body = json!({ "sessionId": session, "rating": "down", "comment": "Where are you?" });
    let body = body.to_string();
    page.curl(&[&[path.as_str()], &JSON[..], auth, &["-d", &body]].concat(), None).await;
}

async fn read(page: &mut Transcript, (session, auth): (&str, &[&str]), reply: &str) {
    page.section("Read the session", "With its whole conversation. Counts as activity.");
    page.curl(&[&[format!("$BASE/api/sessions/{session}").as_str()], auth].concat(), None).await;
    page.section(
        "Page through the conversation",
        "The newest `limit` messages (100; at most 500) before the message `before`, oldest first.",
    );
    let path = format!("$BASE/api/chat/history/{session}?limit=1&before={reply}");
    page.curl(&[&[path.as_str()], auth].concat(), None).await;
    page.section("Take the conversation along", "As a download: `?format=json` or `?format=txt`.");
    let path = format!("$BASE/api/sessions/{session}/export?format=txt");
    page.curl(&[&[path.as_str()], auth].concat(), None).await;
    page.section(
        "Count sessions",
        "`recentlyActive` counts those active in the last five minutes.",
    );
    page.curl(&["$BASE/api/sessions/stats/summary"], None).await;
}

async fn files(page: &mut Transcript, (session, auth): (&str, &[&str])) {
    page.section("Upload a file", "CSV (`.csv`, `.tsv`) or JSON (`.json`, `.jsonl`, `.ndjson`), as `multipart/form-data` with the fields `sessionId` and `file`; `sessionId` first lets the server refuse before it has read the file. `summary` tells of the first table what it is called in SQL (`table`) and what each column holds; `tables` has the same for all tables of the file. Sizes and counts are limited, see [limits.md](limits.md); bot-config tells those that a widget needs under `files`.");
    let table = "Region,Amount\nNorth,10\nSouth,20.5\nNorth,5\n";
    std::fs::write(page.folder.path().join("sales.csv"), table).expect("written");
    let form = format!("sessionId={session}");
    let upload = ["$BASE/api/files/upload", "-F", &form, "-F", "file=@sales.csv"];
    page.curl(&[&upload, auth].concat(), None).await;
    page.section("Read what is known of files", "The latest file in full, or the one that `?file=` names by its `fileId`; `files` lists all, oldest first.");
    page.curl(&[&[format!("$BASE/api/files/info/{session}").as_str()], auth].concat(), None).await;
    page.section("Ask a file", "With `sql`, one SELECT in SQLite's dialect over all tables of the session; or with `query`, words that are looked for in the cells of the latest file (or `?file=`), rows that match best first. Rows come as objects by column name in SQL; `rowCount` is how many there are, `truncated` says that not all are shown.");
    let path = format!("$BASE/api/files/query/{session}");
    let sql = r#"{"sql":"select region, sum(amount) as total from sales group by region"}"#;
    page.curl(&[&[path.as_str()], &JSON[..], auth, &["-d", sql]].concat(), None).await;
    let words = r#"{"query":"south"}"#;
    page.curl(&[&[path.as_str()], &JSON[..], auth, &["-d", words]].concat(), None).await;
    page.section("Delete a file", "The latest, or the one that `?file=` names. It is really gone; files also go with their session.");
    let path = format!("$BASE/api/files/{session}");
    page.curl(&[&["-X", "DELETE", &path], auth].concat(), None).await;
}

async fn delete(page: &mut Transcript, (session, auth): (&str, &[&str])) {
    page.section("Clear the conversation", "The session stays, its messages are deleted for good.");
    let history = format!("$BASE/api/chat/history/{session}");
    page.curl(&[&["-X", "DELETE", &history], auth].concat(), None).await;
    page.section("Erase the session", "It is really gone.");
    let path = format!("$BASE/api/sessions/{session}");
    page.curl(&[&["-X", "DELETE", &path], auth].concat(), None).await;
    page.section("Errors", "Every `4xx` and `5xx` has this shape; where fields of the request are wrong they are named.");
    page.curl(&[path.as_str()], None).await;
    page.curl(
        &[&["$BASE/api/sessions/create"], &JSON[..], &["-d", r#"{"protected":"yes"}"#]].concat(),
        None,
    )
    .await;
}

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

/// The document as a server of its own answers it.
async fn written() -> String {
    let gate = Gate::new();
    let hours = "From Tuesday to Saturday, 10:00 to 18:30.";
    let streamed = Reply::events(script::chunk("No, we are"))
        .wait(&gate)
        .send(script::chunk(" closed on Sundays.") + &script::end("stop"));
    let query =
        r#"{"sql":"select sum(seats) as seats from bookings","purpose":"All booked seats"}"#;
    let calling = Dialect::Chat.calling("", &[("call_1", "query_data", query)]);
    let counted = Dialect::Chat.saying("13 seats are booked.");
    let replies = vec![script::openai(&[hours]), streamed, calling, counted];
    let upstream = Upstream::start(replies).await;
    let app = TestApp::with(&upstream).await;
    walk(&app, &gate).await
}

#[tokio::test]
async fn the_api_document_shows_what_the_server_answers() {
    let mut written = written().await;
    if std::env::var_os(UPDATE).is_some() {
        std::fs::create_dir_all(document("")).expect("a folder");
        std::fs::write(document("api.md"), &written).expect("written");
    }
    let committed = std::fs::read_to_string(document("api.md")).unwrap_or_default();
    // A follower that is late is told a step once, as it is then: on a busy machine the example of
    // a tool may lack its first event. Everything else is the same each time.
    for _ in 0..4 {
        if written == committed {
            break;
        }
        written = self::written().await;
    }
    for (number, (old, new)) in committed.lines().zip(written.lines()).enumerate() {
        assert_eq!(old, new, "docs/api.md:{}: run this test with {UPDATE}=1", number + 1);
    }
    assert_eq!(committed, written, "run this test with {UPDATE}=1");
}

#[test]
fn the_error_document_lists_every_code_with_its_status_and_sentence() {
    let text = std::fs::read_to_string(document("errors.md")).expect("docs/errors.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let listed: Vec<Vec<&str>> =
        rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect();
    assert_eq!(listed.len(), ErrorCode::ALL.len(), "one row a code");
    for (row, code) in listed.iter().zip(ErrorCode::ALL) {
        let [word, status, sentence, advice] = row.as_slice() else {
            panic!("four columns: {row:?}")
        };
        assert_eq!(*word, format!("`{}`", code.as_str()));
        assert_eq!(*status, code.status().as_u16().to_string(), "{word}");
        assert_eq!(*sentence, code.sentence(), "{word}");
        assert!(advice.len() > 10, "{word} says what to do");
    }
}
