//! The kinds of entry that the stream writes, key by key in the order `gcloud` prints them.

use super::super::clock::to_second;
use super::super::rng::Rng;
use super::crash::{Log, Scripted};
use super::pen::Pen;
use super::place::{PROJECT, Place, resource};
use super::template::Template;

const ROUTES: &[(&str, &str)] = &[
    ("GET", "/v2/berths?from="),
    ("GET", "/v2/vessels/"),
    ("POST", "/v2/bookings?ref="),
    ("PUT", "/v2/bookings/"),
    ("GET", "/v2/tides/"),
    ("POST", "/v2/payments?ref="),
    ("GET", "/healthz?probe="),
];

const USER_AGENTS: &[&[u8]] = &[
    b"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    b"harbor-skipper/7.3 (Android 15)",
    b"harbor-skipper/7.3 (iOS 18.6)",
    b"quay-terminal/2.0",
];

/// A line of the application's logger
pub fn message(pen: &mut Pen, place: &Place, template: &Template, rng: &mut Rng) {
    pen.put(b"{\"insertId\":\"");
    pen.insert_id();
    pen.put(b"\",\"jsonPayload\":{\"message\":\"");
    template.write_message(pen, rng);
    pen.put(template.context());
    pen.put(b",\"request_id\":\"req_");
    pen.epoch_ms();
    pen.put(b"_");
    pen.hex(rng.word(), 8);
    pen.put(b"\",\"tenant\":\"marina-");
    pen.decimal(1 + rng.below(60));
    pen.put(b"\",\"timestamp\":\"");
    pen.timestamp();
    pen.put(b"\"},");
    let log: &[u8] = if rng.chance(50) { b"run.googleapis.com%2Fstderr" } else { b"run.googleapis.com%2Fstdout" };
    envelope(pen, place, log);
    pen.put(b"\"severity\":\"");
    pen.put(template.severity().name().as_bytes());
    pen.put(b"\",");
    traced_end(pen, rng);
}

/// A line of the request log
pub fn request(pen: &mut Pen, place: &Place, rng: &mut Rng) {
    let (status, severity): (u64, &[u8]) = match rng.below(1_000) {
        0..900 => (200, b"INFO"),
        900..940 => (201, b"INFO"),
        940..955 => (304, b"INFO"),
        955..975 => (404, b"WARNING"),
        975..990 => (422, b"WARNING"),
        990..996 => (500, b"ERROR"),
        _ => (503, b"ERROR"),
    };
    let (method, path) = rng.pick(ROUTES);
    pen.put(b"{\"httpRequest\":{\"latency\":\"");
    pen.decimal(if rng.below(400) == 0 { 1 + rng.below(8) } else { 0 });
    pen.put(b".");
    pen.padded(2_000_000 + rng.below(240_000_000), 9);
    pen.put(b"s\",\"protocol\":\"HTTP/1.1\",\"remoteIp\":\"203.0.113.");
    pen.decimal(1 + rng.below(254));
    pen.put(b"\",\"requestMethod\":\"");
    pen.put(method.as_bytes());
    pen.put(b"\",\"requestSize\":\"");
    pen.decimal(400 + rng.below(3_000));
    pen.put(b"\",\"requestUrl\":\"https://");
    pen.put(place.service.as_bytes());
    pen.put(b".harbor.example");
    pen.put(path.as_bytes());
    pen.decimal(rng.below(20_000));
    pen.put(b"\",\"responseSize\":\"");
    pen.decimal(180 + rng.below(40_000));
    pen.put(b"\",\"serverIp\":\"198.51.100.8\",\"status\":");
    pen.decimal(status);
    pen.put(b",\"userAgent\":\"");
    pen.put(rng.pick(USER_AGENTS));
    pen.put(b"\"},\"insertId\":\"");
    pen.insert_id();
    pen.put(b"\",");
    envelope(pen, place, b"run.googleapis.com%2Frequests");
    pen.put(b"\"severity\":\"");
    pen.put(severity);
    pen.put(b"\",");
    traced_end(pen, rng);
}

/// A plain line of the container, without a severity
pub fn output(pen: &mut Pen, place: &Place, rng: &mut Rng, now: i64) {
    pen.put(b"{\"insertId\":\"");
    pen.insert_id();
    pen.put(b"\",");
    envelope(pen, place, b"run.googleapis.com%2Fstdout");
    pen.put(b"\"textPayload\":\"[");
    pen.put(to_second(now).replace('T', " ").as_bytes());
    pen.put(b" +0000] [");
    pen.decimal(7 + rng.below(4));
    match rng.below(3) {
        0 => {
            pen.put(b"] [INFO] Worker heartbeat, ");
            pen.decimal(rng.below(900));
            pen.put(b" requests since the last");
        }
        1 => {
            pen.put(b"] [INFO] Collected garbage of generation ");
            pen.decimal(rng.below(3));
        }
        _ => {
            pen.put(b"] [INFO] Resident memory ");
            pen.decimal(180 + rng.below(300));
            pen.put(b" MiB");
        }
    }
    pen.put(b"\",\"timestamp\":\"");
    pen.timestamp();
    pen.put(b"\"}");
}

/// A line of a crash, a start or a roll-out
pub fn scripted(pen: &mut Pen, place: &Place, scripted: &Scripted) {
    pen.put(b"{\"insertId\":\"");
    pen.insert_id();
    pen.put(b"\",");
    match scripted.log {
        Log::Audit => audit_envelope(pen, place),
        Log::Stderr => envelope(pen, place, b"run.googleapis.com%2Fstderr"),
        Log::System => envelope(pen, place, b"run.googleapis.com%2Fvarlog%2Fsystem"),
    }
    pen.put(b"\"severity\":\"");
    pen.put(scripted.severity.as_bytes());
    if scripted.log != Log::Audit {
        pen.put(b"\",\"textPayload\":\"");
        pen.put(scripted.text.as_bytes());
    }
    pen.put(b"\",\"timestamp\":\"");
    pen.timestamp();
    pen.put(b"\"}");
}

fn envelope(pen: &mut Pen, place: &Place, log: &[u8]) {
    pen.put(&place.labels);
    pen.put(log);
    pen.put(b"\",\"receiveTimestamp\":\"");
    pen.receive_timestamp();
    pen.put(&place.resource);
}

fn audit_envelope(pen: &mut Pen, place: &Place) {
    let name = format!("namespaces/{PROJECT}/services/{}", place.service);
    pen.put(b"\"logName\":\"projects/");
    pen.put(PROJECT.as_bytes());
    pen.put(b"/logs/cloudaudit.googleapis.com%2Factivity\",\"protoPayload\":{");
    pen.put(b"\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\",\"authenticationInfo\":{\"principalEmail\":\"release@");
    pen.put(PROJECT.as_bytes());
    pen.put(b".iam.gserviceaccount.com\"},\"methodName\":\"google.cloud.run.v1.Services.ReplaceService\",\"resourceName\":\"");
    pen.put(name.as_bytes());
    pen.put(b"\",\"serviceName\":\"run.googleapis.com\"},\"receiveTimestamp\":\"");
    pen.receive_timestamp();
    pen.put(resource(place.service, "", "").as_bytes());
}

fn traced_end(pen: &mut Pen, rng: &mut Rng) {
    pen.put(b"\"spanId\":\"");
    pen.hex(rng.word(), 16);
    pen.put(b"\",\"timestamp\":\"");
    pen.timestamp();
    pen.put(b"\",\"trace\":\"projects/");
    pen.put(PROJECT.as_bytes());
    pen.put(b"/traces/");
    pen.hex(rng.word(), 16);
    pen.hex(rng.word(), 16);
    pen.put(b"\",\"traceSampled\":true}");
}
