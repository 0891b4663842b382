//! Numbers as people write them.

use super::*;

fn read(cell: &str, mark: Mark) -> Option<Amount> {
    Number::scan(cell)?.amount(mark)
}

#[test]
fn numbers_are_read_as_people_write_them() {
    use Amount::{Fraction, Whole};
    for (cell, mark, expected) in [
        ("0", Mark::Point, Whole(0)),
        ("-12", Mark::Point, Whole(-12)),
        ("+12", Mark::Point, Whole(12)),
        ("12-", Mark::Point, Whole(-12)),
        ("(12)", Mark::Point, Whole(-12)),
        ("−5", Mark::Comma, Whole(-5)),
        ("1.5", Mark::Point, Fraction(1.5)),
        (".5", Mark::Point, Fraction(0.5)),
        ("-.5", Mark::Point, Fraction(-0.5)),
        ("5.", Mark::Point, Fraction(5.0)),
        ("1e3", Mark::Point, Fraction(1000.0)),
        ("1.5E-3", Mark::Point, Fraction(0.0015)),
        ("1.234,56", Mark::Comma, Fraction(1234.56)),
        ("1,234.56", Mark::Point, Fraction(1234.56)),
        ("1 234,56", Mark::Comma, Fraction(1234.56)),
        ("1\u{a0}234\u{a0}567", Mark::Comma, Whole(1_234_567)),
        ("1'234.56", Mark::Point, Fraction(1234.56)),
        ("12,34,567.8", Mark::Point, Fraction(1_234_567.8)),
        ("1.234.567", Mark::Comma, Whole(1_234_567)),
        ("1,234,567", Mark::Point, Whole(1_234_567)),
        ("1,234", Mark::Point, Whole(1234)),
        ("1,234", Mark::Comma, Fraction(1.234)),
        ("1.234", Mark::Point, Fraction(1.234)),
        ("1.234", Mark::Comma, Whole(1234)),
        ("-0.0", Mark::Point, Fraction(0.0)),
        ("$1,234.50", Mark::Point, Fraction(1234.5)),
        ("-$5", Mark::Point, Whole(-5)),
        ("$-5", Mark::Point, Whole(-5)),
        ("($5.25)", Mark::Point, Fraction(-5.25)),
        ("12,50 €", Mark::Comma, Fraction(12.5)),
        ("EUR 12,50", Mark::Comma, Fraction(12.5)),
        ("12.50 USD", Mark::Point, Fraction(12.5)),
        ("1.234,00 kr.", Mark::Comma, Fraction(1234.0)),
        ("CHF 1'200.05", Mark::Point, Fraction(1200.05)),
        ("12,5 %", Mark::Comma, Fraction(12.5)),
        ("12.5%", Mark::Point, Fraction(12.5)),
        ("99999999999999999999", Mark::Point, Fraction(1e20)),
    ] {
        assert_eq!(read(cell, mark), Some(expected), "{cell}");
    }
}

#[test]
fn what_is_no_number_is_not_read() {
    for cell in [
        "",
        "-",
        "€",
        "%",
        "abc",
        "12a",
        "a12",
        "1.2.3",
        "12.03.2024",
        "1,2,3",
        "--5",
        "-(5)-",
        "1e",
        "e5",
        "1e9999",
        "0x10",
        "1 2",
        "12:30",
        "5 kg",
        "1,23,4",
        "12..5",
        "1.234.56",
        "$5 €",
        "% 5",
        "1/2",
        "NaN",
        "inf",
        "Infinity",
        "1,234 567",
        "٣",
        "５",
    ] {
        assert!(
            [Mark::Point, Mark::Comma].iter().all(|mark| read(cell, *mark).is_none()),
            "{cell} is read"
        );
    }
    assert!(Number::scan(&"1".repeat(1_000_000)).is_none());
}

#[test]
fn separators_tell_the_mark_or_do_not() {
    for (cell, says) in [
        ("1234", Says::Nothing),
        ("1 234", Says::Nothing),
        ("1.5", Says::Point),
        ("0.123", Says::Point),
        ("1234.567", Says::Point),
        ("1,5", Says::Comma),
        ("0,123", Says::Comma),
        ("1.234", Says::PerhapsPoint),
        ("1,234", Says::PerhapsComma),
        ("1,234.5", Says::Point),
        ("1.234,5", Says::Comma),
        ("1,234,567", Says::Point),
        ("1.234.567", Says::Comma),
    ] {
        assert_eq!(Number::scan(cell).map(|number| number.says), Some(says), "{cell}");
    }
}

#[test]
fn a_mark_that_contradicts_the_number_reads_nothing() {
    assert_eq!(read("1.5", Mark::Comma), None);
    assert_eq!(read("1,5", Mark::Point), None);
    assert_eq!(read("1,234.5", Mark::Comma), None);
}

#[test]
fn units_are_told() {
    for (cell, name) in [
        ("5%", "%"),
        ("€5", "EUR"),
        ("5 EUR", "EUR"),
        ("$5", "$"),
        ("US$ 5", "USD"),
        ("5 zł", "PLN"),
    ] {
        let unit = Number::scan(cell).and_then(|number| number.unit);
        assert_eq!(unit.map(Unit::name), Some(name), "{cell}");
    }
    for (name, code) in [
        ("Price (EUR)", Some("EUR")),
        ("amount_usd", Some("USD")),
        ("Umsatz in €", Some("EUR")),
        ("try again", None),
        ("EUR to USD", None),
        ("share %", None),
        ("neuro", None),
    ] {
        assert_eq!(unit::in_name(name).map(Unit::name), code, "{name}");
    }
}
