//! Texts and how often they occur.

use std::cmp::Reverse;
use std::collections::HashMap;

/// Texts of one column.
#[derive(Default)]
pub(super) struct Texts<'a> {
    /// How often, and after how many other ones it came first.
    counts: HashMap<&'a str, (u32, u32)>,
    count: u64,
}

impl<'a> Texts<'a> {
    pub(super) fn add(&mut self, text: &'a str) {
        let place = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        self.counts.entry(text).or_insert((0, place)).0 += 1;
        self.count += 1;
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn distinct(&self) -> u64 {
        self.counts.len() as u64
    }

    pub(super) fn longest_chars(&self) -> usize {
        self.counts.keys().map(|text| text.chars().count()).max().unwrap_or(0)
    }

    pub(super) fn have_spaces(&self) -> bool {
        self.counts.keys().any(|text| text.contains(char::is_whitespace))
    }

    /// Whether they look like numbers of things, addresses or keys: one word each, with a digit or
    /// `@` in nearly all.
    pub(super) fn are_like_codes(&self) -> bool {
        let is_code = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@');
        let codes = self.counts.keys().filter(|text| is_code(text)).count();
        codes * 10 >= self.counts.len() * 9 && !self.have_spaces()
    }

    /// The texts that occur most, if any occurs twice or there are only a few; long ones are left
    /// out.
    pub(super) fn top(&self, most: usize, max_chars: usize) -> Vec<(String, u64)> {
        let is_few = self.counts.len() <= most;
        let is_short = |text: &str| text.len() <= max_chars || text.chars().count() <= max_chars;
        let mut all: Vec<_> = self
            .counts
            .iter()
            .filter(|(text, (count, _))| (is_few || *count > 1) && is_short(text))
            .map(|(text, (count, place))| (Reverse(*count), *place, *text))
            .collect();
        if all.len() > most {
            all.select_nth_unstable(most);
            all.truncate(most);
        }
        all.sort_unstable();
        all.into_iter().map(|(count, _, text)| (text.to_owned(), u64::from(count.0))).collect()
    }
}
