//! From a file's bytes to the answer of a query, without a server: every answer is exact.

use std::fmt::Write as _;

use alcove::domain::table::{QueryResult, Value};
use alcove::files::sql::{QueryLimits, Workbook};
use alcove::files::{self, ParseLimits, Table};

use crate::questions::{self, Question};
use crate::tables;

/// A file's tables, ready to be queried.
fn workbook(file: &str) -> Workbook {
    let mut workbook = Workbook::new().expect("a workbook");
    for table in read(file, &tables::bytes(file)) {
        let rows = table.rows().map(|row| row.into_iter().map(Value::from).collect::<Vec<_>>());
        workbook.add(&table.profile, rows).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    workbook
}

fn read(file: &str, bytes: &[u8]) -> Vec<Table> {
    match files::read(file, bytes, &ParseLimits::default(), &|| false) {
        Ok(found) => found.tables,
        Err(error) => panic!("{file}: {error}"),
    }
}

fn ask(workbook: &mut Workbook, question: &Question) -> Result<QueryResult, String> {
    let limits = QueryLimits::default();
    workbook.query(&question.sql, &limits, || false).map_err(|error| error.to_string())
}

#[test]
fn every_answer_equals_the_one_computed_without_sql() {
    let mut wrong = String::new();
    let mut asked = 0;
    for file in tables::FILES {
        let mut workbook = workbook(file);
        for (question, right) in
            questions::answerable().filter(|(question, _)| question.file == file)
        {
            asked += 1;
            let complaint = match ask(&mut workbook, &question) {
                Ok(found) if questions::is_same(&found.rows, &right, question.ordered) => continue,
                Ok(found) => format!("found {:?}, right is {right:?}", found.rows),
                Err(error) => error,
            };
            let _infallible = writeln!(
                wrong,
                "{} {} ({}): {complaint}",
                question.id, question.question, question.sql
            );
        }
    }
    assert!(wrong.is_empty(), "of {asked} answers these are wrong:\n{wrong}");
    assert_eq!(asked, questions::answerable().count(), "a question is about an unknown file");
}

/// The server keeps profiles and reads the cells again when they are asked about.
#[test]
fn a_file_read_again_by_its_profiles_has_the_same_cells() {
    for file in tables::FILES {
        let bytes = tables::bytes(file);
        let first = read(file, &bytes);
        let profiles: Vec<_> = first.iter().map(|table| table.profile.clone()).collect();
        let again = files::read_typed(file, &bytes, &profiles, &ParseLimits::default(), &|| false);
        let again = again.unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(first.len(), again.len(), "{file}");
        for (first, again) in first.iter().zip(&again) {
            assert_eq!(first.profile, again.profile);
            assert!(first.rows().eq(again.rows()), "{file}: {}", first.profile.name);
        }
    }
}
