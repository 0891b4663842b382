//! Schemas of the domain's enums that are written as one word, and of answers that hold one word.

use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

/// A text that is one of these words.
pub(crate) fn one_of(words: &[&str], description: &str) -> RefOr<Schema> {
    let description = description.trim();
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description((!description.is_empty()).then_some(description))
        .enum_values(Some(words.iter().copied()))
        .into()
}

/// Schemas that take their words from the domain, so that none is forgotten.
macro_rules! word_schemas {
    ($(#[doc = $doc:literal] $name:ident: $words:expr;)+) => {$(
        #[doc = $doc]
        pub(crate) struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                one_of($words, $doc)
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

word_schemas! {
    /// Who said it: the visitor, the bot, or the server itself.
    Role: crate::domain::message::Role::WORDS;
    /// Where a message stands. A visitor's message is always complete.
    MessageStatus: crate::domain::message::MessageStatus::WORDS;
    /// Why a reply ended.
    FinishReason: crate::domain::message::FinishReason::WORDS;
    /// Why a reply failed: the codes of errors that a model may cause.
    FailureCode: crate::domain::message::FailureCode::WORDS;
    /// Where the use of a tool stands.
    StepStatus: crate::domain::evidence::StepStatus::WORDS;
    /// How a chart is drawn.
    ChartKind: crate::domain::evidence::ChartKind::WORDS;
    /// What the cells of a column mean.
    ColumnType: crate::domain::table::ColumnType::WORDS;
    /// What kind of file it is.
    FileKind: crate::domain::table::FileKind::WORDS;
    /// Which way the thumb points.
    Rating: crate::domain::feedback::Rating::WORDS;
    /// When the form is shown.
    AskWhen: crate::domain::lead::AskWhen::WORDS;
    /// What kind of answer a field takes.
    FieldKind: crate::domain::lead::FieldKind::WORDS;
    /// In which lower corner of the host page the button stands.
    Corner: &[crate::domain::bot::Corner::Right.as_str(), crate::domain::bot::Corner::Left.as_str()];
}

/// Types that say always the same word.
macro_rules! said {
    ($($name:ident $word:literal;)+) => {$(
        #[doc = concat!("Always `", $word, "`.")]
        pub(crate) struct $name;

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($word)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                one_of(&[$word], "")
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

said! {
    Created "created";
    Updated "updated";
    Cleared "cleared";
    Erased "erased";
    Saved "saved";
}
