//! What front ends of older backends rely on, as recorded exchanges: every path of their APIs, each
//! success and each error, replayed against the real program.
//!
//! A file is one conversation with one server. It begins with what the model behind it does
//! (`@model says …`, `@model fails 500`, `@model is silent`) and with settings (`@set NAME=value`),
//! then come the exchanges:
//!
//! ```text
//! ### what happens
//! POST /api/chat/
//!
//! {"message": "Hello"}
//!
//! => 200
//! content-type: application/json
//!
//! {"session_key": "{{uuid:session}}", "response": "Hi", "message_id": "{{number}}", …}
//! ```
//!
//! `{{uuid}}`, `{{number}}`, `{{time}}`, `{{token}}`, `{{text}}` stand for a value of that kind; with a
//! name (`{{uuid:session}}`) the value is kept, and `{{session}}` is that value from there on.
//! `{{5000 x}}` is five thousand of them. `@idle 31` before an exchange: so many minutes pass. A body
//! must have exactly the fields that are written. An exchange without its `=>` part fails, unless
//! `ALCOVE_UPDATE_DOCS=1` is set: then the answer is written into the file, to be read and judged.

#![expect(clippy::expect_used, clippy::panic, reason = "a test whose set-up fails has to panic")]
#![expect(clippy::indexing_slicing, reason = "a missing part has to fail the test")]

mod contract;
mod exchange;
mod pattern;
mod replay;
mod settings;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod support;

use crate::replay::replay_folder;

#[tokio::test]
async fn lead_capture_is_answered_as_recorded() {
    replay_folder("leads").await;
}

#[tokio::test]
async fn ai_chat_is_answered_as_recorded() {
    replay_folder("ai_chat").await;
}

#[tokio::test]
async fn accounts_are_answered_as_recorded() {
    replay_folder("accounts").await;
}
