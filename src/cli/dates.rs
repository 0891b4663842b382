//! Arguments that several commands share: days, and the bot.

use clap::{Arg, ArgMatches};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

use crate::domain::clock::Timestamp;

pub(super) const BOT: &str = "bot";
pub(super) const FROM: &str = "from";
pub(super) const TO: &str = "to";

pub(super) fn bot(help: &'static str) -> Arg {
    Arg::new(BOT).long(BOT).value_name("SLUG").help(help)
}

pub(super) fn date(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("DATE").value_parser(parse).help(help)
}

pub(super) fn date_of(args: &ArgMatches, name: &str) -> Option<Timestamp> {
    args.get_one::<Timestamp>(name).copied()
}

/// A day as `2026-11-24`, which begins at midnight UTC, or an instant as RFC 3339 has it.
fn parse(text: &str) -> Result<Timestamp, String> {
    let day = Date::parse(text, &Iso8601::DATE).map(|day| day.midnight().assume_utc());
    let instant = day.or_else(|_| OffsetDateTime::parse(text, &Rfc3339));
    let instant = instant.map_err(|_| "write a day as 2026-11-24".to_owned())?;
    i64::try_from(instant.unix_timestamp_nanos() / 1_000_000)
        .map(Timestamp::from_ms)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_read_and_nothing_else() {
        assert_eq!(parse("2026-11-24"), Ok(Timestamp::from_ms(1_795_478_400_000)));
        assert_eq!(parse("2026-11-24T01:00:00+01:00"), Ok(Timestamp::from_ms(1_795_478_400_000)));
        for text in ["", "24.11.2026", "2026-13-01", "2026-11-24 10:00", "yesterday", "-1"] {
            parse(text).expect_err(text);
        }
    }
}
