//! Writes a plan as one SELECT. Names come from the profile, where they are plain words; texts are
//! quoted; nothing of the question gets into the statement but numbers and known values.

use super::plan::{Aggregate, Filter, Group, Measure, Plan, Test, Unit};
use crate::domain::table::{ColumnProfile, ColumnType, TableProfile};

/// How many rows or values are told at most.
const MAX_TOLD: usize = 200;

/// The statement that computes `plan` over its table.
pub(super) fn statement(plan: &Plan, table: &TableProfile) -> String {
    let writer = Writer { table };
    let from = format!("from {}{}", table.name, writer.conditions(&plan.filters));
    let groups: Vec<String> = plan.groups.iter().map(|group| writer.group(*group)).collect();
    match &plan.measure {
        Measure::Values(column) => writer.values(*column, &plan.filters),
        Measure::Cells(columns) => writer.cells(plan, columns, &from),
        Measure::Share(of, part) => writer.share(*of, part, &from),
        measure => {
            let (number, name) = writer.measure(measure);
            writer.grouped(plan, &groups, (&number, &name), &from)
        }
    }
}

/// The name of the measure in the result, and of what it is grouped by.
pub(super) fn result_names(plan: &Plan, table: &TableProfile) -> (String, Vec<String>) {
    let writer = Writer { table };
    let groups = plan.groups.iter().map(|group| writer.group_name(*group)).collect();
    (writer.measure(&plan.measure).1, groups)
}

struct Writer<'a> {
    table: &'a TableProfile,
}

impl Writer<'_> {
    fn column(&self, column: usize) -> Option<&ColumnProfile> {
        self.table.columns.get(column)
    }

    fn name(&self, column: usize) -> &str {
        self.column(column).map_or("null", |column| column.sql_name.as_str())
    }

    /// A column of numbers in which some cells may be texts: those do not count.
    fn number(&self, column: usize) -> String {
        let name = self.name(column);
        if self.may_be_mixed(column) {
            format!("iif(typeof({name}) = 'text', null, {name})")
        } else {
            name.to_owned()
        }
    }

    /// Whether cells may not fit the column's type: then a note or a doubt says so.
    fn may_be_mixed(&self, column: usize) -> bool {
        self.column(column).is_some_and(|column| {
            column.kind.is_number()
                && (column.doubt.is_some()
                    || self.table.notes.iter().any(|note| note.contains(&column.name)))
        })
    }

    fn measure(&self, measure: &Measure) -> (String, String) {
        match measure {
            Measure::Distinct(column) => {
                let name = self.name(*column);
                (format!("count(distinct {name})"), format!("different_{name}"))
            }
            Measure::Of(aggregate, column) => {
                let (function, label) = match aggregate {
                    Aggregate::Sum => ("sum", "sum"),
                    Aggregate::Average => ("avg", "average"),
                    Aggregate::Median => ("median", "median"),
                    Aggregate::Least => ("min", "smallest"),
                    Aggregate::Most => ("max", "largest"),
                };
                let name = self.name(*column);
                (format!("{function}({})", self.number(*column)), format!("{label}_{name}"))
            }
            _ => ("count(*)".to_owned(), "row_count".to_owned()),
        }
    }

    fn group(&self, group: Group) -> String {
        let name = self.name(group.column);
        match group.unit {
            None => name.to_owned(),
            Some(Unit::Day) => format!("substr({name}, 1, 10)"),
            Some(Unit::Month) => format!("substr({name}, 1, 7)"),
            Some(Unit::Year) => format!("substr({name}, 1, 4)"),
            Some(Unit::Quarter) => {
                format!("substr({name}, 1, 4) || '-Q' || ((substr({name}, 6, 2) + 2) / 3)")
            }
        }
    }

    fn group_name(&self, group: Group) -> String {
        match group.unit {
            None => self.name(group.column).to_owned(),
            Some(Unit::Day) => "day".to_owned(),
            Some(Unit::Month) => "month".to_owned(),
            Some(Unit::Quarter) => "quarter".to_owned(),
            Some(Unit::Year) => "year".to_owned(),
        }
    }

    fn grouped(
        &self,
        plan: &Plan,
        groups: &[String],
        (number, name): (&str, &str),
        from: &str,
    ) -> String {
        let measure = format!("{number} as {name}");
        if groups.is_empty() {
            return format!("select {measure} {from}");
        }
        let named: Vec<String> = groups
            .iter()
            .zip(&plan.groups)
            .map(|(group, of)| match of.unit {
                None => group.clone(),
                Some(_) => format!("{group} as {}", self.group_name(*of)),
            })
            .collect();
        let places: Vec<String> = (1..=groups.len()).map(|place| place.to_string()).collect();
        let places = places.join(", ");
        let inner = format!("select {}, {measure} {from} group by {places}", named.join(", "));
        let Some(pick) = plan.pick else {
            // Times and numbers in their own order, names by what was computed.
            let is_time = plan.groups.iter().any(|group| {
                let kind = self.column(group.column).map(|column| column.kind);
                kind.is_some_and(|kind| kind.is_number() || kind.is_time())
            });
            let order =
                if is_time || groups.len() > 1 { places } else { format!("{name} desc, 1") };
            return format!("{inner} order by {order}");
        };
        // All that are equal to the last one are at the end too.
        let (order, sign, end) =
            if pick.is_largest { ("desc", ">=", "min") } else { ("asc", "<=", "max") };
        let last = format!(
            "(select {name} from g where {name} is not null order by {name} {order} limit 1 offset {})",
            pick.count.saturating_sub(1)
        );
        format!(
            "with g as ({inner}) select * from g where {name} {sign} \
             coalesce({last}, (select {end}({name}) from g)) order by {name} {order}, 1"
        )
    }

    fn cells(&self, plan: &Plan, columns: &[usize], from: &str) -> String {
        let names: Vec<&str> = columns.iter().map(|column| self.name(*column)).collect();
        let list = names.join(", ");
        let Some(pick) = plan.pick else {
            return format!("select {list} {from} limit {MAX_TOLD}");
        };
        let Some(by) = pick.by else { return format!("select {list} {from} limit {MAX_TOLD}") };
        let value = self.number(by);
        let (order, sign, end) =
            if pick.is_largest { ("desc", ">=", "min") } else { ("asc", "<=", "max") };
        let joined = if plan.filters.is_empty() { "where" } else { "and" };
        let last = format!(
            "(select {value} {from} {joined} {value} is not null order by {value} {order} limit 1 offset {})",
            pick.count.saturating_sub(1)
        );
        format!(
            "select {list} {from} {joined} {value} {sign} coalesce({last}, (select {end}({value}) \
             {from})) order by {value} {order}, 1"
        )
    }

    fn share(&self, of: Option<usize>, part: &[Filter], from: &str) -> String {
        let tests: Vec<String> = part.iter().map(|filter| self.condition(filter)).collect();
        let tests = tests.join(" and ");
        match of {
            None => format!(
                "select 100.0 * sum(case when {tests} then 1 else 0 end) / count(*) as percent, \
                 sum(case when {tests} then 1 else 0 end) as part, count(*) as whole {from}"
            ),
            Some(column) => {
                let value = self.number(column);
                format!(
                    "select 100.0 * sum(case when {tests} then {value} else 0 end) / sum({value}) as \
                     percent, sum(case when {tests} then {value} else 0 end) as part, sum({value}) \
                     as whole {from}"
                )
            }
        }
    }

    fn values(&self, column: usize, filters: &[Filter]) -> String {
        let name = self.name(column);
        let filled = Filter { column, test: Test::Missing, is_negated: true };
        let filters: Vec<Filter> = filters.iter().cloned().chain([filled]).collect();
        let conditions = self.conditions(&filters);
        format!(
            "select distinct {name} from {}{conditions} order by 1 limit {MAX_TOLD}",
            self.table.name
        )
    }

    fn conditions(&self, filters: &[Filter]) -> String {
        if filters.is_empty() {
            return String::new();
        }
        let tests: Vec<String> = filters.iter().map(|filter| self.condition(filter)).collect();
        format!(" where {}", tests.join(" and "))
    }

    fn condition(&self, filter: &Filter) -> String {
        let name = self.name(filter.column);
        let test = match &filter.test {
            Test::Missing => {
                return format!("{name} is{} null", if filter.is_negated { " not" } else { "" });
            }
            Test::OneOf(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                one_of(name, &texts)
            }
            Test::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                one_of(&self.number(filter.column), &numbers)
            }
            Test::Compared(comparison, number) => {
                format!("{} {} {number}", self.number(filter.column), comparison.sign())
            }
            Test::Between(low, high) => {
                format!("{} between {low} and {high}", self.number(filter.column))
            }
            Test::Yes => format!("{name} = 1"),
            Test::During(span) => self.during(filter.column, span),
        };
        if filter.is_negated { format!("not ({test})") } else { test }
    }

    fn during(&self, column: usize, span: &super::plan::Span) -> String {
        let name = self.name(column);
        let mut tests = Vec::new();
        tests.extend(span.from.as_ref().map(|from| format!("{name} >= {}", quoted(from))));
        tests.extend(span.to.as_ref().map(|to| format!("{name} < {}", quoted(to))));
        // A cell that is no date is in no time.
        let is_time = self.column(column).is_some_and(|column| {
            matches!(column.kind, ColumnType::Date | ColumnType::DateTime)
                && (column.doubt.is_some()
                    || self.table.notes.iter().any(|note| note.contains(&column.name)))
        });
        if is_time {
            tests.push(format!("{name} glob '[0-9][0-9][0-9][0-9]-*'"));
        }
        tests.join(" and ")
    }
}

fn one_of(name: &str, values: &[String]) -> String {
    match values {
        [value] => format!("{name} = {value}"),
        values => format!("{name} in ({})", values.join(", ")),
    }
}

/// A text in SQL.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('\0', ""))
}
