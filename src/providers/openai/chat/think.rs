//! Hides `<think>…</think>`, which some servers leave in the text.

use crate::providers::ProviderEvent;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// The most that is held back for a tag that never closes.
const MAX_HELD_BYTES: usize = 64 * 1024;

/// Takes text in pieces, gives out what may be shown. A tag may be cut anywhere.
///
/// A tag at the beginning hides what follows even if it never closes: the model ran out of tokens
/// while it thought. Further on an unclosed tag is more likely talk about the tag, so what it
/// hid is given back at the end.
#[derive(Debug, Default)]
pub(super) struct ThinkFilter {
    /// Text not yet given out: inside a tag all of it, outside what may become a tag.
    held: String,
    is_inside: bool,
    /// Whether anything but white space was shown.
    has_shown: bool,
    /// A thought just ended: the blank lines after it are part of it.
    is_after_thought: bool,
}

impl ThinkFilter {
    pub(super) fn push(&mut self, piece: &str, out: &mut Vec<ProviderEvent>) {
        self.held.push_str(piece);
        if self.is_inside {
            out.push(ProviderEvent::Thinking);
        }
        loop {
            let tag = if self.is_inside { CLOSE } else { OPEN };
            let Some((before, after)) = self.held.split_once(tag) else { break };
            let (before, after) = (before.to_owned(), after.to_owned());
            self.held = after;
            if self.is_inside {
                self.is_inside = false;
                self.is_after_thought = true;
            } else {
                self.show(&before, out);
                self.is_inside = true;
                out.push(ProviderEvent::Thinking);
            }
        }
        if self.is_inside {
            self.forget_part(out);
        } else {
            self.show_safe_part(out);
        }
    }

    /// The answer is complete: gives out what was held back without need.
    pub(super) fn finish(&mut self, out: &mut Vec<ProviderEvent>) {
        let held = std::mem::take(&mut self.held);
        if !self.is_inside {
            self.show(&held, out);
        } else if self.has_shown {
            self.show(&format!("{OPEN}{held}"), out);
        }
        self.is_inside = false;
    }

    /// Outside of tags: all but an end that may be the beginning of a tag.
    fn show_safe_part(&mut self, out: &mut Vec<ProviderEvent>) {
        let is_partial =
            |length: &usize| OPEN.get(..*length).is_some_and(|tag| self.held.ends_with(tag));
        let kept = (1..OPEN.len()).rev().find(is_partial).unwrap_or(0);
        let tail = self.held.split_off(self.held.len() - kept);
        let head = std::mem::replace(&mut self.held, tail);
        self.show(&head, out);
    }

    /// Inside of a leading tag only the end can matter. Inside of a later one all is kept, up to
    /// a limit at which it is taken for talk.
    fn forget_part(&mut self, out: &mut Vec<ProviderEvent>) {
        if !self.has_shown {
            let cut = self.held.len().saturating_sub(CLOSE.len());
            self.held.drain(..self.held.floor_char_boundary(cut));
        } else if self.held.len() > MAX_HELD_BYTES {
            self.finish(out);
        }
    }

    fn show(&mut self, text: &str, out: &mut Vec<ProviderEvent>) {
        let text = if self.is_after_thought { text.trim_start() } else { text };
        if text.is_empty() {
            return;
        }
        self.is_after_thought = false;
        self.has_shown |= !text.trim().is_empty();
        out.push(ProviderEvent::Text(text.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&str]) -> String {
        let (mut filter, mut out) = (ThinkFilter::default(), Vec::new());
        pieces.iter().for_each(|piece| filter.push(piece, &mut out));
        filter.finish(&mut out);
        let text = |event| match event {
            ProviderEvent::Text(text) => text,
            _ => String::new(),
        };
        out.into_iter().map(text).collect()
    }

    #[test]
    fn thoughts_are_hidden_wherever_the_text_is_cut() {
        let cases = [
            ("<think>a < b</think>\n\nHello", "Hello"),
            ("Hello", "Hello"),
            ("1 < 2 <thin air>", "1 < 2 <thin air>"),
            ("a <think>b</think>c", "a c"),
            ("<think></think>é<think>ü</think>", "é"),
            ("<think>never closed", ""),
            ("The tag <think> means so", "The tag <think> means so"),
            ("ends with <thi", "ends with <thi"),
        ];
        for (text, expected) in cases {
            for (cut, _) in text.char_indices() {
                let (head, tail) = text.split_at(cut);
                assert_eq!(shown(&[head, tail]), expected, "{text} at {cut}");
            }
            let chars: Vec<String> = text.chars().map(String::from).collect();
            let pieces: Vec<&str> = chars.iter().map(String::as_str).collect();
            assert_eq!(shown(&pieces), expected, "{text}");
        }
    }

    #[test]
    fn long_thoughts_take_no_room() {
        let (mut filter, mut out) = (ThinkFilter::default(), Vec::new());
        filter.push("<think>", &mut out);
        (0..1000).for_each(|_| filter.push("thought and more thought", &mut out));
        assert!(filter.held.len() < 100);
    }
}
