//! What OpenAI's error codes mean, and those of servers that speak its dialect.

use crate::providers::error::ErrorClass;
use crate::providers::failure::Complaint;

/// Codes and types from OpenAI's "Error codes" guide; then vLLM's, llama.cpp's, Ollama's and
/// gateways'.
const CODES: &[(&str, ErrorClass)] = &[
    ("invalid_api_key", ErrorClass::Auth),
    ("authentication_error", ErrorClass::Auth),
    ("permission_error", ErrorClass::Auth),
    ("credit_balance_exhausted", ErrorClass::Billing),
    ("insufficient_quota", ErrorClass::Billing),
    ("billing_hard_limit_reached", ErrorClass::Billing),
    ("organization_spend_limit_exceeded", ErrorClass::Billing),
    ("project_spend_limit_exceeded", ErrorClass::Billing),
    ("organization_usage_limit_exceeded", ErrorClass::Billing),
    ("context_length_exceeded", ErrorClass::ContextLength),
    ("exceed_context_size_error", ErrorClass::ContextLength),
    ("model_not_found", ErrorClass::NotFound),
    ("rate_limit_exceeded", ErrorClass::RateLimited),
    ("rate_limit_error", ErrorClass::RateLimited),
    ("too_many_requests", ErrorClass::RateLimited),
    ("slow_down", ErrorClass::RateLimited),
    ("server_is_overloaded", ErrorClass::Overloaded),
    ("service_unavailable_error", ErrorClass::Overloaded),
    ("overloaded_error", ErrorClass::Overloaded),
    ("unavailable_error", ErrorClass::Overloaded),
    ("insufficient_system_resource", ErrorClass::Overloaded),
    ("server_error", ErrorClass::Server),
    ("api_error", ErrorClass::Server),
    ("unsupported_parameter", ErrorClass::InvalidRequest),
    ("unsupported_value", ErrorClass::InvalidRequest),
];

/// The class of a complaint by OpenAI's words.
#[must_use]
pub fn class_of(complaint: &Complaint) -> Option<ErrorClass> {
    if refuses_tools(complaint) {
        return Some(ErrorClass::ToolsRefused);
    }
    complaint.class_in(CODES)
}

/// How servers speak of tools: Ollama, vLLM ("auto" tool choice requires …), llama.cpp (tools
/// param requires --jinja), OpenRouter (no endpoints that support tool use), gateways.
const TOOLS: &[&str] = &["tools", "tool use", "tool choice", "tool call", "function call"];

/// And how they say that they do not take something.
const REFUSALS: &[&str] = &[
    "not support",
    "n't support",
    "unsupported",
    "endpoints found that support",
    "requires --",
    "unknown",
    "unrecognized",
    "unexpected",
    "extra inputs",
    "extra fields",
    "not permitted",
    "not allowed",
];

/// Whether a server says that it, or its model, takes no tools. There is no common code for it.
fn refuses_tools(complaint: &Complaint) -> bool {
    let parameter = complaint.parameter.as_deref().unwrap_or_default();
    let message = complaint.message.to_ascii_lowercase();
    // A choice that is not understood can be left out; see `DROPPABLE`.
    let is_about_choice = parameter == "tool_choice" || message.contains("tool_choice");
    matches!(complaint.status, None | Some(400 | 404 | 422 | 500 | 501))
        && !is_about_choice
        && (parameter == "tools" || TOOLS.iter().any(|words| message.contains(words)))
        && REFUSALS.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn servers_that_take_no_tools_are_understood() {
        let message =
            |text: &str| json!({"error": {"message": text, "type": "invalid_request_error"}});
        let refusing = [
            (400, message("registry.ollama.ai/library/gemma:2b does not support tools")),
            (
                400,
                message(
                    "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
                ),
            ),
            (500, message("tools param requires --jinja flag")),
            (
                404,
                message(
                    "No endpoints found that support tool use. To learn more about provider routing",
                ),
            ),
            (
                422,
                json!({"detail": [{"type": "extra_forbidden", "loc": ["body", "tools"], "msg": "Extra inputs are not permitted"}]}),
            ),
            (
                400,
                json!({"error": {"message": "Unrecognized request argument supplied: tools", "param": null, "code": null}}),
            ),
            (
                400,
                json!({"error": {"message": "Unsupported parameter: 'tools' is not supported with this model.", "param": "tools", "code": "unsupported_parameter"}}),
            ),
        ];
        for (status, body) in refusing {
            let complaint = Complaint::from_body(status, body.to_string().as_bytes());
            assert_eq!(class_of(&complaint), Some(ErrorClass::ToolsRefused), "{body}");
        }
        let other = [
            (400, message("Invalid schema for function 'f': the tools are wrong")),
            (
                422,
                json!({"detail": [{"loc": ["body", "tool_choice"], "msg": "Extra inputs are not permitted"}]}),
            ),
            (400, message("temperature is not supported")),
            (429, message("Too many requests; tools are not supported in this tier")),
            (500, message("internal error")),
        ];
        for (status, body) in other {
            let complaint = Complaint::from_body(status, body.to_string().as_bytes());
            assert_ne!(class_of(&complaint), Some(ErrorClass::ToolsRefused), "{body}");
        }
    }
}
