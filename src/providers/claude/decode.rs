//! Anthropic's events → ours. Its contract allows new events, blocks, deltas and words at any
//! time: what we do not know is counted and skipped.

use serde_json::Value;

use super::errors::class_of;
use super::replay::Blocks;
use super::wire::{Block, Delta, Event, Message, Usage as WireUsage};
use crate::domain::usage::Usage;
use crate::providers::calls::Calls;
use crate::providers::decoder::{Asked, Decoder, Keeper};
use crate::providers::error::ProviderError;
use crate::providers::failure::Complaint;
use crate::providers::guard::SseEvent;
use crate::providers::lenient::parse;
use crate::providers::{Finish, ProviderEvent};

/// Reads one answer of the Messages API.
#[derive(Debug, Default)]
pub struct ClaudeDecoder {
    finish: Option<Finish>,
    input: Input,
    calls: Calls,
    keeper: Keeper,
    blocks: Blocks,
    skipped: u32,
}

/// The three parts of what was sent. Each is reported anew, or not, with every usage.
#[derive(Debug, Default)]
struct Input {
    fresh: Option<u64>,
    cache_written: Option<u64>,
    cache_read: Option<u64>,
}

impl Decoder for ClaudeDecoder {
    fn decode(
        &mut self,
        event: &SseEvent,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        if event.data.trim().is_empty() {
            return Ok(());
        }
        let Event { kind, index, message, content_block, delta, usage, error } =
            parse(&event.data)?;
        // The type inside counts: proxies lose the name more often, and `message` may mean none.
        let name = match (kind.as_str(), event.name.as_str()) {
            ("", "message") => "",
            ("", name) => name,
            (kind, _) => kind,
        };
        match name {
            "message_start" => self.message_start(message, out),
            "content_block_start" => return self.block_start(index, content_block, out),
            "content_block_delta" => return self.block_delta(index, &delta, out),
            "content_block_stop" => self.calls.finish(index, out),
            "message_delta" => self.message_delta(delta.stop_reason, usage, out),
            "message_stop" => return self.message_stop(out),
            "ping" => {}
            "error" => return Err(complaint(&error, &event.data)?.into_error(class_of)),
            "message" => return self.whole_message(parse(&event.data)?, out),
            _ if !error.is_null() => {
                return Err(complaint(&error, &event.data)?.into_error(class_of));
            }
            _ => self.skipped += 1,
        }
        Ok(())
    }

    fn ending(&self) -> Option<Finish> {
        match self.finish? {
            Finish::ToolUse if self.calls.is_empty() => Some(Finish::Stop),
            other => Some(other),
        }
    }

    fn replay(&mut self) -> Value {
        let calls = &self.calls;
        match self.blocks.take(|index| Some(calls.runnable(index)?.0.to_owned())) {
            Value::Array(blocks) if blocks.is_empty() => Value::Null,
            blocks => blocks,
        }
    }

    fn skipped(&self) -> u32 {
        self.skipped
    }
}

impl ClaudeDecoder {
    pub(super) fn new(asked: Asked) -> Self {
        let (calls, keeper) = (Calls::after(asked.earlier_calls), Keeper::new(asked));
        Self { calls, keeper, ..Self::default() }
    }

    fn message_start(&mut self, message: Message, out: &mut Vec<ProviderEvent>) {
        out.push(ProviderEvent::Started { model: message.model });
        self.usage(message.usage, out);
    }

    fn block_start(
        &mut self,
        index: u64,
        whole: Value,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        let text = whole.to_string();
        let block: Block = serde_json::from_str(&text).unwrap_or_default();
        if self.keeper.keeps(text.len())? {
            self.blocks.begin(index, whole);
        }
        match block.kind.as_str() {
            "text" => say(block.text, out),
            "thinking" | "redacted_thinking" => out.push(ProviderEvent::Thinking),
            "tool_use" => {
                self.calls.begin(index, &block.id, &block.name, out)?;
                if block.input.as_object().is_some_and(|input| !input.is_empty()) {
                    self.calls.append(index, &block.input.to_string())?;
                }
            }
            // `server_tool_use` and its results among others: not ours to run.
            _ => self.skipped += 1,
        }
        Ok(())
    }

    fn block_delta(
        &mut self,
        index: u64,
        delta: &Delta,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        match delta.kind.as_str() {
            "text_delta" => say(delta.text.clone(), out),
            "input_json_delta" => self.calls.append(index, &delta.partial_json)?,
            "thinking_delta" => out.push(ProviderEvent::Thinking),
            "signature_delta" | "citations_delta" => {}
            _ => self.skipped += 1,
        }
        self.keep(index, delta)
    }

    /// Gathers what a delta adds to its block.
    fn keep(&mut self, index: u64, delta: &Delta) -> Result<(), ProviderError> {
        let Delta { text, partial_json, thinking, signature, citation, .. } = delta;
        let cited = if citation.is_null() { 0 } else { citation.to_string().len() };
        let bytes = [text, partial_json, thinking, signature].map(String::len);
        if !self.keeper.keeps(bytes.iter().sum::<usize>() + cited)? {
            return Ok(());
        }
        match delta.kind.as_str() {
            "text_delta" => self.blocks.append(index, "text", text),
            "input_json_delta" => self.blocks.append_input(index, partial_json),
            "thinking_delta" => self.blocks.append(index, "thinking", thinking),
            "signature_delta" => self.blocks.append(index, "signature", signature),
            "citations_delta" => self.blocks.cite(index, citation.clone()),
            _ => {}
        }
        Ok(())
    }

    fn message_delta(
        &mut self,
        stop_reason: Option<String>,
        usage: Option<WireUsage>,
        out: &mut Vec<ProviderEvent>,
    ) {
        self.usage(usage, out);
        if let Some(reason) = stop_reason {
            self.finish = Some(self.finish_of(&reason));
        }
    }

    fn message_stop(&mut self, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        self.finish.get_or_insert(Finish::Stop);
        self.end(out)
    }

    /// The answer came as a whole though a stream was asked for, as some proxies do.
    fn whole_message(
        &mut self,
        message: Message,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        out.push(ProviderEvent::Started { model: message.model });
        for (index, block) in (0..).zip(message.content) {
            self.block_start(index, block, out)?;
            self.calls.finish(index, out);
        }
        self.message_delta(message.stop_reason, message.usage, out);
        self.message_stop(out)
    }

    fn finish_of(&mut self, reason: &str) -> Finish {
        match reason {
            "end_turn" | "stop_sequence" => Finish::Stop,
            "max_tokens" | "model_context_window_exceeded" => Finish::Length,
            "tool_use" => Finish::ToolUse,
            "refusal" => Finish::Blocked,
            // `pause_turn` among others, which only tools of the vendor's bring about.
            _ => {
                self.skipped += 1;
                Finish::Stop
            }
        }
    }

    /// Usage is cumulative: what is reported again replaces what was.
    fn usage(&mut self, usage: Option<WireUsage>, out: &mut Vec<ProviderEvent>) {
        let Some(usage) = usage else { return };
        let input = &mut self.input;
        input.fresh = usage.input_tokens.or(input.fresh);
        input.cache_written = usage.cache_creation_input_tokens.or(input.cache_written);
        input.cache_read = usage.cache_read_input_tokens.or(input.cache_read);
        let cached = input.cache_written.unwrap_or(0).saturating_add(input.cache_read.unwrap_or(0));
        out.push(ProviderEvent::Usage(Usage {
            input_tokens: input.fresh.map(|fresh| fresh.saturating_add(cached)),
            output_tokens: usage.output_tokens,
            cached_input_tokens: input.cache_read,
        }));
    }
}

fn say(text: String, out: &mut Vec<ProviderEvent>) {
    if !text.is_empty() {
        out.push(ProviderEvent::Text(text));
    }
}

/// The error object, or the whole data when it is not wrapped.
fn complaint(error: &Value, data: &str) -> Result<Complaint, ProviderError> {
    match error {
        Value::Null => Ok(Complaint::from_json(&parse(data)?)),
        error => Ok(Complaint::from_json(error)),
    }
}
