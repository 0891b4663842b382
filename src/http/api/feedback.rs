//! Feedback: a thumb for a reply, and a comment for the owner.

use axum::Json as Body;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::feedback::Feedback;
use crate::domain::id::MessageId;
use crate::http::AppState;
use crate::http::api::session_id;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId};

/// Feedback as the API shows it.
#[derive(Serialize)]
pub struct FeedbackData {
    rating: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

impl From<Feedback> for FeedbackData {
    fn from(feedback: Feedback) -> Self {
        Self { rating: feedback.rating.as_str(), comment: feedback.comment }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateReply {
    session_id: Option<String>,
    /// Named even when it is null: a client that forgets it would take back what was said.
    #[serde(deserialize_with = "Option::deserialize")]
    rating: Option<String>,
    comment: Option<String>,
}

impl RateReply {
    fn feedback(&self) -> ApiResult<Option<Feedback>> {
        let invalid = |field: &str, problem: String| {
            ApiError::from(ErrorCode::InvalidRequest).field(field, problem)
        };
        let Some(rating) = &self.rating else { return Ok(None) };
        let rating =
            rating.parse().map_err(|_| invalid("rating", "It must be up, down or null.".into()))?;
        let feedback = Feedback::new(rating, self.comment.as_deref());
        feedback.map(Some).map_err(|problem| invalid("comment", problem.to_string()))
    }
}

/// `POST /api/chat/replies/{id}/feedback`: in the place of what was said before.
pub(crate) async fn save(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(reply): PathId<MessageId>,
    Json(body): Json<RateReply>,
) -> ApiResult<Body<Value>> {
    let session = session_id(body.session_id.as_deref())?;
    app.sessions.rate(&actor, (session, reply), body.feedback()?).await?;
    Ok(Body(json!({ "messageId": reply.to_string(), "status": "saved" })))
}
