//! Gemini's chunks → our events. There is no end mark but the finish reason, and usage may come
//! after it: the answer is over when the connection is.

use serde_json::Value;
use serde_json::value::RawValue;

use super::errors::class_of;
use super::wire::{Candidate, Chunk, FunctionCall, Part, Usage as WireUsage};
use crate::domain::usage::Usage;
use crate::providers::calls::Calls;
use crate::providers::decoder::{Asked, Decoder, Keeper};
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::failure::Complaint;
use crate::providers::guard::SseEvent;
use crate::providers::lenient::parse;
use crate::providers::{Finish, ProviderEvent};

/// Reads one answer of `streamGenerateContent`.
#[derive(Debug, Default)]
pub struct GeminiDecoder {
    has_started: bool,
    finish: Option<Finish>,
    usage: Usage,
    calls: Calls,
    keeper: Keeper,
    /// The parts as they came, to be given back exactly so: signatures vouch for them.
    parts: Vec<Value>,
    skipped: u32,
}

impl Decoder for GeminiDecoder {
    fn decode(
        &mut self,
        event: &SseEvent,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        match event.data.trim() {
            "" | "[DONE]" => Ok(()),
            // One array is what comes where `alt=sse` got lost.
            data if data.starts_with('[') => {
                let mut chunks = parse::<Vec<Chunk>>(data)?.into_iter();
                chunks.try_for_each(|chunk| self.chunk(chunk, out))
            }
            data => self.chunk(parse(data)?, out),
        }
    }

    fn ending(&self) -> Option<Finish> {
        match self.finish? {
            Finish::Stop if !self.calls.is_empty() => Some(Finish::ToolUse),
            other => Some(other),
        }
    }

    fn replay(&mut self) -> Value {
        match std::mem::take(&mut self.parts) {
            parts if parts.is_empty() => Value::Null,
            parts => Value::Array(parts),
        }
    }

    fn skipped(&self) -> u32 {
        self.skipped
    }
}

impl GeminiDecoder {
    pub(super) fn new(asked: Asked) -> Self {
        let (calls, keeper) = (Calls::after(asked.earlier_calls), Keeper::new(asked));
        Self { calls, keeper, ..Self::default() }
    }

    fn chunk(&mut self, chunk: Chunk, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        if !chunk.error.is_null() {
            return Err(Complaint::from_json(&chunk.error).into_error(class_of));
        }
        if !std::mem::replace(&mut self.has_started, true) {
            out.push(ProviderEvent::Started { model: chunk.model_version });
        }
        if chunk.prompt_feedback.block_reason.is_some() {
            self.finish = Some(Finish::Blocked);
        }
        if let Some(usage) = chunk.usage_metadata {
            self.usage(&usage, out);
        }
        // We ask for one candidate.
        let mut candidates = chunk.candidates.into_iter().filter(|candidate| candidate.index == 0);
        candidates.try_for_each(|candidate| self.candidate(candidate, out))
    }

    fn candidate(
        &mut self,
        candidate: Candidate,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        candidate.content.parts.iter().try_for_each(|part| self.raw_part(part, out))?;
        match candidate.finish_reason {
            Some(reason) => self.finish_reason(&reason),
            None => Ok(()),
        }
    }

    fn raw_part(
        &mut self,
        raw: &RawValue,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        let part: Part = serde_json::from_str(raw.get()).unwrap_or_default();
        // A call without a name is not run, so it has no result to be given back with.
        let is_lost = part.function_call.as_ref().is_some_and(|call| call.name.is_empty());
        if !is_lost
            && self.keeper.keeps(raw.get().len())?
            && let Ok(part) = serde_json::from_str(raw.get())
        {
            self.parts.push(part);
        }
        self.part(part, out)
    }

    fn part(&mut self, part: Part, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        match part {
            Part { thought: true, .. } => out.push(ProviderEvent::Thinking),
            Part { function_call: Some(call), .. } => return self.function_call(call, out),
            Part { text: Some(text), .. } if !text.is_empty() => {
                out.push(ProviderEvent::Text(text));
            }
            // An empty text carries a signature only.
            Part { text: Some(_), .. } => {}
            _ => self.skipped += 1,
        }
        Ok(())
    }

    /// A call arrives whole. The API may give it no id; then it gets one of ours.
    fn function_call(
        &mut self,
        call: FunctionCall,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        let key = self.calls.free_key();
        self.calls.begin(key, &call.id, &call.name, out)?;
        if !call.args.is_null() {
            self.calls.append(key, &Value::to_string(&call.args))?;
        }
        self.calls.finish(key, out);
        Ok(())
    }

    fn finish_reason(&mut self, reason: &str) -> Result<(), ProviderError> {
        let failed = |class| Err(ProviderError::new(class, format!("finish reason {reason}")));
        let finish = match reason {
            "STOP" => Finish::Stop,
            "MAX_TOKENS" => Finish::Length,
            "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
            | "ESCALATION" | "MODEL_ARMOR" | "IMAGE_SAFETY" => Finish::Blocked,
            "MALFORMED_FUNCTION_CALL" | "MALFORMED_RESPONSE" => {
                return failed(ErrorClass::Malformed);
            }
            "UNEXPECTED_TOOL_CALL" | "TOO_MANY_TOOL_CALLS" | "OTHER" => {
                return failed(ErrorClass::Server);
            }
            "MISSING_THOUGHT_SIGNATURE" => return failed(ErrorClass::InvalidRequest),
            "" | "FINISH_REASON_UNSPECIFIED" => return Ok(()),
            _ => {
                self.skipped += 1;
                Finish::Stop
            }
        };
        // A block of the prompt is not undone by a reason that comes with it.
        if self.finish != Some(Finish::Blocked) {
            self.finish = Some(finish);
        }
        Ok(())
    }

    /// Cumulative: the last chunk counts. Thoughts are billed as output but counted apart.
    fn usage(&mut self, usage: &WireUsage, out: &mut Vec<ProviderEvent>) {
        let before = self.usage;
        let output = match (usage.candidates_token_count, usage.thoughts_token_count) {
            (None, None) => None,
            (said, thought) => Some(said.unwrap_or(0).saturating_add(thought.unwrap_or(0))),
        };
        self.usage.update(Usage {
            input_tokens: usage.prompt_token_count,
            output_tokens: output,
            cached_input_tokens: usage.cached_content_token_count,
        });
        if self.usage != before {
            out.push(ProviderEvent::Usage(self.usage));
        }
    }
}
