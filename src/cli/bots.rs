//! `bot export` and `bot import`: bots as files.

use std::io::Read as _;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::app::bots::BotDesk;
use crate::config::Config;

const SLUG: &str = "slug";
const FILE: &str = "file";
const DRY_RUN: &str = "dry-run";
/// No file of bots is larger.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// `alcove bot`.
pub(super) fn command() -> Command {
    Command::new("bot")
        .about("Write bots to a file, and take them over from one")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("export").about("Print all bots, or one, as JSON").arg(
                Arg::new(SLUG).value_name("BOT").help("Only this one, by its name in addresses"),
            ),
        )
        .subcommand(
            Command::new("import")
                .about("Take over the bots of a file; all of them, or none if one cannot be")
                .arg(
                    Arg::new(FILE)
                        .value_name("FILE")
                        .required(true)
                        .help("What `bot export` printed; - reads standard input"),
                )
                .arg(
                    Arg::new(DRY_RUN)
                        .long(DRY_RUN)
                        .action(ArgAction::SetTrue)
                        .help("Only say what would change"),
                ),
        )
}

/// Exports or imports.
///
/// # Errors
/// What is wrong, for whoever sits there.
pub(super) fn run(config: &Config, args: &ArgMatches) -> Result<String, String> {
    let input = match args.subcommand() {
        Some(("import", args)) => {
            let file = args.get_one::<String>(FILE).map_or("-", String::as_str);
            Some((read(file)?, args.get_flag(DRY_RUN)))
        }
        _ => None,
    };
    let slug = args.subcommand().and_then(|(name, args)| match name {
        "export" => args.get_one::<String>(SLUG),
        _ => None,
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("The runtime cannot start: {error}"))?;
    runtime.block_on(async {
        let desk = BotDesk::open(config).await?;
        let done = match &input {
            Some((text, is_dry)) => desk.import(text, *is_dry).await,
            None => desk.export(slug.map(String::as_str)),
        };
        desk.close().await;
        done
    })
}

fn read(path: &str) -> Result<String, String> {
    let told = |error: std::io::Error| format!("{path}: {error}");
    let mut text = String::new();
    match path {
        "-" => std::io::stdin().take(MAX_FILE_BYTES).read_to_string(&mut text),
        path => std::fs::File::open(path)
            .and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text)),
    }
    .map_err(told)?;
    Ok(text)
}
