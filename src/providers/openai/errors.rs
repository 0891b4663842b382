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
    complaint.class_in(CODES)
}
