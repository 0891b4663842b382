//! Messages as staff reads them: what was said, by whom, how it was made and what came of it.

use crate::domain::feedback::Rating;
use crate::domain::message::{FailureCode, FinishReason, Message, MessageStatus, ReplyFacts, Role};
use crate::domain::price::Prices;
use crate::http::error::ErrorCode;
use crate::http::pages::admin::conversation::steps::StepView;
use crate::http::pages::admin::cost::Cost;
use crate::http::pages::admin::figures::{count, span_ms};
use crate::http::pages::admin::safe_text::{SafeHtml, begin, cleaned};
use crate::service::turn::models::Models;
use crate::store::TranscriptMessage;

const SUGGESTION_CHARS: usize = 160;

/// A message.
pub(super) struct TurnView {
    /// Its id, which the script knows it by.
    pub id: String,
    /// Who said it.
    pub who: &'static str,
    /// The word for the stylesheet: `visitor`, `bot`, `notice`.
    pub kind: &'static str,
    /// When.
    pub at: String,
    /// The text of a visitor or of the server; as it was written.
    pub text: String,
    /// The reply of a bot.
    pub html: SafeHtml,
    /// Nothing is in it.
    pub is_empty: bool,
    /// It is being produced.
    pub is_running: bool,
    /// A new try took its place.
    pub is_replaced: bool,
    /// What went wrong, or how else it ended than by its end: words and tone.
    pub ended: Option<(String, &'static str)>,
    /// What produced it, how long that took, tokens, cost: one line.
    pub facts: Vec<String>,
    /// How it was computed.
    pub steps: Vec<StepView>,
    /// Numbers without proof.
    pub unverified: Vec<String>,
    /// Questions to go on with.
    pub suggestions: Vec<String>,
    /// The model asked for contact details.
    pub asks_contact: bool,
    /// The thumb: words and tone.
    pub thumb: Option<(&'static str, &'static str)>,
    /// What the visitor says about it.
    pub comment: String,
    /// It stands on the list of answers to work on.
    pub is_to_work_on: bool,
    /// Staff has settled it.
    pub is_settled: bool,
}

/// Makes views.
pub(super) struct Turns<'a> {
    /// Names of providers.
    pub models: &'a Models,
    /// What tokens cost.
    pub prices: &'a Prices,
}

impl Turns<'_> {
    /// The view of a message.
    pub(super) fn view(&self, one: TranscriptMessage) -> TurnView {
        let message = &one.message;
        let is_reply = message.role == Role::Assistant;
        let none = ReplyFacts::default();
        let facts = message.reply.as_ref().unwrap_or(&none);
        let is_to_work_on = is_reply && wants_work(message, facts) && !one.is_replaced;
        let (who, kind) = speaker(message.role);
        TurnView {
            id: message.id.to_string(),
            who,
            kind,
            at: message.created_at.to_string(),
            text: if is_reply { String::new() } else { cleaned(&message.content) },
            html: if is_reply {
                SafeHtml::of_markdown(&message.content)
            } else {
                SafeHtml::default()
            },
            is_empty: message.content.trim().is_empty(),
            is_running: message.status == MessageStatus::Streaming,
            is_replaced: one.is_replaced,
            ended: ended(message.status, facts),
            facts: if is_reply { self.facts(&one, facts) } else { Vec::new() },
            steps: facts.steps.iter().map(StepView::from).collect(),
            unverified: facts.unverified.iter().map(|number| begin(number, 40)).collect(),
            suggestions: facts
                .suggestions
                .iter()
                .map(|text| begin(text, SUGGESTION_CHARS))
                .collect(),
            asks_contact: facts.asks_contact,
            thumb: facts.feedback.as_ref().map(|feedback| thumb(feedback.rating)),
            comment: facts
                .feedback
                .as_ref()
                .and_then(|feedback| feedback.comment.as_deref())
                .map(cleaned)
                .unwrap_or_default(),
            is_to_work_on: is_to_work_on && one.settled_at.is_none(),
            is_settled: one.settled_at.is_some(),
        }
    }

    fn facts(&self, one: &TranscriptMessage, facts: &ReplyFacts) -> Vec<String> {
        let name = self.models.display_name(&facts.provider);
        let model = begin(&facts.model, 80);
        let mut line = vec![if model.is_empty() || model == facts.provider {
            name
        } else {
            format!("{name}, {model}")
        }];
        let since = |at: Option<crate::domain::clock::Timestamp>| {
            at.and_then(|at| u64::try_from(at.as_ms() - one.message.created_at.as_ms()).ok())
        };
        if let Some(ms) = since(one.first_word_at) {
            line.push(format!("first word after {}", span_ms(ms)));
        }
        if let Some(ms) = since(one.ended_at) {
            line.push(format!("done after {}", span_ms(ms)));
        }
        let tokens = |tokens: Option<u64>, what| {
            tokens.map(|tokens| format!("{} tokens {what}", count(tokens)))
        };
        line.extend(tokens(facts.usage.input_tokens, "in"));
        line.extend(tokens(facts.usage.output_tokens, "out"));
        let cost =
            Cost::of_reply(self.prices, (&facts.provider, &facts.model), facts.usage).words();
        if !cost.is_empty() && one.message.status != MessageStatus::Streaming {
            line.push(format!("cost {cost}"));
        }
        line
    }
}

const fn speaker(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::User => ("Visitor", "visitor"),
        Role::Assistant => ("Bot", "bot"),
        Role::System => ("Notice", "notice"),
    }
}

const fn thumb(rating: Rating) -> (&'static str, &'static str) {
    match rating {
        Rating::Up => ("Thumb up", "good"),
        Rating::Down => ("Thumb down", "bad"),
    }
}

/// Whether the reply is of those that staff should look at.
fn wants_work(message: &Message, facts: &ReplyFacts) -> bool {
    facts.feedback.as_ref().is_some_and(|feedback| feedback.rating == Rating::Down)
        || facts.failure.is_some()
        || message.status == MessageStatus::Blocked
        || facts.asks_contact
}

fn ended(status: MessageStatus, facts: &ReplyFacts) -> Option<(String, &'static str)> {
    let why = facts.failure.map(failure);
    let because = |what: &str| why.map_or_else(|| what.to_owned(), |why| format!("{what}: {why}"));
    match status {
        MessageStatus::Streaming => None,
        MessageStatus::Complete if facts.finish_reason == Some(FinishReason::Length) => {
            Some(("Cut at the token limit".to_owned(), "warn"))
        }
        MessageStatus::Complete => None,
        MessageStatus::Stopped => Some(("Stopped by the visitor".to_owned(), "neutral")),
        MessageStatus::Interrupted => Some((because("Broke off"), "warn")),
        MessageStatus::Blocked => Some((because("Refused by the vendor"), "warn")),
        MessageStatus::Failed => Some((because("Failed"), "bad")),
    }
}

/// Why a reply failed, as the public table of errors says it.
pub(crate) fn failure(code: FailureCode) -> &'static str {
    ErrorCode::from(code).sentence()
}
