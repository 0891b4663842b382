//! Which character stands between the cells.

use csv::StringRecord;

use super::records::reader;

/// What may stand there, the likelier first where all fit equally: a comma is common in texts and
/// in numbers as well.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// A character that no text has: for files with one column.
const NONE: u8 = 0x1f;

/// How much of the text is looked at: bytes and records.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_RECORDS: usize = 100;

/// The delimiter that a first line `sep=;` tells, which Excel writes and obeys, and the text
/// behind that line.
pub(super) fn said(text: &str) -> (&str, Option<u8>) {
    let (line, rest) = match text.split_once('\n') {
        Some((line, rest)) => (line.trim_end_matches('\r'), rest),
        None => (text, ""),
    };
    let line = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    let said = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="));
    match said.map(str::as_bytes) {
        Some([delimiter]) if delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() => {
            (rest, Some(*delimiter))
        }
        _ => (text, None),
    }
}

/// The delimiter that cuts most records into the same number of cells.
pub(super) fn delimiter(text: &str) -> u8 {
    let sample = sample(text);
    let mut best = (NONE, 0);
    for delimiter in DELIMITERS {
        let agreement = agreement(sample, delimiter);
        if agreement > best.1 {
            best = (delimiter, agreement);
        }
    }
    best.0
}

/// The beginning of the text, cut behind a line where possible.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE_BYTES {
        return text;
    }
    let head = text.get(..text.floor_char_boundary(SAMPLE_BYTES)).unwrap_or_default();
    match head.rfind(['\n', '\r']) {
        Some(end) => head.get(..end).unwrap_or(head),
        None => head,
    }
}

/// How many of a thousand records have as many cells as most have; 0 if most have one.
fn agreement(sample: &str, delimiter: u8) -> usize {
    if !sample.as_bytes().contains(&delimiter) {
        return 0;
    }
    let widths = widths(sample, delimiter);
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    let most = sorted.chunk_by(|a, b| a == b).max_by_key(|run| (run.len(), run.first().copied()));
    let Some((width, count)) = most.and_then(|run| Some((*run.first()?, run.len()))) else {
        return 0;
    };
    if width < 2 {
        return 0;
    }
    // A decimal comma in each row, and none in the header, is no delimiter.
    if delimiter == b',' && width == 2 && are_decimals(sample) {
        return 0;
    }
    count * 1000 / widths.len().max(1)
}

fn widths(sample: &str, delimiter: u8) -> Vec<usize> {
    let mut reader = reader(sample, delimiter);
    let mut record = StringRecord::new();
    let mut widths = Vec::new();
    while widths.len() < SAMPLE_RECORDS && reader.read_record(&mut record).unwrap_or(false) {
        widths.push(record.len());
    }
    widths
}

/// Whether all lines below the first one are single numbers with a decimal comma or without.
fn are_decimals(sample: &str) -> bool {
    let mut lines = sample.lines().map(str::trim).filter(|line| !line.is_empty());
    let has_header = lines.next().is_some_and(|header| !header.contains(','));
    let is_number = |line: &str| {
        let digits = line.trim_start_matches('-').replacen(',', "", 1);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    has_header && lines.all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_what_cuts_all_rows_alike() {
        for (text, expected) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';'),
            ("1,5;2,5\n3,5;4,5\n", b';'),
            ("a\tb, c\n1\t2\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("a,b\n\"1;2;3\",2\n\"4;5;6\",3\n", b','),
            ("a,b\n\"x\ny\",2\n", b','),
            ("name,tags\nx,a;b\ny,c;d;e\n", b','),
            ("value\n1,5\n2,5\n", NONE),
            ("value\n1\n2\n", NONE),
            ("comment\nyes, indeed\nno\nwell, well, well\nfine\nok\n", NONE),
            ("title\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n", b';'),
            ("", NONE),
            ("a,b", b','),
        ] {
            assert_eq!(char::from(delimiter(text)), char::from(expected), "{text}");
        }
    }

    #[test]
    fn a_line_that_tells_the_delimiter_is_obeyed() {
        assert_eq!(said("sep=;\r\na;b"), ("a;b", Some(b';')));
        assert_eq!(said("SEP=|\na|b"), ("a|b", Some(b'|')));
        assert_eq!(said("\"sep=,\"\na,b"), ("a,b", Some(b',')));
        for text in ["sep=\na", "separator;b", "sep=ab\n", "sep=é\n", "a\nsep=;"] {
            assert_eq!(said(text), (text, None));
        }
    }
}
