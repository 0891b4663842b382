//! Event streams in the document: OpenAPI 3.1 knows no events, so each is named with its schema.

use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
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

const DESCRIPTION: &str = "A stream of events; the data of each is one JSON value:

- `start` (`StartEvent`): the visitor's message is on disk.
- `delta` (`DeltaEvent`): more text; its id is `{messageId}:{n}`, n = bytes of the reply so far.
- `tool` (`Step`): a tool is used; the same `id` again when it is done or has failed.
- `done` (`DoneEvent`): the whole reply is on disk. The stream ends.
- `error` (`ErrorEvent`): the reply failed; what had arrived is kept. The stream ends.

A comment line keeps an idle stream alive every 15 seconds.";

/// The events of a reply.
pub(crate) struct ReplyEvents;

impl utoipa::PartialSchema for ReplyEvents {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some(DESCRIPTION))
            .into()
    }
}

impl utoipa::ToSchema for ReplyEvents {}

/// The schema of each event's data, by the event's name; for `x-events` of [`ReplyEvents`].
pub(super) fn schemas() -> Value {
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    json!({
        "start": schema("StartEvent"),
        "delta": schema("DeltaEvent"),
        "tool": schema("Step"),
        "done": schema("DoneEvent"),
        "error": schema("ErrorEvent"),
    })
}
