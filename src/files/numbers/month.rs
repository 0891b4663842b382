//! Names of months, which tell that the number beside them is a day.

/// Whether a word in lower case begins like a month in one of the larger languages of Europe.
pub(super) fn is_month(word: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "jan", "jän", "ene", "gen", "feb", "fév", "mar", "mär", "maa", "mrt", "apr", "avr", "abr",
        "may", "mai", "mag", "mei", "maj", "jun", "jui", "giu", "jul", "lug", "aug", "ago", "aoû",
        "sep", "set", "oct", "okt", "ott", "nov", "dec", "déc", "dez", "dic", "янв", "фев", "мар",
        "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    ];
    // `market` and `decline` are no months: the longest names have eleven letters, so only the
    // known longer beginnings are let through.
    let length = word.chars().count();
    BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
        && (length <= 5 || MONTHS.iter().any(|month| word.starts_with(month)))
}

/// The months with more than five letters.
const MONTHS: &[&str] = &[
    "januar",
    "janvier",
    "janeiro",
    "gennai",
    "februar",
    "februari",
    "févr",
    "febrer",
    "febbraio",
    "fevereiro",
    "agosto",
    "august",
    "juillet",
    "septem",
    "setembro",
    "settembre",
    "septiem",
    "octob",
    "oktob",
    "octub",
    "ottob",
    "outubro",
    "novem",
    "noviem",
    "decem",
    "dezem",
    "diciem",
    "dicem",
    "décem",
    "января",
    "феврал",
    "апреля",
    "август",
    "сентяб",
    "октябр",
    "ноября",
    "декабр",
];
