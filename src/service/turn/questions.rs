//! What a turn asks: kept until a provider talks, since a second try may need another prompt.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::domain::bot::{Bot, ProviderName};
use crate::domain::details::Details;
use crate::domain::id::MessageId;
use crate::domain::lead::AskWhen;
use crate::domain::message::{Message, MessageText};
use crate::domain::session::SessionConfig;
use crate::domain::table::TableProfile;
use crate::files::numbers::{Proven, unproven};
use crate::files::sql::all_rows;
use crate::providers::{ChatRequest, Provider};
use crate::service::ServiceResult;
use crate::service::tables::{TableScope, Tables};
use crate::service::turn::appendix::Wanted;
use crate::service::turn::prompt::{Budgets, Data, Prompt};
use crate::service::turn::tables_text::{WholeTable, may_be_whole, whole_table};
use crate::service::turn::toolbox::DataAccess;

/// What the prompt is made of.
pub(crate) struct Questions {
    pub(crate) bot: Arc<Bot>,
    pub(crate) config: SessionConfig,
    /// The newest messages before this one, oldest first.
    pub(crate) messages: Vec<Message>,
    /// How many the conversation has in all.
    pub(crate) message_count: u64,
    pub(crate) text: MessageText,
    pub(crate) replaces: Option<MessageId>,
    /// What the model may write behind its answer.
    pub(crate) wanted: Wanted,
    /// What can be computed with.
    pub(crate) tables: SessionTables,
}

/// The tables of the session.
pub(crate) struct SessionTables {
    /// Whose they are.
    pub(crate) scope: TableScope,
    /// What is known of each.
    pub(crate) profiles: Vec<TableProfile>,
    /// Those that are small, with all their rows.
    pub(crate) whole: Vec<WholeTable>,
    /// What the reply may say without having been made up: numbers of the tables, of what was
    /// asked, and of everything that queries find. Held for a moment only, never across an await.
    pub(crate) proven: Mutex<Proven>,
}

/// How long small tables may take to be read, so that they can be sent whole.
const WHOLE_TABLES_WITHIN: Duration = Duration::from_millis(150);

impl SessionTables {
    /// The tables of a session.
    ///
    /// # Errors
    /// No such session, or no database.
    pub(crate) async fn of(tables: &Tables, scope: TableScope) -> ServiceResult<Self> {
        let profiles = tables.profiles(&scope).await?;
        let mut whole = Vec::new();
        let reading = async {
            for table in profiles.iter().filter(|_| may_be_whole(&profiles)) {
                if let Ok(Ok(all)) = tables.query(&scope, &all_rows(&table.name)).await {
                    whole.extend(whole_table(&table.name, &all));
                }
            }
        };
        // What is not read by then is described all the same: nobody waits for a busy server here.
        let _in_time = tokio::time::timeout(WHOLE_TABLES_WITHIN, reading).await;
        Ok(Self { scope, profiles, whole, proven: Mutex::default() })
    }

    /// The numbers of a reply, as written there, that nobody computed; none where there is nothing
    /// to compute with.
    pub(crate) fn unverified(&self, text: &str) -> Vec<String> {
        if self.profiles.is_empty() {
            return Vec::new();
        }
        unproven(text, &self.proven.lock())
    }
}

/// What a bot's model may write behind its answer to a visitor of whom this much is known.
pub(crate) fn wanted(bot: &Bot, details: &Details) -> Wanted {
    let on_demand = bot.lead_form.as_ref().is_some_and(|form| form.when == AskWhen::Demand);
    Wanted { follow_ups: bot.follow_ups, contact: on_demand && details.is_empty(), calls: false }
}

/// What of it this provider is told of. The demo has no model that could write it.
pub(crate) fn wanted_of(provider: ProviderName, wanted: Wanted, access: DataAccess) -> Wanted {
    match provider {
        ProviderName::Demo => Wanted::default(),
        _ => Wanted { calls: access == DataAccess::Words, ..wanted },
    }
}

impl Questions {
    /// How this provider gets at the tables.
    pub(crate) fn access(&self, provider: &dyn Provider) -> DataAccess {
        match provider.name() {
            _ if self.tables.profiles.is_empty() => DataAccess::None,
            ProviderName::Demo => DataAccess::Bare,
            _ if provider.takes_tools() => DataAccess::Tools,
            _ => DataAccess::Words,
        }
    }

    /// The model to ask at this provider, if the bot has one there.
    pub(crate) fn model(&self, provider: &dyn Provider) -> Option<&str> {
        self.bot.model_at(provider.name())
    }

    /// The request that these budgets allow, for a model that may write `wanted`.
    pub(crate) fn request(
        &self,
        budgets: Budgets,
        wanted: Wanted,
        access: DataAccess,
    ) -> ChatRequest {
        let history = self.kept_history();
        let seen = u64::try_from(history.len()).unwrap_or(u64::MAX);
        let older = self.message_count.saturating_sub(seen);
        Prompt {
            bot: &self.bot,
            config: &self.config,
            history: &history,
            older: usize::try_from(older).unwrap_or(0),
            text: self.text.as_str(),
            wanted,
            data: Data { access, tables: &self.tables.profiles, whole: &self.tables.whole },
        }
        .request(budgets)
    }

    /// Lets go of all but the tables. What is known without computing counts as proven: what the
    /// owner and the page say, the visitor's words, earlier replies in which nothing was made up.
    pub(crate) fn into_tables(mut self) -> SessionTables {
        if self.tables.profiles.is_empty() {
            return self.tables;
        }
        let proven = self.tables.proven.get_mut();
        self.tables.profiles.iter().for_each(|table| proven.add_profile(table));
        proven.add_text(&self.bot.system_prompt);
        proven.add_text(self.text.as_str());
        for key in ["pageContext", "customInstructions"] {
            self.config.get(key).into_iter().for_each(|said| proven.add_text(&said.to_string()));
        }
        let is_made_up = |message: &Message| {
            message.reply.as_ref().is_some_and(|facts| !facts.unverified.is_empty())
        };
        let said = self.messages.iter().filter(|message| !is_made_up(message));
        said.for_each(|message| proven.add_text(&message.content));
        self.tables
    }

    /// The conversation without the turn that this one replaces.
    fn kept_history(&self) -> Vec<Message> {
        let messages = &self.messages;
        let replaced = messages.iter().find(|message| Some(message.id) == self.replaces);
        let asked = replaced.and_then(|reply| reply.reply.as_ref()?.answers);
        let is_replaced =
            |id: MessageId| replaced.is_some_and(|reply| reply.id == id) || asked == Some(id);
        messages.iter().filter(|message| !is_replaced(message.id)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Values};
    use crate::domain::lead::LeadForm;

    #[test]
    fn the_form_is_asked_for_on_demand_while_nothing_is_known_and_never_by_the_demo() {
        let mut bot = Config::from_values(&Values::default()).expect("defaults").bot;
        assert_eq!(wanted(&bot, &Details::new()), Wanted::default());
        bot.follow_ups = 2;
        bot.lead_form = LeadForm::parse("email").ok();
        assert!(!wanted(&bot, &Details::new()).contact, "a form before the chat needs no asking");
        bot.lead_form = LeadForm::parse(r#"{"when": "demand", "fields": ["email"]}"#).ok();
        let all = Wanted { follow_ups: 2, contact: true, calls: false };
        assert_eq!(wanted(&bot, &Details::new()), all);
        let known = Details::from([("email".to_owned(), "ada@example.com".to_owned())]);
        assert_eq!(wanted(&bot, &known), Wanted { contact: false, ..all });
        let access = DataAccess::Words;
        assert_eq!(wanted_of(ProviderName::Demo, all, access), Wanted::default());
        assert_eq!(wanted_of(ProviderName::Claude, all, DataAccess::Tools), all);
        let calling = Wanted { calls: true, ..all };
        assert_eq!(wanted_of(ProviderName::Compatible, all, access), calling);
    }
}
