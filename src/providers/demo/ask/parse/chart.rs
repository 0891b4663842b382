//! Wishes for a chart: `bar chart of revenue by region`, `… as a pie chart`.

use super::Parser;
use crate::domain::evidence::ChartKind;

const KINDS: &[(&str, ChartKind)] = &[
    ("bar", ChartKind::Bar),
    ("column", ChartKind::Bar),
    ("line", ChartKind::Line),
    ("area", ChartKind::Area),
    ("pie", ChartKind::Pie),
    ("scatter", ChartKind::Scatter),
    ("histogram", ChartKind::Histogram),
];

const CHARTS: &[&str] = &["chart", "graph", "diagram", "plot", "histogram"];
const DRAW: &[&str] = &["draw", "plot", "chart", "graph", "visualize", "visualise"];

impl Parser<'_> {
    /// A wish for a chart before what it shows.
    pub(super) fn chart_lead(&mut self) {
        let start = self.at;
        let is_drawn = self.eat_word(DRAW);
        if !is_drawn {
            self.eat_word(&["show", "make", "create", "display", "build"]);
        }
        self.eat_word(&["me"]);
        self.eat_word(&["a", "an", "the"]);
        let kind = self.chart_words();
        if kind.is_none() && !is_drawn {
            self.at = start;
            return;
        }
        self.eat_word(&["of", "showing", "for", "with", "that"]);
        self.eat_word(&["shows"]);
        self.chart = Some(kind.flatten());
    }

    /// A wish for a chart behind what it shows.
    pub(super) fn chart_tail(&mut self) -> bool {
        let start = self.at;
        if self.eat_word(&["as", "in"]) {
            self.eat_word(&["a", "an"]);
            if let Some(kind) = self.chart_words() {
                self.chart = Some(kind);
                return true;
            }
        }
        self.at = start;
        false
    }

    /// `pie chart`, `pie`, `chart`: the kind, if it is said; `None` if there is no chart here.
    fn chart_words(&mut self) -> Option<Option<ChartKind>> {
        let found = KINDS.iter().find(|(word, _)| *word == self.word(0));
        let is_chart = |word: &str| CHARTS.contains(&word);
        match found {
            Some((word, kind))
                if is_chart(self.word(1)) || matches!(*word, "pie" | "histogram") =>
            {
                self.at += 1;
                self.eat_word(CHARTS);
                Some(Some(*kind))
            }
            _ if is_chart(self.word(0)) => {
                self.at += 1;
                Some(None)
            }
            _ => None,
        }
    }
}
