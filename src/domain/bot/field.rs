//! The values of a bot that an owner can set, one by one.

use crate::domain::bot::ProviderName;
use crate::domain::bot::parse;
use crate::domain::bot::rewording::rewording;
use crate::domain::lead::LeadForm;
use crate::domain::origins::AllowedOrigins;
use crate::domain::words::words;

/// Says that there shall be none, where the configuration has one.
pub const NONE: &str = "none";

/// Longest name: what the widget shows of one.
const MAX_NAME_CHARS: usize = 80;
/// Longest greeting.
const MAX_WELCOME_CHARS: usize = 2000;
/// Longest instructions.
const MAX_PROMPT_CHARS: usize = 60_000;
/// Largest number of tokens a day.
const MAX_DAILY_TOKENS: u64 = 1_000_000_000_000;

words!(
    /// One value of a bot.
    BotField ("value of a bot") {
        /// Name in the header.
        Name = "name",
        /// Who answers.
        Provider = "provider",
        /// The vendor's model; without one, the vendor's setting.
        Model = "model",
        /// The owner's instructions.
        SystemPrompt = "systemPrompt",
        /// Longest reply, tokens.
        MaxTokens = "maxTokens",
        /// Sampling temperature.
        Temperature = "temperature",
        /// First words.
        Welcome = "welcome",
        /// Questions to click.
        Suggestions = "suggestions",
        /// How many questions to go on with.
        FollowUps = "followUps",
        /// What visitors are asked about themselves.
        LeadForm = "leadForm",
        /// Accent colour.
        Color = "color",
        /// Background of the visitor's messages.
        MessageColor = "messageColor",
        /// Picture of the bot.
        Icon = "icon",
        /// Corner of the button.
        Position = "position",
        /// "Powered by …".
        PoweredBy = "poweredBy",
        /// Language of the widget.
        Language = "language",
        /// Words of the widget in the owner's wording.
        Strings = "strings",
        /// Which sites may embed it.
        Origins = "allowedOrigins",
        /// Messages of a visitor in a minute.
        MessagesPerMinute = "messagesPerMinute",
        /// Tokens of all its replies in a day.
        DailyTokens = "dailyTokens",
    }
);

impl BotField {
    /// All of them, in the order in which owners see them.
    pub const ALL: [Self; 20] = [
        Self::Name,
        Self::Provider,
        Self::Model,
        Self::SystemPrompt,
        Self::MaxTokens,
        Self::Temperature,
        Self::Welcome,
        Self::Suggestions,
        Self::FollowUps,
        Self::LeadForm,
        Self::Color,
        Self::MessageColor,
        Self::Icon,
        Self::Position,
        Self::PoweredBy,
        Self::Language,
        Self::Strings,
        Self::Origins,
        Self::MessagesPerMinute,
        Self::DailyTokens,
    ];

    /// The variable of the environment that sets it for all bots. A model has one for each vendor;
    /// what one bot may spend in a day has none.
    #[must_use]
    pub const fn variable(self) -> Option<&'static str> {
        Some(match self {
            Self::Name => "BOT_NAME",
            Self::Provider => "AI_PROVIDER",
            Self::SystemPrompt => "BOT_SYSTEM_PROMPT",
            Self::MaxTokens => "BOT_MAX_TOKENS",
            Self::Temperature => "BOT_TEMPERATURE",
            Self::Welcome => "BOT_WELCOME",
            Self::Suggestions => "BOT_SUGGESTIONS",
            Self::FollowUps => "BOT_FOLLOW_UPS",
            Self::LeadForm => "BOT_LEAD_FORM",
            Self::Color => "BOT_COLOR",
            Self::MessageColor => "BOT_MSG_BG_COLOR",
            Self::Icon => "BOT_ICON",
            Self::Position => "BOT_POSITION",
            Self::PoweredBy => "BOT_POWERED_BY",
            Self::Language => "BOT_LANGUAGE",
            Self::Strings => "BOT_STRINGS",
            Self::Origins => "ALLOWED_ORIGINS",
            Self::MessagesPerMinute => "LIMIT_MESSAGES_PER_MINUTE",
            Self::Model | Self::DailyTokens => return None,
        })
    }

    /// Whether [`NONE`] can be said for it.
    #[must_use]
    pub const fn may_be_none(self) -> bool {
        matches!(
            self,
            Self::Temperature
                | Self::Welcome
                | Self::Suggestions
                | Self::LeadForm
                | Self::Icon
                | Self::PoweredBy
                | Self::Strings
                | Self::DailyTokens
        )
    }

    /// Finds out whether it can be set to that.
    ///
    /// # Errors
    /// What is wrong with it, for the owner.
    pub fn check(self, text: &str) -> Result<(), String> {
        if self.may_be_none() && text == NONE {
            return Ok(());
        }
        match self {
            Self::Name | Self::PoweredBy => parse::text(text, MAX_NAME_CHARS).map(drop),
            Self::Provider => provider(text).map(drop),
            Self::Model => parse::model(text).map(drop),
            Self::SystemPrompt => parse::text(text, MAX_PROMPT_CHARS).map(drop),
            Self::MaxTokens => max_tokens(text).map(drop),
            Self::Temperature => temperature(text).map(drop),
            Self::Welcome | Self::Suggestions => parse::text(text, MAX_WELCOME_CHARS).map(drop),
            Self::FollowUps => follow_ups(text).map(drop),
            Self::LeadForm => lead_form(text).map(drop),
            Self::Color | Self::MessageColor => parse::color(text).map(drop),
            Self::Icon => parse::icon(text).map(drop),
            Self::Position => parse::corner(text).map(drop),
            Self::Language => parse::language(text).map(drop),
            Self::Strings => rewording(text).map(drop),
            Self::Origins => AllowedOrigins::parse(text).map(drop),
            Self::MessagesPerMinute => messages_per_minute(text).map(drop),
            Self::DailyTokens => daily_tokens(text).map(drop),
        }
    }
}

/// A provider's name.
///
/// # Errors
/// It is none.
pub fn provider(text: &str) -> Result<ProviderName, String> {
    text.parse().map_err(|()| {
        format!("holds `{text}`, but must be claude, openai, gemini, compatible or demo")
    })
}

pub(super) fn max_tokens(text: &str) -> Result<u32, String> {
    parse::number(text, (16, 128_000))
}

pub(super) fn temperature(text: &str) -> Result<f64, String> {
    parse::number(text, (0.0, 2.0))
}

pub(super) fn follow_ups(text: &str) -> Result<u8, String> {
    parse::number(text, (0, 3))
}

pub(super) fn lead_form(text: &str) -> Result<LeadForm, String> {
    LeadForm::parse(parse::unquoted(text))
}

pub(super) fn messages_per_minute(text: &str) -> Result<u32, String> {
    parse::number(text, (1, 100_000))
}

/// Tokens in a day; as well for all bots together.
///
/// # Errors
/// It is no number, or too large.
pub fn daily_tokens(text: &str) -> Result<u64, String> {
    parse::number(text, (1, MAX_DAILY_TOKENS))
}
