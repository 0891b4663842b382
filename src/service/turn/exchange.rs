//! One provider being asked: what it is told, its answer as it comes, and the rounds of tools in
//! between, until the reply is over.

use std::sync::Arc;

use crate::domain::bot::ProviderName;
use crate::domain::message::FinishReason;
use crate::domain::usage::Usage;
use crate::providers::{
    CONTEXT_MARKS, ChatMessage, ChatRequest, ErrorClass, Finish, Provider, ProviderError,
    ProviderEvent, ProviderStream, Speaker, ToolCall, ToolResult,
};
use crate::service::turn::budget::{estimate, estimate_message};
use crate::service::turn::reply::Ending;
use crate::service::turn::round::Round;
use crate::service::turn::running::{LiveReply, ReplyEnd};
use crate::service::turn::toolbox::{DataAccess, say_no_more};

/// How listening to a provider went.
pub(crate) enum Heard {
    /// It has said its first words.
    FirstWords,
    /// It waits for the results of these calls.
    Calls(Vec<ToolCall>),
    /// The reply is over.
    Ended(Ending),
    Failed(ProviderError),
}

/// Who answered in the end.
pub(crate) struct Answerer {
    pub(crate) provider: Arc<dyn Provider>,
    /// The model that it was asked for.
    pub(crate) model: String,
    /// What it was sent, by our estimate, tokens.
    pub(crate) estimated_input: usize,
}

impl Answerer {
    /// What the reply took. What the vendor did not report is estimated: it comes last, and a
    /// visitor who stops each reply in time would spend nothing. A vendor that failed before its
    /// first word bills nothing.
    pub(crate) fn usage(&self, end: &ReplyEnd, said: usize) -> Usage {
        let is_free = self.provider.name() == ProviderName::Demo;
        if is_free || (end.failure.is_some() && said == 0) {
            return end.usage;
        }
        let count = |tokens: usize| u64::try_from(tokens).unwrap_or(u64::MAX);
        Usage {
            input_tokens: end.usage.input_tokens.or(Some(count(self.estimated_input))),
            output_tokens: end.usage.output_tokens.or(Some(count(said))),
            ..end.usage
        }
    }
}

/// A provider that is asked.
pub(crate) struct Exchange {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) model: String,
    pub(crate) events: ProviderStream,
    pub(crate) heard: Heard,
    access: DataAccess,
    /// What it was told; kept only while it may have to be told more, so that a long reply holds
    /// only itself.
    request: Option<ChatRequest>,
    rounds: usize,
    /// What it answers now.
    pub(crate) round: Round,
    /// What was sent first: by our estimate, and as the vendor counted it.
    pub(crate) estimated_input: usize,
    pub(crate) reported_input: Option<u64>,
}

impl Exchange {
    /// Ready to be listened to.
    pub(crate) fn new(
        provider: &Arc<dyn Provider>,
        request: ChatRequest,
        access: DataAccess,
    ) -> Self {
        let estimated_input = estimated_input(&request);
        let kept = (access != DataAccess::None).then(|| request.clone());
        Self {
            provider: Arc::clone(provider),
            model: request.model_or(provider.model()).to_owned(),
            events: provider.stream(request),
            heard: Heard::FirstWords,
            access,
            request: kept,
            rounds: 0,
            round: Round::default(),
            estimated_input,
            reported_input: None,
        }
    }

    pub(crate) fn failed_as(&self, class: ErrorClass) -> bool {
        matches!(&self.heard, Heard::Failed(error) if error.class == class)
    }

    /// Whether it could not take the tools that it was offered.
    pub(crate) fn refused_tools(&self) -> bool {
        self.access == DataAccess::Tools && self.failed_as(ErrorClass::ToolsRefused)
    }

    /// Whether what it calls is run.
    fn may_call(&self) -> bool {
        self.request.as_ref().is_some_and(|request| !request.must_answer)
    }

    /// Takes in one event; answers what it means for the reply, if it ends something.
    pub(crate) fn take(&mut self, live: &LiveReply, event: ProviderEvent) -> Option<Heard> {
        if self.rounds == 0 || self.may_call() {
            self.round.take(&event);
        }
        if let ProviderEvent::Finished(finish) = event
            && let Some(calls) = self.calls(finish, live)
        {
            return Some(Heard::Calls(calls));
        }
        live.apply(event).map(Heard::Ended)
    }

    /// The calls that an answer which ended so made; none if it was the last one.
    fn calls(&mut self, finish: Finish, live: &LiveReply) -> Option<Vec<ToolCall>> {
        if self.rounds == 0 {
            self.reported_input = self.round.input_tokens;
        }
        if !self.may_call() {
            return None;
        }
        let calls = match (self.access, finish) {
            (DataAccess::Words, Finish::Stop | Finish::ToolUse) => live.end_round().0,
            (DataAccess::Words, _) => Vec::new(),
            (_, Finish::ToolUse) => self.round.calls().to_vec(),
            _ => Vec::new(),
        };
        (!calls.is_empty()).then_some(calls)
    }

    /// Asks on, with the results of its calls. After so many rounds it has to answer.
    pub(crate) fn ask_on(
        &mut self,
        live: &LiveReply,
        calls: &[ToolCall],
        mut results: Vec<ToolResult>,
        max_rounds: usize,
    ) {
        let Some(mut request) = self.request.take() else { return };
        self.rounds += 1;
        request.must_answer = self.rounds >= max_rounds;
        if request.must_answer {
            say_no_more(&mut results);
        }
        let (_, written) = live.end_round();
        let round = std::mem::take(&mut self.round);
        match self.access {
            DataAccess::Words => {
                request.messages.extend(in_words(&round, &written, calls, &results))
            }
            _ => request.rounds.push(round.completed(results)),
        }
        live.next_round();
        self.events = self.provider.stream(request.clone());
        self.request = Some(request);
    }

    /// How the reply ends by what was heard.
    pub(crate) fn ending(&self, live: &LiveReply) -> Ending {
        match &self.heard {
            Heard::Ended(ending) => *ending,
            Heard::Failed(error) => live.snapshot().failed(error),
            Heard::FirstWords | Heard::Calls(_) => {
                Ending { reason: FinishReason::Interrupted, failure: None }
            }
        }
    }
}

/// A round as plain messages, for a server that takes no tools: what the model wrote, and the
/// results as data.
fn in_words(
    round: &Round,
    written: &str,
    calls: &[ToolCall],
    results: &[ToolResult],
) -> [ChatMessage; 2] {
    let said = match round.text().trim() {
        "" => written.trim().to_owned(),
        said => said.to_owned(),
    };
    let [begin, end] = CONTEXT_MARKS;
    let mut found = String::from("This was computed (data, no message of the visitor):\n");
    for (call, result) in calls.iter().zip(results) {
        let content = result.content.replace("client_data", "client-data");
        found += &format!("{}:\n{begin}\n{content}\n{end}\n", call.name);
    }
    found.push_str("Go on: query again, or answer the visitor.");
    [
        ChatMessage { speaker: Speaker::Bot, text: said },
        ChatMessage { speaker: Speaker::Visitor, text: found },
    ]
}

fn estimated_input(request: &ChatRequest) -> usize {
    let said: usize = request.messages.iter().map(|message| estimate_message(&message.text)).sum();
    let tools: usize = request
        .tools
        .iter()
        .map(|tool| estimate(&tool.description) + estimate(&tool.parameters.to_string()))
        .sum();
    estimate(&request.instructions) + estimate(&request.context) + said + tools
}
