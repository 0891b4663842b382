//! How much a visitor's browser loads, as served with brotli.

use crate::Outcome;
use crate::client::Client;
use crate::options::Options;
use crate::report::Figure;
use crate::server::{Server, new_folder};

const BROTLI: &str = "accept-encoding: br\r\n";

pub async fn bytes(options: &Options) -> Outcome<Vec<Figure>> {
    let (server, _) =
        Server::start_in(options, new_folder(options)?, "http://127.0.0.1:9/v1").await?;
    let mut client = Client::connect(server.address).await?;
    let loader = client.get("/widget.js", BROTLI).await?;
    let panel = client.get("/embed", BROTLI).await?;
    let mut files = vec![("/embed".to_owned(), panel.status, panel.body().len())];
    for path in linked(&String::from_utf8_lossy(panel.body())) {
        let file = client.get(&path, BROTLI).await?;
        files.push((path, file.status, file.body().len()));
    }
    server.stop().await?;
    let total: usize = files.iter().map(|(_, _, bytes)| bytes).sum();
    let listed: Vec<String> = files
        .iter()
        .map(|(path, status, bytes)| match status {
            200 => format!("{path} {bytes}"),
            _ => format!("{path} missing ({status})"),
        })
        .collect();
    let is_packed = loader.head().contains("content-encoding: br");
    let detail = format!("1 request, {}", if is_packed { "brotli" } else { "not compressed" });
    Ok(vec![
        Figure::new("loader".into(), "bytes", loader.body().len() as f64).detail(detail),
        Figure::new("panel".into(), "bytes", total as f64).detail(format!(
            "{} requests: {}",
            files.len(),
            listed.join(", ")
        )),
    ])
}

/// The scripts and styles that a page names.
fn linked(html: &str) -> Vec<String> {
    let is_file = |text: &&str| {
        text.starts_with("/static/") && (text.ends_with(".js") || text.ends_with(".css"))
    };
    html.split('"').filter(is_file).map(str::to_owned).collect()
}
