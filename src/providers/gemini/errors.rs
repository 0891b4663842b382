//! What Google's error states and reasons mean.

use crate::providers::error::ErrorClass;
use crate::providers::failure::Complaint;

/// `error.status` and `details[].reason` of the "Troubleshooting" page of the Gemini API docs.
const CODES: &[(&str, ErrorClass)] = &[
    ("API_KEY_INVALID", ErrorClass::Auth),
    ("PERMISSION_DENIED", ErrorClass::Auth),
    ("UNAUTHENTICATED", ErrorClass::Auth),
    ("BILLING_DISABLED", ErrorClass::Billing),
    ("RESOURCE_EXHAUSTED", ErrorClass::RateLimited),
    ("NOT_FOUND", ErrorClass::NotFound),
    ("UNAVAILABLE", ErrorClass::Overloaded),
    ("INTERNAL", ErrorClass::Server),
    ("DEADLINE_EXCEEDED", ErrorClass::Server),
];

/// The class of a complaint by Google's words.
pub(super) fn class_of(complaint: &Complaint) -> Option<ErrorClass> {
    // A quota of the day is used up until tomorrow: as good as no money.
    if complaint.codes.iter().any(|code| code.ends_with("PerDay") || code.contains("PerDayPer")) {
        return Some(ErrorClass::Billing);
    }
    if complaint.message.contains("exceeds the maximum number of tokens") {
        return Some(ErrorClass::ContextLength);
    }
    complaint.class_in(CODES)
}
