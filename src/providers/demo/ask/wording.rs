//! Says in words what a plan computes, and what came out.

use std::fmt::Write as _;

use super::plan::{Aggregate, Comparison, Filter, Group, Measure, Plan, Test, Unit};
use super::shown::{first_upper, plain, shown};
use crate::domain::table::{ColumnProfile, ColumnType, QueryResult, TableProfile, Value};

/// How many rows of a result are shown; the proof has them all.
const MAX_ROWS: usize = 20;

/// Words for one table.
pub(super) struct Wording<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its table.
    pub table: &'a TableProfile,
}

impl Wording<'_> {
    /// What is computed, in markdown, without what came out.
    pub(super) fn purpose(&self) -> String {
        let mut text = self.what();
        if let Some(pick) = self.plan.pick {
            let end = if pick.is_largest { "largest" } else { "smallest" };
            let by = match pick.by {
                Some(column) => format!("*{}*", self.name(column)),
                None => self.what_of(&self.plan.measure),
            };
            let of = match self.plan.groups.as_slice() {
                [group] => self.group(*group),
                _ => "Rows".to_owned(),
            };
            text = format!("{of} with the {end} {by}");
            if pick.count > 1 {
                let _infallible = write!(text, ", {} of them", pick.count);
            }
        } else if !self.plan.groups.is_empty() {
            let groups: Vec<String> =
                self.plan.groups.iter().map(|group| self.group(*group)).collect();
            let _infallible = write!(text, " for each {}", groups.join(" and "));
        }
        if !self.plan.filters.is_empty() {
            let _infallible = write!(text, " where {}", self.filters(&self.plan.filters));
        }
        text
    }

    /// The answer: what was computed, and what came out.
    pub(super) fn answer(&self, result: &QueryResult) -> String {
        let purpose = first_upper(&self.purpose());
        let of = format!(" in {}", plain(&self.table.source));
        let rows = &result.rows;
        let text = match (&self.plan.measure, self.plan.groups.is_empty(), rows.as_slice()) {
            (_, _, []) => format!("{purpose}{of}: there is none."),
            (Measure::Share(_, part), _, [row]) => self.share(part, row, &of),
            (Measure::Values(_), ..) if rows.len() == 1 => {
                format!("{purpose}{of}: **{}**", self.cell(rows, 0, 0))
            }
            (Measure::Rows | Measure::Distinct(_) | Measure::Of(..), true, [_]) => {
                format!("{purpose}{of}: **{}**", self.cell(rows, 0, 0))
            }
            (_, _, [_]) if self.plan.pick.is_some_and(|pick| pick.count == 1) => {
                let cells: Vec<String> =
                    (0..result.columns.len()).map(|place| self.cell(rows, 0, place)).collect();
                match cells.split_first() {
                    Some((first, rest)) if !rest.is_empty() => {
                        format!("{purpose}{of}: **{first}** ({})", rest.join(", "))
                    }
                    _ => format!("{purpose}{of}: **{}**", cells.concat()),
                }
            }
            _ => format!("{purpose}{of}:\n\n{}", self.table_of(result)),
        };
        format!("{text}{}{}", self.ties(rows.len()), self.doubts())
    }

    fn ties(&self, rows: usize) -> String {
        match self.plan.pick {
            Some(pick) if rows > pick.count => {
                "\n\nThere are more than asked for because the last ones are equal.".to_owned()
            }
            _ => String::new(),
        }
    }

    fn share(&self, part: &[Filter], row: &[Value], of: &str) -> String {
        let number =
            |place: usize| row.get(place).map_or_else(String::new, |value| shown(value, None));
        let whole = match &self.plan.measure {
            Measure::Share(Some(column), _) => format!("the sum of *{}*", self.name(*column)),
            _ => "rows".to_owned(),
        };
        let mut text = format!("Share of {whole} where {}", self.filters(part));
        if !self.plan.filters.is_empty() {
            let _infallible =
                write!(text, ", among those where {}", self.filters(&self.plan.filters));
        }
        if row.first() == Some(&Value::Null) {
            return format!("{text}{of}: there are none to compare with.");
        }
        format!("{text}{of}: **{} %** ({} of {})", number(0), number(1), number(2))
    }

    /// What is doubtful of the columns that were used.
    fn doubts(&self) -> String {
        let mut columns = Vec::new();
        columns.extend(self.plan.filters.iter().map(|filter| filter.column));
        columns.extend(self.plan.groups.iter().map(|group| group.column));
        match &self.plan.measure {
            Measure::Of(_, column) | Measure::Distinct(column) | Measure::Values(column) => {
                columns.push(*column);
            }
            Measure::Share(of, part) => {
                columns.extend(of.iter().copied().chain(part.iter().map(|filter| filter.column)));
            }
            Measure::Cells(cells) => columns.extend(cells),
            Measure::Rows => {}
        }
        columns.sort_unstable();
        columns.dedup();
        let doubts = columns.iter().filter_map(|at| self.table.columns.get(*at));
        let doubts = doubts.filter_map(|column| Some((column, column.doubt.as_ref()?)));
        doubts
            .map(|(column, doubt)| format!("\n\nNot sure of *{}*: {doubt}", plain(&column.name)))
            .collect()
    }

    fn what(&self) -> String {
        match &self.plan.measure {
            Measure::Share(of, part) => {
                let whole = of.map_or_else(
                    || "rows".to_owned(),
                    |column| format!("the sum of *{}*", self.name(column)),
                );
                format!("Share of {whole} where {}", self.filters(part))
            }
            Measure::Values(column) => format!("Different values of *{}*", self.name(*column)),
            Measure::Cells(_) => "Rows".to_owned(),
            measure => self.what_of(measure),
        }
    }

    fn what_of(&self, measure: &Measure) -> String {
        match measure {
            Measure::Distinct(column) => format!("number of different *{}*", self.name(*column)),
            Measure::Of(aggregate, column) => {
                let word = match aggregate {
                    Aggregate::Sum => "sum of",
                    Aggregate::Average => "average",
                    Aggregate::Median => "median",
                    Aggregate::Least => "smallest",
                    Aggregate::Most => "largest",
                };
                format!("{word} *{}*", self.name(*column))
            }
            _ => "number of rows".to_owned(),
        }
    }

    fn name(&self, column: usize) -> String {
        self.table.columns.get(column).map_or_else(String::new, |column| plain(&column.name))
    }

    fn group(&self, group: Group) -> String {
        let name = self.name(group.column);
        match group.unit {
            None => format!("*{name}*"),
            Some(unit) => {
                let unit = match unit {
                    Unit::Day => "day",
                    Unit::Month => "month",
                    Unit::Quarter => "quarter",
                    Unit::Year => "year",
                };
                format!("{unit} of *{name}*")
            }
        }
    }

    fn filters(&self, filters: &[Filter]) -> String {
        let texts: Vec<String> = filters.iter().map(|filter| self.filter(filter)).collect();
        texts.join(" and ")
    }

    fn filter(&self, filter: &Filter) -> String {
        let column = self.table.columns.get(filter.column);
        let not = if filter.is_negated { "not " } else { "" };
        let number = |number: &f64| shown(&Value::Decimal(*number), column);
        let test = match &filter.test {
            Test::Missing => format!("is {not}empty"),
            Test::Yes => (if filter.is_negated { "is no" } else { "is yes" }).to_owned(),
            Test::OneOf(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| plain(text)).collect();
                format!("is {not}{}", texts.join(" or "))
            }
            Test::Numbers(numbers) if column.is_some_and(|c| c.kind == ColumnType::Boolean) => {
                (if numbers == &[0.0] { "is no" } else { "is yes" }).to_owned()
            }
            Test::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(number).collect();
                format!("is {not}{}", numbers.join(" or "))
            }
            Test::Compared(comparison, value) => {
                let word = match comparison {
                    Comparison::Above => "more than",
                    Comparison::From => "at least",
                    Comparison::Below => "less than",
                    Comparison::UpTo => "at most",
                };
                format!("is {not}{word} {}", number(value))
            }
            Test::Between(low, high) => {
                format!("is {not}between {} and {}, both included", number(low), number(high))
            }
            Test::During(span) => format!("is {not}{}", span.words),
        };
        format!("*{}* {test}", self.name(filter.column))
    }

    /// The column that a place of the result is about.
    fn column_of(&self, place: usize) -> Option<&ColumnProfile> {
        let column = match &self.plan.measure {
            Measure::Cells(cells) => cells.get(place).copied(),
            Measure::Values(column) => Some(*column),
            measure => match (self.plan.groups.get(place), measure) {
                (Some(group), _) => group.unit.is_none().then_some(group.column),
                (None, Measure::Of(_, column)) => Some(*column),
                _ => None,
            },
        };
        column.and_then(|column| self.table.columns.get(column))
    }

    fn cell(&self, rows: &[Vec<Value>], row: usize, place: usize) -> String {
        let value = rows.get(row).and_then(|row| row.get(place)).unwrap_or(&Value::Null);
        shown(value, self.column_of(place))
    }

    fn table_of(&self, result: &QueryResult) -> String {
        let count = result.columns.len();
        let heads: Vec<String> = (0..count).map(|place| self.head(result, place)).collect();
        let is_number = |place: usize| {
            result
                .rows
                .iter()
                .any(|row| matches!(row.get(place), Some(Value::Integer(_) | Value::Decimal(_))))
        };
        let rules: Vec<&str> =
            (0..count).map(|place| if is_number(place) { "---:" } else { "---" }).collect();
        let mut text = format!("| {} |\n| {} |", heads.join(" | "), rules.join(" | "));
        for row in 0..result.rows.len().min(MAX_ROWS) {
            let cells: Vec<String> =
                (0..count).map(|place| self.cell(&result.rows, row, place)).collect();
            let _infallible = write!(text, "\n| {} |", cells.join(" | "));
        }
        if result.rows.len() > MAX_ROWS || result.truncated {
            let _infallible = write!(text, "\n\nThese are the first {MAX_ROWS} rows.");
        }
        text
    }

    fn head(&self, result: &QueryResult, place: usize) -> String {
        if let Measure::Cells(_) | Measure::Values(_) = self.plan.measure {
            return self.column_of(place).map_or_else(String::new, |column| plain(&column.name));
        }
        match self.plan.groups.get(place) {
            Some(group) if group.unit.is_none() => self.name(group.column),
            Some(_) => result.columns.get(place).cloned().unwrap_or_default(),
            None => self.what_of(&self.plan.measure).replace('*', ""),
        }
    }
}
