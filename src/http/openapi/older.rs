//! What the older families send and are told, as far as their handlers read it by hand: their bodies
//! and the shape of their errors.

#![expect(dead_code, reason = "these are never made, only described")]

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
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

/// A text; a number is taken for one.
fn text(max_length: Option<usize>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![Type::String, Type::Number]))
        .max_length(max_length)
}

/// Something to say: more than white space.
fn said() -> RefOr<Schema> {
    let pattern = r"^[^\x00]*[^\s\x00][^\x00]*$";
    text(Some(5000)).min_length(Some(1)).pattern(Some(pattern)).into()
}

/// A detail of a visitor; blank removes it.
fn detail() -> RefOr<Schema> {
    let types = vec![Type::String, Type::Number, Type::Null];
    text(Some(500)).schema_type(SchemaType::Array(types)).into()
}

/// The same in a form.
fn form_detail() -> RefOr<Schema> {
    text(Some(500)).schema_type(Type::String).into()
}

/// A session, or what stands for none: without it a new one is begun.
fn session_or(words: &str) -> RefOr<Schema> {
    let uuid = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![Type::String, Type::Null]))
        .pattern(Some(format!("^(|{words}{uuid})$")))
        .description(Some("The session; without it a new one is begun."))
        .into()
}

/// A key, or what pages send that have none yet.
pub(crate) fn session_key() -> RefOr<Schema> {
    session_or("null|undefined|")
}

/// An id, or nothing.
fn session_id() -> RefOr<Schema> {
    session_or("")
}

/// No field is looked at.
#[derive(ToSchema)]
#[schema(as = NoFields)]
pub(crate) struct Nothing {}

/// Whatever a form holds.
pub(crate) struct AnyForm;

impl utoipa::PartialSchema for AnyForm {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()
    }
}

impl ToSchema for AnyForm {}

/// What a visitor tells; other keys are not kept.
#[derive(ToSchema)]
pub(crate) struct UserDetails {
    #[schema(schema_with = detail, required = false)]
    name: (),
    #[schema(schema_with = detail, required = false)]
    email: (),
    #[schema(schema_with = detail, required = false)]
    phone: (),
}

/// A session to begin.
#[derive(ToSchema)]
#[schema(as = LeadBegin)]
pub(crate) struct Begin {
    user_details: Option<UserDetails>,
}

/// A session to begin, as a form; `user_details[name]` is understood as well.
#[derive(ToSchema)]
#[schema(as = LeadBeginForm)]
pub(crate) struct BeginForm {
    #[schema(rename = "user_details.name", schema_with = form_detail, required = false)]
    name: (),
    #[schema(rename = "user_details.email", schema_with = form_detail, required = false)]
    email: (),
    #[schema(rename = "user_details.phone", schema_with = form_detail, required = false)]
    phone: (),
}

/// Details to keep.
#[derive(ToSchema)]
#[schema(as = LeadDetails)]
pub(crate) struct TellDetails {
    #[schema(format = "uuid")]
    session_id: String,
    user_details: Option<UserDetails>,
}

/// Details to keep, as a form.
#[derive(ToSchema)]
#[schema(as = LeadDetailsForm)]
pub(crate) struct TellDetailsForm {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(rename = "user_details.name", schema_with = form_detail, required = false)]
    name: (),
    #[schema(rename = "user_details.email", schema_with = form_detail, required = false)]
    email: (),
    #[schema(rename = "user_details.phone", schema_with = form_detail, required = false)]
    phone: (),
}

/// Something to say.
#[derive(ToSchema)]
#[schema(as = LeadSay)]
pub(crate) struct LeadMessage {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(schema_with = said)]
    message: (),
    user_details: Option<UserDetails>,
}

/// Something to say, as a form.
#[derive(ToSchema)]
#[schema(as = LeadSayForm)]
pub(crate) struct LeadMessageForm {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(schema_with = said)]
    message: (),
    #[schema(rename = "user_details.name", schema_with = form_detail, required = false)]
    name: (),
    #[schema(rename = "user_details.email", schema_with = form_detail, required = false)]
    email: (),
    #[schema(rename = "user_details.phone", schema_with = form_detail, required = false)]
    phone: (),
}

/// Something to say.
#[derive(ToSchema)]
#[schema(as = AiSay)]
pub(crate) struct AiMessage {
    #[schema(schema_with = said)]
    message: (),
    #[schema(schema_with = session_key, required = false)]
    session_key: (),
}

/// An account to make.
#[derive(ToSchema)]
#[schema(as = AccountRegister)]
pub(crate) struct Register {
    #[schema(min_length = 1)]
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
    #[schema(min_length = 1)]
    username: String,
    #[schema(format = Password, min_length = 1)]
    password: String,
}

/// Something to say.
#[derive(ToSchema)]
#[schema(as = AccountSay)]
pub(crate) struct AccountMessage {
    #[schema(schema_with = said)]
    message: (),
    #[schema(schema_with = session_id, required = false)]
    session_id: (),
}
