//! Measures the owner's pages over a large database: `scripts/bench admin` (`--help` says how).

#![expect(clippy::indexing_slicing, reason = "what is missing has to end the measurement")]

mod chance;
mod fill;
mod pages;
mod reads;

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// What can go wrong here ends the run with a sentence.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).filter(|argument| argument != "--bench").collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _closed = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Outcome<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["fill", path, messages] => {
            let began = Instant::now();
            fill::fill(&PathBuf::from(path), messages.parse()?)?;
            say(&format!("made in {:.0} s", began.elapsed().as_secs_f64()))
        }
        ["pages", binary, path] => {
            say(&pages::measure(&PathBuf::from(binary), &PathBuf::from(path))?)
        }
        ["reads", path] => reads::measure(&PathBuf::from(path)),
        _ => Err("see scripts/bench admin --help".into()),
    }
}

fn say(text: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
