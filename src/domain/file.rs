//! Files that visitors upload, as they are shown and listed.

use std::fmt;

use crate::domain::clock::Timestamp;
use crate::domain::id::FileId;
pub use crate::domain::table::FileKind;
use crate::domain::table::{Shape, TableProfile};

/// The longest name that is kept, characters.
pub const MAX_FILE_NAME_CHARS: usize = 200;
/// What a file without a usable name is called.
const UNNAMED: &str = "file";

/// The endings of names that are taken, with what they promise.
pub const FILE_ENDINGS: [(&str, FileKind); 5] = [
    (".csv", FileKind::Csv),
    (".tsv", FileKind::Csv),
    (".json", FileKind::Json),
    (".jsonl", FileKind::Json),
    (".ndjson", FileKind::Json),
];

/// A file's name: text to show, never a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The last part of what a browser or program calls the file, without what cannot be shown:
    /// control characters, and characters that turn or hide the text around them.
    #[must_use]
    pub fn cleaned(given: &str) -> Self {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let shown: String = last.chars().filter(|c| is_shown(*c)).collect();
        let shown = shown.trim().trim_start_matches('.');
        let name = if shown.is_empty() { UNNAMED } else { shown };
        Self(shortened(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What its ending promises; `None` if files of that ending are not taken.
    #[must_use]
    pub fn kind(&self) -> Option<FileKind> {
        let lower = self.0.to_lowercase();
        FILE_ENDINGS.iter().find(|(ending, _)| lower.ends_with(ending)).map(|(_, kind)| *kind)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character may stand in a name that people read.
fn is_shown(c: char) -> bool {
    let hides_or_turns = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !hides_or_turns
}

/// A name that is too long loses its middle: beginning and ending say most.
fn shortened(name: &str) -> String {
    const KEPT_END: usize = 20;
    let count = name.chars().count();
    if count <= MAX_FILE_NAME_CHARS {
        return name.to_owned();
    }
    let head = name.chars().take(MAX_FILE_NAME_CHARS - KEPT_END - 1);
    let tail = name.chars().skip(count - KEPT_END);
    head.chain(std::iter::once('…')).chain(tail).collect()
}

/// An uploaded file without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its name for programs.
    pub id: FileId,
    /// Its name for people.
    pub name: FileName,
    /// What it is written in.
    pub kind: FileKind,
    /// What it is made of.
    pub shape: Shape,
    /// Its size.
    pub size_bytes: u64,
    /// When it came.
    pub uploaded_at: Timestamp,
    /// What is known of the tables in it.
    pub tables: Vec<TableProfile>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_a_path_without_what_cannot_be_shown() {
        let cases = [
            ("sales.csv", "sales.csv"),
            ("Umsätze 2024 (final).CSV", "Umsätze 2024 (final).CSV"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("C:\\fakepath\\a.csv", "a.csv"),
            ("/absolute/", "file"),
            ("", "file"),
            ("..", "file"),
            (".csv", "csv"),
            ("...hidden.csv", "hidden.csv"),
            ("a\0b\r\nSet-Cookie: x.csv", "abSet-Cookie: x.csv"),
            ("\u{202e}vsc.exe", "vsc.exe"),
            ("a\u{e0041}\u{200b}b.csv", "ab.csv"),
            ("  spaced .csv  ", "spaced .csv"),
            ("表.csv", "表.csv"),
        ];
        for (given, expected) in cases {
            assert_eq!(FileName::cleaned(given).as_str(), expected, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_loses_its_middle_and_keeps_its_ending() {
        for letter in ["a", "ä", "表", "👍"] {
            let name = FileName::cleaned(&format!("begin{}.csv", letter.repeat(5000)));
            assert_eq!(name.as_str().chars().count(), MAX_FILE_NAME_CHARS);
            assert!(name.as_str().starts_with("begin") && name.kind() == Some(FileKind::Csv));
        }
    }

    #[test]
    fn a_kept_name_stays_as_it_is() {
        for given in ["a.csv", &"x".repeat(300), "a/b", "\u{202e}x", "…"] {
            let name = FileName::cleaned(given);
            assert_eq!(FileName::cleaned(name.as_str()), name);
        }
    }

    #[test]
    fn the_ending_says_what_it_is() {
        let cases = [
            ("a.csv", Some(FileKind::Csv)),
            ("a.CSV", Some(FileKind::Csv)),
            ("a.tsv", Some(FileKind::Csv)),
            ("a.json", Some(FileKind::Json)),
            ("a.jsonl", Some(FileKind::Json)),
            ("a.NdJson", Some(FileKind::Json)),
            ("a.csv.exe", None),
            ("a.xlsx", None),
            ("csv", None),
            ("a.csv.gz", None),
            (".csv", None),
        ];
        for (name, kind) in cases {
            assert_eq!(FileName::cleaned(name).kind(), kind, "{name}");
        }
    }
}
