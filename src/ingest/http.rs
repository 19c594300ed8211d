//! The request that an entry tells of: `httpRequest`, in the names of the API and of its clients.

use std::borrow::Cow;

use super::{
    instant::seconds_and_nanos,
    json::{Cursor, Read, is_empty},
    request_log::RequestLog,
};
use crate::{mine::pattern::requests, time::timestamp};

#[derive(Debug, Default)]
pub struct Http<'a> {
    pub method: Option<Cow<'a, str>>,
    pub status: Option<u16>,
    pub url: Option<Cow<'a, str>>,
    pub latency_ns: Option<i64>,
    pub user_agent: Option<Cow<'a, str>>,
    pub raw: Option<&'a str>,
}

impl<'a> Http<'a> {
    pub fn read(value: &mut Cursor<'a>) -> Read<Self> {
        let mut http = Http::default();
        let (_, raw) = value.span(|value| {
            value.members(|key, value| {
                match key {
                    "requestMethod" | "request_method" | "method" => http.method = value.text()?,
                    "requestUrl" | "request_url" | "url" => http.url = value.text()?,
                    "status" => http.status = value.scalar()?.and_then(|status| status.parse().ok()),
                    "userAgent" | "user_agent" => http.user_agent = value.text()?,
                    "latency" => http.latency_ns = latency(value)?.filter(|ns| (0..LATENCY_LIMIT_NS).contains(ns)),
                    _ => value.skip()?,
                }
                Ok(())
            })
        })?;
        http.raw = (!is_empty(raw.text)).then_some(raw.text);
        Ok(http)
    }

    /// What the request's own log says where the entry's field does not.
    pub fn or_logged(&mut self, logged: &mut RequestLog<'a>) {
        if self.url.is_some() || logged.resource.is_none() && !logged.is_of_program {
            return;
        }
        self.raw = self.raw.or(Some("{}"));
        self.url = logged.resource.take();
        self.method = self.method.take().or(logged.method.take());
        self.status = self.status.or(logged.status);
        self.latency_ns = self.latency_ns.or(logged.latency_ns.filter(|ns| (0..LATENCY_LIMIT_NS).contains(ns)));
        self.user_agent = self.user_agent.take().or(logged.user_agent.take());
    }

    pub fn template(&self) -> Option<String> {
        Some(requests::shape(self.method.as_deref().unwrap_or(""), self.url.as_deref()?, self.status))
    }

    pub fn request_line(&self) -> Option<String> {
        Some(requests::line(self.method.as_deref().unwrap_or(""), self.url.as_deref()?, self.status))
    }
}

/// No request takes ten years; below it, the end of a request is a time too.
const LATENCY_LIMIT_NS: i64 = 10 * 365 * 86_400 * 1_000_000_000;

/// `"3.786648988s"`; some have seconds and nanoseconds apart.
fn latency(value: &mut Cursor<'_>) -> Read<Option<i64>> {
    if value.peek() != b'{' {
        return Ok(value.scalar()?.and_then(|text| timestamp::duration_ns(&text)));
    }
    seconds_and_nanos(value)
}
