//! How a written number can be read. `1.234` is one thing in Berlin and another in Boston, so a
//! number may have two readings; a reply is right when one of them is.

/// A value, and how exact it claims to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    pub value: f64,
    /// Half of the last digit shown.
    pub tolerance: f64,
    /// Whether a percent sign follows.
    pub is_percent: bool,
}

/// Words that multiply. A word may mean two things in two languages, and a single letter may be a
/// unit as well.
const SCALES: &[(&str, &[f64])] = &[
    ("k", &[1e3, 1.0]),
    ("tsd", &[1e3]),
    ("t", &[1e3, 1.0]),
    ("m", &[1e6, 1.0]),
    ("mm", &[1e6, 1.0]),
    ("mn", &[1e6]),
    ("mio", &[1e6]),
    ("mln", &[1e6]),
    ("b", &[1e9, 1.0]),
    ("bn", &[1e9]),
    ("mrd", &[1e9]),
    ("mld", &[1e9]),
    ("mil", &[1e3, 1e6]),
    ("mille", &[1e3]),
    ("mila", &[1e3]),
    ("bin", &[1e3]),
    ("tys", &[1e3]),
    ("тыс", &[1e3]),
    ("тис", &[1e3]),
    ("млн", &[1e6]),
    ("млрд", &[1e9]),
    ("lakh", &[1e5]),
    ("crore", &[1e7]),
    ("thousand", &[1e3]),
    ("tausend", &[1e3]),
    ("duizend", &[1e3]),
    ("tusen", &[1e3]),
    ("million", &[1e6]),
    ("millió", &[1e6]),
    ("millón", &[1e6]),
    ("millon", &[1e6]),
    ("milion", &[1e6]),
    ("milião", &[1e6]),
    ("milhão", &[1e6]),
    ("milhõ", &[1e6]),
    ("miljo", &[1e6]),
    ("milyon", &[1e6]),
    ("milyar", &[1e9]),
    ("milliard", &[1e9]),
    ("miliard", &[1e9]),
    ("miljard", &[1e9]),
    ("billion", &[1e9, 1e12]),
    ("bilhõ", &[1e9]),
    ("trillion", &[1e12, 1e18]),
    ("万", &[1e4]),
    ("萬", &[1e4]),
    ("만", &[1e4]),
    ("億", &[1e8]),
    ("亿", &[1e8]),
    ("억", &[1e8]),
    ("천", &[1e3]),
    ("千", &[1e3]),
];

/// Words for `%`.
const PERCENT: &[&str] = &[
    "%",
    "٪",
    "percent",
    "per cent",
    "prozent",
    "pct",
    "procent",
    "pour cent",
    "por ciento",
    "por cento",
];

/// What may follow a number: how it multiplies, or a percent sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Suffix {
    Scale(&'static [f64]),
    Percent,
}

/// The suffix at the beginning of a text, in lower case, and its length in characters.
pub(super) fn suffix(text: &str) -> Option<(Suffix, usize)> {
    if let Some(word) = PERCENT.iter().find(|word| text.starts_with(**word)) {
        return Some((Suffix::Percent, word.chars().count()));
    }
    let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let length = word.chars().count();
    let is_meant = |scale: &str| {
        // Endings differ: millions, Millionen, miljoonaa. Signs of Chinese stand without a space.
        let has_endings = scale.chars().count() > 4 && word.starts_with(scale) && length < 14;
        word == scale
            || has_endings
            || (!scale.is_ascii() && scale.chars().count() == 1 && word.starts_with(scale))
    };
    let (scale, factors) =
        SCALES.iter().filter(|(scale, _)| is_meant(scale)).max_by_key(|(scale, _)| scale.len())?;
    let is_sign = !scale.is_ascii() && scale.chars().count() == 1;
    Some((Suffix::Scale(factors), if is_sign { 1 } else { length }))
}

/// The readings of digits with signs between them, none when it is no number: `1.2.3`.
/// `is_rough` is about `about 12,000`, which is right for 12,345.
pub(super) fn readings(written: &str, suffix: Option<Suffix>, is_rough: bool) -> Vec<Reading> {
    let factors: &[f64] = match suffix {
        Some(Suffix::Scale(factors)) => factors,
        _ => &[1.0],
    };
    let plain = plain(written);
    let mut readings = Vec::new();
    for (digits, decimals) in plain {
        let Ok(number) = digits.parse::<f64>() else { continue };
        let zeros = digits.bytes().rev().take_while(|b| *b == b'0').count();
        let exponent = if is_rough && decimals == 0 { zeros.min(digits.len() - 1) } else { 0 };
        let last_digit = 10f64.powi(exponent as i32 - decimals as i32);
        for factor in factors {
            readings.push(Reading {
                value: number / 10f64.powi(decimals as i32) * factor,
                tolerance: last_digit * factor / 2.0,
                is_percent: suffix == Some(Suffix::Percent),
            });
        }
    }
    readings
}

/// All digits of a number, and how many of them are decimals, for each way to read it.
fn plain(written: &str) -> Vec<(String, usize)> {
    let mut groups = vec![String::new()];
    let mut signs = Vec::new();
    for c in written.chars() {
        match digit(c) {
            Some(digit) => groups.iter_mut().last().into_iter().for_each(|group| group.push(digit)),
            None => {
                signs.push(kind(c));
                groups.push(String::new());
            }
        }
    }
    let digits = groups.concat();
    let decimals = groups.last().map_or(0, String::len);
    let is_grouped = |signs: &[char], groups: &[String]| -> bool {
        let mut rest = groups.iter().skip(1).rev();
        let is_same = signs.windows(2).all(|pair| pair.first() == pair.last());
        is_same
            && groups.first().is_some_and(|first| (1..=3).contains(&first.len()) && first != "0")
            && rest.next().is_none_or(|last| last.len() == 3)
            && (rest.clone().all(|group| group.len() == 3) || rest.all(|group| group.len() == 2))
    };
    let mut found = Vec::new();
    if is_grouped(&signs, &groups) || signs.is_empty() {
        found.push((digits.clone(), 0));
    }
    if let Some((last, before)) = signs.split_last() {
        let whole = groups.get(..before.len() + 1).unwrap_or_default();
        // `2,000` is no exact 2: nobody shows three decimals that end in 0 beside thousands.
        let is_thousands = !found.is_empty() && digits.ends_with('0');
        let is_decimal = matches!(last, '.' | ',') && !before.contains(last) && !is_thousands;
        if is_decimal && (before.is_empty() || is_grouped(before, whole)) {
            found.push((digits, decimals));
        }
    }
    found
}

/// Signs that mean the same: all spaces, all apostrophes, the Arabic point and comma.
const fn kind(sign: char) -> char {
    match sign {
        '٫' => ',',
        '٬' | '’' => '\'',
        '.' | ',' | '\'' => sign,
        _ => ' ',
    }
}

/// The digit of any of the scripts that the widget speaks, as an ASCII one.
pub(super) fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 6] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10];
    let code = c as u32;
    let zero = ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}
