//! What the program says at its start.

use std::net::SocketAddr;

use crate::app::warnings;
use crate::config::Config;
use crate::domain::bot::ProviderName;

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
    warnings::warn(config);
}
