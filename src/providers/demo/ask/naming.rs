//! The ways to name a table's columns and rows.

use super::text::{name_words, same};
use super::words::{SAME_MEANING, SILENT_IN_NAMES, THEMES};
use crate::domain::table::{ColumnProfile, TableProfile};

/// The ways to name a column, the name itself first.
pub(super) fn aliases_of(column: &ColumnProfile) -> Vec<(Vec<String>, u8)> {
    let full = name_words(&column.name);
    let mut aliases: Vec<(Vec<String>, u8)> = vec![(full.clone(), 0)];
    let plain = column.name.split(['(', '[']).next().map(name_words).unwrap_or_default();
    aliases.push((plain.clone(), 0));
    aliases.push((name_words(&column.sql_name), 0));
    for words in [&full, &plain] {
        if words.len() > 1 {
            aliases.push((vec![words.concat()], 0));
        }
    }
    let last = column.name.rsplit('.').next().map(name_words).unwrap_or_default();
    aliases.push((last, 1));
    for len in 1..plain.len() {
        for (start, part) in plain.windows(len).enumerate() {
            if tells(&plain, start, part) {
                let rest =
                    plain.iter().enumerate().filter(|(at, _)| !(start..start + len).contains(at));
                let is_plain =
                    rest.into_iter().all(|(_, word)| SILENT_IN_NAMES.contains(&word.as_str()));
                aliases.push((part.to_vec(), if is_plain { 2 } else { 3 }));
            }
        }
    }
    let core: Vec<String> =
        plain.iter().filter(|word| !SILENT_IN_NAMES.contains(&word.as_str())).cloned().collect();
    for group in SAME_MEANING {
        let own = |word: &String| group.iter().any(|name| same(name, word));
        if let [word] = core.as_slice()
            && own(word)
        {
            aliases.extend(group.iter().map(|other| (vec![(*other).to_owned()], 4)));
        }
    }
    aliases.retain(|(words, _)| !words.is_empty());
    aliases
}

/// Whether a part of a name may stand for it. `month` does not stand for `visits per month`.
pub(super) fn tells(name: &[String], start: usize, part: &[String]) -> bool {
    let is_silent =
        |word: &String| SILENT_IN_NAMES.contains(&word.as_str()) || is_unit_of_time(word);
    let is_joint = |word: &String| matches!(word.as_str(), "of" | "per" | "in" | "at" | "by");
    let is_digits = |word: &String| word.bytes().all(|c| c.is_ascii_digit());
    let is_behind_per = name.iter().take(start + part.len()).any(|word| word == "per");
    !part.iter().all(|word| is_silent(word) || is_digits(word))
        && !part.first().is_some_and(is_joint)
        && !part.last().is_some_and(is_joint)
        && !is_behind_per
}

pub(super) fn is_unit_of_time(word: &str) -> bool {
    matches!(word, "year" | "quarter" | "month" | "week" | "hour" | "minute")
}

/// What the table's rows may be called.
pub(super) fn nouns(table: &TableProfile) -> (Vec<Vec<String>>, usize) {
    let mut nouns: Vec<Vec<String>> = Vec::new();
    let stem = table.source.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let own = name_words(&table.name);
    // A table in a table: its rows are not those of the file.
    let is_part = own.starts_with(&name_words(stem)) && own.len() > name_words(stem).len();
    let names = if is_part { vec![table.name.as_str()] } else { vec![table.name.as_str(), stem] };
    for name in names {
        let words: Vec<String> = name_words(name)
            .into_iter()
            .filter(|word| !word.bytes().all(|c| c.is_ascii_digit()))
            .collect();
        let kept = words.iter().filter(|word| {
            !matches!(word.as_str(), "data" | "table" | "list" | "export" | "file" | "csv" | "json")
        });
        let kept: Vec<String> = kept.cloned().collect();
        nouns.extend(kept.last().map(|last| vec![last.clone()]));
        nouns.push(kept);
    }
    nouns.retain(|noun| !noun.is_empty());
    let own = nouns.len();
    let mut themed = Vec::new();
    for theme in THEMES {
        let is_of = nouns
            .iter()
            .filter_map(|noun| noun.last())
            .any(|noun| theme.iter().any(|word| same(word, noun)));
        if is_of {
            themed.extend(theme.iter().map(|word| vec![(*word).to_owned()]));
        }
    }
    nouns.extend(themed);
    nouns.extend(["row", "record", "entry", "thing"].map(|word| vec![word.to_owned()]));
    (nouns, own)
}
