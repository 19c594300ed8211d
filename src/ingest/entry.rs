//! What a log entry is: one JSON object of an export, read into the fields that the tables hold.
//!
//! Shapes and field names: the LogEntry reference of Cloud Logging. Client dumps write the same
//! fields in snake case; both are read. Nothing is dropped: what has no column goes to `extra`.

use std::borrow::Cow;

use sonic_rs::{JsonValueTrait, LazyValue};

use super::{mend, severity, time};
use crate::mine::trace;

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
    pub source: Source<'a>,
    pub instance_id: Cow<'a, str>,
    pub labels: Option<Cow<'a, str>>,
    pub call_site: CallSite<'a>,
    pub kind: &'static str,
    pub insert_id: Option<Cow<'a, str>>,
    pub trace: Option<Cow<'a, str>>,
    pub span: Option<Cow<'a, str>>,
    pub message: Option<Cow<'a, str>>,
    /// A template known from the fields, for messages that are no text: requests and audited acts.
    pub known_template: Option<String>,
    pub user: Option<Cow<'a, str>>,
    pub http: Http<'a>,
    pub payload: Option<Cow<'a, str>>,
    pub has_payload: bool,
    pub extra: Option<String>,
    /// How much of the entry there is; of two copies of one entry the fuller wins.
    pub fullness: u32,
}

/// Where entries come from: few in number, so the tables hold them once.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub struct Source<'a> {
    pub project: Cow<'a, str>,
    pub resource_type: Cow<'a, str>,
    pub service: Cow<'a, str>,
    pub revision: Cow<'a, str>,
    pub location: Cow<'a, str>,
    pub log_id: Cow<'a, str>,
}

/// The place in the code that wrote an entry.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub struct CallSite<'a> {
    pub module: Cow<'a, str>,
    pub function: Cow<'a, str>,
    pub line: Option<u32>,
}

#[derive(Debug, Default)]
pub struct Http<'a> {
    pub method: Option<Cow<'a, str>>,
    pub status: Option<u16>,
    pub url: Option<Cow<'a, str>>,
    pub latency_ns: Option<i64>,
    pub user_agent: Option<Cow<'a, str>>,
    pub raw: Option<&'a str>,
}

/// The top-level fields of an entry, cut out but not yet read.
#[derive(Default)]
struct Fields<'a> {
    timestamp: Option<LazyValue<'a>>,
    receive_timestamp: Option<LazyValue<'a>>,
    severity: Option<LazyValue<'a>>,
    insert_id: Option<LazyValue<'a>>,
    log_name: Option<LazyValue<'a>>,
    resource: Option<LazyValue<'a>>,
    labels: Option<LazyValue<'a>>,
    http: Option<LazyValue<'a>>,
    trace: Option<LazyValue<'a>>,
    span: Option<LazyValue<'a>>,
    text: Option<LazyValue<'a>>,
    json: Option<LazyValue<'a>>,
    proto: Option<LazyValue<'a>>,
    raw_payload: Option<LazyValue<'a>>,
    source_location: Option<LazyValue<'a>>,
    extra: Option<String>,
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

/// Reads one JSON object as a log entry.
pub fn parse(raw: &str) -> Result<Entry<'_>, Reject> {
    if raw.len() > ENTRY_LIMIT {
        return Err(Reject::Malformed(format!("entry of {} bytes, above the limit of {ENTRY_LIMIT}", raw.len())));
    }
    let mut fields = Fields::read(raw)?;
    let mut entry = fields.envelope()?;
    fields.read_payload(&mut entry);
    fields.keep_unused();
    entry.fullness = fields.fullness(&entry);
    entry.extra = fields.extra.map(|extra| extra + "}");
    Ok(entry)
}

impl<'a> Fields<'a> {
    fn read(raw: &'a str) -> Result<Self, Reject> {
        let mut fields = Self::default();
        let mut count = 0;
        for pair in sonic_rs::to_object_iter(raw) {
            let (key, value) = pair.map_err(|error| Reject::Malformed(first_line(&error.to_string())))?;
            count += 1;
            if !value.is_null() {
                fields.take(&key, value);
            }
        }
        let is_entry = fields.timestamp.is_some() || fields.receive_timestamp.is_some();
        if is_entry {
            return Ok(fields);
        }
        let what = if count == 0 { "an empty object" } else { "an object without `timestamp`" };
        Err(Reject::NoEntry(format!("no log entry: {what}")))
    }

    fn take(&mut self, key: &str, value: LazyValue<'a>) {
        let slot = match key {
            "timestamp" => &mut self.timestamp,
            "receiveTimestamp" | "receive_timestamp" => &mut self.receive_timestamp,
            "severity" => &mut self.severity,
            "insertId" | "insert_id" => &mut self.insert_id,
            "logName" | "log_name" => &mut self.log_name,
            "resource" => &mut self.resource,
            "labels" => &mut self.labels,
            "httpRequest" | "http_request" => &mut self.http,
            "trace" => &mut self.trace,
            "spanId" | "span_id" => &mut self.span,
            "textPayload" | "text_payload" => &mut self.text,
            "jsonPayload" | "json_payload" => &mut self.json,
            "protoPayload" | "proto_payload" => &mut self.proto,
            "raw_payload" => &mut self.raw_payload,
            "sourceLocation" | "source_location" => &mut self.source_location,
            _ => return self.keep(key, value.as_raw_str()),
        };
        *slot = Some(value);
    }

    /// A field without a column of its own.
    fn keep(&mut self, key: &str, raw: &str) {
        let extra = self.extra.get_or_insert_with(String::new);
        extra.push(if extra.is_empty() { '{' } else { ',' });
        extra.push_str(&serde_json::Value::from(key).to_string());
        extra.push(':');
        extra.push_str(&compact(raw));
    }

    fn envelope(&self) -> Result<Entry<'a>, Reject> {
        let received = self.receive_timestamp.as_ref().and_then(text_of).and_then(|text| time::parse(&text));
        let stamp = self.timestamp.as_ref().and_then(text_of);
        let at = match stamp.as_deref().map(|text| (text, time::parse(text))) {
            Some((_, Some(at))) => at,
            Some((text, None)) => return Err(Reject::Malformed(format!("unreadable timestamp `{}`", clip(text)))),
            None => received.ok_or_else(|| Reject::Malformed("unreadable timestamp".into()))?,
        };
        let mut entry = Entry { entry_at: at.epoch_ns, has_zone: at.has_zone, ..Entry::default() };
        entry.received_at = received.map(|time| time.epoch_ns);
        entry.severity =
            self.severity.as_ref().and_then(scalar_of).and_then(|word| severity::parse(&word)).unwrap_or("DEFAULT");
        entry.insert_id = self.insert_id.as_ref().and_then(text_of).filter(|id| !id.is_empty());
        entry.trace = self.trace.as_ref().and_then(text_of).filter(|id| !id.is_empty());
        entry.span = self.span.as_ref().and_then(text_of).filter(|id| !id.is_empty());
        entry.source = self.source();
        if let Some(labels) = self.labels.as_ref().filter(|labels| !is_empty(labels.as_raw_str())) {
            entry.instance_id = member(labels, &["instanceId", "instance_id"]).unwrap_or_default();
            entry.labels = Some(compact(raw_of(labels)));
        }
        entry.http = self.http.as_ref().map(Http::read).unwrap_or_default();
        Ok(entry)
    }

    fn source(&self) -> Source<'a> {
        let mut source = Source::default();
        let log_name = self.log_name.as_ref().and_then(text_of).unwrap_or_default();
        source.log_id = log_id(&log_name).into();
        for (key, value) in members(self.resource.as_ref()) {
            match key.as_ref() {
                "type" => source.resource_type = text_of(&value).unwrap_or_default(),
                "labels" => source.take_labels(value),
                _ => {}
            }
        }
        if source.project.is_empty() {
            source.project = log_name
                .strip_prefix("projects/")
                .and_then(|rest| rest.split('/').next())
                .unwrap_or("")
                .to_owned()
                .into();
        }
        if source.service.is_empty() {
            source.service = source.resource_type.clone();
        }
        source
    }

    fn read_payload(&self, entry: &mut Entry<'a>) {
        let json = self.json.as_ref().filter(|json| !is_empty(json.as_raw_str())).or(self.proto.as_ref());
        let read = json.map(JsonPayload::read).unwrap_or_default();
        let text = self.text.as_ref().and_then(text_of).or_else(|| self.unparsed(json.is_some()));
        entry.has_payload = json.is_some() || text.is_some();
        entry.payload = json.map(|json| compact(raw_of(json)));
        let message = read.message.clone().or(text).or_else(|| read.error_report.clone());
        entry.kind = kind_of(entry, &read, message.is_some());
        entry.known_template = match (&message, &read.audit_method) {
            (Some(_), _) => None,
            (None, Some(method)) => Some(method.to_string()),
            (None, None) => entry.http.template(),
        };
        entry.message = message
            .or_else(|| read.audit_method.clone())
            .or_else(|| entry.http.request_line().map(Cow::Owned))
            .or_else(|| read.other.clone())
            .or_else(|| entry.payload.clone())
            .map(mended);
        if entry.message.is_none() {
            entry.kind = "no payload";
        }
        let text = entry.message.as_deref().unwrap_or_default();
        entry.level = severity::level_of(text).or(read.level);
        entry.user = read.user.clone();
        self.find_call_site(entry, &read);
    }

    /// A client's copy of a payload that was read from its own field.
    fn keep_unused(&mut self) {
        let is_used = self.json.is_none() && self.proto.is_none() && self.text.is_none();
        if let Some(raw_payload) = self.raw_payload.take().filter(|_| !is_used) {
            self.keep("raw_payload", raw_of(&raw_payload));
        }
    }

    /// Some clients write the payload as text beside its type, or instead of it.
    fn unparsed(&self, has_json: bool) -> Option<Cow<'a, str>> {
        if has_json { None } else { self.raw_payload.as_ref().and_then(text_of).filter(|text| !text.is_empty()) }
    }

    /// Fields of the payload first, then the location, the logger's name, and the trace's own frame.
    fn find_call_site(&self, entry: &mut Entry<'a>, read: &JsonPayload<'a>) {
        let mut site = read.call_site.clone();
        for (key, value) in members(self.source_location.as_ref()) {
            match key.as_ref() {
                "file" if site.module.is_empty() => site.module = text_of(&value).unwrap_or_default(),
                "function" if site.function.is_empty() => site.function = text_of(&value).unwrap_or_default(),
                "line" if site.line.is_none() => site.line = scalar_of(&value).and_then(|line| line.parse().ok()),
                _ => {}
            }
        }
        if is_logging_itself(&site) {
            site = CallSite { module: read.logger.clone().unwrap_or_default(), ..CallSite::default() };
        }
        let text = entry.message.as_deref().unwrap_or_default();
        if trace::looks_like_trace(text)
            && let Some(parsed) = trace::parse(text)
        {
            if entry.kind == "message" {
                entry.kind = "exception";
            }
            if site.module.is_empty()
                && let Some(frame) = parsed.frame_to_look_at()
            {
                site.module = Cow::Owned(frame.file.clone());
                site.function = Cow::Owned(frame.function.clone());
                site.line = frame.line;
            }
            if entry.severity == "DEFAULT" {
                entry.level = entry.level.or(Some("ERROR"));
            }
        }
        entry.call_site = site;
    }

    /// Fields that carry something count first; among equals the longer text does.
    fn fullness(&self, entry: &Entry<'_>) -> u32 {
        let present = [
            (entry.has_payload, 8),
            (self.http.is_some(), 4),
            (entry.labels.is_some(), 2),
            (self.trace.is_some(), 1),
            (self.receive_timestamp.is_some(), 1),
            (self.log_name.is_some(), 1),
        ];
        let fields: u32 = present.iter().filter(|(is_there, _)| *is_there).map(|(_, weight)| weight).sum();
        let bytes = entry.payload.as_deref().map_or(0, str::len) + entry.message.as_deref().map_or(0, str::len);
        (fields << 24) | (bytes as u32).min(0x00ff_ffff)
    }
}

fn mended(text: Cow<'_, str>) -> Cow<'_, str> {
    match mend::mend(&text) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => text,
    }
}

/// What an entry tells of: a request, an administrator's act, or a message of the program.
fn kind_of(entry: &Entry<'_>, read: &JsonPayload<'_>, has_message: bool) -> &'static str {
    let is_request_log = entry.source.log_id.ends_with("requests");
    let has_own_message = has_message && read.message.is_some();
    if entry.http.raw.is_some() && (is_request_log || !has_own_message) {
        "request"
    } else if read.audit_method.is_some() {
        "audit"
    } else {
        "message"
    }
}

/// Call sites inside the logging library say nothing about who called it.
fn is_logging_itself(site: &CallSite<'_>) -> bool {
    let module = site.module.as_ref();
    module == "logging" || module.starts_with("logging.") || module.ends_with("logging/__init__.py")
}

impl<'a> Source<'a> {
    fn take_labels(&mut self, labels: LazyValue<'a>) {
        for (key, value) in members(Some(&labels)) {
            let slot = match key.as_ref() {
                "project_id" => &mut self.project,
                "service_name" | "function_name" | "job_name" | "container_name" | "module_id" => &mut self.service,
                "revision_name" | "version_id" | "pod_name" => &mut self.revision,
                "location" | "region" | "zone" => &mut self.location,
                _ => continue,
            };
            *slot = text_of(&value).unwrap_or_default();
        }
    }
}

impl<'a> Http<'a> {
    fn read(value: &LazyValue<'a>) -> Self {
        let mut http = Http::default();
        for (key, value) in members(Some(value)) {
            match key.as_ref() {
                "requestMethod" | "request_method" | "method" => http.method = text_of(&value),
                "requestUrl" | "request_url" | "url" => http.url = text_of(&value),
                "status" => http.status = scalar_of(&value).and_then(|status| status.parse().ok()),
                "userAgent" | "user_agent" => http.user_agent = text_of(&value),
                "latency" => http.latency_ns = text_of(&value).and_then(|text| time::duration_ns(&text)),
                _ => {}
            }
        }
        if !is_empty(value.as_raw_str()) {
            http.raw = Some(raw_of(value));
        }
        http
    }

    fn template(&self) -> Option<String> {
        self.url.as_ref()?;
        let status = self.status.map(|status| status.to_string()).unwrap_or_default();
        Some(format!("{} <*> {status}", self.method.as_deref().unwrap_or("")).trim().to_owned())
    }

    fn request_line(&self) -> Option<String> {
        let url = self.url.as_deref()?;
        let method = self.method.as_deref().unwrap_or("");
        let status = self.status.map(|status| status.to_string()).unwrap_or_default();
        Some(format!("{method} {url} {status}").trim().to_owned())
    }
}

/// What a JSON payload says of itself, in the field names that loggers use.
#[derive(Default)]
struct JsonPayload<'a> {
    message: Option<Cow<'a, str>>,
    error_report: Option<Cow<'a, str>>,
    other: Option<Cow<'a, str>>,
    audit_method: Option<Cow<'a, str>>,
    call_site: CallSite<'a>,
    logger: Option<Cow<'a, str>>,
    level: Option<&'static str>,
    user: Option<Cow<'a, str>>,
}

impl<'a> JsonPayload<'a> {
    fn read(payload: &LazyValue<'a>) -> Self {
        let mut read = Self::default();
        let mut is_audit = false;
        let mut method = None;
        for (key, value) in members(Some(payload)) {
            match key.as_ref() {
                "message" => read.message = text_of(&value).filter(|text| !text.is_empty()),
                "stack_trace" | "exception" => read.error_report = read.error_report.take().or_else(|| text_of(&value)),
                "msg" | "event" | "log" | "body" => read.other = read.other.take().or_else(|| text_of(&value)),
                "@type" => is_audit = text_of(&value).is_some_and(|name| name.ends_with("AuditLog")),
                "methodName" | "method_name" => method = text_of(&value),
                "authenticationInfo" | "authentication_info" => {
                    read.user = member(&value, &["principalEmail", "principal_email"]);
                }
                "user_id" | "userId" | "user" | "username" => read.user = read.user.take().or_else(|| text_of(&value)),
                "level" | "levelname" | "severity" => {
                    read.level = text_of(&value).and_then(|word| severity::parse(&word));
                }
                "logger" | "name" => read.logger = read.logger.take().or_else(|| text_of(&value)),
                "labels" => read.call_site = CallSite::read(&value),
                "context" => read.take_context(&value),
                _ => {}
            }
        }
        read.audit_method = method.filter(|_| is_audit);
        if read.call_site.module.is_empty() {
            read.call_site.module = read.logger.clone().unwrap_or_default();
        }
        read
    }

    fn take_context(&mut self, context: &LazyValue<'a>) {
        self.logger = self.logger.take().or_else(|| member(context, &["name", "logger"]));
        self.user = self.user.take().or_else(|| member(context, &["user_id", "user"]));
    }
}

impl<'a> CallSite<'a> {
    fn read(labels: &LazyValue<'a>) -> Self {
        let mut site = CallSite::default();
        for (key, value) in members(Some(labels)) {
            match key.as_ref() {
                "module" => site.module = text_of(&value).unwrap_or_default(),
                "function" => site.function = text_of(&value).unwrap_or_default(),
                "line" => site.line = scalar_of(&value).and_then(|line| line.parse().ok()),
                _ => {}
            }
        }
        site
    }
}

/// `projects/p/logs/run.googleapis.com%2Fstdout` to `run.googleapis.com/stdout`.
fn log_id(log_name: &str) -> String {
    let encoded = log_name.rsplit_once("/logs/").map_or(log_name, |(_, id)| id);
    encoded.replace("%2F", "/").replace("%2f", "/")
}

fn members<'a>(value: Option<&LazyValue<'a>>) -> impl Iterator<Item = (Cow<'a, str>, LazyValue<'a>)> {
    value
        .map(raw_of)
        .filter(|raw| raw.starts_with('{'))
        .into_iter()
        .flat_map(|raw| sonic_rs::to_object_iter(raw).filter_map(Result::ok))
        .filter(|(_, value)| !value.is_null())
}

fn member<'a>(value: &LazyValue<'a>, names: &[&str]) -> Option<Cow<'a, str>> {
    members(Some(value)).find(|(key, _)| names.contains(&key.as_ref())).and_then(|(_, value)| text_of(&value))
}

/// The raw text of a value, borrowed from the entry and not from the value.
fn raw_of<'a>(value: &LazyValue<'a>) -> &'a str {
    match value.as_raw_cow() {
        Cow::Borrowed(raw) => raw,
        // cut from a borrowed text, so it is borrowed; an empty object is the harmless answer if ever it is not
        Cow::Owned(_) => "{}",
    }
}

/// A JSON string's text, borrowed unless it holds escapes.
fn text_of<'a>(value: &LazyValue<'a>) -> Option<Cow<'a, str>> {
    let raw = raw_of(value);
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    sonic_rs::from_str::<String>(raw).ok().or_else(|| serde_json::from_str(raw).ok()).map(Cow::Owned)
}

/// A string's text, or a number as written.
fn scalar_of<'a>(value: &LazyValue<'a>) -> Option<Cow<'a, str>> {
    text_of(value).or_else(|| value.is_number().then(|| Cow::Borrowed(raw_of(value))))
}

fn is_empty(raw: &str) -> bool {
    raw.len() <= 16 && raw.bytes().all(|byte| matches!(byte, b'{' | b'}' | b'"' | b' ' | b'\n' | b'\r' | b'\t'))
}

/// JSON without blanks outside strings, so that copies of one entry compare however they were printed.
fn compact(raw: &str) -> Cow<'_, str> {
    if !is_spaced(raw.as_bytes()) {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for &byte in raw.as_bytes() {
        if in_string {
            in_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            in_string = byte == b'"';
        }
        out.push(byte);
    }
    // only ASCII blanks were left out, so the text is UTF-8 as before
    String::from_utf8(out).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// Whether a JSON text is printed with blanks: seen after its bracket or its first key.
fn is_spaced(raw: &[u8]) -> bool {
    if raw.get(1).is_some_and(u8::is_ascii_whitespace) {
        return true;
    }
    let colon = memchr::memmem::find(raw, b"\":").map(|at| at + 2);
    colon.and_then(|at| raw.get(at)).is_some_and(u8::is_ascii_whitespace)
        || memchr::memmem::find(raw, b"\" :").is_some_and(|at| at < 64)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("malformed JSON").trim().to_owned()
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(40)]
}
