//! Where to listen, and who may connect and embed.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::config::hosts::{AllowedHosts, host};
use crate::config::read::{ConfigError, Values, error, http_url};
use crate::domain::origins::AllowedOrigins;
use crate::domain::secret::Secret;

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
    /// Names it answers to.
    pub allowed_hosts: AllowedHosts,
    /// What signs tokens, if the operator set it.
    pub secret_key: Option<Secret>,
    /// Open connections in all.
    pub max_connections: usize,
    /// Open connections of one address.
    pub max_connections_per_address: usize,
}

/// Reads where to listen.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn server(values: &Values) -> Result<ServerConfig, ConfigError> {
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
        allowed_hosts: allowed_hosts(values)?,
        secret_key: values.secret("SECRET_KEY"),
        max_connections: values.number("MAX_CONNECTIONS", 10_000, (1, 1_000_000))?,
        max_connections_per_address: values.number(
            "MAX_CONNECTIONS_PER_ADDRESS",
            100,
            (1, 1_000_000),
        )?,
    })
}

fn allowed_hosts(values: &Values) -> Result<AllowedHosts, ConfigError> {
    let list = values.list("ALLOWED_HOSTS", host)?;
    let any = list.is_empty() || list.iter().any(|entry| entry == "*");
    Ok(if any { AllowedHosts::Any } else { AllowedHosts::List(list) })
}

/// Reads who may embed.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn origins(values: &Values) -> Result<AllowedOrigins, ConfigError> {
    let origins = values.parsed("ALLOWED_ORIGINS", AllowedOrigins::parse)?;
    let origins = origins.unwrap_or(AllowedOrigins::Any);
    if credentials(values)? && origins == AllowedOrigins::Any {
        return Err(error(
            "CORS_ALLOW_CREDENTIALS",
            "is true while ALLOWED_ORIGINS lets everybody in, which browsers refuse",
        ));
    }
    Ok(origins)
}

/// Reads whether pages of listed sites may send cookies along.
///
/// # Errors
/// It is no yes or no.
pub(super) fn credentials(values: &Values) -> Result<bool, ConfigError> {
    values.switch("CORS_ALLOW_CREDENTIALS", false)
}
