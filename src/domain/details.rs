//! Details: what a visitor tells about themselves, checked field by field.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::lead::{FieldKind, LeadForm, is_key, usual_kind};

/// Most keys of one request.
pub const MAX_DETAILS: usize = 20;
/// Longest detail, characters.
pub const MAX_DETAIL_CHARS: usize = 500;
/// Fewest and most digits of a phone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 5..=20;
/// Longest e-mail address, as mail servers have it.
const MAX_EMAIL_CHARS: usize = 254;

/// What is known of a visitor, by key.
pub type Details = BTreeMap<String, String>;
/// Details to set, or to remove where there is no text.
pub type DetailChanges = BTreeMap<String, Option<String>>;
/// What is wrong, by key.
pub type DetailProblems = BTreeMap<String, String>;

/// What `given` changes. Name, e-mail and phone are taken whatever the form asks for: a host page
/// that knows its user says so too.
///
/// # Errors
/// Each key that cannot be taken, with what is wrong with it.
pub fn changes(
    form: Option<&LeadForm>,
    given: Map<String, Value>,
) -> Result<DetailChanges, DetailProblems> {
    if given.len() > MAX_DETAILS {
        let problem = format!("There are {} details, at most {MAX_DETAILS}.", given.len());
        return Err(DetailProblems::from([(".".to_owned(), problem)]));
    }
    let (mut changes, mut problems) = (DetailChanges::new(), DetailProblems::new());
    for (key, value) in given {
        match change(form, &key, value) {
            Ok(change) => drop(changes.insert(key, change)),
            Err(problem) => drop(problems.insert(key.chars().take(60).collect(), problem)),
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

fn change(form: Option<&LeadForm>, key: &str, value: Value) -> Result<Option<String>, String> {
    let field = form.and_then(|form| form.fields.iter().find(|field| field.key == key));
    // What a visitor agreed to is kept with what they told.
    let consent = form.filter(|form| key == "consent" && form.consent.is_some());
    let kind = field.map(|field| field.kind).or_else(|| usual_kind(key));
    let kind = kind.or_else(|| consent.map(|_| FieldKind::Textarea));
    let kind = kind.filter(|_| is_key(key)).ok_or("No field has this name.")?;
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err("It must be a text or null.".to_owned()),
    };
    if text.is_empty() {
        let is_required = field.is_some_and(|field| field.required);
        return if is_required { Err("It cannot be left empty.".to_owned()) } else { Ok(None) };
    }
    check(kind, &text)?;
    Ok(Some(text))
}

fn check(kind: FieldKind, text: &str) -> Result<(), String> {
    let chars = text.chars().count();
    if chars > MAX_DETAIL_CHARS {
        return Err(format!("It has {chars} characters, at most {MAX_DETAIL_CHARS} are kept."));
    }
    let may_break = kind == FieldKind::Textarea;
    if text.chars().any(|c| c.is_control() && !(may_break && matches!(c, '\n' | '\r' | '\t'))) {
        return Err("It holds a character that cannot be used.".to_owned());
    }
    match kind {
        FieldKind::Email if !is_email(text) => Err("It is not an e-mail address.".to_owned()),
        FieldKind::Tel if !is_phone(text) => Err("It is not a phone number.".to_owned()),
        _ => Ok(()),
    }
}

/// Whether mail could go there; only sending one shows whether it does.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let is_name = |c: char| !c.is_whitespace() && !"@<>()[],;:\\\"".contains(c);
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.chars().count() <= MAX_EMAIL_CHARS
        && !name.is_empty()
        && name.chars().all(is_name)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// Digits of any keyboard, with what people put between them.
fn is_phone(text: &str) -> bool {
    let is_digit = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '٠'..='٩' | '۰'..='۹' | '०'..='९' | '\u{ff10}'..='\u{ff19}')
    };
    let digits = text.chars().filter(|c| is_digit(*c)).count();
    let is_usual = |c: char| is_digit(c) || "+-().\u{2010}\u{2011}\u{2013}/ \u{a0}".contains(c);
    PHONE_DIGITS.contains(&digits) && text.chars().all(is_usual)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn given(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn an_address_is_told_from_what_is_none() {
        for text in ["ada@example.com", "a.b+c@sub.example.co", "grüße@köln.example", "a@b.c"] {
            assert!(is_email(text), "{text}");
        }
        let long = format!("{}@example.com", "a".repeat(250));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "ada@example.",
            "ada@.com",
            "a b@example.com",
            "a@b@example.com",
            "ada@exa mple.com",
            "ada@-x.com",
            "Ada <ada@example.com>",
            "ada@example.com, bob@example.com",
            &long,
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_told_from_what_is_none() {
        for text in ["+41 44 123 45 67", "(044) 123-45.67", "12345", "٠٤٤١٢٣٤٥", "0761/12345"]
        {
            assert!(is_phone(text), "{text}");
        }
        let long = "1".repeat(21);
        for text in ["", "1234", "+", "call me", "12345 ext", "12345;67", &long] {
            assert!(!is_phone(text), "{text}");
        }
    }

    #[test]
    fn the_owners_own_fields_are_taken_beside_the_usual_ones() {
        let form =
            LeadForm::parse(r#"{"fields":["email!","company",{"key":"need","type":"textarea"}]}"#)
                .expect("a form");
        let told = given(json!({ "name": " Ada ", "email": "ada@example.com", "phone": "",
            "company": null, "need": "a\nb" }));
        let expected = DetailChanges::from([
            ("company".to_owned(), None),
            ("email".to_owned(), Some("ada@example.com".to_owned())),
            ("name".to_owned(), Some("Ada".to_owned())),
            ("need".to_owned(), Some("a\nb".to_owned())),
            ("phone".to_owned(), None),
        ]);
        assert_eq!(changes(Some(&form), told), Ok(expected));
    }

    #[test]
    fn what_a_visitor_agreed_to_is_taken_where_a_form_asks_for_it() {
        let form = LeadForm::parse(r#"{"consent":"I agree.","fields":["email"]}"#).expect("a form");
        let told = || given(json!({ "consent": "I agree." }));
        let expected = [("consent".to_owned(), Some("I agree.".to_owned()))];
        assert_eq!(changes(Some(&form), told()), Ok(DetailChanges::from(expected)));
        let silent = LeadForm::parse("email").expect("a form");
        changes(Some(&silent), told()).expect_err("this form does not ask");
    }

    #[test]
    fn each_wrong_detail_is_named() {
        let form = LeadForm::parse("email!, company").expect("a form");
        let told = given(json!({ "email": "", "company": "x".repeat(501), "name": 5,
            "phone": "call me", "sessionId": "x", "role": "admin", "Name": "x" }));
        let problems = changes(Some(&form), told).expect_err("problems");
        let keys: Vec<&str> = problems.keys().map(String::as_str).collect();
        assert_eq!(keys, ["Name", "company", "email", "name", "phone", "role", "sessionId"]);
        for value in [json!("a\u{0}b"), json!("a\nb"), json!("a\u{1b}[1m"), json!(["x"]), json!({})]
        {
            changes(None, given(json!({ "name": value }))).expect_err("no name");
        }
        changes(None, given(json!({ "company": "x" }))).expect_err("without a form nobody asks");
        let many = (0..=MAX_DETAILS).map(|n| (format!("k{n}"), json!("x"))).collect();
        assert!(changes(None, many).expect_err("too many").contains_key("."));
    }
}
