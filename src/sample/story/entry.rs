//! One log entry of the story, and its JSON with the keys in the order `gcloud` prints them.

use serde_json::{Map, Value, json};

use super::fleet::{AUTH, BACKEND, Instance, LOCATION, MIGRATION_RUN, PROJECT};
use crate::sample::clock::{MICRO, latency, zulu};

/// Where in the application a message is written
#[derive(Clone, Copy)]
pub(super) struct CallSite {
    pub module: &'static str,
    pub function: &'static str,
    pub line: u32,
}

/// A request as the request log keeps it
pub(super) struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub status: u16,
    pub latency: i64,
    pub request_bytes: i64,
    pub response_bytes: i64,
    pub user_agent: &'a str,
    pub remote_ip: &'a str,
}

#[derive(Clone)]
pub(super) struct Trace {
    pub id: String,
    pub span: String,
}

enum Payload {
    None,
    Json(Value),
    Text(String),
    Proto(Value),
}

pub(super) struct Entry {
    pub at: i64,
    log_id: &'static str,
    severity: Option<&'static str>,
    service: &'static str,
    revision: &'static str,
    instance_id: Option<String>,
    payload: Payload,
    http_request: Option<Value>,
    trace: Option<Trace>,
}

impl Entry {
    /// A line of the application's own logger
    pub(super) fn message(at: i64, instance: &Instance, severity: &'static str, site: CallSite, text: &str) -> Self {
        let service = if instance.service == AUTH { "orchard-auth-service" } else { "orchard-service" };
        let payload = json!({
            "message": text,
            "context": {"name": site.module, "service": service},
            "labels": {"function": site.function, "line": site.line.to_string(), "module": site.module},
            "timestamp": zulu(at - 840 * MICRO - at % 1_300_000 / MICRO * MICRO),
        });
        Self::on(at, instance, "run.googleapis.com%2Fstderr", Some(severity), Payload::Json(payload))
    }

    /// A plain line of the container's output; it comes without a severity
    pub(super) fn output(at: i64, instance: &Instance, text: String) -> Self {
        Self::on(at, instance, "run.googleapis.com%2Fstdout", None, Payload::Text(text))
    }

    /// A plain line with a severity: a warning of the interpreter
    pub(super) fn warning_text(at: i64, instance: &Instance, text: String) -> Self {
        Self::on(at, instance, "run.googleapis.com%2Fstderr", Some("WARNING"), Payload::Text(text))
    }

    /// What the platform says about an instance
    pub(super) fn system(at: i64, instance: &Instance, text: String) -> Self {
        Self::on(at, instance, "run.googleapis.com%2Fvarlog%2Fsystem", Some("INFO"), Payload::Text(text))
    }

    /// A line of the request log; `at` is when the request came
    pub(super) fn request(at: i64, instance: &Instance, request: &Request, trace: Trace) -> Self {
        let severity = match request.status {
            500.. => "ERROR",
            400.. => "WARNING",
            _ => "INFO",
        };
        let host = if instance.service == AUTH { "auth" } else { "api" };
        let mut entry = Self::on(at, instance, "run.googleapis.com%2Frequests", Some(severity), Payload::None);
        entry.http_request = Some(json!({
            "latency": latency(request.latency),
            "protocol": "HTTP/1.1",
            "remoteIp": request.remote_ip,
            "requestMethod": request.method,
            "requestSize": request.request_bytes.to_string(),
            "requestUrl": format!("https://{host}.staging.orchard.example{}", request.path),
            "responseSize": request.response_bytes.to_string(),
            "serverIp": "198.51.100.17",
            "status": request.status,
            "userAgent": request.user_agent,
        }));
        entry.in_trace(trace)
    }

    /// An administrator's call in the audit log
    pub(super) fn audit(at: i64, service: &'static str, payload: Value) -> Self {
        Entry {
            at,
            log_id: "cloudaudit.googleapis.com%2Factivity",
            severity: Some("NOTICE"),
            service,
            revision: "",
            instance_id: None,
            payload: Payload::Proto(payload),
            http_request: None,
            trace: None,
        }
    }

    fn on(
        at: i64,
        instance: &Instance,
        log_id: &'static str,
        severity: Option<&'static str>,
        payload: Payload,
    ) -> Self {
        Entry {
            at,
            log_id,
            severity,
            service: instance.service,
            revision: instance.revision,
            instance_id: Some(instance.id.clone()),
            payload,
            http_request: None,
            trace: None,
        }
    }

    pub(super) fn in_trace(mut self, trace: Trace) -> Self {
        self.trace = Some(trace);
        self
    }

    /// More fields of a message's payload
    pub(super) fn with(mut self, fields: Value) -> Self {
        if let (Payload::Json(Value::Object(payload)), Value::Object(fields)) = (&mut self.payload, fields) {
            payload.extend(fields);
        }
        self
    }

    pub(super) fn is_audit(&self) -> bool {
        matches!(self.payload, Payload::Proto(_))
    }

    pub(super) fn to_json(&self, insert_id: &str, received_at: i64) -> Value {
        let mut entry = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                entry.insert(key.to_owned(), value);
            }
        };
        put("httpRequest", self.http_request.clone());
        put("insertId", Some(json!(insert_id)));
        match &self.payload {
            Payload::Json(payload) => put("jsonPayload", Some(payload.clone())),
            Payload::Proto(payload) => put("protoPayload", Some(payload.clone())),
            Payload::Text(_) | Payload::None => {}
        }
        put("labels", self.labels());
        put("logName", Some(json!(format!("projects/{PROJECT}/logs/{}", self.log_id))));
        put("receiveTimestamp", Some(json!(zulu(received_at))));
        put("resource", Some(self.resource()));
        put("severity", self.severity.map(|severity| json!(severity)));
        put("spanId", self.trace.as_ref().map(|trace| json!(trace.span)));
        if let Payload::Text(text) = &self.payload {
            put("textPayload", Some(json!(text)));
        }
        put("timestamp", Some(json!(zulu(self.at))));
        put("trace", self.trace.as_ref().map(|trace| json!(format!("projects/{PROJECT}/traces/{}", trace.id))));
        put("traceSampled", self.trace.as_ref().map(|_| json!(true)));
        Value::Object(entry)
    }

    fn labels(&self) -> Option<Value> {
        let id = self.instance_id.as_ref()?;
        Some(if self.service == BACKEND {
            json!({"instanceId": id, "migration-run": MIGRATION_RUN})
        } else {
            json!({"instanceId": id})
        })
    }

    fn resource(&self) -> Value {
        let configuration = if self.is_audit() { "" } else { self.service };
        json!({
            "labels": {
                "configuration_name": configuration,
                "location": LOCATION,
                "project_id": PROJECT,
                "revision_name": self.revision,
                "service_name": self.service,
            },
            "type": "cloud_run_revision",
        })
    }
}
