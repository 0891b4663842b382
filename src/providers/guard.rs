//! A vendor's bytes → server-sent events, in linear time and bounded memory.
//!
//! The field rules are those of the crate `eventsource-stream`; this guard stands in front of it
//! because version 0.2.3, given bytes as they arrive, panics on a byte order mark, needs quadratic
//! time for long lines and for full buffers, stops at bad UTF-8 and drops an unterminated last
//! event. So the guard cuts lines itself and hands the crate one event at a time.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::iter;

use eventsource_stream::{Event, Eventsource as _};
use futures_util::{FutureExt as _, StreamExt as _, stream};

use crate::providers::error::{ErrorClass, ProviderError};

/// The longest line a vendor may send.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;

/// The largest event, all its lines together.
pub const MAX_EVENT_BYTES: usize = 4 * 1024 * 1024;

/// One server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// The `event` field; `message` when there was none.
    pub name: String,
    /// The `data` lines, joined by line feeds.
    pub data: String,
    /// Whether the blank line that ends an event was seen. The last event of a connection that
    /// broke off may hold half a sentence of JSON.
    pub complete: bool,
}

/// Cuts bytes into events. Bytes may be split anywhere.
#[derive(Debug, Default)]
pub struct Guard {
    /// The line that is being received.
    line: Vec<u8>,
    /// Lines of the event that is being received, those that matter.
    block: Vec<String>,
    block_bytes: usize,
    /// The last byte was a CR: a LF after it belongs to the same line end.
    after_cr: bool,
    past_first_line: bool,
    /// The lines of this block are JSON without `data:`, as Gemini sends some errors.
    bare_json: bool,
}

impl Guard {
    /// Takes bytes and puts each event they complete into `out`.
    ///
    /// # Errors
    /// A line or event is larger than allowed. The guard is of no use afterwards.
    pub fn push(
        &mut self,
        bytes: &[u8],
        out: &mut VecDeque<SseEvent>,
    ) -> Result<(), ProviderError> {
        let mut rest = match bytes {
            [b'\n', rest @ ..] if self.after_cr => rest,
            _ => bytes,
        };
        if !bytes.is_empty() {
            self.after_cr = false;
        }
        while let Some(end) = memchr::memchr2(b'\r', b'\n', rest) {
            let (head, tail) = rest.split_at(end);
            self.extend_line(head)?;
            self.end_line(out)?;
            self.after_cr = tail == b"\r";
            rest = match tail {
                [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
                [] => &[],
            };
        }
        self.extend_line(rest)
    }

    /// No more bytes will come: puts an unterminated last event into `out`.
    ///
    /// # Errors
    /// The event is larger than allowed.
    pub fn finish(&mut self, out: &mut VecDeque<SseEvent>) -> Result<(), ProviderError> {
        if !self.line.is_empty() {
            self.end_line(out)?;
        }
        self.dispatch(false, out);
        Ok(())
    }

    fn extend_line(&mut self, bytes: &[u8]) -> Result<(), ProviderError> {
        if self.line.len() + bytes.len() > MAX_LINE_BYTES {
            return Err(oversized("line", MAX_LINE_BYTES));
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, out: &mut VecDeque<SseEvent>) -> Result<(), ProviderError> {
        let mut bytes = std::mem::take(&mut self.line);
        if !std::mem::replace(&mut self.past_first_line, true) && bytes.starts_with(b"\xEF\xBB\xBF")
        {
            bytes.drain(..3);
        }
        match bytes.first() {
            None => self.dispatch(true, out),
            Some(b'{' | b'[') if !self.bare_json => {
                self.dispatch(true, out);
                self.bare_json = true;
                self.keep(&bytes)?;
            }
            Some(_) if self.bare_json || is_used(&bytes) => self.keep(&bytes)?,
            Some(_) => {}
        }
        bytes.clear();
        self.line = bytes;
        Ok(())
    }

    /// Keeps a whole line; bytes that are not UTF-8 become U+FFFD.
    fn keep(&mut self, line: &[u8]) -> Result<(), ProviderError> {
        self.block_bytes += line.len();
        if self.block_bytes > MAX_EVENT_BYTES {
            return Err(oversized("event", MAX_EVENT_BYTES));
        }
        let text = String::from_utf8_lossy(line);
        let prefix = if self.bare_json { "data: " } else { "" };
        self.block.push(format!("{prefix}{text}\n"));
        Ok(())
    }

    fn dispatch(&mut self, complete: bool, out: &mut VecDeque<SseEvent>) {
        self.bare_json = false;
        self.block_bytes = 0;
        if let Some(event) = read_block(std::mem::take(&mut self.block)) {
            out.push_back(SseEvent { name: event.event, data: event.data, complete });
        }
    }
}

/// Whether a line has a field we use. Comments, `id` and `retry` go: an `id` is copied into every
/// event after it, which an evil upstream could make costly.
fn is_used(line: &[u8]) -> bool {
    [b"data".as_slice(), b"event"]
        .into_iter()
        .filter_map(|field| line.strip_prefix(field))
        .any(|rest| matches!(rest, [] | [b':', ..]))
}

/// Lets the crate read the lines of one event. The blank line in front makes it look for a byte
/// order mark there, not in the first field, where it would panic.
fn read_block(lines: Vec<String>) -> Option<Event> {
    if lines.is_empty() {
        return None;
    }
    let blank = || iter::once("\n".to_owned());
    let items = blank().chain(lines).chain(blank()).map(Ok::<_, Infallible>);
    let mut events = stream::iter(items).eventsource();
    events.next().now_or_never()??.ok()
}

fn oversized(what: &str, limit: usize) -> ProviderError {
    ProviderError::new(ErrorClass::Malformed, format!("a {what} longer than {limit} bytes"))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let (mut guard, mut out) = (Guard::default(), VecDeque::new());
        for piece in pieces {
            guard.push(piece, &mut out).unwrap();
        }
        guard.finish(&mut out).unwrap();
        out.into_iter().map(|event| (event.name, event.data)).collect()
    }

    fn message(data: &str) -> (String, String) {
        ("message".to_owned(), data.to_owned())
    }

    #[test]
    fn fields_are_read_by_the_rules() {
        let cases: [(&[u8], &[&str]); 14] = [
            (b"data: a\n\n", &["a"]),
            (b"data:a\r\n\r\n", &["a"]),
            (b"data:  a\r\r", &[" a"]),
            (b"data: a\ndata: b\n\n", &["a\nb"]),
            (b"data\n\n", &[""]),
            (b"data:\n\n", &[""]),
            (b": comment\n\n:\n\n", &[]),
            (b"id: 1\nretry: 5\nother: x\n\n", &[]),
            (b"event: only\n\ndata: a\n\n", &["a"]),
            (b"\xEF\xBB\xBFdata: a\n\n", &["a"]),
            (b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\ndata: b\n\n", &["b"]),
            (b"data: \xEF\xBB\xBFa\n\n", &["\u{feff}a"]),
            (b"data: a\xFFb\n\ndata: c\n\n", &["a\u{fffd}b", "c"]),
            ("data: a\u{2028}b\u{85}c\n\n".as_bytes(), &["a\u{2028}b\u{85}c"]),
        ];
        for (bytes, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|data| message(data)).collect();
            assert_eq!(read(&[bytes]), expected, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn the_name_of_an_event_does_not_carry_over() {
        assert_eq!(
            read(&[b"event: a\ndata: 1\n\ndata: 2\n\n"]),
            [("a".to_owned(), "1".to_owned()), message("2")]
        );
    }

    #[test]
    fn an_unterminated_last_event_is_given_and_marked() {
        for bytes in [b"data: a".as_slice(), b"data: a\n", b"data: a\r"] {
            let (mut guard, mut out) = (Guard::default(), VecDeque::new());
            guard.push(bytes, &mut out).unwrap();
            assert!(out.is_empty());
            guard.finish(&mut out).unwrap();
            let expected =
                SseEvent { name: "message".to_owned(), data: "a".to_owned(), complete: false };
            assert_eq!(out, [expected]);
        }
    }

    #[test]
    fn bare_json_is_an_event_of_its_own() {
        let pretty = "{\n  \"error\": {\n    \"code\": 503\n  }\n}";
        let bytes = format!("data: a\n\n{pretty}\n\ndata: b\n\n");
        assert_eq!(read(&[bytes.as_bytes()]), [message("a"), message(pretty), message("b")]);
        assert_eq!(read(&[pretty.as_bytes()]), [message(pretty)]);
    }

    #[test]
    fn line_ends_may_be_cut_anywhere() {
        let bytes = b"data: a\r\ndata: b\r\n\r\nevent: x\rdata: c\r\rdata: \xF0\x9F\x91\x8B\n\n";
        let whole = read(&[bytes]);
        assert_eq!(whole.len(), 3);
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(read(&pieces), whole, "{first} {second}");
            }
        }
    }

    #[test]
    fn a_long_line_in_small_chunks_takes_linear_time() {
        let started = Instant::now();
        let (mut guard, mut out) = (Guard::default(), VecDeque::new());
        guard.push(b"data:", &mut out).unwrap();
        for _ in 0..1023 {
            guard.push(&[b'x'; 1024], &mut out).unwrap();
        }
        guard.push(b"\n\n", &mut out).unwrap();
        assert_eq!(out.front().map(|event| event.data.len()), Some(1023 * 1024));
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    }

    #[test]
    fn many_small_events_in_one_buffer_take_linear_time() {
        let started = Instant::now();
        let bytes = b"data: {\"a\":1}\n\n".repeat(200_000);
        let (mut guard, mut out) = (Guard::default(), VecDeque::new());
        guard.push(&bytes, &mut out).unwrap();
        assert_eq!(out.len(), 200_000);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }

    #[test]
    fn lines_and_events_have_a_limit() {
        let (mut guard, mut out) = (Guard::default(), VecDeque::new());
        let error = guard.push(&vec![b'x'; MAX_LINE_BYTES + 1], &mut out).unwrap_err();
        assert_eq!(error.class, ErrorClass::Malformed);

        let line = [b"data:".as_slice(), &[b'x'; 1000], b"\n"].concat();
        let (mut guard, mut out) = (Guard::default(), VecDeque::new());
        let refused = (0..5000).find_map(|_| guard.push(&line, &mut out).err());
        assert_eq!(refused.map(|error| error.class), Some(ErrorClass::Malformed));
    }
}
