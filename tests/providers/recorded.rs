//! Recorded streams: each `streams/<vendor>/<name>.sse` decodes to the lines of `<name>.events`.
//! To add one, write both files.

use std::fs;
use std::path::{Path, PathBuf};

use alcove::providers::claude::decode::ClaudeDecoder;
use alcove::providers::decoder::Decoder;
use alcove::providers::gemini::decode::GeminiDecoder;
use alcove::providers::openai::chat::decode::ChatDecoder;
use alcove::providers::openai::responses::decode::ResponsesDecoder;

use crate::telling::{decoded, server_sent};

fn streams(vendor: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers/streams").join(vendor);
    let entries = fs::read_dir(folder).expect("a folder of streams");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sse"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn assert_recorded<D: Decoder + Default>(vendor: &str) {
    for path in streams(vendor) {
        let bytes = fs::read(&path).expect("a stream");
        let told = decoded(&mut D::default(), &bytes).join("\n") + "\n";
        let expected = fs::read_to_string(path.with_extension("events")).unwrap_or_default();
        assert_eq!(told, expected, "{}", path.display());
    }
}

#[test]
fn claude_streams_decode() {
    assert_recorded::<ClaudeDecoder>("claude");
}

#[test]
fn openai_chat_streams_decode() {
    assert_recorded::<ChatDecoder>("openai-chat");
}

#[test]
fn openai_responses_streams_decode() {
    assert_recorded::<ResponsesDecoder>("openai-responses");
}

#[test]
fn gemini_streams_decode() {
    assert_recorded::<GeminiDecoder>("gemini");
}

#[test]
fn streams_of_compatible_servers_decode() {
    assert_recorded::<ChatDecoder>("compatible");
}

#[test]
fn it_does_not_matter_where_the_network_cuts_a_stream() {
    for vendor in ["claude", "openai-chat", "openai-responses", "gemini", "compatible"] {
        for path in streams(vendor) {
            let bytes = fs::read(&path).expect("a stream");
            let whole = server_sent(&[&bytes]);
            for cut in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(cut);
                assert_eq!(server_sent(&[head, tail]), whole, "{} at {cut}", path.display());
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(server_sent(&single), whole, "{} byte by byte", path.display());
        }
    }
}
