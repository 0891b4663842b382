//! Memory: of a server that does nothing, and of one that holds many open streams.

use std::time::Duration;

use crate::Outcome;
use crate::load::{Target, Visitor};
use crate::options::Options;
use crate::report::Figure;
use crate::server::{Server, Upstream};
use crate::upstream::Behaviour;

/// Says three words, then keeps the visitor waiting.
const HOLDING: Behaviour = Behaviour { first_ms: 0, every_ms: 5, tokens: 3, holds: true };
/// By then all that was begun is done: words passed on and saved.
const SETTLE: Duration = Duration::from_secs(3);

pub async fn memory(options: &Options, upstream: &Upstream) -> Outcome<Vec<Figure>> {
    let server = Server::start(options, upstream, HOLDING).await?;
    tokio::time::sleep(SETTLE).await;
    let idle = server.rss_kb()?;
    let streams = options.count(2000);
    let mut visitors = Vec::with_capacity(streams);
    for _ in 0..streams {
        let address = server.address;
        let target = Target::Server { address, messages_per_session: 1 };
        let mut visitor = Visitor::new(target).await?;
        visitor.begin_chat().await?;
        visitors.push(visitor);
    }
    tokio::time::sleep(SETTLE).await;
    let held = server.rss_kb()?;
    drop(visitors);
    drop(server);
    let grown = held.saturating_sub(idle) as f64;
    let detail = format!("{streams} streams: from {idle} KB to {held} KB");
    Ok(vec![
        Figure::new("idle memory".into(), "MB", idle as f64 / 1024.0).target(20.0),
        Figure::new("memory a held stream".into(), "KB", grown / streams as f64)
            .target(40.0)
            .detail(detail),
    ])
}
