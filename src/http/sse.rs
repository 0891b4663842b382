//! A followed reply as server-sent events, and collected into one value for plain JSON.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::clock::Timestamp;
use crate::domain::evidence::Step;
use crate::domain::id::MessageId;
use crate::domain::message::FailureCode;
use crate::domain::message::FinishReason;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::openapi::words;
use crate::service::turn::following::Following;
use crate::service::turn::reply::Failure;
use crate::service::turn::running::{ReplyEnd, ReplyEvent, ReplyStart};

/// Proxies close connections that stay silent for 30 seconds and more.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Told to nginx and its like: pass every piece on at once.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The reply as an event stream.
pub fn frames(following: Following) -> Response {
    let frames = Frames { following, reply: None, has_ended: false };
    let events = stream::unfold(frames, |mut frames| async move {
        let event = frames.next().await?;
        Some((Ok::<_, Infallible>(event), frames))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE).text("");
    let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

struct Frames {
    following: Following,
    reply: Option<MessageId>,
    has_ended: bool,
}

impl Frames {
    async fn next(&mut self) -> Option<Event> {
        if self.has_ended {
            return None;
        }
        let Some(event) = self.following.next().await else {
            // The reply's task is gone: the stream still ends with an end.
            self.has_ended = true;
            let failure = Failure::new(FailureCode::ReplyInterrupted);
            return Some(named("error", &FailureData::from(failure)));
        };
        self.has_ended = matches!(event, ReplyEvent::Ended(_));
        if let ReplyEvent::Started(start) = &event {
            self.reply = Some(start.reply);
        }
        Some(match event {
            ReplyEvent::Started(start) => named("start", &StartData::from(&start)),
            ReplyEvent::Delta { text, offset } => {
                let event = named("delta", &DeltaData { text: &text });
                match self.reply {
                    Some(reply) => event.id(format!("{reply}:{offset}")),
                    None => event,
                }
            }
            ReplyEvent::Tool(step) => named("tool", &step),
            ReplyEvent::Ended(end) => match end.failure {
                Some(failure) => named("error", &FailureData::from(failure)),
                None => named("done", &DoneData::new(self.reply, &end)),
            },
        })
    }
}

/// An event whose data is JSON: model text never stands in a field of the protocol itself.
fn named(name: &'static str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// More text. The event's id is `{messageId}:{n}`: n bytes of the reply up to and including it.
#[derive(Serialize, ToSchema)]
#[schema(as = DeltaEvent)]
pub(crate) struct DeltaData<'a> {
    text: &'a str,
}

/// The visitor's message is on disk, and the reply begins.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StartEvent)]
pub(crate) struct StartData<'a> {
    #[schema(format = "uuid")]
    message_id: String,
    /// The visitor's message.
    #[schema(format = "uuid", required = true)]
    user_message_id: Option<String>,
    #[schema(format = "uuid")]
    session_id: String,
    provider: &'a str,
    provider_name: &'a str,
    model: &'a str,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
}

impl<'a> From<&'a ReplyStart> for StartData<'a> {
    fn from(start: &'a ReplyStart) -> Self {
        Self {
            message_id: start.reply.to_string(),
            user_message_id: start.message.map(|id| id.to_string()),
            session_id: start.session.to_string(),
            provider: &start.provider,
            provider_name: &start.provider_name,
            model: &start.model,
            timestamp: start.at,
        }
    }
}

/// The whole reply is on disk: the last event.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DoneEvent)]
pub(crate) struct DoneData<'a> {
    #[schema(format = "uuid", required = true)]
    message_id: Option<String>,
    #[schema(value_type = words::FinishReason)]
    finish_reason: &'a str,
    usage: UsageData,
    /// Messages in the conversation now.
    message_count: u64,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    provider: &'a str,
    provider_name: &'a str,
    model: &'a str,
    /// Questions to go on with.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    suggestions: &'a [String],
    /// Whether the bot asks for the visitor's details.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lead_form: bool,
    /// Numbers of the text, as written there, that no query found.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    unverified: &'a [String],
}

impl<'a> DoneData<'a> {
    fn new(reply: Option<MessageId>, end: &'a ReplyEnd) -> Self {
        Self {
            message_id: reply.map(|id| id.to_string()),
            finish_reason: end.reason.as_str(),
            usage: UsageData::from(end),
            message_count: end.message_count,
            timestamp: end.at,
            provider: &end.provider,
            provider_name: &end.provider_name,
            model: &end.model,
            suggestions: &end.suggestions,
            lead_form: end.asks_contact,
            unverified: &end.unverified,
        }
    }
}

/// Tokens of a reply; unknown numbers are null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Usage)]
pub struct UsageData {
    #[schema(required = true)]
    input_tokens: Option<u64>,
    #[schema(required = true)]
    output_tokens: Option<u64>,
}

impl From<&ReplyEnd> for UsageData {
    fn from(end: &ReplyEnd) -> Self {
        Self { input_tokens: end.usage.input_tokens, output_tokens: end.usage.output_tokens }
    }
}

/// The reply failed: the last event. What had arrived is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorEvent)]
pub(crate) struct FailureData {
    /// A sentence for people.
    error: &'static str,
    #[schema(value_type = words::FailureCode)]
    code: &'static str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_after_seconds: Option<u64>,
}

impl From<Failure> for FailureData {
    fn from(failure: Failure) -> Self {
        let code = ErrorCode::from(failure.code);
        Self {
            error: code.sentence(),
            code: code.as_str(),
            retryable: failure.is_retryable(),
            retry_after_seconds: failure.retry_after_seconds,
        }
    }
}

/// A reply that has ended, as a whole.
pub struct Collected {
    /// How it began.
    pub start: ReplyStart,
    /// Its text.
    pub text: String,
    /// Tools that were used, as they ended.
    pub steps: Vec<Step>,
    /// How it ended.
    pub end: ReplyEnd,
}

/// Waits for the whole reply: for clients that do not stream.
///
/// # Errors
/// The reply failed, or was blocked before its first word.
pub async fn collect(mut following: Following) -> Result<Collected, ApiError> {
    let (mut start, mut text) = (None, String::new());
    let mut steps: Vec<Step> = Vec::new();
    while let Some(event) = following.next().await {
        match event {
            ReplyEvent::Started(started) => start = Some(started),
            ReplyEvent::Delta { text: more, .. } => text.push_str(&more),
            ReplyEvent::Tool(step) => match steps.iter_mut().find(|own| own.id == step.id) {
                Some(own) => *own = step,
                None => steps.push(step),
            },
            ReplyEvent::Ended(ReplyEnd { failure: Some(failure), .. }) => {
                return Err(failure.into());
            }
            // A client without events has no finish reason to look at, only an empty answer.
            ReplyEvent::Ended(end) if end.reason == FinishReason::Blocked && text.is_empty() => {
                return Err(ErrorCode::ReplyBlocked.into());
            }
            ReplyEvent::Ended(end) => {
                let start = start.ok_or(ErrorCode::Internal)?;
                return Ok(Collected { start, text, steps, end });
            }
        }
    }
    Err(ApiError::from(ErrorCode::ReplyInterrupted))
}
