//! How much later than the upstream itself the server gives the first token, and what a chat
//! costs it.

use std::time::Duration;

use crate::Outcome;
use crate::load::{Load, Target, Visitor};
use crate::options::Options;
use crate::report::{Figure, median_ms, ms, percentile_ms};
use crate::server::{Server, Upstream};
use crate::upstream::Behaviour;

/// A model, by name.
type Kind = (&'static str, Behaviour);

/// A model that thinks for 50 ms, then says 50 words a second.
pub const REALISTIC: Kind =
    ("realistic model", Behaviour { first_ms: 50, every_ms: 20, tokens: 20, holds: false });
/// One that says all at once: what the server adds cannot hide behind the model's thinking.
pub const INSTANT: Kind =
    ("instant model", Behaviour { first_ms: 0, every_ms: 0, tokens: 20, holds: false });

/// Messages that a visitor says in a conversation.
const CONVERSATION: usize = 10;

/// Time to the first token at one chat: the two are asked in turns.
pub async fn one_at_a_time(
    options: &Options,
    upstream: &Upstream,
    (name, behaviour): Kind,
) -> Outcome<Figure> {
    let server = Server::start(options, upstream, behaviour).await?;
    let mut through = Visitor::new(through(&server, CONVERSATION)).await?;
    let mut direct = Visitor::new(Target::upstream(upstream.address, behaviour)).await?;
    let mut samples = (Vec::new(), Vec::new());
    let chats = options.count(if behaviour.first_ms == 0 { 1000 } else { 100 });
    for _ in 0..chats / 10 {
        through.chat().await?;
        direct.chat().await?;
    }
    for _ in 0..chats {
        samples.0.push(direct.chat().await?);
        samples.1.push(through.chat().await?);
    }
    server.stop().await?;
    Ok(added(format!("first token, 1 chat, {name}"), 1.0, samples))
}

/// Time to the first token with many chats: rounds of each in turns.
pub async fn at_once(
    options: &Options,
    upstream: &Upstream,
    (name, behaviour): Kind,
    at_once: usize,
) -> Outcome<Figure> {
    const ROUNDS: usize = 4;
    let server = Server::start(options, upstream, behaviour).await?;
    let mut samples = (Vec::new(), Vec::new());
    let load = |target| Load {
        target,
        chats: options.count(8 * at_once),
        at_once,
        spread: behaviour.duration(),
    };
    load(through(&server, CONVERSATION)).run().await?;
    for _ in 0..ROUNDS {
        let direct = Target::upstream(upstream.address, behaviour);
        samples.0.extend(load(direct).run().await?.first_tokens);
        samples.1.extend(load(through(&server, CONVERSATION)).run().await?.first_tokens);
    }
    server.stop().await?;
    Ok(added(format!("first token, {at_once} chats, {name}"), 3.0, samples))
}

fn through(server: &Server, messages_per_session: usize) -> Target {
    Target::Server { address: server.address, messages_per_session }
}

fn added(
    name: String,
    target_ms: f64,
    (mut direct, mut through): (Vec<Duration>, Vec<Duration>),
) -> Figure {
    direct.sort();
    through.sort();
    let (control, measured) = (median_ms(&direct), median_ms(&through));
    let detail = format!(
        "{} chats; direct {} (p95 {}), through the server {} (p95 {})",
        through.len(),
        ms(control),
        ms(percentile_ms(&direct, 95)),
        ms(measured),
        ms(percentile_ms(&through, 95)),
    );
    Figure::new(name, "ms", measured - control)
        .target(target_ms)
        .control(measured / control)
        .detail(detail)
}

/// Processor time of the server for one chat.
pub async fn cpu(
    options: &Options,
    upstream: &Upstream,
    (name, behaviour): Kind,
    messages_per_session: usize,
) -> Outcome<Figure> {
    const ROUNDS: usize = 3;
    let server = Server::start(options, upstream, behaviour).await?;
    let chats = options.count(if behaviour.first_ms == 0 { 4000 } else { 1500 });
    let load = |chats| Load {
        target: through(&server, messages_per_session),
        chats,
        at_once: 50,
        spread: behaviour.duration(),
    };
    load(500).run().await?;
    let mut rounds = Vec::new();
    let mut took = Duration::ZERO;
    for _ in 0..ROUNDS {
        let before = server.cpu()?;
        took += load(chats).run().await?.took;
        let used = server.cpu()? - before;
        rounds.push(used.as_secs_f64() * 1e6 / chats as f64);
    }
    server.stop().await?;
    rounds.sort_by(f64::total_cmp);
    let per_second = (ROUNDS * chats) as f64 / took.as_secs_f64();
    let sessions = if messages_per_session == 1 { "a session each" } else { "10 a session" };
    let detail = format!(
        "{ROUNDS} rounds of {chats} chats, 50 at once, {per_second:.0} chats/s: {}",
        rounds.iter().map(|us| format!("{us:.0}")).collect::<Vec<_>>().join(", ")
    );
    let middle = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    let name = format!("CPU a chat, {name}, {sessions}");
    Ok(Figure::new(name, "µs", middle).target(250.0).detail(detail))
}
