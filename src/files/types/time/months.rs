//! Names of months and weekdays in a few languages.

/// What a month's name begins with, January first, marks and case folded: in English, German, French,
/// Spanish, Italian, Dutch and Portuguese.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan", "january", "januar", "jänner", "janv", "janvier", "ene", "enero", "gen", "gennaio",
        "januari", "janeiro",
    ],
    &[
        "feb",
        "february",
        "februar",
        "févr",
        "fév",
        "février",
        "febrero",
        "febbraio",
        "februari",
        "fev",
        "fevereiro",
    ],
    &["mar", "march", "mär", "märz", "mrz", "mars", "marzo", "maart", "mrt", "março"],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "mag", "maggio", "mei", "maio"],
    &["jun", "june", "juni", "juin", "junio", "giu", "giugno", "junho"],
    &["jul", "july", "juli", "juil", "juillet", "julio", "lug", "luglio", "julho"],
    &["aug", "august", "août", "ago", "agosto", "augustus"],
    &["sep", "sept", "september", "septembre", "septiembre", "set", "settembre", "setembro"],
    &["oct", "october", "okt", "oktober", "octobre", "octubre", "ott", "ottobre", "out", "outubro"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &[
        "dec",
        "december",
        "dez",
        "dezember",
        "déc",
        "décembre",
        "dic",
        "diciembre",
        "dicembre",
        "dezembro",
    ],
];

/// What weekdays begin with, in English and German.
const WEEKDAYS: &[&str] = &[
    "mon",
    "monday",
    "tue",
    "tues",
    "tuesday",
    "wed",
    "wednesday",
    "thu",
    "thur",
    "thurs",
    "thursday",
    "fri",
    "friday",
    "sat",
    "saturday",
    "sun",
    "sunday",
    "mo",
    "montag",
    "di",
    "dienstag",
    "mi",
    "mittwoch",
    "do",
    "donnerstag",
    "fr",
    "freitag",
    "sa",
    "samstag",
    "so",
    "sonntag",
];

/// The month of that name, from 1 on.
pub(super) fn month(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let place = MONTHS.iter().position(|names| names.contains(&word.as_str()))?;
    u8::try_from(place + 1).ok()
}

/// Whether it is a weekday.
pub(super) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|name| name.eq_ignore_ascii_case(word))
}
