//! Producing a reply: asks one provider after the other, feeds the live reply, saves what has
//! arrived four times a second, stores the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::domain::bot::Bot;
use crate::domain::id::MessageId;
use crate::domain::message::{FailureCode, FinishReason, Message, MessageText};
use crate::domain::session::SessionConfig;
use crate::providers::{ChatRequest, ErrorClass, Provider, ProviderError};
use crate::service::turn::budget::{estimate, estimate_message};
use crate::service::turn::prompt::{Budgets, Prompt};
use crate::service::turn::reply::{Ending, Failure, Reply};
use crate::service::turn::running::{LiveReply, ReplyEnd};
use crate::service::turn::{ClaimGuard, Turns};
use crate::store::{BeginTurn, FinishTurn, History, StoreError};

/// How often what has arrived is saved.
const SAVE_EVERY: Duration = Duration::from_millis(250);
/// How often the end is offered to a busy database before it is given up.
const STORE_TRIES: u32 = 3;

/// Everything the task of one reply needs.
pub(crate) struct Production {
    pub(crate) claim: ClaimGuard,
    pub(crate) turn: BeginTurn,
    pub(crate) questions: Questions,
    pub(crate) candidates: Vec<Arc<dyn Provider>>,
}

/// What the prompt is made of.
pub(crate) struct Questions {
    pub(crate) bot: Arc<Bot>,
    pub(crate) config: SessionConfig,
    pub(crate) history: History,
    pub(crate) text: MessageText,
    pub(crate) replaces: Option<MessageId>,
}

impl Questions {
    fn request(&self, budgets: Budgets) -> ChatRequest {
        let history = self.kept_history();
        let seen = u64::try_from(history.len()).unwrap_or(u64::MAX);
        let older = self.history.message_count.saturating_sub(seen);
        Prompt {
            bot: &self.bot,
            config: &self.config,
            history: &history,
            older: usize::try_from(older).unwrap_or(0),
            text: self.text.as_str(),
        }
        .request(budgets)
    }

    /// The conversation without the turn that this one replaces.
    fn kept_history(&self) -> Vec<Message> {
        let messages = &self.history.messages;
        let replaced = messages.iter().find(|message| Some(message.id) == self.replaces);
        let asked = replaced.and_then(|reply| reply.reply.as_ref()?.answers);
        let is_replaced =
            |id: MessageId| replaced.is_some_and(|reply| reply.id == id) || asked == Some(id);
        messages.iter().filter(|message| !is_replaced(message.id)).cloned().collect()
    }
}

/// How asking one provider went.
enum Asked {
    Ended(Ending),
    Failed(ProviderError),
}

impl Turns {
    /// Produces the reply and stores its end.
    pub(crate) async fn produce(self: Arc<Self>, production: Production) {
        let began = Instant::now();
        let Production { claim, turn, questions, candidates } = production;
        let live = Arc::clone(&claim.live);
        let (ending, provider) = self.ask_in_turn(&turn, &live, &questions, &candidates).await;
        let reply = live.snapshot();
        let end = self.finish(&turn, reply, ending, provider.as_ref()).await;
        log_end(&turn, &end, began.elapsed());
        // Released before the end is told: a client may answer it with its next message.
        self.running.release(turn.session, turn.reply);
        live.ended(end);
    }

    /// Asks the candidates in order until one says something; a conversation that is too long for
    /// a model is sent once more with half of its history.
    async fn ask_in_turn(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        questions: &Questions,
        candidates: &[Arc<dyn Provider>],
    ) -> (Ending, Option<Arc<dyn Provider>>) {
        let mut ending = None;
        for provider in candidates {
            let mut error = match self.ask(turn, live, questions, (provider, 1)).await {
                Asked::Ended(ending) => return (ending, Some(Arc::clone(provider))),
                Asked::Failed(error) => error,
            };
            log_failure(turn, provider.as_ref(), &error);
            if error.class == ErrorClass::ContextLength && live.text_bytes() == 0 {
                match self.ask(turn, live, questions, (provider, 2)).await {
                    Asked::Ended(ending) => return (ending, Some(Arc::clone(provider))),
                    Asked::Failed(again) => error = again,
                }
                log_failure(turn, provider.as_ref(), &error);
            }
            let failed = live.snapshot().failed(&error);
            if live.text_bytes() > 0 || !error.class.allows_fallback() {
                return (failed, Some(Arc::clone(provider)));
            }
            ending.get_or_insert((failed, Some(Arc::clone(provider))));
        }
        let nobody = Failure::new(FailureCode::ModelUnavailable);
        let nobody = Ending { reason: FinishReason::Error, failure: Some(nobody) };
        ending.unwrap_or((nobody, None))
    }

    /// Asks one provider with the budgets divided by `share`, until the reply ends, the visitor
    /// stops it, the server stops, or the provider fails.
    async fn ask(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        questions: &Questions,
        (provider, share): (&Arc<dyn Provider>, usize),
    ) -> Asked {
        let request = questions.request(self.budgets(provider.as_ref(), share));
        let estimated = estimated_input(&request);
        let mut events = provider.stream(request);
        let mut saver = Saver::new(self, turn);
        loop {
            let event = tokio::select! {
                biased;
                () = live.stop.cancelled() => return Asked::Ended(Ending { reason: FinishReason::Stopped, failure: None }),
                () = self.parts.shutdown.cancelled() => return Asked::Ended(restarting()),
                () = saver.due() => {
                    saver.save(live);
                    continue;
                }
                event = events.next() => event,
            };
            let event = match event {
                Some(Ok(event)) => event,
                Some(Err(error)) => return Asked::Failed(error),
                None => {
                    let error = ProviderError::new(ErrorClass::Truncated, "ended without an end");
                    return Asked::Failed(error);
                }
            };
            if let Some(ending) = live.apply(event) {
                self.learn(provider.as_ref(), estimated, live);
                return Asked::Ended(ending);
            }
        }
    }

    fn budgets(&self, provider: &dyn Provider, share: usize) -> Budgets {
        let (model, default) = (provider.model(), provider.tokens_per_estimate());
        let afford = |tokens| self.calibration.affordable(tokens / share, model, default);
        let limits = &self.parts.limits;
        Budgets { context: afford(limits.context_tokens), history: afford(limits.history_tokens) }
    }

    fn learn(&self, provider: &dyn Provider, estimated: usize, live: &LiveReply) {
        if let Some(reported) = live.snapshot().usage.input_tokens {
            let default = provider.tokens_per_estimate();
            self.calibration.learn(provider.model(), estimated, reported, default);
        }
    }

    /// Stores the end. When the database does not take it even after some tries, the visitor is
    /// told so; the reply is then interrupted by whoever finds it next.
    async fn finish(
        &self,
        turn: &BeginTurn,
        reply: Reply,
        mut ending: Ending,
        provider: Option<&Arc<dyn Provider>>,
    ) -> ReplyEnd {
        let finish = self.finish_turn_of(turn, &reply, ending, provider);
        let (status, now) = (finish.status, finish.now);
        let provider_name = self.parts.models.display_name(&finish.provider);
        let (provider, model) = (finish.provider.clone(), finish.model.clone());
        let message_count = match self.store_end(finish).await {
            Ok(count) => count,
            Err(error) => {
                tracing::error!(session.id = %turn.session, reply.id = %turn.reply, %error, "Reply could not be stored");
                ending.failure = Some(Failure::new(FailureCode::StorageUnavailable));
                0
            }
        };
        ReplyEnd {
            reason: ending.reason,
            status,
            failure: ending.failure,
            usage: reply.usage,
            provider,
            provider_name,
            model,
            message_count,
            at: now,
        }
    }

    fn finish_turn_of(
        &self,
        turn: &BeginTurn,
        reply: &Reply,
        ending: Ending,
        provider: Option<&Arc<dyn Provider>>,
    ) -> FinishTurn {
        let asked = provider.map(|provider| provider.model().to_owned());
        FinishTurn {
            session: turn.session,
            reply: turn.reply,
            text: reply.text.clone(),
            provider: provider.map_or_else(|| turn.provider.clone(), |p| p.name().to_string()),
            model: reply.model.clone().or(asked).unwrap_or_else(|| turn.model.clone()),
            status: ending.reason.status(!reply.text.is_empty()),
            finish_reason: ending.reason,
            failure: ending.failure.map(|failure| failure.code),
            usage: reply.usage,
            now: self.parts.clock.now(),
        }
    }

    async fn store_end(&self, end: FinishTurn) -> Result<u64, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.parts.store.finish_turn(end.clone()).await {
                Err(StoreError::Busy(_)) if tries < STORE_TRIES => {
                    tokio::time::sleep(SAVE_EVERY * tries).await;
                }
                result => return result,
            }
        }
    }
}

/// Saves what has arrived, one save at a time and beside the stream, so that a slow disk never
/// holds up the words.
struct Saver<'a> {
    turns: &'a Turns,
    turn: &'a BeginTurn,
    ticks: tokio::time::Interval,
    saved_bytes: usize,
    saving: Option<JoinHandle<()>>,
}

impl<'a> Saver<'a> {
    fn new(turns: &'a Turns, turn: &'a BeginTurn) -> Self {
        let mut ticks =
            tokio::time::interval_at(tokio::time::Instant::now() + SAVE_EVERY, SAVE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { turns, turn, ticks, saved_bytes: 0, saving: None }
    }

    async fn due(&mut self) {
        self.ticks.tick().await;
    }

    fn save(&mut self, live: &LiveReply) {
        let text_bytes = live.text_bytes();
        let is_busy = self.saving.as_ref().is_some_and(|task| !task.is_finished());
        if is_busy || text_bytes == self.saved_bytes {
            return;
        }
        self.saved_bytes = text_bytes;
        let store = Arc::clone(&self.turns.parts.store);
        let (session, reply, text) = (self.turn.session, self.turn.reply, live.snapshot().text);
        self.saving = Some(tokio::spawn(async move {
            if let Err(error) = store.save_partial(session, reply, text).await {
                tracing::warn!(session.id = %session, reply.id = %reply, %error, "Partial reply not saved");
            }
        }));
    }
}

const fn restarting() -> Ending {
    Ending {
        reason: FinishReason::Interrupted,
        failure: Some(Failure::new(FailureCode::Restarting)),
    }
}

fn estimated_input(request: &ChatRequest) -> usize {
    let said: usize = request.messages.iter().map(|message| estimate_message(&message.text)).sum();
    estimate(&request.instructions) + estimate(&request.context) + said
}

fn log_failure(turn: &BeginTurn, provider: &dyn Provider, error: &ProviderError) {
    tracing::warn!(
        session.id = %turn.session,
        reply.id = %turn.reply,
        provider = %provider.name(),
        class = ?error.class,
        status = error.status,
        detail = %error.detail,
        "Provider failed"
    );
}

fn log_end(turn: &BeginTurn, end: &ReplyEnd, took: Duration) {
    tracing::info!(
        session.id = %turn.session,
        reply.id = %turn.reply,
        provider = %end.provider,
        model = %end.model,
        finish = %end.reason,
        failure = end.failure.map(|failure| failure.code.as_str()),
        tokens.input = end.usage.input_tokens,
        tokens.output = end.usage.output_tokens,
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "Reply ended"
    );
}
