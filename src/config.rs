//! Settings from flags, environment and `.env`, typed and checked before anything starts.

pub mod read;
pub mod settings;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

pub use crate::config::read::{ConfigError, Values};
use crate::config::read::{Source, error};
use crate::domain::bot::{Bot, Corner, Looks, ProviderName};
use crate::domain::secret::Secret;

/// Everything the operator sets before the start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen and who may connect.
    pub server: ServerConfig,
    /// Database file.
    pub database: PathBuf,
    /// Which sites may embed.
    pub origins: AllowedOrigins,
    /// Model vendors.
    pub providers: ProvidersConfig,
    /// The default bot.
    pub bot: Bot,
    /// Limits and spans.
    pub limits: LimitsConfig,
    /// Logging.
    pub logs: LogsConfig,
}

/// Where to listen and who may connect.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Address for visitors, without a slash at the end.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Open connections in all.
    pub max_connections: usize,
    /// Open connections of one address.
    pub max_connections_per_address: usize,
}

/// Which sites may embed the widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Everybody (`*`).
    Any,
    /// Exactly these, as `scheme://host[:port]`.
    List(Vec<String>),
}

/// Model vendors.
#[derive(Debug, Clone)]
pub struct ProvidersConfig {
    /// Who answers.
    pub default: ProviderName,
    /// Who is asked next when that one fails before its first word.
    pub fallback: Vec<ProviderName>,
    /// Claude, if it has a key.
    pub claude: Option<VendorConfig>,
    /// OpenAI, if it has a key.
    pub openai: Option<VendorConfig>,
    /// Whether to speak the Responses dialect with `openai`; unset, its address decides.
    pub openai_responses: Option<bool>,
    /// Gemini, if it has a key.
    pub gemini: Option<VendorConfig>,
    /// The second, OpenAI-compatible server, if it has an address.
    pub compatible: Option<CompatibleConfig>,
    /// How long a provider may take.
    pub timeouts: TimeoutsConfig,
}

/// One vendor.
#[derive(Debug, Clone)]
pub struct VendorConfig {
    /// Its key.
    pub api_key: Secret,
    /// Its address, where the owner set another than the vendor's own.
    pub base_url: Option<Url>,
    /// Its model, where the owner chose one.
    pub model: Option<String>,
}

/// A server that speaks OpenAI's Chat Completions.
#[derive(Debug, Clone)]
pub struct CompatibleConfig {
    /// Its key, if it wants one.
    pub api_key: Option<Secret>,
    /// Its address.
    pub base_url: Url,
    /// Its model.
    pub model: String,
    /// Its name for people.
    pub name: String,
}

/// How long a provider may take.
#[derive(Debug, Clone, Copy)]
pub struct TimeoutsConfig {
    /// To accept the connection.
    pub connect: Duration,
    /// Until its first word.
    pub first_token: Duration,
    /// Between two bytes.
    pub idle: Duration,
    /// For the whole reply.
    pub total: Duration,
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
    /// Longest message, characters.
    pub max_message_chars: usize,
    /// Conversation sent to the model, tokens.
    pub history_tokens: usize,
    /// Client data sent to the model, tokens.
    pub context_tokens: usize,
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

const DEFAULT_INSTRUCTIONS: &str = "You are {name}, a helpful assistant on this website. Answer \
    briefly and in the visitor's language. If you do not know something, say so.";

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
        let providers = providers(values)?;
        Ok(Self {
            server: server(values)?,
            database: database(values)?,
            origins: origins(values)?,
            bot: bot(values, providers.default)?,
            providers,
            limits: limits(values)?,
            logs: logs(values)?,
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

fn server(values: &Values) -> Result<ServerConfig, ConfigError> {
    let host = values.parsed("HOST", |text| {
        let text = if text == "localhost" { "127.0.0.1" } else { text };
        text.parse().map_err(|_| format!("is `{text}`, which is not an IP address"))
    })?;
    let proxy = |text: &str| {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| format!("holds `{text}`, which is neither an address nor a network"))
    };
    Ok(ServerConfig {
        host: host.unwrap_or(IpAddr::from([127, 0, 0, 1])),
        port: values.number("PORT", 8000, (0, u16::MAX))?,
        public_url: values
            .parsed("PUBLIC_URL", http_url)?
            .map(|url| url.as_str().trim_end_matches('/').to_owned()),
        trusted_proxies: values.list("TRUSTED_PROXIES", proxy)?,
        max_connections: values.number("MAX_CONNECTIONS", 10_000, (1, 1_000_000))?,
        max_connections_per_address: values.number(
            "MAX_CONNECTIONS_PER_ADDRESS",
            100,
            (1, 1_000_000),
        )?,
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
    Ok(values.parsed("DATABASE_URL", parse)?.unwrap_or_else(|| PathBuf::from("data/alcove.db")))
}

fn origins(values: &Values) -> Result<AllowedOrigins, ConfigError> {
    let list = values.list("ALLOWED_ORIGINS", origin)?;
    let any = list.is_empty() || list.iter().any(|entry| entry == "*");
    if any && list.len() > 1 {
        return Err(error("ALLOWED_ORIGINS", "holds * beside other entries"));
    }
    if values.switch("CORS_ALLOW_CREDENTIALS", false)? && any {
        return Err(error(
            "CORS_ALLOW_CREDENTIALS",
            "is true while ALLOWED_ORIGINS lets everybody in, which browsers refuse",
        ));
    }
    Ok(if any { AllowedOrigins::Any } else { AllowedOrigins::List(list) })
}

/// `*`, or an origin in the form browsers send it.
fn origin(text: &str) -> Result<String, String> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    let refused = || format!("holds `{text}`, which is not scheme://host[:port]");
    let url = Url::parse(text).map_err(|_| refused())?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && !text.contains('*');
    if bare { Ok(url.origin().ascii_serialization()) } else { Err(refused()) }
}

fn http_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("is not an http or https address".to_owned()),
    }
}

fn provider_name(text: &str) -> Result<ProviderName, String> {
    text.parse().map_err(|()| {
        format!("holds `{text}`, but must be claude, openai, gemini, compatible or demo")
    })
}

fn vendor(
    values: &Values,
    [key, base_url, model]: [&'static str; 3],
) -> Result<Option<VendorConfig>, ConfigError> {
    let base_url = values.parsed(base_url, http_url)?;
    let Some(api_key) = values.secret(key) else { return Ok(None) };
    if !api_key.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(error(key, "holds a character that no key has"));
    }
    Ok(Some(VendorConfig { api_key, base_url, model: values.text(model) }))
}

fn compatible(values: &Values) -> Result<Option<CompatibleConfig>, ConfigError> {
    let Some(base_url) = values.parsed("COMPATIBLE_BASE_URL", http_url)? else { return Ok(None) };
    let model = values
        .text("COMPATIBLE_MODEL")
        .ok_or_else(|| error("COMPATIBLE_MODEL", "is not set though COMPATIBLE_BASE_URL is"))?;
    Ok(Some(CompatibleConfig {
        api_key: values.secret("COMPATIBLE_API_KEY"),
        base_url,
        model,
        name: values.text_or("COMPATIBLE_NAME", "Local model"),
    }))
}

fn providers(values: &Values) -> Result<ProvidersConfig, ConfigError> {
    let openai_responses = values.parsed("OPENAI_API", |text| match text {
        "responses" => Ok(true),
        "chat" => Ok(false),
        _ => Err(format!("is `{text}`, but must be responses or chat")),
    })?;
    let mut providers = ProvidersConfig {
        default: values.parsed("AI_PROVIDER", provider_name)?.unwrap_or(ProviderName::Claude),
        fallback: values.list("AI_FALLBACK", provider_name)?,
        claude: vendor(values, ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "CLAUDE_MODEL"])?,
        openai: vendor(values, ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"])?,
        openai_responses,
        gemini: vendor(values, ["GEMINI_API_KEY", "GEMINI_BASE_URL", "GEMINI_MODEL"])?,
        compatible: compatible(values)?,
        timeouts: TimeoutsConfig {
            connect: values.seconds("AI_CONNECT_TIMEOUT_SECONDS", 5)?,
            first_token: values.seconds("AI_FIRST_TOKEN_TIMEOUT_SECONDS", 90)?,
            idle: values.seconds("AI_IDLE_TIMEOUT_SECONDS", 60)?,
            total: values.seconds("AI_TOTAL_TIMEOUT_SECONDS", 600)?,
        },
    };
    if let Some(missing) = providers.fallback.iter().find(|name| !providers.has(**name)) {
        return Err(error("AI_FALLBACK", format!("names {missing}, which is not configured")));
    }
    providers.default = providers.first_available(providers.default);
    Ok(providers)
}

impl ProvidersConfig {
    /// Whether this provider can be asked.
    #[must_use]
    pub const fn has(&self, name: ProviderName) -> bool {
        match name {
            ProviderName::Claude => self.claude.is_some(),
            ProviderName::OpenAi => self.openai.is_some(),
            ProviderName::Gemini => self.gemini.is_some(),
            ProviderName::Compatible => self.compatible.is_some(),
            ProviderName::Demo => true,
        }
    }

    /// The wanted provider, or without its key the first that can be asked.
    fn first_available(&self, wanted: ProviderName) -> ProviderName {
        std::iter::once(wanted)
            .chain(ProviderName::ALL)
            .find(|name| self.has(*name))
            .unwrap_or(ProviderName::Demo)
    }
}

/// `#rgb` or `#rrggbb`, as `#rrggbb`.
fn color(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (is_hex, digits.len()) {
        (true, 6) => Ok(text.to_ascii_lowercase()),
        (true, 3) => Ok(std::iter::once('#')
            .chain(digits.to_ascii_lowercase().chars().flat_map(|digit| [digit, digit]))
            .collect()),
        _ => Err(format!("is `{text}`, which is not a colour in the form #rrggbb")),
    }
}

/// An address a browser may load the icon from: https, or a path on this server.
fn icon(text: &str) -> Result<String, String> {
    let own_path = text.starts_with('/') && !text.starts_with("//");
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | ';' | ','));
    if plain && (own_path || http_url(text).is_ok()) {
        Ok(text.to_owned())
    } else {
        Err("is neither an http(s) address nor a path on this server".to_owned())
    }
}

fn language(text: &str) -> Result<String, String> {
    let tag = text.len() <= 35 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if tag { Ok(text.to_owned()) } else { Err("is not a language tag".to_owned()) }
}

fn looks(values: &Values) -> Result<Looks, ConfigError> {
    let corner = |text: &str| match text {
        "right" | "bottom-right" => Ok(Corner::Right),
        "left" | "bottom-left" => Ok(Corner::Left),
        _ => Err(format!("is `{text}`, but must be right or left")),
    };
    let default_color = || "#667eea".to_owned();
    Ok(Looks {
        name: values.text_or("BOT_NAME", "Claude Assistant"),
        // Empty counts as not set, so hiding it has a word.
        powered_by: values.text("BOT_POWERED_BY").map_or_else(
            || "Claude".to_owned(),
            |name| if name == "none" { String::new() } else { name },
        ),
        color: values.parsed("BOT_COLOR", color)?.unwrap_or_else(default_color),
        message_color: values.parsed("BOT_MSG_BG_COLOR", color)?.unwrap_or_else(default_color),
        icon: values.parsed("BOT_ICON", icon)?,
        welcome: values.text_or("BOT_WELCOME", "Hi! How can I help?"),
        suggestions: values
            .text_or("BOT_SUGGESTIONS", "")
            .split('|')
            .map(|question| question.trim().to_owned())
            .filter(|question| !question.is_empty())
            .take(6)
            .collect(),
        position: values.parsed("BOT_POSITION", corner)?.unwrap_or_default(),
        language: values.parsed("BOT_LANGUAGE", language)?.unwrap_or_else(|| "auto".to_owned()),
    })
}

fn bot(values: &Values, provider: ProviderName) -> Result<Bot, ConfigError> {
    let looks = looks(values)?;
    let system_prompt = values
        .text("BOT_SYSTEM_PROMPT")
        .unwrap_or_else(|| DEFAULT_INSTRUCTIONS.replace("{name}", &looks.name));
    let temperature = values.text("BOT_TEMPERATURE");
    Ok(Bot {
        slug: "default".to_owned(),
        provider,
        system_prompt,
        max_output_tokens: values.number("BOT_MAX_TOKENS", 2048, (16, 128_000))?,
        temperature: match temperature {
            Some(_) => Some(values.number("BOT_TEMPERATURE", 1.0, (0.0, 2.0))?),
            None => None,
        },
        looks,
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
        max_message_chars: values.number("MAX_MESSAGE_CHARS", 8000, (1, 200_000))?,
        history_tokens: values.number("HISTORY_TOKENS", 12_000, (100, 1_000_000))?,
        context_tokens: values.number("CONTEXT_TOKENS", 8000, (0, 1_000_000))?,
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
