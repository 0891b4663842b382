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
use crate::providers::{ErrorClass, Provider, ProviderError};
use crate::service::ServiceResult;
use crate::service::turn::budget::estimate;
use crate::service::turn::exchange::{Answerer, Exchange, Heard};
use crate::service::turn::finish::log_end;
use crate::service::turn::prompt::Budgets;
use crate::service::turn::questions::{Questions, SessionTables, wanted_of};
use crate::service::turn::reply::{Ending, Failure};
use crate::service::turn::running::{LiveReply, ReplyStart};
use crate::service::turn::saver::Saver;
use crate::service::turn::tools::ToolRun;
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
            let ask = Box::pin(self.ask_in_turn(&turn, &live, &questions, candidates));
            match select(begin, ask).await {
                Either::Left((false, _)) => return,
                Either::Left((true, ask)) => ask.await,
                Either::Right((asked, begin)) => match begin.await {
                    true => asked,
                    false => return,
                },
            }
        };
        let bot = questions.bot.slug.clone();
        // What the prompt was made of is let go: a long reply holds only itself.
        let tables = questions.into_tables();
        let (ending, answerer) = self.listen_to_end(&turn, &live, &tables, asked).await;
        let reply = live.snapshot();
        let said = estimate(&reply.text);
        let unverified = tables.unverified(&reply.text);
        let end = self.finish(&turn, (reply, unverified), ending, answerer.as_ref()).await;
        self.count(&bot, answerer.as_ref(), (&end, said));
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
    /// first that failed.
    async fn ask_in_turn(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        questions: &Questions,
        candidates: Vec<Arc<dyn Provider>>,
    ) -> Option<Exchange> {
        let mut first_failed = None;
        for provider in candidates {
            let mut asked = self.ask(turn, live, questions, (&provider, 1)).await;
            if asked.refused_tools() {
                self.note_failure(turn, &asked);
                provider.note_refused_tools();
                asked = self.ask(turn, live, questions, (&provider, 1)).await;
            }
            if asked.failed_as(ErrorClass::ContextLength) {
                self.note_failure(turn, &asked);
                asked = self.ask(turn, live, questions, (&provider, 2)).await;
            }
            if !matches!(asked.heard, Heard::Failed(_)) {
                return Some(asked);
            }
            self.note_failure(turn, &asked);
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
    ) -> Exchange {
        let access = questions.access(provider.as_ref());
        let wanted = wanted_of(provider.name(), questions.wanted, access);
        live.expect(wanted);
        let model = questions.model(provider.as_ref());
        let budgets = self.budgets((provider.as_ref(), model), share);
        let mut request = questions.request(budgets, wanted, access);
        request.model = model.map(str::to_owned);
        let mut asked = Exchange::new(provider, request, access);
        self.converse(turn, live, &questions.tables, (&mut asked, true)).await;
        asked
    }

    /// Listens on until the reply is over.
    async fn listen_to_end(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        tables: &SessionTables,
        asked: Option<Exchange>,
    ) -> (Ending, Option<Answerer>) {
        let Some(mut asked) = asked else {
            let nobody = Failure::new(FailureCode::ModelUnavailable);
            return (Ending { reason: FinishReason::Error, failure: Some(nobody) }, None);
        };
        if let Heard::FirstWords = asked.heard {
            self.converse(turn, live, tables, (&mut asked, false)).await;
            self.note_failure(turn, &asked);
        }
        live.settle_steps();
        let ending = asked.ending(live);
        if let Some(reported) = asked.reported_input {
            let (model, default) = (&asked.model, asked.provider.tokens_per_estimate());
            self.calibration.learn(model, asked.estimated_input, reported, default);
        }
        (
            ending,
            Some(Answerer {
                provider: asked.provider,
                model: asked.model,
                estimated_input: asked.estimated_input,
            }),
        )
    }

    /// Listens, runs the tools that are called, and asks on, until the reply is over or, where
    /// asked for, the first words are there. What was heard last stands in `asked` then.
    async fn converse(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        tables: &SessionTables,
        (asked, only_first_words): (&mut Exchange, bool),
    ) {
        loop {
            asked.heard = self.listen(turn, live, (asked, only_first_words)).await;
            let Heard::Calls(calls) = &asked.heard else { return };
            let calls = calls.clone();
            let run = ToolRun { tables: &self.parts.tables, session: tables, live };
            match self.unless_ended(turn, live, run.run(&calls)).await {
                Ok(results) => {
                    asked.ask_on(live, &calls, results, self.parts.limits.tool_rounds);
                }
                Err(ending) => {
                    asked.heard = Heard::Ended(ending);
                    return;
                }
            }
        }
    }

    /// Feeds the live reply with a provider's events until it has said all, the visitor or the
    /// server stops it, the provider fails, tools are called or, where asked for, the first words
    /// are there.
    async fn listen(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        (asked, only_first_words): (&mut Exchange, bool),
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
                event = asked.events.next() => event,
            };
            let over = match event {
                Some(Ok(event)) => asked.take(live, event),
                Some(Err(error)) => Some(Heard::Failed(error)),
                None => Some(Heard::Failed(ProviderError::new(
                    ErrorClass::Truncated,
                    "the answer ended without an end",
                ))),
            };
            match over {
                Some(heard) => return heard,
                None if only_first_words && live.text_bytes() > 0 => {
                    live.note_first_word(self.parts.clock.now());
                    return Heard::FirstWords;
                }
                None => {}
            }
        }
    }

    /// Waits for `work`, saving meanwhile; an end if the visitor or the server stops it.
    async fn unless_ended<T>(
        &self,
        turn: &BeginTurn,
        live: &Arc<LiveReply>,
        work: impl Future<Output = T>,
    ) -> Result<T, Ending> {
        let mut saver = Saver::new(&self.parts.store, turn);
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                () = live.stop.cancelled() => return Err(STOPPED),
                () = self.parts.shutdown.cancelled() => return Err(RESTARTING),
                () = saver.due() => saver.save(live),
                done = &mut work => return Ok(done),
            }
        }
    }

    /// Logs the cause, if the provider failed, and remembers it for staff.
    fn note_failure(&self, turn: &BeginTurn, asked: &Exchange) {
        let Heard::Failed(error) = &asked.heard else { return };
        self.parts.models.note_failure(asked.provider.name(), error, self.parts.clock.now());
        tracing::warn!(
            session.id = %turn.session, reply.id = %turn.reply,
            provider = %asked.provider.name(),
            class = ?error.class,
            status = error.status,
            detail = %error.detail,
            "Provider failed"
        );
    }

    fn budgets(&self, (provider, model): (&dyn Provider, Option<&str>), share: usize) -> Budgets {
        let model = model.unwrap_or_else(|| provider.model());
        let default = provider.tokens_per_estimate();
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
