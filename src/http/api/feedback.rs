//! Feedback: a thumb for a reply, and a comment for the owner.

use axum::Json as Body;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::feedback::Feedback;
use crate::domain::id::MessageId;
use crate::http::AppState;
use crate::http::api::session_id;
use crate::http::auth::Visitor;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{Json, PathId};
use crate::http::openapi::{refusals, words};

/// Feedback as the API shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = Feedback)]
pub struct FeedbackData {
    #[schema(value_type = words::Rating)]
    rating: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    comment: Option<String>,
}

impl From<Feedback> for FeedbackData {
    fn from(feedback: Feedback) -> Self {
        Self { rating: feedback.rating.as_str(), comment: feedback.comment }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateReply {
    #[schema(value_type = String, format = "uuid", required)]
    session_id: Option<String>,
    /// Named even when it is null: a client that forgets it would take back what was said.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(value_type = Option<words::Rating>, required)]
    rating: Option<String>,
    /// For the owner.
    #[schema(max_length = 2000, pattern = "^[^\\x00]*$")]
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

/// An answer to feedback.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplyRated {
    #[schema(format = "uuid")]
    message_id: String,
    #[schema(inline)]
    status: words::Saved,
}

/// Rate a reply
///
/// What is sent takes the place of what was sent before; `null` takes it back. Only a reply that
/// has ended can be rated; a protected session takes ratings after its end too.
#[utoipa::path(post, path = "/api/chat/replies/{id}/feedback", operation_id = "rateReply", tag = "Replies",
    params(("id" = String, Path, format = "uuid", description = "The reply.")),
    request_body = RateReply,
    security((), ("visitorToken" = [])),
    responses(refusals::RateReply, (status = 200, description = "It is kept", body = ReplyRated)))]
pub(crate) async fn save(
    State(app): State<AppState>,
    Visitor(actor): Visitor,
    PathId(reply): PathId<MessageId>,
    Json(body): Json<RateReply>,
) -> ApiResult<Body<ReplyRated>> {
    let session = session_id(body.session_id.as_deref())?;
    app.sessions.rate(&actor, (session, reply), body.feedback()?).await?;
    Ok(Body(ReplyRated { message_id: reply.to_string(), status: words::Saved }))
}
