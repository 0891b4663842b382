//! The files that are asked about.

use std::path::{Path, PathBuf};
use std::process::Command;

/// All of them.
pub const FILES: [&str; 7] = [
    "sales.csv",
    "survey.csv",
    "orders.json",
    "wide.csv",
    "inventory.tsv",
    "people.jsonl",
    "access_log.csv",
];

/// What is in a file. The large one is made when it is first wanted.
pub fn bytes(file: &str) -> Vec<u8> {
    let path =
        if file == "access_log.csv" { access_log() } else { root("tests/data/tables").join(file) };
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn access_log() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("access_log.csv");
    let made = Command::new("python3")
        .arg(root("scripts/data/make_tables.py"))
        .arg("--log")
        .arg(&path)
        .status()
        .expect("Python 3 is there: scripts/test installs it");
    assert!(made.success(), "{made}");
    path
}
