//! How many tokens a text costs, and how to cut it to what may be spent. Pure.

use std::collections::HashMap;

use parking_lot::Mutex;

/// Tokens a message costs beyond its text: role marks and separators.
const MESSAGE_OVERHEAD: usize = 4;
/// Unbroken runs longer than this are ids or addresses, which tokenizers split finely.
const LONG_RUN_CHARS: usize = 20;

/// Estimates the tokens of `text` for OpenAI's tokenizer, 0.85 to 1.55 times the truth on
/// prose, code and JSON in a dozen scripts (see `docs/limits.md`). One pass.
#[must_use]
pub fn estimate(text: &str) -> usize {
    let mut milli_tokens = 0_usize;
    let mut run = Run::default();
    for c in text.chars() {
        let cost = char_cost(c);
        milli_tokens += cost;
        if c.is_ascii_graphic() {
            run.chars += 1;
            run.milli_tokens += cost;
        } else {
            milli_tokens += std::mem::take(&mut run).surcharge();
        }
    }
    (milli_tokens + run.surcharge()).div_ceil(1000)
}

/// Estimates the tokens of a whole message.
#[must_use]
pub fn estimate_message(text: &str) -> usize {
    estimate(text) + MESSAGE_OVERHEAD
}

/// An unbroken run of ASCII.
#[derive(Default)]
struct Run {
    chars: usize,
    milli_tokens: usize,
}

impl Run {
    /// What a long run costs beyond the sum of its characters: 0.6 tokens each.
    fn surcharge(&self) -> usize {
        if self.chars > LONG_RUN_CHARS {
            (self.chars * 600).saturating_sub(self.milli_tokens)
        } else {
            0
        }
    }
}

/// Thousandths of a token that a character costs on average in its script.
const fn char_cost(c: char) -> usize {
    match c {
        'a'..='z' | 'A'..='Z' | ' ' => 250,
        '\0'..='\u{7f}' => 500,
        '\u{80}'..='\u{58f}' => 380,
        '\u{590}'..='\u{dff}' => 400,
        '\u{e00}'..='\u{fff}' => 450,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => 900,
        '\u{20000}'..='\u{3ffff}' => 900,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' => 2000,
        _ => 1000,
    }
}

/// Cuts a text to about `max_tokens`: the first two thirds from its head, the rest from its tail,
/// at white space where there is some, and a note of how much is left out between them.
#[must_use]
pub fn cut_middle(text: &str, max_tokens: usize) -> String {
    if estimate(text) <= max_tokens {
        return text.to_owned();
    }
    let head = prefix_within(text.char_indices(), max_tokens * 2 / 3);
    let head_end = head.map_or(0, |(at, c)| at + c.len_utf8());
    let rest = text.get(head_end..).unwrap_or_default();
    let tail = prefix_within(rest.char_indices().rev(), max_tokens / 3);
    let tail_start = tail.map_or(rest.len(), |(at, _)| at);
    let head_text = whole_words(text.get(..head_end).unwrap_or_default());
    let tail_text = rest.get(tail_start..).unwrap_or_default();
    let left_out = text.chars().count() - head_text.chars().count() - tail_text.chars().count();
    format!("{head_text}\n[… {left_out} characters left out …]\n{tail_text}")
}

/// The last character that still fits when `max_tokens` may be spent.
fn prefix_within(
    chars: impl Iterator<Item = (usize, char)>,
    max_tokens: usize,
) -> Option<(usize, char)> {
    let mut left = max_tokens * 1000;
    let mut last = None;
    for (at, c) in chars {
        let Some(after) = left.checked_sub(char_cost(c)) else { break };
        left = after;
        last = Some((at, c));
    }
    last
}

/// Drops a word that the cut went through, if white space is near.
fn whole_words(text: &str) -> &str {
    const NEAR_BYTES: usize = 40;
    match text.rfind(char::is_whitespace) {
        Some(at) if text.len() - at <= NEAR_BYTES => text.get(..at).unwrap_or(text),
        _ => text,
    }
}

/// How far the estimate was off for each model lately: reported usage over estimate.
/// The lock guards a handful of numbers and is never held across an await.
#[derive(Debug, Default)]
pub struct Calibration(Mutex<HashMap<String, f64>>);

impl Calibration {
    /// Models remembered; the names come from the configuration, so more are not expected.
    const MAX_MODELS: usize = 64;

    /// What to multiply an estimate for `model` with; `default` before the first report.
    pub fn ratio(&self, model: &str, default: f64) -> f64 {
        self.0.lock().get(model).copied().unwrap_or(default)
    }

    /// Learns from a reply: a fifth of the way to what was just seen, within sane bounds.
    pub fn learn(&self, model: &str, estimated: usize, reported: u64, default: f64) {
        const MIN_TOKENS: usize = 50;
        if estimated < MIN_TOKENS || reported == 0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^52")]
        let seen = (reported as f64 / estimated as f64).clamp(0.5, 3.0);
        let mut ratios = self.0.lock();
        if ratios.len() < Self::MAX_MODELS || ratios.contains_key(model) {
            let ratio = ratios.entry(model.to_owned()).or_insert(default);
            *ratio += (seen - *ratio) * 0.2;
        }
    }

    /// How many estimated tokens may be sent where `budget` real ones are allowed.
    pub fn affordable(&self, budget: usize, model: &str, default: f64) -> usize {
        /// Kept back because estimates err.
        const RESERVE: f64 = 0.9;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "token counts are positive and far below 2^52"
        )]
        let tokens = (budget as f64 * RESERVE / self.ratio(model, default)) as usize;
        tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_lie_near_what_tokenizers_count() {
        let cases = [
            ("The quick brown fox jumps over the lazy dog near the river bank.", 14),
            ("Der schnelle braune Fuchs springt über den faulen Hund am Fluss.", 17),
            ("敏捷的棕色狐狸跳过了河边那只懒狗。", 17),
            (r#"{"id":17,"name":"Ada","tags":["a","b"],"price":12.5}"#, 22),
        ];
        for (text, truth) in cases {
            let estimate = estimate(text);
            assert!(estimate * 10 >= truth * 8 && estimate <= truth * 2, "{text}: {estimate}");
        }
    }

    #[test]
    fn long_runs_cost_more_than_words() {
        let id = "0123456789abcdef".repeat(4);
        assert!(estimate(&id) >= 38);
    }

    #[test]
    fn a_cut_text_keeps_head_and_tail_and_says_so() {
        let text = format!("BEGIN {} END", "word ".repeat(2000));
        let cut = cut_middle(&text, 300);
        assert!(cut.starts_with("BEGIN") && cut.ends_with("END"));
        assert!(cut.contains("characters left out"));
        assert!(estimate(&cut) <= 330, "{}", estimate(&cut));
    }

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(cut_middle("as it is", 10), "as it is");
    }

    #[test]
    fn cutting_never_splits_a_character() {
        for max in 0..40 {
            let cut = cut_middle(&"日本語のテキスト🙂".repeat(20), max);
            assert!(cut.contains("left out"));
        }
    }

    #[test]
    fn calibration_moves_towards_what_is_reported() {
        let calibration = Calibration::default();
        for _ in 0..20 {
            calibration.learn("m", 1000, 1500, 1.0);
        }
        assert!((calibration.ratio("m", 1.0) - 1.5).abs() < 0.02);
        assert_eq!(calibration.affordable(1500, "other", 1.0), 1350);
    }
}
