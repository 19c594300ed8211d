//! Severities as Cloud Logging names them, and the level that a text itself claims.
//!
//! Names, numbers and order: `LogSeverity` in the Cloud Logging REST reference. Aliases are those that
//! writers use in practice; a number is floored to its hundred, as the API does.

pub const NAMES: [&str; 9] =
    ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"];

/// The severity that a writer's word or number stands for; `None` where it stands for none.
pub fn parse(word: &str) -> Option<&'static str> {
    if let Ok(number) = word.parse::<u32>() {
        return NAMES.get((number / 100) as usize).copied();
    }
    named(word)
}

fn named(word: &str) -> Option<&'static str> {
    if let Some(name) = NAMES.iter().find(|name| name.eq_ignore_ascii_case(word)) {
        return Some(name);
    }
    const ALIASES: [(&str, &str); 11] = [
        ("WARN", "WARNING"),
        ("ERR", "ERROR"),
        ("SEVERE", "ERROR"),
        ("FATAL", "CRITICAL"),
        ("CRIT", "CRITICAL"),
        ("PANIC", "CRITICAL"),
        ("EMERG", "EMERGENCY"),
        ("INFORMATION", "INFO"),
        ("TRACE", "DEBUG"),
        ("FINE", "DEBUG"),
        ("VERBOSE", "DEBUG"),
    ];
    ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(word)).map(|(_, name)| *name)
}

/// How far into a text a level may stand: a time stamp, a process id and a logger's name come before it.
const LEVEL_REACH: usize = 100;

/// The level that a line of text claims for itself: `[... ] [13] [ERROR] text`, `ERROR: text`,
/// `2025-09-16 10:00:00 - app - ERROR - text`, `level=error`, or klog's `E0916 10:00:00`.
pub fn level_of(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let head = &text[..text.floor_char_boundary(LEVEL_REACH)];
    let head = head.lines().next()?;
    bracketed(head).or_else(|| leading(head)).or_else(|| dashed(head)).or_else(|| keyed(head)).or_else(|| klog(head))
}

/// `[ERROR]` with nothing before it but other brackets and what time stamps are made of.
fn bracketed(head: &str) -> Option<&'static str> {
    memchr::memchr(b'[', head.as_bytes())?;
    let mut rest = head;
    while let Some(open) = rest.find('[') {
        if rest[..open].chars().any(char::is_alphabetic) && !looks_like_time(&rest[..open]) {
            return None;
        }
        let close = rest[open..].find(']')? + open;
        if let Some(level) = named(rest[open + 1..close].trim()) {
            return Some(level);
        }
        rest = &rest[close + 1..];
    }
    None
}

fn looks_like_time(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 4 && letters <= 4
}

/// `ERROR: text` or `WARN text`: upper case at the start of the line.
fn leading(head: &str) -> Option<&'static str> {
    let end = head.find(|c: char| !c.is_ascii_alphabetic())?;
    let word = &head[..end];
    let is_upper = word.chars().all(|c| c.is_ascii_uppercase());
    let colon = head[end..].trim_start().starts_with(':');
    (is_upper && colon && end >= 3).then(|| named(word)).flatten()
}

/// `time - logger - ERROR - text`, the default of Python's logging documentation.
fn dashed(head: &str) -> Option<&'static str> {
    memchr::memmem::find(head.as_bytes(), b" - ")?;
    head.split(" - ").skip(1).take(3).find_map(|part| {
        let part = part.trim();
        part.chars().all(|c| c.is_ascii_uppercase()).then(|| named(part)).flatten()
    })
}

/// `level=error` or `"level":"error"` near the start, as logfmt and JSON loggers write it.
fn keyed(head: &str) -> Option<&'static str> {
    const KEYS: [&str; 4] = ["level=", "\"level\":", "severity=", "\"severity\":"];
    memchr::memchr2(b'=', b':', head.as_bytes())?;
    KEYS.iter().find_map(|key| {
        let value = head[head.find(key)? + key.len()..].trim_start_matches([' ', '"']);
        let end = value.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(value.len());
        named(&value[..end])
    })
}

/// glog's and klog's first letter: `E0916 10:00:00.000000 1 file.go:12] text`.
fn klog(head: &str) -> Option<&'static str> {
    let bytes = head.as_bytes();
    let is_klog = bytes.len() > 8 && bytes[1..5].iter().all(u8::is_ascii_digit) && bytes[5] == b' ' && bytes[8] == b':';
    if !is_klog {
        return None;
    }
    match bytes[0] {
        b'I' => Some("INFO"),
        b'W' => Some("WARNING"),
        b'E' => Some("ERROR"),
        b'F' => Some("CRITICAL"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_name_severities() {
        let cases = [
            ("ERROR", Some("ERROR")),
            ("warn", Some("WARNING")),
            ("FATAL", Some("CRITICAL")),
            ("SEVERE", Some("ERROR")),
            ("450", Some("WARNING")),
            ("800", Some("EMERGENCY")),
            ("900", None),
            ("loud", None),
        ];
        for (word, wanted) in cases {
            assert_eq!(parse(word), wanted, "{word}");
        }
    }

    #[test]
    fn a_level_is_read_where_a_line_claims_one() {
        let cases = [
            ("[2025-09-16 00:42:39 +0000] [13] [ERROR] Worker gone", Some("ERROR")),
            ("[2025-09-16 00:42:39 +0000] [13] [INFO] Booting", Some("INFO")),
            ("ERROR:    Application startup failed", Some("ERROR")),
            ("  WARNING:  setting is missing", Some("WARNING")),
            ("2025-09-16 10:00:00,123 - app.db - ERROR - lost", Some("ERROR")),
            ("time=2025 level=warn msg=slow", Some("WARNING")),
            ("E0916 10:00:00.000000 1 main.go:12] broken", Some("ERROR")),
            ("The last run ended with [ERROR] in its log", None),
            ("Loaded - CRITICAL SECURITY MIGRATION done", None),
            ("Error sending to user", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(level_of(text), wanted, "{text}");
        }
    }
}
