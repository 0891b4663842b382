//! The command line: `alcove serve` (or nothing), `alcove check`, and what the owner reads; a flag
//! for each variable.

mod accounts;
mod bots;
mod dates;
mod export;
mod purge;
mod reports;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command};

use crate::app;
use crate::config::{Config, ConfigError, settings};
use crate::telemetry;

/// Runs the command that the arguments ask for.
#[must_use]
pub fn run() -> ExitCode {
    let matches = command().get_matches();
    let config = match load(&matches) {
        Ok(config) => config,
        Err(error) => return fail(&error.to_string()),
    };
    match matches.subcommand() {
        Some(("check", _)) => check(&config),
        Some(("feedback", args)) => print(reports::feedback(&config.database, limit_of(args))),
        Some(("export", args)) => {
            print(export::run(&config.database, args).map(|()| String::new()))
        }
        Some(("purge", args)) => print(purge::run(&config.database, args)),
        Some(("leads", args)) => print(reports::leads(&config.database, limit_of(args))),
        Some(("createsuperuser", args)) => print(accounts::create_owner(&config, args)),
        Some(("token", args)) => print(accounts::token(&config, args)),
        Some(("bot", args)) => print(bots::run(&config, args)),
        _ => serve(config),
    }
}

fn check(config: &Config) -> ExitCode {
    if let Err(error) = app::check(config) {
        return fail(&error.to_string());
    }
    say("The configuration is fine.");
    ExitCode::SUCCESS
}

fn serve(config: Config) -> ExitCode {
    telemetry::start(&config.logs);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("The runtime cannot start: {error}")),
    };
    let ended = runtime.block_on(app::run(config, &|line| say(line), &|line| whisper(line)));
    // Dropping the runtime would wait for whoever still reads a file or computes.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn load(matches: &ArgMatches) -> Result<Config, ConfigError> {
    let flag = |name: &str| {
        let known = settings::all().any(|setting| setting.name == name);
        known.then(|| matches.get_one::<String>(name).cloned()).flatten()
    };
    let environment = |name: &str| std::env::var(name).ok();
    Config::load(&flag, &environment, Path::new("."))
}

/// The whole command line; `--help` of it is the manual.
#[must_use]
pub fn command() -> Command {
    let command = Command::new("alcove")
        .version(env!("CARGO_PKG_VERSION"))
        .about("An embeddable AI chat widget: widget, API and database in one program.")
        .after_help("Settings are read from flags, then the environment, then a .env file here.")
        .subcommand(Command::new("serve").about("Serve the widget and its API (the default)"))
        .subcommand(Command::new("check").about("Check the configuration, start nothing"))
        .subcommand(
            Command::new("feedback")
                .about("Print what visitors think of replies, the newest first")
                .arg(limit()),
        )
        .subcommand(
            Command::new("leads")
                .about("Print who visitors say they are as a table (CSV), the newest first")
                .arg(limit()),
        )
        .subcommand(export::command())
        .subcommand(purge::command())
        .subcommand(accounts::create_owner_command())
        .subcommand(accounts::token_command())
        .subcommand(bots::command());
    settings::GROUPS.iter().fold(command, |command, (heading, group)| {
        command.args(group.iter().map(|setting| flag(heading, setting)))
    })
}

fn flag(heading: &'static str, setting: &'static settings::Setting) -> Arg {
    let long = setting.name.to_ascii_lowercase().replace('_', "-");
    Arg::new(setting.name)
        .long(long)
        .value_name("VALUE")
        .global(true)
        .help_heading(heading)
        .help(format!("{} [default: {}]", setting.help, setting.default))
}

const LIMIT: &str = "limit";

fn limit() -> Arg {
    Arg::new(LIMIT)
        .long(LIMIT)
        .value_name("NUMBER")
        .default_value("50")
        .value_parser(clap::value_parser!(u32).range(1..=1_000_000))
        .help("At most so many")
}

fn limit_of(args: &ArgMatches) -> u32 {
    args.get_one(LIMIT).copied().unwrap_or(50)
}

/// Prints what was asked for, or why it cannot be had.
fn print(report: Result<String, String>) -> ExitCode {
    match report {
        Ok(text) => {
            let _closed_output = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(problem) => fail(&problem),
    }
}

/// A line for the person who started the program.
fn say(line: &str) {
    let _closed_output = writeln!(std::io::stdout(), "{line}");
}

/// A line for that person alone: standard output is often kept in a file.
fn whisper(line: &str) {
    let _closed_output = writeln!(std::io::stderr(), "{line}");
}

fn fail(problem: &str) -> ExitCode {
    let _closed_output = writeln!(std::io::stderr(), "alcove: {problem}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_setting_has_a_flag() {
        let matches = command()
            .try_get_matches_from(["alcove", "check", "--port", "9000", "--bot-name", "Ada"])
            .expect("parses");
        let config = load(&matches).expect("loads");
        assert_eq!((config.server.port, config.bot.looks.name.as_str()), (9000, "Ada"));
    }
}
