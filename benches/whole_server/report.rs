//! Figures, as a table for people and as JSON for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::Outcome;

/// One thing measured.
#[derive(Serialize)]
pub struct Figure {
    name: String,
    unit: &'static str,
    measured: f64,
    /// At most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    /// The same through the server, divided by the same without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio_to_direct: Option<f64>,
    detail: String,
}

impl Figure {
    pub fn new(name: String, unit: &'static str, measured: f64) -> Self {
        Self { name, unit, measured, target: None, ratio_to_direct: None, detail: String::new() }
    }

    pub fn target(mut self, target: f64) -> Self {
        self.target = Some(target);
        self
    }

    pub fn control(mut self, ratio: f64) -> Self {
        self.ratio_to_direct = Some(ratio);
        self
    }

    pub fn detail(mut self, detail: String) -> Self {
        self.detail = detail;
        self
    }

    fn verdict(&self) -> &'static str {
        match self.target {
            Some(target) if self.measured <= target => "met",
            Some(_) => "MISSED",
            None => "",
        }
    }

    fn row(&self) -> [String; 6] {
        let number = |value: f64| match self.unit {
            "ms" | "MB" | "KB" => format!("{value:.2}"),
            _ => format!("{value:.0}"),
        };
        [
            self.name.clone(),
            format!("{} {}", number(self.measured), self.unit),
            self.target.map_or_else(String::new, |target| format!("≤ {target} {}", self.unit)),
            self.verdict().to_owned(),
            self.ratio_to_direct.map_or_else(String::new, |ratio| format!("{ratio:.2}×")),
            self.detail.clone(),
        ]
    }
}

/// All figures of a run and where it ran.
#[derive(Serialize)]
pub struct Report {
    version: &'static str,
    cores: usize,
    processor: String,
    kernel: String,
    /// How many others wanted the cores, over the last minute, at the beginning and at the end.
    load: [String; 2],
    figures: Vec<Figure>,
}

impl Report {
    pub fn begin() -> Outcome<Self> {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo")?;
        let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
        let model = model.and_then(|line| line.split(": ").nth(1)).unwrap_or("unknown");
        Ok(Self {
            version: env!("CARGO_PKG_VERSION"),
            cores: std::thread::available_parallelism()?.get(),
            processor: model.to_owned(),
            kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            load: [load_average()?, String::new()],
            figures: Vec::new(),
        })
    }

    pub fn extend(&mut self, figures: impl IntoIterator<Item = Figure>) {
        self.figures.extend(figures);
    }

    pub fn end(mut self) -> Outcome<Self> {
        let [_, end] = &mut self.load;
        *end = load_average()?;
        Ok(self)
    }

    pub fn table(&self) -> String {
        let heading = ["figure", "measured", "target", "", "to direct", "detail"].map(String::from);
        let rows: Vec<_> =
            std::iter::once(heading).chain(self.figures.iter().map(Figure::row)).collect();
        let [begin, end] = &self.load;
        let mut text = format!(
            "Alcove {}, {} cores of {}, Linux {}, load {begin} to {end}\n\n",
            self.version, self.cores, self.processor, self.kernel
        );
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..5).map(width).chain([0]).collect();
        for row in &rows {
            for (cell, width) in row.iter().zip(&widths) {
                let _infallible = write!(text, "{cell:width$}  ");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }

    pub fn json(&self) -> Outcome<String> {
        Ok(serde_json::to_string(self)?)
    }
}

fn load_average() -> Outcome<String> {
    let text = std::fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

pub fn ms(value: f64) -> String {
    format!("{value:.2} ms")
}

pub fn median_ms(sorted: &[Duration]) -> f64 {
    percentile_ms(sorted, 50)
}

/// The value below which `percent` of all lie.
pub fn percentile_ms(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(f64::NAN, |value| value.as_secs_f64() * 1000.0)
}
