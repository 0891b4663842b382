//! What the cells of a column say about its type, counted in one go.

use crate::files::types::boolean::Pairs;
use crate::files::types::is_null;
use crate::files::types::number::{Number, Says};
use crate::files::types::time::{Form, Moment, Order, compact_day};
use crate::files::types::unit::Unit;

/// A column of one type may have one other cell in so many.
const TOLERANCE: usize = 50;

/// Units and forms beyond these are not told apart: such a column is of no type anyway.
const MAX_KINDS: usize = 8;

/// Counts of cells.
#[derive(Debug, Default)]
pub(in crate::files) struct Evidence {
    /// Cells that say something.
    pub(in crate::files) cells: usize,
    pub(in crate::files) numbers: Numbers,
    pub(in crate::files) times: Times,
    pub(in crate::files) pairs: Pairs,
    /// Cells that are neither number nor time.
    pub(in crate::files) others: usize,
}

/// Counts of numbers.
#[derive(Debug, Default)]
pub(in crate::files) struct Numbers {
    pub(in crate::files) count: usize,
    /// Some are numbers of JSON: amounts for certain, with a point for certain.
    pub(in crate::files) are_plain: bool,
    /// Those that are 0 or 1 and nothing else.
    pub(in crate::files) bits: usize,
    /// Certainly with a point before the fraction, with a comma, perhaps with either.
    pub(in crate::files) points: usize,
    pub(in crate::files) commas: usize,
    pub(in crate::files) perhaps_points: usize,
    pub(in crate::files) perhaps_commas: usize,
    /// With digits after a certain mark.
    pub(in crate::files) fractions: usize,
    /// Whole ones of four digits or more without groups: groups are not the habit here.
    pub(in crate::files) ungrouped: usize,
    pub(in crate::files) group: Option<char>,
    pub(in crate::files) leading_zeros: usize,
    pub(in crate::files) phones: usize,
    /// Longer than any amount.
    pub(in crate::files) long: usize,
    /// Eight digits that are a day.
    pub(in crate::files) days: usize,
    pub(in crate::files) units: Tally<Unit>,
    /// The first one whose mark is uncertain.
    pub(in crate::files) uncertain: Option<String>,
}

/// Counts of days and times.
#[derive(Debug, Default)]
pub(in crate::files) struct Times {
    /// Days alone, days with a time, times alone.
    pub(in crate::files) days: usize,
    pub(in crate::files) moments: usize,
    pub(in crate::files) clocks: usize,
    /// Of the moments, those at midnight.
    pub(in crate::files) midnights: usize,
    pub(in crate::files) zones: usize,
    pub(in crate::files) with_seconds: usize,
    pub(in crate::files) with_halves: usize,
    pub(in crate::files) forms: Tally<(Form, bool)>,
    /// In numbers whose order can only be one.
    pub(in crate::files) day_first: usize,
    pub(in crate::files) month_first: usize,
    /// The first number of all days in numbers, as long as it is the same; and the second.
    pub(in crate::files) first: Same,
    pub(in crate::files) second: Same,
    /// The first one whose order is uncertain.
    pub(in crate::files) uncertain: Option<String>,
}

/// Whether a number stays the same.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::files) enum Same {
    #[default]
    Unseen,
    Always(u8),
    Differs,
}

impl Same {
    fn see(&mut self, number: u8) {
        *self = match *self {
            Self::Unseen => Self::Always(number),
            Self::Always(before) if before == number => *self,
            _ => Self::Differs,
        };
    }
}

/// How often each of a few things occurs.
#[derive(Debug)]
pub(in crate::files) struct Tally<T>(Vec<(T, usize)>);

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + PartialEq> Tally<T> {
    fn add(&mut self, thing: T) {
        if let Some((_, count)) = self.0.iter_mut().find(|(known, _)| *known == thing) {
            *count += 1;
        } else if self.0.len() < MAX_KINDS {
            self.0.push((thing, 1));
        }
    }

    pub(in crate::files) fn iter(&self) -> impl Iterator<Item = (T, usize)> {
        self.0.iter().copied()
    }

    /// The most frequent one.
    pub(in crate::files) fn most(&self) -> Option<T> {
        self.iter().max_by_key(|(_, count)| *count).map(|(thing, _)| thing)
    }
}

impl Evidence {
    /// How many cells of another type a column may have.
    pub(in crate::files) const fn tolerated(&self) -> usize {
        self.cells / TOLERANCE
    }

    /// Looks at all cells, trimmed; `rows` is how many there will be at most. Stops early where the
    /// column can only be text.
    pub(in crate::files) fn of<'a>(cells: impl Iterator<Item = &'a str>, rows: usize) -> Self {
        let mut evidence = Self::default();
        for cell in cells {
            evidence.see(cell);
            let is_text = evidence.others > rows / TOLERANCE;
            if is_text && evidence.cells > TOLERANCE && evidence.pairs.is_hopeless() {
                break;
            }
        }
        evidence
    }

    fn see(&mut self, cell: &str) {
        if is_null(cell) {
            return;
        }
        self.cells += 1;
        self.pairs.see(cell);
        if let Some(number) = Number::scan(cell) {
            self.numbers.see(cell, &number);
        } else if let Some(moment) = Moment::scan(cell) {
            self.times.see(cell, &moment);
        } else {
            self.others += 1;
        }
    }
}

impl Numbers {
    fn see(&mut self, cell: &str, number: &Number<'_>) {
        self.count += 1;
        self.bits += usize::from(matches!(cell, "0" | "1"));
        let mark = match number.says {
            Says::Nothing => None,
            Says::Point => Some(&mut self.points),
            Says::Comma => Some(&mut self.commas),
            Says::PerhapsPoint => Some(&mut self.perhaps_points),
            Says::PerhapsComma => Some(&mut self.perhaps_commas),
        };
        if let Some(count) = mark {
            *count += 1;
        }
        let is_uncertain = matches!(number.says, Says::PerhapsPoint | Says::PerhapsComma);
        if is_uncertain && self.uncertain.is_none() {
            self.uncertain = Some(cell.to_owned());
        }
        self.fractions += usize::from(!number.is_whole);
        let is_plain = number.says == Says::Nothing && number.group.is_none();
        self.ungrouped += usize::from(is_plain && number.digits > 3);
        self.group = self.group.or(number.group);
        self.leading_zeros += usize::from(number.has_leading_zero && number.is_whole);
        self.phones += usize::from(number.has_plus && number.digits > 7 && number.is_whole);
        self.long += usize::from(number.digits > 15 && number.is_whole);
        self.days += usize::from(is_plain && number.digits == 8 && compact_day(cell).is_some());
        if let Some(unit) = number.unit {
            self.units.add(unit);
        }
    }
}

impl Times {
    fn see(&mut self, cell: &str, moment: &Moment) {
        match (moment.day, moment.clock) {
            (Some(_), None) => self.days += 1,
            (Some(_), Some(_)) => self.moments += 1,
            (None, _) => self.clocks += 1,
        }
        if let Some(clock) = moment.clock {
            self.midnights += usize::from(moment.day.is_some() && clock.is_midnight());
            self.zones += usize::from(clock.zone.is_some());
            self.with_seconds += usize::from(clock.has_seconds);
            self.with_halves += usize::from(clock.has_halves);
        }
        let Some(day) = moment.day else { return };
        self.forms.add((day.form, day.has_short_year));
        if !matches!(day.form, Form::Numbers(_)) {
            return;
        }
        self.first.see(day.first);
        self.second.see(day.second);
        match day.says() {
            Some(Order::DayFirst) => self.day_first += 1,
            Some(Order::MonthFirst) => self.month_first += 1,
            None if self.uncertain.is_none() && day.first != day.second => {
                self.uncertain = Some(cell.to_owned());
            }
            None => {}
        }
    }
}
