//! What Anthropic's error types and codes mean.

use crate::providers::error::ErrorClass;
use crate::providers::failure::Complaint;

/// Types and `details.error_code` of the "Errors" page of Anthropic's docs.
const CODES: &[(&str, ErrorClass)] = &[
    ("authentication_error", ErrorClass::Auth),
    ("permission_error", ErrorClass::Auth),
    ("billing_error", ErrorClass::Billing),
    ("enforced_spend_limit_reached", ErrorClass::Billing),
    ("contract_spend_limit_reached", ErrorClass::Billing),
    ("not_found_error", ErrorClass::NotFound),
    ("request_too_large", ErrorClass::TooLarge),
    ("rate_limit_error", ErrorClass::RateLimited),
    ("ramp_limit_exceeded", ErrorClass::RateLimited),
    ("overloaded_error", ErrorClass::Overloaded),
    ("timeout_error", ErrorClass::Server),
    ("api_error", ErrorClass::Server),
    ("conflict_error", ErrorClass::Server),
];

/// The class of a complaint by Anthropic's words. A limit that the owner has set on spending is
/// a plain 400 that only its sentence tells from others.
pub(super) fn class_of(complaint: &Complaint) -> Option<ErrorClass> {
    let is_invalid = complaint.codes.iter().any(|code| code == "invalid_request_error");
    let message = complaint.message.to_ascii_lowercase();
    let is_money = ["credit balance is too low", "spend limit", "usage limits"];
    if is_invalid && is_money.iter().any(|words| message.contains(words)) {
        return Some(ErrorClass::Billing);
    }
    complaint.class_in(CODES)
}
