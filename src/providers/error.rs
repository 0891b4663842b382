//! What can go wrong with a vendor, sorted by what may be done about it.

use std::time::Duration;

/// The questions a failure answers: may we retry, is it the key, was it too long?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The key was refused: only the owner can act.
    Auth,
    /// The owner's money or plan is used up.
    Billing,
    /// Too many requests for now.
    RateLimited,
    /// The vendor has too much to do.
    Overloaded,
    /// The vendor failed.
    Server,
    /// It stayed silent longer than allowed.
    Timeout,
    /// It could not be reached, or the connection broke.
    Network,
    /// The conversation does not fit the model.
    ContextLength,
    /// The request has too many bytes.
    TooLarge,
    /// The vendor does not understand the request.
    InvalidRequest,
    /// The server, or its model, does not take tools.
    ToolsRefused,
    /// No such model.
    NotFound,
    /// The answer is not in the vendor's format.
    Malformed,
    /// The answer ended without the vendor's terminal marker.
    Truncated,
}

impl ErrorClass {
    /// Whether the same request may succeed when sent again (before anything reached the visitor).
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Overloaded
                | Self::Server
                | Self::Network
                | Self::Malformed
                | Self::Truncated
        )
    }
}

/// A vendor's failure. `detail` is for the log only: it may quote the vendor, never the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{class:?} (status {status:?}): {detail}")]
pub struct ProviderError {
    /// What may be done about it.
    pub class: ErrorClass,
    /// HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// How long the vendor asks us to wait.
    pub retry_after: Option<Duration>,
    /// The request parameter the vendor refuses, when it names one: dropped for the next try.
    pub refused_parameter: Option<String>,
    /// The cause, for the log: at most 2 KB, key redacted.
    pub detail: String,
}

impl ProviderError {
    /// A failure of `class` with its cause and nothing else known.
    #[must_use]
    pub fn new(class: ErrorClass, detail: impl Into<String>) -> Self {
        Self {
            class,
            status: None,
            retry_after: None,
            refused_parameter: None,
            detail: detail.into(),
        }
    }
}
