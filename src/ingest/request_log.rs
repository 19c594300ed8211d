//! App Engine's log of a request, which holds the lines that were written while it was answered.

use std::borrow::Cow;

use super::{
    json::{Cursor, Read},
    severity,
};

/// A request with what was logged while it was answered (`google.appengine.logging.v1.RequestLog`).
#[derive(Debug, Default)]
pub struct RequestLog<'a> {
    pub method: Option<Cow<'a, str>>,
    pub resource: Option<Cow<'a, str>>,
    pub status: Option<u16>,
    pub latency_ns: Option<i64>,
    pub user_agent: Option<Cow<'a, str>>,
    /// Its line of the highest severity, from WARNING up; the first of several.
    pub line: Option<(&'static str, Cow<'a, str>)>,
}

impl<'a> RequestLog<'a> {
    pub fn take_lines(&mut self, value: &mut Cursor<'a>) -> Read<()> {
        value.items(|value| {
            if value.peek() != b'{' {
                return value.skip();
            }
            let (mut severity, mut message) = (None, None);
            value.members(|key, value| {
                match key {
                    "severity" => severity = value.scalar()?.and_then(|word| severity::parse(&word)),
                    "logMessage" => message = value.text()?,
                    _ => value.skip()?,
                }
                Ok(())
            })?;
            let grade = |name: &str| severity::NAMES.iter().position(|known| *known == name).unwrap_or(0);
            if let (Some(severity), Some(message)) = (severity, message)
                && grade(severity) >= grade("WARNING")
                && self.line.as_ref().is_none_or(|(known, _)| grade(severity) > grade(known))
            {
                self.line = Some((severity, message));
            }
            Ok(())
        })
    }
}
