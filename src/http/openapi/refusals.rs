//! Which errors each endpoint may answer: one table, and one response in the document for each
//! status.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{RefOr, Response};

use crate::http::error::ErrorCode::{self, *};
use crate::http::openapi::older;

/// The key under which an operation names its codes by status.
pub(super) const CODES: &str = "x-error-codes";

/// What a body of JSON may be refused with.
pub(crate) const BODY: &[ErrorCode] =
    &[InvalidJson, InvalidRequest, RequestTimeout, BodyTooLarge, UnsupportedMediaType];
/// What reading or writing the database may end in.
pub(crate) const DATABASE: &[ErrorCode] = &[StorageUnavailable, StorageFull];
/// What naming a session in the path may be refused with.
pub(crate) const SESSION: &[ErrorCode] =
    &[SessionNotFound, SessionExpired, StorageUnavailable, StorageFull];
/// What naming a session in body, query or header may be refused with.
pub(crate) const NAMED_SESSION: &[ErrorCode] =
    &[MissingSessionId, SessionNotFound, SessionExpired, StorageUnavailable, StorageFull];
/// What a reply that is waited for may end in.
pub(crate) const REPLY: &[ErrorCode] = &[
    ModelUnavailable,
    ModelError,
    ModelBusy,
    ModelTimeout,
    ReplyInterrupted,
    ReplyEmpty,
    ReplyBlocked,
    ConversationTooLong,
    Restarting,
];
/// What showing a token may be refused with.
pub(crate) const MEMBER: &[ErrorCode] =
    &[NotAuthenticated, InvalidToken, StorageUnavailable, StorageFull];
/// What a message may be refused with.
pub(crate) const MESSAGE: &[ErrorCode] = &[
    MessageEmpty,
    MessageTooLong,
    MessageInvalid,
    RateLimited,
    ReplyRunning,
    BotNotFound,
    BudgetReached,
];
/// What every endpoint may answer.
const EVERYWHERE: &[ErrorCode] = &[InvalidRequest, HostNotAllowed, Internal, TooManyConnections];

/// Types for `responses(…)` that name the codes of an endpoint, beside those of every endpoint.
macro_rules! refusals {
    ($($name:ident: $($codes:expr),+;)+) => {$(
        #[doc = concat!("What `", stringify!($name), "` may be refused with.")]
        pub(crate) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::http::openapi::refusals::responses(&[$($codes),+])
            }
        }
    )+};
}

refusals! {
    Nothing: &[];
    CreateSession: BODY, DATABASE, &[BotNotFound, ConfigTooLarge, RateLimited];
    ShowSession: SESSION, &[BotNotFound];
    UpdateConfig: BODY, SESSION, &[BotNotFound, ConfigTooLarge];
    SaveDetails: BODY, SESSION, &[BotNotFound];
    ExportSession: SESSION;
    EraseSession: SESSION;
    SessionStats: DATABASE;
    ShowBot: &[BotNotFound];
    SendMessage: BODY, NAMED_SESSION, MESSAGE, REPLY, &[MessageIdTaken, ConfigTooLarge];
    ShowHistory: SESSION;
    ClearHistory: SESSION;
    ResumeReply: NAMED_SESSION, &[ReplyNotFound, InvalidOffset];
    StepCsv: NAMED_SESSION, &[ReplyNotFound, NotFound];
    StopReply: BODY, NAMED_SESSION, &[ReplyNotFound];
    RateReply: BODY, NAMED_SESSION, &[ReplyNotFound, ReplyRunning];
    UploadFile: NAMED_SESSION, &[
        InvalidUpload, MissingFile, FileTypeRefused, FilesOff, RequestTimeout, FileTooLarge, TooManyFiles,
        SessionFilesFull, UnsupportedMediaType, FileUnreadable, FileTooSlow, RateLimited, ServerBusy, FilesFull,
    ];
    FileInfo: SESSION, &[FileNotFound];
    QueryFile: BODY, SESSION, &[
        MissingQuery, QueryRefused, QueryTooSlow, FileNotFound, RateLimited, ServerBusy,
    ];
    DeleteFile: SESSION, &[FileNotFound];
    StaticFile: &[NotFound];
    LeadsCreate: BODY, SESSION, &[RateLimited];
    LeadsShow: NAMED_SESSION;
    LeadsUpdate: BODY, NAMED_SESSION;
    LeadsSend: BODY, NAMED_SESSION, MESSAGE, REPLY;
    AiChatShow: SESSION, &[RateLimited];
    AiChatSend: BODY, SESSION, MESSAGE, REPLY;
    AiChatCreate: BODY, SESSION, &[RateLimited];
    OlderHealth: &[StorageUnavailable];
    Register: BODY, DATABASE, &[InvitationInvalid, RegistrationClosed, RateLimited, ServerBusy];
    Login: BODY, DATABASE, &[MissingCredentials, WrongCredentials, RateLimited, ServerBusy];
    MemberOnly: MEMBER;
    MemberSession: MEMBER, SESSION;
    MemberSend: BODY, MEMBER, SESSION, MESSAGE, REPLY;
}

/// These codes as responses by status, marked for [`gather`].
pub(crate) fn responses(groups: &[&[ErrorCode]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let codes = groups.iter().copied().flatten().chain(EVERYWHERE);
    for code in codes {
        let words = by_status.entry(code.status().as_str().to_owned()).or_default();
        if !words.contains(&code.as_str()) {
            words.push(code.as_str());
        }
    }
    let response = |(status, words): (String, Vec<&str>)| {
        let mark = ExtensionsBuilder::new().add(CODES, words).build();
        (status, ResponseBuilder::new().extensions(Some(mark)).into())
    };
    by_status.into_iter().map(response).collect()
}

/// Puts references in the place of the marked responses of an operation, and names its codes.
pub(super) fn gather(operation: &mut Map<String, Value>, may_change: bool) {
    let mut codes = Map::new();
    let family = if older::is_of(operation) { "OlderError" } else { "Error" };
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    if family == "OlderError" {
        older::merge_timeouts(responses, CODES);
    }
    for (status, response) in responses.iter_mut() {
        let Some(mut words) = response.get_mut(CODES).map(Value::take) else { continue };
        if let Some(words) = words.as_array_mut().filter(|_| may_change && status == "503") {
            let restarting = Value::from(Restarting.as_str());
            if !words.contains(&restarting) {
                words.push(restarting);
            }
        }
        *response = json!({
            "$ref": format!("#/components/responses/{family}{status}"),
            "description": described(&words),
        });
        codes.insert(status.clone(), words);
    }
    if !codes.is_empty() {
        operation.insert(CODES.to_owned(), codes.into());
    }
}

/// The codes of a response, for people.
fn described(words: &Value) -> String {
    let words: Vec<&str> =
        words.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    format!("`{}`", words.join("`, `"))
}

/// One response for each status that an error can have, in the shape of each family.
pub(super) fn components() -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in ErrorCode::ALL {
        by_status.entry(code.status().as_u16()).or_default().push(*code);
    }
    let native = components_of("Error", &by_status);
    let late = by_status.remove(&504).unwrap_or_default();
    by_status.entry(503).or_default().extend(late);
    native.into_iter().chain(components_of("OlderError", &by_status)).collect()
}

fn components_of(shape: &str, by_status: &BTreeMap<u16, Vec<ErrorCode>>) -> Map<String, Value> {
    let component = |(status, codes): (&u16, &Vec<ErrorCode>)| {
        (format!("{shape}{status}"), component(shape, *status, codes))
    };
    by_status.iter().map(component).collect()
}

fn component(shape: &str, status: u16, codes: &[ErrorCode]) -> Value {
    let lines: Vec<String> =
        codes.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.sentence())).collect();
    let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let header = |name: &str| json!({ "$ref": format!("#/components/headers/{name}") });
    let headers = match status {
        405 => json!({ "Allow": header("Allow") }),
        401 => json!({ "WWW-Authenticate": header("Authenticate") }),
        429 | 502 | 503 => json!({ "Retry-After": header("RetryAfter") }),
        _ => json!({}),
    };
    json!({
        "description": lines.join("\n"),
        "headers": headers,
        "content": { "application/json": { "schema": { "allOf": [
            { "$ref": format!("#/components/schemas/{shape}") },
            { "type": "object", "properties": { "code": { "enum": words } } },
        ] } } },
    })
}
