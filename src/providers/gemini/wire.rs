//! Chunks of `streamGenerateContent`, the fields we use. Zeros and empty parts are left out.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::providers::lenient::lenient;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Chunk {
    #[serde(deserialize_with = "lenient")]
    pub(super) candidates: Vec<Candidate>,
    #[serde(deserialize_with = "lenient")]
    pub(super) prompt_feedback: PromptFeedback,
    #[serde(deserialize_with = "lenient")]
    pub(super) usage_metadata: Option<Usage>,
    #[serde(deserialize_with = "lenient")]
    pub(super) model_version: Option<String>,
    pub(super) error: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Candidate {
    #[serde(deserialize_with = "lenient")]
    pub(super) index: u64,
    #[serde(deserialize_with = "lenient")]
    pub(super) content: Content,
    #[serde(deserialize_with = "lenient")]
    pub(super) finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    #[serde(deserialize_with = "lenient")]
    pub(super) parts: Vec<Box<RawValue>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Part {
    #[serde(deserialize_with = "lenient")]
    pub(super) text: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) thought: bool,
    #[serde(deserialize_with = "lenient")]
    pub(super) function_call: Option<FunctionCall>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FunctionCall {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) name: String,
    pub(super) args: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PromptFeedback {
    #[serde(deserialize_with = "lenient")]
    pub(super) block_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Usage {
    #[serde(deserialize_with = "lenient")]
    pub(super) prompt_token_count: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    pub(super) cached_content_token_count: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    pub(super) candidates_token_count: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    pub(super) thoughts_token_count: Option<u64>,
}
