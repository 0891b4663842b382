//! The real program: its start, its end, and what it leaves behind.

use std::path::Path;
use std::time::Duration;

use alcove::domain::message::MessageStatus;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::sending::new_id;
use crate::support::api::{Visit, text_of};
use crate::support::app::KEY;
use crate::support::dialects::Dialect;
use crate::support::events::Events;
use crate::support::process::{Ended, Program, run};
use crate::support::script;
use crate::support::upstream::{Reply, Upstream};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The settings by which `upstream` answers.
fn values<'a>(base: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("OPENAI_API_KEY", KEY), ("OPENAI_BASE_URL", base), ("OPENAI_MODEL", "m")], more].concat()
}

fn assert_no_key(folder: &Path, ended: &Ended) {
    assert!(!ended.stdout.contains(KEY) && !ended.stderr.contains(KEY), "the key in {ended:?}");
    for file in walk(folder) {
        let bytes = std::fs::read(&file).expect("its bytes");
        let found = bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes());
        assert!(!found, "the key is in {}", file.display());
    }
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn a_start_without_any_setting_says_where_and_serves_the_demo() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    assert_eq!(program.get("/health").await.status, 200);
    assert_eq!(program.get("/").await.status, 200);
    program.terminate();
    let (ended, _) = program.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(
        lines[0].starts_with(concat!(
            "Alcove ",
            env!("CARGO_PKG_VERSION"),
            " is listening on http://127.0.0.1:"
        )),
        "{lines:?}"
    );
    assert!(lines[1].contains("demo mode (set ANTHROPIC_API_KEY"), "{lines:?}");
    assert!(lines[2].ends_with("data/alcove.db"), "{lines:?}");
    assert!(lines[3].contains("/widget.js\" defer></script>"), "{lines:?}");
    assert_eq!(lines.len(), 4);
    assert!(ended.stderr.contains("ALLOWED_ORIGINS"), "warned: {}", ended.stderr);
    assert!(folder.path().join("data/alcove.db").is_file());
}

#[tokio::test]
async fn soft_settings_are_warned_of_at_the_start() {
    let folder = folder();
    let values =
        [("RATE_LIMITS", "off"), ("ALLOWED_ORIGINS", "https://a.example"), ("BOT_NAME", "Ada")];
    let program = Program::start(folder.path(), &values);
    program.terminate();
    let (ended, _) = program.wait();
    assert!(ended.stderr.contains("RATE_LIMITS=off"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("Every site may embed"), "{}", ended.stderr);
}

#[test]
fn help_and_version_are_told() {
    let folder = folder();
    let help = run(folder.path(), &["--help"], &[]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for word in
        ["serve", "check", "--port", "--anthropic-api-key", "--allowed-origins", "[default: 8000]"]
    {
        assert!(help.stdout.contains(word), "no {word} in {}", help.stdout);
    }
    let version = run(folder.path(), &["--version"], &[]);
    assert_eq!(
        (version.code, version.stdout),
        (Some(0), concat!("alcove ", env!("CARGO_PKG_VERSION"), "\n").to_owned())
    );
    let unknown = run(folder.path(), &["--no-such-flag"], &[]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
    assert!(walk(folder.path()).is_empty(), "nothing is made");
}

#[test]
fn check_says_whether_the_configuration_is_fine_and_starts_nothing() {
    let folder = folder();
    let fine = run(folder.path(), &["check"], &[("OPENAI_API_KEY", KEY)]);
    assert_eq!(
        (fine.code, fine.stdout.as_str(), fine.stderr.as_str()),
        (Some(0), "The configuration is fine.\n", "")
    );
    assert!(walk(folder.path()).is_empty(), "nothing is made");
}

#[test]
fn a_wrong_value_ends_the_start_with_one_sentence() {
    let folder = folder();
    let cases = [
        (("PORT", "eighty"), "PORT=8080"),
        (("HOST", "nowhere"), "HOST=0.0.0.0"),
        (("ALLOWED_ORIGINS", "example.com"), "ALLOWED_ORIGINS=https://example.com"),
        (("BOT_COLOR", "blue"), "BOT_COLOR=#0b7285"),
        (("DATABASE_URL", "mysql://x"), "DATABASE_URL=sqlite:///var/lib/alcove/alcove.db"),
        (("BOT_STRINGS", r#"{"greeting": "Hi"}"#), "BOT_STRINGS={\"placeholder\""),
        (("BOT_STRINGS", r#"{"tlh": {"send": "x"}}"#), "BOT_STRINGS={\"placeholder\""),
        (("AI_PROVIDER", "skynet"), "AI_PROVIDER=openai"),
        (("RATE_LIMITS", "sometimes"), "RATE_LIMITS=off"),
        (("SESSION_TIMEOUT_MINUTES", "0"), "SESSION_TIMEOUT_MINUTES=60"),
        (("ANTHROPIC_API_KEY", "sk-canary bad"), "ANTHROPIC_API_KEY=sk-ant-"),
        (("OPENAI_API_KEY", "sk-canary\u{7f}"), "OPENAI_API_KEY=sk-"),
    ];
    for ((name, value), example) in cases {
        for args in [&["check"][..], &[], &["serve"]] {
            let ended = run(folder.path(), args, &[(name, value)]);
            assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{name} {args:?}");
            let lines: Vec<&str> = ended.stderr.lines().collect();
            assert_eq!(lines.len(), 1, "{}", ended.stderr);
            assert!(lines[0].starts_with(&format!("alcove: {name} ")), "{}", lines[0]);
            assert!(lines[0].contains(&format!("for example: {example}")), "{}", lines[0]);
            assert!(!ended.stderr.contains("canary"), "a secret is not repeated: {}", lines[0]);
        }
    }
    let bad = [
        ("COMPATIBLE_BASE_URL", "http://127.0.0.1:1"),
        ("COMPATIBLE_MODEL", "m"),
        ("COMPATIBLE_API_KEY", "sk-canary bad"),
    ];
    let ended = run(folder.path(), &["check"], &bad);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stderr.starts_with("alcove: COMPATIBLE_API_KEY ") && !ended.stderr.contains("canary"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn flags_win_over_the_environment_and_that_over_the_env_file() {
    let folder = folder();
    let file = "# a comment\nBOT_NAME=FromFile\nBOT_WELCOME='Hello you'\nexport BOT_COLOR=\"#0b7285\"\nPORT=1\n";
    std::fs::write(folder.path().join(".env"), file).expect("written");
    let program = Program::start(folder.path(), &[("BOT_NAME", "FromEnvironment")]);
    let bot = program.get("/api/sessions/bot-config").await.ok();
    assert_eq!(bot["botName"], "FromEnvironment");
    assert_eq!((&bot["welcome"], &bot["botColor"]), (&json!("Hello you"), &json!("#0b7285")));
    let flags = run(folder.path(), &["check", "--bot-color", "blue"], &[("BOT_COLOR", "#fff")]);
    assert!(flags.stderr.starts_with("alcove: BOT_COLOR is `blue`"), "{}", flags.stderr);
}

#[test]
fn a_line_of_the_env_file_that_is_none_is_told_without_its_words() {
    let folder = folder();
    std::fs::write(folder.path().join(".env"), "BOT_NAME=Ada\nsk-canary no line\n")
        .expect("written");
    let ended = run(folder.path(), &["check"], &[]);
    let sentence = "alcove: .env has a line that is not NAME=value; for example: BOT_NAME=Ada\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), sentence));
}

#[test]
fn a_taken_port_is_told_with_what_to_do() {
    let folder = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ended = run(folder.path(), &[], &[("PORT", &port)]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let last = ended.stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with(&format!("alcove: cannot listen on 127.0.0.1:{port}: ")), "{last}");
    assert!(last.contains("PORT") && !last.contains("panicked"), "{last}");
    assert!(!folder.path().join("data").exists(), "the database is not touched");
}

#[test]
fn a_database_that_cannot_be_used_is_told_with_what_to_do() {
    let folder = folder();
    std::fs::write(
        folder.path().join("not.db"),
        "this is no database at all, only text. ".repeat(100),
    )
    .expect("written");
    for url in ["sqlite://not.db", "sqlite:///proc/alcove/alcove.db", "sqlite://."] {
        let ended = run(folder.path(), &[], &[("PORT", "0"), ("DATABASE_URL", url)]);
        let last = ended.stderr.lines().last().unwrap_or_default();
        assert_eq!(ended.code, Some(1), "{url}: {last}");
        assert!(last.starts_with("alcove: ") && last.contains("DATABASE_URL"), "{url}: {last}");
    }
}

/// A program whose vendor has said `text` in a running reply and goes on no further.
async fn replying(
    folder: &Path,
    text: &str,
    more: &[(&str, &str)],
) -> (Upstream, Program, Visit, String, Events) {
    let upstream = Upstream::start(vec![script::hanging(text), script::openai(&["next"])]).await;
    let base = upstream.address().to_owned();
    let program = Program::start(folder, &values(&base, more));
    let visit = program.protected().await;
    let mut events = program.ask(&visit, "MESSAGE-OF-A-VISITOR").await;
    let reply = text_of(&events.expect("start").await.data["messageId"]);
    events.read_text(text.len()).await;
    (upstream, program, visit, reply, events)
}

#[tokio::test]
async fn a_stop_tells_the_running_stream_and_keeps_what_had_arrived() {
    let folder = folder();
    let (upstream, program, visit, reply, mut events) =
        replying(folder.path(), "half a ", &[]).await;
    let _silent = tokio::net::TcpStream::connect(program.base.trim_start_matches("http://")).await;
    program.terminate();
    let error = events.expect("error").await.data;
    assert_eq!((&error["code"], &error["retryable"]), (&json!("restarting"), &json!(true)));
    assert_eq!(events.next().await, None);
    upstream.client_left().await;
    let (ended, took) = program.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_no_key(folder.path(), &ended);

    let base = upstream.address().to_owned();
    let program = Program::start(folder.path(), &values(&base, &[]));
    let history = program.history(&visit).await;
    let kept = json!([history[1]["content"], history[1]["status"], history[1]["errorCode"]]);
    assert_eq!(kept, json!(["half a ", "interrupted", "restarting"]));
    let told = program.resume(&visit, &reply, 5).await.told_from(5).await;
    told.failed("restarting");
    assert_eq!(told.text, "a ");
    assert_eq!(program.say(&visit, "go on").await.ok()["response"], "next");
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    use tokio::io::AsyncWriteExt as _;
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let address = program.base.trim_start_matches("http://");
    let mut half = tokio::net::TcpStream::connect(address).await.expect("a connection");
    half.write_all(b"GET /health HTTP/1.1\r\n").await.expect("half a head");
    assert_eq!(program.get("/health").await.status, 200);
    program.terminate();
    program.logged("Stopping").await;
    program.terminate();
    let (ended, took) = program.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn a_kill_keeps_the_message_and_what_of_the_reply_was_saved() {
    let folder = folder();
    let (upstream, program, visit, reply, _events) =
        replying(folder.path(), "saved text", &[]).await;
    while program.history(&visit).await[1]["content"] != "saved text" {
        tokio::task::yield_now().await;
    }
    let ended = program.kill();
    assert_no_key(folder.path(), &ended);

    let base = upstream.address().to_owned();
    let program = Program::start(folder.path(), &values(&base, &[]));
    let history = program.history(&visit).await;
    assert_eq!(history[0]["content"], "MESSAGE-OF-A-VISITOR");
    assert_eq!(history[1]["status"], MessageStatus::Interrupted.as_str());
    assert_eq!(history[1]["content"], "saved text");
    for (offset, text) in [(0, "saved text"), (6, "text"), (10, ""), (4000, "")] {
        let told = program.resume(&visit, &reply, offset).await.told_from(offset).await;
        told.failed("reply_interrupted");
        assert_eq!(told.text, text, "from {offset}");
    }
    let same = json!({ "message": "MESSAGE-OF-A-VISITOR", "messageId": reply });
    program.send(&visit, &same).await.refused(502, "reply_interrupted");
    let again =
        json!({ "message": "MESSAGE-OF-A-VISITOR", "messageId": new_id(), "replaces": reply });
    let reply = program.send(&visit, &again).await.ok();
    assert_eq!((&reply["response"], &reply["messageCount"]), (&json!("next"), &json!(2)));
}

#[tokio::test]
async fn a_kill_keeps_the_steps_and_those_that_ran_have_failed() {
    let folder = folder();
    let endless =
        "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c";
    let call = |sql: &str| json!({ "sql": sql, "purpose": "p" }).to_string();
    let (quick, endless) = (call("select count(*) as n from sales"), call(endless));
    let calls = [("a", "query_data", quick.as_str()), ("b", "query_data", endless.as_str())];
    let replies = vec![Dialect::Chat.calling("", &calls), Reply::status(200).silence()];
    let upstream = Upstream::start(replies).await;
    let base = upstream.address().to_owned();
    let patient = [("QUERY_TIMEOUT_MS", "10000")];
    let program = Program::start(folder.path(), &values(&base, &patient));
    let rows = json!([{ "n": 1 }, { "n": 2 }, { "n": 3 }]);
    let visit = program.begin(&json!({ "config": { "jsonData": { "sales": rows } } })).await;
    let _events = program.ask(&visit, "How many?").await;
    while program.history(&visit).await[1]["steps"][0]["status"] != "done" {
        tokio::task::yield_now().await;
    }
    program.kill();

    let program = Program::start(folder.path(), &values(&base, &[]));
    let reply = &program.history(&visit).await[1];
    assert_eq!(reply["status"], MessageStatus::Interrupted.as_str());
    let steps = [&reply["steps"][0]["status"], &reply["steps"][1]["status"]];
    assert_eq!(steps, ["done", "failed"]);
    assert_eq!(reply["steps"][0]["evidence"]["rows"], json!([[3]]));
    let id = text_of(&reply["id"]);
    let told = program.resume(&visit, &id, 0).await.told().await;
    told.failed("reply_interrupted");
    assert_eq!(told.tools.len(), 2, "told again, each once");
}

#[tokio::test]
async fn a_second_start_on_the_same_port_disturbs_nobody() {
    let folder = folder();
    let (_upstream, program, visit, reply, _events) = replying(folder.path(), "half", &[]).await;
    let port = program.base.rsplit(':').next().expect("a port").to_owned();
    assert_eq!(run(folder.path(), &[], &[("PORT", &port)]).code, Some(1));
    assert_eq!(program.history(&visit).await[1]["status"], "streaming");
    assert_eq!(program.stop_reply(&visit, &reply).await.ok()["status"], "stopped");
}

/// Everything a program logs while a message is sent, refused, failed and stopped.
async fn logs_of(folder: &Path, more: &[(&str, &str)]) -> Ended {
    let complaint = crate::support::upstream::Reply::json(
        401,
        &json!({ "error": { "message": format!("bad key {KEY}") } }),
    );
    let upstream = Upstream::start(vec![script::openai(&["WORDS-OF-THE-BOT"]), complaint]).await;
    let base = upstream.address().to_owned();
    let program = Program::start(folder, &values(&base, more));
    let visit = program
        .begin(
            &json!({ "protected": true, "config": { "customInstructions": "WISH-OF-THE-PAGE" } }),
        )
        .await;
    program.say(&visit, "MESSAGE-OF-A-VISITOR").await.ok();
    program.say(&visit, "MESSAGE-OF-A-VISITOR").await.refused(502, "model_unavailable");
    program
        .get(&format!("/api/sessions/{}?q=QUERY-OF-A-VISITOR", visit.id))
        .await
        .refused(404, "session_not_found");
    program
        .post("/api/chat/message", &json!({ "message": "MESSAGE-OF-A-VISITOR" }))
        .await
        .refused(400, "missing_session_id");
    program.post("/api/chat/message", &json!({ "message": ["MESSAGE-OF-A-VISITOR"] })).await;
    program.terminate();
    let (ended, _) = program.wait();
    for secret in ["-OF-A-VISITOR", "-OF-THE-", visit.token.as_deref().expect("a token")] {
        assert!(!ended.stderr.contains(secret), "{secret} in {}", ended.stderr);
    }
    assert_no_key(folder, &ended);
    ended
}

#[tokio::test]
async fn logs_hold_no_words_of_anybody_and_no_key() {
    for level in ["info", "debug", "trace"] {
        let folder = folder();
        let ended = logs_of(folder.path(), &[("LOG_LEVEL", level)]).await;
        assert!(ended.stderr.contains("Reply ended"), "{}", ended.stderr);
        assert!(ended.stderr.contains("Provider failed"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn json_logs_are_one_object_a_line_and_name_their_request() {
    let folder = folder();
    let ended = logs_of(folder.path(), &[("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug")]).await;
    let lines: Vec<Value> = ended
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    assert!(lines.iter().all(Value::is_object));
    for message in ["Reply ended", "Provider failed", "Request refused", "Request"] {
        let found: Vec<&Value> = lines.iter().filter(|line| line["message"] == message).collect();
        assert!(!found.is_empty(), "no {message} in {}", ended.stderr);
        for line in found {
            assert!(line["span"]["request.id"].is_string(), "{line}");
            assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
        }
    }
    let ended_line = lines.iter().find(|line| line["message"] == "Reply ended").expect("a line");
    for field in
        ["session.id", "reply.id", "provider", "model", "finish", "tokens.input", "took_ms"]
    {
        assert!(!ended_line[field].is_null(), "no {field} in {ended_line}");
    }
}
