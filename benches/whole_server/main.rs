//! Measures the whole server: `scripts/bench` (`--help` says how).
//!
//! Three processes, so that what one of them spends is not counted with another: the server (the
//! release binary as it is shipped), the mock upstream (this program again, told to be it) and the
//! load generator (this one), which asks the server and the upstream itself in turns.

mod client;
mod disk;
mod held;
mod latency;
mod load;
mod measure;
mod options;
mod report;
mod server;
mod start;
mod upstream;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use crate::options::{Options, Role};

/// What can go wrong here ends the run with a sentence.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// However slow the machine, the run ends.
const LONGEST_RUN: Duration = Duration::from_secs(15 * 60);

fn main() -> ExitCode {
    let done = match Options::read(std::env::args().skip(1)) {
        Ok(Role::Measure(options)) => measure(&options),
        Ok(Role::Upstream) => upstream_process(),
        Ok(Role::Explain(text)) => say(&text),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _closed = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Outcome<()> {
    let run = async { tokio::time::timeout(LONGEST_RUN, measure::all(options)).await };
    let report = runtime()?.block_on(run).map_err(|_| "the run took too long and was ended")??;
    say(&report.table())?;
    say(&report.json()?)
}

fn upstream_process() -> Outcome<()> {
    runtime()?.block_on(upstream::serve(&|address| say(&address.to_string())))
}

/// One thread: what is measured is the server, and it shall not compete with many of ours.
fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn say(text: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
