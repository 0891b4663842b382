//! The accept loop: every connection counted, every wait bounded.
//!
//! Timers stand in [`timed`]: silence before the first byte, a slow head, idle keep-alive, and a
//! reader that does not take what it is sent. `extract` reads bodies, in the time given here.

mod cap;
mod timed;

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::domain::id::RequestId;
use crate::http::auth::{Peer, is_trusted};
use crate::http::error::ErrorCode;
use crate::http::extract::BodyTimeout;
use crate::http::listener::cap::{Caps, Place};
pub use crate::http::listener::timed::Timers;
use crate::http::listener::timed::{Phase, TimedStream};

/// hyper refuses a request head once so much of it is read and its end is not there. It reads up
/// to as much again at once, so no head over 64 KiB passes and none under 32 KiB is refused.
const HEAD_BUFFER_BYTES: usize = 32 * 1024;
/// After a failed accept (no file descriptors left, say) the loop waits so long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long a refused connection may take to read why.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);

/// How connections are bounded.
#[derive(Debug, Clone)]
pub struct ListenerSettings {
    /// Open connections in all.
    pub max_connections: usize,
    /// Open connections of one address; `None` lifts it.
    pub max_per_address: Option<usize>,
    /// Proxies, whose connections are many visitors' and not counted per address.
    pub trusted_proxies: Vec<IpNet>,
    /// Waits.
    pub timers: Timers,
}

/// Serves `router` until `shutdown`, then lets running requests end. Resolves when the last
/// connection is closed; the caller bounds that wait.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: ListenerSettings,
    shutdown: CancellationToken,
) {
    let connections = TaskTracker::new();
    let caps = Caps::new(settings.max_connections, settings.max_per_address);
    while let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await {
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        let is_proxy = is_trusted(&peer.ip(), &settings.trusted_proxies);
        let Some(place) = caps.admit((!is_proxy).then_some(peer.ip())) else {
            connections.spawn(refuse(stream));
            continue;
        };
        let connection = Connection { stream, peer: Peer(peer), place, timers: settings.timers };
        connections.spawn(connection.serve(router.clone(), shutdown.clone()));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn pause_after(error: &io::Error) {
    let is_one_connection =
        matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset);
    if !is_one_connection {
        tracing::warn!(%error, "Connections cannot be accepted");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}

/// Says why in the shape of every error, without spending more on it.
async fn refuse(mut stream: TcpStream) {
    let code = ErrorCode::TooManyConnections;
    let (id, word, sentence) = (RequestId::random(), code.as_str(), code.sentence());
    let body = format!("{{\"error\":\"{sentence}\",\"code\":\"{word}\",\"requestId\":\"{id}\"}}");
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 5\r\n\
         x-request-id: {id}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answered = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // Closed with the request unread, the connection would be reset and the answer lost.
        let mut unread = [0; 1024];
        while stream.read(&mut unread).await? > 0 {}
        io::Result::Ok(())
    };
    let _refused = tokio::time::timeout(REFUSAL_TIMEOUT, answered).await;
}

struct Connection {
    stream: TcpStream,
    peer: Peer,
    /// Held, not read: gives the place back at the end.
    place: Place,
    timers: Timers,
}

impl Connection {
    async fn serve(self, router: Router, shutdown: CancellationToken) {
        let Self { stream, peer, place, timers } = self;
        let _no_delay = stream.set_nodelay(true);
        let phase = Arc::new(Phase::default());
        let io = TokioIo::new(TimedStream::new(stream, timers, Arc::clone(&phase)));
        let facts = (peer, BodyTimeout(timers.body));
        // Boxed, so that its room is given back while a long answer is being sent.
        let service =
            service_fn(move |request| Box::pin(answer(router.clone(), request, facts, &phase)));
        let connection =
            http1::Builder::new().max_buf_size(HEAD_BUFFER_BYTES).serve_connection(io, service);
        let mut connection = std::pin::pin!(connection);
        let served = tokio::select! {
            served = connection.as_mut() => served,
            () = shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.as_mut().await
            }
        };
        if let Err(error) = served {
            tracing::debug!(%error, "Connection ended early");
        }
        drop(place);
    }
}

/// Answers one request. While its body is being sent the connection is busy, not idle.
fn answer(
    router: Router,
    request: Request<Incoming>,
    (peer, body_timeout): (Peer, BodyTimeout),
    phase: &Arc<Phase>,
) -> impl Future<Output = Result<Response<timed::Busy<Body>>, Infallible>> + use<> {
    let busy = phase.busy();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(body_timeout);
    async move {
        let response = router.oneshot(request).await?;
        Ok(response.map(|body| busy.until_sent(body)))
    }
}
