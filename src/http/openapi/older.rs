//! What the older families send and are told, as far as their handlers read it by hand: their bodies
//! and the shape of their errors.

#![expect(dead_code, reason = "these are never made, only described")]

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::http::openapi::words::one_of;

/// How the tags of older families begin.
const TAG: &str = "Older: ";

/// Whether an operation belongs to an older family.
pub(super) fn is_of(operation: &Map<String, Value>) -> bool {
    let tag = operation.get("tags").and_then(|tags| tags.get(0)).and_then(Value::as_str);
    tag.is_some_and(|tag| tag.starts_with(TAG))
}

/// These clients know a model that is too slow by 503.
pub(super) fn merge_timeouts(responses: &mut Map<String, Value>, codes: &str) {
    let Some(mut late) = responses.shift_remove("504") else { return };
    let words = responses.get_mut("503").and_then(|response| response.get_mut(codes));
    if let Some(words) = words.and_then(Value::as_array_mut)
        && let Some(late) = late.get_mut(codes).and_then(Value::as_array_mut)
    {
        words.append(late);
    }
}

/// The schema of their errors.
pub(super) fn error() -> Value {
    json!({
        "description": "An error as older clients look for it: what is wrong with a field stands under the \
            field's own name as well, anything else under `detail`.",
        "allOf": [
            { "$ref": "#/components/schemas/Error" },
            {
                "type": "object",
                "properties": { "detail": { "type": "string" } },
                "additionalProperties": true,
            },
        ],
    })
}

/// Who said it.
pub(crate) struct MessageType;

impl utoipa::PartialSchema for MessageType {
    fn schema() -> RefOr<Schema> {
        one_of(&["user", "ai", "system"], "Who said it.")
    }
}

impl ToSchema for MessageType {}

/// No field is looked at.
#[derive(ToSchema)]
#[schema(as = NoFields)]
pub(crate) struct Nothing {}

/// What a visitor tells; other keys are not kept.
#[derive(ToSchema)]
pub(crate) struct UserDetails {
    #[schema(max_length = 500)]
    name: Option<String>,
    #[schema(max_length = 254, format = "email")]
    email: Option<String>,
    #[schema(max_length = 500)]
    phone: Option<String>,
}

/// A session to begin. In a form the details are `user_details.name` or `user_details[name]`.
#[derive(ToSchema)]
#[schema(as = LeadBegin)]
pub(crate) struct Begin {
    user_details: Option<UserDetails>,
}

/// Details to keep.
#[derive(ToSchema)]
#[schema(as = LeadDetails)]
pub(crate) struct TellDetails {
    #[schema(format = "uuid")]
    session_id: String,
    user_details: Option<UserDetails>,
}

/// Something to say.
#[derive(ToSchema)]
#[schema(as = LeadSay)]
pub(crate) struct LeadMessage {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(min_length = 1, max_length = 5000, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    message: String,
    user_details: Option<UserDetails>,
}

/// Something to say.
#[derive(ToSchema)]
#[schema(as = AiSay)]
pub(crate) struct AiMessage {
    #[schema(min_length = 1, max_length = 8000, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    message: String,
    /// The session; without it a new one is begun.
    #[schema(format = "uuid")]
    session_key: Option<String>,
}

/// An account to make.
#[derive(ToSchema)]
#[schema(as = AccountRegister)]
pub(crate) struct Register {
    username: String,
    #[schema(format = "email")]
    email: String,
    /// At least 8 characters, and not one that many use.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password1: String,
    /// The same again.
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password2: String,
    /// Where the owner wants one.
    invitation: Option<String>,
}

/// Who signs in.
#[derive(ToSchema)]
#[schema(as = AccountCredentials)]
pub(crate) struct Login {
    username: String,
    #[schema(format = Password)]
    password: String,
}

/// Something to say.
#[derive(ToSchema)]
#[schema(as = AccountSay)]
pub(crate) struct AccountMessage {
    #[schema(min_length = 1, max_length = 8000, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    message: String,
    /// The session; without it a new one is begun.
    #[schema(format = "uuid")]
    session_id: Option<String>,
}
