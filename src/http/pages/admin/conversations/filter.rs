//! The owner's wish which conversations to see, as an address says it, and back. Pure.

use serde::Deserialize;
use time::{Date, Month};

use crate::domain::feedback::Rating;
use crate::http::pages::admin::figures::midnight;
use crate::store::{ConversationFilter, Cursor};

/// Fields of the filter form. Empty ones are as good as missing ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Wish {
    /// Words.
    #[serde(default)]
    pub q: String,
    /// Slug of a bot.
    #[serde(default)]
    pub bot: String,
    /// `up` or `down`.
    #[serde(default)]
    pub thumb: String,
    /// Whether a reply failed.
    #[serde(default)]
    pub failed: String,
    /// Whether there are files.
    #[serde(default)]
    pub files: String,
    /// Whether the visitor left details.
    #[serde(default)]
    pub details: String,
    /// The first day.
    #[serde(default)]
    pub from: String,
    /// The last day.
    #[serde(default)]
    pub to: String,
    /// Where the page begins.
    #[serde(default)]
    pub after: String,
}

impl Wish {
    /// What the store is asked. What makes no sense does not narrow the list.
    pub(crate) fn filter(&self) -> ConversationFilter {
        ConversationFilter {
            words: some(&self.q),
            bot: some(&self.bot),
            rating: self.thumb.parse::<Rating>().ok(),
            failed: is_on(&self.failed),
            with_files: is_on(&self.files),
            with_details: is_on(&self.details),
            from: day(&self.from).map(|date| midnight(date, 0)),
            to: day(&self.to).and_then(Date::next_day).map(|date| midnight(date, 0)),
        }
    }

    /// Where the page begins.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        Cursor::parse(&self.after)
    }

    /// Whether anything but words narrows the list.
    pub(crate) fn is_narrow(&self) -> bool {
        self.filter()
            != ConversationFilter { words: some(&self.q), ..ConversationFilter::default() }
    }

    /// What the address says, without the page.
    pub(crate) fn pairs(&self) -> [(&'static str, &str); 8] {
        [
            ("q", self.q.trim()),
            ("bot", &self.bot),
            ("thumb", &self.thumb),
            ("failed", &self.failed),
            ("files", &self.files),
            ("details", &self.details),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// The same list from another place on.
    pub(crate) fn at(&self, cursor: Option<&Cursor>) -> String {
        let after = cursor.map(Cursor::to_string).unwrap_or_default();
        let pairs: Vec<_> = self.pairs().into_iter().chain([("after", after.as_str())]).collect();
        href("/admin/conversations", &pairs)
    }
}

/// `path` with what is set of `pairs` as its query.
pub(crate) fn href(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn is_on(text: &str) -> bool {
    matches!(text, "on" | "1")
}

/// A day as browsers send it: `2026-11-24`.
fn day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
    let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()
}

/// The instant, for tests of filters.
#[cfg(test)]
fn at(text: &str) -> Option<crate::domain::clock::Timestamp> {
    day(text).map(|date| midnight(date, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_does_not_narrow_the_list() {
        let odd = Wish {
            q: "  ".into(),
            thumb: "sideways".into(),
            failed: "no".into(),
            from: "2026-02-30".into(),
            to: "x".into(),
            after: "no cursor!".into(),
            ..Wish::default()
        };
        assert_eq!(odd.filter(), ConversationFilter::default());
        assert_eq!(odd.cursor(), None);
        assert!(!odd.is_narrow());
    }

    #[test]
    fn the_last_day_is_within_the_list() {
        let wish = Wish { from: "2026-11-24".into(), to: "2026-11-24".into(), ..Wish::default() };
        let filter = wish.filter();
        assert_eq!(filter.from, at("2026-11-24"));
        assert_eq!(filter.to, at("2026-11-25"));
        assert!(wish.is_narrow());
    }

    #[test]
    fn an_address_says_what_is_set_and_nothing_else() {
        let wish = Wish { q: "a&b=ü".into(), failed: "on".into(), ..Wish::default() };
        assert_eq!(wish.at(None), "/admin/conversations?q=a%26b%3D%C3%BC&failed=on");
        assert_eq!(Wish::default().at(None), "/admin/conversations");
    }
}
