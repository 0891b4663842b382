//! Reading JSON of servers that keep to their format only roughly.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::providers::error::{ErrorClass, ProviderError};

/// Reads a field that may be null or of another type than expected: then it is as if absent.
/// Use with `#[serde(default, deserialize_with = "lenient")]`.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    // Kept as text until its type is known: an event has many fields, and a tree for each costs
    // more than all the rest of reading it.
    let text = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(text.get()).unwrap_or_default())
}

/// Reads the data of an event.
pub(super) fn parse<T: DeserializeOwned>(data: &str) -> Result<T, ProviderError> {
    serde_json::from_str(data).map_err(|error| {
        ProviderError::new(ErrorClass::Malformed, format!("an event is not the JSON due: {error}"))
    })
}
