//! `multipart/form-data` (RFC 7578), decoded piece by piece, every part of it bounded. Pure: bytes
//! in, events out, each byte looked at a bounded number of times however it arrives.

use bytes::{Buf as _, Bytes, BytesMut};
use memchr::memmem;

/// Parts of one body.
const MAX_PARTS: usize = 16;
/// Bytes of a part's headers.
const MAX_HEAD_BYTES: usize = 8 * 1024;
/// White space behind a boundary.
const MAX_PADDING_BYTES: usize = 64;
/// The longest boundary, as RFC 2046 has it.
const MAX_BOUNDARY_BYTES: usize = 70;

/// Why a body is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The content type names no boundary, or none that may be one.
    #[error("The Content-Type names no boundary")]
    NoBoundary,
    /// It ends before its last boundary.
    #[error("The upload ends before its last boundary")]
    Incomplete,
    /// More parts than are read.
    #[error("The upload has more than 16 parts")]
    TooManyParts,
    /// The headers of a part are longer than is read.
    #[error("The headers of a part are too long")]
    HeadTooLong,
    /// A part has no name, or headers that mean nothing here.
    #[error("A part of the upload is not form-data with a name")]
    BadHead,
    /// Something else than a new line follows a boundary.
    #[error("A boundary of the upload is not as it should be")]
    BadBoundary,
}

/// What stands before the content of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHead {
    /// The field's name.
    pub name: String,
    /// What the file is called, if it is one.
    pub file_name: Option<String>,
}

/// What the bytes so far say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormEvent {
    /// Nothing new: more bytes are needed.
    Starved,
    /// A part begins.
    Part(PartHead),
    /// Content of the part that has begun; the last of it where the decoder is not
    /// [`FormDecoder::is_in_content`] any more, perhaps empty.
    Content(Bytes),
    /// The form has ended; what follows is ignored.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Preamble,
    AfterBoundary,
    Head,
    Content,
    End,
}

/// A body on its way to becoming events.
#[derive(Debug)]
pub struct FormDecoder {
    finder: memmem::Finder<'static>,
    buffer: BytesMut,
    place: Place,
    parts: usize,
}

impl FormDecoder {
    /// For a body of this content type.
    ///
    /// # Errors
    /// It names no boundary.
    pub fn new(content_type: &str) -> Result<Self, FormError> {
        let boundary = parameters(content_type)
            .find_map(|(name, value)| (name == "boundary").then_some(value))
            .filter(|value| (1..=MAX_BOUNDARY_BYTES).contains(&value.len()))
            .ok_or(FormError::NoBoundary)?;
        let delimiter = format!("\r\n--{boundary}");
        Ok(Self {
            finder: memmem::Finder::new(delimiter.as_bytes()).into_owned(),
            // The first boundary begins a line too, but nothing stands before it.
            buffer: BytesMut::from("\r\n"),
            place: Place::Preamble,
            parts: 0,
        })
    }

    /// Whether what comes next may be content of the part that has begun.
    #[must_use]
    pub fn is_in_content(&self) -> bool {
        self.place == Place::Content
    }

    /// Takes the next bytes of the body.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.place != Place::End {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// What the bytes so far say next.
    ///
    /// # Errors
    /// They are no form.
    pub fn next_event(&mut self) -> Result<FormEvent, FormError> {
        loop {
            let event = match self.place {
                Place::Preamble => {
                    self.content();
                    (self.place == Place::Preamble).then_some(FormEvent::Starved)
                }
                Place::Content => match self.content() {
                    bytes if bytes.is_empty() && self.is_in_content() => Some(FormEvent::Starved),
                    bytes => Some(FormEvent::Content(bytes)),
                },
                Place::AfterBoundary => self.after_boundary()?,
                Place::Head => Some(self.head()?.map_or(FormEvent::Starved, FormEvent::Part)),
                Place::End => Some(FormEvent::End),
            };
            if let Some(event) = event {
                return Ok(event);
            }
        }
    }

    /// What certainly stands before the next boundary. Behind a boundary that was found the place
    /// is another one.
    fn content(&mut self) -> Bytes {
        if let Some(at) = self.finder.find(&self.buffer) {
            let bytes = self.buffer.split_to(at).freeze();
            self.buffer.advance(self.finder.needle().len());
            self.place = Place::AfterBoundary;
            return bytes;
        }
        let kept = self.finder.needle().len() - 1;
        self.buffer.split_to(self.buffer.len().saturating_sub(kept)).freeze()
    }

    fn after_boundary(&mut self) -> Result<Option<FormEvent>, FormError> {
        if self.buffer.starts_with(b"--") {
            self.buffer.clear();
            self.place = Place::End;
            return Ok(None);
        }
        let padding = self.buffer.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if padding > MAX_PADDING_BYTES {
            return Err(FormError::BadBoundary);
        }
        match self.buffer.get(padding..).unwrap_or_default() {
            [b'\r', b'\n', ..] => {
                self.parts += 1;
                if self.parts > MAX_PARTS {
                    return Err(FormError::TooManyParts);
                }
                // The line's end stays, as it may be the first half of the end of no headers.
                self.buffer.advance(padding);
                self.place = Place::Head;
                Ok(None)
            }
            [] | [b'\r'] | [b'-'] => Ok(Some(FormEvent::Starved)),
            _ => Err(FormError::BadBoundary),
        }
    }

    fn head(&mut self) -> Result<Option<PartHead>, FormError> {
        const HEAD_END: &[u8] = b"\r\n\r\n";
        let looked_at = self.buffer.len().min(MAX_HEAD_BYTES);
        let start = self.buffer.get(..looked_at).unwrap_or_default();
        let Some(end) = memmem::find(start, HEAD_END) else {
            let is_too_long = self.buffer.len() >= MAX_HEAD_BYTES;
            return if is_too_long { Err(FormError::HeadTooLong) } else { Ok(None) };
        };
        let head = self.buffer.split_to(end);
        self.buffer.advance(HEAD_END.len());
        self.place = Place::Content;
        read_head(&String::from_utf8_lossy(&head)).ok_or(FormError::BadHead).map(Some)
    }
}

/// What a part's headers say; `None` if it is no form field with a name, or is encoded.
fn read_head(head: &str) -> Option<PartHead> {
    let header = |name: &str| {
        head.split("\r\n")
            .filter_map(|line| line.split_once(':'))
            .find_map(|(key, value)| key.trim().eq_ignore_ascii_case(name).then_some(value.trim()))
    };
    let encoding = header("content-transfer-encoding").unwrap_or("binary").to_ascii_lowercase();
    let disposition = header("content-disposition")?;
    let kind = disposition.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("form-data") || !["7bit", "8bit", "binary"].contains(&&*encoding)
    {
        return None;
    }
    let find = |wanted: &str| {
        parameters(disposition).find_map(|(name, value)| (name == wanted).then_some(value))
    };
    // Browsers write a quote in a name like this.
    let named = |name: String| name.replace("%22", "\"");
    let file_name = find("filename*").and_then(|value| extended(&value));
    Some(PartHead {
        name: named(find("name")?),
        file_name: file_name.or_else(|| find("filename").map(named)),
    })
}

/// The parameters behind a header's first `;`, names in lower case, quotes taken away.
fn parameters(value: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = value.split_once(';').map_or("", |(_, rest)| rest);
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches([' ', '\t', ';']);
            let (name, after) = rest.split_once('=')?;
            let (value, left) = match after.trim_start().strip_prefix('"') {
                Some(quoted) => unquoted(quoted),
                None => {
                    let (value, left) = after.split_once(';').unwrap_or((after, ""));
                    (value.trim().to_owned(), left)
                }
            };
            rest = left;
            // A parameter without a value stands before this one.
            let name = name.rsplit(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            if !name.is_empty() {
                return Some((name, value));
            }
        }
    })
}

/// The text up to the closing quote, and what follows. Older browsers send whole paths, so a
/// backslash means only something before a quote or another one.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (c, chars.peek()) {
            ('"', _) => return (value, text.get(at + 1..).unwrap_or_default()),
            ('\\', Some((_, next @ ('"' | '\\')))) => {
                value.push(*next);
                chars.next();
            }
            _ => value.push(c),
        }
    }
    (value, "")
}

/// `UTF-8'en'Ums%C3%A4tze.csv` of RFC 5987; `None` if it is none.
fn extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, text) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = percent_decoded(text)?;
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..).unwrap_or_default();
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
