//! A reply while it grows: provider events in, text and an end out. Pure.

use crate::domain::message::{FailureCode, FinishReason};
use crate::domain::usage::Usage;
use crate::providers::{ErrorClass, Finish, ProviderError, ProviderEvent};
use crate::service::turn::appendix::{Appendix, Wanted};

/// A reply larger than this is cut off: no widget shows more, and memory stays bounded.
pub const MAX_REPLY_BYTES: usize = 256 * 1024;

/// What a reply holds so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The text.
    pub text: String,
    /// Tokens, as far as reported.
    pub usage: Usage,
    /// The model as the vendor named it.
    pub model: Option<String>,
    /// Tools the model used.
    pub tools: Vec<ToolStep>,
    /// What the model writes behind the text.
    pub appendix: Appendix,
}

/// One use of a tool, as the visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolStep {
    /// The call's id.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// Whether its arguments are complete.
    pub called: bool,
}

/// How a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Why.
    pub reason: FinishReason,
    /// For the visitor, when it failed.
    pub failure: Option<Failure>,
}

/// What a visitor is told of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// Which one.
    pub code: FailureCode,
    /// Seconds after which another try makes sense, if the vendor said so.
    pub retry_after_seconds: Option<u64>,
}

impl Failure {
    /// A failure without a waiting time.
    #[must_use]
    pub const fn new(code: FailureCode) -> Self {
        Self { code, retry_after_seconds: None }
    }

    /// Whether another try may succeed without the owner doing something.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        !matches!(self.code, FailureCode::ModelUnavailable | FailureCode::ConversationTooLong)
    }
}

impl Reply {
    /// A provider is about to be asked; what an earlier one wrote behind its answer does not count.
    pub fn expect(&mut self, wanted: Wanted) {
        self.appendix = Appendix::new(wanted);
    }

    /// Takes in one event; answers the end when this was it.
    pub fn apply(&mut self, event: ProviderEvent) -> Option<Ending> {
        match event {
            ProviderEvent::Started { model } => self.model = model.or(self.model.take()),
            ProviderEvent::Text(text) => return self.append(&text),
            ProviderEvent::Thinking | ProviderEvent::Replay(_) => {}
            ProviderEvent::ToolCallStarted { id, name } => {
                self.tools.push(ToolStep { id, name, called: false });
            }
            ProviderEvent::ToolCall { id, .. } => {
                if let Some(step) = self.tools.iter_mut().find(|step| step.id == id) {
                    step.called = true;
                }
            }
            ProviderEvent::Usage(usage) => self.usage.update(usage),
            ProviderEvent::Finished(finish) => {
                self.appendix.finish(&mut self.text);
                return Some(self.finished(finish));
            }
        }
        None
    }

    /// Adds text; a NUL, which databases and browsers mangle, becomes the replacement character.
    fn append(&mut self, text: &str) -> Option<Ending> {
        let room = MAX_REPLY_BYTES.saturating_sub(self.text.len() + self.appendix.bytes());
        let fitting = text.floor_char_boundary(room);
        let part = text.get(..fitting).unwrap_or_default();
        if part.contains('\0') {
            self.appendix.take(&part.replace('\0', "\u{fffd}"), &mut self.text);
        } else {
            self.appendix.take(part, &mut self.text);
        }
        (fitting < text.len()).then_some(Ending { reason: FinishReason::Length, failure: None })
    }

    fn finished(&self, finish: Finish) -> Ending {
        let reason = match finish {
            Finish::Blocked => FinishReason::Blocked,
            _ if self.text.trim().is_empty() => {
                return Ending {
                    reason: FinishReason::Error,
                    failure: Some(Failure::new(FailureCode::ReplyEmpty)),
                };
            }
            Finish::Length => FinishReason::Length,
            Finish::Stop | Finish::ToolUse => FinishReason::Stop,
        };
        Ending { reason, failure: None }
    }

    /// The end that a provider's failure makes of this reply.
    #[must_use]
    pub fn failed(&self, error: &ProviderError) -> Ending {
        let retry_after_seconds = error.retry_after.map(|wait| wait.as_secs().max(1));
        if self.text.is_empty() {
            let failure = Failure { code: code_of(error.class), retry_after_seconds };
            return Ending { reason: FinishReason::Error, failure: Some(failure) };
        }
        let failure = Failure { code: FailureCode::ReplyInterrupted, retry_after_seconds };
        Ending { reason: FinishReason::Interrupted, failure: Some(failure) }
    }
}

/// What a visitor is told of a class of provider failure before the first word.
const fn code_of(class: ErrorClass) -> FailureCode {
    match class {
        ErrorClass::Auth
        | ErrorClass::Billing
        | ErrorClass::InvalidRequest
        | ErrorClass::ToolsRefused
        | ErrorClass::NotFound => FailureCode::ModelUnavailable,
        ErrorClass::RateLimited | ErrorClass::Overloaded => FailureCode::ModelBusy,
        ErrorClass::Timeout => FailureCode::ModelTimeout,
        ErrorClass::ContextLength | ErrorClass::TooLarge => FailureCode::ConversationTooLong,
        ErrorClass::Server
        | ErrorClass::Network
        | ErrorClass::Malformed
        | ErrorClass::Truncated => FailureCode::ModelError,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ProviderEvent {
        ProviderEvent::Text(text.to_owned())
    }

    #[test]
    fn text_grows_and_the_terminal_marker_ends_it() {
        let mut reply = Reply::default();
        assert_eq!(reply.apply(text("Hel")), None);
        assert_eq!(reply.apply(text("lo\0")), None);
        let end = reply.apply(ProviderEvent::Finished(Finish::Stop));
        assert_eq!(end, Some(Ending { reason: FinishReason::Stop, failure: None }));
        assert_eq!(reply.text, "Hello\u{fffd}");
    }

    #[test]
    fn a_reply_shows_nothing_of_what_stands_behind_it() {
        let mut reply = Reply::default();
        reply.expect(Wanted { follow_ups: 2, contact: false });
        for piece in ["Ten", ".\n%%fol", "lowups", "\nWhy\0?\n"] {
            assert_eq!(reply.apply(text(piece)), None);
        }
        assert_eq!(reply.text, "Ten.\n");
        let end = reply.apply(ProviderEvent::Finished(Finish::Stop)).expect("ends");
        assert_eq!(end.reason, FinishReason::Stop);
        assert_eq!((reply.text.as_str(), reply.appendix.questions().len()), ("Ten.\n", 1));
        reply.expect(Wanted::default());
        assert!(reply.appendix.questions().is_empty(), "another provider begins anew");
    }

    #[test]
    fn a_reply_that_is_all_behind_is_empty() {
        let mut reply = Reply::default();
        reply.expect(Wanted { follow_ups: 2, contact: false });
        reply.apply(text("%%followups\nWhy?"));
        let end = reply.apply(ProviderEvent::Finished(Finish::Stop)).expect("ends");
        assert_eq!(end.failure.map(|f| f.code), Some(FailureCode::ReplyEmpty));
    }

    #[test]
    fn an_end_without_words_is_a_failure_unless_blocked() {
        let mut reply = Reply::default();
        let end = reply.apply(ProviderEvent::Finished(Finish::Length)).expect("ends");
        assert_eq!(end.failure.map(|f| f.code), Some(FailureCode::ReplyEmpty));
        let end = reply.apply(ProviderEvent::Finished(Finish::Blocked)).expect("ends");
        assert_eq!(end, Ending { reason: FinishReason::Blocked, failure: None });
    }

    #[test]
    fn a_reply_that_never_ends_is_cut_at_a_character() {
        let mut reply = Reply::default();
        let end = (0..1_000_000).find_map(|_| reply.apply(text("€€€€")));
        assert_eq!(end.map(|end| end.reason), Some(FinishReason::Length));
        assert!(reply.text.len() <= MAX_REPLY_BYTES && reply.text.len() > MAX_REPLY_BYTES - 3);
    }

    #[test]
    fn a_failure_after_the_first_word_interrupts() {
        let mut reply = Reply::default();
        let error = ProviderError::new(ErrorClass::Auth, "401");
        assert_eq!(
            reply.failed(&error).failure.map(|f| f.code),
            Some(FailureCode::ModelUnavailable)
        );
        reply.apply(text("half"));
        assert_eq!(reply.failed(&error).reason, FinishReason::Interrupted);
    }

    #[test]
    fn usage_is_overwritten_not_added() {
        let mut reply = Reply::default();
        for output in [1, 5] {
            let usage = Usage { output_tokens: Some(output), ..Usage::default() };
            reply.apply(ProviderEvent::Usage(usage));
        }
        assert_eq!(reply.usage.output_tokens, Some(5));
    }
}
