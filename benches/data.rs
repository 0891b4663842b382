//! What the code for files takes without server and store, for `scripts/bench data`, which compares
//! it with pandas and DuckDB in turns. It is told by lines what to do, and answers with a line of
//! JSON: `read FILE`, `query SQL`.

use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use alcove::files::sql::{QueryLimits, Workbook};
use alcove::files::{self, ParseLimits};
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut workbook = Workbook::new()?;
    say(&json!({}))?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match word {
            "read" => {
                // The old one goes first, as it would if nobody asked it any more.
                workbook = Workbook::new()?;
                say(&read(&mut workbook, rest)?)?;
            }
            "query" => say(&serde_json::to_value(workbook.query(
                rest,
                &QueryLimits::default(),
                || false,
            )?)?)?,
            _ => return Err(format!("{word} is not known").into()),
        }
    }
    Ok(())
}

fn read(workbook: &mut Workbook, path: &str) -> Outcome<serde_json::Value> {
    let began = Instant::now();
    let bytes = std::fs::read(path)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let tables = files::read(name, &bytes, &ParseLimits::default(), &|| false)?.tables;
    let profiled = began.elapsed();
    for table in &tables {
        workbook.add(&table.profile, table.rows())?;
    }
    let built = began.elapsed() - profiled;
    Ok(json!({
        "profiledMs": profiled.as_secs_f64() * 1000.0,
        "builtMs": built.as_secs_f64() * 1000.0,
        "workbookBytes": workbook.size_bytes(),
    }))
}

fn say(value: &serde_json::Value) -> Outcome<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{value}")?;
    Ok(output.flush()?)
}
