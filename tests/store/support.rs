//! Sessions, turns and instants to test with.

use std::path::PathBuf;
use std::sync::Arc;

use alcove::domain::actor::Actor;
use alcove::domain::clock::Timestamp;
use alcove::domain::evidence::{Evidence, Step, StepStatus};
use alcove::domain::id::{MessageId, SessionId};
use alcove::domain::message::{FinishReason, Message, MessageStatus};
use alcove::domain::secret::TokenHash;
use alcove::domain::session::SessionConfig;
use alcove::domain::table::{QueryResult, Value};
use alcove::domain::usage::Usage;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{
    BeginTurn, BegunTurn, FinishTurn, HistoryPage, NewSession, PartialReply, Store,
};
use tempfile::TempDir;

/// A store and what must live as long as it.
pub struct Backend {
    pub store: Arc<dyn Store>,
    _folder: Option<TempDir>,
}

/// A fresh SQLite store in a folder of its own.
pub async fn sqlite() -> Backend {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(SqliteSettings::new(file_in(&folder))).expect("a new store");
    Backend { store: Arc::new(store), _folder: Some(folder) }
}

/// Where a SQLite test keeps its database.
pub fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("alcove.db")
}

/// The instant `seconds` after an arbitrary beginning.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000 + seconds * 1000)
}

/// Somebody who shows this token.
pub fn holder_of(token: &str) -> Actor {
    Actor::Visitor { token: Some(TokenHash::of(token)) }
}

/// The newest messages, as many as there are.
pub const ALL: HistoryPage = HistoryPage { limit: 1000, before: None };

/// A session without token, made at second 0.
pub fn new_session() -> NewSession {
    NewSession {
        id: SessionId::random(),
        bot: "default".to_owned(),
        user_identifier: None,
        config: SessionConfig::new(),
        token: None,
        account: None,
        now: at(0),
    }
}

/// Stores a session without token.
pub async fn open_session(store: &dyn Store) -> SessionId {
    let session = new_session();
    let id = session.id;
    store.create_session(session).await.expect("a new session");
    id
}

/// Stores a session that opens with `token` only.
pub async fn protected_session(store: &dyn Store, token: &str) -> SessionId {
    let session = NewSession { token: Some(TokenHash::of(token)), ..new_session() };
    let id = session.id;
    store.create_session(session).await.expect("a new session");
    id
}

/// A turn in which the visitor says `text`, at second 10.
pub fn turn(session: SessionId, text: &str) -> BeginTurn {
    BeginTurn {
        session,
        message: MessageId::random(),
        reply: MessageId::random(),
        text: text.to_owned(),
        provider: "demo".to_owned(),
        model: "demo-1".to_owned(),
        replaces: None,
        now: at(10),
    }
}

/// The good end of a turn, at second 20.
pub fn end(session: SessionId, reply: MessageId, text: &str) -> FinishTurn {
    FinishTurn {
        session,
        reply,
        text: text.to_owned(),
        provider: "demo".to_owned(),
        model: "demo-2".to_owned(),
        status: MessageStatus::Complete,
        finish_reason: FinishReason::Stop,
        failure: None,
        usage: Usage { input_tokens: Some(7), output_tokens: Some(3), cached_input_tokens: None },
        suggestions: Vec::new(),
        asks_contact: false,
        steps: Vec::new(),
        unverified: Vec::new(),
        first_word_at: None,
        now: at(20),
    }
}

/// A reply that says so much so far and has used no tool.
pub fn partial(text: impl Into<String>) -> PartialReply {
    PartialReply { text: text.into(), steps: None }
}

/// A step of this status; a done one has found a row.
pub fn step(id: &str, status: StepStatus) -> Step {
    let result = QueryResult {
        columns: vec!["n".to_owned(), "Größe".to_owned()],
        rows: vec![
            vec![Value::Integer(1), Value::Decimal(2.5)],
            vec![Value::Null, Value::Text("é".to_owned())],
        ],
        truncated: true,
    };
    let (purpose, sql) = ("All rows".to_owned(), "select *\nfrom t".to_owned());
    let found = Evidence { purpose, sql, result, chart: None };
    Step {
        id: id.to_owned(),
        name: "query_data".to_owned(),
        status,
        title: "Looking at sales.csv".to_owned(),
        source: Some("sales.csv".to_owned()),
        evidence: (status == StepStatus::Done).then_some(found),
        error: (status == StepStatus::Failed).then(|| "It was cut off.".to_owned()),
    }
}

/// Begins a turn and leaves it running. Answers it with its ids.
pub async fn running_turn(store: &dyn Store, session: SessionId, text: &str) -> BeginTurn {
    let turn = turn(session, text);
    let begun = store.begin_turn(&Actor::System, turn.clone()).await.expect("a turn");
    assert_eq!(begun, BegunTurn::Started);
    turn
}

/// Begins a turn and ends it with `answer`.
pub async fn whole_turn(
    store: &dyn Store,
    session: SessionId,
    text: &str,
    answer: &str,
) -> BeginTurn {
    let turn = running_turn(store, session, text).await;
    store.finish_turn(end(session, turn.reply, answer)).await.expect("the end of a turn");
    turn
}

/// What the conversation says, oldest first.
pub async fn texts(store: &dyn Store, session: SessionId) -> Vec<String> {
    let history = store.history(&Actor::System, session, ALL).await.expect("a history");
    history.expect("a session").messages.into_iter().map(|message| message.content).collect()
}

/// A message that must be there.
pub async fn message(store: &dyn Store, session: SessionId, id: MessageId) -> Message {
    let message = store.message(&Actor::System, session, id).await.expect("a read");
    message.expect("a message")
}
