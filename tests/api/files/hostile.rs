//! Files and forms that are meant to do harm: each ends in its documented error, holds nobody up,
//! and leaves nothing behind.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch::Receiver;

use crate::support::api::Visit;
use crate::support::app::TestApp;
use crate::support::form::{BOUNDARY, FORM, Form};
use crate::support::process::Program;
use crate::support::raw::exchange;

const MB: usize = 1024 * 1024;

/// A hostile file: what it is, its name, its content, and how it may end.
type Hostile = (&'static str, &'static str, Vec<u8>, &'static [(u16, &'static str)]);

const UNREADABLE: &[(u16, &str)] = &[(422, "file_unreadable")];
/// Without optimisation the time may be over before the end is seen.
const UNREADABLE_OR_SLOW: &[(u16, &str)] = &[(422, "file_unreadable"), (422, "file_too_slow")];
const REFUSED_KIND: &[(u16, &str)] = &[(400, "file_type_refused")];
const TOO_LARGE: &[(u16, &str)] = &[(413, "file_too_large")];

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn hostile_files() -> Vec<Hostile> {
    let columns = format!("{}x\n{}1\n", "x,".repeat(1_000_000), "1,".repeat(1_000_000));
    let cell = format!("a,b\n1,{}\n", "x".repeat(9 * MB));
    let unterminated = format!("a,b\n1,\"{}", "x,y\n".repeat(2 * MB));
    let deep = format!("{}1{}", "[".repeat(4 * MB), "]".repeat(4 * MB));
    let deep_objects = format!("[{}1{}]", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    vec![
        ("1e6 columns", "a.csv", columns.into_bytes(), UNREADABLE),
        ("5e6 blank rows", "a.csv", vec![b'\n'; 5_000_000], UNREADABLE),
        ("5e6 rows of nothing", "a.csv", b",\n".repeat(5_000_000), UNREADABLE),
        (
            "names and 4e6 rows of nothing",
            "a.csv",
            [b"a,b\n".to_vec(), b",\n".repeat(4_000_000)].concat(),
            UNREADABLE,
        ),
        (
            "5e6 rows",
            "a.csv",
            [b"a\n".to_vec(), b"1\n".repeat(5_000_000 - 100)].concat(),
            UNREADABLE_OR_SLOW,
        ),
        ("a cell of 9 MB", "a.csv", cell.into_bytes(), UNREADABLE),
        ("a quote without end", "a.csv", unterminated.into_bytes(), UNREADABLE),
        ("deep JSON", "a.json", deep.into_bytes(), UNREADABLE),
        ("deep JSON objects", "a.json", deep_objects.into_bytes(), UNREADABLE),
        ("JSON cut off", "a.json", b"[{\"a\":1},{\"a\":".to_vec(), UNREADABLE),
        ("NUL", "a.csv", b"a,b\n1,\0\n".to_vec(), UNREADABLE),
        ("only NUL", "a.csv", vec![0; MB], UNREADABLE),
        ("nothing", "a.csv", Vec::new(), UNREADABLE),
        ("white space", "a.json", b" \n\t ".to_vec(), UNREADABLE),
        (
            "half a UTF-16 character",
            "a.csv",
            [utf16("a,b\n1,2\n"), vec![0x3d]].concat(),
            UNREADABLE,
        ),
        ("zip as csv", "a.csv", b"PK\x03\x04\x14\0\0\0".to_vec(), REFUSED_KIND),
        ("gzip as json", "a.json", b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), REFUSED_KIND),
        ("a web page", "a.csv", b"<!doctype html><script>alert(1)</script>".to_vec(), REFUSED_KIND),
        ("one byte too many", "a.csv", vec![b'a'; 10 * MB + 1], TOO_LARGE),
        ("40 MB", "a.csv", vec![b'a'; 40 * MB], TOO_LARGE),
    ]
}

/// How long nearly all of these requests took, sent one after the other until the sender is gone.
pub(super) async fn p95_until(stopped: Receiver<()>, ask: impl AsyncFn()) -> Duration {
    let mut waits = Vec::new();
    while !stopped.has_changed().unwrap_or(true) {
        let began = Instant::now();
        ask().await;
        waits.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    waits.sort();
    waits[waits.len() * 95 / 100]
}

#[tokio::test]
async fn hostile_files_end_in_their_documented_errors_and_hold_nobody_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[("RATE_LIMITS", "off")]);
    let visit = program.open().await;
    program.upload(&visit, "ok.csv", b"a\n1\n").await.ok();
    let before = program.resident_bytes();
    let (stop, stopped) = tokio::sync::watch::channel(());
    let health = p95_until(stopped, async || {
        assert_eq!(program.get("/health").await.status, 200);
    });
    let attack = async {
        let mut most = 0;
        for (what, name, bytes, expected) in hostile_files() {
            let answer = program.upload(&visit, name, &bytes).await;
            let told = answer.json();
            let code = told["code"].as_str().unwrap_or_default();
            let is_expected = expected.contains(&(answer.status, code));
            assert!(is_expected, "{what}: {} {told}", answer.status);
            if what.ends_with("rows of nothing") {
                let sentence = told["error"].as_str().unwrap_or_default();
                assert!(sentence.contains("no rows") || sentence.contains("no data"), "{told}");
            }
            if code == "file_too_large" {
                assert_eq!(told["error"], "The file is larger than 10 MB.");
            }
            most = most.max(program.resident_bytes());
        }
        drop(stop);
        most
    };
    let (p95, most) = tokio::join!(health, attack);
    assert!(p95 < Duration::from_secs(1), "{p95:?}");
    let growth = most.saturating_sub(before) / MB;
    assert!(growth < 150, "{growth} MB");
    let info = program.file_info(&visit).await.ok();
    assert_eq!(info["files"].as_array().map(Vec::len), Some(1), "nothing of them is kept");
}

/// Sends a form that is none; answers how it ended.
async fn refused(app: &TestApp, content_type: &str, body: Vec<u8>, status: u16, code: &str) {
    let call = app.call("POST", "/api/files/upload").header("content-type", content_type);
    let shown = String::from_utf8_lossy(body.get(..80).unwrap_or(&body)).into_owned();
    let answer = call.body(body).send().await;
    let told = answer.json();
    assert_eq!((answer.status, told["code"].as_str()), (status, Some(code)), "{shown}: {told}");
}

#[tokio::test]
async fn hostile_forms_are_refused() {
    let app = TestApp::setup().start().await;
    let visit = app.open().await;
    let form = || Form::default().field("sessionId", &visit.id);
    let good = || form().file("a.csv", b"a\n1\n");
    let bad = "invalid_upload";
    refused(&app, "multipart/form-data", good().end(), 400, bad).await;
    refused(&app, "multipart/form-data; boundary=other", good().end(), 400, bad).await;
    refused(&app, FORM, good().unended(), 400, bad).await;
    refused(&app, FORM, Vec::new(), 400, bad).await;
    refused(&app, FORM, vec![b'x'; MB], 400, bad).await;
    refused(&app, FORM, good().file("b.csv", b"a\n1\n").end(), 400, bad).await;
    refused(&app, FORM, good().field("sessionId", &visit.id).end(), 400, bad).await;
    refused(&app, FORM, form().field("sessionId", &"x".repeat(2000)).end(), 400, "missing_file")
        .await;
    refused(&app, FORM, Form::default().field("sessionId", &"x".repeat(2000)).end(), 400, bad)
        .await;
    let parts = (0..10_000).fold(Form::default(), |form, _| form.field("a", "b"));
    refused(&app, FORM, parts.end(), 400, bad).await;
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}", "x".repeat(MB));
    refused(&app, FORM, head.into_bytes(), 400, bad).await;
    let base64 = "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
                  Content-Transfer-Encoding: base64";
    refused(&app, FORM, form().part(base64, b"YQox").end(), 400, bad).await;
    for content_type in ["text/csv", "application/json", "application/x-www-form-urlencoded"] {
        refused(&app, content_type, b"a".to_vec(), 415, "unsupported_media_type").await;
    }
    let call = app.uploading(&visit, good().end()).header("content-encoding", "gzip");
    call.send().await.refused(415, "unsupported_media_type");
    let large = form().field("other", &"x".repeat(11 * MB)).end();
    refused(&app, FORM, large, 413, "file_too_large").await;
    app.file_info(&visit).await.refused(404, "file_not_found");
    app.uploading(&visit, good().end()).header("content-encoding", "identity").send().await.ok();
}

#[tokio::test]
async fn a_body_that_does_not_say_its_length_is_counted_while_it_arrives() {
    let app = TestApp::setup().set("MAX_UPLOAD_MB", "1").start().await;
    let visit = app.open().await;
    let form = || Form::default().field("sessionId", &visit.id);
    let too_much = "x,y\n".repeat(MB / 2);
    for body in [form().file("a.csv", too_much.as_bytes()), form().field("other", &too_much)] {
        let body = body.file("b.csv", b"a\n1\n").end();
        let head = format!(
            "POST /api/files/upload HTTP/1.1\r\nHost: h\r\nContent-Type: {FORM}\r\n\
             Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n",
            body.len()
        );
        let request = [head.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
        let answer = exchange(app.address, &request, Duration::from_secs(20)).await;
        assert_eq!(answer.status, Some(413), "{}", answer.text);
        assert_eq!(answer.json()["code"], "file_too_large");
    }
    app.file_info(&visit).await.refused(404, "file_not_found");
}

/// Every file below a folder.
pub(super) fn all_files(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .flat_map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() { all_files(&path) } else { vec![path.display().to_string()] }
        })
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn hostile_names_are_text_and_make_no_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[("RATE_LIMITS", "off")]);
    let before = all_files(folder.path());
    let marks = "../../x.csv ..\\..\\x.csv /tmp/alcove-x.csv x%00.csv <img src=x>.csv ';drop table files;--.csv";
    let long = format!("{}.csv", "n".repeat(5000));
    for name in marks.split(' ').chain([long.as_str(), "\u{202e}gnp.csv", "C:\\x.csv", "…/表.csv"])
    {
        let visit = program.open().await;
        let told = program.upload(&visit, name, b"a\n1\n").await.json();
        if let Some(shown) = told["fileName"].as_str() {
            assert!(!shown.contains(['/', '\\', '\u{202e}', '\0']), "{name}: {shown}");
            assert!(shown.chars().count() <= 200, "{name}");
            let table = told["tables"][0]["name"].as_str().expect("a name").to_owned();
            let sql = format!("select * from {table}");
            program.ask_file(&visit, &json!({ "sql": sql })).await.ok();
        } else {
            assert_eq!(told["code"], "file_type_refused", "{name}: {told}");
        }
    }
    assert_eq!(all_files(folder.path()), before);
    assert!(!std::path::Path::new("/tmp/alcove-x.csv").exists());
}

#[tokio::test]
async fn the_quota_holds_and_deleting_returns_the_disk() {
    let setup = TestApp::setup().set("MAX_UPLOAD_MB", "1").set("SESSION_FILES_MB", "2");
    let app = setup.set("FILES_PER_SESSION", "3").set("FILES_TOTAL_MB", "4").start().await;
    let on_disk = || {
        let folder = app.database.parent().expect("a folder");
        let sizes = std::fs::read_dir(folder).expect("files");
        sizes.map(|file| file.expect("a file").metadata().expect("facts").len()).sum::<u64>()
    };
    let table = |bytes: usize| {
        let row = "some words in a cell,12345\n";
        format!("text,number\n{}", row.repeat(bytes / row.len())).into_bytes()
    };
    let empty = on_disk();
    let visits: Vec<Visit> = [app.open().await, app.open().await, app.open().await].into();
    for _ in 0..2 {
        app.upload(&visits[0], "a.csv", &table(900_000)).await.ok();
    }
    let told = app.upload(&visits[0], "a.csv", &table(900_000)).await;
    told.refused(413, "session_files_full");
    app.upload(&visits[0], "small.csv", &table(1000)).await.ok();
    app.upload(&visits[0], "small.csv", &table(1000)).await.refused(413, "too_many_files");
    for _ in 0..2 {
        app.upload(&visits[1], "a.csv", &table(900_000)).await.ok();
    }
    app.upload(&visits[2], "a.csv", &table(900_000)).await.refused(503, "files_full");
    assert!(on_disk() > empty + 3_500_000);
    for _ in 0..3 {
        app.delete_file(&visits[0]).await.ok();
    }
    app.upload(&visits[2], "a.csv", &table(900_000)).await.ok();
    app.delete_file(&visits[2]).await.ok();
    app.call("DELETE", &format!("/api/sessions/{}", visits[1].id)).send().await.ok();
    assert!(on_disk() < empty + 200_000, "{} bytes, {empty} when it was empty", on_disk());
}
