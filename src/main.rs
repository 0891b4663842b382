//! The `alcove` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    alcove::cli::run()
}
