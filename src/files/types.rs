//! What cells mean: from text to the values that SQL knows, one [`Codec`] a column.

use std::borrow::Cow;

use crate::domain::table::{ColumnProfile, ColumnType, Value};
use crate::files::types::number::{Amount, Mark, Number, amount_of};
use crate::files::types::time::{Moment, Order, Precision};

pub(super) mod boolean;
pub(super) mod evidence;
pub(super) mod name;
pub(super) mod number;
pub(super) mod time;
pub(super) mod unit;
pub(super) mod verdict;

/// One cell as SQL knows it, borrowed where it stands in the file like that.
#[derive(Debug, Clone, PartialEq)]
pub enum CellRef<'a> {
    /// Nothing.
    Null,
    /// A whole number; 1 or 0 for yes or no.
    Integer(i64),
    /// A number with a fraction, never NaN or infinite.
    Decimal(f64),
    /// Anything else, times included.
    Text(Cow<'a, str>),
}

impl From<CellRef<'_>> for Value {
    fn from(cell: CellRef<'_>) -> Self {
        match cell {
            CellRef::Null => Self::Null,
            CellRef::Integer(number) => Self::Integer(number),
            CellRef::Decimal(number) => Self::Decimal(number),
            CellRef::Text(text) => Self::Text(text.into_owned()),
        }
    }
}

/// What a cell of a column with a [`Codec`] turns out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Read {
    Null,
    Integer(i64),
    Decimal(f64),
    /// Seconds, as [`Moment::seconds`] counts them.
    Seconds(i64, Precision),
    /// The cell's own text.
    Text,
    /// The cell's own text too, but the column is of another type.
    Misfit,
}

/// How a column's cells are read. All that decides it is in the column's profile, so that a file can
/// be read again without looking at every cell first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Integer(Mark),
    Decimal(Mark),
    Boolean,
    /// Days and times.
    Time(Order, Precision),
    /// `20241231`
    CompactDay,
    Text,
}

/// The `format` of a day that is written without anything between.
pub(super) const COMPACT_DAY: &str = "YYYYMMDD";

impl Codec {
    /// How to read the cells of a column that is known already.
    pub(super) fn of(profile: &ColumnProfile) -> Self {
        let format = profile.format.as_deref().unwrap_or_default();
        // Every format of a number that is written with a decimal comma ends like one of these.
        let has_comma = format.ends_with(",56") || format == "1.234" || format == "1.234.567";
        let mark = if has_comma { Mark::Comma } else { Mark::Point };
        let order = if format.starts_with('M') && !format.starts_with("MMM") {
            Order::MonthFirst
        } else {
            Order::DayFirst
        };
        match profile.kind {
            ColumnType::Integer => Self::Integer(mark),
            ColumnType::Decimal | ColumnType::Currency => Self::Decimal(mark),
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date if format == COMPACT_DAY => Self::CompactDay,
            ColumnType::Date => Self::Time(order, Precision::Day),
            ColumnType::DateTime => Self::Time(order, Precision::Second),
            ColumnType::Time => Self::Time(order, Precision::Clock),
            ColumnType::Category
            | ColumnType::Identifier
            | ColumnType::Text
            | ColumnType::Empty => Self::Text,
        }
    }

    /// What a trimmed cell is.
    pub(super) fn read(self, cell: &str) -> Read {
        if is_null(cell) {
            return Read::Null;
        }
        let read = match self {
            Self::Text => return Read::Text,
            Self::Integer(mark) => match amount(cell, mark) {
                Some(Amount::Whole(whole)) => Some(Read::Integer(whole)),
                _ => None,
            },
            Self::Decimal(mark) => amount(cell, mark).map(|amount| Read::Decimal(amount.as_f64())),
            Self::Boolean => boolean::truth(cell).map(|truth| Read::Integer(i64::from(truth))),
            Self::Time(order, precision) => Moment::scan(cell)
                .and_then(|moment| moment.seconds(order, precision))
                .map(|seconds| Read::Seconds(seconds, precision)),
            Self::CompactDay => {
                time::compact_day(cell).map(|day| Read::Seconds(day, Precision::Day))
            }
        };
        read.unwrap_or(Read::Misfit)
    }

    /// What a trimmed cell is in SQL.
    pub(super) fn cell(self, cell: &str) -> CellRef<'_> {
        match self.read(cell) {
            Read::Null => CellRef::Null,
            Read::Integer(number) => CellRef::Integer(number),
            Read::Decimal(number) => CellRef::Decimal(number),
            Read::Seconds(seconds, precision) => {
                CellRef::Text(Cow::Owned(time::text(seconds, precision)))
            }
            Read::Text | Read::Misfit => CellRef::Text(Cow::Borrowed(cell)),
        }
    }
}

/// Most numbers are written the plain way, which needs no taking apart.
fn amount(cell: &str, mark: Mark) -> Option<Amount> {
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    let is_short = cell.len() < 32 && !cell.ends_with('-');
    if is_short && mark == Mark::Point && cell.bytes().all(is_plain) {
        return amount_of(cell);
    }
    Number::scan(cell)?.amount(mark)
}

/// Cells that say that there is nothing to say.
pub(super) fn is_null(cell: &str) -> bool {
    match cell.len() {
        0 => true,
        1..=4 => NULLS.iter().any(|null| null.eq_ignore_ascii_case(cell)),
        _ => false,
    }
}

const NULLS: &[&str] = &["na", "n/a", "#n/a", "null", "none", "nan", "-", "--", "–", "—", "\\n"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_nothing() {
        for cell in ["", "NA", "n/a", "N/A", "null", "NULL", "None", "-", "nan", "NaN", "\\N", "—"]
        {
            assert!(is_null(cell), "{cell}");
        }
        for cell in ["0", "no", "nil", "Nina", "--- ", "none of these", "Ñ"] {
            assert!(!is_null(cell), "{cell}");
        }
    }

    #[test]
    fn a_cell_that_does_not_fit_stays_as_it_is() {
        let codec = Codec::Integer(Mark::Point);
        assert_eq!(codec.cell("12"), CellRef::Integer(12));
        assert_eq!(codec.cell("about 12"), CellRef::Text("about 12".into()));
        assert_eq!(codec.cell("1.5"), CellRef::Text("1.5".into()));
        assert_eq!(codec.cell("N/A"), CellRef::Null);
        assert_eq!(Codec::Decimal(Mark::Comma).cell("1.234,5 €"), CellRef::Decimal(1234.5));
        let day = Codec::Time(Order::MonthFirst, Precision::Day);
        assert_eq!(day.cell("12/31/2024"), CellRef::Text("2024-12-31".into()));
        assert_eq!(day.cell("31/12/2024"), CellRef::Text("31/12/2024".into()));
        assert_eq!(Codec::Boolean.cell("Ja"), CellRef::Integer(1));
    }
}
