//! Hostile statements: each is refused or ended in time, leaves no file, and the next question is
//! answered as before.

use std::path::Path;
use std::time::{Duration, Instant};

use super::super::tests::{profile, text};
use super::super::{QueryLimits, SqlError, Workbook};
use crate::domain::table::{ColumnType, QueryResult, Value};

const TIME: Duration = Duration::from_millis(250);
/// The time until the end is noticed, on a busy machine too.
const SLACK: Duration = Duration::from_millis(750);

/// 2,000 rows, two of them with long texts.
fn book() -> Workbook {
    let profile = profile("t", &[("a", ColumnType::Integer), ("b", ColumnType::Text)]);
    let rows = (0..2000).map(|row| {
        let length = if row < 2 { 60_000 } else { 10 };
        vec![Value::Integer(row), Value::Text("a".repeat(length))]
    });
    let mut book = Workbook::new().unwrap();
    book.add(&profile, rows).unwrap();
    book
}

fn ask(book: &mut Workbook, sql: &str) -> Result<QueryResult, SqlError> {
    let begin = Instant::now();
    book.query(sql, &QueryLimits::default(), move || begin.elapsed() > TIME)
}

#[track_caller]
fn assert_works(book: &mut Workbook, after: &str) {
    let found = ask(book, "select count(*), sum(a) from t").unwrap();
    assert_eq!(found.rows, [[Value::Integer(2000), Value::Integer(1_999_000)]], "after {after}");
}

#[track_caller]
fn assert_refused(statements: &[&str]) {
    let mut book = book();
    for sql in statements {
        match ask(&mut book, sql) {
            Err(SqlError::Query(sentence)) => assert!(sentence.len() < 400, "{sentence}"),
            other => panic!("{sql}: {other:?}"),
        }
        assert_works(&mut book, sql);
    }
}

#[test]
fn only_one_select_is_let_through() {
    assert_refused(&[
        "",
        "   -- nothing\n",
        ";",
        "select 1; select 2",
        "select 1;;select 2",
        "select 1 /* ; */ ; /* */ drop table t",
        "select 1 -- ;\n; delete from t",
        "select ';' ; delete from t",
        "select 1\0; delete from t",
        "insert into t values (1, 'x')",
        "replace into t values (1, 'x')",
        "update t set a = 1",
        "delete from t",
        "delete from t returning a",
        "with x as (select 1) delete from t",
        "drop table t",
        "create table x (y)",
        "create temp table x as select * from t",
        "create view x as select * from t",
        "create temp view x as select 1",
        "create index x on t (a)",
        "create trigger x after insert on t begin select 1; end",
        "create virtual table x using fts5(y)",
        "alter table t rename to u",
        "begin",
        "commit",
        "savepoint x",
        "vacuum",
        "vacuum into 'copy.db'",
        "reindex",
        "analyze",
        "explain select 1",
        "explain query plan select * from t",
        "select ?",
        "select a from t where b = :b",
        "values",
    ]);
}

#[test]
fn what_is_outside_of_the_tables_cannot_be_seen() {
    assert_refused(&[
        "attach 'x.db' as x",
        "attach ':memory:' as x",
        "detach main",
        "pragma table_info(t)",
        "pragma journal_mode = wal",
        "pragma temp_store_directory = '/'",
        "pragma hard_heap_limit = 1",
        "select * from sqlite_master",
        "select count(*) from sqlite_schema",
        "select count(*) from \"sqlite_master\"",
        "select * from main.sqlite_master",
        "select * from temp.sqlite_master",
        "select * from sqlite_temp_master",
        "select * from pragma_table_info('t')",
        "select count(*) from pragma_database_list",
        "select * from pragma_module_list",
        "select * from dbstat",
        "select count(*) from dbstat",
        "select * from json_each('[1,2]')",
        "select count(*) from json_tree('[1,2]')",
        "select * from generate_series(1, 10)",
        "select * from fts5vocab",
        "select readfile('/etc/passwd')",
        "select writefile('x', 'y')",
        "select load_extension('x')",
        "select sqlite_version()",
        "select sqlite_source_id()",
        "select sqlite_compileoption_get(1)",
        "select sqlite_log(1, 'x')",
        "select fts3_tokenizer('x')",
        "select edit('x')",
        "select last_insert_rowid()",
        "select changes()",
        "select * from nothing",
        "select nothing from t",
        "select \"nothing\" from t",
    ]);
}

#[test]
fn functions_that_make_much_of_little_are_not_there() {
    assert_refused(&[
        "select randomblob(1000000000)",
        "select zeroblob(1000000000)",
        "select hex(zeroblob(100000000))",
        "select printf('%1000000s', 'x')",
        "select format('%.*c', 100000000, 'x')",
        "select random()",
        "select json_array(1, 2)",
        "select json_group_array(b) from t",
        "select unistr('x')",
        "select * from t where b match 'x'",
        "select * from t where b regexp '(a+)+$'",
        "select soundex('x')",
    ]);
}

#[test]
fn what_grows_too_large_is_refused() {
    let chain = format!(
        "select {} from t",
        "replace(".repeat(8) + "'aaaa'" + &", 'a', 'aaaaaaaaaa')".repeat(8)
    );
    let deep = format!("select {}1{}", "(".repeat(5000), ")".repeat(5000));
    let negative = format!("select {}1", "- ".repeat(5000));
    let tower = format!("select * from {}t{}", "(select * from ".repeat(800), ")".repeat(800));
    let ors = format!("select 1 where {}", vec!["1"; 4000].join(" or "));
    let many = format!("select {}", vec!["1"; 5000].join(","));
    let unions = vec!["select 1"; 1000].join(" union all ");
    let long = format!("select '{}'", "x".repeat(1_000_000));
    let joins = format!("select 1 from t {}", "join t using (a) ".repeat(100));
    let wide = format!("select coalesce({})", vec!["a"; 200].join(","));
    let pattern = format!("select * from t where b like '{}'", "%a".repeat(300));
    let glob = format!("select * from t where b glob '{}'", "*a".repeat(300));
    let concat = "select group_concat(b, b) from t, t x where t.a < 2 and x.a < 20";
    assert_refused(&[
        &chain, &deep, &negative, &tower, &ors, &many, &unions, &long, &joins, &wide, &pattern,
        &glob, concat,
    ]);
}

#[test]
fn what_takes_too_long_is_ended_in_time() {
    let slow_pattern =
        format!("select sum(x.b || y.a like '{}b') from t x, t y where x.a < 2", "%a".repeat(90));
    let slow_glob =
        format!("select sum(x.b || y.a glob '{}b') from t x, t y where x.a < 2", "*a".repeat(90));
    let doubled = "with d(x) as (select b || b || b || b from t where a = 1)";
    let long_part =
        format!("{doubled} select sum(instr(d.x, substr(d.x, 1, 100000) || 'b')) from d, t, t u");
    let trims = format!("{doubled} select sum(length(trim(d.x, d.x || 'b'))) from d, t, t u");
    let replaces = format!(
        "{doubled} select count(replace(d.x, substr(d.x, 1, 100000) || 'b', '')) from d, t, t u"
    );
    let statements = [
        "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
        "with recursive r(n) as (select 1 union all select n + 1 from r) select n from r order by 1",
        "with recursive r(x) as (select 'a' union all select x || 'a' from r) select max(length(x)) from r where length(x) < 0",
        "select count(*) from t a, t b, t c, t d",
        "select a.b from t a, t b, t c order by a.b || b.a || c.a",
        "select count(distinct a.a + b.a * 2000 + c.a * 4000000) from t a, t b, t c",
        "select a.a, b.a, c.a, count(*) from t a, t b, t c group by 1, 2, 3",
        "select median(a.a + b.a) from t a, t b, t c",
        "select count(m) from (select median(t.a) over (order by x.a, t.a) as m from t, t x)",
        "select sum(a.a) over (order by b.a) from t a, t b, t c",
        "select (select count(*) from t x, t y where x.a > z.a) from t z",
        &slow_pattern,
        &slow_glob,
        &long_part,
        &trims,
        &replaces,
    ];
    let mut book = book();
    for sql in statements {
        let begin = Instant::now();
        let ended = ask(&mut book, sql);
        let took = begin.elapsed();
        assert!(matches!(ended, Err(SqlError::TimeOver)), "{sql} after {took:?}");
        assert!(took < TIME + SLACK, "{sql}: {took:?}");
        assert_works(&mut book, sql);
    }
}

#[test]
fn no_statement_leaves_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let mut book = book();
    for sql in [
        "attach '{}' as x",
        "vacuum into '{}'",
        "attach 'file:{}?mode=rwc' as x",
        "select writefile('{}', 'x')",
    ] {
        let sql = sql.replace("{}", &path.to_string_lossy());
        assert!(ask(&mut book, &sql).is_err(), "{sql}");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    assert!(!Path::new("x.db").exists() && !Path::new("copy.db").exists());
}

#[test]
fn rows_and_bytes_of_a_result_are_bounded() {
    let mut book = book();
    let long =
        book.query("select b from t", &QueryLimits { max_rows: 10, max_bytes: 130_000 }, || false);
    let long = long.unwrap();
    assert_eq!((long.rows.len(), long.truncated), (10, true));
    let few =
        book.query("select b from t", &QueryLimits { max_rows: 10, max_bytes: 60_010 }, || false);
    let few = few.unwrap();
    assert_eq!((few.rows.len(), few.truncated), (1, true));
    let exact = book.query(
        "select a from t limit 10",
        &QueryLimits { max_rows: 10, max_bytes: 1000 },
        || false,
    );
    assert!(!exact.unwrap().truncated);
}

#[test]
fn hostile_names_do_not_get_into_statements() {
    let mut book = Workbook::new().unwrap();
    for name in ["", "a b", "a\"; drop table t; --", "A", "sqlite_x", "a.b", "ä", "a\0"] {
        let as_column = profile("fine", &[(name, ColumnType::Text)]);
        assert!(book.add(&as_column, [] as [Vec<Value>; 0]).is_err(), "{name:?}");
        let as_table = profile(name, &[("fine", ColumnType::Text)]);
        assert!(book.add(&as_table, [] as [Vec<Value>; 0]).is_err(), "{name:?}");
    }
    let keywords = profile("select", &[("from", ColumnType::Text), ("rowid", ColumnType::Text)]);
    book.add(&keywords, [vec![text("x"), text("y")]]).unwrap();
    assert_eq!(ask(&mut book, "select \"from\" from \"select\"").unwrap().rows, [[text("x")]]);
}

/// How much memory statements take that keep as many and as long rows as they can:
/// `cargo test --lib memory_of -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn memory_of_statements_that_keep_rows() {
    let resident = |line: &str| -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    };
    let profile = profile("t", &[("a", ColumnType::Integer), ("b", ColumnType::Text)]);
    let rows = (0..160).map(|row| vec![Value::Integer(row), Value::Text("a".repeat(64_000))]);
    let mut book = Workbook::new().unwrap();
    book.add(&profile, rows).unwrap();
    for sql in [
        "select x.b from t x, t y, t z, t u order by x.b",
        "select count(distinct x.b || y.a || z.a) from t x, t y, t z",
        "select x.b, count(*) from t x, t y, t z group by x.b || y.a, z.a",
        "with recursive r(n, x) as (select 1, b from t union all select n + 1, x from r) select count(*) from r",
        "with m as materialized (select x.b, y.a from t x, t y, t z) select count(*) from m",
        "select x.b || x.b || x.b || x.b from t x, t y, t z, t u order by 1",
    ] {
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = resident("VmRSS:");
        let begin = Instant::now();
        let ended = ask(&mut book, sql).map(|found| found.rows.len());
        let took = begin.elapsed();
        println!(
            "{:?} {took:?}: {before} MB, peak {} MB, after {} MB: {sql}",
            ended,
            resident("VmHWM:"),
            resident("VmRSS:")
        );
    }
}

/// How long it takes to load a large table and to look through it.
#[test]
#[ignore = "a measurement"]
fn time_of_loading_a_large_table() {
    let kinds = [ColumnType::Integer, ColumnType::Decimal, ColumnType::Category, ColumnType::Date];
    let columns = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let columns: Vec<_> =
        columns.iter().zip(kinds.iter().cycle()).map(|(name, kind)| (*name, *kind)).collect();
    let profile = profile("big", &columns);
    let rows: Vec<Vec<Value>> = (0..150_000)
        .map(|row: i64| {
            let some = [
                Value::Integer(row),
                Value::Decimal(row as f64 / 7.0),
                text("north-west"),
                text("2024-03-09"),
            ];
            some.iter().chain(&some).cloned().collect()
        })
        .collect();
    let mut book = Workbook::new().unwrap();
    let begin = Instant::now();
    book.add(&profile, rows).unwrap();
    println!("loaded in {:?}, {} MB", begin.elapsed(), book.size_bytes() / 1024 / 1024);
    for sql in [
        "select c, count(*), sum(a), avg(b) from big group by c",
        "select count(*) from big where g like '%WEST%'",
        "select median(b) from big",
        "select * from big order by b desc limit 10",
        "select strftime('%Y-%m', d), sum(b) from big group by 1",
        "select year(d), sum(b) from big group by 1",
        "select count(distinct b) from big",
    ] {
        let begin = Instant::now();
        let found = ask(&mut book, sql).map(|found| found.rows.len());
        println!("{found:?} {:?}: {sql}", begin.elapsed());
    }
}
