//! Which figures are taken, in which order.

use crate::Outcome;
use crate::latency::{INSTANT, REALISTIC};
use crate::options::Options;
use crate::report::Report;
use crate::server::Upstream;
use crate::{disk, held, latency, start};

/// The words by which figures are chosen.
pub const FIGURES: [&str; 7] =
    ["disk", "first-token", "first-token-instant", "cpu", "cpu-instant", "held", "start"];

pub async fn all(options: &Options) -> Outcome<Report> {
    let mut report = Report::begin()?;
    let upstream = Upstream::start().await?;
    if options.wants("disk") {
        report.extend(disk::speed(options).await?);
    }
    let kinds = [("first-token", REALISTIC), ("first-token-instant", INSTANT)];
    for (_, kind) in kinds.into_iter().filter(|(figure, _)| options.wants(figure)) {
        report.extend([latency::one_at_a_time(options, &upstream, kind).await?]);
        report.extend([latency::at_once(options, &upstream, kind, 200).await?]);
    }
    let kinds = [("cpu", REALISTIC), ("cpu-instant", INSTANT)];
    for (_, kind) in kinds.into_iter().filter(|(figure, _)| options.wants(figure)) {
        report.extend([latency::cpu(options, &upstream, kind, 10).await?]);
        report.extend([latency::cpu(options, &upstream, kind, 1).await?]);
    }
    if options.wants("held") {
        report.extend(held::memory(options, &upstream).await?);
    }
    if options.wants("start") {
        report.extend(start::cold(options).await?);
    }
    report.end()
}
