//! The command line.

use std::path::PathBuf;

use crate::Outcome;

const HELP: &str = "\
Measures the whole server beside a mock upstream and prints a table, then the same as JSON.
It starts its own processes on free loopback ports and ends them; the network is not used.

Usage: scripts/bench [OPTIONS] [FIGURE...]
       scripts/bench widget [OPTIONS] [FIGURE...], see scripts/bench widget --help
       scripts/bench data [--quick] [--rounds N] [--json FILE] [--docs]
       scripts/bench admin [--quick] [--docs]
       scripts/bench micro [CRITERION OPTIONS]

Figures (all by default):
  disk                 What the disk and the store do, for context
  first-token          Time that the server adds, with a model that thinks for 50 ms
  first-token-instant  The same with one that says all at once
  cpu, cpu-instant     Processor time of a chat, with either model
  held                 Memory, idle and with 2,000 open streams
  start                From the process to the first healthy answer

Options:
  --quick           A tenth of the chats: to see that it works, not to quote
  --binary <FILE>   Measure this server binary instead of the one built here
  --folder <FOLDER> Put the databases here instead of the system's temporary folder
  --log <FILE>      Keep what the servers log
  --help            Print this";

/// What this process shall be.
pub enum Role {
    /// Load generator, and parent of the others.
    Measure(Options),
    /// The mock upstream.
    Upstream,
    /// Only words.
    Explain(String),
}

/// What to measure.
pub struct Options {
    pub figures: Vec<String>,
    pub is_quick: bool,
    pub binary: PathBuf,
    pub folder: PathBuf,
    pub log: Option<PathBuf>,
}

impl Options {
    pub fn read(arguments: impl Iterator<Item = String>) -> Outcome<Role> {
        let mut options = Self {
            figures: Vec::new(),
            is_quick: false,
            binary: PathBuf::from(env!("CARGO_BIN_EXE_alcove")),
            folder: std::env::temp_dir(),
            log: None,
        };
        let mut is_bench = false;
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} wants a value"));
            match argument.as_str() {
                // Given by `cargo bench`, not by `cargo test`, which must not measure.
                "--bench" => is_bench = true,
                "--quick" => options.is_quick = true,
                "--binary" => options.binary = PathBuf::from(value()?),
                "--folder" => options.folder = PathBuf::from(value()?),
                "--log" => options.log = Some(PathBuf::from(value()?)),
                "--help" => return Ok(Role::Explain(HELP.to_owned())),
                "upstream" => return Ok(Role::Upstream),
                figure if crate::measure::FIGURES.contains(&figure) => {
                    options.figures.push(argument);
                }
                _ => return Err(format!("{argument} is not known; --help lists what is").into()),
            }
        }
        if !is_bench {
            return Ok(Role::Explain("Measures nothing as a test: use scripts/bench.".to_owned()));
        }
        Ok(Role::Measure(options))
    }

    pub fn wants(&self, figure: &str) -> bool {
        self.figures.is_empty() || self.figures.iter().any(|wanted| wanted == figure)
    }

    /// `count`, or a tenth of it when quick.
    pub fn count(&self, count: usize) -> usize {
        if self.is_quick { count.div_ceil(10) } else { count }
    }
}
