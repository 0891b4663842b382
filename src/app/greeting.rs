//! What the program says at its start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::app::warnings;
use crate::config::Config;
use crate::domain::bot::ProviderName;
use crate::service::ServiceResult;
use crate::service::accounts::Accounts;

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

/// Shows the link that makes the first owner, if there is none. It is written nowhere else; logs
/// that programs read and keep do not get it.
pub(super) async fn invite_first_owner(
    config: &Config,
    address: SocketAddr,
    accounts: &Accounts,
    whisper: &dyn Fn(&str),
) -> ServiceResult<()> {
    if config.logs.json {
        if !accounts.has_owner().await? {
            tracing::info!("Nobody owns this server yet: run `alcove createsuperuser`");
        }
        return Ok(());
    }
    let Some(key) = accounts.first_run_link().await? else { return Ok(()) };
    let here = match address.ip() {
        ip if ip.is_unspecified() => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
        }
        _ => address,
    };
    let local = format!("http://{here}");
    let public = config.server.public_url.as_deref().unwrap_or(&local);
    whisper("  Nobody owns this server yet. To make its first owner, open this within an hour:");
    whisper(&format!("    {public}/admin/setup?key={}", key.expose()));
    whisper("  It works once. Or run: alcove createsuperuser");
    Ok(())
}

/// What the last stop left unfinished.
pub(super) fn tell_of_cut_off(replies: u64, files: u64) {
    if replies > 0 {
        tracing::info!(replies, "Replies cut off by the last stop are marked");
    }
    if files > 0 {
        tracing::info!(files, "Files cut off by the last stop are deleted");
    }
}
