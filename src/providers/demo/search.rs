//! Finds the sentences of a text that share most with a question. Pure and deterministic.

use super::words::{COMMAND_PARTS, COMMANDS, IMPERATIVES, STOP_WORDS};

/// More sentences than this are not looked at, so that a search takes milliseconds.
const MAX_SENTENCES: usize = 5000;

/// More terms of a question than this are not looked for.
const MAX_TERMS: usize = 40;

/// The sentences and lines of a text that say something, in their order.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    text.lines()
        .flat_map(split_line)
        .map(|sentence| sentence.trim().trim_start_matches(['#', '-', '*', '>', '|']).trim())
        .filter(|sentence| !is_frame(sentence))
        .take(MAX_SENTENCES)
        .collect()
}

/// Sentences of owner's instructions that state facts. Instructions are the owner's words to the
/// model, and often not for visitors: a sentence is left out if it addresses the bot, commands,
/// forbids or speaks of secrets. What stays is of the kind "We open at nine." When in doubt it is
/// left out; what visitors may read belongs into the context.
pub(super) fn facts(instructions: &str) -> Vec<&str> {
    sentences(instructions).into_iter().filter(|sentence| !is_instruction(sentence)).collect()
}

/// At most `count` sentences that fit the question, best first.
pub(super) fn best<'a>(question: &str, sentences: &[&'a str], count: usize) -> Vec<&'a str> {
    let mut asked = terms(question);
    asked.truncate(MAX_TERMS);
    let texts: Vec<Vec<String>> = sentences.iter().map(|sentence| terms(sentence)).collect();
    let weights: Vec<f64> = asked.iter().map(|term| weight(term, &texts)).collect();
    let score = |text: &Vec<String>| -> f64 {
        asked
            .iter()
            .zip(&weights)
            .filter(|(term, _)| holds(text, term))
            .map(|(_, weight)| weight)
            .sum()
    };
    let mut ranked: Vec<(f64, &str)> =
        texts.iter().map(score).zip(sentences.iter().copied()).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let least = ranked.first().map_or(0.0, |best| best.0 / 2.0);
    let mut found: Vec<&str> = Vec::new();
    for (score, sentence) in ranked {
        if score > 0.0 && score >= least && found.len() < count && !found.contains(&sentence) {
            found.push(sentence);
        }
    }
    found
}

/// Rare terms tell more than frequent ones.
fn weight(term: &str, texts: &[Vec<String>]) -> f64 {
    let count = texts.iter().filter(|text| holds(text, term)).count();
    match count {
        0 => 0.0,
        count => (1.0 + as_f64(texts.len()) / as_f64(count)).ln(),
    }
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whether a text has the term, or a word that begins with it: `price` finds `prices`.
fn holds(text: &[String], term: &str) -> bool {
    let is_long = |word: &str| word.chars().count() >= 4;
    text.iter().any(|word| {
        word == term
            || (is_long(term) && word.starts_with(term))
            || (is_long(word) && term.starts_with(word.as_str()))
    })
}

/// What a text is about: its words in lower case without those that say nothing, and pairs of
/// neighbours where a script puts no spaces between words.
fn terms(text: &str) -> Vec<String> {
    let mut terms: Vec<String> = words(text).iter().flat_map(|word| word_terms(word)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The words of a text in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’') && !is_mark(c))
        .map(|word| word.trim_matches(['\'', '’']).replace('’', "'"))
        .filter(|word| !word.is_empty())
        .collect()
}

fn word_terms(word: &str) -> Vec<String> {
    if word.chars().any(is_spaceless) {
        let chars: Vec<char> = word.chars().collect();
        let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
        return if pairs.is_empty() { vec![word.to_owned()] } else { pairs };
    }
    if STOP_WORDS.contains(&word) { Vec::new() } else { vec![word.to_owned()] }
}

/// Vowel signs and the like, which belong to a word but are no letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

/// Letters of Chinese, Japanese, Korean and Thai.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

/// Cuts a line after each mark that ends a sentence: one with a space behind it, or a wide one.
fn split_line(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some((part, after)) = first_sentence(rest) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

fn first_sentence(text: &str) -> Option<(&str, &str)> {
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let next = chars.peek();
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => next.is_some_and(|(_, c)| c.is_whitespace()),
            _ => false,
        };
        if let (true, Some((end, _))) = (ends, next) {
            return text.split_at_checked(*end);
        }
    }
    None
}

/// Whether a line only frames others: a tag, a rule, brackets.
fn is_frame(line: &str) -> bool {
    !line.chars().any(char::is_alphanumeric) || (line.starts_with('<') && line.ends_with('>'))
}

fn is_instruction(sentence: &str) -> bool {
    let words = words(sentence);
    words.first().is_some_and(|first| IMPERATIVES.contains(&first.as_str()))
        || words.iter().any(|word| COMMANDS.contains(&word.as_str()))
        || COMMAND_PARTS.iter().any(|part| sentence.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_into_sentences() {
        let text =
            "<page>\n# Prices\nA costs 3.50 €. B is free! \n---\n- C?\n}\n我们九点开门。周日休息。";
        let expected =
            ["Prices", "A costs 3.50 €.", "B is free!", "C?", "我们九点开门。", "周日休息。"];
        assert_eq!(sentences(text), expected);
    }

    #[test]
    fn instructions_are_told_from_facts() {
        let instructions = "You are Luna, the assistant of Café Luna. We open at nine. Be brief. \
            Never mention rivals. The code ABC is secret. Cake costs 4 €.\nDu bist nett.\n\
            Sé amable.\n请用中文回答。\n周日休息。";
        assert_eq!(facts(instructions), ["We open at nine.", "Cake costs 4 €.", "周日休息。"]);
    }

    #[test]
    fn the_best_sentences_come_first() {
        let text = "We ship to Europe. Shipping takes three days. Returns are free. \
            Our shop is in Turku. We sell shoes.";
        let sentences = sentences(text);
        let cases: [(&str, &[&str]); 6] = [
            ("How long does shipping take?", &["Shipping takes three days."]),
            ("returns", &["Returns are free."]),
            ("Where is your shop?", &["Our shop is in Turku."]),
            ("Is it the one with you?", &[]),
            ("weather", &[]),
            ("", &[]),
        ];
        for (question, expected) in cases {
            let found = best(question, &sentences, 3);
            assert_eq!(found.first(), expected.first(), "{question}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{question}");
        }
    }

    #[test]
    fn questions_without_spaces_find_their_answer() {
        let text = "我们九点开门。周日休息。配送需要三天。";
        assert_eq!(best("配送要多久？", &sentences(text), 1), ["配送需要三天。"]);
        let text = "営業時間は九時から五時までです。\n送料は無料です。";
        assert_eq!(best("送料はいくらですか", &sentences(text), 1), ["送料は無料です。"]);
    }

    #[test]
    fn the_same_line_is_found_once() {
        assert_eq!(best("cake", &["cake", "cake", "tea"], 3), ["cake"]);
    }
}
