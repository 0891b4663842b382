//! Latin letters with marks, as the plain letters they look like.

/// Letters, each string with the plain letters it stands for.
const LETTERS: &[(&str, &str)] = &[
    ("àáâãäåāăąǎÀÁÂÃÄÅĀĂĄǍ", "a"),
    ("æÆ", "ae"),
    ("çćĉċčÇĆĈĊČ", "c"),
    ("ďđðĎĐÐ", "d"),
    ("èéêëēĕėęěÈÉÊËĒĔĖĘĚ", "e"),
    ("ĝğġģĜĞĠĢ", "g"),
    ("ĥħĤĦ", "h"),
    ("ìíîïĩīĭįıÌÍÎÏĨĪĬĮİ", "i"),
    ("ĵĴ", "j"),
    ("ķĶ", "k"),
    ("ĺļľŀłĹĻĽĿŁ", "l"),
    ("ñńņňÑŃŅŇ", "n"),
    ("òóôõöøōŏőÒÓÔÕÖØŌŎŐ", "o"),
    ("œŒ", "oe"),
    ("ŕŗřŔŖŘ", "r"),
    ("śŝşšșŚŜŞŠȘ", "s"),
    ("ßẞ", "ss"),
    ("ţťŧțŢŤŦȚ", "t"),
    ("þÞ", "th"),
    ("ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ", "u"),
    ("ŵŴ", "w"),
    ("ýÿŷÝŸŶ", "y"),
    ("źżžŹŻŽ", "z"),
    // What a decomposed letter carries after it: it vanishes.
    (
        "\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{30a}\u{30b}\u{30c}\u{327}\u{328}",
        "",
    ),
];

/// The plain letters, `None` for whatever is no Latin letter.
pub(in crate::files) fn fold(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    LETTERS.iter().find(|(letters, _)| letters.contains(c)).map(|(_, plain)| *plain)
}
