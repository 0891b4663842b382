//! What the program says at its start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::app::warnings;
use crate::config::Config;
use crate::domain::bot::ProviderName;
use crate::domain::secret::Secret;

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

/// The link that makes the first owner. It is written nowhere else, and the log never has it.
pub(super) fn show_first_link(
    config: &Config,
    address: SocketAddr,
    key: &Secret,
    whisper: &dyn Fn(&str),
) {
    let here = match address.ip() {
        ip if ip.is_unspecified() => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
        }
        _ => address,
    };
    let local = format!("http://{here}");
    let public = config.server.public_url.as_deref().unwrap_or(&local);
    whisper(
        "  Nobody owns this server yet. To make the first owner, open this within an hour, once:",
    );
    whisper(&format!("    {public}/admin/setup?key={}", key.expose()));
    whisper("  Or run: alcove createsuperuser");
}
