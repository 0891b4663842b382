//! A vendor's complaint, in whichever shape it comes: read leniently, sorted into a class.

use std::time::Duration;

use serde_json::Value;

use crate::providers::error::{ErrorClass, ProviderError};

/// The most that is kept of a vendor's words.
const MAX_DETAIL_BYTES: usize = 2048;

/// Shorter ones are fillers for servers that want none; hiding `x` would garble every sentence.
const LEAST_KEY_BYTES: usize = 8;

/// Says the class of a complaint whose words the vendor gives a meaning; a table per vendor.
pub type Classify = fn(&Complaint) -> Option<ErrorClass>;

/// What a vendor said when it could not do what was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    /// HTTP status, or the number that stood for one in the body.
    pub status: Option<u16>,
    /// Words of its types, codes, states and reasons, as the vendor spells them.
    pub codes: Vec<String>,
    /// The parameter it names.
    pub parameter: Option<String>,
    /// The sentence for people.
    pub message: String,
    /// How long it asks us to wait.
    pub retry_after: Option<Duration>,
}

impl Complaint {
    /// Reads the body of an answer with an error status: JSON of some shape, HTML, text, nothing.
    #[must_use]
    pub fn from_body(status: u16, body: &[u8]) -> Self {
        let mut complaint = Self { status: Some(status), ..Self::default() };
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => complaint.absorb(&value),
            Err(_) => complaint.message = String::from_utf8_lossy(body).trim().to_owned(),
        }
        complaint
    }

    /// Reads an error object that came inside a stream.
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let mut complaint = Self::default();
        complaint.absorb(value);
        complaint
    }

    /// The class that `table` gives its words. Money matters more than the rest: it often comes
    /// with a status and type that look like a rate limit.
    #[must_use]
    pub fn class_in(&self, table: &[(&str, ErrorClass)]) -> Option<ErrorClass> {
        let classes = || {
            self.codes.iter().filter_map(|code| {
                table.iter().find(|(word, _)| word.eq_ignore_ascii_case(code)).map(|entry| entry.1)
            })
        };
        classes().find(|class| *class == ErrorClass::Billing).or_else(|| classes().next())
    }

    /// The error we report for it.
    #[must_use]
    pub fn into_error(self, classify: Classify) -> ProviderError {
        ProviderError {
            class: self.class(classify),
            status: self.status,
            retry_after: self.retry_after,
            refused_parameter: self.parameter.clone(),
            detail: self.detail(),
        }
    }

    fn class(&self, classify: Classify) -> ErrorClass {
        classify(self)
            .or_else(|| self.is_too_long().then_some(ErrorClass::ContextLength))
            .unwrap_or_else(|| self.class_by_status())
    }

    /// Servers without a code for it say it in words; these are Anthropic's, OpenAI's and vLLM's,
    /// llama.cpp's.
    fn is_too_long(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        matches!(self.status, None | Some(400 | 413 | 422 | 500))
            && [
                "prompt is too long",
                "maximum context length",
                "exceeds the available context size",
            ]
            .iter()
            .any(|words| message.contains(words))
    }

    fn class_by_status(&self) -> ErrorClass {
        match self.status {
            Some(401 | 403) => ErrorClass::Auth,
            Some(402) => ErrorClass::Billing,
            Some(404) => ErrorClass::NotFound,
            Some(408) => ErrorClass::Timeout,
            Some(413) => ErrorClass::TooLarge,
            Some(429 | 498) => ErrorClass::RateLimited,
            Some(503 | 529) => ErrorClass::Overloaded,
            Some(409) => ErrorClass::Server,
            Some(300..=499) => ErrorClass::InvalidRequest,
            Some(_) => ErrorClass::Server,
            None if self.codes.iter().any(|code| code.starts_with("invalid_")) => {
                ErrorClass::InvalidRequest
            }
            None => ErrorClass::Server,
        }
    }

    fn detail(&self) -> String {
        let mut detail = self.codes.join(" ");
        if !detail.is_empty() && !self.message.is_empty() {
            detail.push_str(": ");
        }
        detail.push_str(&self.message);
        cut(&mut detail, MAX_DETAIL_BYTES);
        detail
    }

    /// Takes over what it understands: an object, an array of one, `{error: string}`,
    /// `{error: {…}}`, `{detail}`, `{message}`.
    fn absorb(&mut self, value: &Value) {
        match value {
            Value::String(message) => self.say(message),
            Value::Array(items) => items.iter().for_each(|item| self.absorb(item)),
            Value::Object(fields) => {
                for key in ["type", "code", "status", "error_code", "reason", "quotaId"] {
                    fields.get(key).into_iter().for_each(|code| self.absorb_code(code));
                }
                for key in ["message", "msg", "error", "detail", "details", "violations"] {
                    fields.get(key).into_iter().for_each(|inner| self.absorb(inner));
                }
                self.absorb_parameter(fields.get("param").or_else(|| fields.get("loc")));
                let delay = fields.get("retryDelay").and_then(Value::as_str).and_then(seconds);
                self.retry_after = delay.or(self.retry_after);
            }
            _ => {}
        }
    }

    /// A code is a word, or a number that stands for an HTTP status.
    fn absorb_code(&mut self, code: &Value) {
        let number = code.as_u64().or_else(|| code.as_str()?.parse().ok());
        match (number, code) {
            (Some(number @ 400..=599), _) => {
                self.status = self.status.or_else(|| u16::try_from(number).ok());
            }
            (None, Value::String(word)) if word != "error" && !word.is_empty() => {
                let mut word = word.clone();
                cut(&mut word, 80);
                self.codes.push(word);
            }
            _ => {}
        }
    }

    /// `param` is a name; FastAPI's `loc` is a path such as `["body", "temperature"]`.
    fn absorb_parameter(&mut self, parameter: Option<&Value>) {
        let name = match parameter {
            Some(Value::Array(path)) => path.iter().rev().find_map(Value::as_str),
            Some(Value::String(name)) => Some(name.as_str()),
            _ => None,
        };
        self.parameter = name.map(str::to_owned).or_else(|| self.parameter.take());
    }

    fn say(&mut self, sentence: &str) {
        if !self.message.is_empty() {
            self.message.push_str("; ");
        }
        self.message.push_str(sentence.trim());
    }
}

/// A duration as Google writes it: `37.5s`.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

/// Cuts a text to at most `max` bytes, at the end of a character.
pub(super) fn cut(text: &mut String, max: usize) {
    text.truncate(text.floor_char_boundary(max));
}

/// Replaces the key, and words that show a part of it, by stars. Vendors quote the key they
/// refuse, with its middle replaced by stars or dots.
pub(super) fn redact(text: &str, key: &str) -> String {
    if key.len() < LEAST_KEY_BYTES {
        return text.to_owned();
    }
    let beginning = key.get(..key.floor_char_boundary(6)).unwrap_or(key);
    let end = key.get(key.ceil_char_boundary(key.len().saturating_sub(4))..).unwrap_or(key);
    let shows_key = |word: &str| {
        let is_shortened = word.contains(['*', '…']) || word.contains("..");
        word.contains("****") || word.contains(beginning) || (is_shortened && word.contains(end))
    };
    let text = text.replace(key, "***");
    let words = text.split_inclusive(char::is_whitespace);
    words.map(|word| if shows_key(word) { "*** " } else { word }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, body: &str) -> ErrorClass {
        Complaint::from_body(status, body.as_bytes()).into_error(|_| None).class
    }

    #[test]
    fn bodies_of_any_shape_are_understood() {
        let cases = [
            r#"{"error":{"message":"why","type":"a","code":"b"}}"#,
            r#"{"error":"why"}"#,
            r#"[{"error":{"code":400,"message":"why","status":"X"}}]"#,
            r#"{"message":"why"}"#,
            r#"{"detail":"why"}"#,
            r#"{"object":"error","detail":[{"loc":["body","x"],"msg":"why"}]}"#,
            "why",
        ];
        for body in cases {
            assert_eq!(Complaint::from_body(400, body.as_bytes()).message, "why", "{body}");
        }
        for body in ["", "null", "[]", "{}", "7", "{\"error\":null}"] {
            assert_eq!(Complaint::from_body(400, body.as_bytes()).message, "", "{body}");
        }
    }

    #[test]
    fn a_status_has_a_class() {
        use ErrorClass as Class;
        let cases = [
            (400, Class::InvalidRequest),
            (401, Class::Auth),
            (402, Class::Billing),
            (403, Class::Auth),
            (404, Class::NotFound),
            (408, Class::Timeout),
            (409, Class::Server),
            (413, Class::TooLarge),
            (422, Class::InvalidRequest),
            (429, Class::RateLimited),
            (498, Class::RateLimited),
            (500, Class::Server),
            (502, Class::Server),
            (503, Class::Overloaded),
            (504, Class::Server),
            (529, Class::Overloaded),
            (302, Class::InvalidRequest),
        ];
        for (status, expected) in cases {
            assert_eq!(class(status, ""), expected, "{status}");
        }
    }

    #[test]
    fn numbers_for_codes_count_as_status() {
        let inside = |code: &str| {
            let json = format!(r#"{{"code":{code},"message":"m"}}"#);
            Complaint::from_json(&serde_json::from_str(&json).unwrap()).into_error(|_| None).class
        };
        assert_eq!(inside("429"), ErrorClass::RateLimited);
        assert_eq!(inside("\"503\""), ErrorClass::Overloaded);
        assert_eq!(inside("7"), ErrorClass::Server);
    }

    #[test]
    fn the_key_and_its_parts_are_redacted() {
        let key = "sk-proj-abcdefghijkl";
        for text in [
            "Incorrect API key provided: sk-proj-abcdefghijkl.",
            "Incorrect API key provided: sk-proj-****ijkl. You can",
            "key=sk-proj-abcdefgh",
            "sk-p...ijkl is wrong",
            "sk…ijkl is wrong",
        ] {
            let redacted = redact(text, key);
            assert!(!redacted.contains("ijkl") && !redacted.contains("abcd"), "{redacted}");
        }
        assert_eq!(redact("nothing to hide", key), "nothing to hide");
        assert_eq!(redact("nothing to hide", ""), "nothing to hide");
        assert_eq!(redact("ollama is busy", "ollama"), "ollama is busy");
        assert_eq!(redact("the éééééé…éé is bad", "éééééééé"), "the *** is bad");
    }

    #[test]
    fn a_long_complaint_is_cut_between_characters() {
        let error = Complaint::from_body(500, "é".repeat(9000).as_bytes()).into_error(|_| None);
        assert!(error.detail.len() <= MAX_DETAIL_BYTES);
    }
}
