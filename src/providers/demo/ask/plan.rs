//! What a question means: a computation over one table that can be written as SQL and said in words.

use crate::domain::evidence::ChartKind;

/// A question that was understood.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::providers::demo) struct Plan {
    /// Which of the tables.
    pub table: usize,
    /// What is computed.
    pub measure: Measure,
    /// Which rows count: those for which all of these hold.
    pub filters: Vec<Filter>,
    /// For each what it is computed; at most two.
    pub groups: Vec<Group>,
    /// Only the groups or rows at an end.
    pub pick: Option<Pick>,
    /// How it is drawn, if it is.
    pub chart: Option<ChartKind>,
}

/// What is computed.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::providers::demo) enum Measure {
    /// Rows are counted.
    Rows,
    /// Different values of a column are counted.
    Distinct(usize),
    /// A number of a column.
    Of(Aggregate, usize),
    /// Which part of the rows, or of a column's sum, lies in rows for which more filters hold.
    Share(Option<usize>, Vec<Filter>),
    /// Different values of a column, told.
    Values(usize),
    /// Rows, told: these columns.
    Cells(Vec<usize>),
}

/// What many numbers become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::demo) enum Aggregate {
    /// All together.
    Sum,
    /// The mean.
    Average,
    /// The one in the middle.
    Median,
    /// The smallest.
    Least,
    /// The largest.
    Most,
}

/// Which rows belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::demo) struct Group {
    /// By this column.
    pub column: usize,
    /// By parts of its times.
    pub unit: Option<Unit>,
}

/// A part of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::demo) enum Unit {
    /// A day.
    Day,
    /// A month of a year.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A year.
    Year,
}

/// The groups or rows at an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::demo) struct Pick {
    /// How many; more if some are equal.
    pub count: usize,
    /// At which end.
    pub is_largest: bool,
    /// The column by which rows are ordered; groups are by their measure.
    pub by: Option<usize>,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::providers::demo) struct Filter {
    /// The column.
    pub column: usize,
    /// What must hold.
    pub test: Test,
    /// That it must not.
    pub is_negated: bool,
}

/// What must hold of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::providers::demo) enum Test {
    /// It is one of these texts.
    OneOf(Vec<String>),
    /// It is one of these numbers.
    Numbers(Vec<f64>),
    /// It is above, below, … a number.
    Compared(Comparison, f64),
    /// It lies between two numbers, both included.
    Between(f64, f64),
    /// It says yes.
    Yes,
    /// It says nothing.
    Missing,
    /// It lies in a time.
    During(Span),
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::demo) enum Comparison {
    /// More than.
    Above,
    /// At least.
    From,
    /// Less than.
    Below,
    /// At most.
    UpTo,
}

impl Comparison {
    /// Its sign, in SQL too.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::From => ">=",
            Self::Below => "<",
            Self::UpTo => "<=",
        }
    }
}

/// A stretch of time, open at an end without a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::providers::demo) struct Span {
    /// The first day in it, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// The first day after it.
    pub to: Option<String>,
    /// As people say it: `in March 2024`.
    pub words: String,
}
