//! The commands in README.md and docs/ run as they are shown.

use std::path::PathBuf;

use crate::pages::{all_pages, blocks, read};
use crate::server::Live;

/// A page's shell blocks that talk to a running server, as one script.
fn commands(page: &str) -> String {
    let blocks = blocks(&read(page), "sh");
    let to_server = |block: &String| block.contains("curl ") && block.contains(":8000");
    blocks.into_iter().filter(to_server).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_readme_talks_to_a_server_as_shown() {
    let script = commands("README.md");
    assert!(script.contains("/api/chat/message"), "README.md shows no conversation");
    let told = Live::start(&[]).run(&script);
    for part in ["\"status\":\"ok\"", "event: start", "event: delta", "event: done"] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
}

#[test]
fn the_other_pages_talk_to_a_server_as_shown() {
    // docs/api.md is a transcript with ids of its own; the test that writes it ran its commands.
    let shown = |page: &&PathBuf| page.starts_with("docs") && !page.ends_with("api.md");
    for page in all_pages().iter().filter(shown) {
        let script = commands(page.to_str().expect("UTF-8"));
        if !script.is_empty() {
            Live::start(&[]).run(&script);
        }
    }
}

#[test]
fn commands_of_the_project_exist() {
    for page in all_pages() {
        let text = read(page.to_str().expect("UTF-8"));
        for line in blocks(&text, "sh").iter().flat_map(|block| block.lines()) {
            let word = line.split_whitespace().next().unwrap_or_default();
            let is_ours = word.starts_with("scripts/") || word.starts_with(".ci/");
            let exists = crate::pages::root().join(word).exists();
            assert!(!is_ours || exists, "{}: {word} does not exist", page.display());
        }
    }
}
