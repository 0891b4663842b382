//! Every error a client can see: code, status and sentence in one table, one JSON shape.
//!
//! Handlers use `?`; [`render`] alone writes bodies and logs causes, once. `docs/errors.md` lists
//! the codes, a test compares. Codes are never reused.

mod refused;

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::domain::id::RequestId;
use crate::domain::message::{FailureCode, MessageTextError};
use crate::http::compat::Dialect;
use crate::http::openapi::words::one_of;
use crate::service::ServiceError;
use crate::service::turn::reply::Failure;
use crate::store::StoreError;

const JSON: &str = "application/json";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// What pages are sent as.
const HTML: &str = "text/html; charset=utf-8";

/// The table: variant, status, code, sentence.
macro_rules! error_table {
    ($($(#[$doc:meta])* $variant:ident $status:ident $code:literal $sentence:literal;)+) => {
        /// What can go wrong, as clients are told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// The stable word for programs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The sentence for people.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }
        }
    };
}

error_table! {
    /// The body is not JSON.
    InvalidJson BAD_REQUEST "invalid_json" "The body is not valid JSON";
    /// The body is JSON of another shape.
    InvalidRequest BAD_REQUEST "invalid_request" "The request is not as it should be";
    /// The body is no form, or no whole one.
    InvalidUpload BAD_REQUEST "invalid_upload" "The upload is not as it should be";
    /// No session is named.
    MissingSessionId BAD_REQUEST "missing_session_id" "Missing sessionId";
    /// The form holds no file.
    MissingFile BAD_REQUEST "missing_file" "No file uploaded";
    /// A file of another kind.
    FileTypeRefused BAD_REQUEST "file_type_refused" "Only JSON and CSV files are allowed";
    /// Nothing is asked.
    MissingQuery BAD_REQUEST "missing_query" "Missing query parameter";
    /// The question cannot be answered.
    QueryRefused BAD_REQUEST "query_refused" "This query cannot be run";
    /// The question took too long.
    QueryTooSlow BAD_REQUEST "query_too_slow" "The query took too long";
    /// The message is blank.
    MessageEmpty BAD_REQUEST "message_empty" "The message is empty";
    /// The message has too many characters.
    MessageTooLong BAD_REQUEST "message_too_long" "The message is too long";
    /// The message holds characters that cannot be kept.
    MessageInvalid BAD_REQUEST "message_invalid" "The message holds a character that cannot be used";
    /// The offset is no place in the reply.
    InvalidOffset BAD_REQUEST "invalid_offset" "The offset is no place in this reply";
    /// The request is for another server's name.
    HostNotAllowed BAD_REQUEST "host_not_allowed" "This server does not answer to that name";
    /// A sign-in without a name or a password.
    MissingCredentials BAD_REQUEST "missing_credentials" "Username and password are required.";
    /// Wrong name or wrong password, or an account that may not sign in here.
    WrongCredentials BAD_REQUEST "wrong_credentials" "The username or the password is wrong.";
    /// No invitation, or one that holds no longer.
    InvitationInvalid BAD_REQUEST "invitation_invalid" "This needs an invitation that has not been used and is not over";
    /// Nobody has signed in.
    NotAuthenticated UNAUTHORIZED "not_authenticated" "Authentication credentials were not provided.";
    /// A token that is unknown, over or revoked.
    InvalidToken UNAUTHORIZED "invalid_token" "Invalid token.";
    /// Whoever signed in may not do this.
    NotAllowed FORBIDDEN "not_allowed" "Your account may not do this";
    /// Nobody may make an account.
    RegistrationClosed FORBIDDEN "registration_closed" "Accounts cannot be registered here";
    /// The owner takes no files.
    FilesOff FORBIDDEN "files_off" "Files cannot be uploaded here";
    /// A form of the admin pages came without its token, or with an old one.
    FormOutdated FORBIDDEN "form_outdated" "This form is out of date. Open the page again and repeat it";
    /// Another site sent it to the admin pages.
    CrossSite FORBIDDEN "cross_site" "This request came from another site and was refused";
    /// Nothing has this address.
    NotFound NOT_FOUND "not_found" "Not found";
    /// No such session, or not the asker's.
    SessionNotFound NOT_FOUND "session_not_found" "Session not found";
    /// The session ended after idle time.
    SessionExpired NOT_FOUND "session_expired" "Session not found";
    /// No such reply in the session.
    ReplyNotFound NOT_FOUND "reply_not_found" "Reply not found";
    /// The session has no file, or not that one.
    FileNotFound NOT_FOUND "file_not_found" "No file uploaded for this session";
    /// No such account.
    AccountNotFound NOT_FOUND "account_not_found" "Account not found";
    /// No such API token, or not the asker's.
    TokenNotFound NOT_FOUND "token_not_found" "Token not found";
    /// No bot of that name.
    BotNotFound NOT_FOUND "bot_not_found" "Bot not found";
    /// The address does not know this method.
    MethodNotAllowed METHOD_NOT_ALLOWED "method_not_allowed" "This method is not allowed here";
    /// The body did not arrive in time.
    RequestTimeout REQUEST_TIMEOUT "request_timeout" "The request took too long to arrive";
    /// The id given for a reply belongs to a visitor's message.
    MessageIdTaken CONFLICT "message_id_taken" "This messageId is taken";
    /// The last active owner would be gone.
    LastOwner CONFLICT "last_owner" "There must be an active owner; make another one first";
    /// The body has too many bytes.
    BodyTooLarge PAYLOAD_TOO_LARGE "body_too_large" "The body is too large";
    /// The file has too many bytes.
    FileTooLarge PAYLOAD_TOO_LARGE "file_too_large" "The file is too large";
    /// The session has as many files as it may have.
    TooManyFiles PAYLOAD_TOO_LARGE "too_many_files" "This conversation has as many files as it can hold. Remove one first";
    /// The session's files would hold too much.
    SessionFilesFull PAYLOAD_TOO_LARGE "session_files_full" "The files of this conversation are too large together. Remove one first";
    /// The session would hold too much.
    ConfigTooLarge PAYLOAD_TOO_LARGE "config_too_large" "The session's config is too large";
    /// The body is not declared as JSON.
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body must be JSON, with Content-Type: application/json";
    /// The file is broken, or beyond a limit on what is in it.
    FileUnreadable UNPROCESSABLE_ENTITY "file_unreadable" "This file cannot be read";
    /// Reading the file took too long.
    FileTooSlow UNPROCESSABLE_ENTITY "file_too_slow" "Reading this file took too long";
    /// Too much too fast.
    RateLimited TOO_MANY_REQUESTS "rate_limited" "That was a lot at once. Please wait a moment";
    /// The session's last reply is still being produced.
    ReplyRunning TOO_MANY_REQUESTS "reply_running" "The last reply is still being written";
    /// Something broke here.
    Internal INTERNAL_SERVER_ERROR "internal" "Something went wrong on our side";
    /// The owner's account or settings at the model's vendor do not work.
    ModelUnavailable BAD_GATEWAY "model_unavailable" "The assistant is not available at the moment";
    /// The vendor failed.
    ModelError BAD_GATEWAY "model_error" "The assistant could not answer. Please try again";
    /// The reply broke off.
    ReplyInterrupted BAD_GATEWAY "reply_interrupted" "The reply broke off. What had arrived is kept";
    /// The model said nothing.
    ReplyEmpty BAD_GATEWAY "reply_empty" "The assistant had no answer. Please try again";
    /// The vendor's safety rules stopped the reply.
    ReplyBlocked BAD_GATEWAY "reply_blocked" "The assistant cannot answer this. Please ask in another way";
    /// Too many files are being read or asked.
    ServerBusy SERVICE_UNAVAILABLE "server_busy" "The server is busy. Please try again in a moment";
    /// All files together hold as much as they may.
    FilesFull SERVICE_UNAVAILABLE "files_full" "No more files can be kept at the moment";
    /// What the owner lets bots spend in a day is spent.
    BudgetReached SERVICE_UNAVAILABLE "budget_reached" "The assistant has answered as much as it may today. Please come back tomorrow";
    /// The vendor is overloaded.
    ModelBusy SERVICE_UNAVAILABLE "model_busy" "The assistant is busy. Please try again in a moment";
    /// The conversation does not fit the model any more.
    ConversationTooLong BAD_GATEWAY "conversation_too_long" "This conversation has become too long. Please start a new one";
    /// The server is being restarted.
    Restarting SERVICE_UNAVAILABLE "restarting" "The server is restarting. Please try again in a moment";
    /// The database does not take writes.
    StorageUnavailable SERVICE_UNAVAILABLE "storage_unavailable" "Messages cannot be stored at the moment. Please try again";
    /// The disk is full.
    StorageFull SERVICE_UNAVAILABLE "storage_full" "Messages cannot be stored at the moment";
    /// Too many connections.
    TooManyConnections SERVICE_UNAVAILABLE "too_many_connections" "Too many connections. Please try again in a moment";
    /// The vendor stayed silent.
    ModelTimeout GATEWAY_TIMEOUT "model_timeout" "The assistant took too long. Please try again";
}

impl From<FailureCode> for ErrorCode {
    fn from(code: FailureCode) -> Self {
        match code {
            FailureCode::ModelUnavailable => Self::ModelUnavailable,
            FailureCode::ModelBusy => Self::ModelBusy,
            FailureCode::ModelTimeout => Self::ModelTimeout,
            FailureCode::ModelError => Self::ModelError,
            FailureCode::ReplyInterrupted => Self::ReplyInterrupted,
            FailureCode::ReplyEmpty => Self::ReplyEmpty,
            FailureCode::ConversationTooLong => Self::ConversationTooLong,
            FailureCode::Restarting => Self::Restarting,
            FailureCode::StorageUnavailable => Self::StorageUnavailable,
        }
    }
}

/// An error on its way to a client.
#[derive(Debug, Clone)]
pub struct ApiError {
    code: ErrorCode,
    sentence: Option<String>,
    fields: BTreeMap<String, Vec<String>>,
    retry_after_seconds: Option<u64>,
    /// For the log only.
    cause: Option<String>,
}

/// What every handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// The code's sentence instead of its general one. It must not hold a cause or a secret.
    #[must_use]
    pub fn saying(mut self, sentence: impl Into<String>) -> Self {
        self.sentence = Some(sentence.into());
        self
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, code: ErrorCode) -> bool {
        self.code == code
    }

    /// Names a field of the request that is wrong.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, problem: impl Into<String>) -> Self {
        self.fields.entry(name.into()).or_default().push(problem.into());
        self
    }

    /// Tells the client when to try again, in whole seconds, at least one.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds.max(1));
        self
    }

    /// Adds the cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            sentence: None,
            fields: BTreeMap::new(),
            retry_after_seconds: None,
            cause: None,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => {
                Self::from(ErrorCode::StorageUnavailable).because(error).retry_after(5)
            }
            StoreError::Full(_) => Self::from(ErrorCode::StorageFull).because(error),
            StoreError::Internal(_) => Self::from(ErrorCode::Internal).because(error),
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        let error = Self::from(ErrorCode::from(failure.code));
        match failure.retry_after_seconds {
            Some(seconds) => error.retry_after(seconds),
            None => error,
        }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::SessionNotFound => ErrorCode::SessionNotFound.into(),
            ServiceError::SessionExpired => ErrorCode::SessionExpired.into(),
            ServiceError::ReplyNotFound => ErrorCode::ReplyNotFound.into(),
            ServiceError::StepNotFound => ErrorCode::NotFound.into(),
            ServiceError::MessageIdTaken => ErrorCode::MessageIdTaken.into(),
            ServiceError::InvalidOffset => ErrorCode::InvalidOffset.into(),
            ServiceError::BotNotFound => ErrorCode::BotNotFound.into(),
            ServiceError::Message(problem) => message_error(problem),
            ServiceError::ConfigTooLarge { size_bytes, max_bytes } => Self::from(
                ErrorCode::ConfigTooLarge,
            )
            .field("config", format!("It has {size_bytes} bytes, at most {max_bytes} are kept.")),
            ServiceError::RateLimited { retry_after } => {
                Self::from(ErrorCode::RateLimited).retry_after(retry_after.as_secs() + 1)
            }
            ServiceError::BudgetReached { retry_after } => {
                Self::from(ErrorCode::BudgetReached).retry_after(retry_after.as_secs() + 1)
            }
            ServiceError::ReplyRunning => Self::from(ErrorCode::ReplyRunning).retry_after(1),
            ServiceError::File(problem) => problem.into(),
            ServiceError::Account(problem) => problem.into(),
            ServiceError::Busy => Self::from(ErrorCode::ServerBusy).retry_after(5),
            ServiceError::Restarting => Self::from(ErrorCode::Restarting).retry_after(2),
            ServiceError::Store(error) => error.into(),
            ServiceError::Internal(cause) => Self::from(ErrorCode::Internal).because(cause),
        }
    }
}

fn message_error(problem: MessageTextError) -> ApiError {
    let code = match problem {
        MessageTextError::Empty => ErrorCode::MessageEmpty,
        MessageTextError::TooLong { .. } => ErrorCode::MessageTooLong,
        MessageTextError::Nul => ErrorCode::MessageInvalid,
    };
    let sentence = problem.to_string();
    ApiError::from(code).field("message", sentence)
}

/// Writes an error as a page instead of JSON. A layer puts it on the responses of our pages, as an
/// extension.
#[derive(Clone, Copy)]
pub struct AsPage(pub fn(&ErrorView<'_>) -> String);

/// What of an error people may be told.
pub struct ErrorView<'a> {
    /// Which one it is.
    pub code: ErrorCode,
    /// In words.
    pub sentence: &'a str,
    /// When to try again.
    pub retry_after_seconds: Option<u64>,
    /// The request's name in the log.
    pub request: RequestId,
}

impl IntoResponse for ApiError {
    /// The bare status; [`render`] writes the body, as only it knows the request's id.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

/// The JSON shape of every error.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Error)]
pub(crate) struct ErrorBody<'a> {
    /// A sentence for people. It may become more precise; programs go by `code`.
    error: &'a str,
    /// The stable word for programs.
    #[schema(schema_with = code_schema)]
    code: &'static str,
    /// Also in the header `X-Request-Id`, and in the server's log.
    #[schema(format = "uuid")]
    request_id: String,
    /// What is wrong in the request, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, Vec<String>>,
}

fn code_schema() -> RefOr<Schema> {
    let words: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    one_of(&words, "The stable word for programs.")
}

/// Gives an error response its body and logs its cause. Responses that axum made itself (an
/// unknown method, say) are brought into the same shape by their status.
pub fn render(mut response: Response, request: RequestId) -> Response {
    let status = response.status();
    let dialect = response.extensions_mut().remove::<Dialect>();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let error = match response.extensions_mut().remove::<Box<ApiError>>() {
        Some(error) => *error,
        // `/health` says what is wrong in its own shape.
        // A form that was refused comes back as its page.
        None if has_own_body(&response) => return response,
        None => ApiError::from(code_of(status)),
    };
    log(&error);
    let body = ErrorBody {
        error: error.sentence.as_deref().unwrap_or(error.code.sentence()),
        code: error.code.as_str(),
        request_id: request.to_string(),
        fields: error.fields,
    };
    let view = ErrorView {
        code: error.code,
        sentence: body.error,
        retry_after_seconds: error.retry_after_seconds,
        request,
    };
    let (content_type, body) = match (response.extensions_mut().remove::<AsPage>(), dialect) {
        (Some(AsPage(write)), _) => (HTML, write(&view).into_bytes()),
        (None, Some(dialect)) => {
            (JSON, dialect.dress(serde_json::json!(body)).to_string().into_bytes())
        }
        (None, None) => (JSON, serde_json::to_vec(&body).unwrap_or_default()),
    };
    let allow = response.headers_mut().remove(ALLOW);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.remove(CONTENT_LENGTH);
    if let Some(allow) = allow {
        headers.insert(ALLOW, allow);
    }
    if let Some(seconds) = error.retry_after_seconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let status = error.code.status();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Token"));
    }
    *response.status_mut() = dialect.map_or(status, |dialect| dialect.status(status));
    *response.body_mut() = Body::from(body);
    response
}

fn has_own_body(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| [JSON, HTML, SCRIPT].iter().any(|own| value == own))
}

/// The nearest code for a status that axum or a layer answered by itself.
fn code_of(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::UNAUTHORIZED => ErrorCode::NotAuthenticated,
        StatusCode::FORBIDDEN => ErrorCode::NotAllowed,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
        StatusCode::REQUEST_TIMEOUT => ErrorCode::RequestTimeout,
        _ if status.is_server_error() => ErrorCode::Internal,
        _ => ErrorCode::InvalidRequest,
    }
}

fn log(error: &ApiError) {
    let (code, cause) = (error.code.as_str(), error.cause.as_deref());
    if error.code.status().is_server_error() && error.cause.is_some() {
        tracing::error!(code, cause, "Request failed");
    } else {
        tracing::debug!(code, cause, "Request refused");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::HashSet<_> =
            ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
    }
}
