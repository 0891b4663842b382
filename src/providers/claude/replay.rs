//! An answer's content blocks, gathered to be sent back unchanged with the results of its calls.
//! A block that lacks what the API demands of it is left out. Pure.

use serde_json::{Value, json};

use crate::providers::rounds::arguments_object;

/// The blocks of one answer.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Gathered>,
}

#[derive(Debug)]
struct Gathered {
    index: u64,
    block: Value,
    /// The input of a tool, while it comes in pieces.
    input: String,
}

impl Blocks {
    pub(super) fn begin(&mut self, index: u64, block: Value) {
        self.blocks.push(Gathered { index, block, input: String::new() });
    }

    /// Adds to a text of the block at `index`.
    pub(super) fn append(&mut self, index: u64, field: &str, more: &str) {
        let Some(fields) = self.newest(index).and_then(|own| own.block.as_object_mut()) else {
            return;
        };
        match fields.get_mut(field) {
            Some(Value::String(text)) => text.push_str(more),
            _ => {
                fields.insert(field.to_owned(), json!(more));
            }
        }
    }

    /// Adds a source to the block at `index`.
    pub(super) fn cite(&mut self, index: u64, citation: Value) {
        let Some(fields) = self.newest(index).and_then(|own| own.block.as_object_mut()) else {
            return;
        };
        match fields.get_mut("citations") {
            Some(Value::Array(citations)) => citations.push(citation),
            _ => {
                fields.insert("citations".to_owned(), json!([citation]));
            }
        }
    }

    /// Adds to the input of the block at `index`.
    pub(super) fn append_input(&mut self, index: u64, more: &str) {
        if let Some(own) = self.newest(index) {
            own.input.push_str(more);
        }
    }

    fn newest(&mut self, index: u64) -> Option<&mut Gathered> {
        self.blocks.iter_mut().rev().find(|own| own.index == index)
    }

    /// The blocks as they are sent back; `id_of` knows the ids that we gave calls without one.
    pub(super) fn take(&mut self, id_of: impl Fn(u64) -> Option<String>) -> Value {
        let blocks = std::mem::take(&mut self.blocks).into_iter();
        blocks.filter_map(|own| own.sent_back(&id_of)).collect()
    }
}

impl Gathered {
    fn sent_back(self, id_of: &impl Fn(u64) -> Option<String>) -> Option<Value> {
        let Self { index, mut block, input } = self;
        let says = |field: &str| {
            block.get(field).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
        };
        let is_good = match block.get("type").and_then(Value::as_str) {
            Some("text") => says("text"),
            // The signature vouches for the thought; without one it is refused.
            Some("thinking") => says("signature"),
            Some("tool_use") => says("name"),
            kind => kind.is_some(),
        };
        let has_id = says("id");
        let fields = block.as_object_mut().filter(|_| is_good)?;
        if !input.trim().is_empty() {
            fields.insert("input".to_owned(), arguments_object(&input));
        }
        if fields.get("type").is_some_and(|kind| kind == "tool_use") {
            if !has_id {
                fields.insert("id".to_owned(), json!(id_of(index)?));
            }
            let input = fields.entry("input").or_insert(Value::Null);
            if !input.is_object() {
                *input = json!({});
            }
        }
        Some(block)
    }
}
