//! Giving the results of tool calls back: what all vendors' ways of it have in common.

use serde_json::{Map, Value, json};

/// Stands in place of arguments that are no JSON object, with what the model wrote instead:
/// vendors take nothing else back, and the model sees what was wrong.
const INVALID: &str = "INVALID_JSON";

/// The arguments of a call as an object.
pub(super) fn arguments_object(arguments: &str) -> Value {
    let written = match arguments.trim() {
        "" | "null" => "{}",
        written => written,
    };
    match serde_json::from_str::<Map<String, Value>>(written) {
        Ok(object) => Value::Object(object),
        Err(_) => json!({ INVALID: arguments }),
    }
}

/// The arguments of a call as JSON text, as written where that is an object.
pub(super) fn arguments_text(arguments: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(arguments) {
        Ok(_) => arguments.to_owned(),
        Err(_) => arguments_object(arguments).to_string(),
    }
}

/// What a tool gave back as an object.
pub(super) fn content_object(content: &str) -> Value {
    match serde_json::from_str::<Map<String, Value>>(content) {
        Ok(object) => Value::Object(object),
        Err(_) => json!({ "output": content }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_always_an_object() {
        for (written, object, text) in [
            (r#"{"b":1, "a":"\u00e9"}"#, json!({"b": 1, "a": "é"}), r#"{"b":1, "a":"\u00e9"}"#),
            ("", json!({}), "{}"),
            (" null ", json!({}), "{}"),
            (r#"{"a":"#, json!({"INVALID_JSON": r#"{"a":"#}), r#"{"INVALID_JSON":"{\"a\":"}"#),
            ("[1]", json!({"INVALID_JSON": "[1]"}), r#"{"INVALID_JSON":"[1]"}"#),
        ] {
            assert_eq!(arguments_object(written), object, "{written}");
            assert_eq!(arguments_text(written), text, "{written}");
        }
    }

    #[test]
    fn what_a_tool_gave_back_is_always_an_object() {
        assert_eq!(content_object(r#"{"rows":[]}"#), json!({"rows": []}));
        assert_eq!(content_object("[1]"), json!({"output": "[1]"}));
    }
}
