//! Model vendors behind one trait. Vendor words never leave the vendor's folder.
//!
//! To add a vendor: a folder with `mod.rs` (builds the request), `wire.rs` (their JSON, only the
//! fields we use), `decode.rs` (their event to ours, pure), `errors.rs` (what their codes mean);
//! recorded streams with the events they mean in `tests/providers/streams/`; what it is sent in
//! `tests/providers/requests.rs`; a line in `src/app.rs`.
//!
//! What they share: [`transport`] sends, waits and retries; [`guard`] cuts bytes into events;
//! [`failure`] sorts complaints; `prompt` orders a conversation; `calls` joins tool calls;
//! `rounds` is what giving their results back has in common.

mod calls;
pub mod claude;
pub mod compatible;
pub mod decoder;
pub mod demo;
pub mod error;
pub mod failure;
pub mod gemini;
pub mod guard;
mod lenient;
pub mod openai;
mod prompt;
mod rounds;
pub mod transport;

use std::pin::Pin;

use futures_util::Stream;

use crate::domain::bot::ProviderName;
use crate::domain::table::TableProfile;
use crate::domain::usage::Usage;
pub use error::{ErrorClass, ProviderError};

/// What [`ChatRequest::context`] puts around the data, so that a model can tell it from
/// instructions.
pub const CONTEXT_MARKS: [&str; 2] = ["<client_data>", "</client_data>"];

/// What a provider is asked: everything it needs, nothing about sessions or HTTP.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRequest {
    /// The model that the owner chose for this bot; without one, the provider's own.
    pub model: Option<String>,
    /// The owner's instructions, the stable beginning of every request of a bot.
    pub instructions: String,
    /// Data from the host page and the visitor, cut to what may be sent, between
    /// [`CONTEXT_MARKS`] and after a sentence that tells a model what it is; ranks below
    /// `instructions` and stays the same over a conversation. Empty when there is none.
    pub context: String,
    /// The conversation, oldest first; begins and ends with the visitor.
    pub messages: Vec<ChatMessage>,
    /// Upper bound of tokens in the reply.
    pub max_output_tokens: u32,
    /// Only if the owner set it.
    pub temperature: Option<f64>,
    /// Tools the model may call.
    pub tools: Vec<Tool>,
    /// The tables that the tools can read. Models are told of them in `context`; who has no model
    /// reads them here.
    pub tables: Vec<TableProfile>,
    /// What this reply has done with tools so far, oldest first; stands after `messages`.
    pub rounds: Vec<ToolRound>,
    /// Whether the model has to answer with what it has. The tools are described still, since
    /// `rounds` speak of them, but none may be called.
    pub must_answer: bool,
}

impl ChatRequest {
    /// The model to ask, where the provider's own one is `own`.
    #[must_use]
    pub fn model_or<'a>(&'a self, own: &'a str) -> &'a str {
        self.model.as_deref().unwrap_or(own)
    }

    /// The data of the context without its marks.
    #[must_use]
    pub fn client_data(&self) -> &str {
        let [begin, end] = CONTEXT_MARKS;
        let after = self.context.split_once(begin).map(|(_, after)| after);
        let between = after.and_then(|after| after.rsplit_once(end)).map(|(data, _)| data);
        between.unwrap_or(&self.context)
    }
}

/// One message of the conversation as a provider is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// Who said it.
    pub speaker: Speaker,
    /// What.
    pub text: String,
}

/// Who said a [`ChatMessage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The visitor.
    Visitor,
    /// The bot.
    Bot,
}

/// A tool the model may call.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Name, `[a-zA-Z0-9_-]{1,64}`.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// JSON Schema (an object) of its arguments.
    pub parameters: serde_json::Value,
}

/// One answer of the model that called tools, and what they gave back.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolRound {
    /// The text before and between the calls.
    pub text: String,
    /// The calls, in the model's order.
    pub calls: Vec<ToolCall>,
    /// The answer as the vendor wants it back, thinking and signatures included, or what belongs
    /// to it beyond text and calls: [`ProviderEvent::Replay`] of the same provider, which alone
    /// can read it. Null: made from `text` and `calls`.
    pub replay: serde_json::Value,
    /// What the tools gave back: one for each call, in the same order.
    pub results: Vec<ToolResult>,
}

/// A complete call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The call's id, by which its result is given back.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// Arguments as JSON text, as the model wrote them.
    pub arguments: String,
}

/// What a tool gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// JSON text: an object, whether it worked or not.
    pub content: String,
    /// Whether it is an error that the model may mend.
    pub is_error: bool,
}

/// What a provider tells while it answers, in no vendor's words.
#[derive(Debug, Clone, PartialEq)]
pub enum ProviderEvent {
    /// The vendor accepted the request. The model as the vendor names it, if it does.
    Started {
        /// Model id from the vendor's answer.
        model: Option<String>,
    },
    /// More of the reply. Never empty.
    Text(String),
    /// The model thinks; the text of it is not kept. Shows that it lives.
    Thinking,
    /// The model begins to call a tool.
    ToolCallStarted {
        /// The call's id, by which its result is given back.
        id: String,
        /// Name of the tool.
        name: String,
    },
    /// A tool call is complete.
    ToolCall {
        /// The call's id.
        id: String,
        /// Name of the tool.
        name: String,
        /// Arguments as JSON text: an object, if the model made no mistake. Not yet checked, neither
        /// for being JSON nor against the tool's schema.
        arguments: String,
    },
    /// The answer as the vendor wants it back with the results of its tool calls; see
    /// [`ToolRound::replay`]. Comes before the end of an answer that called tools, unless text and
    /// calls are all there is to it.
    Replay(serde_json::Value),
    /// Tokens so far; each number replaces the one before.
    Usage(Usage),
    /// The vendor's terminal marker: the last event.
    Finished(Finish),
}

/// How the vendor says its answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Said everything.
    Stop,
    /// Reached the token limit.
    Length,
    /// Waits for the results of its tool calls.
    ToolUse,
    /// Refused, or was stopped by the vendor's safety rules.
    Blocked,
}

/// Events of one answer, ended by [`ProviderEvent::Finished`] or an error; ending without
/// either does not happen. Dropping it cancels the request upstream.
pub type ProviderStream = Pin<Box<dyn Stream<Item = Result<ProviderEvent, ProviderError>> + Send>>;

/// A model vendor, ready to be asked.
pub trait Provider: Send + Sync {
    /// Which one it is.
    fn name(&self) -> ProviderName;

    /// Its name for people: `Claude`, `OpenAI`, …
    fn display_name(&self) -> &str;

    /// The model it asks, unless a request names another one.
    fn model(&self) -> &str;

    /// How many tokens the vendor counts for text that the estimate of
    /// `service::turn::budget` calls one token; 1.0 for OpenAI's tokenizers.
    fn tokens_per_estimate(&self) -> f64 {
        1.0
    }

    /// Whether it can be offered tools: not if the owner says so, or its server refused them.
    fn takes_tools(&self) -> bool {
        true
    }

    /// Its server refused tools ([`ErrorClass::ToolsRefused`]): from now on none are offered,
    /// unless the owner insists.
    fn note_refused_tools(&self) {}

    /// Asks. Retries before the first event are made inside; the request is only sent once the
    /// stream is polled.
    fn stream(&self, request: ChatRequest) -> ProviderStream;
}
