//! What a start warns of: settings that are allowed, but softer than a public server should have.

use crate::config::Config;
use crate::domain::origins::AllowedOrigins;

/// Shorter ones can be guessed.
const SECRET_KEY_CHARS: usize = 32;

/// Warns of every soft setting.
pub(super) fn warn(config: &Config) {
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
