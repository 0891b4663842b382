//! The `alcove` command.

use std::process::ExitCode;

/// Gives memory back to the system when tables are let go, which glibc's own does not: it keeps
/// what many small rows leave behind. SQLite uses it as well: the crate takes over `malloc`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    alcove::cli::run()
}
