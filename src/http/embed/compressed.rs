//! Compressed forms of the panel's page and words: as small as can be for those that many visitors get, quickly made for the rest.

use std::collections::HashMap;

use axum::body::Bytes;
use parking_lot::Mutex;

use crate::http::embed::assets::Asset;

/// More bots times languages than this start over: the cache stays below half a megabyte.
const MAX_PAGES: usize = 64;
/// Brotli's levels: the highest takes some 15 ms for a page, this one less than a tenth of it.
const QUICK: i32 = 5;
const SMALLEST: i32 = 11;

/// The pages compressed so far, by their text.
#[derive(Default)]
pub(super) struct CompressedPages(Mutex<HashMap<Bytes, Asset>>);

impl CompressedPages {
    /// The page in all encodings. One that `is_common` is compressed once and kept; what a host
    /// page has put something of its own into is not, or hosts could fill the cache.
    pub(super) fn compress(&self, html: String, is_common: bool) -> Asset {
        if cfg!(debug_assertions) || !is_common {
            return Asset::compressed(html.into_bytes(), QUICK);
        }
        let html = Bytes::from(html);
        if let Some(known) = self.0.lock().get(&html) {
            return known.clone();
        }
        let page = Asset::compressed(html.to_vec(), SMALLEST);
        let mut pages = self.0.lock();
        if pages.len() >= MAX_PAGES {
            pages.clear();
        }
        pages.insert(html, page.clone());
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_bounded() {
        let pages = CompressedPages::default();
        for number in 0..200 {
            pages.compress(format!("page {number}"), true);
            assert!(pages.0.lock().len() <= MAX_PAGES);
        }
    }
}
