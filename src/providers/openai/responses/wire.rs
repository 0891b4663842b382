//! Events of the Responses API, the fields we use.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::providers::lenient::lenient;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) object: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) output_index: u64,
    #[serde(deserialize_with = "lenient")]
    pub(super) delta: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) item: Option<Box<RawValue>>,
    #[serde(deserialize_with = "lenient")]
    pub(super) response: Response,
    pub(super) error: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Item {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) call_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) name: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) arguments: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) content: Vec<Part>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) text: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) refusal: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Response {
    #[serde(deserialize_with = "lenient")]
    pub(super) model: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) status: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) output: Vec<Box<RawValue>>,
    pub(super) error: Value,
    #[serde(deserialize_with = "lenient")]
    pub(super) incomplete_details: Incomplete,
    #[serde(deserialize_with = "lenient")]
    pub(super) usage: Option<Usage>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Incomplete {
    #[serde(deserialize_with = "lenient")]
    pub(super) reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    #[serde(deserialize_with = "lenient")]
    pub(super) input_tokens: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    pub(super) input_tokens_details: InputDetails,
    #[serde(deserialize_with = "lenient")]
    pub(super) output_tokens: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InputDetails {
    #[serde(deserialize_with = "lenient")]
    pub(super) cached_tokens: Option<u64>,
}
