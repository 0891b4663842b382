use super::*;

fn profile(name: &str, source: &str) -> TableProfile {
    TableProfile {
        name: name.to_owned(),
        source: source.to_owned(),
        row_count: 3,
        columns: Vec::new(),
        sample: Vec::new(),
        notes: Vec::new(),
    }
}

fn rows(count: i64, text: &str) -> QueryResult {
    let row = |n| vec![Value::Integer(n), Value::Text(text.to_owned())];
    QueryResult {
        columns: vec!["n".to_owned(), "text".to_owned()],
        rows: (0..count).map(row).collect(),
        truncated: false,
    }
}

#[test]
fn each_tool_has_a_schema_that_names_what_it_needs() {
    let tools = tools();
    let names: Vec<_> = tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(names, [QUERY_DATA, SHOW_CHART]);
    for tool in tools {
        let required = tool.parameters["required"].as_array().expect("a list").clone();
        assert!(required.iter().all(|name| {
            tool.parameters["properties"].get(name.as_str().expect("a name")).is_some()
        }));
    }
}

#[test]
fn arguments_that_do_not_fit_are_explained_to_the_model() {
    for (tool, arguments, why) in [
        (QUERY_DATA, "", "EOF"),
        (QUERY_DATA, r#"{"sql":"select"#, "EOF"),
        (QUERY_DATA, "[]", "map"),
        (QUERY_DATA, r#"["select 1","p"]"#, "map"),
        (QUERY_DATA, r#"{"purpose":"x"}"#, "sql"),
        (QUERY_DATA, r#"{"sql":" ","purpose":"x"}"#, "empty"),
    ] {
        let error = wish(tool, arguments).expect_err(arguments);
        assert!(error.contains(why), "{arguments}: {error}");
    }
    let long = json!({"sql": "x".repeat(20_000), "purpose": "p"}).to_string();
    assert!(wish(QUERY_DATA, &long).expect_err("long").contains("longer"));
}

#[test]
fn a_call_is_read() {
    let query =
        wish(QUERY_DATA, r#"{"sql":" select 1 ","purpose":"a\nb","more":1}"#).expect("good");
    assert_eq!((query.sql.as_str(), query.purpose.as_str()), ("select 1", "a b"));
    let chart = r#"{"sql":"select 1","purpose":"p","kind":"bar","title":"T","x":"a","y":["b"],"xLabel":"A"}"#;
    let chart = wish(SHOW_CHART, chart).expect("good").chart.expect("a chart");
    assert_eq!((&chart["kind"], &chart["xLabel"]), (&json!("bar"), &json!("A")));
}

#[test]
fn a_step_names_what_the_statement_looks_at() {
    let tables =
        [profile("sales", "sales.csv"), profile("sales_rows", "sales.csv"), profile("ads", "ads")];
    for (sql, source) in [
        ("select * from Sales", Some("sales.csv")),
        ("select 1 from sales_rows r join \"ads\" on 1", Some("sales.csv, ads")),
        ("select 1", None),
    ] {
        assert_eq!(source_of(sql, &tables).as_deref(), source, "{sql}");
    }
    let query = wish(QUERY_DATA, r#"{"sql":"select 1","purpose":"p"}"#).expect("good");
    let step = new_step(QUERY_DATA, Ok(&query), &tables[..1]);
    assert_eq!(step.title, "Looking at sales.csv");
    assert_eq!(new_step(SHOW_CHART, Ok(&query), &tables).title, "Drawing a chart of the data");
}

#[test]
fn the_model_is_told_the_first_rows_and_how_many_there_are() {
    let few = told(&rows(2, "x"), false);
    let expected = json!({"columns": ["n", "text"], "rows": [[0, "x"], [1, "x"]], "rowCount": 2,
        "truncated": false});
    assert_eq!(few.content, expected.to_string());
    let many: Json = serde_json::from_str(&told(&rows(60, "x"), true).content).expect("JSON");
    assert_eq!(many["rows"].as_array().map(Vec::len), Some(MODEL_ROWS));
    assert_eq!((&many["rowCount"], &many["truncated"]), (&json!(60), &json!(true)));
    assert!(many["note"].is_string() && many["chart"].is_string());
    for long in ["é".repeat(1000), "x".repeat(100_000)] {
        let wide = told(&rows(60, &long), false).content;
        assert!(wide.len() < MODEL_BYTES + 500, "{}", wide.len());
        assert!(serde_json::from_str::<Json>(&wide).expect("JSON")["rows"][0][1].is_string());
    }
}

#[test]
fn evidence_is_bounded_in_rows_and_bytes() {
    assert_eq!(kept(rows(3, "x"), false), rows(3, "x"));
    let many = kept(rows(1000, "x"), false);
    assert_eq!((many.rows.len(), many.truncated), (KEPT_ROWS, true));
    let large = kept(rows(100, &"x".repeat(5000)), false);
    assert!(!kept(rows(500, "x"), true).truncated, "a chart shows all of it");
    assert!(large.truncated && large.rows.len() > 10 && large.rows.len() < 14);
}

#[test]
fn the_last_results_say_that_there_are_no_more() {
    let mut results = [told(&rows(1, "x"), false), refusal("no")];
    say_no_more(&mut results);
    assert!(!results[0].content.contains("No further"));
    let last: Json = serde_json::from_str(&results[1].content).expect("JSON");
    assert_eq!((&last["error"], &last["next"]), (&json!("no"), &json!(NO_MORE)));
}
