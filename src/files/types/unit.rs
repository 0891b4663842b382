//! Currencies and the per cent sign beside a number.

/// What a number counts: the place in [`UNITS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) struct Unit(u8);

/// The per cent sign comes first, then currencies: the name people are told, and how it is written.
/// `$` and `¥` and `kr` stay signs: which of several currencies is meant nobody can tell.
const UNITS: &[(&str, &[&str])] = &[
    ("%", &["%", "％"]),
    ("EUR", &["€", "EUR"]),
    ("$", &["$"]),
    ("USD", &["US$", "USD"]),
    ("GBP", &["£", "GBP"]),
    ("¥", &["¥", "￥"]),
    ("CHF", &["CHF", "SFr.", "Fr."]),
    ("INR", &["₹", "INR", "Rs."]),
    ("JPY", &["JPY"]),
    ("CNY", &["CNY", "RMB"]),
    ("kr", &["kr.", "kr"]),
    ("SEK", &["SEK"]),
    ("NOK", &["NOK"]),
    ("DKK", &["DKK"]),
    ("PLN", &["zł", "PLN"]),
    ("CZK", &["Kč", "CZK"]),
    ("HUF", &["HUF"]),
    ("RUB", &["₽", "RUB"]),
    ("UAH", &["₴", "UAH"]),
    ("TRY", &["₺", "TRY"]),
    ("KRW", &["₩", "KRW"]),
    ("ILS", &["₪", "ILS"]),
    ("BRL", &["R$", "BRL"]),
    ("CAD", &["C$", "CA$", "CAD"]),
    ("AUD", &["A$", "AU$", "AUD"]),
    ("NZD", &["NZ$", "NZD"]),
    ("HKD", &["HK$", "HKD"]),
    ("SGD", &["S$", "SGD"]),
    ("MXN", &["MX$", "MXN"]),
    ("ZAR", &["ZAR"]),
    ("AED", &["AED"]),
    ("SAR", &["SAR"]),
    ("THB", &["฿", "THB"]),
    ("PHP", &["₱", "PHP"]),
    ("VND", &["₫", "VND"]),
    ("IDR", &["IDR"]),
    ("NGN", &["₦", "NGN"]),
    ("BTC", &["₿", "BTC"]),
];

impl Unit {
    pub(in crate::files) const fn is_percent(self) -> bool {
        self.0 == 0
    }

    pub(in crate::files) fn name(self) -> &'static str {
        UNITS.get(usize::from(self.0)).map_or("", |(name, _)| name)
    }

    fn find(accept: impl Fn(&str) -> bool) -> Option<Self> {
        let place =
            UNITS.iter().position(|(_, written)| written.iter().any(|sign| accept(sign)))?;
        u8::try_from(place).ok().map(Self)
    }
}

/// A currency in front of the digits, and what follows it.
pub(in crate::files) fn before(text: &str) -> Option<(Unit, &str)> {
    let digits =
        text.find(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '−' | '–' | '('));
    let (sign, rest) = text.split_at_checked(digits.filter(|at| *at > 0)?)?;
    let unit = of_word(sign.trim_end()).filter(|unit| !unit.is_percent())?;
    Some((unit, rest))
}

/// A currency or a per cent sign after the digits, and what stands in front of it.
pub(in crate::files) fn after(text: &str) -> Option<(Unit, &str)> {
    let last = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−'))?;
    let (_, tail) = text.split_at_checked(last)?;
    let width = tail.chars().next()?.len_utf8();
    let (rest, sign) = text.split_at_checked(last + width)?;
    // `5.` and `5,- €` end in a mark that is no part of the sign.
    let sign = sign.trim_start_matches(['.', ',']).trim();
    Some((of_word(sign)?, rest))
}

/// The unit that is written like this.
pub(in crate::files) fn of_word(word: &str) -> Option<Unit> {
    if word.is_empty() || word.len() > 4 {
        return None;
    }
    Unit::find(|sign| sign == word)
}

/// The one currency that a column's name speaks of: `Price (EUR)`, `amount_usd`, `Umsatz in €`.
pub(in crate::files) fn in_name(name: &str) -> Option<Unit> {
    let is_between = |c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '$';
    let is_sign = |word: &str| {
        let word = word.to_uppercase();
        Unit::find(|sign| sign == word && !matches!(sign, "TRY"))
    };
    let mut found = name.split(is_between).filter(|word| !word.is_empty()).filter_map(is_sign);
    let unit = found.next().filter(|unit| !unit.is_percent())?;
    found.all(|other| other == unit).then_some(unit)
}
