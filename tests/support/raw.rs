//! Bytes to and from a bare socket, for what no HTTP client would send.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer as its bytes say it.
#[derive(Debug)]
pub struct RawAnswer {
    /// The status; none if the server only closed.
    pub status: Option<u16>,
    /// Everything received.
    pub text: String,
    /// How long it took until the server closed the connection.
    pub took: Duration,
}

impl RawAnswer {
    /// The body.
    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

/// Sends bytes and reads until the server closes, at most so long.
pub async fn exchange(address: SocketAddr, bytes: &[u8], within: Duration) -> RawAnswer {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    // The server may answer and close before it was told everything.
    let _cut_off = socket.write_all(bytes).await;
    read_to_close(&mut socket, within).await
}

/// Reads until the server closes, at most so long.
pub async fn read_to_close(socket: &mut TcpStream, within: Duration) -> RawAnswer {
    let (began, mut bytes) = (Instant::now(), Vec::new());
    let reading = tokio::time::timeout(within, socket.read_to_end(&mut bytes)).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(reading.is_ok(), "the server kept the connection: {text}");
    let status = text.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    RawAnswer { status, text, took: began.elapsed() }
}
