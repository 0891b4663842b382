//! One answer of a model on its way to becoming a round of tools: its text, its calls, and what
//! the vendor wants back with their results. Pure.

use serde_json::Value;

use crate::providers::{ProviderEvent, ToolCall, ToolResult, ToolRound};

/// What has come of the answer so far.
#[derive(Debug, Default)]
pub(crate) struct Round {
    text: String,
    calls: Vec<ToolCall>,
    replay: Value,
    /// Tokens that were sent, as reported.
    pub(crate) input_tokens: Option<u64>,
}

impl Round {
    /// Takes note of an event.
    pub(crate) fn take(&mut self, event: &ProviderEvent) {
        match event {
            ProviderEvent::Text(text) => self.text.push_str(text),
            ProviderEvent::ToolCall { id, name, arguments } => self.calls.push(ToolCall {
                id: id.clone(),
                name: name.clone(),
                arguments: arguments.clone(),
            }),
            ProviderEvent::Replay(replay) => self.replay = replay.clone(),
            ProviderEvent::Usage(usage) => {
                self.input_tokens = usage.input_tokens.or(self.input_tokens);
            }
            ProviderEvent::Started { .. }
            | ProviderEvent::Thinking
            | ProviderEvent::ToolCallStarted { .. }
            | ProviderEvent::Finished(_) => {}
        }
    }

    /// The calls that were made.
    pub(crate) fn calls(&self) -> &[ToolCall] {
        &self.calls
    }

    /// What was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The round that these results complete.
    pub(crate) fn completed(self, results: Vec<ToolResult>) -> ToolRound {
        ToolRound { text: self.text, calls: self.calls, replay: self.replay, results }
    }
}
