use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; boundary=xYz";

/// What a form says: names, file names and contents, or why it is none.
type Told = Result<Vec<(String, Option<String>, Vec<u8>)>, FormError>;

/// Decodes a body that comes in pieces of these sizes, over and over.
fn decoded(content_type: &str, body: &[u8], sizes: &[usize]) -> Told {
    let mut decoder = FormDecoder::new(content_type)?;
    let mut told = Vec::new();
    let mut rest = body;
    let mut sizes = sizes.iter().copied().cycle();
    loop {
        match decoder.next_event()? {
            FormEvent::Part(head) => told.push((head.name, head.file_name, Vec::new())),
            FormEvent::Content(bytes) => {
                told.last_mut().expect("a part has begun").2.extend_from_slice(&bytes);
            }
            FormEvent::End => return Ok(told),
            FormEvent::Starved if rest.is_empty() => return Err(FormError::Incomplete),
            FormEvent::Starved => {
                let size = sizes.next().unwrap_or(1).clamp(1, rest.len());
                decoder.feed(&rest[..size]);
                rest = &rest[size..];
            }
        }
    }
}

fn whole(body: &str) -> Told {
    decoded(TYPE, body.as_bytes(), &[usize::MAX])
}

fn part(head: &str, content: &str) -> String {
    format!("--xYz\r\n{head}\r\n\r\n{content}\r\n")
}

const FIELD: &str = "Content-Disposition: form-data; name=\"a\"";

#[test]
fn fields_and_files_are_read() {
    let file =
        "content-disposition:form-data;name=file;filename=\"a.csv\"\r\nContent-Type: text/csv";
    let body = part(FIELD, "1") + &part(file, "x,y\r\n1,2\r\n") + "--xYz--\r\nepilogue";
    let told = whole(&body).expect("a form");
    assert_eq!(told[0], ("a".to_owned(), None, b"1".to_vec()));
    assert_eq!(told[1], ("file".to_owned(), Some("a.csv".to_owned()), b"x,y\r\n1,2\r\n".to_vec()));
    assert_eq!(told.len(), 2);
}

#[test]
fn what_browsers_and_programs_send_is_understood() {
    let cases = [
        ("name=\"file\"; filename=\"Umsätze.csv\"", "Umsätze.csv"),
        ("name=\"file\"; filename=\"a%22b.csv\"", "a\"b.csv"),
        ("name=\"file\"; filename=\"a\\\"b.csv\"", "a\"b.csv"),
        ("name=\"file\"; filename=\"C:\\dir\\a.csv\"", "C:\\dir\\a.csv"),
        ("name=\"file\"; filename=\"a;b=c.csv\"", "a;b=c.csv"),
        ("filename=\"x.csv\"; name=\"file\"", "x.csv"),
        ("name=\"file\"; filename*=UTF-8''Ums%C3%A4tze.csv", "Umsätze.csv"),
        ("name=\"file\"; filename=\"old.csv\"; filename*=utf-8'de'new.csv", "new.csv"),
        ("name=\"file\"; filename*=ISO-8859-1''%E4.csv", "ä.csv"),
        ("name=\"file\"; filename=\"plain.csv\"; filename*=klingon''x", "plain.csv"),
        ("name=\"file\"; filename=\"plain.csv\"; filename*=UTF-8''%zz", "plain.csv"),
        ("NAME=file; FileName=bare.csv", "bare.csv"),
        ("name=\"file\"; filename=\"\"", ""),
        ("flag; name=\"file\"; filename=\"a.csv\"", "a.csv"),
    ];
    for (parameters, expected) in cases {
        let head = format!("Content-Disposition: form-data; {parameters}");
        let told = whole(&(part(&head, "x") + "--xYz--")).expect(parameters);
        assert_eq!((&*told[0].0, told[0].1.as_deref()), ("file", Some(expected)), "{parameters}");
    }
}

#[test]
fn a_boundary_may_be_quoted_padded_and_come_behind_a_preamble() {
    let body = b"for old readers\r\n--a b \t\r\nContent-Disposition: form-data; name=n\r\n\r\nv\r\n--a b-- ";
    let content_type = "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"";
    let told = decoded(content_type, body, &[3]).expect("a form");
    assert_eq!(told, [("n".to_owned(), None, b"v".to_vec())]);
}

#[test]
fn what_nearly_is_a_boundary_is_content() {
    let content = "\r\n--xY\r\n--xYZ\r--xYz\n--xYz--\r\n-\r\n--";
    for size in 1..20 {
        let body = part(FIELD, content) + "--xYz--";
        let told = decoded(TYPE, body.as_bytes(), &[size]).expect("a form");
        assert_eq!(told[0].2, content.as_bytes(), "{size}");
    }
}

#[test]
fn hostile_bodies_are_refused() {
    let field = part(FIELD, "1");
    let end = "--xYz--";
    let cases = [
        (String::new(), FormError::Incomplete),
        ("no boundary at all".repeat(10_000), FormError::Incomplete),
        (field.clone(), FormError::Incomplete),
        (field.clone() + "--xYz", FormError::Incomplete),
        (field.clone() + "--xYz-", FormError::Incomplete),
        (format!("--xYz\r\n{FIELD}\r\n\r\nbegun"), FormError::Incomplete),
        (field.repeat(10_000) + end, FormError::TooManyParts),
        (part(&format!("{FIELD}\r\nX: {}", "x".repeat(20_000)), "1") + end, FormError::HeadTooLong),
        (format!("--xYz\r\n{}", "X: y\r\n".repeat(1_000_000)), FormError::HeadTooLong),
        (part("Content-Type: text/plain", "1") + end, FormError::BadHead),
        ("--xYz\r\n\r\ncontent\r\n--xYz--".to_owned(), FormError::BadHead),
        (part("Content-Disposition: form-data", "1") + end, FormError::BadHead),
        (part("Content-Disposition: attachment; name=a", "1") + end, FormError::BadHead),
        (
            part(&format!("{FIELD}\r\nContent-Transfer-Encoding: base64"), "MQ==") + end,
            FormError::BadHead,
        ),
        (field.clone() + "--xYzmore\r\n", FormError::BadBoundary),
        (field + "--xYz" + &" ".repeat(10_000), FormError::BadBoundary),
        (
            "--xYz\nContent-Disposition: form-data; name=a\n\n1\n--xYz--".to_owned(),
            FormError::BadBoundary,
        ),
    ];
    for (body, expected) in cases {
        for size in [1, 1000, usize::MAX] {
            let told = decoded(TYPE, body.as_bytes(), &[size]);
            let shown: String = body.chars().take(60).collect();
            assert_eq!(told, Err(expected), "{shown:?} in pieces of {size}");
        }
    }
}

#[test]
fn a_content_type_without_a_usable_boundary_is_refused() {
    let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
    for content_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        &long,
        "",
    ] {
        assert_eq!(FormDecoder::new(content_type).err(), Some(FormError::NoBoundary));
    }
}

proptest! {
    #[test]
    fn it_makes_no_difference_in_which_pieces_a_body_comes(
        contents in proptest::collection::vec(
            proptest::collection::vec(proptest::sample::select(b"\r\n-xYz1".to_vec()), 0..60), 0..5,
        ),
        sizes in proptest::collection::vec(1_usize..40, 1..8),
    ) {
        let mut body = Vec::new();
        for content in &contents {
            body.extend_from_slice(format!("--xYz\r\n{FIELD}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xYz--");
        prop_assert_eq!(
            decoded(TYPE, &body, &sizes),
            decoded(TYPE, &body, &[usize::MAX])
        );
    }

    #[test]
    fn any_bytes_are_a_form_or_an_error(
        body in proptest::collection::vec(any::<u8>(), 0..2000),
        content_type in ".{0,80}",
    ) {
        let _told = decoded(TYPE, &body, &[7]);
        let _told = decoded(&content_type, &body, &[7]);
    }
}
