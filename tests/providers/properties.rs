//! Whatever a server sends, no decoder panics, and bytes may be cut anywhere.

use alcove::providers::claude::decode::ClaudeDecoder;
use alcove::providers::decoder::Decoder;
use alcove::providers::gemini::decode::GeminiDecoder;
use alcove::providers::openai::chat::decode::ChatDecoder;
use alcove::providers::openai::responses::decode::ResponsesDecoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::telling::{decoded, server_sent};

fn decoders() -> [Box<dyn Decoder>; 4] {
    [
        Box::new(ClaudeDecoder::default()),
        Box::new(ChatDecoder::default()),
        Box::new(ResponsesDecoder::default()),
        Box::new(GeminiDecoder::default()),
    ]
}

/// Words the vendors use, as keys and values, in any arrangement.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(
        "type index delta content text message usage choices finish_reason tool_calls function \
         arguments name id error code candidates parts functionCall args finishReason response \
         output item output_index status object input content_block stop_reason message_start \
         content_block_start content_block_delta text_delta input_json_delta tool_use message_delta \
         message_stop response.created response.output_item.added function_call response.completed \
         promptFeedback blockReason STOP stop <think> </think> x_groq reasoning"
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    )
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(word(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for mut decoder in decoders() {
            decoded(decoder.as_mut(), &bytes);
        }
    }

    #[test]
    fn arbitrary_json_never_panics(values in prop::collection::vec(any_json(), 1..6), kind in word()) {
        let mut stream = String::new();
        for value in values {
            let data = match value {
                Value::Object(mut fields) => {
                    fields.entry("type").or_insert(json!(kind));
                    Value::Object(fields)
                }
                other => other,
            };
            stream.push_str(&format!("event: {kind}\ndata: {data}\n\n"));
        }
        for mut decoder in decoders() {
            decoded(decoder.as_mut(), stream.as_bytes());
        }
    }

    #[test]
    fn cuts_do_not_change_what_is_read(
        lines in prop::collection::vec("(data|event|id|:|\\{|x)[: ]{0,2}[a-z\u{feff}é👋]{0,5}(\n|\r|\r\n){1,2}", 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let bytes = lines.concat().into_bytes();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut rest = bytes.as_slice();
        let mut taken = 0;
        for cut in cuts {
            let (piece, after) = rest.split_at(cut - taken);
            pieces.push(piece);
            (rest, taken) = (after, cut);
        }
        pieces.push(rest);
        prop_assert_eq!(server_sent(&pieces), server_sent(&[&bytes]));
    }
}
