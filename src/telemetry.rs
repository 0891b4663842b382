//! Logs: one line an event, for people or as JSON, on standard error. Message text, keys and file
//! contents are never logged.

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::LogsConfig;

/// Starts logging. A second call (in tests) changes nothing.
pub fn start(config: &LogsConfig) {
    let level = LevelFilter::from_level(config.level);
    // Libraries stay quiet unless they have something to complain about.
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .parse_lossy(format!("warn,alcove={level}"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let _already_started = if config.json {
        logs.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        logs.with_target(false).try_init()
    };
    std::panic::set_hook(Box::new(log_panic));
}

/// Logs where a panic came from, not what it said: its message may quote a visitor.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    tracing::error!(location, "Panic");
}
