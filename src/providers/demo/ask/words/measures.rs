//! Words for what is computed and compared.

use crate::providers::demo::ask::plan::{Aggregate, Comparison};

/// Columns whose sum is what people mean when they say no more than the name.
pub(in crate::providers::demo::ask) const ADDITIVE: &[&str] = &[
    "revenue", "sale", "turnover", "amount", "profit", "quantity", "qty", "unit", "spend",
    "spending", "expense", "budget", "earning", "total",
];

/// Columns that tell how many things there are.
pub(in crate::providers::demo::ask) const QUANTITIES: &[&str] =
    &["quantity", "qty", "unit", "piece", "amount"];

/// Words for what many numbers become.
pub(in crate::providers::demo::ask) const AGGREGATES: &[(&[&str], Aggregate)] = &[
    (&["sum", "total"], Aggregate::Sum),
    (&["sum", "up"], Aggregate::Sum),
    (&["add", "up"], Aggregate::Sum),
    (&["total", "sum"], Aggregate::Sum),
    (&["sum"], Aggregate::Sum),
    (&["total"], Aggregate::Sum),
    (&["combined"], Aggregate::Sum),
    (&["average"], Aggregate::Average),
    (&["mean"], Aggregate::Average),
    (&["avg"], Aggregate::Average),
    (&["median"], Aggregate::Median),
    (&["minimum"], Aggregate::Least),
    (&["minimal"], Aggregate::Least),
    (&["min"], Aggregate::Least),
    (&["maximum"], Aggregate::Most),
    (&["maximal"], Aggregate::Most),
    (&["max"], Aggregate::Most),
];

/// Words for the end of an order that need a column behind them. True: the largest.
pub(in crate::providers::demo::ask) const SUPERLATIVES: &[(&[&str], bool)] = &[
    (&["highest"], true),
    (&["largest"], true),
    (&["biggest"], true),
    (&["greatest"], true),
    (&["maximum"], true),
    (&["max"], true),
    (&["most"], true),
    (&["longest"], true),
    (&["lowest"], false),
    (&["smallest"], false),
    (&["minimum"], false),
    (&["min"], false),
    (&["least"], false),
    (&["fewest"], false),
    (&["shortest"], false),
];

/// Adjectives that say which column they are about: the words, the largest or not, the column.
pub(in crate::providers::demo::ask) const ADJECTIVES: &[(&[&str], bool, Quality)] = &[
    (&["most", "expensive"], true, Quality::Price),
    (&["priciest"], true, Quality::Price),
    (&["least", "expensive"], false, Quality::Price),
    (&["cheapest"], false, Quality::Price),
    (&["oldest"], true, Quality::Age),
    (&["youngest"], false, Quality::Age),
    (&["newest"], true, Quality::Time),
    (&["latest"], true, Quality::Time),
    (&["most", "recent"], true, Quality::Time),
    (&["earliest"], false, Quality::Time),
    (&["heaviest"], true, Quality::Weight),
    (&["lightest"], false, Quality::Weight),
    (&["best", "paid"], true, Quality::Pay),
    (&["highest", "paid"], true, Quality::Pay),
    (&["lowest", "paid"], false, Quality::Pay),
    (&["best", "rated"], true, Quality::Rating),
    (&["highest", "rated"], true, Quality::Rating),
    (&["top", "rated"], true, Quality::Rating),
    (&["slowest"], true, Quality::Duration),
    (&["fastest"], false, Quality::Duration),
    (&["lowest", "rated"], false, Quality::Rating),
    (&["worst", "rated"], false, Quality::Rating),
];

/// Comparatives that say which column they are about.
pub(in crate::providers::demo::ask) const COMPARATIVES: &[(&[&str], Comparison, Quality)] = &[
    (&["older", "than"], Comparison::Above, Quality::Age),
    (&["younger", "than"], Comparison::Below, Quality::Age),
    (&["cheaper", "than"], Comparison::Below, Quality::Price),
    (&["more", "expensive", "than"], Comparison::Above, Quality::Price),
    (&["heavier", "than"], Comparison::Above, Quality::Weight),
    (&["lighter", "than"], Comparison::Below, Quality::Weight),
];

/// Verbs that say which column a comparison is about.
pub(in crate::providers::demo::ask) const VERBS: &[(&[&str], Quality)] = &[
    (&["cost", "costs", "costing"], Quality::Price),
    (&["earn", "earns", "earning", "earned"], Quality::Pay),
    (&["weigh", "weighs", "weighing"], Quality::Weight),
    (&["take", "takes", "took", "taking", "last", "lasts", "lasted"], Quality::Duration),
];

/// What adjectives are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::demo::ask) enum Quality {
    /// What a thing costs.
    Price,
    /// How old somebody is.
    Age,
    /// When something was.
    Time,
    /// How heavy a thing is.
    Weight,
    /// What somebody earns.
    Pay,
    /// How good people find it.
    Rating,
    /// How long it takes.
    Duration,
}

impl Quality {
    /// What its column is called.
    pub(in crate::providers::demo::ask) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Price => &["price", "cost"],
            Self::Age => &["age"],
            Self::Time => &["date", "time", "timestamp"],
            Self::Weight => &["weight"],
            Self::Pay => &["salary", "pay", "wage"],
            Self::Rating => &["rating"],
            Self::Duration => &["duration"],
        }
    }
}

/// How numbers are compared, the longest words first.
pub(in crate::providers::demo::ask) const COMPARISONS: &[(&[&str], Comparison)] = &[
    (&["greater", "than", "or", "equal", "to"], Comparison::From),
    (&["less", "than", "or", "equal", "to"], Comparison::UpTo),
    (&["not", "more", "than"], Comparison::UpTo),
    (&["not", "less", "than"], Comparison::From),
    (&["no", "more", "than"], Comparison::UpTo),
    (&["no", "less", "than"], Comparison::From),
    (&["no", "fewer", "than"], Comparison::From),
    (&["more", "than"], Comparison::Above),
    (&["greater", "than"], Comparison::Above),
    (&["higher", "than"], Comparison::Above),
    (&["larger", "than"], Comparison::Above),
    (&["bigger", "than"], Comparison::Above),
    (&["longer", "than"], Comparison::Above),
    (&["less", "than"], Comparison::Below),
    (&["fewer", "than"], Comparison::Below),
    (&["lower", "than"], Comparison::Below),
    (&["smaller", "than"], Comparison::Below),
    (&["shorter", "than"], Comparison::Below),
    (&["at", "least"], Comparison::From),
    (&["at", "most"], Comparison::UpTo),
    (&["up", "to"], Comparison::UpTo),
    (&["over"], Comparison::Above),
    (&["above"], Comparison::Above),
    (&["exceeding"], Comparison::Above),
    (&["exceeds"], Comparison::Above),
    (&["exceed"], Comparison::Above),
    (&["under"], Comparison::Below),
    (&["below"], Comparison::Below),
    (&[">="], Comparison::From),
    (&["<="], Comparison::UpTo),
    (&[">"], Comparison::Above),
    (&["<"], Comparison::Below),
];

/// What may stand behind a number and compare it.
pub(in crate::providers::demo::ask) const AFTER_NUMBERS: &[(&[&str], Comparison)] = &[
    (&["or", "more"], Comparison::From),
    (&["or", "higher"], Comparison::From),
    (&["or", "above"], Comparison::From),
    (&["or", "older"], Comparison::From),
    (&["or", "over"], Comparison::From),
    (&["and", "above"], Comparison::From),
    (&["and", "older"], Comparison::From),
    (&["or", "less"], Comparison::UpTo),
    (&["or", "fewer"], Comparison::UpTo),
    (&["or", "lower"], Comparison::UpTo),
    (&["or", "below"], Comparison::UpTo),
    (&["or", "younger"], Comparison::UpTo),
];

/// Small numbers in words, from one on.
pub(in crate::providers::demo::ask) const NUMBER_WORDS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// Names of operations that may be names of columns too.
pub(in crate::providers::demo::ask) const OPERATIONS: &[&str] = &[
    "total",
    "count",
    "number",
    "sum",
    "average",
    "mean",
    "median",
    "minimum",
    "maximum",
    "min",
    "max",
    "share",
    "percent",
    "percentage",
    "top",
];
