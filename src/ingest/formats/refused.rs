//! Texts that tell of log entries and hold none: what they are, and the command that exports the entries.

use crate::time::timestamp;

/// Why an input is not read, and what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub reason: &'static str,
    pub hint: &'static str,
}

const FIREBASE: Refusal = Refusal {
    reason: "is what `firebase functions:log` prints: texts without the fields of their entries",
    hint: "`gcloud logging read 'resource.type=(\"cloud_function\" OR \"cloud_run_revision\")' --freshness=7d --format=json > export.json` exports the entries",
};

const BUILD: Refusal = Refusal {
    reason: "is the text of a build of Cloud Build, which holds no entries",
    hint: "`gcloud logging read 'resource.type=\"build\"' --freshness=7d --format=json > export.json` exports the entries",
};

const TABLE: Refusal = Refusal {
    reason: "is a table that gcloud printed: texts without the fields of their entries",
    hint: "`gcloud logging read FILTER --freshness=7d --format=json > export.json` exports the entries",
};

/// So many lines of the start are looked at.
const LINES_LOOKED_AT: usize = 200;

pub fn refusal(head: &[u8]) -> Option<Refusal> {
    let head = String::from_utf8_lossy(head);
    head.lines().take(LINES_LOOKED_AT).find_map(|line| {
        let line = line.trim();
        if is_of_firebase(line) {
            Some(FIREBASE)
        } else if is_of_a_build(line) {
            Some(BUILD)
        } else {
            is_heading(line).then_some(TABLE)
        }
    })
}

/// `2025-01-01T00:00:00.000Z ? wakeUp: Function execution started`
fn is_of_firebase(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let mut next = || words.next().unwrap_or_default();
    let (time, level, name) = (next(), next(), next());
    let is_level = matches!(level, "?" | "D" | "I" | "N" | "W" | "E" | "C" | "A");
    is_level && name.ends_with(':') && timestamp::parse(time).is_some_and(|time| time.has_zone)
}

fn is_of_a_build(line: &str) -> bool {
    line.starts_with("starting build \"") || line.contains("REMOTE BUILD OUTPUT") || is_step(line)
}

/// `Step #0 - "build": Pulling image`
fn is_step(line: &str) -> bool {
    let number = line.strip_prefix("Step #").and_then(|rest| rest.split([':', ' ']).next());
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The heading of `gcloud functions logs read` and its kin.
fn is_heading(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    matches!(words[..], ["LEVEL", "NAME", ..] | ["LEVEL", "TIME_UTC", ..] | ["TIMESTAMP", "SEVERITY", ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_about_logs_are_named() {
        let cases = [
            ("2025-01-01T00:00:00.000Z ? wakeUp: Function execution started", Some(FIREBASE)),
            ("2025-01-01T00:00:00.123456789Z D wakeUp: up", Some(FIREBASE)),
            ("starting build \"3fa961b7-0000\"\n\nFETCHSOURCE", Some(BUILD)),
            ("Step #1 - \"push\": Pushing", Some(BUILD)),
            ("LEVEL  NAME    EXECUTION_ID  TIME_UTC  LOG\nD  wakeUp  a  b  c", Some(TABLE)),
            ("Step #one of my plan\n2025-01-01 I woke: up", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(refusal(text.as_bytes()), wanted, "{text}");
        }
    }
}
