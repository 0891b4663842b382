//! Characters that nobody can see but that change what is seen: taken out, as in the widget.

/// Marks that may stand on one character.
const MAX_MARKS: usize = 8;

/// The text without controls, direction overrides and tag characters, and without towers of marks.
/// Line feeds and tabs stay.
#[must_use]
pub fn cleaned(text: &str) -> String {
    let mut marks = 0;
    text.chars()
        .filter(|c| {
            marks = if is_mark(*c) { marks + 1 } else { 0 };
            !is_hidden(*c) && marks <= MAX_MARKS
        })
        .collect()
}

/// The beginning of a text on one line, for lists: at most `max` characters.
#[must_use]
pub fn begin(text: &str, max: usize) -> String {
    // Twice as many characters as are shown leave room for the white space between them.
    let near: String = text.chars().take(max.saturating_mul(2)).collect();
    let is_cut = near.len() < text.len();
    let line = cleaned(&near).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(max).collect();
    if is_cut || shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

fn is_hidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// Marks of the scripts that are abused for it.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_turns_text_is_taken_out() {
        assert_eq!(cleaned("a\u{202e}b\u{2066}c\u{e0041}d\u{7}e\u{9b}f\r\n\tg"), "abcdef\n\tg");
        let tower = format!("a{}b\u{301}", "\u{301}".repeat(50));
        assert_eq!(cleaned(&tower).chars().count(), 1 + MAX_MARKS + 2);
        assert_eq!(cleaned("नमस्ते 👨‍👩‍👧 ʻŌlelo"), "नमस्ते 👨‍👩‍👧 ʻŌlelo");
    }

    #[test]
    fn a_beginning_is_one_line_and_says_that_it_was_cut() {
        assert_eq!(begin("  two\n\n  lines ", 20), "two lines");
        assert_eq!(begin("abcdef", 3), "abc…");
        assert_eq!(begin(&" ".repeat(50), 3), "…");
        assert_eq!(begin("", 3), "");
        assert_eq!(begin("\u{202e}abc", 3), "abc");
    }
}
