//! Questions about one small table, and what becomes of them.

use super::outcome::{Outcome, outcome};
use super::sql::statement;
use super::wording::Wording;
use crate::domain::table::{ColumnProfile, ColumnType, QueryResult, TableProfile, Value};

fn column(name: &str, kind: ColumnType, top: &[&str]) -> ColumnProfile {
    let sql_name = name.to_lowercase().replace([' ', '.'], "_");
    ColumnProfile {
        name: name.to_owned(),
        sql_name,
        kind,
        doubt: None,
        format: None,
        unit: (kind == ColumnType::Currency).then(|| "EUR".to_owned()),
        nulls: 0,
        distinct: top.len() as u64,
        min: None,
        max: None,
        mean: None,
        median: None,
        top: top.iter().map(|value| ((*value).to_owned(), 1)).collect(),
        spread: Vec::new(),
    }
}

fn orders() -> TableProfile {
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    TableProfile {
        name: "orders".to_owned(),
        source: "orders.csv".to_owned(),
        row_count: 100,
        columns: vec![
            ColumnProfile { distinct: 100, ..column("Order ID", ColumnType::Identifier, &[]) },
            ColumnProfile {
                distinct: 90,
                min: text("2022-01-03"),
                max: text("2024-12-30"),
                ..column("Order Date", ColumnType::Date, &[])
            },
            column("Country", ColumnType::Category, &["Germany", "France", "IT", "Other"]),
            column("Status", ColumnType::Category, &["shipped", "open", "Other"]),
            ColumnProfile {
                nulls: 7,
                ..column("Email", ColumnType::Text, &["a@example.com", "b@example.com"])
            },
            ColumnProfile { distinct: 80, ..column("Revenue", ColumnType::Currency, &[]) },
            ColumnProfile { distinct: 9, ..column("Items", ColumnType::Integer, &[]) },
            ColumnProfile { distinct: 2, ..column("Returned", ColumnType::Boolean, &[]) },
            ColumnProfile { distinct: 40, ..column("Age", ColumnType::Integer, &[]) },
        ],
        sample: Vec::new(),
        notes: Vec::new(),
    }
}

fn sql(question: &str) -> String {
    let tables = [orders()];
    match outcome(question, &tables) {
        Outcome::Query(plan) => statement(&plan, &tables[0]),
        other => format!("{other:?}"),
    }
}

#[test]
fn simple_questions_become_queries() {
    let cases = [
        ("How many orders are there?", "select count(*) as row_count from orders"),
        ("number of rows", "select count(*) as row_count from orders"),
        (
            "How many orders from Germany?",
            "select count(*) as row_count from orders where country = 'Germany'",
        ),
        (
            "how many shipped orders in Germany or France",
            "select count(*) as row_count from orders where status = 'shipped' and country in \
             ('Germany', 'France')",
        ),
        (
            "What's the total revenue in March 2024?",
            "select sum(revenue) as sum_revenue from orders where order_date >= '2024-03-01' and \
             order_date < '2024-04-01'",
        ),
        ("turnover", "select sum(revenue) as sum_revenue from orders"),
        (
            "average revenue excluding Germany since 2023",
            "select avg(revenue) as average_revenue from orders where not (country = 'Germany') \
             and order_date >= '2023-01-01'",
        ),
        (
            "How many orders have no email?",
            "select count(*) as row_count from orders where email is null",
        ),
        (
            "how many orders with more than 3 items were returned",
            "select count(*) as row_count from orders where items > 3 and returned = 1",
        ),
        (
            "How many orders in IT over €1,000.50?",
            "select count(*) as row_count from orders where country = 'IT' and revenue > 1000.5",
        ),
        (
            "median age by status",
            "select status, median(age) as median_age from orders group by 1 order by median_age \
             desc, 1",
        ),
        (
            "orders per month",
            "select substr(order_date, 1, 7) as month, count(*) as row_count from orders group by \
             1 order by 1",
        ),
        (
            "how many different countries",
            "select count(distinct country) as different_country from orders",
        ),
        ("latest order date", "select max(order_date) as largest_order_date from orders"),
    ];
    for (question, expected) in cases {
        assert_eq!(sql(question), expected, "{question}");
    }
}

#[test]
fn what_is_not_understood_is_asked_back() {
    for question in [
        "Why did revenue fall?",
        "Predict the revenue of 2026",
        "How many happy orders are there?",
        "total revenue except the largest",
        "and the revenue in 2023?",
        "How many of them are from Germany?",
        "How many orders have the status or country Other?",
        "how many Other orders",
        "revenue in March",
        "revenue last year",
        "revenue in USD",
        "how many orders over 3",
        "how many orders from Spain",
        "orders in Germany or over 500 euros",
        "country with the second highest revenue",
        "highest revenue per order by country",
        "average number of orders per country",
        "sum of country",
        "how many orders without an email or with a return",
        "revenue times items",
        "how many orders have 1.234 items",
        "number of orders not from a big country",
        "which status has the highest age",
        "which country has the highest sales",
        "top 3 countries by sales",
        "Wie viele orders gibt es in Germany?",
    ] {
        let tables = [orders()];
        let outcome = outcome(question, &tables);
        let is_back = matches!(outcome, Outcome::AskBack(_) | Outcome::PerhapsAskBack(_));
        assert!(is_back, "{question}: {outcome:?}");
    }
}

#[test]
fn questions_about_other_things_are_left_to_the_search() {
    for question in ["When do you close?", "Hello!", "", "Who founded the café?"] {
        assert_eq!(outcome(question, &[orders()]), Outcome::NotAboutData, "{question}");
    }
}

#[test]
fn a_question_that_fits_two_tables_is_asked_back() {
    let mut other = orders();
    other.name = "returns".to_owned();
    other.source = "returns.csv".to_owned();
    let tables = [orders(), other];
    let both = outcome("total revenue", &tables);
    assert!(matches!(&both, Outcome::AskBack(text) if text.contains("returns.csv")), "{both:?}");
    let named = outcome("total revenue in returns.csv", &tables);
    assert!(matches!(&named, Outcome::Query(plan) if plan.table == 1), "{named:?}");
}

#[test]
fn values_in_queries_cannot_leave_their_quotes() {
    let mut table = orders();
    table.columns[2].top.push(("O'Brien' or 1=1 --".to_owned(), 1));
    let tables = [table];
    let Outcome::Query(plan) = outcome("how many orders in \"O'Brien' or 1=1 --\"", &tables) else {
        // Asked back is fine too; there is nothing to run then.
        return;
    };
    assert!(statement(&plan, &tables[0]).ends_with("country = 'O''Brien'' or 1=1 --'"));
}

#[test]
fn answers_say_what_was_computed() {
    let tables = [orders()];
    let answer = |question: &str, columns: &[&str], rows: Vec<Vec<Value>>| {
        let Outcome::Query(plan) = outcome(question, &tables) else { panic!("{question}") };
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        let result = QueryResult { columns, rows, truncated: false };
        Wording { plan: &plan, table: &tables[0] }.answer(&result)
    };
    assert_eq!(
        answer("total revenue in Germany", &["sum_revenue"], vec![vec![Value::Decimal(12345.6)]]),
        "Sum of *Revenue* where *Country* is Germany in orders.csv: **12,345.60 EUR**"
    );
    let rows = vec![
        vec![Value::Text("A|B".to_owned()), Value::Integer(1200)],
        vec![Value::Null, Value::Integer(3)],
    ];
    assert_eq!(
        answer("orders by country", &["country", "row_count"], rows),
        "Number of rows for each *Country* in orders.csv:\n\n| Country | number of rows |\n\
         | --- | ---: |\n| A\\|B | 1,200 |\n| (empty) | 3 |"
    );
    assert_eq!(
        answer("which country has the highest revenue", &["country", "sum_revenue"], Vec::new()),
        "*Country* with the largest sum of *Revenue* in orders.csv: there is none."
    );
}
