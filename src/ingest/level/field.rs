//! The level in a payload's own fields, in the names and numbers that loggers use.

use super::words;

/// What was found so far in the members of an object.
#[derive(Debug, Default, Clone, Copy)]
pub struct Fields {
    named: Option<&'static str>,
    /// `level` as a number, which only some loggers write.
    number: Option<u32>,
    has_time: bool,
    has_origin: bool,
    has_text: bool,
    /// A member that no logger writes by itself.
    has_data: bool,
    /// A letter under `s`, which MongoDB writes.
    letter: Option<&'static str>,
    /// How many of its other members were seen: `t`, `c` and `ctx`.
    letter_signs: u8,
}

/// What numbers mean under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Words; as a number it is pino's or data.
    Level,
    /// Words, or the numbers of Cloud Logging in quotes.
    Severity,
    /// Words only.
    Priority,
    /// Python's `levelno`: 10 to 50.
    Python,
    /// Logback's `level_value`: 10,000 to 40,000.
    Logback,
    /// OpenTelemetry's `severityNumber`: 1 to 24.
    OpenTelemetry,
    /// The journal's `PRIORITY`: 0 to 7.
    Syslog,
    /// MongoDB's `s`: `F`, `E`, `W`, `I`, `D1` to `D5`.
    Letter,
}

/// Compared without case, dots and underscores.
const KEYS: [(&str, Key); 13] = [
    ("severity", Key::Severity),
    ("level", Key::Level),
    ("lvl", Key::Level),
    ("loglevel", Key::Level),
    ("levelname", Key::Level),
    ("severitytext", Key::Level),
    ("@l", Key::Level),
    ("@level", Key::Level),
    ("log@level", Key::Level),
    ("priority", Key::Priority),
    ("levelno", Key::Python),
    ("levelvalue", Key::Logback),
    ("severitynumber", Key::OpenTelemetry),
];

/// What a member's name says of its value; `None` where it is no level.
pub fn key(name: &str) -> Option<Key> {
    match name {
        "L" => return Some(Key::Level),
        "PRIORITY" => return Some(Key::Syslog),
        "s" => return Some(Key::Letter),
        _ if !matches!(name.as_bytes().first(), Some(b's' | b'S' | b'l' | b'L' | b'@' | b'p' | b'P')) => return None,
        _ => {}
    }
    let is_same = |known: &str| {
        let letters = name.bytes().filter(|byte| !matches!(byte, b'.' | b'_'));
        letters.map(|byte| byte.to_ascii_lowercase()).eq(known.bytes())
    };
    KEYS.iter().find(|(known, _)| is_same(known)).map(|(_, key)| *key)
}

impl Fields {
    /// Takes a level's value, a text or a number as written. What names no level never takes the place of one that did.
    pub fn take(&mut self, key: Key, value: &str) {
        let number = value.parse::<u32>().ok();
        let level = match (key, number) {
            (Key::Level, Some(number)) => {
                self.number = self.number.or(Some(number));
                None
            }
            (Key::Severity, Some(_)) => crate::ingest::severity::parse(value).filter(|_| value.len() == 3),
            (Key::Python, Some(number)) => python(number),
            (Key::Logback, Some(number)) => (number >= 5_000).then(|| python(number / 1_000)).flatten(),
            (Key::OpenTelemetry, Some(number)) => open_telemetry(number),
            (Key::Syslog, Some(number)) => u8::try_from(number).ok().and_then(super::syslog),
            (Key::Letter, None) => {
                let is_letter = value.len() == 1 || value.starts_with('D') && value.len() == 2;
                self.letter = value.bytes().next().filter(|_| is_letter).and_then(words::letter);
                None
            }
            (_, Some(_)) => None,
            (_, None) => words::in_field(value),
        };
        // a word stands before a number
        if self.named.is_none() || number.is_none() && level.is_some() && matches!(key, Key::Level | Key::Severity) {
            self.named = level.or(self.named);
        }
    }

    /// Remembers what shows that a record is pino's or bunyan's.
    pub fn see(&mut self, name: &str) {
        match name {
            "time" => self.has_time = true,
            "pid" | "hostname" | "v" => self.has_origin = true,
            "msg" => self.has_text = true,
            "t" | "c" | "ctx" => {
                self.letter_signs += 1;
                self.has_data = true;
            }
            "level" | "err" | "error" | "stack" | "req" | "res" | "reqId" | "responseTime" | "context" | "name"
            | "service" | "module" | "component" | "logger" => {}
            _ => self.has_data = true,
        }
    }

    /// The level of all that was seen.
    pub fn level(&self) -> Option<&'static str> {
        let signs = [self.has_time, self.has_origin, self.has_text];
        let has_signs = signs.iter().filter(|sign| **sign).count() >= 2;
        // pino without its time and process
        let is_bare = |number: u32| self.has_text && !self.has_data && number.is_multiple_of(10);
        let letter = self.letter.filter(|_| self.has_text && self.letter_signs >= 3);
        self.named.or(letter).or_else(|| self.number.filter(|number| has_signs || is_bare(*number)).and_then(pino))
    }
}

/// pino and bunyan; custom levels stand between theirs.
fn pino(number: u32) -> Option<&'static str> {
    match number {
        10..30 => Some("DEBUG"),
        30..40 => Some("INFO"),
        40..50 => Some("WARNING"),
        50..60 => Some("ERROR"),
        60..=70 => Some("CRITICAL"),
        _ => None,
    }
}

fn python(number: u32) -> Option<&'static str> {
    match number {
        5..20 => Some("DEBUG"),
        20..30 => Some("INFO"),
        30..40 => Some("WARNING"),
        40..50 => Some("ERROR"),
        50..=60 => Some("CRITICAL"),
        _ => None,
    }
}

fn open_telemetry(number: u32) -> Option<&'static str> {
    match number {
        1..=8 => Some("DEBUG"),
        9..=12 => Some("INFO"),
        13..=16 => Some("WARNING"),
        17..=20 => Some("ERROR"),
        21..=24 => Some("CRITICAL"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level_of(members: &[(&str, &str)]) -> Option<&'static str> {
        let mut fields = Fields::default();
        for (name, value) in members {
            fields.see(name);
            if let Some(key) = key(name) {
                fields.take(key, value);
            }
        }
        fields.level()
    }

    #[test]
    fn levels_are_read_in_the_names_and_numbers_of_loggers() {
        type Members = &'static [(&'static str, &'static str)];
        let cases: [(Members, Option<&str>); 40] = [
            (&[("t", "{}"), ("s", "E"), ("c", "STORAGE"), ("ctx", "thread1"), ("msg", "boom")], Some("ERROR")),
            (&[("t", "{}"), ("s", "I"), ("c", "NETWORK"), ("ctx", "main"), ("msg", "ready")], Some("INFO")),
            (&[("s", "E"), ("msg", "a train to the east"), ("c", "3")], None),
            (&[("severity", "ERROR")], Some("ERROR")),
            (&[("level", "error")], Some("ERROR")),
            (&[("LogLevel", "Warning")], Some("WARNING")),
            (&[("log.level", "WARN")], Some("WARNING")),
            (&[("Level", "Information")], Some("INFO")),
            (&[("level_name", "CRITICAL")], Some("CRITICAL")),
            (&[("severity_text", "Error")], Some("ERROR")),
            (&[("severityText", "ERROR2")], None),
            (&[("@l", "Fatal")], Some("CRITICAL")),
            (&[("@level", "warn")], Some("WARNING")),
            (&[("L", "ERROR")], Some("ERROR")),
            (&[("l", "ERROR")], None),
            (&[("level", "ERROR+2")], Some("ERROR")),
            (&[("level", "E")], Some("ERROR")),
            (&[("level", "Level.SEVERE")], Some("ERROR")),
            (&[("level", "\u{1b}[31merror\u{1b}[39m")], Some("ERROR")),
            (&[("level", "gold")], None),
            (&[("level", "7")], None),
            (&[("level", "50")], None),
            (&[("level", "50"), ("lift", "2"), ("time", "1")], None),
            (&[("level", "50"), ("msg", "boom")], Some("ERROR")),
            (&[("level", "50"), ("msg", "tank filled"), ("tank", "2")], None),
            (&[("level", "7"), ("msg", "lift arrived")], None),
            (&[("level", "50"), ("time", "1749549600050"), ("pid", "7")], Some("ERROR")),
            (&[("level", "40"), ("time", "1749549600050"), ("msg", "slow")], Some("WARNING")),
            (&[("level", "60"), ("hostname", "a"), ("msg", "gone"), ("v", "0")], Some("CRITICAL")),
            (&[("level", "error"), ("severity", "loud")], Some("ERROR")),
            (&[("level", "400"), ("level_name", "ERROR")], Some("ERROR")),
            (&[("levelno", "40")], Some("ERROR")),
            (&[("level_value", "40000")], Some("ERROR")),
            (&[("level_value", "4")], None),
            (&[("severityNumber", "17")], Some("ERROR")),
            (&[("SeverityNumber", "13")], Some("WARNING")),
            (&[("severity", "500")], Some("ERROR")),
            (&[("PRIORITY", "3")], Some("ERROR")),
            (&[("priority", "3")], None),
            (&[("priority", "Critical")], Some("CRITICAL")),
        ];
        for (members, wanted) in cases {
            assert_eq!(level_of(members), wanted, "{members:?}");
        }
    }
}
