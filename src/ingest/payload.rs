//! What a payload says of itself, in the field names that loggers use.

use std::borrow::Cow;

use super::{
    failure::{self, Failure},
    json::{Cursor, Read, canonical},
    level::field,
    record::Record,
    rendered::render,
    request_log::RequestLog,
};
use crate::time::timestamp;

/// A payload as written, and what was found in it.
#[derive(Debug, Default)]
pub struct Payload<'a> {
    /// JSON; empty where the payload is a text.
    pub raw: Cow<'a, str>,
    /// A text payload as it was.
    pub text: Option<Cow<'a, str>>,
    pub message: Option<Cow<'a, str>>,
    /// Whether the payload's own field gave the message.
    pub has_message: bool,
    /// What is said of a failure beside the message.
    pub failure: Failure<'a>,
    pub other: Option<Cow<'a, str>>,
    /// The message's template, where the record has one.
    pub template: Option<String>,
    pub audit_method: Option<Cow<'a, str>>,
    /// Why an audited act failed, as its status says.
    pub audit_failure: Option<Cow<'a, str>>,
    /// What a load balancer says of how a request ended, where that was not as the backend answered.
    pub status_details: Option<Cow<'a, str>>,
    /// A request as App Engine logs it, or the program itself.
    pub request: RequestLog<'a>,
    /// Of an audited act, what it was about.
    pub resource_name: Option<Cow<'a, str>>,
    pub call_site: CallSite<'a>,
    pub logger: Option<Cow<'a, str>>,
    pub level: Option<&'static str>,
    pub user: Option<Cow<'a, str>>,
    method: Option<Cow<'a, str>>,
    is_audit: bool,
    is_request_log: bool,
    /// Whether it is a record of one of Google's types.
    is_platforms: bool,
    inner_request: Option<RequestLog<'a>>,
    /// What access logs write of a request.
    record: Record<'a>,
    /// How far down `MESSAGES` the key of `other` stands.
    rank: usize,
    fields: field::Fields,
    /// How an attempt of the platform's ended, in a record that has no message.
    outcome: Outcome<'a>,
    unrendered: Option<Cow<'a, str>>,
    /// A name that is the logger's in some records, and in others anybody's.
    name: Option<Cow<'a, str>>,
    is_record: bool,
    /// A message that was itself a record.
    inner: Option<Box<Payload<'a>>>,
    is_inner: bool,
}

/// Keys of messages beside `message`, the most telling first.
const MESSAGES: [&str; 10] = ["msg", "@message", "@m", "M", "Message", "MESSAGE", "event", "body", "text", "log"];

/// What the platform's schedulers and queues write of each attempt.
#[derive(Debug, Default)]
struct Outcome<'a> {
    status: Option<Cow<'a, str>>,
    target: Option<Cow<'a, str>>,
    detail: Option<Cow<'a, str>>,
}

impl<'a> Outcome<'a> {
    /// `UNAVAILABLE: POST https://api/send`: the status is a word, since numbers say nothing by themselves.
    fn words(self) -> Option<Cow<'a, str>> {
        let status = self.status.filter(|status| status.bytes().any(|byte| byte.is_ascii_uppercase()))?;
        let parts: Vec<&str> = [&self.target, &self.detail].into_iter().flatten().map(AsRef::as_ref).collect();
        (!parts.is_empty()).then(|| Cow::Owned(format!("{status}: {}", parts.join(" "))))
    }
}

/// The place in the code that wrote an entry.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub struct CallSite<'a> {
    pub module: Cow<'a, str>,
    pub function: Cow<'a, str>,
    pub line: Option<u32>,
}

impl<'a> Payload<'a> {
    /// Takes the value at the cursor; one that is JSON inside a string is looked into, and an empty string is none.
    pub fn read(value: &mut Cursor<'a>) -> Read<Option<Self>> {
        if value.peek() == b'"' {
            let (text, raw) = value.span(Cursor::text)?;
            let text = text.unwrap_or_default();
            if text.is_empty() {
                return Ok(None);
            }
            let payload = Payload::inside(&text, false);
            return Ok(Some(payload.unwrap_or_else(|| Payload { raw: raw.text.into(), ..Payload::default() })));
        }
        let mut payload = Self::default();
        let (_, raw) = value.span(|value| payload.members(value))?;
        payload.raw = canonical(raw, value.halves > 0);
        payload.settle();
        Ok(Some(payload))
    }

    /// The payload of an audit log, as BigQuery names its column.
    pub fn of_audit_log(mut self) -> Self {
        self.audit_method = self.method.take().or(self.audit_method);
        self
    }

    /// A text payload: JSON in it is looked into if it says something or has a level.
    pub fn of_text(text: Cow<'a, str>) -> Self {
        let is_telling = |read: &Payload<'_>| {
            read.message.is_some()
                || !read.failure.is_none()
                || read.other.is_some()
                || read.level.is_some()
                || read.request.is_of_program
        };
        match Payload::inside(&text, false).filter(is_telling) {
            Some(mut read) => {
                if !read.failure.has_report() {
                    first(&mut read.message, read.other.take());
                    first(&mut read.message, read.failure.take_reason());
                    first(&mut read.message, Some(Cow::Owned(text.to_string())));
                }
                Payload { raw: Cow::default(), has_message: false, text: Some(text), ..read }
            }
            None => Self { message: Some(text.clone()), text: Some(text), ..Self::default() },
        }
    }

    /// With a message from elsewhere if it has none of its own.
    pub fn or_message(mut self, text: Option<Cow<'a, str>>) -> Self {
        first(&mut self.message, text);
        self
    }

    fn inside(text: &str, is_inner: bool) -> Option<Payload<'static>> {
        let object = text.trim();
        if !object.starts_with('{') || !object.ends_with('}') {
            return None;
        }
        let mut cursor = Cursor::new(object);
        let mut payload = Payload { is_inner, ..Payload::default() };
        let (_, raw) = cursor.span(|value| payload.members(value)).ok()?;
        cursor.end().ok()?;
        payload.raw = canonical(raw, cursor.halves > 0);
        payload.settle();
        Some(payload.into_owned())
    }

    fn members(&mut self, value: &mut Cursor<'a>) -> Read<()> {
        value.members(|key, value| self.take(key, value))
    }

    fn take(&mut self, key: &str, value: &mut Cursor<'a>) -> Read<()> {
        self.fields.see(key);
        match key {
            "message" if value.peek() == b'{' => self.open(value)?,
            "message" => self.message = value.text()?.filter(|text| !text.is_empty()),
            // of Elastic's schema: `{"log":{"level":"error","logger":"shop"}}`
            "log" if value.peek() == b'{' => {
                let log = |key: &str, value: &mut Cursor<'a>| match key {
                    "level" => self.take_level(field::Key::Level, value),
                    "logger" => take_first(&mut self.logger, value),
                    _ => value.skip(),
                };
                value.members(log)?;
            }
            "@mt" => self.unrendered = value.text()?,
            _ if MESSAGES.contains(&key) => {
                let text = value.text()?;
                self.say(key, text);
            }
            "@type" => {
                let name = value.text()?.unwrap_or_default();
                self.is_audit = name.ends_with("AuditLog");
                self.is_request_log = name.ends_with("RequestLog");
                self.is_platforms = name.starts_with("type.googleapis.com/");
            }
            "status" if value.peek() == b'{' => self.take_status(value)?,
            "status" => {
                let (status, raw) = value.span(Cursor::scalar)?;
                self.request.status = status.as_deref().and_then(|status| status.parse().ok());
                self.outcome.status = status;
                self.record.take(key, &mut Cursor::new(raw.text))?;
            }
            "debugInfo" => self.outcome.detail = value.text()?,
            "url" | "targetAddress" if value.peek() == b'"' => {
                let (target, raw) = value.span(Cursor::text)?;
                self.outcome.target = target;
                self.record.take(key, &mut Cursor::new(raw.text))?;
            }
            // of Cloud Tasks
            "attemptResponseLog" | "attemptDispatchLog" | "taskCreationLog" => {
                value.members(|key, value| match key {
                    "status" => take_first(&mut self.outcome.status, value),
                    "targetAddress" => take_first(&mut self.outcome.target, value),
                    _ => value.skip(),
                })?
            }
            "statusDetails" => self.status_details = value.text()?.filter(|text| !AS_ANSWERED.contains(&text.as_ref())),
            "method" if value.peek() == b'"' => {
                let (method, raw) = value.span(Cursor::text)?;
                self.request.method = method;
                self.record.take(key, &mut Cursor::new(raw.text))?;
            }
            "resource" if value.peek() == b'"' => self.request.resource = value.text()?,
            "latency" if value.peek() == b'"' => {
                let (text, raw) = value.span(Cursor::text)?;
                self.request.latency_ns = text.and_then(|text| timestamp::duration_ns(&text));
                self.record.take(key, &mut Cursor::new(raw.text))?;
            }
            "userAgent" if value.peek() == b'"' => {
                let (agent, raw) = value.span(Cursor::text)?;
                self.request.user_agent = agent;
                self.record.take(key, &mut Cursor::new(raw.text))?;
            }
            "line" if value.peek() == b'[' => self.request.take_lines(value)?,
            "methodName" | "method_name" => self.method = value.text()?,
            "resourceName" | "resource_name" => self.resource_name = value.text()?,
            "authenticationInfo" | "authentication_info" => {
                self.user = member(value, &["principalEmail", "principal_email"])?;
            }
            "user_id" | "userId" | "userid" | "user" | "username" => first(&mut self.user, value.text()?),
            "logger" | "logger_name" | "loggerName" => first(&mut self.logger, value.text()?),
            "name" => first(&mut self.name, value.text()?),
            "hostname" | "pid" => {
                self.is_record = true;
                value.skip()?;
            }
            "logging.googleapis.com/sourceLocation" => self.call_site = CallSite::of_location(value)?,
            "labels" => self.call_site = CallSite::of_labels(value)?,
            "context" => {
                let context = |key: &str, value: &mut Cursor<'a>| match key {
                    "name" | "logger" => take_first(&mut self.logger, value),
                    "user_id" | "user" => take_first(&mut self.user, value),
                    _ => take_failure(&mut self.failure, key, value),
                };
                value.members(context)?;
            }
            // of OpenTelemetry
            "attributes" => value.members(|key, value| take_failure(&mut self.failure, key, value))?,
            // of Rust's tracing
            "fields" => {
                let mut said = None;
                value.members(|key, value| match key {
                    "message" => take_first(&mut said, value),
                    _ => take_failure(&mut self.failure, key, value),
                })?;
                self.say(key, said);
            }
            "caller" if value.peek() == b'"' => {
                if let Some(place) = value.text()? {
                    self.call_site.or_place(&place);
                }
            }
            "source" if value.peek() == b'{' => {
                let site = CallSite::of_location(value)?;
                if self.call_site.module.is_empty() && site.line.is_some() {
                    self.call_site = site;
                }
            }
            // Log Analytics keeps an audit log inside `proto_payload`
            "audit_log" => {
                self.is_audit = true;
                self.members(value)?;
            }
            _ => match field::key(key) {
                Some(level) => {
                    self.is_record |= key == "levelname";
                    self.take_level(level, value)?;
                }
                None => match failure::part(key) {
                    Some(part) => self.failure.take(part, value)?,
                    None => self.record.take(key, value)?,
                },
            },
        }
        Ok(())
    }

    /// A status of gRPC: of what went well there is none, or its code is 0.
    fn take_status(&mut self, value: &mut Cursor<'a>) -> Read<()> {
        let (mut code, mut message) = (None, None);
        value.members(|key, value| {
            match key {
                "code" => code = value.scalar()?,
                "message" => message = value.text()?,
                _ => value.skip()?,
            }
            Ok(())
        })?;
        if code.is_some_and(|code| code != "0") {
            self.audit_failure = message.filter(|text| !text.is_empty());
        }
        Ok(())
    }

    fn take_level(&mut self, key: field::Key, value: &mut Cursor<'a>) -> Read<()> {
        if let Some(word) = value.scalar()? {
            self.fields.take(key, &word);
        }
        Ok(())
    }

    /// Keeps what the most telling key says.
    fn say(&mut self, key: &str, text: Option<Cow<'a, str>>) {
        let rank = MESSAGES.iter().position(|known| *known == key).unwrap_or(MESSAGES.len());
        let Some(text) = text.filter(|text| !text.is_empty()) else { return };
        if self.other.is_none() || rank < self.rank {
            (self.other, self.rank) = (Some(text), rank);
        }
    }

    /// A message that is an object is looked into once.
    fn open(&mut self, value: &mut Cursor<'a>) -> Read<()> {
        if self.is_inner {
            return value.skip();
        }
        let mut inner = Self { is_inner: true, ..Self::default() };
        let (_, raw) = value.span(|value| inner.members(value))?;
        inner.raw = canonical(raw, value.halves > 0);
        inner.settle();
        self.inner = Some(Box::new(inner));
        Ok(())
    }

    fn settle(&mut self) {
        if let Some(template) = self.unrendered.take() {
            let (text, template) = render(&template, &self.raw);
            if self.message.is_none() && self.other.is_none() {
                (self.other, self.template) = (Some(text.into()), Some(template));
            }
        }
        if !self.is_inner {
            self.take_inner();
        }
        if self.is_platforms && self.message.is_none() && self.other.is_none() && self.failure.is_none() {
            self.other = std::mem::take(&mut self.outcome).words();
        }
        self.level = self.level.or(self.fields.level());
        if self.is_record {
            first(&mut self.logger, self.name.take());
        }
        self.has_message = self.message.is_some();
        self.audit_method = self.method.take_if(|_| self.is_audit);
        if !self.is_request_log {
            let said = self.message.as_deref().or(self.other.as_deref());
            let record = std::mem::take(&mut self.record).saying(said);
            let told = record.request().filter(|_| !self.failure.has_report() && self.audit_method.is_none());
            self.request = told.or(self.inner_request.take()).unwrap_or_default();
        }
        if self.call_site.module.is_empty() {
            self.call_site.module = self.logger.clone().unwrap_or_default();
        }
    }

    /// What a message says that is itself a record, as docker writes a program's own JSON.
    fn take_inner(&mut self) {
        let said = self.message.as_ref().or(self.other.as_ref());
        let inner = match self.inner.take() {
            Some(inner) => Some(*inner),
            None => {
                said.and_then(|text| Payload::inside(text, true)).map(|read| Payload { raw: Cow::default(), ..read })
            }
        };
        let Some(inner) = inner else { return };
        let has_own = self.message.is_some();
        let text = inner.message.or(inner.other);
        if text.is_some() || !inner.raw.is_empty() {
            let text = text.or_else(|| Some(inner.raw).filter(|_| inner.failure.is_none()));
            let slot = if has_own || self.other.is_none() { &mut self.message } else { &mut self.other };
            *slot = text.or(slot.take());
            self.template = inner.template;
        }
        self.level = inner.level;
        self.failure.or(inner.failure);
        self.inner_request = Some(inner.request).filter(|request| request.is_of_program);
        first(&mut self.logger, inner.logger);
        first(&mut self.user, inner.user);
    }

    fn into_owned(self) -> Payload<'static> {
        let own = |text: Option<Cow<'a, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Payload {
            raw: Cow::Owned(self.raw.into_owned()),
            text: own(self.text),
            message: own(self.message),
            has_message: self.has_message,
            failure: self.failure.into_owned(),
            other: own(self.other),
            template: self.template,
            audit_method: own(self.audit_method),
            resource_name: own(self.resource_name),
            audit_failure: own(self.audit_failure),
            status_details: own(self.status_details),
            call_site: CallSite {
                module: Cow::Owned(self.call_site.module.into_owned()),
                function: Cow::Owned(self.call_site.function.into_owned()),
                line: self.call_site.line,
            },
            logger: own(self.logger),
            level: self.level,
            user: own(self.user),
            request: self.request.into_owned(),
            method: own(self.method),
            is_audit: self.is_audit,
            rank: self.rank,
            is_inner: self.is_inner,
            ..Payload::default()
        }
    }
}

/// What load balancers say where a request ended as the backend answered, or a cache.
const AS_ANSWERED: [&str; 5] = [
    "response_sent_by_backend",
    "response_from_cache",
    "response_from_cache_validated",
    "byte_range_caching",
    "cache_lookup_failed_after_partial_response",
];

/// The first of several fields that say the same stands.
fn first<'a>(slot: &mut Option<Cow<'a, str>>, text: Option<Cow<'a, str>>) {
    if slot.is_none() {
        *slot = text;
    }
}

fn take_failure<'a>(slot: &mut Failure<'a>, key: &str, value: &mut Cursor<'a>) -> Read<()> {
    match failure::part(key) {
        Some(part) => slot.take(part, value),
        None => value.skip(),
    }
}

fn take_first<'a>(slot: &mut Option<Cow<'a, str>>, value: &mut Cursor<'a>) -> Read<()> {
    first(slot, value.text()?);
    Ok(())
}

/// The text of an object's first member that has one of these names.
pub fn member<'a>(value: &mut Cursor<'a>, names: &[&str]) -> Read<Option<Cow<'a, str>>> {
    let mut found = None;
    value.members(|key, value| if names.contains(&key) { take_first(&mut found, value) } else { value.skip() })?;
    Ok(found)
}

impl<'a> CallSite<'a> {
    /// `jsonPayload.labels{function,line,module}`.
    fn of_labels(value: &mut Cursor<'a>) -> Read<Self> {
        Self::read(value, "module")
    }

    /// `sourceLocation{file,function,line}`.
    pub fn of_location(value: &mut Cursor<'a>) -> Read<Self> {
        Self::read(value, "file")
    }

    /// Of a place as `src/till.go:7`, where nothing else told it.
    fn or_place(&mut self, place: &str) {
        let Some((path, line)) = place.rsplit_once(':') else { return };
        if let (true, Ok(line)) = (self.module.is_empty(), line.parse()) {
            (self.module, self.line) = (path.to_owned().into(), Some(line));
        }
    }

    fn read(value: &mut Cursor<'a>, module: &str) -> Read<Self> {
        let mut site = Self::default();
        value.members(|key, value| {
            match key {
                "function" => site.function = value.text()?.unwrap_or_default(),
                "line" => site.line = value.scalar()?.and_then(|line| line.parse().ok()),
                _ if key == module => site.module = value.text()?.unwrap_or_default(),
                _ => value.skip()?,
            }
            Ok(())
        })?;
        Ok(site)
    }

    /// Call sites inside the logging library say nothing about who called it.
    pub fn is_logging_itself(&self) -> bool {
        let module = self.module.as_ref();
        module == "logging" || module.starts_with("logging.") || module.ends_with("logging/__init__.py")
    }
}
