//! A bot: the stored settings of an assistant, its instructions, looks and limits.

pub mod field;
pub mod file;
pub mod parse;
mod rewording;
pub mod settings;
pub mod slug;

use std::fmt;
use std::str::FromStr;

use crate::domain::lead::LeadForm;
use crate::domain::origins::AllowedOrigins;

/// Which provider a bot or session asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProviderName {
    /// Anthropic's Messages API.
    Claude,
    /// OpenAI, or the server at `OPENAI_BASE_URL`.
    OpenAi,
    /// Google's Gemini API.
    Gemini,
    /// The OpenAI-compatible server at `COMPATIBLE_BASE_URL`.
    Compatible,
    /// No model: search over what the bot can see.
    Demo,
}

impl ProviderName {
    /// All of them, in the order in which a missing choice is filled.
    pub const ALL: [Self; 5] =
        [Self::Claude, Self::OpenAi, Self::Gemini, Self::Compatible, Self::Demo];

    /// The word in settings, SQL and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::OpenAi => "openai",
            Self::Gemini => "gemini",
            Self::Compatible => "compatible",
            Self::Demo => "demo",
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProviderName {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|name| name.as_str().eq_ignore_ascii_case(word.trim())).ok_or(())
    }
}

/// In which lower corner of the host page the button stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Corner {
    /// The right one.
    #[default]
    Right,
    /// The left one.
    Left,
}

impl Corner {
    /// The word in settings and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
        }
    }
}

/// The settings of one assistant.
#[derive(Debug, Clone, PartialEq)]
pub struct Bot {
    /// Its name in addresses and `data-bot`.
    pub slug: String,
    /// The provider that answers, unless the session asks for another one.
    pub provider: ProviderName,
    /// The vendor's model, where the owner chose one for this bot. Only that provider has it.
    pub model: Option<String>,
    /// The owner's instructions; rank above everything a visitor or page sends.
    pub system_prompt: String,
    /// Upper bound of tokens in one reply.
    pub max_output_tokens: u32,
    /// Sent only if the owner set it: current models refuse it.
    pub temperature: Option<f64>,
    /// What visitors see.
    pub looks: Looks,
    /// How many questions to go on with the model may write behind an answer.
    pub follow_ups: u8,
    /// What visitors are asked about themselves, if the owner wants to know.
    pub lead_form: Option<LeadForm>,
    /// Which sites may embed it.
    pub origins: AllowedOrigins,
    /// How much it may be used.
    pub limits: BotLimits,
}

impl Bot {
    /// The model that the owner chose for this bot at that provider, if it is the bot's own.
    #[must_use]
    pub fn model_at(&self, provider: ProviderName) -> Option<&str> {
        self.model.as_deref().filter(|_| self.provider == provider)
    }
}

/// How much one bot may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BotLimits {
    /// Messages of one visitor in a minute; without it, what holds for all.
    pub messages_per_minute: Option<u32>,
    /// Tokens of all its replies in a day; without it, no limit of its own.
    pub daily_tokens: Option<u64>,
}

/// What visitors see of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    /// Name in the header.
    pub name: String,
    /// "Powered by …" under the composer; nothing when empty.
    pub powered_by: String,
    /// Accent colour, `#rrggbb`.
    pub color: String,
    /// Background of the visitor's bubble, `#rrggbb`.
    pub message_color: String,
    /// Address of the icon, if the owner set one.
    pub icon: Option<String>,
    /// First words, shown before the visitor says anything; if the owner has none, the widget
    /// greets in the visitor's language.
    pub welcome: Option<String>,
    /// Questions offered to click.
    pub suggestions: Vec<String>,
    /// Where the button stands.
    pub position: Corner,
    /// Language tag of the widget, or `auto`.
    pub language: String,
    /// Words of the widget in the owner's own wording.
    pub rewording: Vec<Reworded>,
}

/// One of the widget's words in the owner's wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reworded {
    /// The language it belongs to; every language if there is none.
    pub language: Option<String>,
    /// Which word, as the language files name it.
    pub key: String,
    /// What it says instead.
    pub text: String,
}
