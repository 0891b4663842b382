//! What an owner has set of a bot, and what follows from it and from the configuration.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::bot::field::{self, BotField, NONE};
use crate::domain::bot::rewording::rewording;
use crate::domain::bot::{Bot, BotLimits, Looks, ProviderName, parse};
use crate::domain::origins::AllowedOrigins;

const DEFAULT_INSTRUCTIONS: &str = "You are {name}, a helpful assistant on this website. Answer \
    briefly and in the visitor's language. If you do not know something, say so.";
const DEFAULT_NAME: &str = "Claude Assistant";
const DEFAULT_POWERED_BY: &str = "Claude";
const DEFAULT_COLOR: &str = "#667eea";
const DEFAULT_MAX_TOKENS: u32 = 2048;

/// Values of a bot as their owner wrote them, each of them checked. Whatever is not set comes from
/// elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotSettings(BTreeMap<&'static str, String>);

/// One difference between two states of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotChange {
    /// What differs.
    pub field: BotField,
    /// What it was, if it was set.
    pub before: Option<String>,
    /// What it is, if it is set.
    pub after: Option<String>,
}

/// What is wrong with values of a bot: field and problem.
pub type BotProblems = Vec<(BotField, String)>;

impl BotSettings {
    /// Sets a value; an empty one is taken away.
    ///
    /// # Errors
    /// What is wrong with it, for the owner.
    pub fn set(&mut self, field: BotField, text: &str) -> Result<(), String> {
        // Forms send line ends as networks do.
        let text = text.replace("\r\n", "\n").trim().to_owned();
        if text.is_empty() {
            self.0.remove(field.as_str());
            return Ok(());
        }
        field.check(&text)?;
        self.0.insert(field.as_str(), text);
        Ok(())
    }

    /// The value as it was written, if it is set.
    #[must_use]
    pub fn get(&self, field: BotField) -> Option<&str> {
        self.0.get(field.as_str()).map(String::as_str)
    }

    /// These values, and where there is none, those of `below`.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
        let mut all = below.0.clone();
        all.extend(self.0.iter().map(|(name, text)| (*name, text.clone())));
        Self(all)
    }

    /// What was changed since `before`.
    #[must_use]
    pub fn changes_since(&self, before: &Self) -> Vec<BotChange> {
        let own = |settings: &Self, field| settings.get(field).map(str::to_owned);
        let change =
            |field| BotChange { field, before: own(before, field), after: own(self, field) };
        let all = BotField::ALL.into_iter().map(change);
        all.filter(|change| change.before != change.after).collect()
    }

    /// The values by their names.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        self.0.iter().map(|(name, text)| ((*name).to_owned(), text.as_str().into())).collect()
    }

    /// Reads values by their names. People who write such files may write numbers, lists and
    /// objects for what they are.
    ///
    /// # Errors
    /// What is wrong, with the names of the values.
    pub fn from_json(values: &Map<String, Value>) -> Result<Self, Vec<(String, String)>> {
        let (settings, problems) = Self::readable(values);
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// The values that can be used, and what is wrong with the others.
    #[must_use]
    pub fn readable(values: &Map<String, Value>) -> (Self, Vec<(String, String)>) {
        let (mut settings, mut problems) = (Self::default(), Vec::new());
        for (name, value) in values {
            let set = match name.parse::<BotField>() {
                Ok(field) => settings.set(field, &as_text(value)),
                Err(_) => Err("is no value of a bot".to_owned()),
            };
            problems.extend(set.err().map(|problem| (name.clone(), problem)));
        }
        (settings, problems)
    }

    /// The value as `parse` reads it; none if it is not set, or the owner says that there is none.
    fn read<T>(&self, field: BotField, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.get(field).filter(|text| !(field.may_be_none() && *text == NONE))?;
        parse(text).ok()
    }

    fn text(&self, field: BotField) -> Option<String> {
        self.read(field, |text| Ok(text.to_owned()))
    }
}

fn as_text(value: &Value) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("\n"),
        value => plain(value),
    }
}

/// Where a value of a bot comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Set for this bot.
    SetHere,
    /// The configuration, by this variable.
    Environment(&'static str),
    /// Nobody set it.
    BuiltIn,
}

/// What holds for all bots where nothing is set for one.
#[derive(Debug, Clone)]
pub struct BotBasis {
    /// What the configuration sets.
    pub settings: BotSettings,
    /// The variables that set a vendor's model, where they are set.
    pub models: Vec<(ProviderName, &'static str)>,
    /// The providers that can be asked.
    pub providers: Vec<ProviderName>,
}

impl BotBasis {
    /// The bot of that name for which this is set.
    #[must_use]
    pub fn bot(&self, slug: &str, set: &BotSettings) -> Bot {
        let values = set.over(&self.settings);
        let wanted = values.read(BotField::Provider, field::provider);
        let provider = self.available(wanted.unwrap_or(ProviderName::Claude));
        let looks = looks(&values, provider);
        let instructions = || DEFAULT_INSTRUCTIONS.replace("{name}", &looks.name);
        // A model belongs to its vendor: another one that steps in does not have it.
        let is_wanted = wanted.is_none_or(|wanted| wanted == provider);
        Bot {
            slug: slug.to_owned(),
            provider,
            model: values.read(BotField::Model, parse::model).filter(|_| is_wanted),
            system_prompt: values.text(BotField::SystemPrompt).unwrap_or_else(instructions),
            max_output_tokens: values
                .read(BotField::MaxTokens, field::max_tokens)
                .unwrap_or(DEFAULT_MAX_TOKENS),
            temperature: values.read(BotField::Temperature, field::temperature),
            looks,
            follow_ups: values.read(BotField::FollowUps, field::follow_ups).unwrap_or(0),
            lead_form: values.read(BotField::LeadForm, field::lead_form),
            origins: values
                .read(BotField::Origins, AllowedOrigins::parse)
                .unwrap_or(AllowedOrigins::Any),
            limits: BotLimits {
                // The configuration's is the guard's own, and holds without a bot.
                messages_per_minute: set
                    .read(BotField::MessagesPerMinute, field::messages_per_minute),
                daily_tokens: values.read(BotField::DailyTokens, field::daily_tokens),
            },
        }
    }

    /// Where a bot for which this is set has a value from.
    #[must_use]
    pub fn origin(&self, set: &BotSettings, field: BotField) -> Origin {
        if set.get(field).is_some() {
            return Origin::SetHere;
        }
        let variable = match field {
            BotField::Model => {
                let provider = self.bot("", set).provider;
                self.models.iter().find(|(of, _)| *of == provider).map(|(_, variable)| *variable)
            }
            field => field.variable().filter(|_| self.settings.get(field).is_some()),
        };
        variable.map_or(Origin::BuiltIn, Origin::Environment)
    }

    /// The wanted provider, or without its key the first that can be asked.
    fn available(&self, wanted: ProviderName) -> ProviderName {
        let mut names = std::iter::once(wanted).chain(ProviderName::ALL);
        names.find(|name| self.providers.contains(name)).unwrap_or(ProviderName::Demo)
    }
}

fn looks(values: &BotSettings, provider: ProviderName) -> Looks {
    let color = |field| values.read(field, parse::color).unwrap_or_else(|| DEFAULT_COLOR.into());
    // The demo has no model to name.
    let powered_by = match values.get(BotField::PoweredBy) {
        Some(name) if name == NONE => String::new(),
        Some(name) => name.to_owned(),
        None if provider == ProviderName::Demo => String::new(),
        None => DEFAULT_POWERED_BY.to_owned(),
    };
    Looks {
        name: values.text(BotField::Name).unwrap_or_else(|| DEFAULT_NAME.to_owned()),
        powered_by,
        color: color(BotField::Color),
        message_color: color(BotField::MessageColor),
        icon: values.read(BotField::Icon, parse::icon),
        welcome: values.text(BotField::Welcome),
        suggestions: values
            .text(BotField::Suggestions)
            .map(|text| parse::suggestions(&text))
            .unwrap_or_default(),
        position: values.read(BotField::Position, parse::corner).unwrap_or_default(),
        language: values
            .read(BotField::Language, parse::language)
            .unwrap_or_else(|| "auto".to_owned()),
        rewording: values.read(BotField::Strings, rewording).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
