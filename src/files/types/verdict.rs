//! Which type a column has, from the evidence of its cells, its name and the rest of the file.

use crate::domain::table::ColumnType;
use crate::files::types::evidence::{Evidence, Numbers, Same, Times};
use crate::files::types::number::Mark;
use crate::files::types::time::{Form, Order};
use crate::files::types::unit::Unit;
use crate::files::types::{COMPACT_DAY, name, unit};

/// What the other columns of the file say.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::files) struct Habits {
    mark: Option<Mark>,
    /// What the delimiter suggests.
    suggested: Option<Mark>,
    order: Option<Order>,
}

impl Habits {
    /// The habits that no column contradicts, and what the file's delimiter suggests.
    pub(in crate::files) fn of<'a>(
        columns: impl Iterator<Item = &'a Evidence>,
        suggested: Option<Mark>,
    ) -> Self {
        let (mut points, mut commas, mut day_first, mut month_first) = (0, 0, 0, 0);
        for evidence in columns {
            let is_mostly_numbers = evidence.numbers.count * 2 > evidence.cells;
            points += if is_mostly_numbers { evidence.numbers.points } else { 0 };
            commas += if is_mostly_numbers { evidence.numbers.commas } else { 0 };
            day_first += evidence.times.day_first;
            month_first += evidence.times.month_first;
        }
        Self {
            mark: one_of((points, Mark::Point), (commas, Mark::Comma)),
            suggested,
            order: one_of((day_first, Order::DayFirst), (month_first, Order::MonthFirst)),
        }
    }
}

/// The one that occurs, if the other one does not.
fn one_of<T>(one: (usize, T), other: (usize, T)) -> Option<T> {
    match (one.0, other.0) {
        (1.., 0) => Some(one.1),
        (0, 1..) => Some(other.1),
        _ => None,
    }
}

/// What a column is. Texts are told apart later, when their different values are known.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::files) struct Verdict {
    pub(in crate::files) kind: ColumnType,
    pub(in crate::files) format: Option<String>,
    pub(in crate::files) unit: Option<String>,
    pub(in crate::files) doubt: Option<String>,
}

impl Verdict {
    fn plain(kind: ColumnType) -> Self {
        Self { kind, format: None, unit: None, doubt: None }
    }

    fn text_because(doubt: &str) -> Self {
        Self { doubt: Some(doubt.to_owned()), ..Self::plain(ColumnType::Text) }
    }

    pub(in crate::files) fn of(column: &str, evidence: &Evidence, habits: Habits) -> Self {
        let (cells, needed) = (evidence.cells, evidence.cells - evidence.tolerated());
        let (numbers, times) = (&evidence.numbers, &evidence.times);
        if cells == 0 {
            return Self::plain(ColumnType::Empty);
        }
        if let Some(pair) = evidence.pairs.verdict() {
            return Self { format: Some(pair.to_owned()), ..Self::plain(ColumnType::Boolean) };
        }
        if numbers.bits == cells && name::is_question(column) {
            return Self { format: Some("1/0".to_owned()), ..Self::plain(ColumnType::Boolean) };
        }
        if numbers.days == cells && name::is_day(column) {
            return Self { format: Some(COMPACT_DAY.to_owned()), ..Self::plain(ColumnType::Date) };
        }
        if numbers.count >= needed {
            return of_numbers(column, evidence, habits);
        }
        if times.days + times.moments >= needed && !name::is_version(column) {
            return of_days(evidence, habits);
        }
        if times.clocks >= needed {
            let format = clock_format(times);
            return Self { format: Some(format), ..Self::plain(ColumnType::Time) };
        }
        Self::plain(ColumnType::Text)
    }
}

fn of_numbers(column: &str, evidence: &Evidence, habits: Habits) -> Verdict {
    let numbers = &evidence.numbers;
    let has_unit = numbers.units.most().is_some();
    let is_named = name::is_identifier(column) && numbers.fractions == 0 && !numbers.are_plain;
    if numbers.leading_zeros + numbers.phones + numbers.long > evidence.tolerated()
        || is_named && !has_unit
    {
        return Verdict::plain(ColumnType::Identifier);
    }
    let (mark, mut doubt) = match mark_of(evidence, habits) {
        Ok(mark) => mark,
        Err(why) => return Verdict::text_because(why),
    };
    let certain = match mark {
        Mark::Point => numbers.perhaps_points,
        Mark::Comma => numbers.perhaps_commas,
    };
    let is_whole = certain == 0 && numbers.fractions == 0;
    let (unit, unit_doubt) = match unit_of(column, evidence) {
        Ok(unit) => unit,
        Err(why) => return Verdict::text_because(why),
    };
    doubt = doubt.or(unit_doubt);
    let kind = match unit {
        Some(unit) if !unit.is_percent() => ColumnType::Currency,
        None if is_whole => ColumnType::Integer,
        _ => ColumnType::Decimal,
    };
    let format = number_format(numbers, mark, is_whole);
    Verdict { kind, format, unit: unit.map(|unit| unit.name().to_owned()), doubt }
}

/// The mark and why it may be wrong; or why there is none.
fn mark_of(evidence: &Evidence, habits: Habits) -> Result<(Mark, Option<String>), &'static str> {
    let numbers = &evidence.numbers;
    let (points, commas) = (numbers.points, numbers.commas);
    if numbers.are_plain {
        return Ok((Mark::Point, None));
    }
    if points > 0 && commas > 0 {
        if points.min(commas) > evidence.tolerated() {
            return Err(
                "Some numbers have a decimal comma and others a decimal point, so they are kept as text.",
            );
        }
        return Ok((if points > commas { Mark::Point } else { Mark::Comma }, None));
    }
    let sure = one_of((points, Mark::Point), (commas, Mark::Comma));
    if let Some(mark) = sure {
        return Ok((mark, None));
    }
    let (mark, is_sure) = match (numbers.perhaps_points, numbers.perhaps_commas) {
        (0, 0) => (Mark::Point, true),
        // Groups are not the habit of this column, so the separator is the mark.
        (1.., 0) if numbers.ungrouped > 0 => (Mark::Point, true),
        (0, 1..) if numbers.ungrouped > 0 => (Mark::Comma, true),
        // Nobody writes a thousand as 1.000 and puts commas between cells.
        (1.., 0) if habits.mark.is_none() && habits.suggested == Some(Mark::Point) => {
            (Mark::Point, true)
        }
        // Else take a point for the mark, as programs write it, and a comma for a group.
        _ => (habits.mark.or(habits.suggested).unwrap_or(Mark::Point), habits.mark.is_some()),
    };
    let doubt =
        numbers.uncertain.as_ref().filter(|_| !is_sure).map(|cell| uncertain_mark(cell, mark));
    Ok((mark, doubt))
}

fn uncertain_mark(cell: &str, mark: Mark) -> String {
    let separator = if cell.contains(',') { "comma" } else { "point" };
    let decimal = format!("a decimal {separator}");
    let (read, other) = match (separator, mark) {
        ("comma", Mark::Comma) | ("point", Mark::Point) => (decimal.as_str(), "thousands"),
        _ => ("thousands", decimal.as_str()),
    };
    format!("The {separator} in \"{cell}\" is read as {read}, but it may mean {other}.")
}

type UnitAndDoubt = (Option<Unit>, Option<String>);

/// The unit of all numbers and why it may be wrong; or why there is none.
fn unit_of(column: &str, evidence: &Evidence) -> Result<UnitAndDoubt, &'static str> {
    let units: Vec<(Unit, usize)> = evidence.numbers.units.iter().collect();
    match units.as_slice() {
        [] => Ok((unit::in_name(column), None)),
        [(unit, count)] => {
            let bare = evidence.numbers.count - count;
            let doubt = (bare > evidence.tolerated()).then(|| {
                format!("Only {count} of {} numbers say {}.", evidence.numbers.count, unit.name())
            });
            Ok((Some(*unit), doubt))
        }
        _ => Err("The numbers are in several units or currencies, so they are kept as text."),
    }
}

/// How numbers are written, where there is more to say than digits and a point.
fn number_format(numbers: &Numbers, mark: Mark, is_whole: bool) -> Option<String> {
    let grouped_by_mark = match mark {
        Mark::Point => (numbers.perhaps_commas > 0).then_some(','),
        Mark::Comma => (numbers.perhaps_points > 0).then_some('.'),
    };
    let group = numbers.group.or(grouped_by_mark).map(|c| match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '’' => '\'',
        c => c,
    });
    let fraction = match (is_whole, mark) {
        (true, _) => "",
        (false, Mark::Point) => ".56",
        (false, Mark::Comma) => ",56",
    };
    match group {
        Some(group) => Some(format!("1{group}234{fraction}")),
        None if mark == Mark::Comma && !is_whole => Some(format!("1234{fraction}")),
        None => None,
    }
}

fn of_days(evidence: &Evidence, habits: Habits) -> Verdict {
    let times = &evidence.times;
    let (order, doubt) = match order_of(evidence, habits) {
        Ok(order) => order,
        Err(why) => return Verdict::text_because(why),
    };
    let has_short_year = times.forms.iter().any(|((_, short), _)| short);
    let short =
        "Years have two digits: 00 to 68 are read as 2000 to 2068, 69 to 99 as 1969 to 1999.";
    let mixed = (times.zones > 0 && times.zones < times.moments)
        .then_some("Only some of the times name their time zone: the others are taken as UTC.");
    let doubt = doubt.or(mixed.map(str::to_owned)).or(has_short_year.then(|| short.to_owned()));
    let is_day = times.moments == times.midnights;
    let mut format = day_format(times, order);
    if times.moments > 0 {
        format = format!("{format} {}", clock_format(times));
    }
    let kind = if is_day { ColumnType::Date } else { ColumnType::DateTime };
    Verdict { kind, format: Some(format), unit: None, doubt }
}

/// The order of days in numbers and why it may be wrong; or why there is none.
fn order_of(evidence: &Evidence, habits: Habits) -> Result<(Order, Option<String>), &'static str> {
    let times = &evidence.times;
    let (day_first, month_first) = (times.day_first, times.month_first);
    if day_first > 0 && month_first > 0 {
        if day_first.min(month_first) > evidence.tolerated() {
            return Err(
                "Some dates begin with the day and others with the month, so they are kept as text.",
            );
        }
        return Ok((
            if day_first > month_first { Order::DayFirst } else { Order::MonthFirst },
            None,
        ));
    }
    let sure = one_of((day_first, Order::DayFirst), (month_first, Order::MonthFirst));
    if let Some(order) = sure.or(habits.order) {
        return Ok((order, None));
    }
    let has_points = times.forms.iter().any(|((form, _), _)| form == Form::Numbers('.'));
    let order = match (times.first, times.second) {
        // Points are only written where the day comes first.
        _ if has_points => return Ok((Order::DayFirst, None)),
        // The first day of each month, or of many months.
        (Same::Always(1), Same::Differs) => Order::DayFirst,
        (Same::Differs, Same::Always(1)) => Order::MonthFirst,
        _ if habits.mark.or(habits.suggested) == Some(Mark::Comma) => Order::DayFirst,
        _ if times.forms.iter().any(|((form, _), _)| form == Form::Numbers('-')) => Order::DayFirst,
        _ => Order::MonthFirst,
    };
    let words = match order {
        Order::DayFirst => "day first, but the month may come first",
        Order::MonthFirst => "month first, but the day may come first",
    };
    let doubt =
        times.uncertain.as_ref().map(|cell| format!("\"{cell}\" is read with the {words}."));
    Ok((order, doubt))
}

fn day_format(times: &Times, order: Order) -> String {
    let Some((form, is_short)) = times.forms.most() else { return String::new() };
    let year = if is_short { "YY" } else { "YYYY" };
    // Where any day is in numbers, the format has to keep their order.
    let numbers = times.forms.iter().find(|((form, _), _)| matches!(form, Form::Numbers(_)));
    let form = match numbers {
        Some(((numbers, _), _)) if order == Order::MonthFirst => numbers,
        _ => form,
    };
    match (form, order) {
        (Form::YearFirst(c), _) => format!("YYYY{c}MM{c}DD"),
        (Form::Numbers(c), Order::DayFirst) => format!("DD{c}MM{c}{year}"),
        (Form::Numbers(c), Order::MonthFirst) => format!("MM{c}DD{c}{year}"),
        (Form::DayName, _) => format!("D MMM {year}"),
        (Form::NameDay, _) => "MMM D, YYYY".to_owned(),
    }
}

fn clock_format(times: &Times) -> String {
    let clock = if times.with_seconds > 0 { "HH:MM:SS" } else { "HH:MM" };
    let half = if times.with_halves > 0 { " AM/PM" } else { "" };
    let zone = if times.zones > 0 { " with time zone" } else { "" };
    format!("{clock}{half}{zone}")
}
