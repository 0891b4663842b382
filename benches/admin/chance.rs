//! Chance that falls the same way each time, and words to make up texts from.

/// Numbers that look random; the same seed gives the same ones.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number (SplitMix64).
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub fn part(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        (self.part() * end as f64) as u64
    }

    /// Whether something happens that happens in so many of a thousand cases.
    pub fn in_thousand(&mut self, cases: u64) -> bool {
        self.below(1000) < cases
    }

    /// A number with this mean, often smaller, sometimes much larger.
    pub fn around(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.part()).ln()
    }

    /// An identifier of the usual form.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.number(), self.number());
        let b = b & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 48,
            b & 0xffff_ffff_ffff,
        )
    }
}

const COMMON: &str = "the to and a of in is it you that for on with my i can do have how your be this what are \
    or not at if we me from by when will as there an please was but our about does need order \
    parcel price return ship size account payment open help where long cost work change delivery \
    refund invoice week send today address email card discount store product number thanks";

const SYLLABLES: [&str; 40] = [
    "ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa",
    "ze", "chi", "sho", "tra", "ple", "bri", "clo", "dru", "fla", "gre", "pri", "ston", "mer",
    "lan", "ver", "tin", "con", "der", "sal", "por", "min", "tal", "ren", "vis",
];

const WORDS: usize = 30_000;

/// A vocabulary in which few words are said often and most seldom.
pub struct Vocabulary(Vec<String>);

impl Vocabulary {
    pub fn new(chance: &mut Chance) -> Self {
        let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
        while words.len() < WORDS {
            let syllables = 2 + chance.below(3);
            let word = (0..syllables).map(|_| *pick(&SYLLABLES, chance)).collect();
            words.push(word);
        }
        Self(words)
    }

    /// So many words.
    pub fn text(&self, chance: &mut Chance, words: usize) -> String {
        let mut text = String::with_capacity(words * 7);
        for place in 0..words {
            if place > 0 {
                text.push_str(if place % 12 == 11 { ". " } else { " " });
            }
            // The word of rank r about as often as 1/r.
            let rank = (self.0.len() as f64).powf(chance.part()) as usize - 1;
            text.push_str(&self.0[rank.min(self.0.len() - 1)]);
        }
        text
    }

    /// A word of this rank; the first is said most often.
    pub fn word(&self, rank: usize) -> &str {
        &self.0[rank]
    }
}

pub fn pick<'a, T>(from: &'a [T], chance: &mut Chance) -> &'a T {
    &from[chance.below(from.len() as u64) as usize]
}
