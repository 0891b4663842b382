//! Details: what a visitor tells about themselves, in a form or by the host page.

use axum::Json as Body;
use axum::extract::State;
use serde_json::{Map, Value, json};

use crate::domain::details::{DetailProblems, changes};
use crate::domain::id::SessionId;
use crate::http::AppState;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId};

/// `POST /api/sessions/{id}/details`: only the keys given change, `null` removes one.
pub(crate) async fn save(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(id): PathId<SessionId>,
    Json(given): Json<Map<String, Value>>,
) -> ApiResult<Body<Value>> {
    let session = app.sessions.open(&actor, id).await?;
    let bot = app.sessions.bot(Some(&session.bot))?;
    let changes = changes(bot.lead_form.as_ref(), given).map_err(refused)?;
    let details = app.sessions.keep_details(&actor, &session, changes).await?;
    Ok(Body(json!({ "sessionId": id.to_string(), "details": details, "status": "updated" })))
}

fn refused(problems: DetailProblems) -> ApiError {
    let invalid = ApiError::from(ErrorCode::InvalidRequest);
    problems.into_iter().fold(invalid, |error, (key, problem)| error.field(key, problem))
}
