//! A process of its own to be killed or starved: the test program itself, told by a variable to
//! run one test for real.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

const FOLDER: &str = "ALCOVE_TEST_CHILD_FOLDER";

/// This program again, to run `test` on the database in `folder`. The words of `through` are put
/// in front of its command line.
pub fn command(through: &[&str], test: &str, folder: PathBuf) -> Command {
    let program = std::env::current_exe().expect("the test program").into_os_string();
    let mut words: Vec<OsString> = through.iter().map(Into::into).collect();
    words.push(program);
    words.extend(["--exact", test, "--nocapture", "--test-threads=1"].map(Into::into));
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words).env(FOLDER, folder);
    command
}

/// The folder this process was started for; `None` in an ordinary test run.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}
