//! The questions of `questions.json`.

use alcove::domain::table::Value;
use serde::Deserialize;

/// Something a visitor asks about a table.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// Its name: `sales-07`.
    pub id: String,
    /// The file it is about.
    pub file: String,
    /// As the visitor types it.
    pub question: String,
    /// How it is asked in SQL; empty where the right reply is to ask back.
    #[serde(default)]
    pub sql: String,
    /// Whether the order of the answer's rows matters.
    #[serde(default)]
    pub ordered: bool,
    /// What is right.
    pub answer: Answer,
}

/// What is right.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// These rows.
    Rows {
        /// In the order of the question, or in any.
        rows: Vec<Vec<Value>>,
    },
    /// To ask back or to say that it cannot be told: the word `ask_back`.
    AskBack(String),
}

/// All of them, in the order of the file.
pub fn all() -> Vec<Question> {
    serde_json::from_str(include_str!("questions.json")).expect("questions.json is as it should be")
}

/// The questions that have an answer, with it.
pub fn answerable() -> impl Iterator<Item = (Question, Vec<Vec<Value>>)> {
    all().into_iter().filter_map(|question| match question.answer.clone() {
        Answer::Rows { rows } => Some((question, rows)),
        Answer::AskBack(_) => None,
    })
}

/// Whether these rows are the right ones: numbers to nine digits, rows in any order unless it
/// matters.
pub fn is_same(found: &[Vec<Value>], right: &[Vec<Value>], ordered: bool) -> bool {
    if found.len() != right.len() {
        return false;
    }
    if ordered {
        return found.iter().zip(right).all(|(row, right)| is_same_row(row, right));
    }
    let mut left: Vec<&Vec<Value>> = right.iter().collect();
    found.iter().all(|row| {
        let at = left.iter().position(|right| is_same_row(row, right));
        at.map(|at| left.swap_remove(at)).is_some()
    })
}

fn is_same_row(row: &[Value], right: &[Value]) -> bool {
    row.len() == right.len() && row.iter().zip(right).all(|(cell, right)| is_same_cell(cell, right))
}

/// Whether it is the right cell: numbers to nine digits.
pub fn is_same_cell(cell: &Value, right: &Value) -> bool {
    match (number(cell), number(right)) {
        (Some(cell), Some(right)) => (cell - right).abs() <= 1e-9 * right.abs(),
        _ => cell == right,
    }
}

#[expect(clippy::cast_precision_loss, reason = "no whole number here has more than 15 digits")]
fn number(cell: &Value) -> Option<f64> {
    match cell {
        Value::Integer(number) => Some(*number as f64),
        Value::Decimal(number) => Some(*number),
        Value::Null | Value::Text(_) => None,
    }
}

#[test]
fn there_are_enough_questions_and_no_two_have_one_name() {
    let questions = all();
    let answerable = answerable().count();
    assert!(answerable >= 150, "{answerable}");
    assert!(questions.len() - answerable >= 30, "{}", questions.len() - answerable);
    let mut names: Vec<_> = questions.iter().map(|question| &question.id).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), questions.len());
    for question in questions {
        assert_eq!(
            matches!(question.answer, Answer::AskBack(_)),
            question.sql.is_empty(),
            "{question:?}"
        );
        if let Answer::AskBack(word) = question.answer {
            assert_eq!(word, "ask_back", "{}", question.id);
        }
    }
}

#[test]
fn wrong_rows_are_not_taken_for_right_ones() {
    let text = |text: &str| Value::Text(text.to_owned());
    let right = [vec![text("a"), Value::Integer(1)], vec![text("b"), Value::Decimal(0.3)]];
    let swapped =
        [vec![text("b"), Value::Decimal(0.1 + 0.2)], vec![text("a"), Value::Decimal(1.0)]];
    assert!(is_same(&swapped, &right, false));
    assert!(!is_same(&swapped, &right, true));
    let twice = [vec![text("a"), Value::Integer(1)], vec![text("a"), Value::Integer(1)]];
    assert!(!is_same(&twice, &right, false));
    for wrong in [Value::Null, text("1"), Value::Decimal(1.000_001), Value::Integer(2)] {
        assert!(!is_same(&[vec![wrong]], &[vec![Value::Integer(1)]], false));
    }
    assert!(!is_same(&[], &right, false));
    assert!(!is_same(&[vec![Value::Integer(1)]], &[vec![Value::Integer(1), Value::Null]], false));
}
