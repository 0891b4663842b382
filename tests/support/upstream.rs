//! A scripted vendor: HTTP/1.1 over plain TCP on a free port of this machine, so that tests can
//! send what no honest server would: half a line, a reset, silence, garbage.

#![expect(clippy::expect_used, reason = "a test whose set-up fails has to panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Error, ErrorKind, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::task::JoinHandle;

/// How one request is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    head: Option<(u16, Vec<(String, String)>)>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Vec<u8>),
    Pause(Duration),
    /// Waits until the test opens the gate once more.
    Gate(Gate),
    /// Says nothing more but keeps the connection until the client leaves.
    Silence,
    /// Breaks the connection off with a TCP reset.
    Reset,
}

impl Reply {
    /// An answer with this status, no body yet.
    pub fn status(status: u16) -> Self {
        Self { head: Some((status, Vec::new())), steps: Vec::new() }
    }

    /// A whole event stream.
    pub fn events(stream: impl AsRef<[u8]>) -> Self {
        Self::status(200).header("content-type", "text/event-stream").send(stream)
    }

    /// A JSON body.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::status(status).header("content-type", "application/json").send(body.to_string())
    }

    /// Bytes that are no HTTP at all.
    pub fn garbage(bytes: impl AsRef<[u8]>) -> Self {
        Self { head: None, steps: Vec::new() }.send(bytes)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Some((_, headers)) = &mut self.head {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Then sends bytes, as a chunk of their own.
    pub fn send(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push(Step::Send(bytes.as_ref().to_vec()));
        self
    }

    /// Then waits.
    pub fn pause(mut self, span: Duration) -> Self {
        self.steps.push(Step::Pause(span));
        self
    }

    /// Then waits until the test opens `gate`, or the client leaves.
    pub fn wait(mut self, gate: &Gate) -> Self {
        self.steps.push(Step::Gate(gate.clone()));
        self
    }

    /// Then says nothing more until the client leaves. As the first step not even the head is sent.
    pub fn silence(mut self) -> Self {
        self.steps.push(Step::Silence);
        self
    }

    /// Then resets the connection.
    pub fn reset(mut self) -> Self {
        self.steps.push(Step::Reset);
        self
    }
}

/// What a script waits at until the test lets it go on.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Lets one script go on by one step.
    pub fn open(&self) {
        self.0.add_permits(1);
    }

    async fn pass(&self) {
        self.0.acquire().await.expect("never closed").forget();
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, null if it was not JSON.
    pub body: serde_json::Value,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// The running server. Stops when dropped.
pub struct Upstream {
    address: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    left: AtomicUsize,
    leaving: Notify,
}

impl Upstream {
    /// Answers requests by `replies` in their order; the last one serves all further requests.
    pub async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(serve(listener, replies, Arc::clone(&shared)));
        Self { address, shared, task }
    }

    /// `http://127.0.0.1:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The requests so far.
    pub async fn received(&self) -> Vec<Received> {
        self.shared.received.lock().await.clone()
    }

    /// Waits until a client left during a silence.
    pub async fn client_left(&self) {
        while self.shared.left.load(Ordering::SeqCst) == 0 {
            self.shared.leaving.notified().await;
        }
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, replies: Vec<Reply>, shared: Arc<Shared>) {
    let mut replies = replies.into_iter().peekable();
    let mut last = Reply::status(500);
    while let Ok((socket, _)) = listener.accept().await {
        if let Some(reply) = replies.next() {
            last = reply;
        }
        let (reply, shared) = (last.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            // A client that leaves early is part of many scripts.
            let _ = answer(socket, reply, &shared).await;
        });
    }
}

async fn answer(mut socket: TcpStream, reply: Reply, shared: &Shared) -> Result<()> {
    socket.set_nodelay(true)?;
    let request = receive(&mut socket).await?;
    shared.received.lock().await.push(request);
    let is_chunked = reply.head.is_some();
    if let Some((status, headers)) = &reply.head
        && !matches!(reply.steps.first(), Some(Step::Silence | Step::Reset))
    {
        socket.write_all(head(*status, headers).as_bytes()).await?;
    }
    for step in &reply.steps {
        match step {
            Step::Send(bytes) if bytes.is_empty() => {}
            Step::Send(bytes) if is_chunked => {
                let chunk = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
                socket.write_all(&chunk).await?;
            }
            Step::Send(bytes) => socket.write_all(bytes).await?,
            Step::Pause(span) => tokio::time::sleep(*span).await,
            Step::Gate(gate) => tokio::select! {
                () = gate.pass() => {}
                left = watch(&mut socket, shared) => return left,
            },
            Step::Silence => return watch(&mut socket, shared).await,
            Step::Reset => return socket.set_zero_linger(),
        }
    }
    if is_chunked {
        socket.write_all(b"0\r\n\r\n").await?;
    }
    socket.shutdown().await
}

fn head(status: u16, headers: &[(String, String)]) -> String {
    let lines: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "HTTP/1.1 {status} Status\r\nconnection: close\r\ntransfer-encoding: chunked\r\n{lines}\r\n"
    )
}

/// Returns when the client has closed its side.
async fn watch(socket: &mut TcpStream, shared: &Shared) -> Result<()> {
    let mut byte = [0];
    while matches!(socket.read(&mut byte).await, Ok(count) if count > 0) {}
    shared.left.fetch_add(1, Ordering::SeqCst);
    shared.leaving.notify_waiters();
    shared.leaving.notify_one();
    Ok(())
}

async fn receive(socket: &mut TcpStream) -> Result<Received> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some((head, _)) = split_head(&bytes) {
            break head.to_owned();
        }
        read_more(socket, &mut bytes).await?;
    };
    let mut lines = head.lines();
    let target =
        lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    while split_head(&bytes).is_some_and(|(_, body)| body.len() < length) {
        read_more(socket, &mut bytes).await?;
    }
    let body = split_head(&bytes).and_then(|(_, body)| serde_json::from_slice(body).ok());
    Ok(Received { target, headers, body: body.unwrap_or_default() })
}

async fn read_more(socket: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<()> {
    match socket.read_buf(bytes).await? {
        0 => Err(Error::from(ErrorKind::UnexpectedEof)),
        _ => Ok(()),
    }
}

fn split_head(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = bytes.split_at(end);
    Some((std::str::from_utf8(head).ok()?, body.get(4..)?))
}

/// Uses every part of a script, so that no test crate has to.
#[tokio::test]
async fn a_script_is_played() {
    let pause = Duration::from_millis(1);
    let reply = Reply::json(429, &serde_json::json!({})).header("a", "b").pause(pause);
    let gate = Gate::new();
    gate.open();
    let replies = vec![
        reply.wait(&gate).send("more"),
        Reply::events("data: 1\n\n").reset(),
        Reply::garbage("hello"),
        Reply::status(200).silence(),
    ];
    let upstream = Upstream::start(replies).await;
    for expected in ["a: b", "data: 1", "hello"] {
        let mut socket = connect(&upstream).await;
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        assert!(String::from_utf8_lossy(&answer).contains(expected), "{expected}");
    }
    drop(connect(&upstream).await);
    upstream.client_left().await;
    let received = upstream.received().await;
    assert_eq!(received[0].target, "/x?y");
    assert_eq!(received[0].header("host"), Some("h"));
    assert_eq!(received[0].body, serde_json::json!([1]));
}

async fn connect(upstream: &Upstream) -> TcpStream {
    let address = upstream.address().trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.expect("connection");
    let request = b"POST /x?y HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n[1]";
    socket.write_all(request).await.expect("sent");
    socket
}
