//! Producing a reply: asks one provider after the other, feeds the live reply, saves what has
//! arrived four times a second, stores the end.

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use tokio::sync::oneshot;

use crate::domain::actor::Actor;
use crate::domain::message::{FailureCode, FinishReason};
use crate::providers::{ChatRequest, ErrorClass, Provider, ProviderError, ProviderStream};
use crate::service::ServiceResult;
use crate::service::turn::budget::{estimate, estimate_message};
use crate::service::turn::finish::log_end;
use crate::service::turn::prompt::Budgets;
use crate::service::turn::questions::{Questions, wanted_of};
use crate::service::turn::reply::{Ending, Failure};
use crate::service::turn::running::{LiveReply, ReplyStart};
use crate::service::turn::saver::Saver;
use crate::service::turn::{ClaimGuard, Turns};
use crate::store::{BeginTurn, BegunTurn};

/// Everything the task of one reply needs.
pub(crate) struct Production {
    pub(crate) claim: ClaimGuard,
    pub(crate) turn: BeginTurn,
    pub(crate) beginning: Beginning,
    pub(crate) questions: Questions,
    pub(crate) candidates: Vec<Arc<dyn Provider>>,
}

/// What stores the beginning, and who waits for that.
pub(crate) struct Beginning {
    pub(crate) actor: Actor,
    pub(crate) start: ReplyStart,
    pub(crate) begun: oneshot::Sender<ServiceResult<BegunTurn>>,
}

/// How listening to a provider went.
enum Heard {
    /// It has said its first words.
    FirstWords,
    /// The reply is over.
    Ended(Ending),
    Failed(ProviderError),
}

/// A provider that has begun to talk, or whose answer is over already.
struct Asked {
    provider: Arc<dyn Provider>,
    events: ProviderStream,
    estimated_input: usize,
    heard: Heard,
}

impl Turns {
    /// Produces the reply and stores its end.
    ///
    /// The provider is asked while the visitor's message is still being committed, so that the
    /// disk adds nothing to the wait for the first word. Followers are told nothing before the
    /// commit, and if it fails the question is taken back.
    pub(crate) async fn produce(self: Arc<Self>, production: Production) {
        let began = Instant::now();
        let Production { claim, turn, beginning, questions, candidates } = production;
        let live = Arc::clone(&claim.live);
        let asked = {
            // Boxed, so that the task of a long reply is not as large as its beginning was.
            let begin = Box::pin(self.store_beginning(&turn, &live, beginning));
            let ask = Box::pin(self.ask_in_turn(&turn, &live, questions, candidates));
            match select(begin, ask).await {
                Either::Left((false, _)) => return,
                Either::Left((true, ask)) => ask.await,
                Either::Right((asked, begin)) => match begin.await {
                    true => asked,
                    false => return,
                },
            }
        };
        let (ending, provider) = self.listen_to_end(&turn, &live, asked).await;
        let reply = live.snapshot();
        let end = self.finish(&turn, reply, ending, provider.as_ref()).await;
        log_end(&turn, &end, began.elapsed());
        // Released before the end is told: a client may answer it with its next message.
        self.running.release(turn.session, turn.reply);
        live.ended(end);
    }

    /// Stores the visitor's message and tells who waits for it; whether the turn has begun.
    async fn store_beginning(
        &self,
        turn: &BeginTurn,
        live: &LiveReply,
        beginning: Beginning,
    ) -> bool {
        let begun = self.store_begin(&beginning.actor, turn.clone()).await;
        let has_begun = matches!(begun, Ok(BegunTurn::Started));
        if has_begun {
            live.started(beginning.start);
        }
        let _caller_is_gone = beginning.begun.send(begun);
        has_begun
    }

    /// Asks the candidates in order until one says something. Answers the one that does, else the
    /// first that failed. What the prompt was made of is let go then: a long reply holds only
    /// itself.
    async fn ask_in_turn(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        questions: Questions,
        candidates: Vec<Arc<dyn Provider>>,
    ) -> Option<Asked> {
        let mut first_failed = None;
        for provider in candidates {
            let mut asked = self.ask(turn, live, &questions, (&provider, 1)).await;
            if asked.failed_as(ErrorClass::ContextLength) {
                log_failure(turn, &asked);
                asked = self.ask(turn, live, &questions, (&provider, 2)).await;
            }
            if !matches!(asked.heard, Heard::Failed(_)) {
                return Some(asked);
            }
            log_failure(turn, &asked);
            first_failed.get_or_insert(asked);
        }
        first_failed
    }

    /// Asks one provider, with the budgets divided by `share`, until its first words.
    async fn ask(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        questions: &Questions,
        (provider, share): (&Arc<dyn Provider>, usize),
    ) -> Asked {
        let wanted = wanted_of(provider.name(), questions.wanted);
        live.expect(wanted);
        let request = questions.request(self.budgets(provider.as_ref(), share), wanted);
        let estimated_input = estimated_input(&request);
        let mut events = provider.stream(request);
        let heard = self.listen(turn, live, (&mut events, true)).await;
        Asked { provider: Arc::clone(provider), events, estimated_input, heard }
    }

    /// Listens on until the reply is over.
    async fn listen_to_end(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        asked: Option<Asked>,
    ) -> (Ending, Option<Arc<dyn Provider>>) {
        let Some(mut asked) = asked else {
            let nobody = Failure::new(FailureCode::ModelUnavailable);
            return (Ending { reason: FinishReason::Error, failure: Some(nobody) }, None);
        };
        if let Heard::FirstWords = asked.heard {
            asked.heard = self.listen(turn, live, (&mut asked.events, false)).await;
            log_failure(turn, &asked);
        }
        let reply = live.snapshot();
        let ending = match &asked.heard {
            Heard::Ended(ending) => *ending,
            Heard::Failed(error) => reply.failed(error),
            Heard::FirstWords => Ending { reason: FinishReason::Interrupted, failure: None },
        };
        if let Some(reported) = reply.usage.input_tokens {
            let (model, default) = (asked.provider.model(), asked.provider.tokens_per_estimate());
            self.calibration.learn(model, asked.estimated_input, reported, default);
        }
        (ending, Some(asked.provider))
    }

    /// Feeds the live reply with a provider's events until the reply is over, the visitor or the
    /// server stops it, the provider fails or, where asked for, the first words are there.
    async fn listen(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        (events, only_first_words): (&mut ProviderStream, bool),
    ) -> Heard {
        let mut saver = Saver::new(&self.parts.store, turn);
        let mut stopped = pin!(live.stop.cancelled());
        let mut restarting = pin!(self.parts.shutdown.cancelled());
        loop {
            let event = tokio::select! {
                biased;
                () = &mut stopped => return Heard::Ended(STOPPED),
                () = &mut restarting => return Heard::Ended(RESTARTING),
                () = saver.due() => {
                    saver.save(live);
                    continue;
                }
                event = events.next() => event,
            };
            let over = match event {
                Some(Ok(event)) => live.apply(event).map(Heard::Ended),
                Some(Err(error)) => Some(Heard::Failed(error)),
                None => Some(Heard::Failed(ProviderError::new(
                    ErrorClass::Truncated,
                    "the answer ended without an end",
                ))),
            };
            match over {
                Some(heard) => return heard,
                None if only_first_words && live.text_bytes() > 0 => return Heard::FirstWords,
                None => {}
            }
        }
    }

    fn budgets(&self, provider: &dyn Provider, share: usize) -> Budgets {
        let (model, default) = (provider.model(), provider.tokens_per_estimate());
        let afford = |tokens| self.calibration.affordable(tokens / share, model, default);
        let limits = &self.parts.limits;
        Budgets { context: afford(limits.context_tokens), history: afford(limits.history_tokens) }
    }
}

const STOPPED: Ending = Ending { reason: FinishReason::Stopped, failure: None };

const RESTARTING: Ending = Ending {
    reason: FinishReason::Interrupted,
    failure: Some(Failure::new(FailureCode::Restarting)),
};

impl Asked {
    fn failed_as(&self, class: ErrorClass) -> bool {
        matches!(&self.heard, Heard::Failed(error) if error.class == class)
    }
}

fn estimated_input(request: &ChatRequest) -> usize {
    let said: usize = request.messages.iter().map(|message| estimate_message(&message.text)).sum();
    estimate(&request.instructions) + estimate(&request.context) + said
}

/// Logs the cause, if the provider failed.
fn log_failure(turn: &BeginTurn, asked: &Asked) {
    let Heard::Failed(error) = &asked.heard else { return };
    tracing::warn!(
        session.id = %turn.session,
        reply.id = %turn.reply,
        provider = %asked.provider.name(),
        class = ?error.class,
        status = error.status,
        detail = %error.detail,
        "Provider failed"
    );
}
