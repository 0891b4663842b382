//! Model vendors: keys, addresses, models, and who answers.

use std::time::Duration;

use url::Url;

use crate::config::read::{ConfigError, Values, error, http_url};
use crate::domain::bot::ProviderName;
use crate::domain::bot::field::provider;
use crate::domain::price::Prices;
use crate::domain::secret::Secret;

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
    /// Whether OpenAI-compatible servers get tools; unset, until they refuse them.
    pub tools: Option<bool>,
    /// What models cost.
    pub prices: Prices,
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

fn vendor(
    values: &Values,
    [key, base_url, model]: [&'static str; 3],
) -> Result<Option<VendorConfig>, ConfigError> {
    let base_url = values.parsed(base_url, http_url)?;
    let Some(api_key) = api_key(values, key)? else { return Ok(None) };
    Ok(Some(VendorConfig { api_key, base_url, model: values.text(model) }))
}

fn api_key(values: &Values, name: &'static str) -> Result<Option<Secret>, ConfigError> {
    let key = values.secret(name);
    let is_sendable = |key: &Secret| key.expose().bytes().all(|byte| byte.is_ascii_graphic());
    match key {
        Some(key) if !is_sendable(&key) => Err(error(name, "holds a character that no key has")),
        key => Ok(key),
    }
}

fn tools(text: &str) -> Result<Option<bool>, String> {
    match text {
        "auto" => Ok(None),
        "on" => Ok(Some(true)),
        "off" => Ok(Some(false)),
        _ => Err(format!("is `{text}`, but must be auto, on or off")),
    }
}

fn compatible(values: &Values) -> Result<Option<CompatibleConfig>, ConfigError> {
    let Some(base_url) = values.parsed("COMPATIBLE_BASE_URL", http_url)? else { return Ok(None) };
    let model = values
        .text("COMPATIBLE_MODEL")
        .ok_or_else(|| error("COMPATIBLE_MODEL", "is not set though COMPATIBLE_BASE_URL is"))?;
    Ok(Some(CompatibleConfig {
        api_key: api_key(values, "COMPATIBLE_API_KEY")?,
        base_url,
        model,
        name: values.text_or("COMPATIBLE_NAME", "Local model"),
    }))
}

/// Reads the vendors.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn providers(values: &Values) -> Result<ProvidersConfig, ConfigError> {
    let openai_responses = values.parsed("OPENAI_API", |text| match text {
        "responses" => Ok(true),
        "chat" => Ok(false),
        _ => Err(format!("is `{text}`, but must be responses or chat")),
    })?;
    let mut providers = ProvidersConfig {
        default: values.parsed("AI_PROVIDER", provider)?.unwrap_or(ProviderName::Claude),
        fallback: values.list("AI_FALLBACK", provider)?,
        claude: vendor(values, ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "CLAUDE_MODEL"])?,
        openai: vendor(values, ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"])?,
        openai_responses,
        gemini: vendor(values, ["GEMINI_API_KEY", "GEMINI_BASE_URL", "GEMINI_MODEL"])?,
        compatible: compatible(values)?,
        prices: values.parsed("AI_PRICES", Prices::parse)?.unwrap_or_default(),
        tools: values.parsed("COMPATIBLE_TOOLS", tools)?.flatten(),
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
