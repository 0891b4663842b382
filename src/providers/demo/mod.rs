//! A provider without a model: finds what the bot can see and quotes it. It says plainly what it
//! is and never pretends to be a model. The same question gets the same answer.

mod ask;
mod search;
mod words;

use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use crate::domain::bot::ProviderName;
use crate::providers::{ChatRequest, Finish, Provider, ProviderEvent, ProviderStream, Speaker};

/// How many passages an answer quotes at most.
const MAX_QUOTES: usize = 3;

/// How long a quoted passage is at most.
const MAX_QUOTE_CHARS: usize = 280;

/// A piece of text without white space that is sent at once at most.
const MAX_WORD_CHARS: usize = 16;

const NO_MODEL: &str = "**No AI model is connected to this chat.**";

/// How the demo behaves.
#[derive(Debug, Clone, Copy)]
pub struct DemoSettings {
    /// The time between two words.
    pub pace: Duration,
}

impl Default for DemoSettings {
    fn default() -> Self {
        Self { pace: Duration::from_millis(20) }
    }
}

/// Answers by search over what the bot can see.
#[derive(Debug, Clone, Default)]
pub struct Demo {
    settings: DemoSettings,
}

impl Demo {
    /// A demo; needs nothing.
    #[must_use]
    pub const fn new(settings: DemoSettings) -> Self {
        Self { settings }
    }
}

impl Provider for Demo {
    fn name(&self) -> ProviderName {
        ProviderName::Demo
    }

    fn display_name(&self) -> &str {
        "Demo"
    }

    fn model(&self) -> &str {
        "demo"
    }

    fn stream(&self, request: ChatRequest) -> ProviderStream {
        let pace = self.settings.pace;
        // Computed when polled, as the trait promises.
        let events = stream::once(async move { stream::iter(events(&request)) }).flatten();
        let paced = events.then(move |event| async move {
            if !pace.is_zero() && matches!(event, ProviderEvent::Text(_)) {
                tokio::time::sleep(pace).await;
            }
            event
        });
        let begin = stream::iter([ProviderEvent::Started { model: None }]);
        Box::pin(begin.chain(paced).map(Ok))
    }
}

/// What is told after the beginning: words, or the call of a tool.
fn events(request: &ChatRequest) -> Vec<ProviderEvent> {
    let question = newest_question(request);
    let text = match ask::next(question, request) {
        ask::Move::Call(name, arguments) => return call(request, name, &arguments),
        ask::Move::Say(text) => text,
        ask::Move::AskUnlessFound(text) => found(request, question).unwrap_or(text),
        ask::Move::Nothing => answer(request, question),
    };
    let words = pieces(&text).into_iter().map(ProviderEvent::Text);
    words.chain([ProviderEvent::Finished(Finish::Stop)]).collect()
}

fn call(request: &ChatRequest, name: &str, arguments: &serde_json::Value) -> Vec<ProviderEvent> {
    let (id, name) = (format!("demo-{}", request.rounds.len() + 1), name.to_owned());
    let arguments = arguments.to_string();
    vec![
        ProviderEvent::ToolCallStarted { id: id.clone(), name: name.clone() },
        ProviderEvent::ToolCall { id, name, arguments },
        ProviderEvent::Finished(Finish::ToolUse),
    ]
}

/// The whole answer of a search, as markdown.
fn answer(request: &ChatRequest, question: &str) -> String {
    let context = search::sentences(request.client_data());
    let facts = search::facts(&request.instructions);
    if is_greeting(question) {
        return format!(
            "Hello! {NO_MODEL} Until one is, I search what I was given.{}",
            topics(&context, &facts)
        );
    }
    found(request, question).unwrap_or_else(|| {
        let topics = topics(&context, &facts);
        format!(
            "{NO_MODEL} I searched what I was given and found nothing that fits your question.{topics}"
        )
    })
}

/// What was found, quoted.
fn found(request: &ChatRequest, question: &str) -> Option<String> {
    // Context is meant to be read by visitors, instructions are not: those only if nothing else fits.
    let mut found = search::best(question, &search::sentences(request.client_data()), MAX_QUOTES);
    let facts = search::facts(&request.instructions);
    if found.is_empty() {
        found = search::best(question, &facts, MAX_QUOTES);
    }
    if found.is_empty() {
        return None;
    }
    let quotes: String =
        found.into_iter().map(|quote| format!("\n\n> {}", shortened(quote))).collect();
    Some(format!(
        "{NO_MODEL} This is a search result, not a written answer. What I was given says:{quotes}"
    ))
}

fn newest_question(request: &ChatRequest) -> &str {
    let mut messages = request.messages.iter().rev();
    messages.find(|message| message.speaker == Speaker::Visitor).map_or("", |message| &message.text)
}

fn is_greeting(question: &str) -> bool {
    let words = search::words(question);
    !words.is_empty() && words.iter().all(|word| words::GREETINGS.contains(&word.as_str()))
}

/// What there is to ask about.
fn topics(context: &[&str], facts: &[&str]) -> String {
    // Whole sentences tell more than titles and addresses; those only if there is nothing else.
    let is_sentence = |line: &&&str| line.ends_with(['.', '!', '?', '。', '！', '？']);
    let all = || context.iter().chain(facts);
    let is_prose = all().any(|line| is_sentence(&line));
    let seen: Vec<String> = all()
        .filter(|line| !is_prose || is_sentence(line))
        .take(MAX_QUOTES)
        .map(|line| format!("\n- {}", shortened(line)))
        .collect();
    if seen.is_empty() {
        return " I was given no text to search.".to_owned();
    }
    format!(" You can ask about what I see, for example:\n{}", seen.concat())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTE_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// Words with the white space after them; long ones in parts.
fn pieces(text: &str) -> Vec<String> {
    let words = text.split_inclusive(char::is_whitespace);
    words
        .flat_map(|word| {
            let chars: Vec<char> = word.chars().collect();
            chars.chunks(MAX_WORD_CHARS).map(String::from_iter).collect::<Vec<_>>()
        })
        .collect()
}
