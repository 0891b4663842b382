//! Chunks of Chat Completions → our events, with the liberties that servers take.

use serde_json::Value;

use super::replay::Thoughts;
use super::think::ThinkFilter;
use super::wire::{Choice, Chunk, Delta, ToolCall, Usage as WireUsage};
use crate::domain::usage::Usage;
use crate::providers::calls::Calls;
use crate::providers::decoder::{Asked, Decoder, Keeper};
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::failure::Complaint;
use crate::providers::guard::SseEvent;
use crate::providers::lenient::parse;
use crate::providers::openai::errors::class_of;
use crate::providers::{Finish, ProviderEvent};

/// Reads one answer of Chat Completions.
#[derive(Debug, Default)]
pub struct ChatDecoder {
    has_started: bool,
    finish: Option<Finish>,
    has_refused: bool,
    usage: Usage,
    calls: Calls,
    keeper: Keeper,
    thoughts: Thoughts,
    think: ThinkFilter,
    skipped: u32,
}

impl Decoder for ChatDecoder {
    fn decode(
        &mut self,
        event: &SseEvent,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        match event.data.trim() {
            "" => Ok(()),
            "[DONE]" => {
                self.finish.get_or_insert(Finish::Stop);
                self.end(out)
            }
            data if event.name == "error" => {
                Err(Complaint::from_json(&parse(data)?).into_error(class_of))
            }
            data => self.chunk(parse(data)?, data, out),
        }
    }

    fn ending(&self) -> Option<Finish> {
        match self.finish? {
            Finish::Stop | Finish::ToolUse if self.has_refused => Some(Finish::Blocked),
            Finish::Stop | Finish::ToolUse if self.calls.is_empty() => Some(Finish::Stop),
            // Gateways say `stop` although tools were called.
            Finish::Stop | Finish::ToolUse => Some(Finish::ToolUse),
            other => Some(other),
        }
    }

    fn end(&mut self, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        let finish = self.ending().ok_or_else(|| {
            ProviderError::new(ErrorClass::Truncated, "no finish reason and no [DONE]")
        })?;
        self.think.finish(out);
        // Cut off by a limit or a filter, the last call may be half of one.
        if finish == Finish::ToolUse {
            self.calls.finish_all(out);
        }
        self.finish(finish, out);
        Ok(())
    }

    fn replay(&mut self) -> Value {
        self.thoughts.take()
    }

    fn skipped(&self) -> u32 {
        self.skipped
    }
}

impl ChatDecoder {
    pub(in crate::providers) fn new(asked: Asked) -> Self {
        let (calls, keeper) = (Calls::after(asked.earlier_calls), Keeper::new(asked));
        Self { calls, keeper, ..Self::default() }
    }

    fn chunk(
        &mut self,
        chunk: Chunk,
        data: &str,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        let (groq_usage, groq_error) =
            chunk.x_groq.map_or((None, None), |groq| (groq.usage, groq.error));
        if let Some(error) = chunk.error.or(groq_error).filter(is_truthy) {
            return Err(Complaint::from_json(&error).into_error(class_of));
        }
        if chunk.object.as_deref() == Some("error") {
            return Err(Complaint::from_json(&parse(data)?).into_error(class_of));
        }
        self.start(chunk.model, out);
        // We ask for one choice; the list is empty in chunks that only tell facts.
        for choice in chunk.choices.into_iter().filter(|choice| choice.index == 0) {
            self.choice(choice, out)?;
        }
        if let Some(usage) = chunk.usage.or(groq_usage) {
            self.usage(&usage, out);
        }
        Ok(())
    }

    /// Azure begins with a chunk about its filters that names no model; the next one does.
    fn start(&mut self, model: Option<String>, out: &mut Vec<ProviderEvent>) {
        if !self.has_started && model.as_deref() != Some("") {
            self.has_started = true;
            out.push(ProviderEvent::Started { model });
        }
    }

    fn choice(
        &mut self,
        choice: Choice,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        self.delta(choice.delta, out)?;
        match choice.finish_reason {
            Some(reason) if !reason.is_empty() => self.finish_reason(&reason),
            _ => Ok(()),
        }
    }

    fn delta(&mut self, delta: Delta, out: &mut Vec<ProviderEvent>) -> Result<(), ProviderError> {
        // vLLM of early 2026 sends the same thought in both fields.
        let thoughts = [&delta.reasoning_content, &delta.reasoning];
        if thoughts.into_iter().flatten().any(|thought| !thought.is_empty()) {
            out.push(ProviderEvent::Thinking);
        }
        self.keep_thoughts(delta.reasoning_content.as_deref(), delta.reasoning_details)?;
        self.content(delta.content, out);
        if let Some(refusal) = delta.refusal.filter(|refusal| !refusal.is_empty()) {
            self.has_refused = true;
            out.push(ProviderEvent::Text(refusal));
        }
        delta.tool_calls.into_iter().try_for_each(|call| self.tool_call(call, out))
    }

    fn keep_thoughts(
        &mut self,
        content: Option<&str>,
        details: Vec<Value>,
    ) -> Result<(), ProviderError> {
        if let Some(content) = content
            && self.keeper.keeps(content.len())?
        {
            self.thoughts.append(content);
        }
        for detail in details {
            if self.keeper.keeps(detail.to_string().len())? {
                self.thoughts.add_detail(detail);
            }
        }
        Ok(())
    }

    fn content(&mut self, content: Value, out: &mut Vec<ProviderEvent>) {
        match content {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => self.think.push(&text, out),
            Value::Array(parts) => parts.iter().for_each(|part| self.part(part, out)),
            _ => self.skipped += 1,
        }
    }

    /// One of Mistral's parts.
    fn part(&mut self, part: &Value, out: &mut Vec<ProviderEvent>) {
        let field = |name| part.get(name).and_then(Value::as_str);
        match (field("type"), field("text")) {
            (Some("text"), Some("")) => {}
            (Some("text"), Some(text)) => self.think.push(text, out),
            (Some("thinking"), _) => out.push(ProviderEvent::Thinking),
            _ => self.skipped += 1,
        }
    }

    fn tool_call(
        &mut self,
        call: ToolCall,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        let id = call.id.unwrap_or_default();
        let name = call.function.name.unwrap_or_default();
        let key = match self.known_call(call.index, &id, &name) {
            Some(key) => {
                self.calls.name(key, &name, out);
                key
            }
            None => {
                let key = call.index.unwrap_or_else(|| self.calls.free_key());
                self.calls.begin(key, &id, &name, out)?;
                key
            }
        };
        match call.function.arguments {
            Value::Null => Ok(()),
            Value::String(fragment) => self.calls.append(key, &fragment),
            whole => self.calls.append(key, &whole.to_string()),
        }
    }

    /// The call that a fragment belongs to; none if it begins a new one. Gateways leave out the
    /// index, or say 0 for every call: a new id begins a new call.
    fn known_call(&self, index: Option<u64>, id: &str, name: &str) -> Option<u64> {
        match (index, id) {
            (Some(index), "") => self.calls.contains(index).then_some(index),
            (Some(index), id) => self.calls.has(index, id).then_some(index),
            (None, "") if name.is_empty() => self.calls.last_key(),
            (None, "") => None,
            (None, id) => self.calls.key_of(id),
        }
    }

    fn finish_reason(&mut self, reason: &str) -> Result<(), ProviderError> {
        let failed = |class| Err(ProviderError::new(class, format!("finish reason {reason}")));
        let finish = match reason {
            "stop" => Finish::Stop,
            "length" | "model_length" => Finish::Length,
            "tool_calls" | "function_call" => Finish::ToolUse,
            "content_filter" => Finish::Blocked,
            "error" => return failed(ErrorClass::Server),
            "insufficient_system_resource" => return failed(ErrorClass::Overloaded),
            _ => {
                self.skipped += 1;
                Finish::Stop
            }
        };
        self.finish = Some(finish);
        Ok(())
    }

    fn usage(&mut self, usage: &WireUsage, out: &mut Vec<ProviderEvent>) {
        let before = self.usage;
        let details = usage.prompt_tokens_details.as_ref();
        self.usage.update(Usage {
            input_tokens: usage.prompt_tokens,
            output_tokens: usage.completion_tokens,
            cached_input_tokens: details
                .and_then(|details| details.cached_tokens)
                .or(usage.prompt_cache_hit_tokens),
        });
        if self.usage != before {
            out.push(ProviderEvent::Usage(self.usage));
        }
    }
}

/// What Python calls true, as the vendor's own SDK tests the field.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}
