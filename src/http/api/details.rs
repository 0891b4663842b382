//! Details: what a visitor tells about themselves, in a form or by the host page.

use axum::Json as Body;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::details::{DetailProblems, Details, changes};
use crate::domain::id::SessionId;
use crate::http::AppState;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId};
use crate::http::openapi::{refusals, shapes, words};

/// What is known of a visitor now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DetailsKept {
    #[schema(format = "uuid")]
    session_id: String,
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    details: Details,
    #[schema(inline)]
    status: words::Updated,
}

/// Tell who the visitor is
///
/// `name`, `email` and `phone`, and the fields of the owner's form (`leadForm` of the bot). Only
/// the keys given change; `null` removes one. What cannot be taken is named in `fields`, and then
/// nothing is kept.
#[utoipa::path(post, path = "/api/sessions/{id}/details", operation_id = "saveDetails", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session.")),
    request_body(content = shapes::DetailsGiven, example = json!({ "name": "Ada", "email": "ada@example.com" })),
    security((), ("visitorToken" = [])),
    responses(refusals::SaveDetails, (status = 200, description = "They are kept", body = DetailsKept)))]
pub(crate) async fn save(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Json(given): Json<Map<String, Value>>,
) -> ApiResult<Body<DetailsKept>> {
    let session = app.sessions.open(&actor, id).await?;
    let bot = app.sessions.bot(Some(&session.bot))?;
    let changes = changes(bot.lead_form.as_ref(), given).map_err(refused)?;
    let details = app.sessions.keep_details(&actor, &session, changes).await?;
    let status = words::Updated;
    Ok(Body(DetailsKept { session_id: id.to_string(), details, status }))
}

fn refused(problems: DetailProblems) -> ApiError {
    let invalid = ApiError::from(ErrorCode::InvalidRequest);
    problems.into_iter().fold(invalid, |error, (key, problem)| error.field(key, problem))
}
