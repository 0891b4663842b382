//! Uploads that take their time, and more questions than there are places.

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::sockets::{SHORT, SLACK, drip, short_timers};
use crate::support::api::Visit;
use crate::support::app::TestApp;
use crate::support::form::{FORM, Form};

/// More than are read at once and may wait together.
const MANY: usize = 40;

/// The beginning of an upload whose end never comes.
fn beginning(visit: &Visit) -> String {
    let form = Form::default().field("sessionId", &visit.id).file("a.csv", b"a\n1\n").unended();
    let form = String::from_utf8(form).expect("UTF-8");
    format!(
        "POST /api/files/upload HTTP/1.1\r\nHost: h\r\nContent-Type: {FORM}\r\n\
         Content-Length: 5000000\r\n\r\n{form}"
    )
}

#[tokio::test]
async fn an_upload_that_drips_is_refused_in_time() {
    let app = TestApp::setup().timers(short_timers()).start().await;
    let visit = app.open().await;
    let (took, text) = drip(&app, &beginning(&visit), "1\n").await;
    assert!(took < SHORT + SLACK, "{took:?}");
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("\"code\":\"request_timeout\""), "{text}");
    app.file_info(&visit).await.refused(404, "file_not_found");
}

#[tokio::test]
async fn uploads_without_end_hold_no_place_of_others() {
    let app = TestApp::setup().start().await;
    let (visit, other) = (app.open().await, app.open().await);
    let start = beginning(&visit);
    let mut dripping = Vec::new();
    for _ in 0..MANY {
        let mut socket = TcpStream::connect(app.address).await.expect("a connection");
        socket.write_all(start.as_bytes()).await.expect("sent");
        dripping.push(socket);
    }
    app.upload(&other, "a.csv", b"a\n1\n").await.ok();
    let count = json!({ "sql": "select count(*) as n from a" });
    assert_eq!(app.ask_file(&other, &count).await.ok()["results"], json!([{ "n": 1 }]));
}

#[tokio::test]
async fn beyond_its_places_a_server_asks_to_come_back() {
    let app = TestApp::setup().start().await;
    let mut visits = Vec::new();
    for _ in 0..MANY {
        let visit = app.open().await;
        app.upload(&visit, "a.csv", b"a\n1\n").await.ok();
        visits.push(visit);
    }
    let endless = json!({ "sql": "with recursive n(i) as (select 1 union all select i + 1 from n) \
                                  select max(i) from n" });
    let answers = join_all(visits.iter().map(|visit| app.ask_file(visit, &endless))).await;
    let (busy, slow): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 503);
    assert!(!busy.is_empty() && !slow.is_empty(), "{} were refused", busy.len());
    for answer in busy {
        assert!(answer.header("retry-after").is_some());
        answer.refused(503, "server_busy");
    }
    for answer in slow {
        answer.refused(400, "query_too_slow");
    }
    app.ask_file(&visits[0], &json!({ "sql": "select * from a" })).await.ok();
}
