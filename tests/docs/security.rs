//! `docs/security.md` names every threat, and only tests that exist.

use std::fs;
use std::path::Path;

use crate::pages::{code_spans, read, root, table_rows};

/// The threats, by group: B browser, I identity, M model, F files, S server.
const GROUPS: &[(char, usize)] = &[('B', 10), ('I', 12), ('M', 4), ('F', 6), ('S', 14)];

fn threats() -> Vec<[String; 5]> {
    let rows = table_rows(&read("docs/security.md"));
    let is_threat = |row: &Vec<String>| {
        row.len() == 5 && row.first().is_some_and(|id| id.ends_with(|c: char| c.is_ascii_digit()))
    };
    rows.into_iter().filter(is_threat).map(|row| row.try_into().expect("five cells")).collect()
}

/// All Rust and JavaScript of the repository's tests and program.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_source = [".rs", ".ts", ".mjs"].iter().any(|ending| name.ends_with(ending));
        if path.is_dir() && name != "node_modules" {
            sources(&path, text);
        } else if is_source {
            text.push_str(&fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}

#[test]
fn every_threat_is_named_once() {
    let ids: Vec<String> = threats().into_iter().map(|[id, ..]| id).collect();
    let expected: Vec<String> = GROUPS
        .iter()
        .flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}{number}")))
        .collect();
    assert_eq!(ids, expected);
}

#[test]
fn what_is_built_is_proven_and_what_is_open_is_said() {
    for [id, _, state, how, proof] in threats() {
        assert!(!how.is_empty(), "{id} says nothing");
        match state.as_str() {
            "built" => assert!(!code_spans(&proof).is_empty(), "{id} is built but not proven"),
            "partly" => assert!(how.contains("Open:"), "{id} does not say what is open"),
            "open" => assert!(code_spans(&proof).is_empty(), "{id} is open but proven"),
            other => panic!("{id}: {other}"),
        }
    }
}

#[test]
fn the_tests_it_names_exist() {
    let mut text = String::new();
    for folder in ["src", "tests", "widget/test", "widget/src"] {
        sources(&root().join(folder), &mut text);
    }
    for [id, _, _, _, proof] in threats() {
        for name in code_spans(&proof) {
            let is_file = name.contains('/') && root().join(&name).exists();
            let is_test =
                text.contains(&format!("fn {name}(")) || text.contains(&format!("'{name}'"));
            assert!(is_file || is_test, "{id} names {name}, which is no test");
        }
    }
}
