//! What a log entry is: one JSON object of an export, read into the fields that the tables hold.
//!
//! Shapes and field names: the LogEntry reference of Cloud Logging. Client dumps write the same
//! fields in snake case; both are read. A field without a column goes to `extra`; of `resource`, `httpRequest` and
//! `sourceLocation` only the members that have a column are kept.

use std::{borrow::Cow, sync::Arc};

use super::{
    access,
    http::Http,
    instant,
    json::{Cursor, Fault, Raw, Read, canonical, is_empty},
    level::{self, LevelSource},
    message,
    payload::{CallSite, Payload},
    repair,
    request_log::{RequestLine, RequestLog},
    severity,
    source::{KnownSource, Origin, Sources},
};
use crate::{
    mine::{
        Kind,
        trace::{self, Trace},
    },
    time::timestamp::{self, EntryTime},
};

/// An entry longer than this is rejected by name: Cloud Logging's own limit is 256 KB, an audit entry's 512 KB.
pub const ENTRY_LIMIT: usize = 16 << 20;

/// One log entry, borrowing from the text it was read from where it can.
#[derive(Debug, Default)]
pub struct Entry<'a> {
    pub entry_at: i64,
    pub has_zone: bool,
    pub received_at: Option<i64>,
    pub severity: &'static str,
    pub level: Option<&'static str>,
    /// How the level is known.
    pub level_source: Option<LevelSource>,
    pub source: Arc<KnownSource>,
    pub labels: Option<Cow<'a, str>>,
    pub call_site: CallSite<'a>,
    pub kind: &'static str,
    pub insert_id: Option<Cow<'a, str>>,
    pub trace: Option<Cow<'a, str>>,
    pub span: Option<Cow<'a, str>>,
    pub message: Option<Cow<'a, str>>,
    /// The trace that the message is.
    pub stack_trace: Option<Trace>,
    /// A template known from the fields, for messages that are no text: requests and audited acts.
    pub known_template: Option<(Kind, String)>,
    pub user: Option<Cow<'a, str>>,
    pub http: Http<'a>,
    /// JSON; of a text that was repaired, the text before as a JSON string.
    pub payload: Option<Cow<'a, str>>,
    pub has_payload: bool,
    pub extra: Option<String>,
    /// Half a surrogate pair was replaced.
    pub has_halves: bool,
    /// How much of the entry there is; of two copies of one entry the fuller wins.
    pub fullness: u32,
    /// What App Engine logged while it answered the request.
    pub lines: Vec<RequestLine<'a>>,
    /// A request that the payload's fields tell, as the program's own access log writes them.
    logged: Option<RequestLog<'a>>,
}

/// The top-level fields of an entry.
#[derive(Default)]
struct Fields<'a> {
    timestamp: Option<Cow<'a, str>>,
    receive_timestamp: Option<Cow<'a, str>>,
    severity: Option<Cow<'a, str>>,
    insert_id: Option<Cow<'a, str>>,
    log_name: Option<Cow<'a, str>>,
    log_id: Option<Cow<'a, str>>,
    resource: Option<Raw<'a>>,
    labels: Option<Cow<'a, str>>,
    http: Option<Http<'a>>,
    trace: Option<Cow<'a, str>>,
    span: Option<Cow<'a, str>>,
    text: Option<Cow<'a, str>>,
    json: Option<Payload<'a>>,
    proto: Option<Payload<'a>>,
    /// A client's copy of the payload, or the payload as text.
    raw_payload: Option<Raw<'a>>,
    raw_text: Option<Cow<'a, str>>,
    location: CallSite<'a>,
    extra: Option<String>,
    has_time: bool,
    halves: usize,
}

/// Why a piece is no entry, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reject {
    Malformed(String),
    NoEntry(String),
}

impl Reject {
    pub fn reason(&self) -> &str {
        match self {
            Self::Malformed(reason) | Self::NoEntry(reason) => reason,
        }
    }
}

impl From<Fault> for Reject {
    fn from(fault: Fault) -> Self {
        Self::Malformed(format!("no JSON at byte {}: {}", fault.at, fault.what))
    }
}

/// Reads one JSON object as a log entry.
pub fn parse<'a>(raw: &'a str, sources: &mut Sources) -> Result<Entry<'a>, Reject> {
    if raw.len() > ENTRY_LIMIT {
        return Err(Reject::Malformed(format!("entry above the limit of {ENTRY_LIMIT} bytes")));
    }
    let fields = Fields::read(raw)?;
    let mut entry = fields.envelope(sources)?;
    entry.fullness = fields.fullness_of_fields();
    fields.finish(&mut entry);
    let bytes = entry.payload.as_deref().map_or(0, str::len) + entry.message.as_deref().map_or(0, str::len);
    entry.fullness |= (bytes as u32).min(0x00ff_ffff);
    Ok(entry)
}

impl<'a> Fields<'a> {
    fn read(raw: &'a str) -> Result<Self, Reject> {
        let mut fields = Self::default();
        let mut count = 0;
        let mut cursor = Cursor::new(raw);
        if cursor.peek() != b'{' {
            cursor.skip()?;
            cursor.end()?;
            return Err(Reject::NoEntry("no log entry: no object".into()));
        }
        cursor.members(|key, value| {
            count += 1;
            if value.peek() == b'n' { value.skip() } else { fields.take(key, value) }
        })?;
        cursor.end()?;
        fields.halves = cursor.halves;
        if fields.has_time {
            return Ok(fields);
        }
        let what = if count == 0 { "an empty object" } else { "an object without `timestamp`" };
        Err(Reject::NoEntry(format!("no log entry: {what}")))
    }

    /// Names as Cloud Logging writes them, as its client libraries do, and as BigQuery stores them.
    fn take(&mut self, key: &'a str, value: &mut Cursor<'a>) -> Read<()> {
        match key {
            "timestamp" => {
                self.has_time = true;
                self.timestamp = instant::time(value)?;
            }
            "receiveTimestamp" | "receive_timestamp" => {
                self.has_time = true;
                self.receive_timestamp = instant::time(value)?;
            }
            "severity" => self.severity = value.scalar()?,
            "insertId" | "insert_id" => self.insert_id = value.text()?.filter(|id| !id.is_empty()),
            "logName" | "log_name" => self.log_name = value.text()?,
            "log_id" => self.log_id = value.text()?,
            "resource" => self.resource = Some(value.raw()?),
            // Log Analytics has the labels as JSON inside a string at times
            "labels" if value.peek() == b'"' => {
                let (text, raw) = value.span(Cursor::text)?;
                match text.as_deref().and_then(object_inside) {
                    Some(labels) => self.labels = (!is_empty(&labels)).then(|| labels.into()),
                    None => self.keep(key, raw),
                }
            }
            "labels" => {
                let labels = value.raw()?;
                self.labels = (!is_empty(labels.text)).then(|| canonical(labels, value.halves > 0));
            }
            "httpRequest" | "http_request" => self.http = Some(Http::read(value)?),
            "trace" => self.trace = value.text()?.filter(|id| !id.is_empty()),
            "spanId" | "span_id" => self.span = value.text()?.filter(|id| !id.is_empty()),
            "textPayload" | "text_payload" => self.text = value.text()?,
            "jsonPayload" | "json_payload" => self.json = Payload::read(value)?,
            "protoPayload" | "proto_payload" => self.proto = Payload::read(value)?,
            "protopayload_auditlog" => self.proto = Payload::read(value)?.map(Payload::of_audit_log),
            "raw_payload" if value.peek() == b'"' => {
                let (text, raw) = value.span(Cursor::text)?;
                (self.raw_text, self.raw_payload) = (text.filter(|text| !text.is_empty()), Some(raw));
            }
            "raw_payload" => self.raw_payload = Some(value.raw()?),
            "sourceLocation" | "source_location" => self.location = CallSite::of_location(value)?,
            _ if key.starts_with("jsonpayload_") => self.json = Payload::read(value)?,
            _ => {
                let raw = value.raw()?;
                self.keep(key, raw);
            }
        }
        Ok(())
    }

    /// A field without a column of its own.
    fn keep(&mut self, key: &str, raw: Raw<'_>) {
        let extra = self.extra.get_or_insert_with(String::new);
        extra.push_str(if extra.is_empty() { "{\"" } else { ",\"" });
        extra.push_str(key);
        extra.push_str("\":");
        extra.push_str(&canonical(raw, true));
    }

    fn envelope(&self, sources: &mut Sources) -> Result<Entry<'a>, Reject> {
        let is_plausible = |time: &EntryTime| timestamp::is_plausible(time.epoch_ns);
        let received = self.receive_timestamp.as_ref().and_then(|text| timestamp::parse(text)).filter(is_plausible);
        let at = match self.timestamp.as_deref().map(|text| (text, timestamp::parse(text))) {
            Some((_, Some(at))) if is_plausible(&at) => at,
            // a clock that was wrong by centuries: the time of receipt is the nearest there is
            Some((text, Some(_))) => received.ok_or_else(|| {
                Reject::Malformed(format!("the timestamp `{}` is outside of the years 1970 to 2199", clip(text)))
            })?,
            Some((text, None)) => return Err(Reject::Malformed(format!("unreadable timestamp `{}`", clip(text)))),
            None => received.ok_or_else(|| Reject::Malformed("unreadable timestamp".into()))?,
        };
        let log_name = self.log_name.as_deref().unwrap_or_default();
        Ok(Entry {
            entry_at: at.epoch_ns,
            has_zone: at.has_zone,
            received_at: received.map(|time| time.epoch_ns),
            severity: self.severity.as_deref().and_then(severity::parse).unwrap_or("DEFAULT"),
            source: sources.find(Origin {
                resource: self.resource,
                labels: self.labels.as_deref(),
                log_name,
                log_id: self.log_id.as_deref(),
                audited: self.proto.as_ref().and_then(|proto| proto.resource_name.as_deref()),
            }),
            has_halves: self.halves > 0,
            ..Entry::default()
        })
    }

    /// Moves the fields into the entry, its message and what it tells of among them.
    fn finish(mut self, entry: &mut Entry<'a>) {
        let json = self.json.take().filter(|json| !is_empty(&json.raw)).or_else(|| self.proto.take());
        let is_raw = json.is_none() && self.text.is_none() && self.raw_text.is_some();
        if let Some(raw_payload) = self.raw_payload.take().filter(|_| !is_raw) {
            self.keep("raw_payload", raw_payload);
        }
        let text = self.text.take().or_else(|| self.raw_text.take().filter(|_| is_raw));
        entry.has_payload = json.is_some() || text.is_some();
        entry.insert_id = self.insert_id;
        entry.trace = self.trace;
        entry.span = self.span;
        entry.labels = self.labels;
        entry.http = self.http.unwrap_or_default();
        entry.extra = self.extra.map(|extra| extra + "}");
        let payload = match (json, text) {
            (Some(json), text) => json.or_message(text),
            (None, Some(text)) => Payload::of_text(text),
            (None, None) => Payload::default(),
        };
        entry.take_payload(payload, self.location);
    }

    /// Fields that carry something count first; among equals the longer text does.
    fn fullness_of_fields(&self) -> u32 {
        let has_payload = self.json.as_ref().is_some_and(|json| !is_empty(&json.raw))
            || self.proto.is_some()
            || self.text.is_some()
            || self.raw_text.is_some();
        let present = [
            (has_payload, 8),
            (self.http.is_some(), 4),
            (self.labels.is_some(), 2),
            (self.trace.is_some(), 1),
            (self.receive_timestamp.is_some(), 1),
            (self.log_name.is_some(), 1),
            (self.resource.is_some_and(|resource| !is_empty(resource.text)), 2),
            (self.severity.is_some(), 1),
        ];
        let fields: u32 = present.iter().filter(|(is_there, _)| *is_there).map(|(_, weight)| weight).sum();
        fields << 24
    }
}

impl<'a> Entry<'a> {
    /// The entry that a line of this request's log is: of the same source and trace, at its own time and severity.
    pub fn of_line(&self, line: RequestLine<'a>, number: usize) -> Self {
        let at = line.time.as_deref().and_then(timestamp::parse).filter(|time| timestamp::is_plausible(time.epoch_ns));
        let mut entry = Entry {
            entry_at: at.map_or(self.entry_at, |at| at.epoch_ns),
            has_zone: at.is_none_or(|at| at.has_zone),
            received_at: self.received_at,
            severity: line.severity.unwrap_or("DEFAULT"),
            source: Arc::clone(&self.source),
            labels: self.labels.clone(),
            insert_id: self.insert_id.as_ref().map(|id| Cow::Owned(format!("{id}#{number}"))),
            trace: self.trace.clone(),
            span: self.span.clone(),
            has_payload: true,
            ..Entry::default()
        };
        entry.take_payload(Payload::of_text(line.message), CallSite::default());
        entry
    }

    fn take_payload(&mut self, mut read: Payload<'a>, location: CallSite<'a>) {
        let mut failure = std::mem::take(&mut read.failure);
        let template = read.template.take().filter(|_| !failure.has_report());
        if read.request.is_of_program {
            self.logged = Some(std::mem::take(&mut read.request));
        } else {
            self.http.or_logged(&mut read.request);
        }
        if !failure.is_none() && self.http.raw.is_none() {
            // the trace or the reason is told with what another key than `message` says
            read.message = read.message.take().or_else(|| read.other.take());
        }
        // a logger's name is less than a place in the code
        if location.line.is_none() && read.call_site.line.is_none() {
            let thrown = failure.call_site();
            if !thrown.module.is_empty() {
                read.call_site = thrown;
            }
        }
        let is_calm = matches!(read.level.unwrap_or(self.severity), "DEBUG" | "INFO" | "NOTICE");
        let (message, has_report) = failure.beside(read.message.take(), !is_calm);
        self.kind = self.kind_of(&read, message.is_some());
        self.known_template = match (&message, &read.audit_method) {
            (Some(text), _) => level::platform_template(text).map(|text| (Kind::Message, text)),
            (None, Some(_)) if read.audit_failure.is_some() => None,
            (None, Some(method)) => Some((Kind::Message, method.to_string())),
            (None, None) => match self.http.template() {
                Some(text) => Some((Kind::Request, message::with_details(text, read.status_details.as_deref()))),
                None => template.map(|text| (Kind::Message, text)),
            },
        };
        let payload = (!read.raw.is_empty()).then(|| std::mem::take(&mut read.raw));
        let is_text = read.text.is_some();
        let has_text = message.is_some() || read.other.is_some();
        self.message = message
            .or_else(|| Some(message::audited(read.audit_method.take()?, read.audit_failure.take())))
            .or_else(|| {
                let line = self.http.request_line()?;
                Some(message::with_details(line, read.status_details.as_deref()).into())
            })
            .or_else(|| read.other.take())
            .or_else(|| payload.clone())
            .map(repaired);
        if self.message.is_none() {
            self.kind = "no payload";
        }
        let text = self.message.as_deref().unwrap_or_default();
        self.user = read.user.take();
        // what a text said before it was repaired is kept like any payload
        self.payload = payload.or_else(|| read.text.filter(|said| said != text).map(|said| as_json(&said)));
        self.find_call_site(read.call_site, read.logger, location, has_report);
        let is_open = self.is_ungraded(is_text);
        self.find_level(read.level.or(read.request.severity()), has_text, has_report, is_open);
        self.lines = read.request.lines;
    }

    /// Whether the program's own access log tells a request here, which then is what the entry is about. Whether it counts
    /// as one depends on what else logs the requests of the service (`sql/staging/shaped_entries.sql`).
    pub fn take_access(&mut self) {
        if self.kind != "message" || self.http.raw.is_some() {
            return;
        }
        let text = self.message.as_deref().unwrap_or_default();
        let Some(mut logged) = self.logged.take().or_else(|| access::read(text)) else { return };
        let end = logged.end();
        let is_record = logged.is_record;
        self.http.or_logged(&mut logged);
        self.kind = "access";
        self.known_template = self.http.template().or_else(|| end.clone()).map(|text| (Kind::Access, text));
        // what happened is told by the status
        if matches!(self.level_source, Some(LevelSource::Content | LevelSource::Wording)) {
            (self.level, self.level_source) = (None, None);
        }
        if is_record {
            let told = self.http.request_line().or(end).map(Cow::Owned);
            let said = std::mem::replace(&mut self.message, told);
            self.payload = self.payload.take().or_else(|| said.map(|said| as_json(&said)));
        }
    }

    /// What the payload declares, else the text; what a text tells without declaring it counts where nobody graded it.
    fn find_level(&mut self, declared: Option<&'static str>, has_text: bool, has_report: bool, is_open: bool) {
        let is_stderr = self.source.source.log_id.ends_with("stderr");
        let text = self.message.as_deref().filter(|_| has_text).unwrap_or_default();
        let found = declared.map(|level| (level, LevelSource::Payload)).or_else(|| {
            if has_report || self.stack_trace.is_some() {
                return level::declared(text).or_else(|| is_open.then_some(("ERROR", LevelSource::Content)));
            }
            let is_message = !matches!(self.kind, "request" | "audit");
            if is_open && is_message { level::read(text, is_stderr) } else { level::declared(text) }
        });
        let found = found.or_else(|| level::of_platform(text).map(|level| (level, LevelSource::Content)));
        (self.level, self.level_source) = found.unzip();
    }

    /// Whether the severity is nobody's: absent, or what agents give all text of a stream. Cloud Run gives none.
    fn is_ungraded(&self, is_text: bool) -> bool {
        let (log_id, resource_type) = (&self.source.source.log_id, &self.source.source.resource_type);
        let is_streams = match self.severity {
            "DEFAULT" => return true,
            "INFO" => log_id.ends_with("stdout"),
            "ERROR" => log_id.ends_with("stderr"),
            _ => false,
        };
        is_text && is_streams && !resource_type.starts_with("cloud_run") && resource_type != "cloud_function"
    }

    /// What an entry tells of: a request, an administrator's act, or a message of the program.
    fn kind_of(&self, read: &Payload<'_>, has_message: bool) -> &'static str {
        let has_own_message = has_message && read.has_message;
        if self.http.raw.is_some() && (self.source.is_request_log || !has_own_message) {
            "request"
        } else if read.audit_method.is_some() {
            "audit"
        } else {
            "message"
        }
    }

    /// Fields of the payload first, then the location, the logger's name, and the trace's own frame, which comes before a
    /// place without a line where the record has the trace beside its message.
    fn find_call_site(
        &mut self,
        said: CallSite<'a>,
        logger: Option<Cow<'a, str>>,
        location: CallSite<'a>,
        has_report: bool,
    ) {
        let mut site = said;
        if site.module.is_empty() {
            site.module = location.module;
        }
        if site.function.is_empty() {
            site.function = location.function;
        }
        site.line = site.line.or(location.line);
        if site.is_logging_itself() {
            site = CallSite { module: logger.unwrap_or_default(), ..CallSite::default() };
        }
        let text = self.message.as_deref().unwrap_or_default();
        self.stack_trace = trace::parse(text);
        if let Some(parsed) = &self.stack_trace {
            if self.kind == "message" {
                self.kind = "exception";
            }
            if (site.module.is_empty() || has_report && site.line.is_none())
                && let Some(frame) = parsed.frame_to_look_at()
            {
                site.module = Cow::Owned(frame.file.clone());
                site.function = Cow::Owned(frame.function.clone());
                site.line = frame.line;
            }
        }
        self.call_site = site;
    }
}

/// A JSON object that is all of a text.
fn object_inside(text: &str) -> Option<String> {
    let mut cursor = Cursor::new(text);
    let raw = cursor.raw().ok().filter(|raw| raw.text.starts_with('{'))?;
    cursor.end().ok()?;
    Some(canonical(raw, cursor.halves > 0).into_owned())
}

fn as_json<'a>(text: &str) -> Cow<'a, str> {
    serde_json::Value::from(text).to_string().into()
}

fn repaired(text: Cow<'_, str>) -> Cow<'_, str> {
    match repair::repair(&text) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => text,
    }
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(40)]
}
