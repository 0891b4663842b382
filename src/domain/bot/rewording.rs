//! `BOT_STRINGS`: the owner's own wording of the widget.

use serde_json::{Map, Value};

use crate::domain::bot::Reworded;
use crate::domain::bot::parse::unquoted;

/// Longest text of one key, characters.
const MAX_TEXT_CHARS: usize = 1000;

/// A JSON object of texts by key, or of such objects by language. Whether the keys and languages
/// exist is found out where the language files are.
pub(super) fn rewording(text: &str) -> Result<Vec<Reworded>, String> {
    let parsed: Map<String, Value> = serde_json::from_str(unquoted(text)).map_err(|_| {
        "is not a JSON object (a .env file needs single quotes around it)".to_owned()
    })?;
    let mut rewording = Vec::new();
    for (name, value) in parsed {
        match value {
            Value::Object(words) => {
                for (key, value) in words {
                    rewording.push(reworded(Some(&name), key, &value)?);
                }
            }
            value => rewording.push(reworded(None, name, &value)?),
        }
    }
    Ok(rewording)
}

fn reworded(language: Option<&str>, key: String, value: &Value) -> Result<Reworded, String> {
    let text =
        value.as_str().ok_or_else(|| format!("holds something else than a text at `{key}`"))?;
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(format!("holds more than {MAX_TEXT_CHARS} characters at `{key}`"));
    }
    Ok(Reworded { language: language.map(str::to_owned), key, text: text.to_owned() })
}
