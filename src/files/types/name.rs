//! What a column's name says about its cells, where the cells alone could be several things.

/// Last words of names of things that are written with digits but are no amounts.
const IDENTIFIERS: &[&str] = &[
    "id",
    "ids",
    "uid",
    "uuid",
    "guid",
    "zip",
    "zipcode",
    "plz",
    "postcode",
    "postleitzahl",
    "phone",
    "telephone",
    "tel",
    "telefon",
    "telefonnummer",
    "mobile",
    "handy",
    "fax",
    "sku",
    "ean",
    "isbn",
    "iban",
    "bic",
    "ssn",
    "barcode",
    "imei",
    "gtin",
    "upc",
    "kundennummer",
    "bestellnummer",
    "rechnungsnummer",
    "artikelnummer",
];

/// Two last words that mean the same.
const IDENTIFIER_PAIRS: &[(&str, &str)] = &[
    ("zip", "code"),
    ("postal", "code"),
    ("phone", "number"),
    ("mobile", "number"),
    ("account", "number"),
    ("card", "number"),
    ("serial", "number"),
];

/// First words of questions that 1 and 0 answer, and last ones.
const QUESTIONS: &[&str] =
    &["is", "has", "was", "had", "can", "should", "ist", "hat", "war", "kann"];
const STATES: &[&str] = &[
    "flag",
    "bool",
    "boolean",
    "active",
    "enabled",
    "disabled",
    "deleted",
    "verified",
    "subscribed",
    "paid",
    "completed",
    "churned",
    "aktiv",
    "bezahlt",
    "yn",
];

const DAYS: &[&str] = &["date", "datum", "day", "tag", "fecha", "data", "dt", "dato", "jour"];

/// The words of a name in lower case: `customerId`, `customer_id` and `Customer ID` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut is_new = true;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            (is_new, was_lower) = (true, false);
            continue;
        }
        is_new |= was_lower && c.is_uppercase();
        was_lower = c.is_lowercase();
        match words.last_mut().filter(|_| !is_new) {
            Some(word) => word.extend(c.to_lowercase()),
            None => words.push(c.to_lowercase().collect()),
        }
        is_new = false;
    }
    words
}

fn is_in(list: &[&str], word: Option<&String>) -> bool {
    word.is_some_and(|word| list.contains(&word.as_str()))
}

/// Whether it names single things: their digits are no amount.
pub(in crate::files) fn is_identifier(name: &str) -> bool {
    let words = words(name);
    let mut from_end = words.iter().rev();
    let (last, before) = (from_end.next(), from_end.next());
    let is_pair = |(first, second): &(&str, &str)| {
        before.is_some_and(|word| word == first) && last.is_some_and(|word| word == second)
    };
    is_in(IDENTIFIERS, last) || IDENTIFIER_PAIRS.iter().any(is_pair)
}

/// Whether 1 means yes.
pub(in crate::files) fn is_question(name: &str) -> bool {
    let words = words(name);
    is_in(QUESTIONS, words.first().filter(|_| words.len() > 1)) || is_in(STATES, words.last())
}

/// Whether `1.2.24` is no day.
pub(in crate::files) fn is_version(name: &str) -> bool {
    words(name)
        .iter()
        .any(|word| matches!(word.as_str(), "version" | "versions" | "ver" | "release" | "build"))
}

/// Whether eight digits are a day.
pub(in crate::files) fn is_day(name: &str) -> bool {
    words(name).iter().any(|word| DAYS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_digits_are() {
        for name in
            ["id", "ID", "customer_id", "customerId", "Order ID", "PLZ", "Zip Code", "phone number"]
        {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "paid", "number", "id count", "grid", "code", "phone calls", "humid"] {
            assert!(!is_identifier(name), "{name}");
        }
        for name in ["is_active", "hasChildren", "active", "Deleted", "newsletter_flag"] {
            assert!(is_question(name), "{name}");
        }
        for name in ["is", "island", "activities", "count", "has"] {
            assert!(!is_question(name), "{name}");
        }
        assert!(is_day("order_date") && is_day("Datum") && !is_day("update") && !is_day("amount"));
    }
}
