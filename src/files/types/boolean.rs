//! Yes and no.

/// Pairs of words: yes, no, and how people are told the pair.
const PAIRS: &[(&str, &str, &str)] = &[
    ("true", "false", "true/false"),
    ("yes", "no", "yes/no"),
    ("ja", "nein", "ja/nein"),
    ("ja", "nee", "ja/nee"),
    ("ja", "nej", "ja/nej"),
    ("oui", "non", "oui/non"),
    ("sí", "no", "sí/no"),
    ("si", "no", "si/no"),
    ("sim", "não", "sim/não"),
    ("wahr", "falsch", "wahr/falsch"),
    ("vrai", "faux", "vrai/faux"),
    ("y", "n", "y/n"),
    ("j", "n", "j/n"),
    ("t", "f", "t/f"),
];

/// The longest word, bytes.
const MAX_BYTES: usize = 6;

/// Whether it is a yes; `None` for any other word.
pub(in crate::files) fn truth(cell: &str) -> Option<bool> {
    match cell {
        "1" => return Some(true),
        "0" => return Some(false),
        _ if cell.len() > MAX_BYTES => return None,
        _ => {}
    }
    let (yes, no) = pairs_of(cell);
    (yes | no != 0).then_some(yes != 0)
}

/// The pairs, as bits, in which it is the yes, and those in which it is the no.
fn pairs_of(cell: &str) -> (u32, u32) {
    let is = |word: &str| {
        word.eq_ignore_ascii_case(cell) || !word.is_ascii() && word == cell.to_lowercase()
    };
    let mut found = (0, 0);
    for (place, (yes, no, _)) in PAIRS.iter().enumerate() {
        found.0 |= u32::from(is(yes)) << place;
        found.1 |= u32::from(is(no)) << place;
    }
    found
}

/// Which pair a column keeps to.
#[derive(Debug, Clone, Copy)]
pub(in crate::files) struct Pairs {
    /// The pairs that all cells so far belong to.
    possible: u32,
    has_yes: bool,
    has_no: bool,
}

impl Default for Pairs {
    fn default() -> Self {
        Self { possible: u32::MAX, has_yes: false, has_no: false }
    }
}

impl Pairs {
    /// Looks at one more cell.
    pub(in crate::files) fn see(&mut self, cell: &str) {
        if self.possible == 0 || cell.len() > MAX_BYTES {
            self.possible = 0;
            return;
        }
        let (yes, no) = pairs_of(cell);
        self.possible &= yes | no;
        self.has_yes |= yes != 0;
        self.has_no |= no != 0;
    }

    /// Whether no pair is left.
    pub(in crate::files) const fn is_hopeless(self) -> bool {
        self.possible == 0
    }

    /// The pair, for people. A single letter, or "no" alone, is not enough.
    pub(in crate::files) fn verdict(self) -> Option<&'static str> {
        let has_both = self.has_yes && self.has_no;
        let place = usize::try_from(self.possible.trailing_zeros()).ok()?;
        let (yes, no, pair) = PAIRS.get(place)?;
        let is_enough = self.has_yes && yes.len() > 2 || self.has_no && no.len() > 3;
        (has_both || is_enough).then_some(pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(cells: &[&str]) -> Option<&'static str> {
        let mut pairs = Pairs::default();
        cells.iter().for_each(|cell| pairs.see(cell));
        pairs.verdict()
    }

    #[test]
    fn a_column_keeps_to_one_pair() {
        for (cells, expected) in [
            (["yes", "No"].as_slice(), Some("yes/no")),
            (&["TRUE", "False"], Some("true/false")),
            (&["ja", "nein", "JA"], Some("ja/nein")),
            (&["oui", "non"], Some("oui/non")),
            (&["Sí", "no"], Some("sí/no")),
            (&["y", "n"], Some("y/n")),
            (&["true", "true"], Some("true/false")),
            (&["FALSE", "false"], Some("true/false")),
            (&["no", "no"], None),
            (&["y", "y"], None),
            (&["f", "m"], None),
            (&["yes", "no", "maybe"], None),
            (&["yes", "nein"], None),
            (&["true", "no"], None),
        ] {
            assert_eq!(pair(cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn every_pairs_words_have_one_meaning() {
        for (yes, no, _) in PAIRS {
            assert_eq!((truth(yes), truth(no)), (Some(true), Some(false)), "{yes} {no}");
            assert_eq!(truth(&yes.to_uppercase()), Some(true));
        }
        assert_eq!(
            (truth("1"), truth("0"), truth("2"), truth("maybe")),
            (Some(true), Some(false), None, None)
        );
    }
}
