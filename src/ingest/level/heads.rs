//! Heads that have a form of their own: signs, letters and numbers instead of words.

use super::{stamp, words};

/// The level that such a head tells, and how long the head is.
pub(super) fn headed(rest: &str) -> Option<(&'static str, usize)> {
    numbered(rest).or_else(|| klog(rest)).or_else(|| redis(rest)).or_else(|| erlang(rest))
}

/// `<3>text`: a syslog priority, of which the lowest three bits are the level.
fn numbered(rest: &str) -> Option<(&'static str, usize)> {
    let (number, _) = rest.strip_prefix('<')?.split_once('>')?;
    let priority = number.parse::<u8>().ok().filter(|priority| number.len() <= 3 && *priority < 192)?;
    Some((super::syslog(priority % 8)?, number.len() + 2))
}

/// glog's and klog's head: `E0916 10:00:00.000000 1 file.go:12] text`.
fn klog(rest: &str) -> Option<(&'static str, usize)> {
    let bytes = rest.as_bytes();
    let is_klog = bytes.len() > 8 && bytes[1..5].iter().all(u8::is_ascii_digit) && bytes[5] == b' ';
    if !is_klog || stamp::length(&rest[6..]) == 0 {
        return None;
    }
    let line = rest.lines().next()?;
    let end = line.find("] ").map_or(6 + stamp::length(&rest[6..]), |close| close + 2);
    Some((words::letter(bytes[0])?, end))
}

/// Redis' head, `1:M 10 Jun 2025 10:00:00.000 # text`: its process, its role, a time and a sign for the level.
fn redis(rest: &str) -> Option<(&'static str, usize)> {
    // what it says at that level whenever it starts or stops
    const EVERYDAY: [&str; 7] = [
        "oO0OoO0OoO0Oo",
        "Redis version=",
        "Configuration loaded",
        "Server initialized",
        "User requested shutdown",
        "Redis is now ready to exit",
        "Received SIGTERM scheduling shutdown",
    ];
    let (process, behind) = rest.split_once(':')?;
    let behind = behind.strip_prefix(['X', 'C', 'S', 'M'])?.strip_prefix(' ')?;
    if process.is_empty() || process.len() > 8 || !process.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let said = behind[stamp::length(behind)..].strip_prefix(' ').filter(|said| said.len() + 1 < behind.len())?;
    let text = said.split_once(' ').filter(|(sign, _)| sign.len() == 1).map(|(_, text)| text)?;
    // one that names its level itself is read like any
    let first = text.split([' ', ':']).next().unwrap_or_default();
    if words::full(first).is_some() {
        return None;
    }
    let level = match said.as_bytes()[0] {
        b'#' if EVERYDAY.iter().any(|known| text.starts_with(known)) => "INFO",
        b'#' => "WARNING",
        b'*' => "INFO",
        b'-' | b'.' => "DEBUG",
        _ => return None,
    };
    Some((level, rest.len() - text.len()))
}

/// `=ERROR REPORT==== 10-Jun-2025::10:00:00.000000 ===`, what Erlang writes above its reports.
fn erlang(rest: &str) -> Option<(&'static str, usize)> {
    let line = rest.lines().next()?;
    let (word, _) = line.strip_prefix('=')?.split_once(" REPORT====")?;
    let level = match word {
        "CRASH" | "SUPERVISOR" => "ERROR",
        "PROGRESS" => "INFO",
        _ => words::full(word)?,
    };
    Some((level, line.len()))
}

/// How long `Step #0 - "install": ` is, which Cloud Build puts before what a step writes.
pub(super) fn build_step(rest: &str) -> usize {
    let Some(numbered) = rest.strip_prefix("Step #") else { return 0 };
    let behind = numbered.trim_start_matches(|c: char| c.is_ascii_digit());
    if behind.len() == numbered.len() {
        return 0;
    }
    let named = behind.strip_prefix(" - \"").and_then(|name| name.split_once('"')).map_or(behind, |(_, rest)| rest);
    named.strip_prefix(": ").map_or(0, |said| rest.len() - said.len())
}
