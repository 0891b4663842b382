//! What a model asks to be drawn, checked against what its query found. A chart shows a result and
//! nothing else, so all that a model chooses is the kind, the words, and which columns go where.

use serde_json::Value as Json;

use crate::domain::evidence::{Chart, ChartKind};
use crate::domain::table::{QueryResult, Value};

/// The most rows that are drawn; a histogram counts more.
pub const MAX_POINTS: usize = 500;
/// The most columns of values.
pub const MAX_SERIES: usize = 6;
/// The most slices of a pie.
pub const MAX_SLICES: usize = 12;
/// The longest title, characters; a longer one is cut.
pub const MAX_TITLE_CHARS: usize = 120;
/// The longest words at an axis, characters; longer ones are cut.
pub const MAX_LABEL_CHARS: usize = 60;

const KINDS: &str = "bar, line, area, pie, scatter, histogram";

/// The chart that the arguments of the tool describe, or a sentence that tells the model what to
/// change: `kind`, `title`, `x`, `y` as a name or a list of names, `xLabel`, `yLabel`.
///
/// # Errors
/// The kind is unknown, a column is missing or has no numbers, or there is too much to draw.
pub fn chart(arguments: &Json, result: &QueryResult) -> Result<Chart, String> {
    let kind = kind(arguments)?;
    if result.rows.is_empty() {
        return Err("the query found no rows, so there is nothing to draw".to_owned());
    }
    let (x, y) = columns(kind, arguments, result)?;
    check_amount(kind, y.len(), result)?;
    check_values(kind, x, &y, result)?;
    let name = |at: usize| result.columns.get(at).map_or("", String::as_str);
    let word = |key: &str, max: usize| {
        let text = arguments.get(key).and_then(Json::as_str)?;
        Some(clean(text, max)).filter(|text| !text.is_empty())
    };
    let values = match y.as_slice() {
        [only] => name(*only),
        _ => "",
    };
    Ok(Chart {
        kind,
        title: word("title", MAX_TITLE_CHARS).unwrap_or_else(|| title(name(x), values)),
        x_label: word("xLabel", MAX_LABEL_CHARS).unwrap_or_else(|| clean(name(x), MAX_LABEL_CHARS)),
        y_label: word("yLabel", MAX_LABEL_CHARS).unwrap_or_else(|| clean(values, MAX_LABEL_CHARS)),
        x,
        y,
    })
}

fn kind(arguments: &Json) -> Result<ChartKind, String> {
    let word = arguments.get("kind").and_then(Json::as_str).unwrap_or_default();
    word.trim().to_ascii_lowercase().parse().map_err(|_| format!("`kind` has to be one of {KINDS}"))
}

/// The places of the columns: along the horizontal axis, and of the values.
fn columns(
    kind: ChartKind,
    arguments: &Json,
    result: &QueryResult,
) -> Result<(usize, Vec<usize>), String> {
    let x = arguments.get("x").and_then(Json::as_str);
    let y: Vec<&str> = match arguments.get("y") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let Some(x) = x.or_else(|| y.first().copied().filter(|_| kind == ChartKind::Histogram)) else {
        return Err(format!("`x` has to name a column of the result: {}", names(result)));
    };
    let x = place(x, result)?;
    if kind == ChartKind::Histogram {
        return Ok((x, Vec::new()));
    }
    let mut places = Vec::new();
    for name in y {
        let place = place(name, result)?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    match places.is_empty() {
        true => Err(format!("`y` has to name columns of the result: {}", names(result))),
        false => Ok((x, places)),
    }
}

fn place(name: &str, result: &QueryResult) -> Result<usize, String> {
    let exact = result.columns.iter().position(|column| column == name);
    let folded = || {
        let name = name.trim().to_lowercase();
        result.columns.iter().position(|column| column.to_lowercase() == name)
    };
    exact.or_else(folded).ok_or_else(|| {
        let name = clean(name, MAX_LABEL_CHARS);
        format!("the result has no column `{name}`; its columns are {}", names(result))
    })
}

fn names(result: &QueryResult) -> String {
    let shown: Vec<String> =
        result.columns.iter().take(30).map(|name| clean(name, MAX_LABEL_CHARS)).collect();
    shown.join(", ")
}

fn check_amount(kind: ChartKind, series: usize, result: &QueryResult) -> Result<(), String> {
    let rows = result.rows.len();
    if result.truncated {
        return Err(format!(
            "the query found more than {rows} rows and the rest was cut off: group or limit it"
        ));
    }
    match kind {
        ChartKind::Histogram => Ok(()),
        ChartKind::Pie if series > 1 => Err("a pie shows one column of values".to_owned()),
        ChartKind::Pie if rows > MAX_SLICES => Err(format!(
            "a pie has at most {MAX_SLICES} slices, the query found {rows}: group the smallest or draw bars"
        )),
        _ if series > MAX_SERIES => {
            Err(format!("a chart shows at most {MAX_SERIES} columns of values"))
        }
        _ if rows > MAX_POINTS => Err(format!(
            "a chart shows at most {MAX_POINTS} rows, the query found {rows}: group or limit it"
        )),
        _ => Ok(()),
    }
}

fn check_values(
    kind: ChartKind,
    x: usize,
    y: &[usize],
    result: &QueryResult,
) -> Result<(), String> {
    let is_drawn_by_number = matches!(kind, ChartKind::Scatter | ChartKind::Histogram);
    for place in y.iter().copied().chain(is_drawn_by_number.then_some(x)) {
        let numbers = numbers(place, result)?;
        if kind == ChartKind::Pie && numbers.iter().any(|number| *number < 0.0) {
            return Err("a pie cannot show negative values: draw bars".to_owned());
        }
        if kind == ChartKind::Pie && numbers.iter().all(|number| *number == 0.0) {
            return Err("all values are 0, so a pie has nothing to show".to_owned());
        }
    }
    Ok(())
}

/// The numbers of a column; nulls are left out.
fn numbers(place: usize, result: &QueryResult) -> Result<Vec<f64>, String> {
    let name = result.columns.get(place).map(|name| clean(name, MAX_LABEL_CHARS));
    let name = name.unwrap_or_default();
    let mut numbers = Vec::new();
    for row in &result.rows {
        match row.get(place) {
            Some(Value::Integer(number)) => numbers.push(*number as f64),
            Some(Value::Decimal(number)) => numbers.push(*number),
            Some(Value::Text(text)) => {
                let text = clean(text, 30);
                return Err(format!("the column {name} has texts (`{text}`), numbers are needed"));
            }
            Some(Value::Null) | None => {}
        }
    }
    match numbers.is_empty() {
        true => Err(format!("the column {name} has no numbers")),
        false => Ok(numbers),
    }
}

fn title(x: &str, values: &str) -> String {
    let title = if values.is_empty() { x.to_owned() } else { format!("{values}, {x}") };
    clean(&title, MAX_TITLE_CHARS)
}

/// One line without control and direction characters, cut.
fn clean(text: &str, max: usize) -> String {
    let is_invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let spaced: String = text.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").chars().take(max).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn result(columns: &[&str], rows: Vec<Vec<Value>>) -> QueryResult {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        QueryResult { columns, rows, truncated: false }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    /// Regions with sums, one of them missing.
    fn regions() -> QueryResult {
        result(
            &["region", "Total", "n"],
            vec![
                vec![text("north"), Value::Decimal(12.5), Value::Integer(3)],
                vec![text("south"), Value::Null, Value::Integer(-1)],
            ],
        )
    }

    fn many(rows: usize) -> QueryResult {
        let row = |at| vec![Value::Integer(at as i64), Value::Integer(1)];
        result(&["x", "y"], (0..rows).map(row).collect())
    }

    #[test]
    fn columns_are_found_by_name_and_words_are_completed() {
        let drawn =
            chart(&json!({"kind": "Bar", "x": "region", "y": ["total", "Total"]}), &regions());
        let expected = Chart {
            kind: ChartKind::Bar,
            title: "Total, region".to_owned(),
            x: 0,
            y: vec![1],
            x_label: "region".to_owned(),
            y_label: "Total".to_owned(),
        };
        assert_eq!(drawn, Ok(expected));
        let two = json!({"kind": "line", "title": "Both", "x": "region", "y": ["Total", "n"], "yLabel": "€"});
        let two = chart(&two, &regions()).unwrap();
        assert_eq!((two.title.as_str(), two.y, two.y_label.as_str()), ("Both", vec![1, 2], "€"));
    }

    #[test]
    fn a_histogram_takes_one_column_of_numbers() {
        for arguments in
            [json!({"kind": "histogram", "x": "n"}), json!({"kind": "histogram", "y": "n"})]
        {
            let drawn = chart(&arguments, &regions()).unwrap();
            assert_eq!((drawn.x, drawn.y.len()), (2, 0));
        }
        assert!(chart(&json!({"kind": "histogram", "x": "x"}), &many(1000)).is_ok());
        assert!(chart(&json!({"kind": "histogram", "x": "region"}), &regions()).is_err());
    }

    #[test]
    fn mistakes_are_told_with_what_would_be_right() {
        for (arguments, sentence) in [
            (
                json!({"x": "region"}),
                "`kind` has to be one of bar, line, area, pie, scatter, histogram",
            ),
            (
                json!({"kind": "donut", "x": "region", "y": ["n"]}),
                "`kind` has to be one of bar, line, area, pie, scatter, histogram",
            ),
            (
                json!({"kind": "bar", "y": ["n"]}),
                "`x` has to name a column of the result: region, Total, n",
            ),
            (
                json!({"kind": "bar", "x": "region"}),
                "`y` has to name columns of the result: region, Total, n",
            ),
            (
                json!({"kind": "bar", "x": "area", "y": "n"}),
                "the result has no column `area`; its columns are region, Total, n",
            ),
            (
                json!({"kind": "bar", "x": "n", "y": "region"}),
                "the column region has texts (`north`), numbers are needed",
            ),
            (
                json!({"kind": "scatter", "x": "region", "y": "n"}),
                "the column region has texts (`north`), numbers are needed",
            ),
            (
                json!({"kind": "pie", "x": "region", "y": "n"}),
                "a pie cannot show negative values: draw bars",
            ),
            (
                json!({"kind": "pie", "x": "region", "y": ["n", "Total"]}),
                "a pie shows one column of values",
            ),
            (json!(null), "`kind` has to be one of bar, line, area, pie, scatter, histogram"),
            (
                json!({"kind": 5, "x": [], "y": {}}),
                "`kind` has to be one of bar, line, area, pie, scatter, histogram",
            ),
        ] {
            assert_eq!(chart(&arguments, &regions()), Err(sentence.to_owned()), "{arguments}");
        }
    }

    #[test]
    fn what_is_too_much_or_nothing_is_not_drawn() {
        let bar = json!({"kind": "bar", "x": "x", "y": "y"});
        let pie = json!({"kind": "pie", "x": "x", "y": "y"});
        assert!(chart(&bar, &many(MAX_POINTS)).is_ok());
        assert!(chart(&bar, &many(MAX_POINTS + 1)).unwrap_err().contains("at most 500 rows"));
        assert!(chart(&pie, &many(MAX_SLICES)).is_ok());
        assert!(chart(&pie, &many(MAX_SLICES + 1)).unwrap_err().contains("at most 12 slices"));
        assert!(chart(&bar, &many(0)).unwrap_err().contains("no rows"));
        let cut = QueryResult { truncated: true, ..many(10) };
        assert!(chart(&bar, &cut).unwrap_err().contains("cut off"));
        let zeros = result(&["x", "y"], vec![vec![text("a"), Value::Integer(0)]]);
        assert!(chart(&pie, &zeros).unwrap_err().contains("all values are 0"));
        let nulls = result(&["x", "y"], vec![vec![text("a"), Value::Null]]);
        assert_eq!(chart(&bar, &nulls), Err("the column y has no numbers".to_owned()));
        let names: Vec<String> = (0..8).map(|at| format!("c{at}")).collect();
        let wide = QueryResult {
            columns: names.clone(),
            rows: vec![vec![Value::Integer(1); 8]],
            truncated: false,
        };
        let series = chart(&json!({"kind": "bar", "x": "c0", "y": names}), &wide);
        assert!(series.unwrap_err().contains("at most 6 columns"));
    }

    #[test]
    fn words_are_one_clean_line_of_bounded_length() {
        let arguments = json!({
            "kind": "bar", "x": "region", "y": "n",
            "title": format!("a\u{202e}b\u{0}\n c{}", "x".repeat(500)), "xLabel": "\u{200b} \t", "yLabel": "y".repeat(500),
        });
        let drawn = chart(&arguments, &regions()).unwrap();
        assert!(drawn.title.starts_with("a b cx"));
        assert_eq!(drawn.title.chars().count(), MAX_TITLE_CHARS);
        assert_eq!((drawn.x_label.as_str(), drawn.y_label.len()), ("region", MAX_LABEL_CHARS));
    }
}
