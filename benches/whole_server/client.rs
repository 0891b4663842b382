//! As much of an HTTP/1.1 client as measuring takes: kept-alive, one request at a time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use memchr::memmem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// No answer takes longer.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A connection.
pub struct Client {
    stream: TcpStream,
    address: SocketAddr,
}

/// An answer, as a whole.
pub struct Answer {
    pub status: u16,
    pub bytes: Vec<u8>,
    pub head_bytes: usize,
    /// When the mark was there, if there was one to look for, and it came.
    pub marked_after: Option<Duration>,
}

impl Answer {
    pub fn contains(&self, text: &str) -> bool {
        memmem::find(&self.bytes, text.as_bytes()).is_some()
    }

    pub fn body(&self) -> &[u8] {
        self.bytes.get(self.head_bytes..).unwrap_or_default()
    }
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address })
    }

    pub async fn get(&mut self, path: &str, headers: &str) -> Outcome<Answer> {
        let address = self.address;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n");
        self.exchange(request.as_bytes(), None).await
    }

    /// Posts JSON and reads the whole answer; notes when `mark` was first seen in it.
    pub async fn post(&mut self, path: &str, json: &str, mark: Option<&str>) -> Outcome<Answer> {
        let request = self.post_request(path, json);
        self.exchange(request.as_bytes(), mark).await
    }

    /// Posts JSON and reads until `mark`; what comes later stays unread.
    pub async fn post_until(&mut self, path: &str, json: &str, mark: &str) -> Outcome<()> {
        let request = self.post_request(path, json);
        self.stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        let read = async {
            while memmem::find(&bytes, mark.as_bytes()).is_none() {
                if self.stream.read_buf(&mut bytes).await? == 0 {
                    let text = String::from_utf8_lossy(&bytes);
                    return Err(format!("the answer ended without {mark}: {text}").into());
                }
            }
            Ok(())
        };
        tokio::time::timeout(TIMEOUT, read).await.map_err(|_| "an answer took too long")?
    }

    fn post_request(&self, path: &str, json: &str) -> String {
        let (address, length) = (self.address, json.len());
        format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             accept: text/event-stream\r\ncontent-length: {length}\r\n\r\n{json}"
        )
    }

    async fn exchange(&mut self, request: &[u8], mark: Option<&str>) -> Outcome<Answer> {
        let exchange = self.exchange_untimed(request, mark);
        tokio::time::timeout(TIMEOUT, exchange).await.map_err(|_| "an answer took too long")?
    }

    async fn exchange_untimed(&mut self, request: &[u8], mark: Option<&str>) -> Outcome<Answer> {
        let began = Instant::now();
        self.stream.write_all(request).await?;
        let mut bytes = Vec::with_capacity(8 * 1024);
        let mut marked_after = None;
        loop {
            if self.stream.read_buf(&mut bytes).await? == 0 {
                return Err("the connection was closed before the end of the answer".into());
            }
            if let Some(mark) = mark.filter(|_| marked_after.is_none()) {
                marked_after = memmem::find(&bytes, mark.as_bytes()).map(|_| began.elapsed());
            }
            let Some(head_bytes) = head_end(&bytes) else { continue };
            if is_whole(&bytes, head_bytes) {
                let status = status(&bytes).ok_or("the answer has no status")?;
                return Ok(Answer { status, bytes, head_bytes, marked_after });
            }
        }
    }
}

/// Bytes of the head with the empty line after it, once it is there.
pub fn head_end(bytes: &[u8]) -> Option<usize> {
    memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

pub fn content_length(head: &str) -> Option<usize> {
    let value = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    })?;
    value.trim().parse().ok()
}

fn status(bytes: &[u8]) -> Option<u16> {
    std::str::from_utf8(bytes.get(9..12)?).ok()?.parse().ok()
}

/// Whether the body has come to its end. No JSON in a chunk ends like the last chunk.
fn is_whole(bytes: &[u8], head_bytes: usize) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..head_bytes).unwrap_or_default());
    match content_length(&head) {
        Some(length) => bytes.len() >= head_bytes + length,
        None => bytes.ends_with(b"\r\n0\r\n\r\n"),
    }
}
