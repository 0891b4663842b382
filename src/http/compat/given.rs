//! What clients of older backends send: an object as JSON or as a form, and what is wrong with it in
//! the words that Django REST framework has for it.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::domain::id::SessionId;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{is_json, parse, read_body};

/// The fields of a body, and what was wrong with those looked at so far.
#[derive(Debug, Default)]
pub struct Given {
    fields: Map<String, Value>,
    problems: Vec<(String, String, ErrorCode)>,
}

impl<S: Send + Sync> FromRequest<S> for Given {
    type Rejection = ApiError;

    /// No body at all is an object without fields: `fetch(url, {method: "POST"})` sends none.
    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        let bytes = read_body(request).await?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if kind.starts_with("application/x-www-form-urlencoded") {
            return Ok(Self::from(form(&bytes)));
        }
        if !is_json(&kind) {
            return Err(ErrorCode::UnsupportedMediaType.into());
        }
        match parse(&bytes)? {
            Value::Object(fields) => Ok(Self::from(fields)),
            _ => {
                let problem = "Invalid data. Expected a dictionary.";
                Err(ApiError::from(ErrorCode::InvalidRequest).field("non_field_errors", problem))
            }
        }
    }
}

impl From<Map<String, Value>> for Given {
    fn from(fields: Map<String, Value>) -> Self {
        Self { fields, problems: Vec::new() }
    }
}

/// The fields of a form. One within another is `user_details.name` in Django's forms and
/// `user_details[name]` in those of `axios` and `qs`.
fn form(bytes: &[u8]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        let value = Value::String(value.into_owned());
        let inner = name.split_once('.').or_else(|| name.strip_suffix(']')?.split_once('['));
        match inner {
            None => drop(fields.insert(name.into_owned(), value)),
            Some((outer, inner)) => {
                let outer = fields.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Some(outer) = outer.as_object_mut() {
                    outer.insert(inner.to_owned(), value);
                }
            }
        }
    }
    fields
}

impl Given {
    /// Takes a field out as it is; `null` is none.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// Notes what is wrong with a field. The first problem gives the answer its code.
    pub fn wrong(&mut self, name: &str, problem: impl Into<String>, code: ErrorCode) {
        self.problems.push((name.to_owned(), problem.into(), code));
    }

    /// A text; a number is one as well.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.wrong(name, "Not a valid string.", ErrorCode::InvalidRequest);
                Some(String::new())
            }
        }
    }

    /// A message of at most `max_chars` characters, without the white space around it.
    pub fn message(&mut self, max_chars: usize) -> String {
        let (before, is_null) = (self.problems.len(), self.fields.contains_key("message"));
        let text = self.text("message");
        if self.problems.len() > before {
            return String::new();
        }
        let Some(text) = text else {
            let problem =
                if is_null { "This field may not be null." } else { "This field is required." };
            self.wrong("message", problem, ErrorCode::MessageEmpty);
            return String::new();
        };
        let text = text.trim();
        if text.is_empty() {
            self.wrong("message", "This field may not be blank.", ErrorCode::MessageEmpty);
        } else if text.chars().count() > max_chars {
            let problem = format!("Ensure this field has no more than {max_chars} characters.");
            self.wrong("message", problem, ErrorCode::MessageTooLong);
        }
        text.to_owned()
    }

    /// The session that has to be named.
    pub fn session(&mut self, name: &str) -> Option<Named> {
        let text = self.text(name);
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            self.wrong(name, "This field is required.", ErrorCode::MissingSessionId);
            return None;
        };
        Some(Named(text))
    }

    /// Answers what was wrong, if anything was.
    ///
    /// # Errors
    /// What was wrong, by field.
    pub fn check(self) -> ApiResult<()> {
        let Some((name, problem, code)) = self.problems.first() else { return Ok(()) };
        let sentence = match problem.as_str() {
            "This field is required." => format!("{name} is required"),
            problem => format!("{name}: {problem}"),
        };
        let error = ApiError::from(*code).saying(sentence);
        let problems = self.problems.into_iter();
        Err(problems.fold(error, |error, (name, problem, _)| error.field(name, problem)))
    }
}

/// A session as a client names it. Whatever is no id is not found, like an unknown one.
#[derive(Debug)]
pub struct Named(pub String);

impl Named {
    /// The session's id.
    ///
    /// # Errors
    /// It is none.
    pub fn id(&self) -> ApiResult<SessionId> {
        self.0.trim().parse().map_err(|_| ErrorCode::SessionNotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn given(value: &Value) -> Given {
        Given::from(value.as_object().expect("an object").clone())
    }

    #[test]
    fn a_form_says_what_json_says() {
        let expected =
            json!({ "message": "a b&c", "user_details": { "name": "Ada", "email": "" } });
        for text in [
            "message=a+b%26c&user_details[name]=Ada&user_details%5Bemail%5D=",
            "message=a%20b%26c&user_details.name=Ada&user_details.email=",
        ] {
            assert_eq!(Value::Object(form(text.as_bytes())), expected, "{text}");
        }
        assert_eq!(Value::Object(form(b"a=1&a[b]=2&[]=3&]=4&=5&a.b")).get("a"), Some(&json!("1")));
    }

    #[test]
    fn a_message_is_a_text_or_a_number_and_not_too_long() {
        for (value, text) in [(json!(" hi "), "hi"), (json!(42), "42"), (json!("12345"), "12345")] {
            let mut given = given(&json!({ "message": value }));
            assert_eq!(given.message(5), text);
            given.check().expect("a message");
        }
        for value in [json!(null), json!(""), json!(" \n"), json!("123456"), json!([]), json!(true)]
        {
            let mut given = given(&json!({ "message": value }));
            given.message(5);
            given.check().expect_err("no message");
        }
    }
}
