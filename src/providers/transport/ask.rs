//! One question from the first try to the last event.

use std::collections::VecDeque;
use std::error::Error;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::answer::{Answer, Step};
use super::retry::{Advice, Failure, wait_before};
use super::{Call, Transport};
use crate::providers::ProviderEvent;
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::failure::{Complaint, cut, redact};

type Item = Result<ProviderEvent, ProviderError>;

/// How much of an error's body is read. More than what is kept of it, for JSON that is cut off
/// cannot be understood.
const MAX_ERROR_BYTES: usize = 16 * 1024;

/// How long the body of an error may take.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait for facts such as usage once the answer is complete.
const TRAILER_TIMEOUT: Duration = Duration::from_secs(5);

/// A question on its way.
pub(super) struct Ask {
    transport: Transport,
    call: Call,
    phase: Phase,
    ready: VecDeque<ProviderEvent>,
    deadlines: Option<Deadlines>,
    retries: u32,
    /// What this question left out because it was refused; remembered once that helped.
    dropped: Vec<&'static str>,
}

enum Phase {
    Send,
    Read(Box<Answer>),
    Fail(ProviderError),
    Over,
}

#[derive(Clone, Copy)]
struct Deadlines {
    first_token: Instant,
    total: Instant,
}

impl Ask {
    pub(super) fn new(transport: Transport, mut call: Call) -> Self {
        call.refused.apply(&mut call.body);
        Self {
            transport,
            call,
            phase: Phase::Send,
            ready: VecDeque::new(),
            deadlines: None,
            retries: 0,
            dropped: Vec::new(),
        }
    }

    /// The next event, for `stream::unfold`.
    pub(super) async fn next(mut self) -> Option<(Item, Self)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((Ok(event), self));
            }
            match std::mem::replace(&mut self.phase, Phase::Over) {
                // Boxed, so that its room is given back: a stream is held far longer than asked for.
                Phase::Send => self.phase = Box::pin(self.send_or_retry()).await,
                Phase::Read(answer) => {
                    if answer.has_spoken() {
                        // Nothing is sent again from here on.
                        self.call.body = Value::Null;
                    }
                    self.phase = self.read(answer).await;
                }
                Phase::Fail(error) => return Some((Err(self.redacted(error)), self)),
                Phase::Over => return None,
            }
        }
    }

    async fn send_or_retry(&mut self) -> Phase {
        match self.send().await {
            Ok(phase) => phase,
            Err(failure) => self.retry_or_fail(failure).await,
        }
    }

    /// Sends the request and looks at the head of the answer.
    async fn send(&mut self) -> Result<Phase, Failure> {
        let deadline = self.deadlines().first_token;
        let response = timeout_at(deadline, self.request().send())
            .await
            .map_err(|_| timeout("no answer in time"))?
            .map_err(network_error)?;
        if !response.status().is_success() {
            return self.refused(response).await;
        }
        if is_html(response.headers()) {
            return Err(ProviderError::new(ErrorClass::Server, "a web page for an answer").into());
        }
        self.dropped.drain(..).for_each(|path| self.call.refused.remember(path));
        Ok(Phase::Read(Box::new(Answer::new(response, (self.call.decoder)()))))
    }

    fn request(&self) -> reqwest::RequestBuilder {
        let Call { url, headers, body, .. } = &self.call;
        self.transport
            .client_for(url)
            .post(url.clone())
            .headers(headers.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ACCEPT, HeaderValue::from_static("text/event-stream"))
            .body(Value::to_string(body))
    }

    /// Reads why the vendor refused. A parameter it names is left out and the request sent again.
    async fn refused(&mut self, response: reqwest::Response) -> Result<Phase, Failure> {
        let status = response.status().as_u16();
        let advice = Advice::read(response.headers());
        let body = read_error_body(response).await;
        let mut error = Complaint::from_body(status, &body).into_error(self.call.classify);
        error.retry_after = advice.wait.or(error.retry_after);
        if error.class == ErrorClass::InvalidRequest
            && matches!(status, 400 | 422)
            && let Some(path) = self.call.refused.drop_named(&mut self.call.body, &error)
            && !self.dropped.contains(&path)
        {
            tracing::debug!(parameter = path, "the vendor refuses a parameter: left out");
            self.dropped.push(path);
            return Ok(Phase::Send);
        }
        // 408 is the vendor's wish to be asked again, unlike a silence that we waited out.
        let should_retry = advice.should_retry.or((status == 408).then_some(true));
        Err(Failure { error, should_retry })
    }

    async fn read(&mut self, mut answer: Box<Answer>) -> Phase {
        let (deadline, why) = self.next_deadline(&answer);
        let step = match timeout_at(deadline, answer.read(&mut self.ready)).await {
            Ok(step) => step,
            Err(_) => answer.close(timeout(why), &mut self.ready),
        };
        match step {
            Ok(Step::Going) => Phase::Read(answer),
            Ok(Step::Finished) => Phase::Over,
            Err(error) if answer.has_spoken() => Phase::Fail(error),
            Err(error) => Box::pin(self.retry_or_fail(error.into())).await,
        }
    }

    fn next_deadline(&mut self, answer: &Answer) -> (Instant, &'static str) {
        let Deadlines { first_token, total } = self.deadlines();
        let idle = match answer.has_ended() {
            true => self.transport.settings.idle_timeout.min(TRAILER_TIMEOUT),
            false => self.transport.settings.idle_timeout,
        };
        let idle = (Instant::now() + idle, "silence in the middle of the answer");
        let first_token = (!answer.has_spoken()).then_some((first_token, "no first word in time"));
        let total = (total, "the answer takes too long");
        [Some(idle), first_token]
            .into_iter()
            .flatten()
            .fold(total, |a, b| if b.0 < a.0 { b } else { a })
    }

    async fn retry_or_fail(&mut self, failure: Failure) -> Phase {
        let jitter = rand::random_range(0.75..=1.0);
        let first_token = self.deadlines().first_token;
        match wait_before(self.retries, &failure, &self.transport.settings, jitter) {
            Some(wait) if Instant::now() + wait < first_token => {
                self.retries += 1;
                let class = failure.error.class;
                tracing::debug!(?class, retry = self.retries, ?wait, "asking the vendor again");
                sleep_until(Instant::now() + wait).await;
                Phase::Send
            }
            _ => Phase::Fail(failure.error),
        }
    }

    /// Time runs from the moment the stream is first polled.
    fn deadlines(&mut self) -> Deadlines {
        let settings = &self.transport.settings;
        *self.deadlines.get_or_insert_with(|| {
            let total = Instant::now() + settings.total_timeout;
            let first_token = Instant::now() + settings.first_token_timeout;
            Deadlines { first_token: first_token.min(total), total }
        })
    }

    fn redacted(&self, mut error: ProviderError) -> ProviderError {
        let key = self.call.key.as_ref().map_or("", |key| key.expose());
        error.detail = redact(&error.detail, key);
        error.refused_parameter = error.refused_parameter.map(|name| redact(&name, key));
        error
    }
}

async fn read_error_body(response: reqwest::Response) -> Vec<u8> {
    let deadline = Instant::now() + ERROR_BODY_TIMEOUT;
    let mut stream = Box::pin(response.bytes_stream());
    let mut body = Vec::new();
    while let Ok(Some(Ok(bytes))) = timeout_at(deadline, stream.next()).await {
        body.extend(bytes.iter().take(MAX_ERROR_BYTES - body.len()));
        if body.len() >= MAX_ERROR_BYTES {
            break;
        }
    }
    body
}

/// A proxy's page, at status 200.
fn is_html(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("text/html"))
}

fn timeout(why: &str) -> ProviderError {
    ProviderError::new(ErrorClass::Timeout, why)
}

/// A connection that could not be made, or broke.
pub(super) fn network_error(error: reqwest::Error) -> ProviderError {
    ProviderError::new(ErrorClass::Network, chain(&error.without_url()))
}

/// An error with its causes, for the client hides the telling ones behind general ones.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    cut(&mut text, 2048);
    text
}
