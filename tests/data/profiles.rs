//! What is known of each column without asking, against what was computed without Alcove.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use alcove::domain::table::{ColumnProfile, Value};
use alcove::files::{self, ParseLimits};
use serde::Deserialize;

use crate::questions::is_same_cell;
use crate::tables;

/// What is right for a column; `None` where its kind has no such thing.
#[derive(Debug, Deserialize)]
struct Right {
    nulls: u64,
    distinct: u64,
    /// How often the most frequent value occurs.
    most: u64,
    min: Option<Value>,
    max: Option<Value>,
    mean: Option<f64>,
    median: Option<f64>,
}

impl Right {
    /// What the profile says otherwise.
    fn complaints(&self, column: &ColumnProfile) -> String {
        let mut wrong = String::new();
        let mut check = |what: &str, found: Option<Value>, right: Option<Value>| {
            let is_same = match (&found, &right) {
                (Some(found), Some(right)) => is_same_cell(found, right),
                // It may say more than was computed, such as the extremes of yes and no.
                (_, right) => right.is_none(),
            };
            if !is_same {
                let _infallible = write!(wrong, " {what} {found:?}, right is {right:?};");
            }
        };
        let count = |count: u64| Some(Value::Integer(count.try_into().unwrap_or(i64::MAX)));
        check("nulls", count(column.nulls), count(self.nulls));
        check("distinct", count(column.distinct), count(self.distinct));
        if let Some((_, most)) = column.top.first() {
            check("most frequent", count(*most), count(self.most));
        }
        check("min", column.min.clone(), self.min.clone());
        check("max", column.max.clone(), self.max.clone());
        check("mean", column.mean.map(Value::Decimal), self.mean.map(Value::Decimal));
        check("median", column.median.map(Value::Decimal), self.median.map(Value::Decimal));
        wrong
    }
}

#[test]
fn every_profile_equals_the_one_computed_without_alcove() {
    let mut right: BTreeMap<String, BTreeMap<String, Right>> =
        serde_json::from_str(include_str!("profiles.json"))
            .expect("profiles.json is as it should be");
    let mut wrong = String::new();
    for file in tables::FILES {
        let read = files::read(file, &tables::bytes(file), &ParseLimits::default(), &|| false);
        for table in read.unwrap_or_else(|error| panic!("{file}: {error}")).tables {
            let name = &table.profile.name;
            let mut columns = right.remove(name).unwrap_or_else(|| panic!("{name} is not known"));
            for column in &table.profile.columns {
                let complaints = columns.remove(&column.name).map(|right| right.complaints(column));
                if let Some(complaints) = complaints.filter(|complaints| !complaints.is_empty()) {
                    let _infallible = writeln!(wrong, "{name}, {}:{complaints}", column.name);
                }
            }
            assert!(columns.is_empty(), "{name} lacks {:?}", columns.keys());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(right.is_empty(), "there is no table {:?}", right.keys());
}
