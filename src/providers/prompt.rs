//! What all vendors want of a conversation: it begins and ends with the visitor, the speakers
//! take turns and nobody says nothing.

use crate::providers::error::{ErrorClass, ProviderError};
use crate::providers::{ChatMessage, ChatRequest, Speaker};

/// The least that a model which may think before it speaks gets as its output limit: hidden
/// thinking counts towards the limit, and an answer of which nothing is left helps nobody.
pub(super) const THINKING_FLOOR: u32 = 4096;

/// The conversation with speakers that take turns: Anthropic demands that the visitor begins and
/// newer models refuse an answer begun for them; templates of small models demand alternation.
///
/// # Errors
/// The visitor says nothing in it.
pub(super) fn turns(request: &ChatRequest) -> Result<Vec<ChatMessage>, ProviderError> {
    let mut turns: Vec<ChatMessage> = Vec::with_capacity(request.messages.len());
    for message in request.messages.iter().filter(|message| !message.text.trim().is_empty()) {
        match turns.last_mut() {
            Some(last) if last.speaker == message.speaker => {
                last.text.push_str("\n\n");
                last.text.push_str(&message.text);
            }
            None if message.speaker == Speaker::Bot => {}
            _ => turns.push(message.clone()),
        }
    }
    turns.pop_if(|last| last.speaker == Speaker::Bot);
    if turns.is_empty() {
        return Err(ProviderError::new(ErrorClass::InvalidRequest, "nothing to answer"));
    }
    Ok(turns)
}

/// Instructions and context, those that say something, in the order that suits prompt caches:
/// the part that more requests share stands first.
pub(super) fn system_texts(request: &ChatRequest) -> impl Iterator<Item = &str> {
    [request.instructions.as_str(), request.context.as_str()]
        .into_iter()
        .filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(messages: &[(Speaker, &str)]) -> ChatRequest {
        let message =
            |&(speaker, text): &(Speaker, &str)| ChatMessage { speaker, text: text.into() };
        ChatRequest {
            model: None,
            instructions: String::new(),
            context: String::new(),
            messages: messages.iter().map(message).collect(),
            max_output_tokens: 100,
            temperature: None,
            tools: Vec::new(),
            tables: Vec::new(),
            rounds: Vec::new(),
            must_answer: false,
        }
    }

    #[test]
    fn speakers_take_turns_and_the_visitor_has_first_and_last_word() {
        use Speaker::{Bot, Visitor};
        let request = conversation(&[
            (Bot, "welcome"),
            (Visitor, "a"),
            (Visitor, "b"),
            (Bot, " "),
            (Visitor, "c"),
            (Bot, "d"),
            (Visitor, "e"),
            (Bot, "f"),
        ]);
        let turns: Vec<String> =
            turns(&request).unwrap().into_iter().map(|message| message.text).collect();
        assert_eq!(turns, ["a\n\nb\n\nc", "d", "e"]);
    }

    #[test]
    fn a_conversation_without_the_visitor_is_refused() {
        let error = turns(&conversation(&[(Speaker::Bot, "hello")])).unwrap_err();
        assert_eq!(error.class, ErrorClass::InvalidRequest);
    }
}
