//! Types of columns, and what is known of them.

use super::*;
use ColumnType as T;

/// The only column of a table with these cells.
fn column(name: &str, cells: &[&str]) -> crate::domain::table::ColumnProfile {
    let quoted = |cell: &&str| format!("\"{cell}\",x\n");
    let rows: String = cells.iter().map(quoted).collect();
    let mut table = table(&format!("\"{name}\",other\n{rows}"));
    table.profile.columns.remove(0)
}

/// Name, cells; type, format, unit.
type Case = (&'static str, &'static [&'static str], T, Option<&'static str>, Option<&'static str>);

#[test]
fn columns_have_the_type_of_their_cells() {
    let cases: &[Case] = &[
        ("n", &["1", "-2", "3"], T::Integer, None, None),
        ("n", &["1", "", "N/A", "3"], T::Integer, None, None),
        ("n", &["1.5", "2"], T::Decimal, None, None),
        ("n", &["1.234,56", "7,5"], T::Decimal, Some("1.234,56"), None),
        ("n", &["1,234.56", "7.5", "1,000"], T::Decimal, Some("1,234.56"), None),
        ("n", &["1 234,56", "7,5"], T::Decimal, Some("1 234,56"), None),
        ("n", &["1'234.56", "7.5"], T::Decimal, Some("1'234.56"), None),
        ("n", &["1,234,567", "1,000"], T::Integer, Some("1,234"), None),
        ("n", &["12,5 %", "3 %"], T::Decimal, Some("1234,56"), Some("%")),
        ("n", &["$1.50", "-$2"], T::Currency, None, Some("$")),
        ("n", &["12,50 €", "1.000,00 €"], T::Currency, Some("1.234,56"), Some("EUR")),
        ("price (EUR)", &["12.50", "3"], T::Currency, None, Some("EUR")),
        ("b", &["yes", "no", "Yes"], T::Boolean, Some("yes/no"), None),
        ("b", &["TRUE", "FALSE"], T::Boolean, Some("true/false"), None),
        ("is_paid", &["1", "0"], T::Boolean, Some("1/0"), None),
        ("count", &["1", "0"], T::Integer, None, None),
        ("d", &["2024-01-31", "2024-02-01"], T::Date, Some("YYYY-MM-DD"), None),
        ("d", &["31.01.2024", "1.2.2024"], T::Date, Some("DD.MM.YYYY"), None),
        ("d", &["01/31/2024", "02/01/2024"], T::Date, Some("MM/DD/YYYY"), None),
        ("d", &["31/01/2024", "02/01/2024"], T::Date, Some("DD/MM/YYYY"), None),
        ("d", &["12 Mar 2024", "1 Apr 2024"], T::Date, Some("D MMM YYYY"), None),
        ("d", &["Mar 12, 2024", "Apr 1, 2024"], T::Date, Some("MMM D, YYYY"), None),
        (
            "d",
            &["2024-01-01 00:00:00", "2024-01-02 00:00:00"],
            T::Date,
            Some("YYYY-MM-DD HH:MM:SS"),
            None,
        ),
        (
            "d",
            &["2024-01-01T10:00:00Z", "2024-01-02T10:00:00+02:00"],
            T::DateTime,
            Some("YYYY-MM-DD HH:MM:SS with time zone"),
            None,
        ),
        ("order date", &["20240131", "20240201"], T::Date, Some("YYYYMMDD"), None),
        ("n", &["20240131", "20240201"], T::Integer, None, None),
        ("t", &["10:30", "9:05"], T::Time, Some("HH:MM"), None),
        ("zip", &["10115", "20095"], T::Identifier, None, None),
        ("code", &["00123", "00456", "1"], T::Identifier, None, None),
        ("contact", &["+491701234567", "+491701234568"], T::Identifier, None, None),
        ("ref", &["A-1", "A-2", "A-3"], T::Identifier, None, None),
        ("mail", &["a@x.org", "b@x.org", "c@x.org"], T::Identifier, None, None),
        ("c", &["red", "blue", "red", "blue"], T::Category, None, None),
        ("c", &["red", "blue", "green"], T::Text, None, None),
        ("x", &["1", "two", "3"], T::Text, None, None),
        ("x", &["", "-", "N/A"], T::Empty, None, None),
        ("v", &["1.2.3", "1.2.4", "2.0.0"], T::Identifier, None, None),
        ("app version", &["1.2.10", "1.3.11", "2.0.12"], T::Identifier, None, None),
        ("created", &["1700000000", "1700000001"], T::Integer, None, None),
    ];
    for (name, cells, kind, format, unit) in cases {
        let column = column(name, cells);
        let found = (column.kind, column.format.as_deref(), column.unit.as_deref());
        assert_eq!(found, (*kind, *format, *unit), "{name}: {cells:?}");
        assert_eq!(column.doubt, None, "{name}: {cells:?}");
    }
}

#[test]
fn what_is_in_doubt_is_said() {
    let cases: &[(&str, &[&str], T, &str)] = &[
        (
            "n",
            &["1,234", "2,345"],
            T::Integer,
            "The comma in \"1,234\" is read as thousands, but it may mean a decimal comma.",
        ),
        (
            "n",
            &["1,5", "1.5", "2,5", "2.5"],
            T::Text,
            "Some numbers have a decimal comma and others a decimal point, so they are kept as text.",
        ),
        (
            "n",
            &["$5", "5 €"],
            T::Text,
            "The numbers are in several units or currencies, so they are kept as text.",
        ),
        ("n", &["$5", "6", "7"], T::Currency, "Only 1 of 3 numbers say $."),
        (
            "d",
            &["03/04/2024", "05/06/2024"],
            T::Date,
            "\"03/04/2024\" is read with the month first, but the day may come first.",
        ),
        (
            "d",
            &["01/02/2024", "01/03/2024"],
            T::Date,
            "\"01/02/2024\" is read with the day first, but the month may come first.",
        ),
        (
            "d",
            &["13/01/2024", "01/13/2024"],
            T::Text,
            "Some dates begin with the day and others with the month, so they are kept as text.",
        ),
        (
            "d",
            &["13/01/24", "14/01/24"],
            T::Date,
            "Years have two digits: 00 to 68 are read as 2000 to 2068, 69 to 99 as 1969 to 1999.",
        ),
    ];
    for (name, cells, kind, doubt) in cases {
        let column = column(name, cells);
        assert_eq!((column.kind, column.doubt.as_deref()), (*kind, Some(*doubt)), "{cells:?}");
    }
}

#[test]
fn a_delimiter_suggests_the_mark_but_is_no_proof() {
    for (text, kind, doubt) in [
        ("n,x\n1.234,a\n", T::Decimal, None),
        (
            "n\tx\n1.234\ta\n",
            T::Decimal,
            Some("The point in \"1.234\" is read as a decimal point, but it may mean thousands."),
        ),
        (
            "n;x\n1.234;a\n",
            T::Integer,
            Some("The point in \"1.234\" is read as thousands, but it may mean a decimal point."),
        ),
        (
            "n;x\n1,234;a\n",
            T::Decimal,
            Some("The comma in \"1,234\" is read as a decimal comma, but it may mean thousands."),
        ),
        ("n;x\n1.234;a\n12345;b\n", T::Decimal, None),
    ] {
        let column = table(text).profile.columns.remove(0);
        assert_eq!((column.kind, column.doubt.as_deref()), (kind, doubt), "{text}");
    }
}

#[test]
fn one_column_helps_another_out_of_doubt() {
    let table =
        table("a;b;c;d\n1,5;1.234;03/04/2024;31/01/2024\n2,5;2.345;04/05/2024;30/01/2024\n");
    assert!(table.profile.columns.iter().all(|column| column.doubt.is_none()));
    assert_eq!(kinds(&table), [T::Decimal, T::Integer, T::Date, T::Date]);
    let first: Vec<Value> = values(&table).remove(0);
    assert_eq!(first[1..3], [Value::Integer(1234), Value::Text("2024-04-03".to_owned())]);
}

#[test]
fn a_few_cells_of_another_type_stay_text_and_are_told() {
    let mut cells = vec!["7"; 99];
    cells.insert(40, "about 7");
    let column = column("n", &cells);
    assert_eq!((column.kind, column.distinct), (T::Integer, 2));
    let rows: String = cells.iter().map(|cell| format!("{cell},x\n")).collect();
    let table = table(&format!("n,o\n{rows}"));
    assert_eq!(values(&table)[40][0], Value::Text("about 7".to_owned()));
    assert_eq!(
        table.profile.notes,
        ["One cell of \"n\" is no integer (row 41): it is kept as text."]
    );
    cells.extend(["x", "y"]);
    assert_eq!(super::columns::column("n", &cells).kind, T::Category);
}

#[test]
fn numbers_are_profiled_exactly() {
    let column = column("n", &["4", "1", "", "2", "1", "n/a", "10"]);
    assert_eq!((column.nulls, column.distinct), (2, 4));
    assert_eq!((column.min, column.max), (Some(Value::Integer(1)), Some(Value::Integer(10))));
    assert_eq!((column.mean, column.median), (Some(3.6), Some(2.0)));
    let expected = [("1", 2), ("2", 1), ("4", 1), ("10", 1)];
    assert_eq!(column.top, expected.map(|(text, count)| (text.to_owned(), count)));
    assert_eq!(column.spread, [3, 1, 0, 1]);
    let money = super::columns::column("n", &["-0.5", "0.25", "1.5", "-7.25"]);
    assert_eq!((money.min, money.max), (Some(Value::Decimal(-7.25)), Some(Value::Decimal(1.5))));
    assert_eq!((money.mean, money.median), (Some(-1.5), Some(-0.125)));
}

#[test]
fn a_category_tells_all_its_values() {
    let column = column("c", &["b", "a", "b", "c", "b", "a", "", "c"]);
    assert_eq!(column.kind, T::Category);
    assert_eq!(
        column.top,
        [("b", 3), ("a", 2), ("c", 2)].map(|(text, count)| (text.to_owned(), count))
    );
    assert_eq!((column.spread, column.nulls, column.distinct), (vec![3, 2, 2], 1, 3));
}
