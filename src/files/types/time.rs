//! Days and times as people write them.

use time::{Date, OffsetDateTime, Time};

use crate::files::types::time::cursor::Cursor;

mod cursor;
mod months;

/// Longer cells are no time.
const MAX_BYTES: usize = 44;

/// Two-digit years from this on are of the last century: the rule of POSIX and SQL Server's kin.
const PIVOT: u16 = 69;

/// Which of two small numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::files) enum Order {
    /// 31/12/2024
    #[default]
    DayFirst,
    /// 12/31/2024
    MonthFirst,
}

/// How a day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) enum Form {
    /// `2024-12-31`, with that character between.
    YearFirst(char),
    /// `31.12.2024` or `12/31/2024`, with that character between.
    Numbers(char),
    /// `31 Dec 2024`
    DayName,
    /// `Dec 31, 2024`
    NameDay,
}

/// A day; `first` and `second` may be swapped where `form` is [`Form::Numbers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) struct Day {
    pub(in crate::files) form: Form,
    pub(in crate::files) year: u16,
    pub(in crate::files) has_short_year: bool,
    /// The day, if days come first.
    pub(in crate::files) first: u8,
    /// The month, if days come first.
    pub(in crate::files) second: u8,
}

impl Day {
    fn date(self, order: Order) -> Option<Date> {
        let (day, month) = match (self.form, order) {
            (Form::Numbers(_), Order::MonthFirst) => (self.second, self.first),
            _ => (self.first, self.second),
        };
        Date::from_calendar_date(i32::from(self.year), time::Month::try_from(month).ok()?, day).ok()
    }

    /// The only order in which it is a day, if there is only one.
    pub(in crate::files) fn says(self) -> Option<Order> {
        match self.form {
            Form::Numbers(_) if self.first > 12 => Some(Order::DayFirst),
            Form::Numbers(_) if self.second > 12 => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// A time of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) struct Clock {
    time: Time,
    pub(in crate::files) has_seconds: bool,
    /// 1 to 12 with AM or PM.
    pub(in crate::files) has_halves: bool,
    /// Seconds east of Greenwich.
    pub(in crate::files) zone: Option<i32>,
}

impl Clock {
    /// Whether it adds nothing to its day: what exports write after every day.
    pub(in crate::files) fn is_midnight(self) -> bool {
        self.time == Time::MIDNIGHT && self.zone.is_none()
    }
}

/// A day, a time, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) struct Moment {
    pub(in crate::files) day: Option<Day>,
    pub(in crate::files) clock: Option<Clock>,
}

/// What a column of moments tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) enum Precision {
    /// Days.
    Day,
    /// Days and times.
    Second,
    /// Times without a day.
    Clock,
}

impl Moment {
    /// Takes a trimmed cell apart; `None` if it is no time.
    pub(in crate::files) fn scan(cell: &str) -> Option<Self> {
        let has_digit = cell.bytes().any(|byte| byte.is_ascii_digit());
        if cell.len() > MAX_BYTES || !has_digit || !cell.is_char_boundary(1) {
            return None;
        }
        let mut cursor = Cursor::new(cell);
        if let Some(clock) = cursor.clock().filter(|_| cursor.is_done()) {
            return Some(Self { day: None, clock: Some(clock) });
        }
        let mut cursor = Cursor::new(cell);
        let day = cursor.day()?;
        let moment = Self { day: Some(day), clock: None };
        if cursor.is_done() {
            return Some(moment);
        }
        let clock = cursor.clock_after_day()?;
        cursor.is_done().then_some(Self { clock: Some(clock), ..moment })
    }

    /// Seconds since 1970 in UTC, or since midnight if there is no day; `None` if there is no
    /// such day in that order, or if `precision` wants what is not there.
    pub(in crate::files) fn seconds(&self, order: Order, precision: Precision) -> Option<i64> {
        let Some(day) = self.day else {
            let clock = self.clock.filter(|_| precision == Precision::Clock)?;
            return Some((clock.time - Time::MIDNIGHT).whole_seconds());
        };
        let date = day.date(order)?;
        let (time, zone) = match (precision, self.clock) {
            (Precision::Clock, _) => return None,
            (Precision::Day, Some(clock)) if !clock.is_midnight() => return None,
            (_, Some(clock)) => (clock.time, clock.zone.unwrap_or(0)),
            (_, None) => (Time::MIDNIGHT, 0),
        };
        Some(date.with_time(time).assume_utc().unix_timestamp() - i64::from(zone))
    }
}

/// The seconds of [`Moment::seconds`] as SQL has them.
pub(in crate::files) fn text(seconds: i64, precision: Precision) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, time) = (moment.date(), moment.time());
    let day = || format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day());
    let clock = || format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    match precision {
        Precision::Day => day(),
        Precision::Second => format!("{} {}", day(), clock()),
        Precision::Clock => clock(),
    }
}

/// The seconds of a day that is written as `20241231`, of this century or its neighbours.
pub(in crate::files) fn compact_day(cell: &str) -> Option<i64> {
    if cell.len() != 8 || !cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: u32 = cell.parse().ok()?;
    let year = u16::try_from(digits / 10_000).ok().filter(|year| (1900..2200).contains(year))?;
    let (month, day) = (u8::try_from(digits / 100 % 100).ok()?, u8::try_from(digits % 100).ok()?);
    let day = Day { form: Form::DayName, year, has_short_year: false, first: day, second: month };
    Moment { day: Some(day), clock: None }.seconds(Order::DayFirst, Precision::Day)
}

#[cfg(test)]
mod tests;
