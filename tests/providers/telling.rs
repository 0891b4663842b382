//! Events as lines of text, which is how the tests state what they expect.

use std::collections::VecDeque;

use alcove::providers::decoder::Decoder;
use alcove::providers::guard::{Guard, SseEvent};
use alcove::providers::{ErrorClass, ProviderError, ProviderEvent};

/// One line per event.
pub fn line(event: &Result<ProviderEvent, ProviderError>) -> String {
    match event {
        Err(error) => format!("error {:?}", error.class),
        Ok(ProviderEvent::Started { model }) => {
            format!("started {}", model.as_deref().unwrap_or("-"))
        }
        Ok(ProviderEvent::Text(text)) => format!("text {text:?}"),
        Ok(ProviderEvent::Thinking) => "thinking".to_owned(),
        Ok(ProviderEvent::ToolCallStarted { id, name }) => format!("calls {name} {id}"),
        Ok(ProviderEvent::ToolCall { id, name, arguments }) => {
            format!("call {name} {id} {arguments}")
        }
        Ok(ProviderEvent::Usage(usage)) => {
            let number = |number: Option<u64>| number.map_or("-".to_owned(), |n| n.to_string());
            let [input, output] = [usage.input_tokens, usage.output_tokens].map(number);
            format!("usage {input} in ({} cached) {output} out", number(usage.cached_input_tokens))
        }
        Ok(ProviderEvent::Finished(finish)) => format!("finished {finish:?}"),
        Ok(ProviderEvent::Replay(answer)) => format!("replay {answer}"),
    }
}

/// The server-sent events in `bytes`.
pub fn server_sent(pieces: &[&[u8]]) -> VecDeque<SseEvent> {
    let (mut guard, mut events) = (Guard::default(), VecDeque::new());
    for piece in pieces {
        guard.push(piece, &mut events).expect("small lines");
    }
    guard.finish(&mut events).expect("small lines");
    events
}

/// What a decoder makes of a whole connection, as the transport asks it.
pub fn decoded(decoder: &mut dyn Decoder, bytes: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    let mut result = Ok(());
    for event in server_sent(&[bytes]) {
        result = decoder.decode(&event, &mut out);
        let is_cut = matches!(&result, Err(error) if error.class == ErrorClass::Malformed)
            && !event.complete;
        if is_cut {
            result = Ok(());
        }
        if result.is_err() || has_finished(&out) {
            break;
        }
    }
    if result.is_ok() && !has_finished(&out) {
        result = decoder.end(&mut out);
    }
    let events = out.into_iter().map(Ok).chain(result.err().map(Err));
    let mut lines: Vec<String> = events.map(|event| line(&event)).collect();
    if decoder.skipped() > 0 {
        lines.push(format!("skipped {}", decoder.skipped()));
    }
    lines
}

fn has_finished(events: &[ProviderEvent]) -> bool {
    matches!(events.last(), Some(ProviderEvent::Finished(_)))
}
