//! What a model writes behind its answer, for the widget instead of the reader: questions to go on
//! with, and the wish for the visitor's contact details; and, where a server takes no tools, the
//! calls it would make. Pure.
//!
//! It begins with a line that says only `%%followups` or `%%contact`, or begins with the name of a
//! tool, `%%query_data`, and goes on to the end. The text before it is the reply, byte for byte, however the stream was cut: of the text only a last
//! line that may still become such a mark is held back.

use serde_json::value::RawValue;

use crate::providers::ToolCall;
use crate::service::turn::toolbox::{QUERY_DATA, SHOW_CHART};

/// Begins the list of questions.
pub const FOLLOW_UPS_MARK: &str = "%%followups";
/// Asks for the lead form.
pub const CONTACT_MARK: &str = "%%contact";
/// Calls a tool, with the arguments behind it as JSON.
pub const CALL_MARKS: [(&str, &str); 2] =
    [("%%query_data", QUERY_DATA), ("%%show_chart", SHOW_CHART)];
/// Longest question, characters; a longer one is no button to press.
pub const MAX_QUESTION_CHARS: usize = 120;

/// What the model may write behind its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// How many questions; none means that it is not told of them.
    pub follow_ups: u8,
    /// Whether it may ask for the lead form.
    pub contact: bool,
    /// Whether it calls tools this way.
    pub calls: bool,
}

impl Wanted {
    /// The marks that count.
    fn marks(self) -> impl Iterator<Item = &'static str> {
        let follow_ups = (self.follow_ups > 0).then_some(FOLLOW_UPS_MARK);
        let calls = CALL_MARKS.into_iter().map(|(mark, _)| mark).filter(move |_| self.calls);
        follow_ups.into_iter().chain(self.contact.then_some(CONTACT_MARK)).chain(calls)
    }
}

/// What has been written behind the answer so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appendix {
    wanted: Wanted,
    /// The last line, while it may still become a mark.
    held: String,
    /// Everything from the first mark on.
    written: Option<String>,
}

/// What a line is.
enum Line {
    Text,
    MayBecomeMark,
    Mark,
}

impl Appendix {
    /// Nothing is written yet.
    #[must_use]
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, held: String::new(), written: None }
    }

    /// What the model may write here.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// Bytes that are here instead of in the reply.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.held.len() + self.written.as_ref().map_or(0, String::len)
    }

    /// Puts the next piece of the model's text where it belongs: to the reply's `text`, or here.
    pub fn take(&mut self, piece: &str, text: &mut String) {
        if self.wanted == Wanted::default() {
            text.push_str(piece);
            return;
        }
        for part in piece.split_inclusive('\n') {
            if let Some(written) = &mut self.written {
                written.push_str(part);
                continue;
            }
            let begins_line = text.is_empty() || text.ends_with('\n');
            if self.held.is_empty() && !begins_line {
                text.push_str(part);
                continue;
            }
            self.held.push_str(part);
            match self.judge() {
                Line::Text => text.push_str(&std::mem::take(&mut self.held)),
                Line::MayBecomeMark => {}
                Line::Mark => self.written = Some(std::mem::take(&mut self.held)),
            }
        }
    }

    /// The model has said everything: a last line without an end is a mark, or it is text.
    pub fn finish(&mut self, text: &mut String) {
        let held = std::mem::take(&mut self.held);
        if self.is_mark(held.trim_end()) {
            self.written = Some(held);
        } else {
            text.push_str(&held);
        }
    }

    fn judge(&self) -> Line {
        if self.wanted.calls && call_mark(&self.held).is_some() {
            return Line::Mark;
        }
        let line = self.held.trim_end_matches(['\n', '\r', ' ', '\t']);
        let is_whole = line.len() == self.held.len();
        match self.is_mark(line) {
            true if self.held.ends_with('\n') => Line::Mark,
            true => Line::MayBecomeMark,
            false if is_whole && self.wanted.marks().any(|mark| mark.starts_with(line)) => {
                Line::MayBecomeMark
            }
            false => Line::Text,
        }
    }

    fn is_mark(&self, line: &str) -> bool {
        self.wanted.marks().any(|mark| mark == line)
    }

    /// The questions, as many as are wanted, each fit for a button.
    #[must_use]
    pub fn questions(&self) -> Vec<String> {
        let lines = self.written.iter().flat_map(|written| written.lines());
        let listed = lines
            .skip_while(|line| line.trim_end() != FOLLOW_UPS_MARK)
            .skip(1)
            .filter(|line| !line.trim_start().starts_with("%%"));
        let mut questions = Vec::new();
        for question in listed.filter_map(question) {
            if questions.len() < usize::from(self.wanted.follow_ups)
                && !questions.contains(&question)
            {
                questions.push(question);
            }
        }
        questions
    }

    /// The calls it makes, with what stands behind each mark as arguments.
    #[must_use]
    pub fn calls(&self) -> Vec<ToolCall> {
        let Some(written) = self.written.as_deref().filter(|_| self.wanted.calls) else {
            return Vec::new();
        };
        let mut calls: Vec<ToolCall> = Vec::new();
        for line in written.split_inclusive('\n') {
            // A line of its own ends the mark as well as what may follow in it.
            let marked =
                call_mark(line).or_else(|| CALL_MARKS.iter().find(|(mark, _)| *mark == line));
            match (marked, calls.last_mut()) {
                (Some((mark, tool)), _) => calls.push(ToolCall {
                    id: format!("call_{}", calls.len() + 1),
                    name: (*tool).to_owned(),
                    arguments: line.strip_prefix(mark).unwrap_or_default().to_owned(),
                }),
                (None, Some(call)) if !line.starts_with("%%") => call.arguments.push_str(line),
                _ => {}
            }
        }
        for call in &mut calls {
            call.arguments = first_object(&call.arguments);
        }
        calls
    }

    /// Everything that was written behind the answer, marks included.
    #[must_use]
    pub fn written(&self) -> &str {
        self.written.as_deref().unwrap_or_default()
    }

    /// Whether the model needs the visitor's contact details.
    #[must_use]
    pub fn asks_contact(&self) -> bool {
        let mut lines = self.written.iter().flat_map(|written| written.lines());
        self.wanted.contact && lines.any(|line| line.trim_end() == CONTACT_MARK)
    }
}

/// The mark of a call that the line begins with, as a word of its own.
fn call_mark(line: &str) -> Option<&'static (&'static str, &'static str)> {
    CALL_MARKS.iter().find(|(mark, _)| {
        let rest = line.strip_prefix(mark).and_then(|rest| rest.chars().next());
        rest.is_some_and(|next| !next.is_alphanumeric() && next != '_')
    })
}

/// The JSON object that a text begins with, out of a code block if it stands in one; the whole text
/// where there is none, for whoever reads it to say what is wrong.
fn first_object(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ':');
    let inner = text.strip_prefix("```").map_or(text, |rest| rest.trim_start_matches("json"));
    let mut values = serde_json::Deserializer::from_str(inner).into_iter::<&RawValue>();
    match values.next() {
        Some(Ok(object)) => object.get().to_owned(),
        _ => inner.trim().to_owned(),
    }
}

/// A line's question: without a list's mark, control characters, and those that turn text around.
fn question(line: &str) -> Option<String> {
    let is_odd = |c: &char| {
        c.is_control()
            || matches!(
                c,
                '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
                    | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
            )
    };
    let plain: String = line.chars().filter(|c| !is_odd(c)).collect();
    let question = without_list_mark(plain.trim()).trim();
    let has_words = question.chars().any(char::is_alphanumeric);
    (has_words && question.chars().count() <= MAX_QUESTION_CHARS).then(|| question.to_owned())
}

/// `- What?`, `* What?`, `1. What?` and `1) What?` are `What?`.
fn without_list_mark(line: &str) -> &str {
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let after_number = numbered.strip_prefix(['.', ')']).filter(|_| numbered.len() < line.len());
    let rest = after_number.or_else(|| line.strip_prefix(['-', '*', '•']));
    match rest {
        Some(rest) if rest.starts_with(' ') => rest,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: Wanted = Wanted { follow_ups: 3, contact: true, calls: false };

    /// The reply's text, the questions, and whether contact is asked for.
    type Read = (String, Vec<String>, bool);

    fn read<'a>(wanted: Wanted, pieces: impl IntoIterator<Item = &'a str>) -> Read {
        let (mut appendix, mut text) = (Appendix::new(wanted), String::new());
        for piece in pieces {
            let before = text.clone();
            appendix.take(piece, &mut text);
            assert!(text.starts_with(&before), "what was told stays: {before:?}, {text:?}");
        }
        appendix.finish(&mut text);
        (text, appendix.questions(), appendix.asks_contact())
    }

    fn whole(text: &str) -> Read {
        read(ALL, [text])
    }

    #[test]
    fn questions_stand_behind_the_answer_and_are_no_part_of_it() {
        let (text, questions, contact) = whole(
            "We open at ten.\n\n%%followups\n- And on Sundays?\n2. Where?\n\nIs it free?\nMore?",
        );
        assert_eq!(text, "We open at ten.\n\n");
        assert_eq!(questions, ["And on Sundays?", "Where?", "Is it free?"]);
        assert!(!contact);
    }

    #[test]
    fn contact_may_be_asked_for_before_behind_or_without_questions() {
        for written in ["%%contact", "%%contact\n", "%%contact \r\n%%followups\nWhy?"] {
            let (text, _, contact) = whole(&format!("Gladly.\n{written}"));
            assert_eq!((text.as_str(), contact), ("Gladly.\n", true), "{written}");
        }
        let (_, questions, contact) = whole("Gladly.\n%%followups\nWhy?\n%%contact\nHow?");
        assert_eq!((questions, contact), (vec!["Why?".to_owned(), "How?".to_owned()], true));
    }

    #[test]
    fn what_only_looks_like_a_mark_stays_text() {
        for text in [
            "%%",
            "%%foo\n%%followups are nice\n",
            "a %%followups\nb",
            "%%followupsx",
            " %%contact\n",
            "```\n%%foo\n```\n",
            "%%follow\nups",
            "%%contacts",
            "%\n%%\n%%c\n",
            "\n\n",
            "",
            "%%Followups\n",
            "%%followups?\nx",
        ] {
            assert_eq!(whole(text), (text.to_owned(), vec![], false), "{text:?}");
        }
    }

    #[test]
    fn a_mark_that_nobody_wants_is_text() {
        let text = "a\n%%followups\nb\n%%contact\nc";
        assert_eq!(read(Wanted::default(), [text]).0, text);
        let contact_only = read(Wanted { contact: true, ..Wanted::default() }, [text]);
        assert_eq!(contact_only, ("a\n%%followups\nb\n".to_owned(), vec![], true));
        let questions_only = read(Wanted { follow_ups: 1, ..Wanted::default() }, [text]);
        assert_eq!(questions_only, ("a\n".to_owned(), vec!["b".to_owned()], false));
    }

    #[test]
    fn only_what_fits_a_button_is_a_question() {
        let long = "x".repeat(MAX_QUESTION_CHARS + 1);
        let odd =
            format!("a\n%%followups\n{long}\n- \n\u{202e}Wh\u{7}y?\u{2066}\nWhy?\n-5 degrees?");
        assert_eq!(whole(&odd).1, ["Why?", "-5 degrees?"]);
    }

    const CALLS: Wanted = Wanted { follow_ups: 1, contact: false, calls: true };

    fn called(text: &str) -> (String, Vec<(String, String)>) {
        let (mut appendix, mut shown) = (Appendix::new(CALLS), String::new());
        appendix.take(text, &mut shown);
        appendix.finish(&mut shown);
        let calls = appendix.calls().into_iter();
        (shown, calls.map(|call| (call.name, call.arguments)).collect())
    }

    #[test]
    fn calls_are_written_behind_the_answer_in_several_ways() {
        let object = r#"{"sql":"select '}%%'", "purpose":"p"}"#;
        let query = |arguments: &str| ("query_data".to_owned(), arguments.to_owned());
        for written in [
            format!("%%query_data\n{object}"),
            format!("%%query_data {object}\nI wait."),
            format!("%%query_data{object}"),
            format!("%%query_data:\n```json\n{object}\n```\n"),
            format!("%%query_data  \r\n\n{object}\n%%followups\nWhy?"),
        ] {
            let expected = ("Let me see.\n".to_owned(), vec![query(object)]);
            assert_eq!(called(&format!("Let me see.\n{written}")), expected, "{written}");
        }
        let (_, two) = called("%%query_data {\"a\":1}\n%%show_chart\n{\"b\":\n2}\n");
        assert_eq!(two, [query("{\"a\":1}"), ("show_chart".to_owned(), "{\"b\":\n2}".to_owned())]);
        assert_eq!(called("%%query_data").1, [query("")], "for the model to be told what lacks");
        assert_eq!(called("%%query_data {\"a\"").1, [query("{\"a\"")]);
    }

    #[test]
    fn what_only_looks_like_a_call_stays_text() {
        for text in ["%%query_datas {}", "a %%query_data {}", " %%query_data {}", "%%query"] {
            assert_eq!(called(text), (text.to_owned(), vec![]), "{text}");
        }
        let text = "%%query_data {}";
        assert_eq!(read(ALL, [text]).0, text, "where tools are called otherwise");
    }

    #[test]
    fn nothing_but_a_possible_mark_is_held_back() {
        let (mut appendix, mut text) = (Appendix::new(ALL), String::new());
        let steps = [
            ("Hi", "Hi"),
            (" there\n", "Hi there\n"),
            ("%", "Hi there\n"),
            ("%f", "Hi there\n"),
            ("ine", "Hi there\n%%fine"),
            ("\n%%contact  ", "Hi there\n%%fine\n"),
            ("me", "Hi there\n%%fine\n%%contact  me"),
        ];
        for (piece, told) in steps {
            appendix.take(piece, &mut text);
            assert_eq!(text, told, "{piece}");
        }
    }

    #[test]
    fn a_cut_at_any_byte_changes_nothing() {
        let text = "Größe:\r\n%%fo\n%%followups \r\n- Ja?\n%%contact\nNein?";
        let expected = whole(text);
        assert_eq!(expected.0, "Größe:\r\n%%fo\n");
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (head, tail) = text.split_at(cut);
            assert_eq!(read(ALL, [head, tail]), expected, "at {cut}");
        }
    }

    proptest! {
        #[test]
        fn however_the_stream_is_cut_the_result_is_the_same(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("%%followups".to_owned()), Just("%%contact".to_owned()),
                    Just("%%query_data".to_owned()),
                    Just("\n".to_owned()), Just("\r\n".to_owned()), Just("%".to_owned()),
                    Just(" ".to_owned()), "[%fé\n \t]{0,4}", "[a-z?]{0,6}",
                ],
                0..12,
            ),
            cuts in proptest::collection::vec(0..80_usize, 0..8),
        ) {
            let text = parts.concat();
            let mut places: Vec<usize> =
                cuts.into_iter().map(|cut| text.floor_char_boundary(cut.min(text.len()))).collect();
            places.extend([0, text.len()]);
            places.sort_unstable();
            let pieces = places.windows(2).filter_map(|two| match two {
                [from, to] => text.get(*from..*to),
                _ => None,
            });
            let all = Wanted { calls: true, ..ALL };
            prop_assert_eq!(read(all, pieces), read(all, [text.as_str()]));
            let singly: Vec<String> = text.chars().map(String::from).collect();
            prop_assert_eq!(
                read(all, singly.iter().map(String::as_str)),
                read(all, [text.as_str()])
            );
        }
    }
}
