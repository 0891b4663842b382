//! Event streams in the document: OpenAPI 3.1 knows no events, so each is named with its schema.

use serde_json::{Value, json};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{RefOr, Schema};

/// A reply that is heard as it is written.
pub(crate) const EXAMPLE: &str = "event: start
data: {\"messageId\":\"00000003-0000-4000-8000-000000000000\",\"userMessageId\":\"00000004-0000-4000-8000-000000000000\",\"sessionId\":\"00000001-0000-4000-8000-000000000000\",\"provider\":\"openai\",\"providerName\":\"OpenAI\",\"model\":\"test-model\",\"timestamp\":\"2026-09-21T14:13:20Z\"}

event: delta
data: {\"text\":\"No, we are closed on Sundays.\"}
id: 00000003-0000-4000-8000-000000000000:29

event: done
data: {\"messageId\":\"00000003-0000-4000-8000-000000000000\",\"finishReason\":\"stop\",\"usage\":{\"inputTokens\":12,\"outputTokens\":5},\"messageCount\":4,\"timestamp\":\"2026-09-21T14:13:20Z\",\"provider\":\"openai\",\"providerName\":\"OpenAI\",\"model\":\"test-model\"}

";

const DESCRIPTION: &str = "One event of the stream; its data is JSON. A comment line keeps an idle stream alive every 15 seconds.";

/// Each event, the schema of its data, and when it comes.
const EVENTS: &[(&str, &str, &str)] = &[
    ("start", "StartEvent", "The visitor's message is on disk."),
    (
        "delta",
        "DeltaEvent",
        "More text; the id is `{messageId}:{n}`, n = bytes of the reply so far.",
    ),
    ("tool", "Step", "A tool is used; the same `id` again when it is done or has failed."),
    ("done", "DoneEvent", "The whole reply is on disk. The stream ends."),
    ("error", "ErrorEvent", "The reply failed; what had arrived is kept. The stream ends."),
];

/// An event of a reply.
pub(crate) struct ReplyEvents;

impl utoipa::PartialSchema for ReplyEvents {
    /// Filled by [`schema`]: utoipa has no `contentSchema` by reference.
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().into()
    }
}

impl utoipa::ToSchema for ReplyEvents {}

/// An event as programs get it: its name, its data as text, and what that text holds.
pub(super) fn schema() -> Value {
    let event = |(name, data, when): &(&str, &str, &str)| {
        let mut event = json!({
            "type": "object",
            "description": when,
            "required": ["event", "data"],
            "properties": {
                "event": { "const": name },
                "data": {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": { "$ref": format!("#/components/schemas/{data}") },
                },
            },
        });
        if let Some(properties) = event.get_mut("properties").filter(|_| *name == "delta") {
            super::set(properties, "id", json!({ "type": "string" }));
        }
        event
    };
    json!({ "description": DESCRIPTION, "oneOf": EVENTS.iter().map(event).collect::<Vec<_>>() })
}
