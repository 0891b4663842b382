//! Reading the repository's Markdown: just enough of it for the tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All pages for people, as paths from the repository's root.
pub fn all_pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "migrations"] {
        for entry in fs::read_dir(root().join(folder)).expect(folder) {
            let path = Path::new(folder).join(entry.expect("an entry").file_name());
            if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    assert!(pages.len() >= 8, "pages are missing: {pages:?}");
    pages.sort_unstable();
    pages
}

/// Compares a generated text with the file, or writes it there when asked to.
pub fn keep_or_compare(path: &str, expected: &str) {
    if std::env::var_os("ALCOVE_UPDATE_DOCS").is_some() {
        fs::write(root().join(path), expected).expect(path);
    }
    let found = read(path);
    let is_same = found == expected;
    assert!(is_same, "{path} is stale: run ALCOVE_UPDATE_DOCS=1 cargo test --test docs");
}

/// The fenced blocks of a page in this language.
pub fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.trim_end() == format!("```{language}") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(block.join("\n"));
        } else if line.starts_with("```") {
            lines.by_ref().find(|line| *line == "```");
        }
    }
    blocks
}

/// The cells of all table rows of a page, without header rows.
pub fn table_rows(page: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = page.lines().collect();
    let is_rule =
        |line: &str| line.starts_with("|-") || line.starts_with("|:") || line.starts_with("| -");
    let mut rows = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let is_header = lines.get(place + 1).is_some_and(|next| is_rule(next));
        if line.starts_with('|') && !is_rule(line) && !is_header {
            // A bar within a cell is written \| and stays.
            let line = line.replace("\\|", "\u{0}");
            let cells = line.trim_matches('|').split('|');
            rows.push(cells.map(|cell| cell.trim().replace('\u{0}', "|")).collect());
        }
    }
    rows
}

/// What stands between backticks.
pub fn code_spans(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The page's lines outside of fenced blocks.
pub fn prose(page: &str) -> String {
    let mut is_code = false;
    let mut prose = String::new();
    for line in page.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}
