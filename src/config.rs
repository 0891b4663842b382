//! Settings from flags, environment and `.env`, typed and checked before anything starts.

mod accounts;
mod bot;
mod files;
mod hosts;
mod providers;
pub mod read;
pub mod seen;
mod server;
pub mod settings;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use crate::config::accounts::AccountsConfig;
pub use crate::config::files::FilesConfig;
pub use crate::config::hosts::AllowedHosts;
pub use crate::config::providers::{
    CompatibleConfig, ProvidersConfig, TimeoutsConfig, VendorConfig,
};
use crate::config::read::Source;
pub use crate::config::read::{ConfigError, Origin, Values};
pub use crate::config::seen::{Seen, SeenGroup, SeenSetting};
pub use crate::config::server::ServerConfig;
use crate::domain::bot::Bot;
use crate::domain::bot::field::daily_tokens;
use crate::domain::bot::settings::{BotBasis, BotSettings};
use crate::domain::bot::slug::DEFAULT_SLUG;
pub use crate::domain::origins::AllowedOrigins;
use crate::domain::price::Money;

/// Everything the operator sets before the start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen and who may connect.
    pub server: ServerConfig,
    /// Database file.
    pub database: PathBuf,
    /// Which sites may embed.
    pub origins: AllowedOrigins,
    /// Whether pages of listed sites may send cookies along.
    pub cors_credentials: bool,
    /// Model vendors.
    pub providers: ProvidersConfig,
    /// What holds for every bot.
    pub basis: BotBasis,
    /// The default bot, as long as nothing is set for it.
    pub bot: Bot,
    /// Limits and spans.
    pub limits: LimitsConfig,
    /// Uploaded files.
    pub files: FilesConfig,
    /// Accounts and sign-ins.
    pub accounts: AccountsConfig,
    /// Logging.
    pub logs: LogsConfig,
    /// All of it, as staff may see it.
    pub seen: Seen,
}

/// Limits and spans.
#[derive(Debug, Clone, Copy)]
pub struct LimitsConfig {
    /// Whether the limits per visitor and address hold.
    pub rate_limits: bool,
    /// Messages of a visitor in a minute.
    pub messages_per_minute: u32,
    /// Messages of an address in a minute.
    pub address_messages_per_minute: u32,
    /// Sessions of an address in an hour.
    pub address_sessions_per_hour: u32,
    /// Tokens of all replies in a day.
    pub daily_tokens: Option<u64>,
    /// What all replies of a day may cost.
    pub daily_money: Option<Money>,
    /// Longest message, characters.
    pub max_message_chars: usize,
    /// Conversation sent to the model, tokens.
    pub history_tokens: usize,
    /// Client data sent to the model, tokens.
    pub context_tokens: usize,
    /// How often a model may call tools before it has to answer.
    pub tool_rounds: usize,
    /// Idle time after which a session ends.
    pub session_timeout: Duration,
    /// Idle time after which a session is deleted.
    pub retention: Option<Duration>,
}

/// Logging.
#[derive(Debug, Clone)]
pub struct LogsConfig {
    /// Least level to write.
    pub level: tracing::Level,
    /// One JSON object a line instead of text for people.
    pub json: bool,
}

impl Config {
    /// Reads the settings from flags, then the environment, then a `.env` file in `folder`.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn load(
        flag: Source<'_>,
        environment: Source<'_>,
        folder: &Path,
    ) -> Result<Self, ConfigError> {
        let dotenv = read_dotenv(&folder.join(".env"))?;
        let from_file =
            |name: &str| dotenv.iter().find(|(key, _)| key == name).map(|(_, v)| v.clone());
        Self::from_values(&Values::collect(&[flag, environment, &from_file]))
    }

    /// Turns collected values into typed settings.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn from_values(values: &Values) -> Result<Self, ConfigError> {
        let providers = providers::providers(values)?;
        let basis = bot::basis(values, &providers)?;
        Ok(Self {
            server: server::server(values)?,
            database: database(values)?,
            origins: server::origins(values)?,
            cors_credentials: server::credentials(values)?,
            bot: basis.bot(DEFAULT_SLUG, &BotSettings::default()),
            basis,
            providers,
            limits: limits(values)?,
            files: files::files(values)?,
            accounts: accounts::accounts(values)?,
            logs: logs(values)?,
            seen: seen::seen(values),
        })
    }
}

/// The lines of a `.env` file; a file that is not there has none.
fn read_dotenv(path: &Path) -> Result<Vec<(String, String)>, ConfigError> {
    let Ok(lines) = dotenvy::from_path_iter(path) else { return Ok(Vec::new()) };
    lines.collect::<Result<_, _>>().map_err(|_| ConfigError {
        variable: ".env",
        problem: "has a line that is not NAME=value".to_owned(),
        example: "Ada",
    })
}

fn database(values: &Values) -> Result<PathBuf, ConfigError> {
    let parse = |text: &str| match text.strip_prefix("sqlite://") {
        Some("") => Err("names no file".to_owned()),
        Some(path) => Ok(PathBuf::from(path)),
        None if text.starts_with("postgres") => {
            Err("names PostgreSQL, which this version does not speak yet".to_owned())
        }
        None => Err("is not an address of a database".to_owned()),
    };
    if let Some(path) = values.parsed("DATABASE_URL", parse)? {
        return Ok(path);
    }
    refuse_postgres(values)?;
    Ok(PathBuf::from("data/alcove.db"))
}

/// Who sets these expects their data in PostgreSQL: a start that ignored them would keep it in a
/// place nobody looks for.
fn refuse_postgres(values: &Values) -> Result<(), ConfigError> {
    const NAMES: [&str; 5] =
        ["POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_HOST", "POSTGRES_PORT"];
    let Some(variable) = NAMES.into_iter().find(|name| values.text(name).is_some()) else {
        return Ok(());
    };
    Err(ConfigError {
        variable,
        problem:
            "asks for PostgreSQL, which this version does not speak yet: remove the POSTGRES_ \
                  variables or set DATABASE_URL to a SQLite file"
                .to_owned(),
        example: settings::find("DATABASE_URL").map_or("", |setting| setting.example),
    })
}

fn limits(values: &Values) -> Result<LimitsConfig, ConfigError> {
    const MINUTE: u64 = 60;
    const DAY: u64 = 24 * 60 * MINUTE;
    let retention = match values.text("RETENTION_DAYS") {
        Some(_) => Some(values.number("RETENTION_DAYS", 0, (1, 36_500))? * DAY),
        None => None,
    };
    Ok(LimitsConfig {
        rate_limits: values.switch("RATE_LIMITS", true)?,
        messages_per_minute: values.number("LIMIT_MESSAGES_PER_MINUTE", 20, (1, 100_000))?,
        address_messages_per_minute: values.number(
            "LIMIT_ADDRESS_MESSAGES_PER_MINUTE",
            60,
            (1, 1_000_000),
        )?,
        address_sessions_per_hour: values.number(
            "LIMIT_ADDRESS_SESSIONS_PER_HOUR",
            60,
            (1, 1_000_000),
        )?,
        daily_tokens: values.parsed("DAILY_TOKENS", daily_tokens)?,
        daily_money: values.parsed("DAILY_BUDGET_USD", Money::parse_dollars)?,
        max_message_chars: values.number("MAX_MESSAGE_CHARS", 8000, (1, 200_000))?,
        history_tokens: values.number("HISTORY_TOKENS", 12_000, (100, 1_000_000))?,
        context_tokens: values.number("CONTEXT_TOKENS", 8000, (0, 1_000_000))?,
        tool_rounds: values.number("TOOL_ROUNDS", 6, (1, 50))?,
        session_timeout: Duration::from_secs(
            values.number("SESSION_TIMEOUT_MINUTES", 30, (1, 525_600))? * MINUTE,
        ),
        retention: retention.map(Duration::from_secs),
    })
}

fn logs(values: &Values) -> Result<LogsConfig, ConfigError> {
    let debug = values.switch("DEBUG", false)?;
    let level = values.parsed("LOG_LEVEL", |text| {
        text.parse()
            .map_err(|_| format!("is `{text}`, but must be error, warn, info, debug or trace"))
    })?;
    let json = values.parsed("LOG_FORMAT", |text| match text {
        "human" => Ok(false),
        "json" => Ok(true),
        _ => Err(format!("is `{text}`, but must be human or json")),
    })?;
    let quiet = if debug { tracing::Level::DEBUG } else { tracing::Level::INFO };
    Ok(LogsConfig { level: level.unwrap_or(quiet), json: json.unwrap_or(false) })
}

#[cfg(test)]
mod tests;
