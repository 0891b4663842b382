//! What a workbook answers, and what it refuses.

use super::*;
use crate::domain::table::{ColumnProfile, ColumnType};

fn column(sql_name: &str, kind: ColumnType) -> ColumnProfile {
    ColumnProfile {
        name: sql_name.to_owned(),
        sql_name: sql_name.to_owned(),
        kind,
        doubt: None,
        format: None,
        unit: None,
        nulls: 0,
        distinct: 0,
        min: None,
        max: None,
        mean: None,
        median: None,
        top: Vec::new(),
        spread: Vec::new(),
    }
}

pub(super) fn profile(name: &str, columns: &[(&str, ColumnType)]) -> TableProfile {
    TableProfile {
        name: name.to_owned(),
        source: format!("{name}.csv"),
        row_count: 0,
        columns: columns.iter().map(|(name, kind)| column(name, *kind)).collect(),
        sample: Vec::new(),
        notes: Vec::new(),
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Four sales in two regions.
fn sales() -> Workbook {
    let profile = profile(
        "sales",
        &[
            ("region", ColumnType::Category),
            ("amount", ColumnType::Currency),
            ("units", ColumnType::Integer),
            ("day", ColumnType::Date),
        ],
    );
    let rows = [
        ("north", 0.1, 3, "2024-01-05"),
        ("north", 0.2, 5, "2024-01-31"),
        ("Süden", 12.5, 1, "2024-02-01"),
        ("west", 7.0, 9, "2024-03-09"),
    ];
    let rows = rows.map(|(region, amount, units, day)| {
        vec![text(region), Value::Decimal(amount), Value::Integer(units), text(day)]
    });
    let mut book = Workbook::new().unwrap();
    book.add(&profile, rows).unwrap();
    book
}

fn ask(book: &mut Workbook, sql: &str) -> Result<QueryResult, SqlError> {
    let mut asked = 0;
    book.query(sql, &QueryLimits::default(), move || {
        asked += 1;
        asked > 20_000
    })
}

fn rows(sql: &str) -> Vec<Vec<Value>> {
    ask(&mut sales(), sql).unwrap().rows
}

#[test]
fn sums_look_exact() {
    let found = rows("select sum(amount) from sales where region = 'north'");
    assert_eq!(found, [[Value::Decimal(0.3)]]);
}

#[track_caller]
fn assert_rows(sql: &str, expected: &[&[Value]]) {
    let found = ask(&mut sales(), sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert_eq!(found.rows, expected, "{sql}");
}

#[test]
fn usual_questions_are_answered() {
    use Value::{Decimal, Integer, Null};
    let one = |sql: &str, value: Value| assert_rows(sql, &[&[value]]);
    one("select count(*) from sales", Integer(4));
    one("select count(*) from (select 1 from sales)", Integer(4));
    one("with x as (select 1 as y from sales) select count(*) from x", Integer(4));
    one("select count(distinct region) from Sales", Integer(3));
    one("select sum(amount) from sales", Decimal(19.8));
    one("select avg(units) from sales;", Decimal(4.5));
    one("select round(avg(amount), 2) from sales", Decimal(4.95));
    one("select 4.35 * 100", Decimal(435.0));
    one("select 1.1 * 1.1", Decimal(1.21));
    one("select 2.0 / 3", Decimal(2.0 / 3.0));
    one("select -0.1 - 0.2", Decimal(-0.3));
    one("select 9007199254740992.0", Decimal(9_007_199_254_740_992.0));
    one("select 1e308 * 10", Null);
    one("select amount > '5' from sales where region = 'west'", Integer(1));
    one("select strftime('%Y-%m', max(day)) from sales", text("2024-03"));
    one(
        "select year(day) * 10000 + month(day) * 100 + day(day) from sales limit 1",
        Integer(20_240_105),
    );
    one("select quarter('2024-12-01 10:00:00')", Integer(4));
    one("select year('12.03.2024')", Null);
    one("select group_concat(distinct region) from sales", text("north,Süden,west"));
    one("select units from sales order by units desc limit 1", Integer(9));
    one(
        "with recursive m(n) as (select 1 union all select n + 1 from m where n < 12) select count(*) from m",
        Integer(12),
    );
    assert_rows(
        "select region, sum(units) as total, rank() over (order by sum(units) desc) from sales group by region order by 2 desc limit 2",
        &[&[text("west"), Integer(9), Integer(1)], &[text("north"), Integer(8), Integer(2)]],
    );
}

#[test]
fn columns_are_called_as_the_query_calls_them() {
    let found = ask(&mut sales(), "select region as \"Where\", sum(units) from sales").unwrap();
    assert_eq!(found.columns, ["Where", "sum(units)"]);
}

#[test]
fn functions_that_other_dialects_have_work() {
    use Value::{Decimal, Integer, Null};
    for (expression, value) in [
        ("median(units)", Decimal(4.0)),
        ("percentile(units, 50)", Decimal(4.0)),
        ("percentile(units, 100)", Decimal(9.0)),
        ("percentile(units, 25)", Decimal(2.5)),
        ("stddev(units)", Decimal(3.415_650_255_319_866)),
        ("stddev_pop(units)", Decimal(2.958_039_891_549_808)),
        ("var_samp(units)", Decimal(11.666_666_666_666_666)),
        ("median(region)", Null),
        ("median(nullif(units, units))", Null),
        ("sqrt(16)", Decimal(4.0)),
        ("power(2, 10)", Decimal(1024.0)),
        ("sqrt(-1)", Null),
        ("mod(7, 4)", Decimal(3.0)),
        ("floor(-2.5)", Integer(-3)),
        ("ceil(2.1)", Integer(3)),
        ("log(1000)", Decimal(3.0)),
        ("upper('äß')", text("ÄSS")),
        ("lower('ÄÖ')", text("äö")),
        ("lower(null)", Null),
        ("instr('größe', 'ße')", Integer(4)),
        ("instr('abc', 'x')", Integer(0)),
        ("replace('a-b-c', '-', '+')", text("a+b+c")),
        ("replace('abc', '', 'x')", text("abc")),
        ("trim('xxaxx', 'x')", text("a")),
        ("ltrim('xxaxx', 'x')", text("axx")),
        ("trim('  a ')", text("a")),
        ("'ÄPFEL' like 'äp%'", Integer(1)),
        ("'50%' like '50!%' escape '!'", Integer(1)),
        ("sum(region like 'SÜD%')", Integer(1)),
        ("null like 'a'", Null),
        ("12 like '1%'", Integer(1)),
    ] {
        assert_rows(&format!("select {expression} from sales limit 1"), &[&[value]]);
    }
    assert_rows(
        "select median(units) over (order by day rows between 1 preceding and current row) from sales",
        &[&[Decimal(3.0)], &[Decimal(4.0)], &[Decimal(3.0)], &[Decimal(5.0)]],
    );
}

#[test]
fn texts_among_numbers_and_times_spoil_no_answer() {
    use Value::{Decimal, Integer, Null};
    let profile = profile(
        "t",
        &[("n", ColumnType::Decimal), ("n_text", ColumnType::Text), ("d", ColumnType::Date)],
    );
    let rows = [
        vec![Decimal(2.0), text("x"), text("2024-01-01")],
        vec![text("unknown"), Null, text("soon")],
        vec![text("4"), Null],
        vec![],
    ];
    let mut book = Workbook::new().unwrap();
    book.add(&profile, rows).unwrap();
    let found = ask(&mut book, "select count(n), avg(n), max(n), max(d), count(*) from t").unwrap();
    assert_eq!(
        found.rows,
        [[Integer(2), Decimal(3.0), Decimal(4.0), text("2024-01-01"), Integer(4)]]
    );
    let texts = ask(&mut book, "select n_text_, d_text from t where n_text_ is not null").unwrap();
    assert_eq!(texts.rows, [[text("unknown"), text("soon")]]);
}

#[test]
fn mistakes_are_told_with_what_would_be_right() {
    for (sql, sentence) in [
        (
            "select regoin from sales",
            "no such column: regoin; did you mean region?; sales has region, amount, units, day",
        ),
        (
            "select s.foo from sales s",
            "no such column: s.foo; sales has region, amount, units, day",
        ),
        ("select 1 from sale", "no such table: sale; did you mean sales?; the tables are sales"),
        (
            "select date_trunc('month', day) from sales",
            "no such function: date_trunc; use strftime('%Y-%m', day), year(day), month(day)",
        ),
        ("select printf('%s', 1)", "the function printf() is not available"),
        ("select region form sales", "near \"sales\": syntax error"),
        ("delete from sales", "only SELECT is allowed"),
        ("select * from sqlite_master", "the table sqlite_master may not be read"),
        ("select sum(units, 2) from sales", "wrong number of arguments to function sum()"),
    ] {
        assert_eq!(ask(&mut sales(), sql).unwrap_err().to_string(), sentence, "{sql}");
    }
    let quoted = ask(&mut sales(), "select 1 from sales where region = \"north\"").unwrap_err();
    assert!(
        quoted.to_string().contains("should this be a string literal in single-quotes"),
        "{quoted}"
    );
}

#[test]
fn what_takes_too_long_says_so() {
    let mut book = sales();
    let endless =
        "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r";
    let ended = book.query(endless, &QueryLimits::default(), || true);
    assert_eq!(ended, Err(SqlError::TimeOver));
    assert_eq!(ask(&mut book, "select count(*) from sales").unwrap().rows, [[Value::Integer(4)]]);
}

#[test]
fn tables_come_and_go() {
    let mut book = sales();
    assert!(matches!(
        book.add(&profile("sales", &[("a", ColumnType::Text)]), [] as [Vec<Value>; 0]),
        Err(SqlError::Query(_))
    ));
    let twice = profile("twice", &[("a", ColumnType::Text), ("a", ColumnType::Text)]);
    assert!(book.add(&twice, [vec![text("x")]]).is_err());
    let big = profile("big", &[("a", ColumnType::Text)]);
    let empty = book.size_bytes();
    book.add(&big, (0..1000).map(|_| vec![text(&"x".repeat(1000))])).unwrap();
    assert!(book.size_bytes() > empty + 1_000_000);
    let joined = ask(&mut book, "select count(*) from big, sales").unwrap();
    assert_eq!(joined.rows, [[Value::Integer(4000)]]);
    book.remove("big").unwrap();
    book.remove("big").unwrap();
    assert!(!book.has("big") && book.has("sales"));
    assert!(book.size_bytes() < empty + 100_000, "{}", book.size_bytes());
    book.add(&big, [] as [Vec<Value>; 0]).unwrap();
    assert_eq!(ask(&mut book, "select count(*) from big").unwrap().rows, [[Value::Integer(0)]]);
}

#[test]
fn words_are_found_in_all_tables() {
    let mut book = sales();
    let shops = profile("shops", &[("name", ColumnType::Text), ("day", ColumnType::Date)]);
    book.add(&shops, [vec![text("Nord Süd"), text("2024-01-05")]]).unwrap();
    let limits = QueryLimits::default();
    let found = book.search(&[], "sud 2024-01-05", &limits, || false).unwrap();
    let tables: Vec<&str> = found.iter().map(|matches| matches.table.as_str()).collect();
    assert_eq!(tables, ["shops", "sales"]);
    assert_eq!(found[0].result.rows, [[text("Nord Süd"), text("2024-01-05")]]);
    assert_eq!(found[1].total, 4);
    let units = book.search(&["sales".to_owned()], "9", &limits, || false).unwrap();
    assert_eq!(units[0].result.columns, ["region", "amount", "units", "day"]);
    assert_eq!(units[0].result.rows[0][0], text("west"));
    let few = QueryLimits { max_rows: 1, ..limits };
    let cut = book.search(&[], "2024", &few, || false).unwrap();
    assert!(cut.iter().any(|matches| matches.result.truncated && matches.total == 4));
    assert_eq!(book.search(&[], "?", &limits, || false), Ok(Vec::new()));
    assert_eq!(book.search(&[], "nowhere", &limits, || false), Ok(Vec::new()));
    assert_eq!(ask(&mut book, "select count(*) from sales").unwrap().rows, [[Value::Integer(4)]]);
}

#[test]
fn a_file_becomes_a_table_that_answers() {
    use crate::files::{ParseLimits, read};
    let bytes = "Tag;Umsatz\n31.12.2024;1.234,50 €\n01.01.2025;\n".as_bytes();
    let file = read("Umsätze.csv", bytes, &ParseLimits::default(), &|| false).unwrap();
    let mut book = Workbook::new().unwrap();
    for table in &file.tables {
        book.add(&table.profile, table.rows()).unwrap();
    }
    let found = ask(&mut book, "select max(tag), sum(umsatz), count(umsatz) from umsatze").unwrap();
    assert_eq!(found.rows, [[text("2025-01-01"), Value::Decimal(1234.5), Value::Integer(1)]]);
}
