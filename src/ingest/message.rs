//! What an entry says where that stands in several of its fields.

use std::borrow::Cow;

/// An act and why it failed, without what the platform puts before every reason.
pub(super) fn audited<'a>(method: Cow<'a, str>, failure: Option<Cow<'a, str>>) -> Cow<'a, str> {
    match failure {
        Some(failure) => {
            let reason = failure.rsplit_once("with message: ").map_or(&*failure, |(_, reason)| reason);
            Cow::Owned(format!("{reason} ({method})"))
        }
        None => method,
    }
}

pub(super) fn with_details(line: String, details: Option<&str>) -> String {
    match details {
        Some(details) => format!("{line} {details}"),
        None => line,
    }
}
