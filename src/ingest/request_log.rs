//! A request as a log tells it: App Engine's, which holds the lines that were written while it was answered, or a program's.

use std::borrow::Cow;

use super::{
    instant,
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
    pub lines: Vec<RequestLine<'a>>,
    /// The program's own access log tells it.
    pub is_of_program: bool,
    /// In fields, not in a text.
    pub is_record: bool,
    /// What is said of it where no path is told.
    pub saying: Option<String>,
}

/// What was logged while a request was answered: an entry of its own.
#[derive(Debug)]
pub struct RequestLine<'a> {
    pub time: Option<Cow<'a, str>>,
    pub severity: Option<&'static str>,
    pub message: Cow<'a, str>,
}

impl<'a> RequestLog<'a> {
    pub fn into_owned(self) -> RequestLog<'static> {
        let own = |text: Option<Cow<'a, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        RequestLog {
            method: own(self.method),
            resource: own(self.resource),
            status: self.status,
            latency_ns: self.latency_ns,
            user_agent: own(self.user_agent),
            lines: Vec::new(),
            is_of_program: self.is_of_program,
            is_record: self.is_record,
            saying: self.saying,
        }
    }

    /// What requests of one pattern have in common where no path is told: `Completed 503`.
    pub fn end(&self) -> Option<String> {
        Some(format!("{} {}", self.saying.as_deref()?, self.status?))
    }

    pub fn take_lines(&mut self, value: &mut Cursor<'a>) -> Read<()> {
        value.items(|value| {
            if value.peek() != b'{' {
                return value.skip();
            }
            let (mut time, mut severity, mut message) = (None, None, None);
            value.members(|key, value| {
                match key {
                    "time" => time = instant::time(value)?,
                    "severity" => severity = value.scalar()?.and_then(|word| severity::parse(&word)),
                    "logMessage" => message = value.text()?,
                    _ => value.skip()?,
                }
                Ok(())
            })?;
            if let Some(message) = message.filter(|text| !text.trim().is_empty()) {
                self.lines.push(RequestLine { time, severity, message });
            }
            Ok(())
        })
    }

    /// The highest severity of the lines.
    pub fn severity(&self) -> Option<&'static str> {
        let grade = |name: &str| severity::NAMES.iter().position(|known| *known == name);
        self.lines.iter().filter_map(|line| line.severity).max_by_key(|name| grade(name))
    }
}
