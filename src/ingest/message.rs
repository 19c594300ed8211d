//! What an entry says where that stands in several of its fields.

use std::borrow::Cow;

use crate::mine::trace;

/// A message with the trace that its record has beside it; one that is a trace itself has its own.
pub fn with_report<'a>(message: Option<Cow<'a, str>>, report: &mut Option<Cow<'a, str>>) -> Option<Cow<'a, str>> {
    let Some(message) = message else { return report.take() };
    let is_beside = |report: &str| !message.contains(report.trim()) && trace::parse(report).is_some();
    match report.take_if(|report| is_beside(report)) {
        Some(report) if trace::parse(&message).is_none() => Some(Cow::Owned(format!("{message}\n{report}"))),
        _ => Some(message),
    }
}

/// An act and why it failed, without what the platform puts before every reason.
pub fn audited<'a>(method: Cow<'a, str>, failure: Option<Cow<'a, str>>) -> Cow<'a, str> {
    match failure {
        Some(failure) => {
            let reason = failure.rsplit_once("with message: ").map_or(&*failure, |(_, reason)| reason);
            Cow::Owned(format!("{reason} ({method})"))
        }
        None => method,
    }
}

pub fn with_details(line: String, details: Option<&str>) -> String {
    match details {
        Some(details) => format!("{line} {details}"),
        None => line,
    }
}
