//! Puts head, conditions and groups together, and asks back where the whole is unclear.

use super::extreme::{Extreme, Of};
use super::head::Head;
use super::noun::Subject;
use super::{Doubt, Parsed, Parser};
use crate::domain::evidence::ChartKind;
use crate::domain::table::ColumnType;
use crate::providers::demo::ask::plan::{Aggregate, Filter, Group, Measure, Pick, Plan, Test};
use crate::providers::demo::ask::text::name_words;
use crate::providers::demo::ask::words::Quality;

/// How many columns of rows are told.
const MAX_CELLS: usize = 8;

impl Parser<'_> {
    /// Reads the rest and makes the plan.
    pub(super) fn finish(mut self, table: usize, head: Head) -> Parsed<Plan> {
        if let Head::Share(of) = head {
            let part = self.parts()?;
            return self.plan(table, Measure::Share(of, part), None);
        }
        self.tail()?;
        match head {
            Head::Measure(measure) => self.measured(table, measure),
            Head::Plain(column) => {
                let measure = self.plain_measure(column)?;
                self.plan(table, measure, None)
            }
            Head::List(Subject::Rows) if !self.groups.is_empty() => {
                self.plan(table, Measure::Rows, None)
            }
            Head::List(Subject::Rows) if self.filters.is_empty() => Err(Doubt::Ask(
                "What do you want to know of the rows: how many there are, or a sum, an average?"
                    .to_owned(),
            )),
            Head::List(Subject::Rows) => {
                let cells = self.cells();
                self.plan(table, Measure::Cells(cells), None)
            }
            Head::List(Subject::Column(column)) if self.groups.is_empty() => {
                self.plan(table, Measure::Values(column), None)
            }
            Head::List(_) | Head::Share(_) => self.unknown(),
            Head::Extreme(subject, extreme, count) => self.extremes(table, subject, extreme, count),
        }
    }

    fn plan(self, table: usize, measure: Measure, pick: Option<Pick>) -> Parsed<Plan> {
        self.check_contradictions()?;
        self.check_joined(&measure)?;
        let chart = self.chart_kind(&measure)?;
        Ok(Plan { table, measure, filters: self.filters, groups: self.groups, pick, chart })
    }

    /// Two values of one column cannot both stand in a row.
    fn check_contradictions(&self) -> Parsed<()> {
        let is_value = |filter: &&Filter| {
            matches!(filter.test, Test::OneOf(_) | Test::During(_) | Test::Numbers(_))
        };
        let values: Vec<&Filter> = self.filters.iter().filter(is_value).collect();
        for (place, filter) in values.iter().enumerate() {
            let contradicts = |other: &&&Filter| {
                other.column == filter.column && !(other.is_negated && filter.is_negated)
            };
            if values.iter().skip(place + 1).any(|other| contradicts(&other)) {
                return Err(Doubt::Ask(format!(
                    "You name two conditions on *{}*. Which one do you mean?",
                    self.name(filter.column)
                )));
            }
        }
        Ok(())
    }

    /// A mean over the values of each group is clear; of sums of groups it is not.
    fn measured(self, table: usize, measure: Measure) -> Parsed<Plan> {
        if let (Measure::Distinct(column), [group]) = (&measure, self.groups.as_slice())
            && group.column == *column
        {
            return Err(Doubt::Ask(format!(
                "Do you mean how many rows there are for each *{}*?",
                self.name(*column)
            )));
        }
        if self.groups.len() > 1 && self.groups.iter().any(|group| self.is_unique(group.column)) {
            return Err(Doubt::Ask(
                "Each row would be a group of its own. For each what?".to_owned(),
            ));
        }
        if let Measure::Distinct(column) = measure
            && self.is_loose
            && (self.has_deed || !(self.filters.is_empty() && self.groups.is_empty()))
            && !self.is_unique(column)
        {
            return Err(Doubt::Ask(format!(
                "Do you mean how many rows, or how many different values of *{}*?",
                self.name(column)
            )));
        }
        self.plan(table, measure, None)
    }

    /// What is meant by the name of a column alone.
    fn plain_measure(&self, column: usize) -> Parsed<Measure> {
        let name = self.name(column);
        let Some(profile) = self.lex.column(column) else { return self.unknown() };
        if self.is_additive(column) {
            return Ok(Measure::Of(Aggregate::Sum, column));
        }
        if self.groups.is_empty() && self.names_one_row() {
            return Ok(Measure::Values(column));
        }
        if profile.kind.is_number() {
            return Err(Doubt::Ask(format!("Do you mean the sum or the average of *{name}*?")));
        }
        if self.groups.is_empty() && !self.filters.is_empty() {
            return Ok(Measure::Values(column));
        }
        if profile.kind.is_time() {
            return Err(Doubt::Ask(format!("Do you mean the first or the last *{name}*?")));
        }
        Err(Doubt::Ask(format!(
            "What do you want to know about *{name}*: its different values, or how many rows each has?"
        )))
    }

    /// Whether a condition names one value of a column in which each row has its own.
    fn names_one_row(&self) -> bool {
        self.filters.iter().any(|filter| {
            self.is_unique(filter.column)
                && !filter.is_negated
                && matches!(&filter.test, Test::OneOf(texts) if texts.len() == 1)
        })
    }

    /// Columns that tell what a row is: those of the conditions, and the first ones.
    fn cells(&self) -> Vec<usize> {
        let mut cells: Vec<usize> = (0..self.lex.table.columns.len()).take(MAX_CELLS).collect();
        for filter in &self.filters {
            if !cells.contains(&filter.column) {
                cells.push(filter.column);
            }
        }
        cells
    }

    /// The column that names a row.
    fn label(&self) -> Parsed<usize> {
        for words in [["name"], ["title"], ["id"]] {
            if let [column] = self.lex.named_one_of(&words).as_slice() {
                return Ok(*column);
            }
        }
        let unique = self.lex.columns_that(|column| column.kind == ColumnType::Identifier);
        match unique.as_slice() {
            [column, ..] => Ok(*column),
            [] => Ok(0),
        }
    }

    fn extremes(
        mut self,
        table: usize,
        subject: Subject,
        extreme: Extreme,
        count: usize,
    ) -> Parsed<Plan> {
        if !self.groups.is_empty() {
            return Err(Doubt::Ask(
                "I can pick the largest or smallest once, not for each of some groups.".to_owned(),
            ));
        }
        let is_largest = extreme.is_largest;
        let group = match subject {
            Subject::Rows => return self.extreme_rows(table, None, extreme, count),
            Subject::Column(column) => Group { column, unit: None },
            Subject::Time(group) => group,
        };
        let measure = match extreme.of {
            Of::Rows => Measure::Rows,
            Of::Distinct(column) if column != group.column => Measure::Distinct(column),
            Of::Distinct(_) => return self.unknown(),
            Of::Column(column, Some(aggregate)) => {
                if matches!(aggregate, Aggregate::Least | Aggregate::Most) {
                    return self.unknown();
                }
                Measure::Of(aggregate, column)
            }
            Of::Column(column, None) | Of::Quality(column, _)
                if group.unit.is_none() && self.is_unique(group.column) =>
            {
                let extreme = Extreme { is_largest, of: Of::Column(column, None) };
                return self.extreme_rows(table, Some(group.column), extreme, count);
            }
            Of::Column(column, None)
                if self.is_additive(column) && !self.is_called_operation(column) =>
            {
                Measure::Of(Aggregate::Sum, column)
            }
            Of::Column(column, None) if !self.is_price(column) => {
                return self.single_or_mean(column, group);
            }
            Of::Quality(column, quality) if quality != Quality::Price => {
                return self.single_or_mean(column, group);
            }
            Of::Column(column, None) | Of::Quality(column, _) => {
                Measure::Of(if is_largest { Aggregate::Most } else { Aggregate::Least }, column)
            }
        };
        self.groups.push(group);
        let group_has_nulls = self.lex.column(group.column).is_some_and(|column| column.nulls > 0);
        if group_has_nulls
            && !self.filters.iter().any(|f| f.column == group.column && f.test == Test::Missing)
        {
            self.filters.push(Filter {
                column: group.column,
                test: Test::Missing,
                is_negated: true,
            });
        }
        self.plan(table, measure, Some(Pick { count, is_largest, by: None }))
    }

    fn is_price(&self, column: usize) -> bool {
        name_words(self.name(column)).iter().any(|word| matches!(word.as_str(), "price" | "cost"))
    }

    fn single_or_mean(&self, column: usize, group: Group) -> Parsed<Plan> {
        let (name, of) = (self.name(column), self.name(group.column));
        Err(Doubt::Ask(format!(
            "There are several rows for each *{of}*. Do you mean the average *{name}*, the total \
             *{name}*, or the single row with the largest or smallest *{name}*?"
        )))
    }

    fn extreme_rows(
        self,
        table: usize,
        label: Option<usize>,
        extreme: Extreme,
        count: usize,
    ) -> Parsed<Plan> {
        let by = match extreme.of {
            Of::Column(column, None | Some(Aggregate::Sum)) | Of::Quality(column, _) => column,
            Of::Column(..) | Of::Rows | Of::Distinct(_) => return self.unknown(),
        };
        let label = match label {
            Some(label) => label,
            None => self.label()?,
        };
        let mut cells = vec![label];
        if by != label {
            cells.push(by);
        }
        let pick = Pick { count, is_largest: extreme.is_largest, by: Some(by) };
        self.plan(table, Measure::Cells(cells), Some(pick))
    }

    fn chart_kind(&self, measure: &Measure) -> Parsed<Option<ChartKind>> {
        let Some(wanted) = self.chart else { return Ok(None) };
        let is_drawable = match measure {
            Measure::Rows | Measure::Distinct(_) | Measure::Of(..) => self.groups.len() == 1,
            _ => false,
        };
        if !is_drawable || matches!(wanted, Some(ChartKind::Scatter | ChartKind::Histogram)) {
            return Err(Doubt::Ask(
                "I can draw one number for each value of one column, as bars, a line, an area or a \
                 pie: “bar chart of the number of rows by …”. What do you want to see?"
                    .to_owned(),
            ));
        }
        let is_time = self.groups.iter().any(|group| group.unit.is_some());
        Ok(Some(wanted.unwrap_or(if is_time { ChartKind::Line } else { ChartKind::Bar })))
    }
}
