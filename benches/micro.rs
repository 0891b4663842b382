//! Micro benches of what every chat passes through: `scripts/bench micro`.

#![expect(clippy::expect_used, reason = "a bench whose set-up fails has to panic")]

use std::collections::VecDeque;
use std::hint::black_box;

use alcove::config::{Config, Values};
use alcove::domain::bot::Bot;
use alcove::domain::clock::Timestamp;
use alcove::domain::id::{MessageId, SessionId};
use alcove::domain::message::{FinishReason, MessageStatus};
use alcove::domain::usage::Usage;
use alcove::http::sse;
use alcove::providers::decoder::Decoder as _;
use alcove::providers::guard::{Guard, SseEvent};
use alcove::providers::openai::chat::decode::ChatDecoder;
use alcove::service::turn::appendix::Wanted;
use alcove::service::turn::budget::estimate;
use alcove::service::turn::following::Following;
use alcove::service::turn::prompt::{Budgets, Data, Prompt};
use alcove::service::turn::running::{ReplyEnd, ReplyEvent, ReplyStart};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};

const PLAIN: &[u8] = include_bytes!("../tests/providers/streams/openai-chat/plain.sse");

/// Words of an answer.
const TOKENS: usize = 20;

fn guard(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("guard");
    group.throughput(Throughput::Bytes(PLAIN.len() as u64));
    group.bench_function("recorded stream", |bench| bench.iter(|| cut(black_box(PLAIN))));
    let long = [b"data: ".as_slice(), &[b'x'; 900_000], b"\n\n"].concat();
    group.throughput(Throughput::Bytes(long.len() as u64));
    group.bench_function("one line of 900 KB", |bench| bench.iter(|| cut(black_box(&long))));
    group.finish();
}

fn cut(bytes: &[u8]) -> VecDeque<SseEvent> {
    let (mut guard, mut events) = (Guard::default(), VecDeque::new());
    for piece in bytes.chunks(16 * 1024) {
        guard.push(piece, &mut events).expect("within limits");
    }
    events
}

fn decode(criterion: &mut Criterion) {
    let events = cut(PLAIN);
    criterion.bench_function("decode/recorded stream", |bench| {
        bench.iter(|| {
            let (mut decoder, mut out) = (ChatDecoder::default(), Vec::new());
            for event in black_box(&events) {
                decoder.decode(event, &mut out).expect("decodes");
            }
            out
        });
    });
}

fn prompt(criterion: &mut Criterion) {
    let bot = Config::from_values(&Values::default()).expect("defaults").bot;
    let mut build = |name: &str, config: &Value| {
        let config = config.as_object().expect("an object");
        criterion.bench_function(&format!("prompt/{name}"), |bench| {
            bench.iter(|| request(&bot, black_box(config)));
        });
    };
    build("empty", &json!({}));
    let rows: Vec<Value> = (0..5000)
        .map(|n| json!({"id": n, "name": format!("Item {n}"), "price": n * 3, "stock": n % 7}))
        .collect();
    build("table of 5,000 rows", &json!({"jsonData": {"items": rows}}));
}

fn request(bot: &Bot, config: &Map<String, Value>) -> usize {
    let (text, wanted) = ("What is cheapest?", Wanted::default());
    let data = Data::default();
    let prompt = Prompt { bot, config, history: &[], older: 0, text, wanted, data };
    prompt.request(Budgets { context: 8000, history: 12_000 }).context.len()
}

fn estimates(criterion: &mut Criterion) {
    let text = "The quick brown fox jumps over the lazy dog. ".repeat(1000);
    let mut group = criterion.benchmark_group("estimate");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("prose", |bench| bench.iter(|| estimate(black_box(&text))));
    group.finish();
}

fn frames(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let events = reply();
    criterion.bench_function("sse/20 tokens", |bench| {
        bench.iter(|| {
            runtime.block_on(async {
                let response = sse::frames(Following::Stored(black_box(events.clone())));
                response.into_body().collect().await.expect("a body").to_bytes()
            })
        });
    });
}

fn reply() -> VecDeque<ReplyEvent> {
    let (provider, provider_name, model) = ("compatible", "Local model", "mock-1");
    let start = ReplyStart {
        reply: MessageId::random(),
        message: Some(MessageId::random()),
        session: SessionId::random(),
        provider: provider.to_owned(),
        provider_name: provider_name.to_owned(),
        model: model.to_owned(),
        at: Timestamp::from_ms(0),
    };
    let end = ReplyEnd {
        reason: FinishReason::Stop,
        status: MessageStatus::Complete,
        failure: None,
        usage: Usage::default(),
        provider: provider.to_owned(),
        provider_name: provider_name.to_owned(),
        model: model.to_owned(),
        message_count: 2,
        at: Timestamp::from_ms(0),
        suggestions: Vec::new(),
        asks_contact: false,
        unverified: Vec::new(),
    };
    let text = " alcove";
    let deltas =
        (1..=TOKENS).map(|n| ReplyEvent::Delta { text: text.to_owned(), offset: n * text.len() });
    let end = std::iter::once(ReplyEvent::Ended(end));
    std::iter::once(ReplyEvent::Started(start)).chain(deltas).chain(end).collect()
}

criterion_group!(micro, guard, decode, prompt, estimates, frames);
criterion_main!(micro);
