//! The API described by itself: OpenAPI 3.1, made from the attributes of the handlers.
//!
//! A handler is described where it stands, and listed here. `tests/api/openapi.rs` compares the
//! document with what the router serves, and every answer of the API tests with the document.

mod admin;
pub(crate) mod events;
pub(crate) mod older;
pub(crate) mod page;
pub(crate) mod refusals;
pub(crate) mod shapes;
mod shared;
pub(crate) mod words;

use std::sync::OnceLock;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::http::auth::Anyone;
use crate::http::embed::Asset;
use crate::http::error::{ApiResult, ErrorBody};
use crate::http::{AppState, api, compat, embed, pages, sse};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Alcove",
        description = "What a chat widget, and every front end beside it, speaks to this server.\n\n\
            Bodies are JSON in UTF-8, at most 1 MiB, except for uploads. Times are RFC 3339 in UTC; a \
            message's `timestamp` is in milliseconds since 1970. Every error has one shape (`Error`) and a \
            stable `code`; each operation names its codes in `x-error-codes`. Answers may get more fields.",
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "Sessions", description = "Conversations: begun, read, configured, taken along, erased."),
        (name = "Chat", description = "Something is said, and what was said is read again."),
        (name = "Replies", description = "A reply is followed, stopped, rated."),
        (name = "Files", description = "Tables that visitors bring: uploaded, told about, asked, deleted."),
        (name = "Widget", description = "What host pages and frames load."),
        (name = "Older: lead capture", description = "For front ends that were written for a lead-capture backend."),
        (name = "Older: AI chat", description = "For front ends that were written for an AI-chat backend."),
        (name = "Older: accounts", description = "For front ends that were written for a backend with accounts and tokens."),
        (name = "Admin pages", description = "The owner's pages: HTML and forms, for browsers."),
        (name = "Server", description = "The server itself, and this description."),
    ),
    components(schemas(
        ErrorBody<'static>, sse::StartData<'static>, sse::DeltaData<'static>, sse::DoneData<'static>, sse::FailureData,
    )),
    paths(
        api::sessions::create,
        api::sessions::show,
        api::sessions::erase,
        api::sessions::update_config,
        api::sessions::stats,
        api::bots::bot_config,
        api::details::save,
        api::export::export,
        api::chat::send,
        api::chat::history,
        api::chat::clear_history,
        api::replies::resume,
        api::replies::step_csv,
        api::replies::stop,
        api::feedback::save,
        api::files::upload,
        api::files::info,
        api::files::query,
        api::files::delete,
        api::health::show,
        show,
        page::show,
        embed::loader,
        embed::page::panel,
        embed::words::show,
        embed::assets::file,
        embed::assets::page_file,
        pages::demo::show,
        compat::leads::create,
        compat::leads::show,
        compat::leads::update_details,
        compat::leads::send,
        compat::ai_chat::show,
        compat::ai_chat::send,
        compat::ai_chat::talk,
        compat::ai_chat::create,
        compat::ai_chat::stats,
        compat::accounts::register,
        compat::accounts::login,
        compat::accounts::logout,
        compat::accounts::chat,
        compat::accounts::conversations,
        compat::accounts::conversation,
        compat::health::show,
        compat::csrf::show,
    ),
)]
struct Handlers;

/// Addresses that older hosts know, and what they are called today.
const OLDER_NAMES: &[(&str, &str)] = &[
    ("/static/widget/chatbot.js", "/widget.js"),
    ("/static/widget/chatbot.html", "/embed"),
    ("/api/talk/", "/api/chat/"),
    ("/api/new_chat/", "/api/chat/new/"),
];

/// What the document says about this one server.
pub struct Facts {
    /// Longest message, characters.
    pub max_message_chars: usize,
}

/// The document as it is served.
#[must_use]
pub fn document(facts: &Facts) -> Value {
    let mut document = serde_json::to_value(Handlers::openapi()).unwrap_or_default();
    fill(&mut document, facts);
    if let Some(paths) = document.pointer_mut("/paths").and_then(Value::as_object_mut) {
        admin::describe(paths);
        paths.values_mut().for_each(complete);
        for (older, name) in OLDER_NAMES {
            let named = paths.get(*name).cloned().unwrap_or_default();
            let under_older = paths.entry(*older).or_insert_with(|| json!({}));
            for (method, operation) in named.as_object().into_iter().flatten() {
                if under_older.get(method).is_none() {
                    set(under_older, method, deprecated(operation.clone()));
                }
            }
        }
    }
    document
}

/// Adds to the operations of a path what holds for all.
fn complete(operations: &mut Value) {
    for (method, operation) in operations.as_object_mut().into_iter().flatten() {
        if let Some(operation) = operation.as_object_mut() {
            refusals::gather(operation, method != "get");
            name_requests(operation);
            leave_out(operation);
        }
    }
}

/// The same operation under an older name.
fn deprecated(mut operation: Value) -> Value {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let id = format!("{id}ByOlderName");
    set(&mut operation, "operationId", id.into());
    set(&mut operation, "deprecated", true.into());
    operation
}

/// Adds what no handler says: shared responses and headers, and the limits of this server.
fn fill(document: &mut Value, facts: &Facts) {
    if let Some(components) = document.pointer_mut("/components").and_then(Value::as_object_mut) {
        components.insert("responses".to_owned(), refusals::components().into());
        components.insert("headers".to_owned(), shared::headers());
        components.insert("securitySchemes".to_owned(), shared::security_schemes());
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        set(schemas, "OlderError", older::error());
        set(schemas, "ReplyEvents", events::schema());
    }
    for schema in ["SendMessage", "AiSay", "AccountSay"] {
        let message = format!("/components/schemas/{schema}/properties/message");
        if let Some(message) = document.pointer_mut(&message) {
            set(message, "maxLength", facts.max_message_chars.into());
        }
    }
    if let Some(responses) =
        document.pointer_mut("/components/responses").and_then(Value::as_object_mut)
    {
        responses.values_mut().for_each(name_request);
    }
}

fn set(value: &mut Value, key: &str, new: Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.insert(key.to_owned(), new);
    }
}

/// Every answer carries the id of its request.
fn name_requests(operation: &mut Map<String, Value>) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (_, response) in responses.into_iter().flatten() {
        if response.get("$ref").is_none() {
            name_request(response);
        }
    }
}

/// A body that may be left out is not null: utoipa says both of an `Option`.
fn leave_out(operation: &mut Map<String, Value>) {
    let Some(body) = operation.get_mut("requestBody") else { return };
    let mut may_be_left_out = false;
    for (_, content) in
        body.pointer_mut("/content").and_then(Value::as_object_mut).into_iter().flatten()
    {
        let choices = content.pointer("/schema/oneOf").and_then(Value::as_array);
        let some =
            choices.and_then(|choices| choices.iter().find(|choice| choice.get("$ref").is_some()));
        if let Some(some) = some.cloned() {
            set(content, "schema", some);
            may_be_left_out = true;
        }
    }
    if may_be_left_out {
        set(body, "required", false.into());
    }
}

fn name_request(response: &mut Value) {
    let Some(fields) = response.as_object_mut() else { return };
    let headers = fields.entry("headers").or_insert_with(|| json!({}));
    set(headers, "X-Request-Id", json!({ "$ref": "#/components/headers/RequestId" }));
}

/// The document in its forms, each made when it is first asked for.
#[derive(Default)]
pub struct Documents {
    json: OnceLock<Asset>,
    page: OnceLock<Asset>,
}

/// Small at once: a server makes these once.
const BROTLI_QUALITY: i32 = 6;

fn kept(text: String) -> Asset {
    Asset::compressed(text.into_bytes(), BROTLI_QUALITY)
}

fn facts(app: &AppState) -> Facts {
    Facts { max_message_chars: app.max_message_chars }
}

/// This description
///
/// OpenAPI 3.1, for programs.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "openapi", tag = "Server",
    responses(
        refusals::Nothing,
        (status = 200, description = "The document", body = Object),
        (status = 304, description = "It is what `If-None-Match` names"),
    ))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Anyone: Anyone,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let made = || kept(document(&facts(&app)).to_string());
    let document = app.documents.json.get_or_init(made);
    Ok(document.respond(&headers, "application/json", "no-cache"))
}
