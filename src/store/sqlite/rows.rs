//! Rows as they are stored, and how they become domain values. A row that cannot be one is an
//! internal error which says where it stands.

use std::fmt::Display;
use std::str::FromStr;

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::account::AccountId;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::evidence::Step;
use crate::domain::feedback::Feedback;
use crate::domain::file::{File, FileName};
use crate::domain::message::{Message, MessageStatus, ReplyFacts, Role};
use crate::domain::session::{Session, SessionConfig};
use crate::domain::usage::Usage;
use crate::store::{StoreError, StoreResult};

pub(super) fn impossible(table: &str, column: &str, key: i64, why: impl Display) -> StoreError {
    StoreError::Internal(format!("impossible row: {table}.{column} where key = {key}: {why}"))
}

/// A row of `sessions`.
pub(super) struct SessionRow {
    key: i64,
    id: String,
    bot: String,
    user_identifier: Option<String>,
    config: String,
    protected: bool,
    created_at: i64,
    last_activity: i64,
    message_count: i64,
    details: Option<String>,
    account: Option<i64>,
}

impl SessionRow {
    /// What to select for [`Self::read`].
    pub(super) const COLUMNS: &str = "key, id, bot, user_identifier, config, \
         token_hash is not null, created_at, last_activity, message_count, details, account";

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            bot: row.get(2)?,
            user_identifier: row.get(3)?,
            config: row.get(4)?,
            protected: row.get(5)?,
            created_at: row.get(6)?,
            last_activity: row.get(7)?,
            message_count: row.get(8)?,
            details: row.get(9)?,
            account: row.get(10)?,
        })
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> StoreResult<Self> {
        Ok(Self {
            id: row.id.parse().map_err(|why| impossible("sessions", "id", row.key, why))?,
            number: row.key,
            bot: row.bot,
            user_identifier: row.user_identifier,
            config: config(row.key, &row.config)?,
            details: details(row.key, row.details.as_deref())?,
            protected: row.protected,
            account: row.account.map(AccountId::new),
            created_at: Timestamp::from_ms(row.created_at),
            last_activity: Timestamp::from_ms(row.last_activity),
            message_count: count("sessions", "message_count", row.key, row.message_count)?,
        })
    }
}

/// A session's settings as stored.
pub(super) fn config(key: i64, text: &str) -> StoreResult<SessionConfig> {
    serde_json::from_str(text).map_err(|why| impossible("sessions", "config", key, why))
}

/// A visitor's details as stored.
pub(super) fn details(key: i64, text: Option<&str>) -> StoreResult<Details> {
    let parsed = text.map(serde_json::from_str).transpose();
    let details = parsed.map_err(|why| impossible("sessions", "details", key, why))?;
    Ok(details.unwrap_or_default())
}

/// A list for a column; an empty one is stored as null.
pub(super) fn list<T: Serialize>(items: &[T]) -> StoreResult<Option<String>> {
    let text = (!items.is_empty()).then(|| serde_json::to_string(items)).transpose();
    text.map_err(|error| StoreError::Internal(format!("write a list: {error}")))
}

/// A number that counts something.
pub(super) fn count(table: &str, column: &str, key: i64, number: i64) -> StoreResult<u64> {
    u64::try_from(number).map_err(|why| impossible(table, column, key, why))
}

/// A row of `messages`.
pub(super) struct MessageRow {
    key: i64,
    id: String,
    role: String,
    content: String,
    status: String,
    created_at: i64,
    answers: Option<String>,
    provider: Option<String>,
    model: Option<String>,
    finish_reason: Option<String>,
    failure: Option<String>,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    cached_input_tokens: Option<i64>,
    rating: Option<String>,
    comment: Option<String>,
    suggestions: Option<String>,
    asks_contact: bool,
    steps: Option<String>,
    unverified: Option<String>,
}

impl MessageRow {
    /// What to select for [`Self::read`].
    pub(super) const COLUMNS: &str = "key, id, role, content, status, created_at, \
         answers, provider, model, finish_reason, failure, \
         input_tokens, output_tokens, cached_input_tokens, rating, comment, \
         suggestions, asks_contact, steps, unverified";

    /// The same without steps, which may be large.
    pub(super) const COLUMNS_WITHOUT_STEPS: &str = "key, id, role, content, status, created_at, \
         answers, provider, model, finish_reason, failure, \
         input_tokens, output_tokens, cached_input_tokens, rating, comment, \
         suggestions, asks_contact, null, unverified";

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            role: row.get(2)?,
            content: row.get(3)?,
            status: row.get(4)?,
            created_at: row.get(5)?,
            answers: row.get(6)?,
            provider: row.get(7)?,
            model: row.get(8)?,
            finish_reason: row.get(9)?,
            failure: row.get(10)?,
            input_tokens: row.get(11)?,
            output_tokens: row.get(12)?,
            cached_input_tokens: row.get(13)?,
            rating: row.get(14)?,
            comment: row.get(15)?,
            suggestions: row.get(16)?,
            asks_contact: row.get(17)?,
            steps: row.get(18)?,
            unverified: row.get(19)?,
        })
    }

    fn parse<T>(&self, column: &str, word: &str) -> StoreResult<T>
    where
        T: FromStr<Err: Display>,
    {
        word.parse().map_err(|why| impossible("messages", column, self.key, why))
    }

    fn parse_some<T>(&self, column: &str, word: Option<&String>) -> StoreResult<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        word.map(|word| self.parse(column, word)).transpose()
    }

    fn tokens(&self, column: &str, number: Option<i64>) -> StoreResult<Option<u64>> {
        number.map(|number| count("messages", column, self.key, number)).transpose()
    }

    fn list<T: DeserializeOwned>(
        &self,
        column: &str,
        text: Option<&String>,
    ) -> StoreResult<Vec<T>> {
        let parsed = text.map(|text| serde_json::from_str(text)).transpose();
        let list = parsed.map_err(|why| impossible("messages", column, self.key, why))?;
        Ok(list.unwrap_or_default())
    }

    /// The steps; of a reply that has ended none runs any more, even if a crash ended it.
    fn steps(&self) -> StoreResult<Vec<Step>> {
        let mut steps: Vec<Step> = self.list("steps", self.steps.as_ref())?;
        if self.status != MessageStatus::Streaming.as_str() {
            steps.iter_mut().for_each(Step::cut_off);
        }
        Ok(steps)
    }

    fn reply(&self) -> StoreResult<ReplyFacts> {
        let (Some(provider), Some(model)) = (&self.provider, &self.model) else {
            return Err(impossible("messages", "provider, model", self.key, "a reply without"));
        };
        Ok(ReplyFacts {
            answers: self.parse_some("answers", self.answers.as_ref())?,
            provider: provider.clone(),
            model: model.clone(),
            finish_reason: self.parse_some("finish_reason", self.finish_reason.as_ref())?,
            failure: self.parse_some("failure", self.failure.as_ref())?,
            usage: Usage {
                input_tokens: self.tokens("input_tokens", self.input_tokens)?,
                output_tokens: self.tokens("output_tokens", self.output_tokens)?,
                cached_input_tokens: self
                    .tokens("cached_input_tokens", self.cached_input_tokens)?,
            },
            feedback: self
                .parse_some("rating", self.rating.as_ref())?
                .map(|rating| Feedback { rating, comment: self.comment.clone() }),
            suggestions: self.list("suggestions", self.suggestions.as_ref())?,
            asks_contact: self.asks_contact,
            steps: self.steps()?,
            unverified: self.list("unverified", self.unverified.as_ref())?,
        })
    }
}

impl TryFrom<MessageRow> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> StoreResult<Self> {
        let role = row.parse("role", &row.role)?;
        Ok(Self {
            id: row.parse("id", &row.id)?,
            number: row.key,
            role,
            status: row.parse("status", &row.status)?,
            created_at: Timestamp::from_ms(row.created_at),
            reply: (role == Role::Assistant).then(|| row.reply()).transpose()?,
            content: row.content,
        })
    }
}

/// A row of `files`.
pub(super) struct FileRow {
    key: i64,
    id: String,
    name: String,
    kind: String,
    shape: String,
    size_bytes: i64,
    uploaded_at: i64,
    tables: String,
}

impl FileRow {
    /// What to select for [`Self::read`].
    pub(super) const COLUMNS: &str = "key, id, name, kind, shape, size_bytes, uploaded_at, tables";

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            shape: row.get(4)?,
            size_bytes: row.get(5)?,
            uploaded_at: row.get(6)?,
            tables: row.get(7)?,
        })
    }
}

impl TryFrom<FileRow> for File {
    type Error = StoreError;

    fn try_from(row: FileRow) -> StoreResult<Self> {
        let key = row.key;
        Ok(Self {
            id: row.id.parse().map_err(|why| impossible("files", "id", key, why))?,
            name: FileName::cleaned(&row.name),
            kind: row.kind.parse().map_err(|why| impossible("files", "kind", key, why))?,
            shape: serde_json::from_str(&row.shape)
                .map_err(|why| impossible("files", "shape", key, why))?,
            size_bytes: count("files", "size_bytes", key, row.size_bytes)?,
            uploaded_at: Timestamp::from_ms(row.uploaded_at),
            tables: serde_json::from_str(&row.tables)
                .map_err(|why| impossible("files", "tables", key, why))?,
        })
    }
}
