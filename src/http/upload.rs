//! An upload's body as it arrives: its parts one after the other, every wait and size bounded.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::BodyTimeout;
use crate::http::multipart::{FormDecoder, FormError, FormEvent, PartHead};

/// What stands around a file: boundaries, headers, other fields.
const AROUND_BYTES: u64 = 64 * 1024;
/// Longest field that is no file.
const MAX_FIELD_BYTES: usize = 1024;
/// A body that comes at least so fast may take longer than others: a phone needs its time for a
/// large file.
pub const SLOWEST_BYTES_PER_SECOND: u64 = 32 * 1024;
/// What is read and thrown away of a refused body, so that its sender can read why: one that finds
/// the connection closed while it sends may never see the answer.
const DRAINED_BYTES: u64 = 64 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(30);

/// A multipart body that is being read.
pub(crate) struct Form {
    decoder: FormDecoder,
    body: Body,
    max_bytes: u64,
    received: u64,
    begun: Instant,
    timeout: Duration,
}

impl Form {
    /// Begins to read a request that brings files of at most `max_file_bytes`.
    ///
    /// # Errors
    /// The head says that it cannot be one.
    pub(crate) async fn open(request: Request, max_file_bytes: u64) -> ApiResult<Self> {
        let timeout = request.extensions().get().map(|BodyTimeout(span)| *span);
        let max_bytes = max_file_bytes.saturating_add(AROUND_BYTES);
        let (head, body) = request.into_parts();
        match decoder(&head.headers, max_bytes) {
            Ok(decoder) => Ok(Self {
                decoder,
                body,
                max_bytes,
                received: 0,
                begun: Instant::now(),
                timeout: timeout.unwrap_or(Duration::from_secs(30)),
            }),
            Err(error) => {
                // Who expects to be asked for the body has not sent it.
                if !head.headers.contains_key(EXPECT) {
                    drain(body).await;
                }
                Err(error)
            }
        }
    }

    /// The next part; what is left of the one before is thrown away.
    pub(crate) async fn next_part(&mut self) -> ApiResult<Option<PartHead>> {
        loop {
            match self.event().await? {
                FormEvent::Part(head) => return Ok(Some(head)),
                FormEvent::End => return Ok(None),
                FormEvent::Content(_) | FormEvent::Starved => {}
            }
        }
    }

    /// The present part as a short text.
    pub(crate) async fn text(&mut self) -> ApiResult<String> {
        let too_long = || {
            let problem = format!("A field of the upload is longer than {MAX_FIELD_BYTES} bytes");
            ApiError::from(ErrorCode::InvalidUpload).saying(problem)
        };
        let within = |bytes| if bytes > MAX_FIELD_BYTES { Err(too_long()) } else { Ok(()) };
        let bytes = self.content(within).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The present part. `check` is told how large it is by now and may refuse.
    pub(crate) async fn content(
        &mut self,
        mut check: impl FnMut(usize) -> ApiResult<()>,
    ) -> ApiResult<Bytes> {
        let mut content = BytesMut::new();
        while self.decoder.is_in_content() {
            if let FormEvent::Content(bytes) = self.event().await? {
                check(content.len() + bytes.len())?;
                content.extend_from_slice(&bytes);
            }
        }
        Ok(content.freeze())
    }

    async fn event(&mut self) -> ApiResult<FormEvent> {
        loop {
            match self.decoder.next_event().map_err(refused)? {
                FormEvent::Starved => self.receive().await?,
                event => return Ok(event),
            }
        }
    }

    /// Waits for the next bytes.
    async fn receive(&mut self) -> ApiResult<()> {
        let extra = Duration::from_secs(self.received / SLOWEST_BYTES_PER_SECOND);
        let deadline = self.begun + self.timeout + extra;
        let frame = tokio::time::timeout_at(deadline, self.body.frame()).await;
        let frame = match frame {
            Err(_elapsed) => return Err(ErrorCode::RequestTimeout.into()),
            Ok(None) => return Err(refused(FormError::Incomplete)),
            Ok(Some(Err(error))) => return Err(refused(FormError::Incomplete).because(error)),
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(bytes) = frame.into_data() {
            self.received += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if self.received > self.max_bytes {
                return Err(ErrorCode::FileTooLarge.into());
            }
            self.decoder.feed(&bytes);
        }
        Ok(())
    }

    /// Throws away what is still to come, up to a point.
    pub(crate) async fn drain(self) {
        drain(self.body).await;
    }
}

async fn drain(mut body: Body) {
    let throwing_away = async {
        let mut left = DRAINED_BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            let size = frame.data_ref().map_or(0, Bytes::len);
            left = left.saturating_sub(u64::try_from(size).unwrap_or(u64::MAX));
            if left == 0 {
                return;
            }
        }
    };
    let _given_up = tokio::time::timeout(DRAIN_TIME, throwing_away).await;
}

/// What the head says about the body.
fn decoder(headers: &HeaderMap, max_bytes: u64) -> ApiResult<FormDecoder> {
    let text =
        |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let encoding = text(CONTENT_ENCODING).unwrap_or("identity").trim();
    if headers.contains_key(CONTENT_ENCODING) && !encoding.eq_ignore_ascii_case("identity") {
        return Err(ApiError::from(ErrorCode::UnsupportedMediaType)
            .saying("Compressed uploads are not taken: send the file as it is"));
    }
    let content_type = text(CONTENT_TYPE).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        return Err(ApiError::from(ErrorCode::UnsupportedMediaType)
            .saying("An upload must be multipart/form-data"));
    }
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > max_bytes) {
        return Err(ErrorCode::FileTooLarge.into());
    }
    FormDecoder::new(content_type).map_err(refused)
}

fn refused(error: FormError) -> ApiError {
    ApiError::from(ErrorCode::InvalidUpload).saying(error.to_string())
}
