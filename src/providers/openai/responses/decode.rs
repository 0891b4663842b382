//! Events of the Responses API → ours. Text is taken from the deltas only: `done` and
//! `completed` repeat it.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::wire::{Event, Item, Response, Usage as WireUsage};
use crate::domain::usage::Usage;
use crate::providers::calls::Calls;
use crate::providers::decoder::{Asked, Decoder, Keeper};
use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::failure::Complaint;
use crate::providers::guard::SseEvent;
use crate::providers::lenient::parse;
use crate::providers::openai::errors::class_of;
use crate::providers::{Finish, ProviderEvent};

/// Reads one answer of the Responses API.
#[derive(Debug, Default)]
pub struct ResponsesDecoder {
    finish: Option<Finish>,
    has_refused: bool,
    calls: Calls,
    keeper: Keeper,
    /// The output items by their index, to be given back.
    items: Vec<(u64, Value)>,
    skipped: u32,
}

impl Decoder for ResponsesDecoder {
    fn decode(
        &mut self,
        event: &SseEvent,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        if matches!(event.data.trim(), "" | "[DONE]") {
            return Ok(());
        }
        let Event { kind, object, output_index, delta, item, response, error } =
            parse(&event.data)?;
        let name = if kind.is_empty() { event.name.as_str() } else { &kind };
        match name {
            "response.created" => out.push(ProviderEvent::Started { model: response.model }),
            "response.output_text.delta" => say(delta, out),
            "response.refusal.delta" => self.refuse(delta, out),
            "response.output_item.added" => self.item_added(output_index, &read(&item), out)?,
            "response.output_item.done" => self.item_done(output_index, item.as_deref(), out)?,
            "response.function_call_arguments.delta" => self.calls.append(output_index, &delta)?,
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                out.push(ProviderEvent::Thinking);
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                self.terminal(name.trim_start_matches("response."), &response, out)?;
            }
            "error" => return Err(complaint(&error, &event.data)?),
            name if is_repetition(name) => {}
            _ if !error.is_null() => return Err(complaint(&error, &event.data)?),
            _ if object == "response" => self.whole_response(parse(&event.data)?, out)?,
            _ => self.skipped += 1,
        }
        Ok(())
    }

    fn ending(&self) -> Option<Finish> {
        match self.finish? {
            Finish::Stop if self.has_refused => Some(Finish::Blocked),
            Finish::Stop if !self.calls.is_empty() => Some(Finish::ToolUse),
            other => Some(other),
        }
    }

    fn replay(&mut self) -> Value {
        let mut items = std::mem::take(&mut self.items);
        items.sort_by_key(|(index, _)| *index);
        let calls = &self.calls;
        let sent_back: Vec<Value> =
            items.into_iter().filter_map(|(index, item)| sent_back(calls, index, item)).collect();
        if sent_back.is_empty() { Value::Null } else { Value::Array(sent_back) }
    }

    fn skipped(&self) -> u32 {
        self.skipped
    }
}

impl ResponsesDecoder {
    pub(in crate::providers::openai) fn new(asked: Asked) -> Self {
        let (calls, keeper) = (Calls::after(asked.earlier_calls), Keeper::new(asked));
        Self { calls, keeper, ..Self::default() }
    }

    fn refuse(&mut self, text: String, out: &mut Vec<ProviderEvent>) {
        self.has_refused = true;
        say(text, out);
    }

    fn item_added(
        &mut self,
        index: u64,
        item: &Item,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        match item.kind.as_str() {
            "message" => Ok(()),
            "reasoning" => {
                out.push(ProviderEvent::Thinking);
                Ok(())
            }
            "function_call" => self.calls.begin(index, &item.call_id, &item.name, out),
            _ => {
                self.skipped += 1;
                Ok(())
            }
        }
    }

    /// The item as a whole: gives a call what its deltas did not bring. Only now is it what has
    /// to be given back; the copy that came first may lack a part.
    fn item_done(
        &mut self,
        index: u64,
        raw: Option<&RawValue>,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        let Some(raw) = raw else { return Ok(()) };
        if self.keeper.keeps(raw.get().len())?
            && let Ok(item) = serde_json::from_str(raw.get())
        {
            self.items.push((index, item));
        }
        let item: Item = serde_json::from_str(raw.get()).unwrap_or_default();
        if item.kind != "function_call" {
            return Ok(());
        }
        if !self.calls.contains(index) {
            self.calls.begin(index, &item.call_id, &item.name, out)?;
        }
        if self.calls.has_no_arguments(index) {
            self.calls.append(index, &item.arguments)?;
        }
        self.calls.finish(index, out);
        Ok(())
    }

    fn terminal(
        &mut self,
        status: &str,
        response: &Response,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        usage(response.usage.as_ref(), out);
        let finish = match (status, response.incomplete_details.reason.as_str()) {
            ("failed", _) => {
                return Err(Complaint::from_json(&response.error).into_error(class_of));
            }
            ("incomplete", "content_filter") => Finish::Blocked,
            ("incomplete", "max_output_tokens" | "max_messages") => Finish::Length,
            ("completed", _) => Finish::Stop,
            _ => {
                self.skipped += 1;
                Finish::Stop
            }
        };
        self.finish = Some(finish);
        self.end(out)
    }

    /// The answer came as a whole though a stream was asked for.
    fn whole_response(
        &mut self,
        response: Response,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        if !matches!(response.status.as_str(), "completed" | "incomplete" | "failed") {
            return Err(ProviderError::new(ErrorClass::Malformed, "an unfinished response"));
        }
        out.push(ProviderEvent::Started { model: response.model.clone() });
        for (index, raw) in (0..).zip(&response.output) {
            let item: Item = serde_json::from_str(raw.get()).unwrap_or_default();
            for part in &item.content {
                match part.kind.as_str() {
                    "output_text" => say(part.text.clone(), out),
                    "refusal" => self.refuse(part.refusal.clone(), out),
                    _ => self.skipped += 1,
                }
            }
            self.item_done(index, Some(raw), out)?;
        }
        self.terminal(&response.status, &response, out)
    }
}

fn read(item: &Option<Box<RawValue>>) -> Item {
    item.as_ref().and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// An item as it is sent back; none for what would be refused. Nothing is kept at the vendor, so
/// a thought without its content is unknown there.
fn sent_back(calls: &Calls, index: u64, mut item: Value) -> Option<Value> {
    match item.get("type").and_then(Value::as_str)? {
        "reasoning" => item.get("encrypted_content")?.as_str()?,
        "function_call" => {
            let (id, arguments) = calls.runnable(index)?;
            let fields = item.as_object_mut()?;
            fields.insert("call_id".to_owned(), json!(id));
            fields.insert("arguments".to_owned(), json!(arguments));
            return Some(item);
        }
        kind => kind,
    };
    Some(item)
}

fn say(text: String, out: &mut Vec<ProviderEvent>) {
    if !text.is_empty() {
        out.push(ProviderEvent::Text(text));
    }
}

fn usage(usage: Option<&WireUsage>, out: &mut Vec<ProviderEvent>) {
    if let Some(usage) = usage {
        out.push(ProviderEvent::Usage(Usage {
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            cached_input_tokens: usage.input_tokens_details.cached_tokens,
        }));
    }
}

/// Events that tell again, or in other words, what others tell.
fn is_repetition(name: &str) -> bool {
    matches!(
        name,
        "response.queued"
            | "response.in_progress"
            | "response.content_part.added"
            | "response.content_part.done"
            | "response.output_text.done"
            | "response.output_text.annotation.added"
            | "response.refusal.done"
            | "response.function_call_arguments.done"
            | "response.reasoning_summary_part.added"
            | "response.reasoning_summary_part.done"
            | "response.reasoning_summary_text.done"
            | "response.reasoning_text.done"
    )
}

/// An `error` event is flat by the documentation, nested on the wire.
fn complaint(error: &Value, data: &str) -> Result<ProviderError, ProviderError> {
    let complaint = match error {
        Value::Null => Complaint::from_json(&parse(data)?),
        error => Complaint::from_json(error),
    };
    Ok(complaint.into_error(class_of))
}
