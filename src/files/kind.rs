//! Which kind of file it is: by what it begins with, then by its name.

use crate::domain::table::FileKind;
use crate::files::error::FileError;

/// What front ends expect to hear of anything else.
pub const ONLY_CSV_AND_JSON: &str = "Only JSON and CSV files are allowed";

/// How a file is written. Kept apart from [`FileKind`], which is what people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Cells with something between them.
    Delimited,
    /// One JSON value, or one in each line.
    Json,
}

impl Syntax {
    pub(super) const fn kind(self) -> FileKind {
        match self {
            Self::Delimited => FileKind::Csv,
            Self::Json => FileKind::Json,
        }
    }
}

/// First bytes of files that people take for tables, what these are, and what to do.
const OTHERS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "This is a ZIP archive (perhaps an Excel file): save it as CSV."),
    (b"PK\x05\x06", "This is an empty ZIP archive."),
    (b"\x1f\x8b", "This is a GZIP archive: unpack it first."),
    (b"\xd0\xcf\x11\xe0", "This is an old Office file (perhaps Excel): save it as CSV."),
    (b"%PDF", "This is a PDF document, not a table."),
    (b"\x89PNG", "This is a picture (PNG), not a table."),
    (b"GIF8", "This is a picture (GIF), not a table."),
    (b"\xff\xd8\xff", "This is a picture (JPEG), not a table."),
    (b"SQLite format 3\0", "This is an SQLite database: export a table as CSV."),
    (b"PAR1", "This is a Parquet file: export it as CSV."),
    (b"BZh", "This is a BZIP2 archive: unpack it first."),
    (b"7z\xbc\xaf", "This is a 7-Zip archive: unpack it first."),
    (b"\xfd7zXZ", "This is an XZ archive: unpack it first."),
    (b"(\xb5/\xfd", "This is a ZSTD archive: unpack it first."),
    (b"\x7fELF", "This is a program, not a table."),
];

/// What the name and the first bytes say.
///
/// # Errors
/// Neither CSV nor JSON.
pub(super) fn of_name(name: &str, bytes: &[u8]) -> Result<Syntax, FileError> {
    let refuse = |what: &str| Err(FileError::UnsupportedKind { what: what.to_owned() });
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return refuse(what);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("csv" | "tsv" | "tab" | "txt") => Ok(Syntax::Delimited),
        Some("json" | "geojson" | "jsonl" | "ndjson") => Ok(Syntax::Json),
        _ => refuse(ONLY_CSV_AND_JSON),
    }
}

/// What the text says, when its name may mislead: a `.csv` that begins like JSON is JSON.
///
/// # Errors
/// A web page or XML.
pub(super) fn of_text(text: &str, by_name: Syntax) -> Result<Syntax, FileError> {
    let start = text.trim_start();
    let head: String = start.chars().take(15).collect::<String>().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<?xml", "<svg", "<body", "<head"]
        .iter()
        .any(|tag| head.starts_with(tag))
    {
        let what = "This is a web page or XML, not a table: save the data as CSV.".to_owned();
        return Err(FileError::UnsupportedKind { what });
    }
    if head.starts_with("{\\rtf") {
        let what = "This is a Word document (RTF), not a table.".to_owned();
        return Err(FileError::UnsupportedKind { what });
    }
    if by_name != Syntax::Delimited {
        return Ok(by_name);
    }
    let after = |open: char| start.strip_prefix(open).map(str::trim_start);
    let is_object = after('{').is_some_and(|rest| rest.starts_with(['"', '}']));
    let is_array = after('[').is_some_and(|rest| rest.starts_with(['{', '[', ']']));
    Ok(if is_object || is_array { Syntax::Json } else { by_name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_in_any_case() {
        for (name, syntax) in [
            ("a.csv", Syntax::Delimited),
            ("A.B.CSV", Syntax::Delimited),
            ("x.tsv", Syntax::Delimited),
            ("x.TXT", Syntax::Delimited),
            ("x.json", Syntax::Json),
            ("x.ndjson", Syntax::Json),
            ("x.jsonl", Syntax::Json),
        ] {
            assert_eq!(of_name(name, b"a,b"), Ok(syntax), "{name}");
        }
        for name in ["", "csv", "x.", "x.exe", "x.xlsx", "x.csv.php", "x.csv\0"] {
            let Err(FileError::UnsupportedKind { what }) = of_name(name, b"a,b") else {
                panic!("{name} is taken")
            };
            assert_eq!(what, ONLY_CSV_AND_JSON);
        }
    }

    #[test]
    fn other_files_are_named_whatever_their_extension() {
        for (bytes, word) in [
            (b"PK\x03\x04....".as_slice(), "Excel"),
            (b"\x1f\x8b\x08", "GZIP"),
            (b"%PDF-1.7", "PDF"),
            (b"\x89PNG\r\n", "PNG"),
            (b"\xd0\xcf\x11\xe0", "Excel"),
        ] {
            let told = of_name("data.csv", bytes).expect_err("is refused").to_string();
            assert!(told.contains(word), "{told}");
        }
        for page in ["<!DOCTYPE html><p>", "  <HTML>", "<?xml version='1.0'?>"] {
            assert!(of_text(page, Syntax::Delimited).is_err(), "{page}");
        }
    }

    #[test]
    fn a_csv_that_is_json_is_read_as_json() {
        for (text, syntax) in [
            ("{\"a\": 1}", Syntax::Json),
            (" [ {\"a\": 1}]", Syntax::Json),
            ("[[1,2]]", Syntax::Json),
            ("a,b\n1,2", Syntax::Delimited),
            ("[draft] title,b\n", Syntax::Delimited),
            ("{x},b\n", Syntax::Delimited),
        ] {
            assert_eq!(of_text(text, Syntax::Delimited), Ok(syntax), "{text}");
        }
    }
}
