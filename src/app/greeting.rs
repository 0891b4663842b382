//! What a start says: where it serves, and which settings are softer than a public server should have.

use std::net::SocketAddr;

use crate::config::Config;
use crate::domain::bot::ProviderName;
use crate::domain::origins::AllowedOrigins;

/// Shorter ones can be guessed.
const SECRET_KEY_CHARS: usize = 32;

/// What the person who started it wants to know.
pub(super) fn greet(config: &Config, address: SocketAddr, say: &dyn Fn(&str)) {
    let local = format!("http://{address}");
    let public = config.server.public_url.as_deref().unwrap_or(&local);
    say(&format!("Alcove {} is listening on {local}", env!("CARGO_PKG_VERSION")));
    say(&match config.providers.default {
        ProviderName::Demo => {
            "  Model:    none, demo mode (set ANTHROPIC_API_KEY, OPENAI_API_KEY, \
            GEMINI_API_KEY or COMPATIBLE_BASE_URL)"
                .to_owned()
        }
        provider => format!("  Model:    {provider}"),
    });
    say(&format!("  Database: {}", config.database.display()));
    say(&format!("  Embed:    <script src=\"{public}/widget.js\" defer></script>"));
    warn(config);
}

/// Warns of every soft setting.
fn warn(config: &Config) {
    if config.origins == AllowedOrigins::Any {
        tracing::warn!("Every site may embed this bot: set ALLOWED_ORIGINS before going live");
    }
    if !config.limits.rate_limits {
        tracing::warn!("RATE_LIMITS=off: nothing holds back a visitor who spends your tokens");
    }
    let key = config.server.secret_key.as_ref();
    if key.is_some_and(|key| key.expose().chars().count() < SECRET_KEY_CHARS) {
        tracing::warn!(
            "SECRET_KEY has fewer than {SECRET_KEY_CHARS} characters and can be guessed: make it \
             longer, or remove it and the server makes its own"
        );
    }
}
