//! A value for each day: an area, or bars that stand on each other.

use askama::Template;
use askama::filters::HtmlSafe;
use time::Date;

use crate::http::pages::admin::charts::scale::{Scale, Unit, hundredths, place};
use crate::http::pages::admin::figures::{day, weekday, whole_day};

/// Height of the drawing; the page stretches it.
const HEIGHT: f64 = 100.0;
/// Width of a day in it.
const DAY: f64 = 10.0;
/// How much of a day's width a bar leaves free on each side.
const GAP: f64 = 1.2;
/// Days that have a label each.
const FEW_DAYS: usize = 7;

/// How the values are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A line with the area below it; for one series.
    Area,
    /// A bar a day, the series on each other.
    Bars,
}

/// Values of one kind, a value a day; `None` where there is none to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What they are.
    pub name: &'static str,
    /// Which colour they have, 1 to 4.
    pub colour: u8,
    /// The values.
    pub values: Vec<Option<f64>>,
}

/// What a chart is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// Its name on the page, for references within it.
    pub id: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// How it is drawn.
    pub style: Style,
    /// What the values are of.
    pub unit: Unit,
    /// The days.
    pub days: Vec<Date>,
    /// The values.
    pub series: Vec<Series>,
}

/// A bar, or a part of one.
struct Bar {
    colour: u8,
    x: f64,
    y: f64,
    height: f64,
}

/// A line through days that follow each other.
struct Line {
    line: String,
    area: String,
}

/// A day: what pointing at it tells, and its row of the table.
struct Row {
    x: f64,
    date: String,
    told: String,
    cells: Vec<String>,
}

/// The chart as it stands on the page.
#[derive(Template)]
#[template(path = "admin/charts/daily.html")]
pub struct DailyChart {
    id: &'static str,
    title: &'static str,
    summary: String,
    is_empty: bool,
    width: f64,
    day: f64,
    bar: f64,
    labels: [String; 3],
    dates: Vec<String>,
    has_few_days: bool,
    names: Vec<(&'static str, u8)>,
    bars: Vec<Bar>,
    lines: Vec<Line>,
    rows: Vec<Row>,
}

// Its template escapes what it is given.
impl HtmlSafe for DailyChart {}

impl From<Daily> for DailyChart {
    fn from(chart: Daily) -> Self {
        let scale = Scale::up_to(chart.largest(), chart.unit);
        let is_bars = chart.style == Style::Bars;
        Self {
            id: chart.id,
            title: chart.title,
            summary: chart.summary(),
            is_empty: chart.largest() <= 0.0,
            width: place(chart.days.len()) * DAY,
            day: DAY,
            bar: DAY - 2.0 * GAP,
            labels: scale.labels(),
            dates: chart.dates(),
            has_few_days: chart.days.len() <= FEW_DAYS,
            names: chart.series.iter().map(|series| (series.name, series.colour)).collect(),
            bars: if is_bars { chart.bars(scale) } else { Vec::new() },
            lines: if is_bars { Vec::new() } else { chart.lines(scale) },
            rows: chart.rows(),
        }
    }
}

impl Daily {
    /// What all series have on the day of this index.
    fn on(&self, index: usize) -> impl Iterator<Item = (&Series, Option<f64>)> {
        self.series.iter().map(move |series| (series, series.values.get(index).copied().flatten()))
    }

    /// The day's height: its bars stand on each other.
    fn total(&self, index: usize) -> f64 {
        self.on(index).filter_map(|(_, value)| value).sum()
    }

    fn largest(&self) -> f64 {
        (0..self.days.len()).map(|index| self.total(index)).fold(0.0, f64::max)
    }

    /// The sentence for those who do not see the drawing.
    fn summary(&self) -> String {
        let highest =
            (0..self.days.len()).rev().max_by(|a, b| self.total(*a).total_cmp(&self.total(*b)));
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else {
            return String::new();
        };
        let span = format!("{} to {}", whole_day(*first), whole_day(*last));
        match highest.and_then(|index| Some((index, self.days.get(index)?))) {
            Some((index, date)) if self.total(index) > 0.0 => {
                let most = self.unit.write(self.total(index));
                format!("{span}. Highest on {}: {most}.", whole_day(*date))
            }
            _ => format!("{span}. Nothing yet."),
        }
    }

    fn dates(&self) -> Vec<String> {
        let last = self.days.len().saturating_sub(1);
        if self.days.len() <= FEW_DAYS {
            return self.days.iter().map(|date| weekday(date.weekday()).to_owned()).collect();
        }
        let chosen = [0, last / 3, last * 2 / 3, last];
        chosen.iter().filter_map(|index| self.days.get(*index)).map(|date| day(*date)).collect()
    }

    fn bars(&self, scale: Scale) -> Vec<Bar> {
        let mut bars = Vec::new();
        for index in 0..self.days.len() {
            let mut below = 0.0;
            for (series, value) in self.on(index) {
                let Some(value) = value.filter(|value| *value > 0.0) else { continue };
                let (from, to) = (scale.height(below, HEIGHT), scale.height(below + value, HEIGHT));
                below += value;
                bars.push(Bar {
                    colour: series.colour,
                    x: hundredths(place(index) * DAY + GAP),
                    y: hundredths(HEIGHT - to),
                    height: hundredths(to - from),
                });
            }
        }
        bars
    }

    fn lines(&self, scale: Scale) -> Vec<Line> {
        let values = self.series.first().map(|series| series.values.as_slice()).unwrap_or_default();
        let points = values.iter().enumerate().map(|(index, value)| {
            let y = HEIGHT - scale.height((*value)?, HEIGHT);
            Some((place(index) * DAY + DAY / 2.0, hundredths(y)))
        });
        let points: Vec<Option<(f64, f64)>> = points.collect();
        points.split(Option::is_none).filter_map(line).collect()
    }

    fn rows(&self) -> Vec<Row> {
        let row = |(index, date): (usize, &Date)| {
            let cells: Vec<String> = self
                .on(index)
                .map(|(_, value)| {
                    value.map_or_else(|| "–".to_owned(), |value| self.unit.write(value))
                })
                .collect();
            let told: Vec<String> = self
                .on(index)
                .zip(&cells)
                .map(|((series, _), cell)| format!("{}: {cell}", series.name))
                .collect();
            Row { x: place(index) * DAY, date: whole_day(*date), told: told.join(", "), cells }
        };
        self.days.iter().enumerate().map(row).collect()
    }
}

/// The line through points that all exist. A single one gives a dot: a line of no length, whose
/// ends are round.
fn line(points: &[Option<(f64, f64)>]) -> Option<Line> {
    let points: Vec<(f64, f64)> = points.iter().copied().flatten().collect();
    let ((first, _), (last, _)) = (*points.first()?, *points.last()?);
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
    let path = path.join("L");
    let dot = if points.len() == 1 { "h0" } else { "" };
    Some(Line {
        line: format!("M{path}{dot}"),
        area: format!("M{first} {HEIGHT}L{path}L{last} {HEIGHT}Z"),
    })
}

#[cfg(test)]
mod tests {
    use time::{Duration, Month};

    use super::*;

    fn days(count: i64) -> Vec<Date> {
        let first = Date::from_calendar_date(2026, Month::November, 18).expect("a date");
        (0..count).map(|n| first + Duration::days(n)).collect()
    }

    fn chart(style: Style, series: Vec<Vec<Option<f64>>>) -> Daily {
        let count = i64::try_from(series[0].len()).expect("few");
        let names = ["Answered", "Failed <b>"];
        let series = series.into_iter().zip(names).zip(1..);
        Daily {
            id: "replies",
            title: "Replies a day",
            style,
            unit: Unit::Count,
            days: days(count),
            series: series
                .map(|((values, name), colour)| Series { name, colour, values })
                .collect(),
        }
    }

    #[test]
    fn bars_stand_on_each_other_and_reach_their_sum() {
        let values = vec![vec![Some(6.0), None], vec![Some(2.0), Some(4.0)]];
        let daily = chart(Style::Bars, values);
        let bars = daily.bars(Scale::up_to(daily.largest(), Unit::Count));
        let found: Vec<_> = bars.iter().map(|bar| (bar.colour, bar.y, bar.height)).collect();
        assert_eq!(format!("{found:?}"), "[(1, 25.0, 75.0), (2, 0.0, 25.0), (2, 50.0, 50.0)]");
    }

    #[test]
    fn a_line_breaks_where_nothing_is_known() {
        let values = vec![vec![Some(1.0), Some(2.0), None, Some(2.0)]];
        let daily = chart(Style::Area, values);
        let lines = daily.lines(Scale::up_to(2.0, Unit::Count));
        let found: Vec<&str> = lines.iter().map(|line| line.line.as_str()).collect();
        assert_eq!(found, ["M5 50L15 0", "M35 0h0"]);
    }

    #[test]
    fn the_page_shows_a_drawing_its_sentence_and_its_numbers() {
        let values = vec![vec![Some(6.0), None], vec![Some(2.0), Some(4.0)]];
        let html = DailyChart::from(chart(Style::Bars, values)).to_string();
        for part in [
            "role=\"img\" aria-labelledby=\"replies-title replies-desc\"",
            "Wed 18 Nov 2026 to Thu 19 Nov 2026. Highest on Wed 18 Nov 2026: 8.",
            "<th scope=\"row\">Thu 19 Nov 2026</th>",
            "<td>–</td>",
            "Answered: 6, Failed &#60;b&#62;: 2",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("style=") && !html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_chart_without_anything_says_so() {
        for values in [vec![Some(0.0); 7], vec![None; 30], vec![]] {
            let daily = chart(Style::Area, vec![values]);
            assert!(DailyChart::from(daily).is_empty);
        }
        let many = DailyChart::from(chart(Style::Area, vec![vec![Some(1.0); 90]]));
        assert_eq!(many.dates, ["18 Nov", "17 Dec", "16 Jan", "15 Feb"]);
    }
}
