//! The kinds of entry that the stream writes, key by key in the order `gcloud` prints them.

use super::{
    crash::{Log, Scripted},
    json_writer::JsonWriter,
    place::{PROJECT, Place, resource},
    template::Template,
};
use crate::sample::{clock::to_second, rng::Rng};

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
pub(super) fn message(json: &mut JsonWriter, place: &Place, template: &Template, rng: &mut Rng) {
    json.put(b"{\"insertId\":\"");
    json.insert_id();
    json.put(b"\",\"jsonPayload\":{\"message\":\"");
    template.write_message(json, rng);
    json.put(template.context());
    json.put(b",\"request_id\":\"req_");
    json.epoch_ms();
    json.put(b"_");
    json.hex(rng.word(), 8);
    json.put(b"\",\"tenant\":\"marina-");
    json.decimal(1 + rng.below(60));
    json.put(b"\",\"timestamp\":\"");
    json.timestamp();
    json.put(b"\"},");
    let log: &[u8] = if rng.chance(50) { b"run.googleapis.com%2Fstderr" } else { b"run.googleapis.com%2Fstdout" };
    envelope(json, place, log);
    json.put(b"\"severity\":\"");
    json.put(template.severity().name().as_bytes());
    json.put(b"\",");
    traced_end(json, rng);
}

/// A line of the request log
pub(super) fn request(json: &mut JsonWriter, place: &Place, rng: &mut Rng) {
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
    json.put(b"{\"httpRequest\":{\"latency\":\"");
    json.decimal(if rng.below(400) == 0 { 1 + rng.below(8) } else { 0 });
    json.put(b".");
    json.padded(2_000_000 + rng.below(240_000_000), 9);
    json.put(b"s\",\"protocol\":\"HTTP/1.1\",\"remoteIp\":\"203.0.113.");
    json.decimal(1 + rng.below(254));
    json.put(b"\",\"requestMethod\":\"");
    json.put(method.as_bytes());
    json.put(b"\",\"requestSize\":\"");
    json.decimal(400 + rng.below(3_000));
    json.put(b"\",\"requestUrl\":\"https://");
    json.put(place.service.as_bytes());
    json.put(b".harbor.example");
    json.put(path.as_bytes());
    json.decimal(rng.below(20_000));
    json.put(b"\",\"responseSize\":\"");
    json.decimal(180 + rng.below(40_000));
    json.put(b"\",\"serverIp\":\"198.51.100.8\",\"status\":");
    json.decimal(status);
    json.put(b",\"userAgent\":\"");
    json.put(rng.pick(USER_AGENTS));
    json.put(b"\"},\"insertId\":\"");
    json.insert_id();
    json.put(b"\",");
    envelope(json, place, b"run.googleapis.com%2Frequests");
    json.put(b"\"severity\":\"");
    json.put(severity);
    json.put(b"\",");
    traced_end(json, rng);
}

/// A plain line of the container, without a severity
pub(super) fn output(json: &mut JsonWriter, place: &Place, rng: &mut Rng, now: i64) {
    json.put(b"{\"insertId\":\"");
    json.insert_id();
    json.put(b"\",");
    envelope(json, place, b"run.googleapis.com%2Fstdout");
    json.put(b"\"textPayload\":\"[");
    json.put(to_second(now).replace('T', " ").as_bytes());
    json.put(b" +0000] [");
    json.decimal(7 + rng.below(4));
    match rng.below(3) {
        0 => {
            json.put(b"] [INFO] Worker heartbeat, ");
            json.decimal(rng.below(900));
            json.put(b" requests since the last");
        }
        1 => {
            json.put(b"] [INFO] Collected garbage of generation ");
            json.decimal(rng.below(3));
        }
        _ => {
            json.put(b"] [INFO] Resident memory ");
            json.decimal(180 + rng.below(300));
            json.put(b" MiB");
        }
    }
    json.put(b"\",\"timestamp\":\"");
    json.timestamp();
    json.put(b"\"}");
}

/// A line of a crash, a start or a roll-out
pub(super) fn scripted(json: &mut JsonWriter, place: &Place, scripted: &Scripted) {
    json.put(b"{\"insertId\":\"");
    json.insert_id();
    json.put(b"\",");
    match scripted.log {
        Log::Audit => audit_envelope(json, place),
        Log::Stderr => envelope(json, place, b"run.googleapis.com%2Fstderr"),
        Log::System => envelope(json, place, b"run.googleapis.com%2Fvarlog%2Fsystem"),
    }
    json.put(b"\"severity\":\"");
    json.put(scripted.severity.as_bytes());
    if scripted.log != Log::Audit {
        json.put(b"\",\"textPayload\":\"");
        json.put(scripted.text.as_bytes());
    }
    json.put(b"\",\"timestamp\":\"");
    json.timestamp();
    json.put(b"\"}");
}

fn envelope(json: &mut JsonWriter, place: &Place, log: &[u8]) {
    json.put(&place.labels);
    json.put(log);
    json.put(b"\",\"receiveTimestamp\":\"");
    json.receive_timestamp();
    json.put(&place.resource);
}

fn audit_envelope(json: &mut JsonWriter, place: &Place) {
    let name = format!("namespaces/{PROJECT}/services/{}", place.service);
    json.put(b"\"logName\":\"projects/");
    json.put(PROJECT.as_bytes());
    json.put(b"/logs/cloudaudit.googleapis.com%2Factivity\",\"protoPayload\":{");
    json.put(b"\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\",\"authenticationInfo\":{\"principalEmail\":\"release@");
    json.put(PROJECT.as_bytes());
    json.put(b".iam.gserviceaccount.com\"},\"methodName\":\"google.cloud.run.v1.Services.ReplaceService\",\"resourceName\":\"");
    json.put(name.as_bytes());
    json.put(b"\",\"serviceName\":\"run.googleapis.com\"},\"receiveTimestamp\":\"");
    json.receive_timestamp();
    json.put(resource(place.service, "", "").as_bytes());
}

fn traced_end(json: &mut JsonWriter, rng: &mut Rng) {
    json.put(b"\"spanId\":\"");
    json.hex(rng.word(), 16);
    json.put(b"\",\"timestamp\":\"");
    json.timestamp();
    json.put(b"\",\"trace\":\"projects/");
    json.put(PROJECT.as_bytes());
    json.put(b"/traces/");
    json.hex(rng.word(), 16);
    json.hex(rng.word(), 16);
    json.put(b"\",\"traceSampled\":true}");
}
