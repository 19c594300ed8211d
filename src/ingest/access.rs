//! Requests that a program's access log tells, in a line of text.
//!
//! One grammar for all of them: a method and what was asked for, with a status of three digits in its place, which is behind
//! them or in a column before. Who calls others logs much the same; such lines name a host, or tell it in a sentence.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::{level, record::Record, request_log::RequestLog};

pub(super) const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];

/// No status stands beyond.
const REACH: usize = 4_000;

static MAY_TELL: LazyLock<Regex> = LazyLock::new(|| {
    let words = format!(r"(?-u:\b(?:{})\b|\b(?:Completed|Sent|Chunked) [1-5][0-9][0-9] )", METHODS.join("|"));
    Regex::new(&words).unwrap_or_else(|error| unreachable!("{error}"))
});

/// The request that a line of an access log tells.
pub(super) fn read(text: &str) -> Option<RequestLog<'static>> {
    let mut buffer = String::new();
    let text = crate::mine::clean(text, &mut buffer).trim();
    let text = &text[..text.floor_char_boundary(REACH)];
    if !MAY_TELL.is_match(text) {
        return None;
    }
    let start = level::statement_start(text);
    let said = untagged(text[start..].trim());
    if said.contains('\n') {
        return None;
    }
    let line = text.lines().next_back()?.trim();
    quoted(line)
        .or_else(|| in_columns(line))
        .or_else(|| generated(line))
        .or_else(|| bare(said))
        .or_else(|| behind_status(said))
        .or_else(|| ended(said))
        .or_else(|| Record::of_pairs(text).request())
}

fn request(method: &str, target: &str, status: u16, rest: &str) -> Option<RequestLog<'static>> {
    Some(RequestLog {
        method: Some(Cow::Owned(method.to_owned())),
        resource: Some(Cow::Owned(target.to_owned())),
        status: Some(status),
        latency_ns: latency(rest),
        is_of_program: true,
        ..RequestLog::default()
    })
}

/// `10.0.0.1 - - [10/Mar/2026:09:00:00 +0000] "GET /till HTTP/1.1" 503 12`, the common log format and those like it.
fn quoted(line: &str) -> Option<RequestLog<'static>> {
    let open = METHODS.iter().find_map(|method| line.find(&format!("\"{method} ")))?;
    let (before, inside) = (&line[..open], &line[open + 1..]);
    let (asked, behind) = inside.split_once('"')?;
    let (method, target) = asked_for(asked)?;
    // `https://host:443 "GET /x HTTP/1.1" 200`, and a sentence, are of who called
    let is_word = |word: &&str| {
        word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) && level::words::any(word).is_none()
    };
    if before.contains("://") || before.split_whitespace().filter(is_word).count() > 2 {
        return None;
    }
    // `from 10.0.0.1:4711 - 503`
    let behind = match behind.strip_prefix(" from ") {
        Some(from) => from.split_once(" - ")?.1,
        None => behind.strip_prefix(' ')?,
    };
    let (word, rest) = first_word(behind);
    request(method, target, status(word)?, rest)
}

/// `GET /till HTTP/1.1`, the protocol or not.
pub(super) fn asked_for(asked: &str) -> Option<(&str, &str)> {
    let (method, rest) = asked.trim().split_once(' ')?;
    let mut words = rest.split(' ');
    let target = words.next().filter(|target| METHODS.contains(&method) && is_target(target))?;
    let is_whole = words.next().is_none_or(|protocol| protocol.starts_with("HTTP/")) && words.next().is_none();
    is_whole.then_some((method, target))
}

fn is_target(target: &str) -> bool {
    target.starts_with('/') || target.starts_with("http://") || target.starts_with("https://") || target == "*"
}

/// `| 503 | 1.2ms | 10.0.0.1 | GET "/till"`, in columns of any order.
fn in_columns(line: &str) -> Option<RequestLog<'static>> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let status = cells.iter().find_map(|cell| status(cell)).filter(|_| cells.len() > 3)?;
    let (at, method, behind) = cells.iter().enumerate().find_map(|(at, cell)| {
        let (word, behind) = first_word(cell);
        METHODS.contains(&word).then_some((at, word, behind))
    })?;
    let target = if behind.is_empty() { cells.get(at + 1)? } else { behind };
    let target = target.trim_matches('"');
    let target = target.split(' ').next().filter(|target| target.starts_with('/'))?;
    let mut latencies = cells.iter().filter_map(|cell| latency(cell));
    Some(RequestLog { latency_ns: latencies.next(), ..request(method, target, status, "")? })
}

/// `GET /till 503 12.345 ms - 512`, `HTTP GET /till responded 503 in 12.3 ms`, `10.0.0.1 - GET /till HTTP/1.1 503 512`.
fn bare(said: &str) -> Option<RequestLog<'static>> {
    const CONNECTING: [&str; 8] = ["responded", "=>", "->", "→", "HTTP", "status", "-", "–"];
    let mut rest = said;
    let mut is_told_whole = false;
    for _ in 0..6 {
        let (word, behind) = first_word(rest);
        let is_sign = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_punctuation());
        if !is_sign && !is_address(word) && !matches!(word, "HTTP" | "Request" | "finished" | "xxx") {
            let protocol = word.strip_prefix("HTTP/").is_some_and(|version| version.len() <= 3);
            is_told_whole |= protocol;
            if !protocol {
                break;
            }
        }
        rest = behind;
    }
    let (method, behind) = first_word(rest);
    let (target, mut rest) = first_word(behind);
    if !METHODS.contains(&method) || !(target.starts_with('/') || is_told_whole && is_target(target)) {
        return None;
    }
    let target = target.trim_end_matches([':', ',']);
    for _ in 0..6 {
        let (word, behind) = first_word(rest);
        let bare = word.trim_start_matches("status=").trim_matches(|c: char| "[](){}:,|\"".contains(c));
        if let Some(status) = status(bare) {
            return may_follow_status(behind).then(|| request(method, target, status, behind))?;
        }
        if !bare.is_empty() && !CONNECTING.contains(&bare) && !bare.starts_with("HTTP/") {
            return None;
        }
        rest = behind;
    }
    None
}

/// uWSGI's `GET /till => generated 12 bytes in 3 msecs (HTTP/1.1 503)`.
fn generated(line: &str) -> Option<RequestLog<'static>> {
    let (asked, told) = line.split_once(" => generated ")?;
    let (_, behind) = told.split_once(" (HTTP/")?;
    let (_, word) = behind.split_once(' ')?;
    let (before, target) = asked.rsplit_once(' ')?;
    let method = before.rsplit(' ').next().filter(|method| METHODS.contains(method))?;
    request(method, target, status(word.split(')').next()?)?, told).filter(|_| target.starts_with('/'))
}

/// `503 Service Unavailable: GET - /till in 12ms`, `10.0.0.1:4711 [503]: GET /till`.
fn behind_status(said: &str) -> Option<RequestLog<'static>> {
    let (word, behind) = first_word(said);
    let (word, behind) = if is_address(word) { first_word(behind) } else { (word, behind) };
    let status = status(word.trim_matches(|c: char| "[]:".contains(c)))?;
    let mut rest = behind;
    for _ in 0..5 {
        let (word, behind) = first_word(rest);
        if METHODS.contains(&word) {
            let (target, rest) = first_word(behind.trim_start_matches("- "));
            return target.starts_with('/').then(|| request(word, target, status, rest))?;
        }
        if !word.trim_end_matches(':').bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') {
            return None;
        }
        rest = behind;
    }
    None
}

/// `Completed 503 Service Unavailable in 12ms`, `Sent 503 in 12ms`: the end of a request whose path stands above.
fn ended(said: &str) -> Option<RequestLog<'static>> {
    let (word, behind) = first_word(said);
    let (number, rest) = first_word(behind);
    if !matches!(word, "Completed" | "Sent" | "Chunked") || !rest.contains("in ") {
        return None;
    }
    // a reason, or nothing; `Completed 200 orders in 3 s` counts something
    if !rest.starts_with(|c: char| c.is_ascii_uppercase()) && !rest.starts_with("in ") {
        return None;
    }
    let status = status(number)?;
    let latency_ns = Some(latency(rest)?);
    let saying = Some(word.to_owned());
    Some(RequestLog { status: Some(status), latency_ns, saying, is_of_program: true, ..RequestLog::default() })
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

/// Behind tags in brackets, such as the id of a request.
fn untagged(said: &str) -> &str {
    let mut rest = said;
    for _ in 0..4 {
        let Some((_, behind)) = rest.strip_prefix('[').and_then(|inside| inside.split_once("] ")) else { break };
        if behind.is_empty() {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

/// Of three digits, as answers have it.
pub(super) fn status(word: &str) -> Option<u16> {
    let is_status = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|status| is_status && (100..600).contains(status))
}

/// `10.0.0.1`, `10.0.0.1:4711`, `::1`.
fn is_address(word: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'[' | b']');
    word.bytes().filter(|byte| matches!(byte, b'.' | b':')).count() > 1 && word.bytes().all(is_inside)
}

/// Nothing, a reason, a size or a time; `GET /seats 200 seats found` counts something.
fn may_follow_status(rest: &str) -> bool {
    let (word, _) = first_word(rest);
    let is_lower = word.starts_with(|c: char| c.is_ascii_lowercase());
    !is_lower || matches!(word, "in" | "took" | "after" | "for") || word.contains('=')
}

/// The first length of time that has its unit: `12.345 ms`, `1.234ms`, `in 3 msecs`.
pub(super) fn latency(text: &str) -> Option<i64> {
    let mut rest = text;
    while !rest.is_empty() {
        let (word, behind) = first_word(rest);
        let word = word.trim_matches(|c: char| "(),;|\"".contains(c));
        let word = word.rsplit_once('=').map_or(word, |(_, value)| value);
        let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
        let (number, unit) = word.split_at(end);
        if !number.is_empty() {
            let unit = if unit.is_empty() { first_word(behind).0.trim_matches([')', ',', ';']) } else { unit };
            if let Some(ns) = in_ns(number, unit) {
                return Some(ns);
            }
        }
        rest = behind;
    }
    None
}

/// A number of a unit in nanoseconds.
pub(super) fn in_ns(number: &str, unit: &str) -> Option<i64> {
    let factor = match unit {
        "ns" => 1.0,
        "us" | "µs" | "μs" => 1e3,
        "ms" | "msec" | "msecs" | "milliseconds" => 1e6,
        "s" | "sec" | "secs" | "seconds" => 1e9,
        _ => return None,
    };
    let number = number.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0 && *number < 1e12)?;
    Some((number * factor).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let read = read(text)?;
        let latency = read.latency_ns.map(|ns| format!(" {}us", ns / 1_000)).unwrap_or_default();
        let status = read.status.unwrap_or_default();
        let method = read.method.or(read.saying.map(Cow::Owned)).unwrap_or_default();
        Some(format!("{method} {} {status}{latency}", read.resource.unwrap_or_default()))
    }

    #[test]
    fn access_lines_tell_requests() {
        let cases = [
            (
                r#"203.0.113.9 - - [10/Mar/2026:09:00:00 +0000] "GET /till HTTP/1.1" 503 512 "-" "curl/8.5""#,
                "GET /till 503",
            ),
            (r#"10.0.0.1 - ann [10/Mar/2026 09:00:00] "POST /till HTTP/1.1" 200 -"#, "POST /till 200"),
            (r#"INFO:     10.0.0.1:4711 - "GET /till?a=1 HTTP/1.1" 503 Service Unavailable"#, "GET /till?a=1 503"),
            (r#"INFO:uvicorn.access:10.0.0.1:4711 - "GET /till HTTP/1.1" 200"#, "GET /till 200"),
            (r#"[10/Mar/2026 09:00:00] "GET /till HTTP/1.1" 503 12"#, "GET /till 503"),
            (
                r#"[2026-03-10T09:00:00.000Z] "GET /till HTTP/1.1" 503 UF upstream_reset - "-" 0 91 3 - "-""#,
                "GET /till 503",
            ),
            (
                r#""GET http://till.example/open HTTP/1.1" from 10.0.0.1:4711 - 503 12B in 1.25ms"#,
                "GET http://till.example/open 503 1250us",
            ),
            (r#"10.0.0.1:4711 "GET /till HTTP/1.1" 503 "-" "curl/8" 1.2ms"#, "GET /till 503 1200us"),
            ("\u{1b}[0mGET /till \u{1b}[31m503\u{1b}[0m 12.345 ms - 512\u{1b}[0m", "GET /till 503 12345us"),
            ("GET /till 503 12.345 ms - 512", "GET /till 503 12345us"),
            ("10.0.0.1 - GET /till HTTP/1.1 503 512 - 12 ms", "GET /till 503 12000us"),
            ("  --> GET /till 503 12ms 1.2kb", "GET /till 503 12000us"),
            (" GET /till 503 in 12ms", "GET /till 503 12000us"),
            ("[09:00:00 INF] HTTP GET /till responded 503 in 12.3 ms", "GET /till 503 12300us"),
            (
                "info: Shop.Diagnostics[2]\n      Request finished HTTP/1.1 GET http://till/open - - - 503 0 - 1.5ms",
                "GET http://till/open 503 1500us",
            ),
            (
                "Request finished HTTP/2 GET https://till/open - 200 - text/plain 1.5ms",
                "GET https://till/open 200 1500us",
            ),
            (
                r#"[GIN] 2026/03/10 - 09:00:00 | 503 |    1.234ms |  10.0.0.1 | GET      "/till""#,
                "GET /till 503 1234us",
            ),
            ("09:00:00 | 503 |  1.2ms | 10.0.0.1 | GET | /till | -", "GET /till 503 1200us"),
            ("10.0.0.1:4711 [503]: GET /till", "GET /till 503"),
            ("503 Service Unavailable: GET - /till in 12ms", "GET /till 503 12000us"),
            (
                "[pid: 1|app: 0|req: 1/1] 10.0.0.1 () {36 vars in 5 bytes} [Tue Mar 10 09:00:00 2026] GET /till => generated 12 bytes in 3 msecs (HTTP/1.1 503) 2 headers",
                "GET /till 503 3000us",
            ),
            ("Completed 503 Service Unavailable in 12ms (ActiveRecord: 1.1ms)", "Completed  503 12000us"),
            (
                "I, [2026-03-10T09:00:00.123456 #1]  INFO -- : [3f1c2b4a-8c1e-4b7d-9f00-aa11bb22cc33] Completed 503 Service Unavailable in 12ms",
                "Completed  503 12000us",
            ),
            ("09:00:00.123 request_id=Fabc [info] Sent 503 in 3ms", "Sent  503 3000us"),
            ("method=GET path=/till format=html controller=Till status=503 duration=12.30 view=1.1", "GET /till 503"),
            (
                "time=2026-03-10T09:00:00Z level=INFO msg=request method=GET path=/till status=503 latency=1.5ms",
                "GET /till 503 1500us",
            ),
            (
                "2026-03-10T09:00:00Z  INFO request{method=GET uri=/till version=HTTP/1.1}: tower_http::trace::on_response: finished processing request latency=12 ms status=503",
                "GET /till 503 12000us",
            ),
        ];
        let wrong: Vec<_> = cases.iter().filter(|(text, wanted)| told(text).as_deref() != Some(*wanted)).collect();
        assert!(wrong.is_empty(), "{:#?}", wrong.iter().map(|(text, _)| (text, told(text))).collect::<Vec<_>>());
    }

    #[test]
    fn other_lines_tell_none() {
        let cases = [
            "Request processing stopped before the handler: POST /api/seats refused with 403",
            r#"HTTP Request: GET https://api.example/x "HTTP/1.1 503 Service Unavailable""#,
            r#"https://api.example:443 "GET /v1/x HTTP/1.1" 503 512"#,
            r#"The upstream call was answered by "GET /v1/x HTTP/1.1" 503"#,
            "GET /till",
            "Started GET \"/till\" for 10.0.0.1 at 2026-03-10 09:00:00 +0000",
            "--> GET https://api.example/x 503 (12ms)",
            "GET /seats 200 seats were found",
            "GET /seats took 500 ms",
            "GET /seats failed: 503",
            "Completed 200 of 300 orders",
            "Completed 200 orders in 12 ms",
            "Sent 250 mails in 3 batches",
            "GET READY 200 people",
            "| GET | /seats | 200 rows |",
            "level=error msg=\"cannot reach the bank\" method=GET path=/pay status=503",
            "Route GET /till is served by 203 handlers",
        ];
        let wrong: Vec<_> = cases.iter().filter_map(|text| told(text).map(|told| (text, told))).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
