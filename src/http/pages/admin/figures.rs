//! Numbers and days as the owner reads them.

use time::{Date, Duration, Month, OffsetDateTime, Weekday};

use crate::domain::clock::Timestamp;

/// `12,345`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `950`, `12.3 k`, `4.56 M`: three digits are enough to compare.
#[must_use]
pub fn short(number: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, " G"), (1e6, " M"), (1e3, " k")];
    match UNITS.iter().find(|(size, _)| number >= 0.9995 * size) {
        Some((size, unit)) => format!("{}{unit}", three_digits(number / size)),
        None => three_digits(number),
    }
}

fn three_digits(number: f64) -> String {
    let places = match number {
        n if n >= 99.95 => 0,
        n if n >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{number:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `1 reply`, `12 replies`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// US dollars: cents, or as many digits as a smaller sum needs.
#[must_use]
pub fn dollars(sum: f64) -> String {
    match sum {
        0.0 => "$0".to_owned(),
        s if s < 0.0001 => "under $0.0001".to_owned(),
        s if s < 0.1 => format!("${s:.4}"),
        s if s < 1000.0 => format!("${s:.2}"),
        s => format!("${}", count(rounded(s))),
    }
}

/// `840 ms`, `1.8 s`, `2 min 5 s`.
#[must_use]
pub fn span_ms(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => {
            let tenths = (ms + 50) / 100;
            if tenths.is_multiple_of(10) || tenths >= 100 {
                format!("{} s", (ms + 500) / 1_000)
            } else {
                format!("{}.{} s", tenths / 10, tenths % 10)
            }
        }
        _ => {
            let seconds = (ms + 500) / 1_000;
            match seconds % 60 {
                0 => format!("{} min", seconds / 60),
                rest => format!("{} min {rest} s", seconds / 60),
            }
        }
    }
}

/// `512 B`, `14 KB`, `2.5 MB`.
#[must_use]
pub fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} KB", (size + 500) / 1_000),
        _ => format!("{} MB", three_digits(as_float(size) / 1e6)),
    }
}

/// A number for charts. From 2^53 on the last digits go, which no picture shows.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub const fn as_float(number: u64) -> f64 {
    number as f64
}

/// The nearest whole number that is not below zero.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
pub fn rounded(number: f64) -> u64 {
    number.round() as u64
}

/// `12 Nov`.
#[must_use]
pub fn day(date: Date) -> String {
    format!("{} {}", date.day(), month(date.month()))
}

/// `Thu 12 Nov 2026`.
#[must_use]
pub fn whole_day(date: Date) -> String {
    format!("{} {} {}", weekday(date.weekday()), day(date), date.year())
}

/// `Thu`.
#[must_use]
pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

const fn month(month: Month) -> &'static str {
    match month {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

/// What a clock on the wall says `hours` east of Greenwich.
#[must_use]
pub fn local(at: Timestamp, hours: i8) -> OffsetDateTime {
    let nanos = i128::from(at.as_ms()) * 1_000_000;
    let utc =
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    utc.checked_add(Duration::hours(i64::from(hours))).unwrap_or(utc)
}

/// When `date` begins there.
#[must_use]
pub fn midnight(date: Date, hours: i8) -> Timestamp {
    let seconds = date.midnight().assume_utc().unix_timestamp() - i64::from(hours) * 3600;
    Timestamp::from_ms(seconds.saturating_mul(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shortened() {
        for (number, whole, shorter) in [
            (0, "0", "0"),
            (7, "7", "7"),
            (999, "999", "999"),
            (1_000, "1,000", "1 k"),
            (12_345, "12,345", "12.3 k"),
            (999_600, "999,600", "1 M"),
            (4_560_000, "4,560,000", "4.56 M"),
            (123_456_789_012, "123,456,789,012", "123 G"),
        ] {
            assert_eq!(
                (count(number), short(as_float(number))),
                (whole.to_owned(), shorter.to_owned())
            );
        }
        assert_eq!(counted(1, "reply", "replies"), "1 reply");
        assert_eq!(counted(0, "reply", "replies"), "0 replies");
    }

    #[test]
    fn money_keeps_the_digits_that_matter() {
        for (sum, text) in [
            (0.0, "$0"),
            (0.000_01, "under $0.0001"),
            (0.0123, "$0.0123"),
            (0.5, "$0.50"),
            (12.345, "$12.35"),
            (12_345.6, "$12,346"),
        ] {
            assert_eq!(dollars(sum), text);
        }
    }

    #[test]
    fn spans_and_sizes_read_well() {
        for (ms, text) in [
            (0, "0 ms"),
            (840, "840 ms"),
            (1_000, "1 s"),
            (1_849, "1.8 s"),
            (9_990, "10 s"),
            (59_400, "59 s"),
            (60_000, "1 min"),
            (125_300, "2 min 5 s"),
        ] {
            assert_eq!(span_ms(ms), text);
        }
        assert_eq!(bytes(512), "512 B");
        assert_eq!(bytes(14_200), "14 KB");
        assert_eq!(bytes(2_500_000), "2.5 MB");
    }

    #[test]
    fn days_begin_where_the_reader_is() {
        // 2026-09-21T14:13:20Z
        let at = Timestamp::from_ms(1_790_000_000_000);
        assert_eq!(whole_day(local(at, 0).date()), "Mon 21 Sep 2026");
        assert_eq!(whole_day(local(at, 10).date()), "Tue 22 Sep 2026");
        assert_eq!(midnight(local(at, 2).date(), 2).to_string(), "2026-09-20T22:00:00Z");
    }
}
