//! How long files take from bytes to SQL, and how much memory: `cargo bench --bench files -- log`.
//!
//! Names on the command line choose; with one name a process, the figures for memory are right: what
//! one file gives back would hide what the next one takes.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench fails loudly and prints")]

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use alcove::domain::table::TableProfile;
use alcove::files::sql::Workbook;
use alcove::files::{ParseLimits, read, read_typed};

/// 10 MB of log lines.
fn log() -> String {
    let mut text = String::from("time;host;path;status;bytes;took;amount;user\n");
    for row in 0..150_000_usize {
        let (day, hour, minute) = (row / 5000 + 1, row / 60 % 24, row % 60);
        let host = ["alpha", "beta", "gamma", "delta"].get(row % 4).expect("is there");
        let line = format!(
            "{day:02}.01.2024 {hour:02}:{minute:02}:07;{host};/item/{};{};{};{},{};{} €;u{}",
            row * 7919 % 5000,
            [200, 200, 404, 500].get(row % 4).expect("is there"),
            row * 31 % 100_000,
            row % 97,
            row % 10,
            row % 1000,
            row * 17 % 20_000
        );
        writeln!(text, "{line}").expect("is written");
    }
    text
}

/// 10 MB of nested orders.
fn orders() -> String {
    let mut text = String::from("[");
    for id in 0..62_000 {
        let (day, name, total, item, count) = (id % 28 + 1, id % 999, id % 500, id % 50, id % 7);
        let order = format!(
            r#"{{"id": {id}, "placed": "2024-01-{day:02}T10:00:00Z", "customer": {{"name": "N{name}", "city": "Rome"}}, "total": {total}.5, "items": [{{"sku": "A-{item}", "n": {count}}}, {{"sku": "B", "n": 2}}]}}"#
        );
        let between = if id == 0 { "" } else { ",\n" };
        write!(text, "{between}{order}").expect("is written");
    }
    text + "]"
}

/// 9 MB of numbers in 500 columns.
fn wide() -> String {
    let mut text = vec!["a"; 500].join(",");
    for _ in 0..9_000 {
        text.push_str("\n7");
        (0..499).for_each(|_| text.push_str(",7"));
    }
    text
}

/// Kilobytes the process holds at most since [`forget_peak`].
fn memory(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(field)).expect("is told");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("is a number")
}

fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("is allowed");
}

fn measure<T>(what: &str, deed: impl FnOnce() -> T) -> T {
    forget_peak();
    let (before, start) = (memory("VmRSS"), Instant::now());
    let done = deed();
    let took = start.elapsed();
    println!("{what}: {took:?}, at most {} MB more", (memory("VmHWM") - before) / 1024);
    done
}

fn run(name: &str, text: &str) {
    let (bytes, limits) = (text.as_bytes(), ParseLimits::default());
    println!("{name}: {} MB", bytes.len() / 1_000_000);
    let file = measure("  read", || read(name, bytes, &limits, &|| false)).expect("is read");
    for table in &file.tables {
        let columns = table.profile.columns.iter().take(12);
        let kinds: Vec<&str> = columns.map(|column| column.kind.as_str()).collect();
        println!("  {}: {} rows, {kinds:?}", table.profile.name, table.profile.row_count);
    }
    let profiles: Vec<TableProfile> = file.tables.into_iter().map(|table| table.profile).collect();
    let tables = measure("  read typed", || read_typed(name, bytes, &profiles, &limits, &|| false))
        .expect("is read");
    measure("  all rows", || tables.iter().map(|table| table.rows().count()).sum::<usize>());
    let mut book = Workbook::new().expect("opens");
    measure("  load into SQL", || {
        for table in &tables {
            book.add(&table.profile, table.rows()).expect("is added");
        }
    });
}

/// A file's name and what makes it.
type File = (&'static str, fn() -> String);

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let files: [File; 3] = [("log.csv", log), ("orders.json", orders), ("wide.csv", wide)];
    for (name, text) in files {
        if wanted.is_empty() || wanted.iter().any(|word| name.starts_with(word.as_str())) {
            run(name, &text());
        }
    }
}
