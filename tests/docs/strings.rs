//! The widget's words: each language file says all that the English one says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::pages::root;

type Words = BTreeMap<String, String>;

/// What the panel says, and what only scripts say that it loads later.
const FOLDERS: [&str; 2] = ["strings", "strings/more"];

/// Every language of the widget by its tag, with the words of one folder.
fn languages(folder: &str) -> BTreeMap<String, Words> {
    let folder = root().join("widget/src/panel").join(folder);
    let paths = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let files = paths.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let languages = files.map(|path| {
        let tag = path.file_stem().and_then(|name| name.to_str()).expect("a tag").to_owned();
        let text = fs::read_to_string(&path).expect("its text");
        (tag, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}")))
    });
    languages.collect()
}

/// What is filled in for `{name}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let ends = text.split('{').skip(1);
    ends.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// What is wrong with a language, compared with English.
fn complaints(tag: &str, words: &Words, english: &Words) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, text) in english {
        match words.get(key) {
            None => wrong.push(format!("{tag} does not say `{key}`")),
            Some(own) if own.trim().is_empty() => wrong.push(format!("{tag}: `{key}` is empty")),
            Some(own) if placeholders(own) != placeholders(text) => {
                wrong.push(format!("{tag}: `{key}` fills in {:?}", placeholders(own)));
            }
            Some(_) => {}
        }
    }
    let more = words.keys().filter(|key| !english.contains_key(*key));
    wrong.extend(more.map(|key| format!("{tag} says `{key}`, which nobody asks for")));
    wrong
}

#[test]
fn every_language_says_all_that_english_says() {
    for folder in FOLDERS {
        let languages = languages(folder);
        let english = &languages["en"];
        assert!(english.len() > 20);
        for (tag, words) in &languages {
            assert_eq!(complaints(tag, words, english), Vec::<String>::new(), "{folder}");
        }
    }
}

#[test]
fn no_word_is_downloaded_twice() {
    let [page, later] = FOLDERS.map(languages);
    assert_eq!(page.keys().collect::<Vec<_>>(), later.keys().collect::<Vec<_>>());
    let twice = later["en"].keys().filter(|key| page["en"].contains_key(*key));
    assert_eq!(twice.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_language_that_lacks_something_is_noticed() {
    let words = |pairs: &[(&str, &str)]| -> Words {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    };
    let english = words(&[("send", "Send"), ("typing", "{name} is writing")]);
    let broken = [
        words(&[("send", "Senden")]),
        words(&[("send", " "), ("typing", "{name} schreibt")]),
        words(&[("send", "Senden"), ("typing", "{nam} schreibt")]),
        words(&[("send", "Senden"), ("typing", "{name} schreibt"), ("sned", "x")]),
    ];
    for language in broken {
        assert_eq!(complaints("de", &language, &english).len(), 1, "{language:?}");
    }
}
