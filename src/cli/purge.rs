//! `alcove purge`: deletes old conversations for good, beside a running server or without one.

use std::path::Path;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};

use crate::cli::dates::{BOT, bot, date, date_of};
use crate::domain::actor::Actor;
use crate::domain::clock::{Clock as _, SystemClock, Timestamp};
use crate::store::sqlite::{SqliteReader, SqliteSettings, SqliteStore};
use crate::store::{OwnerStore as _, ReviewStore as _, Store as _, StoreError};

const BEFORE: &str = "before";
const OLDER_THAN: &str = "older-than";
const DRY_RUN: &str = "dry-run";

/// How long a purge waits for a server that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

pub(super) fn command() -> Command {
    Command::new("purge")
        .about("Delete old conversations with their files for good, those of accounts too")
        .arg(date(BEFORE, "Those last active before this day (UTC)"))
        .arg(
            Arg::new(OLDER_THAN)
                .long(OLDER_THAN)
                .value_name("DAYS")
                .value_parser(value_parser!(u32).range(1..=36_500))
                .help("Those last active longer ago than so many days"),
        )
        .group(ArgGroup::new("which").args([BEFORE, OLDER_THAN]).required(true))
        .arg(bot("Only those with this bot"))
        .arg(
            Arg::new(DRY_RUN)
                .long(DRY_RUN)
                .action(ArgAction::SetTrue)
                .help("Only say how many there are"),
        )
}

/// Deletes, and says how many went.
///
/// # Errors
/// What is wrong with the database, for the owner.
pub(super) fn run(database: &Path, args: &ArgMatches) -> Result<String, String> {
    let days = args.get_one::<u32>(OLDER_THAN).copied().unwrap_or(u32::MAX);
    let ago = Duration::from_secs(u64::from(days) * 24 * 60 * 60);
    let before = date_of(args, BEFORE).unwrap_or_else(|| SystemClock.now().minus(ago));
    let bot = args.get_one::<String>(BOT).map(String::as_str);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("The runtime cannot start: {error}"))?;
    let work = purge(database, (before, bot), args.get_flag(DRY_RUN));
    runtime.block_on(work).map_err(|error| error.to_string())
}

async fn purge(
    database: &Path,
    (before, bot): (Timestamp, Option<&str>),
    is_dry: bool,
) -> Result<String, StoreError> {
    // It makes and migrates nothing, so a wrong path or release ends here.
    let reader = SqliteReader::open(database)?;
    let count = reader.count_conversations_before(&Actor::System, before, bot).await?;
    if is_dry || count == 0 {
        let would = if is_dry { " would be" } else { "" };
        return Ok(format!("{}{would} deleted.\n", conversations(count)));
    }
    drop(reader);
    let settings = SqliteSettings { busy_timeout: BUSY_TIMEOUT, ..SqliteSettings::new(database) };
    let store = SqliteStore::open(settings)?;
    let mut gone = 0;
    let ended = loop {
        match store.purge_conversations(&Actor::System, before, bot).await {
            Ok(0) => break Ok(()),
            Ok(some) => gone += some,
            Err(error) => break Err(error),
        }
    };
    store.close().await;
    ended.map(|()| format!("{} deleted.\n", conversations(gone)))
}

fn conversations(number: u64) -> String {
    if number == 1 { "1 conversation".to_owned() } else { format!("{number} conversations") }
}
