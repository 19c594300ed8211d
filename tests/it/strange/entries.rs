//! Entries whose every field is at times absent, null, empty, of another type, huge or at its limits.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::random::Random;
use crate::support::project;

/// The resource types that are known and the labels that are read of them, and some that are not known.
struct Resources {
    types: Vec<String>,
    resource_labels: Vec<String>,
    entry_labels: Vec<String>,
}

static RESOURCES: LazyLock<Resources> = LazyLock::new(|| {
    let text = std::fs::read_to_string(project().join("src/ingest/resources.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let rows = table["resource"].as_array().unwrap();
    let mut types: Vec<String> = rows.iter().map(|row| row["type"].as_str().unwrap().to_owned()).collect();
    types.extend(
        ["audited_resource", "global", "k8s_control_plane_component", "nothing that is known", ""].map(str::to_owned),
    );
    let lists = rows.iter().flat_map(|row| row.as_table().unwrap().values()).filter_map(toml::Value::as_array);
    let names = lists.flatten().filter_map(toml::Value::as_str);
    let names: Vec<&str> = names.map(|name| name.split(" | ").next().unwrap()).collect();
    let of_entry = |name: &&str| name.strip_prefix("label:").map(str::to_owned);
    let entry_labels = names.iter().filter_map(of_entry).collect();
    let resource_labels = names.iter().filter(|name| !name.contains(':')).map(|name| (*name).to_owned()).collect();
    Resources { types, resource_labels, entry_labels }
});

const TEXTS: [&str; 24] = [
    "",
    " ",
    "\n",
    "boom",
    "Traceback (most recent call last):\n  File \"/srv/a.py\", line 1, in a\n    x()\nKeyError: 'tea'",
    "java.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: x.Y: z",
    "panic: no\n\ngoroutine 1 [running]:\nmain.f(0x1)\n\t/src/a.go:99999999999 +0x1d",
    "{\"message\":null,\"level\":[]}",
    "{{ service }} {% if %} <script>alert(1)</script>",
    "\u{1b}[31mred\u{1b}[0m \u{9d}\u{7} \u{202e}gnp",
    "' or 1=1; drop table entries; --",
    "| a | b |\n|---|---|\n```\n# heading",
    "{\n  code: 'ECONNREFUSED',\n  port: 5432\n}",
    "ERROR",
    "[2025-09-16 00:42:39 +0000] [13] [ERROR] Worker gone",
    "0 errors",
    "\u{fffd}\u{0}\u{feff}",
    "10.0.0.1 - - [10/Mar/2026:09:00:00 +0000] \"GET /till HTTP/1.1\" 599 99999999999999999999 \"-\" \"curl\"",
    "GET /till 503 999999999999.999 ms - -",
    "| 000 | 1.2ms | 10.0.0.1 | POST \"/till\"",
    "Completed 503 Service Unavailable in 99999999999999999999ms",
    "GET / => generated -1 bytes in -3 msecs (HTTP/1.1 503)",
    "password=hunter2 Authorization: Bearer \u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}",
    "Container called exit(-1).",
];

fn strange(random: &mut Random) -> Value {
    match random.below(20) {
        0 => Value::Null,
        1 => json!(""),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(i64::MAX),
        5 => json!(u64::MAX),
        6 => json!(1e308),
        7 => json!(true),
        8 => json!([]),
        9 => json!({}),
        10 => json!([[[[{"a": [null]}]]]]),
        11 if random.one_in(4) => json!("x".repeat(70_000)),
        12 => json!("9".repeat(400)),
        13 => json!({"": "", "a\"b": {"\u{0}": null}}),
        14 => json!(-1e-308),
        15 => json!("-9223372036854775808"),
        16 => json!({"seconds": i64::MAX, "nanos": -1}),
        17 if random.one_in(4) => (0..200).fold(json!("deep"), |inner, _| json!({ "a": inner })),
        _ => json!(random.of(&TEXTS)),
    }
}

/// Mostly what belongs there, at times nothing, at times something strange.
fn put(random: &mut Random, object: &mut Map<String, Value>, key: &str, usual: Value) {
    match random.below(8) {
        0 => {}
        1 | 2 => {
            object.insert(key.to_owned(), strange(random));
        }
        _ => {
            object.insert(key.to_owned(), usual);
        }
    }
}

/// An object of such members; each is there at all once in so many times.
fn members(random: &mut Random, share: usize, usual: Value) -> Value {
    let mut object = Map::new();
    let Value::Object(usual) = usual else { return usual };
    for (key, value) in usual {
        if random.one_in(share) {
            put(random, &mut object, &key, value);
        }
    }
    object.into()
}

fn timestamp(random: &mut Random) -> Value {
    let odd = [
        "1700-01-01T00:00:00Z",
        "2262-04-11T23:47:16Z",
        "1970-01-01T00:00:00Z",
        "2199-12-31T23:59:59.999999999Z",
        "0001-01-01T00:00:00Z",
        "2025-09-16 10:00:00",
        "2025-09-12T10:00:60Z",
        "2025-09-12T24:00:00+18:00",
        "",
    ];
    match random.below(24) {
        0 | 1 => return json!(random.of(&odd)),
        2 => {
            return json!({"seconds": 1_757_671_200_u64 + random.below(300_000) as u64, "nanos": random.below(1_000_000_000)});
        }
        _ => {}
    }
    let (day, hour, minute, second) = (10 + random.below(6), random.below(24), random.below(60), random.below(60));
    json!(format!("2025-09-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z", random.below(1_000_000)))
}

fn resource(random: &mut Random) -> Value {
    let known = &*RESOURCES;
    let resource_type = if random.one_in(3) { "cloud_run_revision" } else { random.of(&known.types) };
    let name = format!("s{}", random.below(3));
    let mut labels = Map::new();
    put(random, &mut labels, "project_id", json!("p"));
    let location = json!(random.of(&["eu", "us"]));
    put(random, &mut labels, "location", location);
    for key in &known.resource_labels {
        let is_of_run =
            resource_type == "cloud_run_revision" && ["service_name", "revision_name"].contains(&key.as_str());
        if is_of_run || random.one_in(4) {
            let is_revision =
                ["revision", "version", "pod", "job_id", "instance"].iter().any(|word| key.contains(word));
            let revision = format!("{name}-{:05}-abc", 1 + random.below(3));
            put(random, &mut labels, key, json!(if is_revision { revision } else { name.clone() }));
        }
    }
    let mut resource = Map::new();
    put(random, &mut resource, "type", json!(resource_type));
    put(random, &mut resource, "labels", labels.into());
    resource.into()
}

fn request(random: &mut Random) -> Value {
    let status = json!(random.of(&[200, 404, 500, 503, 0, 70_000, -5]));
    let latency = json!(random.of(&["0.5s", "9000000000s", "-1s", "s", "0.0000000001s", "3600s", "1e9s"]));
    let size = json!(random.of(&["0", "18446744073709551616", "-1", "12"]));
    let usual = json!({
        "requestMethod": "GET", "requestUrl": "https://x.example/a?b=c", "status": status, "latency": latency,
        "userAgent": "curl/8", "requestSize": size, "responseSize": size, "remoteIp": "10.0.0.1", "serverIp": "::1",
        "referer": "https://x.example/", "protocol": "HTTP/1.1", "cacheHit": true, "cacheFillBytes": size,
    });
    members(random, 2, usual)
}

pub(super) fn entry(random: &mut Random, number: usize) -> Value {
    let mut entry = Map::new();
    let at = timestamp(random);
    if random.one_in(12) {
        put(random, &mut entry, "timestamp", at);
    } else {
        entry.insert("timestamp".into(), at);
    }
    let received = timestamp(random);
    put(random, &mut entry, "receiveTimestamp", received);
    put(random, &mut entry, "insertId", json!(format!("i{number}")));
    let severities = ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"];
    let severity = json!(random.of(&severities));
    put(random, &mut entry, "severity", severity);
    let log = [
        "run.googleapis.com%2Fstdout",
        "run.googleapis.com%2Fstderr",
        "run.googleapis.com%2Frequests",
        "run.googleapis.com%2Fvarlog%2Fsystem",
        "cloudaudit.googleapis.com%2Factivity",
        "cloudaudit.googleapis.com%2Fsystem_event",
        "cloudscheduler.googleapis.com%2Fexecutions",
        "appengine.googleapis.com%2Frequest_log",
        "events",
    ];
    let log = json!(format!("projects/p/logs/{}", random.of(&log)));
    put(random, &mut entry, "logName", log);
    let of_resource = resource(random);
    put(random, &mut entry, "resource", of_resource);
    if random.one_in(2) {
        let known = RESOURCES.entry_labels.iter().map(String::as_str);
        let usual = known
            .chain(["instanceId", "execution_id"])
            .map(|key| (key.to_owned(), json!(format!("00{}", random.below(4)))));
        let usual: Map<String, Value> = usual.collect();
        let labels = members(random, 3, usual.into());
        put(random, &mut entry, "labels", labels);
    }
    if random.one_in(3) {
        let request = request(random);
        put(random, &mut entry, "httpRequest", request);
    }
    for (key, share) in [("textPayload", 2), ("jsonPayload", 2), ("protoPayload", 4), ("raw_payload", 12)] {
        if random.one_in(share) {
            let payload = payload(random, key);
            put(random, &mut entry, key, payload);
        }
    }
    for (key, usual) in [
        ("trace", json!("projects/p/traces/t1")),
        ("spanId", json!("0af7")),
        ("traceSampled", json!(true)),
        ("sourceLocation", json!({"file": "a.py", "line": "9223372036854775807", "function": "f"})),
        ("operation", json!({"id": "o", "producer": "p", "first": true, "last": true})),
        ("split", json!({"uid": "u", "index": 0, "totalSplits": 2})),
        ("errorGroups", json!([{"id": "x"}])),
        ("metadata", json!({"systemLabels": {}, "userLabels": {}})),
        ("apphub", json!({"application": {"id": "a"}})),
        ("otel", json!({"a": 1})),
        ("unheardOf", json!({"a": 1})),
    ] {
        if random.one_in(5) {
            put(random, &mut entry, key, usual);
        }
    }
    if random.one_in(10) {
        let split = json!({"uid": strange(random), "index": strange(random), "totalSplits": strange(random)});
        entry.insert("split".into(), split);
    }
    entry.into()
}

fn payload(random: &mut Random, key: &str) -> Value {
    match (key, random.below(8)) {
        ("textPayload", _) => json!(random.of(&TEXTS)),
        ("protoPayload", 0) => request_log(random),
        ("protoPayload", _) => audit(random),
        (_, 0) => reported(random),
        (_, 1) => open_telemetry(random),
        (_, 2) => access(random),
        (_, 3) => scheduled(random),
        _ => {
            let text = json!(random.of(&TEXTS));
            let usual = json!({
                "message": text, "msg": text, "level": "error", "severity": "ERROR", "stack_trace": text, "user_id": text,
                "logger": text, "labels": {"function": "f", "line": "1", "module": "m"}, "time": text, "pid": 1,
                "status": 500, "error": text, "@type": text, "line": 1, "latency": text, "exception": text, "err": {"stack": text},
                "query": text, "log": {"level": "ERROR"}, "password": text, "@mt": "{a} of {b:x}", "a": text,
            });
            members(random, 3, usual)
        }
    }
}

/// As Error Reporting has it.
fn reported(random: &mut Random) -> Value {
    let text = json!(random.of(&TEXTS));
    let request = request(random);
    let context = json!({
        "exception": text, "httpRequest": request, "user": "u", "reportLocation": {"filePath": "a", "lineNumber": -1, "functionName": "f"},
        "sourceReferences": [{"repository": "r"}],
    });
    let context = members(random, 1, context);
    let service = members(random, 1, json!({"service": "s", "version": "v", "resourceType": "t"}));
    let usual = json!({
        "@type": "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent",
        "message": text, "eventTime": "2025-09-12T10:00:00Z", "serviceContext": service, "context": context,
    });
    members(random, 1, usual)
}

/// As OpenTelemetry's exporters write records.
fn open_telemetry(random: &mut Random) -> Value {
    let text = json!(random.of(&TEXTS));
    let status = json!(random.of(&[200, 503, -1, 70_000]));
    let attributes = json!({
        "exception.type": "E", "exception.message": text, "exception.stacktrace": text, "http.request.method": "GET",
        "http.response.status_code": status, "url.path": "/a", "code.function": "f", "code.lineno": -1, "service.name": "s",
    });
    let attributes = members(random, 2, attributes);
    let usual = json!({
        "body": {"stringValue": text}, "severityText": "ERROR", "severityNumber": 17, "severity_number": 99, "attributes": attributes,
        "resource": {"attributes": {"service.name": "s"}}, "traceId": "00", "spanId": "0", "observedTimestamp": u64::MAX,
        "instrumentationScope": {"name": "n"}, "message": text,
    });
    members(random, 2, usual)
}

/// The record of a program's access log.
fn access(random: &mut Random) -> Value {
    let status =
        random.of(&[json!(200), json!("503"), json!(0), json!(-1), json!(99_999), json!("5xx"), json!(503.5)]).clone();
    let length =
        [json!(1e300), json!(-1), json!("12ms"), json!("9e99 s"), json!(u64::MAX), json!("99999999999999999999ms")];
    let length = random.of(&length).clone();
    let usual = json!({
        "method": "GET", "path": "/a", "url": {"path": "/a"}, "status": status, "statusCode": status, "latency": length, "duration": length,
        "request_time": length, "responseTime": length, "bytes_sent": length, "size": length, "user_agent": "curl",
        "req": {"method": "GET", "url": "/a"}, "res": {"statusCode": status}, "message": "request completed",
    });
    members(random, 1, usual)
}

/// Of Cloud Scheduler and Cloud Tasks.
fn scheduled(random: &mut Random) -> Value {
    let kind = random.of(&["AttemptStarted", "AttemptFinished"]);
    let status = random.of(&["OK", "PERMISSION_DENIED", "DEADLINE_EXCEEDED", "UNKNOWN", ""]);
    let usual = json!({
        "@type": format!("type.googleapis.com/google.cloud.scheduler.logging.{kind}"), "status": status, "targetType": "HTTP",
        "jobName": "projects/p/locations/l/jobs/nightly", "url": "https://x.example/run", "scheduledTime": "2025-09-12T10:00:00Z",
        "debugInfo": "URL_UNREACHABLE. Original HTTP response code number = 0", "attemptResponseLog": {"status": status, "retryCount": -1},
        "task": "projects/p/locations/l/queues/q/tasks/1",
    });
    members(random, 1, usual)
}

/// Who changed what, with a request and an answer of any shape.
fn audit(random: &mut Random) -> Value {
    let method = random.of(&[
        "google.cloud.run.v1.Services.ReplaceService",
        "google.cloud.run.v2.Services.UpdateService",
        "/Services.CreateService",
        "google.cloud.run.v1.Jobs.RunJob",
        "SetIamPolicy",
        "",
    ]);
    let container = json!({
        "image": "eu.gcr.io/p/a@sha256:00", "env": [{"name": "A", "value": "b"}, {"name": "", "valueFrom": {"secretKeyRef": {"key": 1}}}],
        "resources": {"limits": {"memory": "512Mi", "cpu": -1}}, "ports": [{"containerPort": 8080}],
    });
    let container = members(random, 1, container);
    let spec = json!({"containers": [container], "containerConcurrency": 1e300, "timeoutSeconds": "x", "serviceAccountName": "a@p"});
    let spec = members(random, 1, spec);
    let template =
        members(random, 1, json!({"metadata": {"name": "s0-00002-abc", "annotations": {"a": "1"}}, "spec": spec}));
    let traffic = random
        .of(&[json!([{"percent": 100, "revisionName": "s0-00001-abc"}]), json!([{"percent": -1}, null]), json!({})])
        .clone();
    let service = json!({
        "metadata": {"name": "s0", "generation": u64::MAX}, "spec": {"template": template, "traffic": traffic},
        "status": {"latestReadyRevisionName": "s0-00002-abc", "conditions": [{"type": "Ready", "status": "False", "message": "no"}]},
        "template": template, "traffic": traffic, "@type": "type.googleapis.com/google.cloud.run.v2.Service",
    });
    let service = members(random, 1, service);
    let request =
        members(random, 1, json!({"@type": "x", "service": service, "name": "namespaces/p/services/s0", "parent": ""}));
    let usual = json!({
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "run.googleapis.com", "methodName": method,
        "resourceName": "namespaces/p/services/s0", "status": {"code": i64::MAX, "message": "no", "details": [1]},
        "authenticationInfo": {"principalEmail": "a@example.com"}, "requestMetadata": {"callerIp": "10.0.0.1", "callerSuppliedUserAgent": "gcloud"},
        "request": request, "response": service, "numResponseItems": "-1", "resourceLocation": {"currentLocations": ["eu"]},
        "authorizationInfo": [{"permission": "p", "granted": false}], "metadata": service, "serviceData": {},
    });
    members(random, 1, usual)
}

/// App Engine's log of a request; the lines inside are strange, so that none of them counts as an entry.
fn request_log(random: &mut Random) -> Value {
    let usual = json!({
        "@type": "type.googleapis.com/google.appengine.logging.v1.RequestLog", "method": "GET", "resource": "/a", "status": 70_000,
        "latency": "9000000000s", "line": [null, 1, []], "moduleId": "m", "versionId": "v", "startTime": "x", "userAgent": "curl",
    });
    members(random, 1, usual)
}
