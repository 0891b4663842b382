//! A reply while it grows: provider events in, text and an end out. Pure.

use crate::domain::clock::Timestamp;
use crate::domain::message::{FailureCode, FinishReason};
use crate::domain::usage::Usage;
use crate::providers::{ErrorClass, Finish, ProviderError, ProviderEvent, ToolCall};
use crate::service::turn::appendix::{Appendix, Wanted};
use crate::service::turn::steps::Steps;

/// A reply larger than this is cut off: no widget shows more, and memory stays bounded.
pub const MAX_REPLY_BYTES: usize = 256 * 1024;

/// What a reply holds so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    /// The text.
    pub text: String,
    /// Tokens of all its rounds, as far as reported.
    pub usage: Usage,
    /// The model as the vendor named it.
    pub model: Option<String>,
    /// Tools the model used.
    pub steps: Steps,
    /// What the model writes behind the text.
    pub appendix: Appendix,
    /// When the text began.
    pub first_word_at: Option<Timestamp>,
    /// Tokens of the rounds before this one.
    earlier_usage: Usage,
    /// Tokens of this round, each number as last reported.
    round_usage: Usage,
    /// What this reply has said so far and what comes are of two rounds.
    begins_paragraph: bool,
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
    /// A provider is about to be asked. One that was asked before failed without a word: what it
    /// wrote behind its answer does not count, nor do its steps.
    pub fn expect(&mut self, wanted: Wanted) {
        self.appendix = Appendix::new(wanted);
        self.steps.abandon();
        (self.earlier_usage, self.round_usage) = Default::default();
    }

    /// The model has called tools, or has said all: no text comes any more before it is asked
    /// again. Answers the calls that it wrote behind its answer, and what it wrote there.
    pub fn end_round(&mut self) -> (Vec<ToolCall>, String) {
        self.flush();
        (self.appendix.calls(), self.appendix.written().to_owned())
    }

    /// The model is about to be asked again, with results of its calls.
    pub fn next_round(&mut self) {
        self.appendix = Appendix::new(self.appendix.wanted());
        self.earlier_usage = self.usage;
        self.round_usage = Usage::default();
        self.begins_paragraph = true;
    }

    /// Takes in one event; answers the end when this was it.
    pub fn apply(&mut self, event: ProviderEvent) -> Option<Ending> {
        match event {
            ProviderEvent::Started { model } => self.model = model.or(self.model.take()),
            ProviderEvent::Text(text) => return self.append(&text),
            ProviderEvent::Thinking
            | ProviderEvent::Replay(_)
            | ProviderEvent::ToolCallStarted { .. }
            | ProviderEvent::ToolCall { .. } => {}
            ProviderEvent::Usage(usage) => {
                self.round_usage.update(usage);
                self.usage = self.earlier_usage.plus(self.round_usage);
            }
            ProviderEvent::Finished(finish) => {
                self.flush();
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
            self.take(&part.replace('\0', "\u{fffd}"));
        } else {
            self.take(part);
        }
        (fitting < text.len()).then_some(Ending { reason: FinishReason::Length, failure: None })
    }

    /// Puts text where it belongs; a paragraph of its own for the first of a new round.
    fn take(&mut self, part: &str) {
        if !self.begins_paragraph || self.text.is_empty() {
            self.begins_paragraph = false;
            return self.appendix.take(part, &mut self.text);
        }
        let mut fresh = String::new();
        self.appendix.take(part, &mut fresh);
        self.begin_paragraph(&fresh);
    }

    /// Gives out what the appendix holds back without need.
    fn flush(&mut self) {
        let mut fresh = String::new();
        match self.begins_paragraph {
            true => self.appendix.finish(&mut fresh),
            false => self.appendix.finish(&mut self.text),
        }
        self.begin_paragraph(&fresh);
    }

    fn begin_paragraph(&mut self, fresh: &str) {
        let fresh = fresh.trim_start_matches(['\n', '\r', ' ']);
        if !fresh.is_empty() {
            self.begins_paragraph = false;
            let ends = self.text.chars().rev().take_while(|c| *c == '\n').count();
            self.text.extend(std::iter::repeat_n('\n', 2_usize.saturating_sub(ends)));
            self.text.push_str(fresh);
        }
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
        reply.expect(Wanted { follow_ups: 2, ..Wanted::default() });
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
        reply.expect(Wanted { follow_ups: 2, ..Wanted::default() });
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

    #[test]
    fn usage_adds_up_over_rounds() {
        let mut reply = Reply::default();
        let usage = |input, output| {
            let (input_tokens, output_tokens) = (Some(input), Some(output));
            ProviderEvent::Usage(Usage { input_tokens, output_tokens, ..Usage::default() })
        };
        reply.apply(usage(10, 1));
        reply.apply(usage(10, 3));
        reply.next_round();
        assert_eq!(reply.usage.output_tokens, Some(3));
        reply.apply(usage(20, 1));
        reply.apply(usage(20, 4));
        assert_eq!((reply.usage.input_tokens, reply.usage.output_tokens), (Some(30), Some(7)));
        reply.expect(Wanted::default());
        reply.apply(usage(5, 2));
        assert_eq!(reply.usage.output_tokens, Some(2), "of the provider that answers");
    }

    #[test]
    fn the_texts_of_two_rounds_are_two_paragraphs() {
        for (first, second, whole) in [
            ("Let me look.", vec!["There ", "are 3."], "Let me look.\n\nThere are 3."),
            ("Let me look.\n", vec!["\n", "\nThere"], "Let me look.\n\nThere"),
            ("Let me look.", vec![" ", "There"], "Let me look.\n\nThere"),
            ("", vec!["  There"], "  There"),
            ("Let me look.", vec![], "Let me look."),
        ] {
            let mut reply = Reply::default();
            reply.apply(text(first));
            reply.end_round();
            reply.next_round();
            for piece in second {
                let before = reply.text.clone();
                reply.apply(text(piece));
                assert!(reply.text.starts_with(&before), "what was told stays");
            }
            assert_eq!(reply.text, whole);
        }
    }

    #[test]
    fn a_call_written_behind_the_answer_is_no_text_and_leaves_no_gap() {
        let mut reply = Reply::default();
        reply.expect(Wanted { calls: true, ..Wanted::default() });
        reply.apply(text("Let me look.\n%%query_data {\"sql\":\"x\"}"));
        let (calls, written) = reply.end_round();
        assert_eq!((calls.len(), written.as_str()), (1, "%%query_data {\"sql\":\"x\"}"));
        reply.next_round();
        reply.apply(text("%%query_data"));
        reply.apply(text(" {}"));
        assert_eq!(reply.end_round().0.len(), 1);
        assert_eq!(reply.text, "Let me look.\n");
    }
}
