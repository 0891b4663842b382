//! Chats, many at a time: with the server, or with the upstream itself as a control.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use alcove::domain::id::MessageId;
use tokio::task::LocalSet;

use crate::Outcome;
use crate::client::Client;
use crate::upstream::Behaviour;

const MESSAGE: &str = "Do you deliver to the islands, and what does it cost?";

/// Who is asked.
#[derive(Debug, Clone)]
pub enum Target {
    /// The server; a visitor says so many messages, then another one comes.
    Server { address: SocketAddr, messages_per_session: usize },
    /// The upstream, as the server would ask it.
    Upstream { address: SocketAddr, path: String },
}

impl Target {
    pub fn upstream(address: SocketAddr, behaviour: Behaviour) -> Self {
        Self::Upstream { address, path: format!("{}/chat/completions", behaviour.path()) }
    }

    const fn address(&self) -> SocketAddr {
        match self {
            Self::Server { address, .. } | Self::Upstream { address, .. } => *address,
        }
    }
}

/// One visitor after the other on one connection.
pub struct Visitor {
    client: Client,
    target: Target,
    session: Option<String>,
    said: usize,
}

impl Visitor {
    pub async fn new(target: Target) -> Outcome<Self> {
        let client = Client::connect(target.address()).await?;
        Ok(Self { client, target, session: None, said: 0 })
    }

    /// One chat; answers how long its first token took.
    pub async fn chat(&mut self) -> Outcome<Duration> {
        let answer = match self.target.clone() {
            Target::Upstream { path, .. } => {
                let body = upstream_body();
                self.client.post(&path, &body, Some("\"content\":\" alcove")).await?
            }
            Target::Server { messages_per_session, .. } => {
                let body = message_body(&self.session(messages_per_session).await?);
                self.client.post("/api/chat/message", &body, Some("event: delta")).await?
            }
        };
        let is_complete = answer.contains("event: done") || answer.contains("data: [DONE]");
        match answer.marked_after {
            Some(first) if is_complete && answer.status == 200 => Ok(first),
            _ => Err(format!("a chat failed: {}", String::from_utf8_lossy(&answer.bytes)).into()),
        }
    }

    /// Begins a chat and reads its first words.
    pub async fn begin_chat(&mut self) -> Outcome<()> {
        let body = message_body(&self.session(1).await?);
        self.client.post_until("/api/chat/message", &body, "event: delta").await
    }

    /// The session to say the next message in.
    async fn session(&mut self, messages: usize) -> Outcome<String> {
        self.said += 1;
        if let Some(session) = self.session.as_ref().filter(|_| self.said <= messages) {
            return Ok(session.clone());
        }
        let created = self.client.post("/api/sessions/create", "{}", None).await?;
        let body: serde_json::Value = serde_json::from_slice(created.body())?;
        let session = body.get("sessionId").and_then(serde_json::Value::as_str);
        let session = session.ok_or("no session was made")?.to_owned();
        self.session = Some(session.clone());
        self.said = 1;
        Ok(session)
    }
}

/// As the widget sends it, which names the reply so that it can send again.
fn message_body(session: &str) -> String {
    let reply = MessageId::random();
    format!("{{\"sessionId\":\"{session}\",\"message\":\"{MESSAGE}\",\"messageId\":\"{reply}\"}}")
}

fn upstream_body() -> String {
    format!(
        "{{\"model\":\"mock-1\",\"messages\":[{{\"role\":\"user\",\"content\":\"{MESSAGE}\"}}],\
         \"stream\":true,\"stream_options\":{{\"include_usage\":true}},\"max_tokens\":2048}}"
    )
}

/// How chats are had.
#[derive(Debug, Clone)]
pub struct Load {
    pub target: Target,
    pub chats: usize,
    pub at_once: usize,
    /// How long one chat takes at best: the visitors begin spread over it, as they would in life.
    pub spread: Duration,
}

/// What came of it.
pub struct Had {
    pub first_tokens: Vec<Duration>,
    pub took: Duration,
}

impl Load {
    /// Has all chats; one that fails ends the run.
    pub async fn run(self) -> Outcome<Had> {
        let mut visitors = Vec::new();
        for _ in 0..self.at_once {
            visitors.push(Visitor::new(self.target.clone()).await?);
        }
        let left = Rc::new(Cell::new(self.chats));
        let tasks = LocalSet::new();
        let began = Instant::now();
        let mut running = Vec::new();
        for (place, visitor) in (0..).zip(visitors) {
            let wait = self.spread * place / u32::try_from(self.at_once)?;
            running.push(tasks.spawn_local(keep_chatting(visitor, wait, Rc::clone(&left))));
        }
        let chats = async {
            let mut first_tokens = Vec::with_capacity(self.chats);
            for task in running {
                first_tokens.extend(task.await??);
            }
            Ok(Had { first_tokens, took: began.elapsed() })
        };
        tasks.run_until(chats).await
    }
}

async fn keep_chatting(
    mut visitor: Visitor,
    wait: Duration,
    left: Rc<Cell<usize>>,
) -> Outcome<Vec<Duration>> {
    tokio::time::sleep(wait).await;
    let mut first_tokens = Vec::new();
    while left.get() > 0 {
        left.set(left.get() - 1);
        first_tokens.push(visitor.chat().await?);
    }
    Ok(first_tokens)
}
