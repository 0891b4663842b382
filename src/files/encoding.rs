//! Bytes to text: UTF-8, UTF-16 in either order, Windows-1252.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::files::error::FileError;

/// Text, and how it was written.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// Set where it was not plain UTF-8: how it was read, for people.
    pub(super) read_as: Option<&'static str>,
}

/// # Errors
/// Neither of the known encodings, or NUL in it.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, FileError> {
    let (text, read_as) = match Encoding::for_bom(bytes) {
        Some((encoding, bom)) => {
            let rest = bytes.get(bom..).unwrap_or_default();
            if encoding == UTF_16LE || encoding == UTF_16BE {
                (wide(rest, encoding)?, Some(encoding.name()))
            } else {
                let text = std::str::from_utf8(rest).map_err(|error| FileError::Encoding {
                    what: "The file says that it is UTF-8, but it is not".to_owned(),
                    byte: bom + error.valid_up_to(),
                })?;
                (Cow::Borrowed(text), None)
            }
        }
        None => without_mark(bytes)?,
    };
    match text.find('\0') {
        Some(byte) => {
            Err(FileError::Encoding { what: "The text contains a NUL byte".to_owned(), byte })
        }
        None => Ok(Decoded { text, read_as }),
    }
}

fn without_mark(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>), FileError> {
    if let Some(encoding) = unmarked_wide(bytes) {
        return Ok((wide(bytes, encoding)?, Some(encoding.name())));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((Cow::Borrowed(text), None)),
        Err(error) => Ok((single(bytes, error.valid_up_to())?, Some("Windows-1252"))),
    }
}

/// UTF-16 without a mark: mostly Latin text, so every other byte is zero nearly always.
fn unmarked_wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024) & !1).filter(|head| head.len() >= 4)?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 10 >= pairs * 7 && even * 20 <= pairs {
        return Some(UTF_16LE);
    }
    (even * 10 >= pairs * 7 && odd * 20 <= pairs).then_some(UTF_16BE)
}

fn wide<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, FileError> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        FileError::Encoding {
            what: format!("The file is not whole {} text", encoding.name()),
            byte: 0,
        }
    })
}

/// Windows-1252 gives every byte a meaning, so the text must look like text: no control characters
/// and none of the five places that it leaves open, and letters next to most of what is beyond
/// ASCII.
fn single(bytes: &[u8], first: usize) -> Result<Cow<'_, str>, FileError> {
    let is_odd = |byte: &u8| matches!(byte, 0x01..=0x08 | 0x0b | 0x0e..=0x1f | 0x7f | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    let odd = bytes.iter().position(is_odd);
    let beyond = bytes.iter().filter(|byte| **byte >= 0x80).count();
    if let Some(byte) = odd.or((beyond * 2 > bytes.len()).then_some(first)) {
        let what = "The text is neither UTF-8 nor UTF-16 nor Windows-1252".to_owned();
        return Err(FileError::Encoding { what, byte });
    }
    Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn known_encodings_are_read_with_and_without_a_mark() {
        let text = "Größe;Preis\nüber;12,50\n";
        let cases: Vec<(Vec<u8>, Option<&str>)> = vec![
            (text.as_bytes().to_vec(), None),
            (format!("\u{feff}{text}").into_bytes(), None),
            (utf16(text, u16::to_le_bytes), Some("UTF-16LE")),
            (utf16(text, u16::to_be_bytes), Some("UTF-16BE")),
            (utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), Some("UTF-16LE")),
            (utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), Some("UTF-16BE")),
            (text.chars().map(|c| u8::try_from(c).expect("Latin")).collect(), Some("Windows-1252")),
        ];
        for (bytes, read_as) in cases {
            let decoded = decode(&bytes).expect("is text");
            assert_eq!((decoded.text.as_ref(), decoded.read_as), (text, read_as));
        }
        assert_eq!(decode(b"\x80 5").map(|d| d.text.into_owned()), Ok("€ 5".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_byte() {
        for (bytes, byte) in [
            (b"a,b\nc\0,d".as_slice(), 5),
            (b"\xef\xbb\xbfab\xff", 5),
            (b"ab\x81cdefgh", 2),
            (b"caf\xe9 \x01", 5),
            (b"\xff\xfea\0b", 0),
            (b"\xe4\xe5\xe6\xe7a", 0),
        ] {
            match decode(bytes) {
                Err(FileError::Encoding { byte: found, .. }) => {
                    assert_eq!(found, byte, "{bytes:?}")
                }
                Err(other) => panic!("{other}"),
                Ok(decoded) => panic!("{bytes:?} is read as {:?}", decoded.text),
            }
        }
    }
}
