//! Thoughts that servers want back beside the tool calls they led to. Pure.

use serde_json::{Map, Value, json};

/// The thoughts of one answer, in the fields that servers demand: `reasoning_content` at DeepSeek
/// and its like, `reasoning_details` at OpenRouter. Others do without.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    content: String,
    details: Vec<Value>,
}

impl Thoughts {
    pub(super) fn append(&mut self, content: &str) {
        self.content.push_str(content);
    }

    /// Takes in a detail: a new one, or more of the last one, which has the same place and type.
    pub(super) fn add_detail(&mut self, detail: Value) {
        match self.details.last_mut() {
            Some(last) if continues(last, &detail) => merge(last, detail),
            _ => self.details.push(detail),
        }
    }

    /// The fields of the message that is sent back; null if there are none.
    pub(super) fn take(&mut self) -> Value {
        let Self { content, details } = std::mem::take(self);
        let mut fields = Map::new();
        if !content.is_empty() {
            fields.insert("reasoning_content".to_owned(), json!(content));
        }
        if !details.is_empty() {
            fields.insert("reasoning_details".to_owned(), Value::Array(details));
        }
        if fields.is_empty() { Value::Null } else { Value::Object(fields) }
    }
}

fn continues(last: &Value, detail: &Value) -> bool {
    let same = |field: &str| last.get(field).is_some() && last.get(field) == detail.get(field);
    same("index") && same("type")
}

/// Texts grow, anything else that is known later is taken over.
fn merge(last: &mut Value, detail: Value) {
    let (Some(fields), Value::Object(more)) = (last.as_object_mut(), detail) else { return };
    for (name, value) in more {
        match (fields.get_mut(&name), value) {
            (_, Value::Null) => {}
            (Some(Value::String(text)), Value::String(more))
                if matches!(name.as_str(), "text" | "summary" | "data") =>
            {
                text.push_str(&more);
            }
            (_, value) => {
                fields.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_that_come_in_pieces_are_joined_and_signed() {
        let mut thoughts = Thoughts::default();
        let text = |text: &str| json!({"type": "reasoning.text", "index": 0, "text": text});
        thoughts.add_detail(text("Let me "));
        thoughts.add_detail(text("see"));
        thoughts.add_detail(
            json!({"type": "reasoning.text", "index": 0, "text": null, "signature": "Sig="}),
        );
        thoughts.add_detail(json!({"type": "reasoning.encrypted", "index": 1, "data": "abc"}));
        let expected = json!({"reasoning_details": [
            {"type": "reasoning.text", "index": 0, "text": "Let me see", "signature": "Sig="},
            {"type": "reasoning.encrypted", "index": 1, "data": "abc"},
        ]});
        assert_eq!(thoughts.take(), expected);
        assert_eq!(thoughts.take(), Value::Null);
    }
}
