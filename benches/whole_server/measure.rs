//! Which figures are taken, in which order.

use crate::Outcome;
use crate::latency::{INSTANT, REALISTIC};
use crate::options::Options;
use crate::report::Report;
use crate::server::Upstream;
use crate::{disk, held, latency, start, widget};

/// The words by which figures are chosen.
pub const FIGURES: [&str; 6] = ["first-token", "cpu", "held", "start", "widget", "disk"];

const KINDS: [(&str, crate::upstream::Behaviour); 2] =
    [("realistic model", REALISTIC), ("instant model", INSTANT)];

pub async fn all(options: &Options) -> Outcome<Report> {
    let mut report = Report::begin()?;
    let upstream = Upstream::start().await?;
    if options.wants("disk") {
        report.extend(disk::speed(options).await?);
    }
    if options.wants("first-token") {
        for kind in KINDS {
            report.extend([latency::one_at_a_time(options, &upstream, kind).await?]);
            report.extend([latency::at_once(options, &upstream, kind, 200).await?]);
        }
    }
    if options.wants("cpu") {
        for kind in KINDS {
            for messages_per_session in [10, 1] {
                let figure = latency::cpu(options, &upstream, kind, messages_per_session);
                report.extend([figure.await?]);
            }
        }
    }
    if options.wants("held") {
        report.extend(held::memory(options, &upstream).await?);
    }
    if options.wants("start") {
        report.extend(start::cold(options).await?);
    }
    if options.wants("widget") {
        report.extend(widget::bytes(options).await?);
    }
    report.end()
}
