//! How long a start takes, from the process to the first healthy answer.

use crate::Outcome;
use crate::options::Options;
use crate::report::{Figure, median_ms, ms, percentile_ms};
use crate::server::{Server, new_folder};

const NO_UPSTREAM: &str = "http://127.0.0.1:9/v1";

pub async fn cold(options: &Options) -> Outcome<Vec<Figure>> {
    let (mut empty, mut existing) = (Vec::new(), Vec::new());
    for _ in 0..options.count(20) {
        let (server, took) = Server::start_in(options, new_folder(options)?, NO_UPSTREAM).await?;
        empty.push(took);
        let folder = server.stop().await?;
        let (server, took) = Server::start_in(options, folder, NO_UPSTREAM).await?;
        existing.push(took);
        server.stop().await?;
    }
    let figure = |name: &str, mut took: Vec<std::time::Duration>| {
        took.sort();
        let (best, worst) = (percentile_ms(&took, 0), percentile_ms(&took, 100));
        let detail = format!("{} starts, {} to {}", took.len(), ms(best), ms(worst));
        Figure::new(name.into(), "ms", median_ms(&took)).target(50.0).detail(detail)
    };
    Ok(vec![
        figure("start to healthy, new database", empty),
        figure("start to healthy, existing database", existing),
    ])
}
