//! Collects the fragments of tool calls, which may interleave, into whole calls.

use crate::providers::ProviderEvent;
use crate::providers::error::{ErrorClass, ProviderError};

/// No honest answer calls more tools at once.
const MAX_CALLS: usize = 128;

/// The most bytes that the arguments of one call may have.
const MAX_ARGUMENT_BYTES: usize = 1024 * 1024;

/// The tool calls of one answer.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: Vec<Call>,
    /// How many calls earlier answers of the reply made: two with one id would be confused.
    earlier: usize,
}

#[derive(Debug)]
struct Call {
    /// The vendor's position of the call in its answer. Some servers use one for several calls.
    key: u64,
    id: String,
    name: String,
    arguments: String,
    is_told: bool,
    is_complete: bool,
}

impl Calls {
    /// None yet, after so many `earlier` ones.
    pub(super) fn after(earlier: usize) -> Self {
        Self { calls: Vec::new(), earlier }
    }

    /// Id and arguments of the newest call at `key`, if it can be run.
    pub(super) fn runnable(&self, key: u64) -> Option<(&str, &str)> {
        let call = self.newest(key).filter(|call| !call.name.is_empty())?;
        Some((&call.id, call.arguments.as_str()))
    }

    /// Whether the model called a tool.
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether the newest call at `key` has this id.
    pub(super) fn has(&self, key: u64, id: &str) -> bool {
        self.newest(key).is_some_and(|call| call.id == id)
    }

    /// The key of the call that has this id.
    pub(super) fn key_of(&self, id: &str) -> Option<u64> {
        self.calls.iter().rev().find(|call| call.id == id).map(|call| call.key)
    }

    /// The key of the call that began last.
    pub(super) fn last_key(&self) -> Option<u64> {
        self.calls.last().map(|call| call.key)
    }

    /// A key that no call has.
    pub(super) fn free_key(&self) -> u64 {
        self.calls.iter().map(|call| call.key.saturating_add(1)).max().unwrap_or(0)
    }

    /// Whether there is a call at `key`.
    pub(super) fn contains(&self, key: u64) -> bool {
        self.newest(key).is_some()
    }

    /// Begins a call. Without an id it gets one of ours.
    pub(super) fn begin(
        &mut self,
        key: u64,
        id: &str,
        name: &str,
        out: &mut Vec<ProviderEvent>,
    ) -> Result<(), ProviderError> {
        if self.calls.len() >= MAX_CALLS {
            return Err(excessive("too many tool calls"));
        }
        let id = match id {
            "" => format!("call_{}", self.earlier + self.calls.len() + 1),
            id => id.to_owned(),
        };
        let (arguments, is_told) = (String::new(), false);
        self.calls.push(Call {
            key,
            id,
            name: String::new(),
            arguments,
            is_told,
            is_complete: false,
        });
        self.name(key, name, out);
        Ok(())
    }

    /// Names the newest call at `key`, if it has no name yet.
    pub(super) fn name(&mut self, key: u64, name: &str, out: &mut Vec<ProviderEvent>) {
        if let Some(call) = self.newest_mut(key)
            && !call.is_told
            && !name.is_empty()
        {
            call.is_told = true;
            name.clone_into(&mut call.name);
            let (id, name) = (call.id.clone(), call.name.clone());
            out.push(ProviderEvent::ToolCallStarted { id, name });
        }
    }

    /// Adds a fragment to the arguments of the newest call at `key`.
    pub(super) fn append(&mut self, key: u64, fragment: &str) -> Result<(), ProviderError> {
        if let Some(call) = self.newest_mut(key) {
            if call.arguments.len() + fragment.len() > MAX_ARGUMENT_BYTES {
                return Err(excessive("the arguments of a tool call are too long"));
            }
            call.arguments.push_str(fragment);
        }
        Ok(())
    }

    /// Whether the newest call at `key` has no arguments so far.
    pub(super) fn has_no_arguments(&self, key: u64) -> bool {
        self.newest(key).is_some_and(|call| call.arguments.is_empty())
    }

    /// The newest call at `key` is complete.
    pub(super) fn finish(&mut self, key: u64, out: &mut Vec<ProviderEvent>) {
        if let Some(call) = self.newest_mut(key) {
            call.finish(out);
        }
    }

    /// All calls are complete.
    pub(super) fn finish_all(&mut self, out: &mut Vec<ProviderEvent>) {
        for call in &mut self.calls {
            call.finish(out);
        }
    }

    fn newest(&self, key: u64) -> Option<&Call> {
        self.calls.iter().rev().find(|call| call.key == key)
    }

    fn newest_mut(&mut self, key: u64) -> Option<&mut Call> {
        self.calls.iter_mut().rev().find(|call| call.key == key)
    }
}

impl Call {
    /// Tells the call once. One that never got a name cannot be run and is left out.
    fn finish(&mut self, out: &mut Vec<ProviderEvent>) {
        if self.name.is_empty() || std::mem::replace(&mut self.is_complete, true) {
            return;
        }
        let arguments = match self.arguments.trim() {
            "" | "null" => "{}".to_owned(),
            _ => self.arguments.clone(),
        };
        let (id, name) = (self.id.clone(), self.name.clone());
        out.push(ProviderEvent::ToolCall { id, name, arguments });
    }
}

fn excessive(detail: &str) -> ProviderError {
    ProviderError::new(ErrorClass::Malformed, detail)
}
