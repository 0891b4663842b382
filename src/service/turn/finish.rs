//! The end of a reply: stored, told, logged.

use std::time::Duration;

use crate::domain::message::{FailureCode, FinishReason};
use crate::service::bots::Spent;
use crate::service::turn::Turns;
use crate::service::turn::exchange::Answerer;
use crate::service::turn::reply::{Ending, Failure, Reply};
use crate::service::turn::running::ReplyEnd;
use crate::store::{BeginTurn, FinishTurn, StoreError};

/// How often the end is offered to a busy database before it is given up.
const STORE_TRIES: u32 = 3;
/// The wait before the second of these tries; longer before the next.
const STORE_PAUSE: Duration = Duration::from_millis(250);

impl Turns {
    /// Stores the end. When the database does not take it even after some tries, the visitor is
    /// told so; the reply is then interrupted by whoever finds it next.
    pub(crate) async fn finish(
        &self,
        turn: &BeginTurn,
        (reply, unverified): (Reply, Vec<String>),
        mut ending: Ending,
        answerer: Option<&Answerer>,
    ) -> ReplyEnd {
        let mut finish = self.finish_turn_of(turn, &reply, ending, answerer);
        finish.unverified.clone_from(&unverified);
        let (status, now) = (finish.status, finish.now);
        let provider_name = self.parts.models.display_name(&finish.provider);
        let (provider, model) = (finish.provider.clone(), finish.model.clone());
        let (suggestions, asks_contact) = (finish.suggestions.clone(), finish.asks_contact);
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
            suggestions,
            asks_contact,
            unverified,
        }
    }

    fn finish_turn_of(
        &self,
        turn: &BeginTurn,
        reply: &Reply,
        ending: Ending,
        answerer: Option<&Answerer>,
    ) -> FinishTurn {
        // A model that was cut off has not said all of it.
        let is_whole = ending.reason == FinishReason::Stop;
        let asked = answerer.map(|answerer| answerer.model.clone());
        let now = self.parts.clock.now();
        // Words that were held back until the end came with it.
        let at_the_end = (!reply.text.is_empty()).then_some(now);
        FinishTurn {
            session: turn.session,
            reply: turn.reply,
            text: reply.text.clone(),
            provider: answerer
                .map_or_else(|| turn.provider.clone(), |who| who.provider.name().to_string()),
            model: reply.model.clone().or(asked).unwrap_or_else(|| turn.model.clone()),
            status: ending.reason.status(!reply.text.is_empty()),
            finish_reason: ending.reason,
            failure: ending.failure.map(|failure| failure.code),
            usage: reply.usage,
            suggestions: if is_whole { reply.appendix.questions() } else { Vec::new() },
            asks_contact: is_whole && reply.appendix.asks_contact(),
            steps: reply.steps.all().to_vec(),
            unverified: Vec::new(),
            first_word_at: reply.first_word_at.or(at_the_end),
            now,
        }
    }

    /// Counts what a reply of that bot took against what may be spent.
    pub(crate) fn count(
        &self,
        bot: &str,
        answerer: Option<&Answerer>,
        (end, said): (&ReplyEnd, usize),
    ) {
        if let Some(answerer) = answerer {
            self.parts.bots.count(Spent { bot, usage: answerer.usage(end, said) });
        }
    }

    async fn store_end(&self, end: FinishTurn) -> Result<u64, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.parts.store.finish_turn(end.clone()).await {
                Err(StoreError::Busy(_)) if tries < STORE_TRIES => {
                    tokio::time::sleep(STORE_PAUSE * tries).await;
                }
                result => return result,
            }
        }
    }
}

/// One line for the operator: who answered, how it ended, what it took. No word of what was said.
pub(crate) fn log_end(turn: &BeginTurn, end: &ReplyEnd, took: Duration) {
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
