//! `alcove export`: conversations as a file, read beside a running server or after it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command, value_parser};

use crate::cli::dates::{BOT, FROM, TO, bot, date, date_of};
use crate::domain::actor::Actor;
use crate::service::export::{ConversationFile, Format, Which};
use crate::store::ConversationFilter;
use crate::store::sqlite::SqliteReader;

const FORMAT: &str = "format";
const OUTPUT: &str = "output";

pub(super) fn command() -> Command {
    Command::new("export")
        .about("Write conversations to a file, or to the standard output")
        .arg(
            Arg::new(FORMAT)
                .long(FORMAT)
                .value_parser(["json", "jsonl", "csv"])
                .default_value("jsonl")
                .help("json: one list; jsonl: a conversation on each line; csv: a message on each line"),
        )
        .arg(bot("Only conversations with this bot"))
        .arg(date(FROM, "Only conversations last active on this day or after it (UTC)"))
        .arg(date(TO, "Only conversations last active before this day"))
        .arg(
            Arg::new(OUTPUT)
                .long(OUTPUT)
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("The file; it is there only when it is whole"),
        )
}

/// Writes what the arguments ask for.
///
/// # Errors
/// What is wrong with the database or the file, for the owner.
pub(super) fn run(database: &Path, args: &ArgMatches) -> Result<(), String> {
    let format = args.get_one::<String>(FORMAT).and_then(|name| Format::of(name));
    let format = format.unwrap_or(Format::JsonLines);
    let filter = ConversationFilter {
        bot: args.get_one::<String>(BOT).cloned(),
        from: date_of(args, FROM),
        to: date_of(args, TO),
        ..ConversationFilter::default()
    };
    let store = SqliteReader::open(database).map_err(|error| error.to_string())?;
    let which = Which::Listed(filter);
    let file = ConversationFile::new(Arc::new(store), Actor::System, which, format);
    match args.get_one::<PathBuf>(OUTPUT) {
        Some(path) => to_file(file, path),
        None => to_output(file),
    }
}

fn to_output(file: ConversationFile) -> Result<(), String> {
    match write(file, &mut BufWriter::new(io::stdout().lock())) {
        // Whoever reads it has seen enough.
        Err(Problem::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|problem| problem.to_string()),
    }
}

/// Under another name until it is whole.
fn to_file(file: ConversationFile, path: &Path) -> Result<(), String> {
    let told = |error: io::Error| format!("{}: {error}", path.display());
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let written = File::create(&unfinished).map_err(Problem::Output).and_then(|output| {
        let mut output = BufWriter::new(output);
        write(file, &mut output)?;
        let output = output.into_inner().map_err(|error| Problem::Output(error.into_error()))?;
        output.sync_all().map_err(Problem::Output)
    });
    match written {
        Ok(()) => fs::rename(&unfinished, path).map_err(told),
        Err(problem) => {
            let _absent = fs::remove_file(&unfinished);
            Err(format!("{}: {problem}", path.display()))
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("{0}")]
    Store(#[from] crate::store::StoreError),
    #[error("{0}")]
    Output(#[from] io::Error),
}

fn write(mut file: ConversationFile, output: &mut impl Write) -> Result<(), Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    while let Some(piece) = runtime.block_on(file.next())? {
        output.write_all(piece.as_bytes())?;
    }
    Ok(output.flush()?)
}
