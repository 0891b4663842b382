//! A mock of a model vendor: OpenAI's Chat Completions as a stream, with as little work as can be.
//!
//! How it behaves stands in the path, so that one process serves all measurements:
//! `/first/50/every/10/tokens/20/v1/chat/completions` says its first token after 50 ms, then one
//! every 10 ms. With `/hold` before `/v1` it says nothing after the last token, and never ends.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::Outcome;
use crate::client::head_end;

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
    cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";
const CHUNK: &str = "\"object\":\"chat.completion.chunk\",\"created\":1795000000,\
    \"model\":\"mock-1\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\"";
const LAST: &[u8] = b"0\r\n\r\n";

/// What to do with one request.
#[derive(Debug, Clone, Copy)]
pub struct Behaviour {
    pub first_ms: u64,
    pub every_ms: u64,
    pub tokens: u64,
    pub holds: bool,
}

impl Behaviour {
    /// The base URL's path for this behaviour.
    pub fn path(self) -> String {
        let Self { first_ms, every_ms, tokens, holds } = self;
        let hold = if holds { "/hold" } else { "" };
        format!("/first/{first_ms}/every/{every_ms}/tokens/{tokens}{hold}/v1")
    }

    /// How long an answer takes.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.first_ms + self.every_ms * self.tokens.saturating_sub(1))
    }

    fn read(head: &str) -> Self {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let mut words = path.split('/');
        let mut behaviour = Self { first_ms: 0, every_ms: 0, tokens: 20, holds: false };
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match word {
                "first" => behaviour.first_ms = number(),
                "every" => behaviour.every_ms = number(),
                "tokens" => behaviour.tokens = number(),
                "hold" => behaviour.holds = true,
                _ => {}
            }
        }
        behaviour
    }
}

/// Serves until its parent goes away.
pub async fn serve(say: &dyn Fn(SocketAddr) -> Outcome<()>) -> Outcome<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    say(listener.local_addr()?)?;
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(connection(stream));
        }
    };
    let mut parent = tokio::io::stdin();
    let mut nothing = [0];
    tokio::select! {
        ended = accept => ended,
        _ = parent.read(&mut nothing) => Ok(()),
    }
}

/// Answers one request after the other; an error is the end of the connection, nothing more.
async fn connection(mut stream: TcpStream) -> Outcome<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    loop {
        let Some(behaviour) = request(&mut stream, &mut received).await? else { return Ok(()) };
        answer(&mut stream, behaviour).await?;
        if behaviour.holds {
            let mut rest = [0; 64];
            while stream.read(&mut rest).await? > 0 {}
            return Ok(());
        }
    }
}

/// Reads one request with its body and leaves what follows it.
async fn request(stream: &mut TcpStream, received: &mut Vec<u8>) -> Outcome<Option<Behaviour>> {
    loop {
        if let Some(head_bytes) = head_end(received) {
            let head = std::str::from_utf8(received.get(..head_bytes).unwrap_or_default())?;
            let total = head_bytes + crate::client::content_length(head).unwrap_or(0);
            if received.len() >= total {
                let behaviour = Behaviour::read(head);
                received.drain(..total);
                return Ok(Some(behaviour));
            }
        }
        if stream.read_buf(received).await? == 0 {
            return Ok(None);
        }
    }
}

async fn answer(stream: &mut TcpStream, behaviour: Behaviour) -> Outcome<()> {
    let began = Instant::now();
    pause(began, behaviour.first_ms).await;
    let mut opening = HEAD.to_vec();
    opening
        .extend(frame(&choice("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "")));
    stream.write_all(&opening).await?;
    for token in 0..behaviour.tokens {
        pause(began, behaviour.first_ms + token * behaviour.every_ms).await;
        stream.write_all(&frame(&choice("{\"content\":\" alcove\"}", ""))).await?;
        // Each token in a write of its own, as it comes from a model, even without a pause.
        tokio::task::yield_now().await;
    }
    if behaviour.holds {
        return Ok(());
    }
    let mut ending = frame(&choice("{}", "stop"));
    ending.extend(frame(&usage(behaviour.tokens)));
    ending.extend(frame("[DONE]"));
    ending.extend(LAST);
    Ok(stream.write_all(&ending).await?)
}

/// Sleeps until `ms` after `began`.
async fn pause(began: Instant, ms: u64) {
    let at = began + Duration::from_millis(ms);
    if at > Instant::now() {
        tokio::time::sleep_until(at).await;
    }
}

fn choice(delta: &str, finish: &str) -> String {
    let finish = if finish.is_empty() { "null".to_owned() } else { format!("\"{finish}\"") };
    format!(
        "{{\"id\":\"chatcmpl-0123456789\",{CHUNK},\"choices\":[{{\"index\":0,\"delta\":{delta},\
         \"logprobs\":null,\"finish_reason\":{finish}}}],\"usage\":null}}"
    )
}

fn usage(tokens: u64) -> String {
    let total = tokens + 100;
    format!(
        "{{\"id\":\"chatcmpl-0123456789\",{CHUNK},\"choices\":[],\"usage\":{{\
         \"prompt_tokens\":100,\"completion_tokens\":{tokens},\"total_tokens\":{total},\
         \"prompt_tokens_details\":{{\"cached_tokens\":0,\"audio_tokens\":0}}}}}}"
    )
}

/// One server-sent event in one HTTP chunk.
fn frame(data: &str) -> Vec<u8> {
    let event = format!("data: {data}\n\n");
    format!("{:x}\r\n{event}\r\n", event.len()).into_bytes()
}
