//! Schemas in words: what a value may be, and the fields of an object.

use serde_json::Value;

/// A piece of text, and how it is set.
pub(super) struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is code.
    pub is_code: bool,
}

/// Text whose code stands in backticks, by paragraph.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<Piece>> {
    let pieces = |paragraph: &str| {
        let parts = paragraph.split('`').enumerate();
        let piece =
            |(at, text): (usize, &str)| Piece { text: text.to_owned(), is_code: at % 2 == 1 };
        parts.filter(|(_, text)| !text.is_empty()).map(piece).collect()
    };
    text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()).map(pieces).collect()
}

/// What a value may be: words, and the schema they name, if it has a name.
#[derive(Default)]
pub(super) struct Kind {
    /// Before the name: `list of`.
    pub words: String,
    /// The name of a schema that the page shows.
    pub name: Option<String>,
    /// Behind it: `or null`, limits.
    pub more: Vec<String>,
}

/// A field of an object, or a parameter.
pub(super) struct Field {
    pub name: String,
    pub kind: Kind,
    pub is_required: bool,
    pub text: Vec<Vec<Piece>>,
}

/// The name that a reference ends with.
pub(super) fn name_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// What `schema` says a value may be.
pub(super) fn kind(schema: &Value) -> Kind {
    if let Some(name) = name_of(schema) {
        return Kind { name: Some(name.to_owned()), ..Kind::default() };
    }
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        let is_null = |choice: &&Value| choice.get("type").is_some_and(|kind| kind == "null");
        let mut kind = choices.iter().find(|choice| !is_null(choice)).map(kind).unwrap_or_default();
        if choices.iter().any(|choice| is_null(&choice)) {
            kind.more.push("or null".to_owned());
        }
        return kind;
    }
    if let Some(items) = schema.get("items").filter(|items| items.is_object()) {
        let mut inner = kind(items);
        inner.words = format!("list of {}", inner.words);
        return inner;
    }
    let mut kind = Kind { words: types(schema), ..Kind::default() };
    if let Some(inner) = schema.get("additionalProperties").filter(|inner| inner.is_object()) {
        let inner = self::kind(inner);
        kind = Kind { words: format!("object of {}", inner.words), ..inner };
    }
    kind.more.extend(limits(schema));
    kind
}

fn types(schema: &Value) -> String {
    let word = |kind: &Value| kind.as_str().unwrap_or("any value").to_owned();
    match schema.get("type") {
        None => "any value".to_owned(),
        Some(Value::Array(kinds)) => kinds.iter().map(word).collect::<Vec<_>>().join(" or "),
        Some(kind) => word(kind),
    }
}

/// What bounds a value.
fn limits(schema: &Value) -> Vec<String> {
    let text =
        |key: &str| schema.get(key).map(|value| value.to_string().trim_matches('"').to_owned());
    let words = schema.get("enum").and_then(Value::as_array).map(|words| {
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        words.join(", ")
    });
    let bound =
        |key: &str, before: &str, after: &str| Some(format!("{before}{}{after}", text(key)?));
    let format = text("format").filter(|format| !format.starts_with("int") && format != "double");
    [
        format,
        words,
        bound("minLength", "at least ", " characters"),
        bound("maxLength", "at most ", " characters"),
        bound("minimum", "from ", ""),
        bound("maximum", "to ", ""),
        bound("maxItems", "at most ", " items"),
        bound("maxProperties", "at most ", " fields"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The fields of an object, in the order of the document.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|own| own == name));
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties
        .map(|(name, field)| Field {
            name: name.clone(),
            kind: kind(field),
            is_required: is_required(name),
            text: described(field),
        })
        .collect()
}

/// What is said of a schema, a parameter, an answer.
pub(super) fn described(value: &Value) -> Vec<Vec<Piece>> {
    paragraphs(value.get("description").and_then(Value::as_str).unwrap_or_default())
}
