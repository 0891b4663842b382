//! A stream whose waits are bounded, by what the connection is doing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::task::AtomicWaker;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// How long each wait may take.
#[derive(Debug, Clone, Copy)]
pub struct Timers {
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// From a request's first byte to the end of its head.
    pub head: Duration,
    /// From the end of a request's head to the end of its body.
    pub body: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Until the other end takes something of what it is sent.
    pub write: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            write: Duration::from_secs(20),
        }
    }
}

const NEW: u8 = 0;
const HEAD: u8 = 1;
const BUSY: u8 = 2;
const IDLE: u8 = 3;

/// What the connection is doing; shared by the stream, which waits, and the service, which knows.
#[derive(Debug, Default)]
pub(super) struct Phase {
    now: AtomicU8,
    /// Who waits for bytes: told when the connection becomes idle, since hyper does not read
    /// again by itself and the idle time would never begin.
    reader: AtomicWaker,
}

impl Phase {
    /// A request is being answered until the guard's body is sent.
    pub(super) fn busy(self: &Arc<Self>) -> BusyGuard {
        self.now.store(BUSY, Ordering::Relaxed);
        BusyGuard(Arc::clone(self))
    }
}

/// Marks the connection busy; dropping it makes it idle.
pub(super) struct BusyGuard(Arc<Phase>);

impl BusyGuard {
    /// Stays busy until `body` is sent or given up.
    pub(super) fn until_sent<B>(self, body: B) -> Busy<B> {
        Busy { body, guard: self }
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.now.store(IDLE, Ordering::Relaxed);
        self.0.reader.wake();
    }
}

pin_project! {
    /// A response body that keeps its connection busy.
    pub(super) struct Busy<B> {
        #[pin]
        body: B,
        guard: BusyGuard,
    }
}

impl<B: Body<Data = Bytes>> Body for Busy<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.project().body.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A TCP stream that fails with `TimedOut` when a wait takes too long.
pub(super) struct TimedStream {
    stream: TcpStream,
    timers: Timers,
    phase: Arc<Phase>,
    read: Deadline,
    write: Deadline,
}

impl TimedStream {
    pub(super) fn new(stream: TcpStream, timers: Timers, phase: Arc<Phase>) -> Self {
        Self { stream, timers, phase, read: Deadline::default(), write: Deadline::default() }
    }

    /// How long the next bytes may take in the present phase; no limit while busy, as a client
    /// that reads a long answer has nothing to say.
    fn read_limit(&self, phase: u8) -> Option<Duration> {
        match phase {
            NEW => Some(self.timers.first_byte),
            HEAD => Some(self.timers.head),
            IDLE => Some(self.timers.idle),
            _ => None,
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        self.phase.reader.register(cx.waker());
        let phase = self.phase.now.load(Ordering::Relaxed);
        if let Poll::Ready(result) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            let is_first_of_head = matches!(phase, NEW | IDLE) && buf.filled().len() > before;
            if is_first_of_head {
                let head = (phase, HEAD);
                let _changed_meanwhile = self.phase.now.compare_exchange(
                    head.0,
                    head.1,
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                );
            }
            return Poll::Ready(result);
        }
        let limit = self.read_limit(phase);
        ready!(self.read.poll(cx, phase, limit));
        Poll::Ready(Err(timed_out("the other end sent nothing")))
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.bound_write(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.bound_write(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl TimedStream {
    fn bound_write(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if polled.is_ready() {
            self.write.clear();
            return polled;
        }
        ready!(self.write.poll(cx, BUSY, Some(self.timers.write)));
        Poll::Ready(Err(timed_out("the other end reads nothing")))
    }
}

fn timed_out(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

/// A point in time at which a wait is given up, set when the wait begins. The timer itself is
/// made on the first wait: most connections of a busy server never wait long.
#[derive(Default)]
struct Deadline {
    sleep: Option<Pin<Box<Sleep>>>,
    /// The phase it was set in; another one begins a new wait.
    phase: Option<u8>,
}

impl Deadline {
    fn clear(&mut self) {
        self.phase = None;
    }

    /// Ready when the wait, begun when `phase` was first seen, has taken `limit`.
    fn poll(&mut self, cx: &mut Context<'_>, phase: u8, limit: Option<Duration>) -> Poll<()> {
        let Some(limit) = limit else {
            self.clear();
            return Poll::Pending;
        };
        if self.phase != Some(phase) {
            self.phase = Some(phase);
            let at = Instant::now() + limit;
            match &mut self.sleep {
                Some(sleep) => sleep.as_mut().reset(at),
                None => self.sleep = Some(Box::pin(tokio::time::sleep_until(at))),
            }
        }
        self.sleep.as_mut().map_or(Poll::Pending, |sleep| sleep.as_mut().poll(cx))
    }
}
