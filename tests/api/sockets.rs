//! Connections that cost more than they should: cut in time, capped in number.

use std::time::{Duration, Instant};

use alcove::http::listener::Timers;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::support::app::TestApp;
use crate::support::raw::{exchange, read_to_close};
use crate::support::script;
use crate::support::upstream::Upstream;

pub const SHORT: Duration = Duration::from_millis(400);
/// What a busy machine may add.
pub const SLACK: Duration = Duration::from_secs(4);

pub fn short_timers() -> Timers {
    Timers { first_byte: SHORT, head: SHORT, body: SHORT, idle: SHORT, write: SHORT }
}

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.address).await.expect("a connection")
}

/// Sends `bytes` one by one until the server is tired of it; answers when and what it said.
pub async fn drip(app: &TestApp, start: &str, bytes: &str) -> (Duration, String) {
    let (mut socket, began) = (connect(app).await, Instant::now());
    socket.write_all(start.as_bytes()).await.expect("sent");
    let (mut reader, mut writer) = socket.split();
    let mut answer = Vec::new();
    let dripping = async {
        for byte in bytes.bytes().cycle() {
            if writer.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        std::future::pending::<()>().await;
    };
    let reading = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut answer);
    tokio::select! {
        () = dripping => {}
        // Cut off with bytes unread, the connection may end with a reset.
        _ended = tokio::time::timeout(SHORT + SLACK, reading) => {}
    }
    (began.elapsed(), String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn a_socket_that_says_nothing_is_cut() {
    let app = TestApp::setup().timers(short_timers()).start().await;
    let answer = read_to_close(&mut connect(&app).await, SHORT + SLACK).await;
    assert!(answer.took >= SHORT - Duration::from_millis(50), "{:?}", answer.took);
}

#[tokio::test]
async fn a_head_that_drips_is_cut() {
    let app = TestApp::setup().timers(short_timers()).start().await;
    let (took, _) = drip(&app, "GET /health HTTP/1.1\r\nHost: h\r\n", "X-Drip: y\r\n").await;
    assert!(took < SHORT + SLACK, "{took:?}");
}

#[tokio::test]
async fn a_second_head_that_drips_is_cut() {
    let app = TestApp::setup().timers(short_timers()).start().await;
    let start = "GET /health HTTP/1.1\r\nHost: h\r\n\r\nGET /health HTTP/1.1\r\n";
    let (took, text) = drip(&app, start, "X-Drip: y\r\n").await;
    assert!(took < SHORT + SLACK, "{took:?}");
    assert_eq!(text.matches("HTTP/1.1 200").count(), 1, "{text}");
}

#[tokio::test]
async fn a_body_that_drips_is_refused_in_time() {
    let app = TestApp::setup().timers(short_timers()).start().await;
    let start = "POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";
    let (took, text) = drip(&app, start, " ").await;
    assert!(took < SHORT + SLACK, "{took:?}");
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("\"code\":\"request_timeout\""), "{text}");
}

#[tokio::test]
async fn an_idle_connection_is_cut() {
    let app = TestApp::setup().timers(short_timers()).start().await;
    for path in ["/health", "/api/nothing", "/api/sessions/stats/summary"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n");
        let answer = exchange(app.address, request.as_bytes(), SHORT + SLACK).await;
        assert!(answer.status.is_some(), "{path}");
    }
}

#[tokio::test]
async fn a_waiting_stream_is_not_cut() {
    let upstream = Upstream::start(vec![
        crate::support::upstream::Reply::events("")
            .pause(SHORT * 4)
            .send(script::chunk("late") + &script::end("stop")),
    ])
    .await;
    let app = TestApp::setup().openai(&upstream).timers(short_timers()).start().await;
    let visit = app.open().await;
    assert_eq!(app.ask(&visit, "Hi").await.told().await.text, "late");
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_cut() {
    let text = "x".repeat(250_000);
    let upstream = Upstream::start(vec![script::openai(&[&text])]).await;
    let app = TestApp::setup().openai(&upstream).timers(short_timers()).start().await;
    let visit = app.open().await;
    for _ in 0..40 {
        app.say(&visit, "more").await.ok();
    }
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(8 * 1024).expect("a small buffer");
    let mut socket = socket.connect(app.address).await.expect("a connection");
    let request = format!("GET /api/sessions/{}/export HTTP/1.1\r\nHost: h\r\n\r\n", visit.id);
    socket.write_all(request.as_bytes()).await.expect("sent");
    tokio::time::sleep(SHORT * 4).await;
    let answer = read_to_close(&mut socket, SLACK * 3).await;
    assert!(answer.text.starts_with("HTTP/1.1 200"), "it had begun");
    assert!(answer.text.len() < 9_000_000, "it was cut: {}", answer.text.len());
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn health_is_quick_while_others_dawdle() {
    let timers = Timers { first_byte: SLACK, head: SLACK, body: SLACK, ..Timers::default() };
    let app = TestApp::setup().timers(timers).start().await;
    let starts = [
        "",
        "GET / HTTP/1.1\r\n",
        "POST /api/sessions/create HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    ];
    let sockets = join_all((0..90).map(async |n: usize| {
        let mut socket = connect(&app).await;
        socket.write_all(starts[n % 3].as_bytes()).await.expect("sent");
        socket
    }))
    .await;
    for _ in 0..5 {
        let began = Instant::now();
        assert_eq!(app.get("/health").await.status, 200);
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
    drop(sockets);
}

async fn assert_capped(app: &TestApp, held: usize) {
    let mut sockets = Vec::new();
    for _ in 0..held {
        sockets.push(connect(app).await);
    }
    let answer = exchange(app.address, b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n", SLACK).await;
    assert_eq!(answer.status, Some(503), "{}", answer.text);
    let head = answer.text.to_ascii_lowercase();
    for line in
        ["content-type: application/json", "retry-after: 5", "connection: close", "x-request-id: "]
    {
        assert!(head.contains(line), "no {line} in {head}");
    }
    let length = format!("content-length: {}\r\n", answer.body().len());
    assert!(head.contains(&length), "no {length} in {head}");
    let body: Value = answer.json();
    assert_eq!(body["code"], "too_many_connections");
    assert!(body["error"].is_string() && body["requestId"].is_string(), "{body}");
    drop(sockets);
    loop {
        let answer = exchange(
            app.address,
            b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            SLACK,
        )
        .await;
        if answer.status == Some(200) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn connections_are_capped_in_all() {
    let app = TestApp::setup().set("MAX_CONNECTIONS", "3").start().await;
    assert_capped(&app, 3).await;
}

#[tokio::test]
async fn connections_of_one_address_are_capped() {
    let setup = TestApp::setup().set("RATE_LIMITS", "on").set("MAX_CONNECTIONS_PER_ADDRESS", "2");
    let app = setup.start().await;
    assert_capped(&app, 2).await;
}

#[tokio::test]
async fn a_trusted_proxys_connections_are_not_capped_by_address() {
    let setup = TestApp::setup().set("RATE_LIMITS", "on").set("MAX_CONNECTIONS_PER_ADDRESS", "1");
    let app = setup.set("TRUSTED_PROXIES", "127.0.0.0/8").start().await;
    let _held = [connect(&app).await, connect(&app).await];
    assert_eq!(app.post("/api/sessions/create", &json!({})).await.status, 201);
}
