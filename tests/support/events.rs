//! An event stream as a client reads it, and the rules that every reply keeps.

use std::time::Duration;

use serde_json::Value;

use super::api::text_of;
use super::documented;
use super::http::check_words;

/// A test that waits longer than this for an event has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: Option<String>,
    /// Its data.
    pub data: Value,
}

/// A stream being read.
pub struct Events {
    response: reqwest::Response,
    bytes: Vec<u8>,
}

impl Events {
    /// Reads the body of `response`, whose headers must fit a stream.
    pub fn new(response: reqwest::Response) -> Self {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("cache-control"), "no-store, no-transform");
        assert_eq!(header("x-accel-buffering"), "no");
        Self { response, bytes: Vec::new() }
    }

    /// The next event; none when the stream is over.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.bytes.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.bytes.drain(..end + 2).collect();
                let block = String::from_utf8(block).expect("UTF-8");
                check_words(&block);
                if let Some(event) = event(&block) {
                    return Some(event);
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk());
            match chunk.await.expect("an event in time").expect("an unbroken stream") {
                Some(chunk) => self.bytes.extend_from_slice(&chunk),
                None => {
                    assert!(self.bytes.is_empty(), "half an event");
                    return None;
                }
            }
        }
    }

    /// The next event, which must have this name.
    pub async fn expect(&mut self, name: &str) -> Event {
        let event = self.next().await.unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(event.name, name, "{event:?}");
        event
    }

    /// Reads on until the text read by this call is as long as `bytes`; answers it.
    pub async fn read_text(&mut self, bytes: usize) -> String {
        let mut text = String::new();
        while text.len() < bytes {
            text.push_str(&text_of(&self.expect("delta").await.data["text"]));
        }
        text
    }

    /// Everything up to the end, by the rules of a whole reply.
    pub async fn told(self) -> Told {
        self.told_from(0).await
    }

    /// Everything up to the end, by the rules of a reply followed from `offset` on: `start` first,
    /// then text whose ids count its bytes, then one end and nothing after it.
    pub async fn told_from(mut self, offset: usize) -> Told {
        let start = self.expect("start").await;
        let reply = text_of(&start.data["messageId"]);
        let mut text = String::new();
        let mut tools = Vec::new();
        let end = loop {
            let event = self.next().await.expect("an end");
            if event.name == "tool" {
                tools.push(event.data);
                continue;
            }
            if event.name != "delta" {
                break event;
            }
            let piece = text_of(&event.data["text"]);
            assert!(!piece.is_empty(), "a delta says something");
            text.push_str(&piece);
            let id = format!("{reply}:{}", offset + text.len());
            assert_eq!(event.id.as_deref(), Some(id.as_str()));
        };
        assert!(["done", "error"].contains(&end.name.as_str()), "{end:?}");
        assert_eq!(self.next().await, None, "nothing after the end");
        Told { start: start.data, reply, text, tools, end }
    }
}

/// A reply that was followed to its end.
#[derive(Debug, Clone)]
pub struct Told {
    /// Data of `start`.
    pub start: Value,
    /// Its id.
    pub reply: String,
    /// Its text.
    pub text: String,
    /// Data of each `tool`.
    pub tools: Vec<Value>,
    /// `done` or `error`.
    pub end: Event,
}

impl Told {
    /// Data of `done`.
    #[track_caller]
    pub fn done(&self) -> &Value {
        assert_eq!(self.end.name, "done", "{:?}", self.end);
        &self.end.data
    }

    /// The finish reason, which a stopped reply tells in `done` as well.
    #[track_caller]
    pub fn done_or_stopped(&self) -> String {
        text_of(&self.done()["finishReason"])
    }

    /// Data of `error`, which must have this code.
    #[track_caller]
    pub fn failed(&self, code: &str) -> &Value {
        let found = (self.end.name.as_str(), self.end.data["code"].as_str());
        assert_eq!(found, ("error", Some(code)), "{:?}", self.end);
        &self.end.data
    }
}

/// Reads one event; none if it was only a comment.
fn event(block: &str) -> Option<Event> {
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        block.lines().find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
    };
    let name = field("event")?;
    let data = field("data").expect("an event has data");
    let data = serde_json::from_str(&data).expect("data is JSON");
    documented::check_event(&name, &data);
    Some(Event { name, id: field("id"), data })
}
