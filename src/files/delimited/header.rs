//! Where the table begins in the file, and what its columns are called.

use crate::files::types::is_null;
use crate::files::types::number::Number;
use crate::files::types::time::Moment;

/// Lines above the header that are left out at most: more are no title.
const MAX_ABOVE: usize = 20;

/// How a file is laid out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Records to skip: what stands above the header, and the header.
    pub(super) skip: usize,
    /// Names of the columns, an empty one where there is none.
    pub(super) columns: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Layout {
    /// From the first records of a file; `None` if there are none.
    pub(super) fn of(head: &[Vec<String>]) -> Option<Self> {
        let above = above(head);
        let first = head.get(above)?;
        let below = head.get(above + 1..).unwrap_or_default();
        let mut notes = Vec::new();
        if above > 0 {
            let lines = if above == 1 { "One line" } else { "Lines" };
            notes.push(format!("{lines} above the table left out."));
        }
        let width = usual_width(below).unwrap_or(first.len());
        Some(match is_header(first, below) {
            Found::Header => {
                let mut columns = first.clone();
                // R writes names of rows without a name for their column.
                if columns.len() + 1 == width && below.iter().all(|row| row.len() >= width) {
                    columns.insert(0, String::new());
                    notes.push("The first column has no name.".to_owned());
                }
                Self { skip: above + 1, columns, notes }
            }
            Found::Row(why) => {
                notes.push(why.to_owned());
                Self { skip: above, columns: vec![String::new(); width.max(first.len())], notes }
            }
        })
    }
}

/// How many records stand above the header: remarks that begin with `#`, titles in a single cell.
fn above(head: &[Vec<String>]) -> usize {
    let Some(width) = usual_width(head).filter(|width| *width > 1) else {
        return head
            .iter()
            .take_while(|row| is_remark(row))
            .count()
            .min(head.len().saturating_sub(1));
    };
    let said = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count();
    let is_above = |row: &&Vec<String>| {
        let is_short = row.len() < width && said(row) < width.div_ceil(2);
        is_short || said(row) <= 1 && width > 2 || is_remark(row) && row.len() != width
    };
    match head.iter().take_while(is_above).count() {
        // A file that begins with many such rows is ragged, not titled.
        many if many > MAX_ABOVE || many == head.len() => 0,
        above => above,
    }
}

fn is_remark(row: &[String]) -> bool {
    row.first().is_some_and(|cell| cell.starts_with('#'))
}

/// The number of cells that most rows have.
fn usual_width(rows: &[Vec<String>]) -> Option<usize> {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|a, b| a == b).max_by_key(|run| run.len());
    most.and_then(|run| run.first().copied())
}

enum Found {
    Header,
    /// The first row is one like the others; for people.
    Row(&'static str),
}

const NO_HEADER: &str = "The first row looks like data, so the columns are numbered.";
const REPEATED: &str =
    "The first row occurs again below, so it is taken as data and the columns are numbered.";

fn is_header(first: &[String], below: &[Vec<String>]) -> Found {
    let values = first.iter().filter(|cell| kind_of(cell) != Kind::Word).count();
    if values > 0 && !are_steps(first, below) && !differ(first, below) {
        let is_alone = below.is_empty() && values * 2 < first.len();
        return if is_alone { Found::Header } else { Found::Row(NO_HEADER) };
    }
    let repeats = |(column, cell): (usize, &String)| {
        !cell.is_empty() && below.iter().any(|row| row.get(column) == Some(cell))
    };
    let named = first.iter().filter(|cell| !cell.is_empty()).count();
    let repeated = first.iter().enumerate().filter(|cell| repeats(*cell)).count();
    if named > 0 && repeated * 4 >= named * 3 { Found::Row(REPEATED) } else { Found::Header }
}

/// What a cell could be; columns are mostly called by words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Number,
    Time,
}

fn kind_of(cell: &str) -> Kind {
    if is_null(cell) {
        return Kind::Word;
    }
    match (Number::scan(cell), Moment::scan(cell)) {
        (Some(_), _) => Kind::Number,
        (None, Some(_)) => Kind::Time,
        (None, None) => Kind::Word,
    }
}

/// Numbers that count up or down as names of columns, such as years and weeks. Rows below do not.
fn are_steps(first: &[String], below: &[Vec<String>]) -> bool {
    let are_like = steps(first);
    are_like.is_some() && !below.is_empty() && !below.iter().any(|row| steps(row) == are_like)
}

/// Whether the numbers of a row that count up or down are years; `None` if they do not count.
fn steps(row: &[String]) -> Option<bool> {
    let numbers = row.iter().filter(|cell| kind_of(cell) != Kind::Word);
    let whole: Vec<i64> = numbers.map(|cell| cell.parse().ok()).collect::<Option<_>>()?;
    let is_step = |pair: &[i64]| matches!(pair, [a, b] if a.abs_diff(*b) == 1);
    let do_count = (2..row.len()).contains(&whole.len()) && whole.windows(2).all(is_step);
    do_count.then(|| whole.iter().all(|number| (1900..=2100).contains(number)))
}

/// Whether the columns below are of another kind: numbers under days.
fn differ(first: &[String], below: &[Vec<String>]) -> bool {
    let is_other = |(column, cell): (usize, &String)| {
        let kind = kind_of(cell);
        let mut said = below.iter().filter_map(|row| row.get(column)).filter(|cell| !is_null(cell));
        kind == Kind::Word
            || said.clone().next().is_some() && said.all(|cell| kind_of(cell) != kind)
    };
    first.iter().enumerate().all(is_other)
}
