//! Cuts questions, names and values into words, all in the same way, so that they can be compared.

use super::numeral::number;

/// More tokens than this are no simple question.
pub(super) const MAX_TOKENS: usize = 60;

/// A word, a number or a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// As it was typed.
    pub text: String,
    /// In lower case without accents.
    pub word: String,
    /// What it is worth, if it is a number that can be read in one way only.
    pub number: Option<f64>,
    /// Whether it stood in quotation marks: then it names something and is no word of ours.
    pub is_quoted: bool,
}

impl Token {
    fn new(text: &str) -> Self {
        let number = number(text);
        Self { text: text.to_owned(), word: fold(text), number, is_quoted: false }
    }
}

/// Lower case without accents: what typing in a hurry keeps of a word.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'ď' | 'đ' => folded.push('d'),
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => folded.push('e'),
            'ì'..='ï' | 'ī' | 'į' => folded.push('i'),
            'ł' => folded.push('l'),
            'ñ' | 'ń' | 'ň' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => folded.push('o'),
            'ř' => folded.push('r'),
            'ś' | 'š' | 'ş' => folded.push('s'),
            'ť' => folded.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ž' | 'ż' => folded.push('z'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            // What is left of an accent that was written as a character of its own.
            '\u{300}'..='\u{36f}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// The words of a name or a value: `orderDate`, `order_date` and `Order Date` are the same.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    value_words(&spaced)
}

/// The words of a value.
pub(super) fn value_words(value: &str) -> Vec<String> {
    let is_sign = |word: &String| !word.chars().any(char::is_alphanumeric);
    tokens(value).into_iter().map(|token| token.word).filter(|word| !is_sign(word)).collect()
}

/// The tokens of a question.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().map(straight).collect();
    let mut cutter = Cutter { chars: &chars, at: 0, tokens: Vec::new(), quote: None };
    cutter.run();
    let mut tokens = cutter.tokens;
    while tokens.last().is_some_and(|token| matches!(token.word.as_str(), "." | ",")) {
        tokens.pop();
    }
    tokens
}

/// Quotation marks as typewriters have them.
const fn straight(c: char) -> char {
    match c {
        '“' | '”' | '„' | '«' | '»' | '`' => '"',
        '‘' | '’' => '\'',
        c => c,
    }
}

struct Cutter<'a> {
    chars: &'a [char],
    at: usize,
    tokens: Vec<Token>,
    quote: Option<char>,
}

impl Cutter<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or(' ')
    }

    fn run(&mut self) {
        while self.at < self.chars.len() && self.tokens.len() <= MAX_TOKENS {
            let c = self.peek(0);
            if Some(c) == self.quote {
                self.quote = None;
                self.at += 1;
            } else if self.quote.is_none() && matches!(c, '"' | '\'') && self.is_closed(c) {
                self.quote = Some(c);
                self.at += 1;
            } else if c.is_ascii_digit() || (c == '-' && self.is_minus()) {
                self.digits();
            } else if c.is_alphanumeric() {
                self.letters();
            } else {
                self.sign(c);
            }
        }
    }

    /// Whether a mark opens a quotation that ends.
    fn is_closed(&self, mark: char) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        let is_start = before.is_none_or(|c| !c.is_alphanumeric());
        let after = self.chars.get(self.at + 1..).unwrap_or_default();
        let ends = |(at, c): (usize, &char)| {
            *c == mark && !after.get(at + 1).is_some_and(|c| c.is_alphanumeric())
        };
        is_start && after.iter().enumerate().any(ends)
    }

    fn is_minus(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        self.peek(1).is_ascii_digit() && before.is_none_or(|c| c.is_whitespace())
    }

    fn digits(&mut self) {
        let start = self.at;
        self.at += 1;
        while self.peek(0).is_alphanumeric()
            || (matches!(self.peek(0), '.' | ',' | '-' | '/' | ':')
                && self.peek(1).is_ascii_digit())
        {
            self.at += 1;
        }
        self.push(start);
    }

    fn letters(&mut self) {
        let start = self.at;
        let is_part = |c: char| c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c);
        while is_part(self.peek(0)) {
            self.at += 1;
        }
        let stem_end = self.at;
        self.push(start);
        if self.quote.is_none() && self.peek(0) == '\'' {
            self.shortened(stem_end);
        }
    }

    /// `what's`, `isn't`, `Germany's`.
    fn shortened(&mut self, mark: usize) {
        let after = self.chars.get(mark + 1..).unwrap_or_default();
        let tail: String =
            after.iter().take_while(|c| c.is_alphabetic()).flat_map(|c| c.to_lowercase()).collect();
        let Some(last) = self.tokens.last_mut() else { return };
        match (tail.as_str(), last.word.as_str()) {
            ("t", word) if word.ends_with('n') => {
                if word != "can" {
                    last.word.pop();
                    last.text.pop();
                }
                self.tokens.push(Token::new("not"));
            }
            ("s", "what" | "who" | "where" | "which" | "how" | "that" | "there" | "it") => {
                self.tokens.push(Token::new("is"));
            }
            ("s" | "", _) => {}
            ("d", _) => self.tokens.push(Token::new("would")),
            ("re", _) => self.tokens.push(Token::new("are")),
            ("ve", _) => self.tokens.push(Token::new("have")),
            // A name such as O'Brien: its parts are words of their own.
            _ => {
                self.at = mark + 1;
                return;
            }
        }
        self.at = mark + 1 + tail.chars().count();
    }

    fn sign(&mut self, c: char) {
        // `sales.csv` is no end of a sentence.
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        let is_inside =
            before.is_some_and(|c| c.is_alphanumeric()) && self.peek(1).is_alphanumeric();
        if c == '.' && is_inside {
            self.at += 1;
            return;
        }
        let two: String = [c, self.peek(1)].iter().collect();
        let sign = match (two.as_str(), c) {
            (">=" | "=>", _) | (_, '≥') => ">=",
            ("<=" | "=<", _) | (_, '≤') => "<=",
            ("!=" | "<>" | "==", _) | (_, '≠') => {
                if two == "==" {
                    "="
                } else {
                    "!="
                }
            }
            (_, '>') => ">",
            (_, '<') => "<",
            (_, '=') => "=",
            (_, '€') => "€",
            (_, '$') => "$",
            (_, '£') => "£",
            (_, '%') => "%",
            (_, ',') => ",",
            (_, '&') => "and",
            (_, '+') => "+",
            (_, '*') => "*",
            (_, '.' | '?' | '!' | ';') => ".",
            _ => "",
        };
        let is_double = self.quote.is_none()
            && matches!(two.as_str(), ">=" | "=>" | "<=" | "=<" | "!=" | "<>" | "==");
        self.at += if is_double { 2 } else { 1 };
        if !sign.is_empty() {
            let mut token = Token::new(sign);
            token.is_quoted = self.quote.is_some();
            self.tokens.push(token);
        }
    }

    fn push(&mut self, start: usize) {
        let text: String = self.chars.get(start..self.at).unwrap_or_default().iter().collect();
        let mut token = Token::new(&text);
        token.is_quoted = self.quote.is_some();
        // `e-mail` is written in two ways.
        let is_mail = token.word.starts_with("mail");
        if let Some(last) = self.tokens.last_mut().filter(|last| is_mail && last.word == "e") {
            last.word.push_str(&token.word);
            last.text.push_str(&token.text);
        } else {
            self.tokens.push(token);
        }
    }
}

/// Whether two words are the same but for singular and plural.
pub(super) fn same(one: &str, other: &str) -> bool {
    one == other || is_plural(one, other) || is_plural(other, one)
}

/// Whether `many` is the plural of `one`.
pub(super) fn is_plural(many: &str, one: &str) -> bool {
    const IRREGULAR: &[(&str, &str)] = &[
        ("people", "person"),
        ("shelves", "shelf"),
        ("children", "child"),
        ("men", "man"),
        ("women", "woman"),
        ("criteria", "criterion"),
        ("indices", "index"),
    ];
    if one.len() < 2 || IRREGULAR.contains(&(many, one)) {
        return one.len() >= 2;
    }
    let rest = many.strip_prefix(one);
    rest == Some("s")
        || (rest == Some("es") && one.ends_with(['s', 'x', 'z', 'h', 'o']))
        || one
            .strip_suffix("fe")
            .or_else(|| one.strip_suffix('f'))
            .is_some_and(|stem| many.strip_prefix(stem) == Some("ves"))
        || one.strip_suffix('y').is_some_and(|stem| many.strip_prefix(stem) == Some("ies"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn questions_are_cut_into_words_and_signs() {
        let cases: [(&str, &[&str]); 9] = [
            ("What's the total, please?", &["what", "is", "the", "total", ",", "please"]),
            ("isn't don't can't", &["is", "not", "do", "not", "can", "not"]),
            ("Germany's e-mail", &["germany", "email"]),
            ("price>=1,000.50 €", &["price", ">=", "1,000.50", "€"]),
            ("2024-03-15 and 10%", &["2024-03-15", "and", "10", "%"]),
            ("Café O'Brien", &["cafe", "o", "brien"]),
            ("one. two?", &["one", ".", "two"]),
            ("-5 x-5", &["-5", "x", "5"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
        assert!(tokens(&"a ".repeat(10_000)).len() <= MAX_TOKENS + 1);
    }

    #[test]
    fn what_is_quoted_is_marked() {
        let quoted: Vec<(String, bool)> = tokens("is 'New York' or \"in\"")
            .into_iter()
            .map(|token| (token.text, token.is_quoted))
            .collect();
        let expected = [("is", false), ("New", true), ("York", true), ("or", false), ("in", true)];
        assert_eq!(quoted, expected.map(|(text, is)| (text.to_owned(), is)));
    }

    #[test]
    fn numbers_are_read_only_if_there_is_one_way() {
        let cases = [
            ("12", Some(12.0)),
            ("1,000", Some(1000.0)),
            ("1,234,567.5", Some(1_234_567.5)),
            ("0.125", Some(0.125)),
            ("10k", Some(10_000.0)),
            ("-3", Some(-3.0)),
            ("1.234", None),
            ("1,5", None),
            ("12,34,567", None),
            ("3rd", None),
            ("2024-03", None),
            ("k", None),
            ("1.", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn singular_and_plural_are_the_same_word() {
        for (one, many) in [
            ("movie", "movies"),
            ("status", "statuses"),
            ("city", "cities"),
            ("warehouse", "warehouses"),
            ("box", "boxes"),
            ("person", "people"),
        ] {
            assert!(same(one, many) && same(many, one), "{one}");
        }
        for (one, other) in [("price", "prize"), ("a", "as"), ("order", "ordered")] {
            assert!(!same(one, other), "{one}");
        }
    }

    #[test]
    fn names_are_cut_at_capitals_and_signs() {
        assert_eq!(name_words("orderDate"), ["order", "date"]);
        assert_eq!(name_words("customer.name"), ["customer", "name"]);
        assert_eq!(name_words("Revenue (EUR)"), ["revenue", "eur"]);
        assert_eq!(name_words("Größe_in cm"), ["grosse", "in", "cm"]);
    }
}
