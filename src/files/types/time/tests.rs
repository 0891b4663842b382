//! Times as people write them.

use super::*;

fn read(cell: &str, order: Order) -> Option<String> {
    let moment = Moment::scan(cell)?;
    let precision = match (moment.day, moment.clock) {
        (Some(_), None) => Precision::Day,
        (Some(_), Some(_)) => Precision::Second,
        _ => Precision::Clock,
    };
    Some(text(moment.seconds(order, precision)?, precision))
}

#[test]
fn times_are_read_as_people_write_them() {
    for (cell, expected) in [
        ("2024-03-12", "2024-03-12"),
        ("2024/3/1", "2024-03-01"),
        ("12.03.2024", "2024-03-12"),
        ("1.2.24", "2024-02-01"),
        ("12/03/1969", "1969-03-12"),
        ("31-12-99", "1999-12-31"),
        ("12 Mar 2024", "2024-03-12"),
        ("12-Mar-24", "2024-03-12"),
        ("12. März 2024", "2024-03-12"),
        ("3rd March 2024", "2024-03-03"),
        ("Mar 12, 2024", "2024-03-12"),
        ("March 1st, 2024", "2024-03-01"),
        ("Tue, 12 Mar 2024", "2024-03-12"),
        ("Tuesday, March 12, 2024", "2024-03-12"),
        ("2 févr. 2024", "2024-02-02"),
        ("2024-03-12T10:20:30Z", "2024-03-12 10:20:30"),
        ("2024-03-12 10:20", "2024-03-12 10:20:00"),
        ("2024-03-12T01:00:00+02:00", "2024-03-11 23:00:00"),
        ("2024-03-12T10:20:30.123456-0330", "2024-03-12 13:50:30"),
        ("12.03.2024, 9:05", "2024-03-12 09:05:00"),
        ("12/03/2024 12:05 AM", "2024-03-12 00:05:00"),
        ("12/03/2024 1:05:09PM", "2024-03-12 13:05:09"),
        ("2024-03-12 10:20:30 UTC", "2024-03-12 10:20:30"),
        ("10:20", "10:20:00"),
        ("9:05:07", "09:05:07"),
        ("9:05 p.m.", "21:05:00"),
        ("2024-02-29", "2024-02-29"),
    ] {
        assert_eq!(read(cell, Order::DayFirst).as_deref(), Some(expected), "{cell}");
    }
    assert_eq!(read("12/03/2024", Order::MonthFirst).as_deref(), Some("2024-12-03"));
    assert_eq!(read("2024-03-12", Order::MonthFirst).as_deref(), Some("2024-03-12"));
}

#[test]
fn what_is_no_time_is_not_read() {
    for cell in [
        "",
        "1",
        "12.5",
        "2024",
        "2024-03",
        "2024-13-01",
        "2023-02-29",
        "32.01.2024",
        "31.04.2024",
        "1.2.3",
        "1/2",
        "12:60",
        "25:00",
        "24:00",
        "13:00 PM",
        "0:30 PM",
        "12:5",
        "2024-03-12T",
        "2024-03-12x",
        "Mar 2024",
        "March",
        "12 Foo 2024",
        "12/13/14/15",
        "2024-03/12",
        "10:20:30:40",
        "é024-03-12",
        "日",
        "99/99/9999",
        "0000-01-01",
        "192.168.1.1",
        "2024-03-12 10",
    ] {
        assert_eq!(read(cell, Order::DayFirst), None, "{cell}");
    }
    assert!(Moment::scan(&"1".repeat(1_000_000)).is_none());
}

#[test]
fn only_numbers_above_twelve_tell_the_order() {
    for (cell, says) in [
        ("13/01/2024", Some(Order::DayFirst)),
        ("01/13/2024", Some(Order::MonthFirst)),
        ("01/02/2024", None),
        ("2024-01-13", None),
        ("13 Jan 2024", None),
    ] {
        assert_eq!(Moment::scan(cell).and_then(|moment| moment.day?.says()), says, "{cell}");
    }
}
