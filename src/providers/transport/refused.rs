//! What a model refuses to be told is left out, and remembered.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

use crate::providers::error::ProviderError;

/// Parameters that a model refused, kept with the provider so that each is refused only once.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What may be left out, as paths into the body.
    droppable: &'static [&'static str],
    /// The model that is asked: another one may take what this one refuses.
    model: Arc<str>,
    /// What is left out, by model. Held for a moment only, never across an await.
    dropped: Arc<Mutex<BTreeSet<Dropped>>>,
}

/// A model, and what it was not to be told.
type Dropped = (Arc<str>, &'static str);

impl Refused {
    /// Nothing was refused so far; each of `droppable` may be (`temperature`, `a.b` for nested).
    #[must_use]
    pub fn new(droppable: &'static [&'static str]) -> Self {
        Self { droppable, model: Arc::from(""), dropped: Arc::default() }
    }

    /// What this model has refused so far.
    #[must_use]
    pub fn of(&self, model: &str) -> Self {
        Self { model: Arc::from(model), ..self.clone() }
    }

    /// Leaves out what was refused before.
    pub(super) fn apply(&self, body: &mut Value) {
        for (_, path) in self.dropped.lock().iter().filter(|(model, _)| *model == self.model) {
            drop_parameter(body, path);
        }
    }

    /// Leaves out the parameter that a complaint names, if there is one to leave out. Vendors
    /// name it in a field or only in a sentence.
    pub(super) fn drop_named(
        &self,
        body: &mut Value,
        error: &ProviderError,
    ) -> Option<&'static str> {
        let field = error.refused_parameter.as_deref().unwrap_or_default();
        let names = |path: &str| {
            let name = path.rsplit('.').next().unwrap_or(path);
            let is_named = has_word(field, name) || has_word(&error.detail, name);
            is_named && (other_limit(name).is_none() || is_about_unknown_name(&error.detail))
        };
        self.droppable.iter().find(|path| names(path) && drop_parameter(body, path)).copied()
    }

    pub(super) fn remember(&self, path: &'static str) {
        self.dropped.lock().insert((Arc::clone(&self.model), path));
    }
}

/// The two names of the output limit. A server that refuses one understands the other, and
/// without any the answer would have no limit.
const LIMIT_NAMES: [(&str, &str); 2] =
    [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")];

fn other_limit(name: &str) -> Option<&'static str> {
    LIMIT_NAMES.iter().find(|(own, _)| *own == name).map(|(_, other)| *other)
}

/// Whether a refusal says that a name is unknown, not that its value is wrong: a limit that is
/// only too large must not be sent under a name that the server ignores.
fn is_about_unknown_name(detail: &str) -> bool {
    let detail = detail.to_ascii_lowercase();
    ["unsupported", "not supported", "unrecognized", "unknown", "extra", "not permitted"]
        .iter()
        .any(|words| detail.contains(words))
}

/// Takes a parameter out of a body; says whether it was there.
fn drop_parameter(body: &mut Value, path: &str) -> bool {
    let (parent, name) = match path.rsplit_once('.') {
        Some((parent, name)) => (body.pointer_mut(&format!("/{}", parent.replace('.', "/"))), name),
        None => (Some(body), path),
    };
    let Some(fields) = parent.and_then(Value::as_object_mut) else { return false };
    let Some(value) = fields.remove(name) else { return false };
    if let Some(other) = other_limit(name) {
        fields.insert(other.to_owned(), value);
    }
    true
}

/// Whether `text` has `word` as a whole word, where `_` belongs to a word.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::providers::error::ErrorClass;

    #[test]
    fn what_one_model_refused_is_sent_to_another() {
        let refused = Refused::new(&["temperature"]);
        refused.of("new").remember("temperature");
        let sent_to = |model: &str| {
            let mut body = json!({ "temperature": 1 });
            refused.of(model).apply(&mut body);
            body
        };
        assert_eq!(sent_to("new"), json!({}));
        assert_eq!(sent_to("old"), json!({ "temperature": 1 }));
    }

    #[test]
    fn a_named_parameter_is_dropped() {
        let refused = Refused::new(&["temperature", "a.b", "max_tokens"]);
        let mut body = json!({"temperature": 1, "a": {"b": 1, "c": 2}, "max_tokens": 5});
        let named = |detail: &str| ProviderError::new(ErrorClass::InvalidRequest, detail);
        let mut drop = |detail: &str| refused.drop_named(&mut body, &named(detail));
        assert_eq!(drop("`temperatures` is wrong"), None);
        assert_eq!(drop("`temperature` is wrong"), Some("temperature"));
        assert_eq!(drop("`temperature` is wrong"), None);
        assert_eq!(drop("field a.b"), Some("a.b"));
        assert_eq!(drop("max_tokens is too large"), None);
        assert_eq!(drop("'max_tokens' is not supported"), Some("max_tokens"));
        assert_eq!(body, json!({"a": {"c": 2}, "max_completion_tokens": 5}));
    }
}
