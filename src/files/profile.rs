//! What is known of a column: a second look at its cells, when their type is known.
//!
//! Numbers and times are sorted, which gives everything exactly; texts are counted in a table that
//! borrows them. Either is given back before the next column is looked at.

use crate::domain::table::{ColumnProfile, ColumnType, Value};
use crate::files::profile::sorted::Sorted;
use crate::files::profile::texts::Texts;
use crate::files::types::verdict::Verdict;
use crate::files::types::{Codec, Read, name, time};

mod sorted;
mod texts;

/// The longest list of most frequent values; a category has no more values than these.
pub(super) const MAX_TOP: usize = 48;

/// How many of the most frequent values are told of a column that is no category.
const FEW_TOP: usize = 12;

/// Parts that a spread has at most.
const MAX_SPREAD: usize = 12;

/// The longest text that a list of most frequent values takes, characters.
const MAX_TOP_CHARS: usize = 64;

/// A column's profile, and the cells that do not fit its type.
pub(super) struct Profiled {
    pub(super) column: ColumnProfile,
    pub(super) misfits: u64,
    /// Cells with words that mean nothing, such as `N/A`.
    pub(super) null_words: u64,
    /// The row of the first one, from 0 on.
    pub(super) first_misfit: Option<usize>,
}

/// Looks at all cells of a column, trimmed, one for each row.
pub(super) fn of<'a>(
    names: (String, String),
    verdict: Verdict,
    cells: impl Iterator<Item = &'a str>,
) -> Profiled {
    let (name, sql_name) = names;
    let Verdict { kind, format, unit, doubt } = verdict;
    let mut column = ColumnProfile {
        name,
        sql_name,
        kind,
        doubt,
        format,
        unit,
        nulls: 0,
        distinct: 0,
        min: None,
        max: None,
        mean: None,
        median: None,
        top: Vec::new(),
        spread: Vec::new(),
    };
    let codec = Codec::of(&column);
    let seen = Seen::of(codec, cells);
    column.nulls = seen.nulls;
    match (codec, kind) {
        (Codec::Text | Codec::Boolean, _) => tell_texts(&mut column, &seen),
        _ => tell_sorted(&mut column, &seen.sorted, seen.misfits),
    }
    let Seen { misfits, null_words, first_misfit, .. } = seen;
    Profiled { column, misfits, null_words, first_misfit }
}

/// What a column's cells are.
#[derive(Default)]
struct Seen<'a> {
    nulls: u64,
    null_words: u64,
    misfits: u64,
    first_misfit: Option<usize>,
    sorted: Sorted,
    texts: Texts<'a>,
}

impl<'a> Seen<'a> {
    fn of(codec: Codec, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut seen = Self { sorted: Sorted::new(codec), ..Self::default() };
        for (row, cell) in cells.enumerate() {
            match codec.read(cell) {
                Read::Null => {
                    seen.nulls += 1;
                    seen.null_words += u64::from(!cell.is_empty());
                }
                Read::Integer(_) if codec == Codec::Boolean => seen.texts.add(cell),
                Read::Integer(whole) => seen.sorted.add(whole),
                Read::Decimal(fraction) => seen.sorted.add_fraction(fraction),
                Read::Seconds(seconds, _) => seen.sorted.add(seconds),
                Read::Text => seen.texts.add(cell),
                Read::Misfit => {
                    seen.misfits += 1;
                    seen.first_misfit = seen.first_misfit.or(Some(row));
                }
            }
        }
        seen.sorted.sort();
        seen
    }
}

fn tell_sorted(column: &mut ColumnProfile, sorted: &Sorted, misfits: u64) {
    // Cells that do not fit are few; each is taken for a value of its own.
    column.distinct = sorted.distinct() + misfits;
    column.min = sorted.min();
    column.max = sorted.max();
    if column.kind.is_number() {
        column.mean = sorted.mean();
        column.median = sorted.median();
    }
    column.top = sorted.top(FEW_TOP);
    column.spread = sorted.spread(MAX_SPREAD);
}

fn tell_texts(column: &mut ColumnProfile, seen: &Seen<'_>) {
    let texts = &seen.texts;
    column.distinct = texts.distinct();
    if column.kind == ColumnType::Text && column.doubt.is_none() {
        column.kind = kind_of_text(&column.name, texts);
    }
    let most = if column.kind == ColumnType::Category { MAX_TOP } else { FEW_TOP };
    column.top = texts.top(most, MAX_TOP_CHARS);
    column.spread = column.top.iter().take(MAX_SPREAD).map(|(_, count)| *count).collect();
}

/// Which of the kinds of text it is.
fn kind_of_text(column: &str, texts: &Texts<'_>) -> ColumnType {
    let (distinct, count) = (texts.distinct(), texts.count());
    let repeats = distinct * 2 <= count && distinct <= MAX_TOP as u64;
    if repeats && texts.longest_chars() <= MAX_TOP_CHARS {
        return ColumnType::Category;
    }
    let is_named = name::is_identifier(column) && !texts.have_spaces();
    let are_single = distinct * 100 >= count * 95 && count >= 3 && texts.are_like_codes();
    if is_named || are_single { ColumnType::Identifier } else { ColumnType::Text }
}

/// A value that was sorted, as SQL has it.
fn value_of(codec: Codec, key: i64) -> Value {
    match codec {
        Codec::Decimal(_) => Value::Decimal(sorted::fraction_of(key)),
        Codec::Time(_, precision) => Value::Text(time::text(key, precision)),
        Codec::CompactDay => Value::Text(time::text(key, time::Precision::Day)),
        _ => Value::Integer(key),
    }
}
