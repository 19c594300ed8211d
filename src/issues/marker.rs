//! The hidden line by which an issue is known again: an HTML comment that names the cluster and what was told of it.
//!
//! It is read only where it is a line of its own outside of fences, as it is written; text of entries cannot have one
//! (`escape::without_marks`).

use super::reported::Told;
use crate::text::escape::Fences;

const OPEN: &str = "<!-- log-gardener ";
const CLOSE: &str = " -->";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    pub service: String,
    pub cluster_id: String,
    pub told: Option<Told>,
}

impl Marker {
    pub fn line(&self) -> String {
        let told = self.told.as_ref().map(|told| {
            let (priority, state) = (encode(&told.priority), encode(&told.state));
            format!(" entries={} last={} priority={priority} state={state}", told.entry_count, told.last_ns)
        });
        let (cluster, service) = (encode(&self.cluster_id), encode(&self.service));
        format!("{OPEN}cluster={cluster} service={service}{}{CLOSE}", told.unwrap_or_default())
    }

    /// The last one of a text.
    pub fn last_in(text: &str) -> Option<Marker> {
        let mut fences = Fences::default();
        let mut found = None;
        for line in text.lines().map(str::trim).filter(|line| !fences.hold(line)) {
            found = Marker::read(line).or(found);
        }
        found
    }

    fn read(line: &str) -> Option<Marker> {
        let parts = line.strip_prefix(OPEN)?.strip_suffix(CLOSE)?;
        let part = |name: &str| {
            let mut values = parts.split(' ').filter_map(|part| part.split_once('='));
            values.find(|(key, _)| *key == name).map(|(_, value)| decode(value))
        };
        let told = || -> Option<Told> {
            Some(Told {
                entry_count: part("entries")?.parse().ok().filter(|count| *count >= 0)?,
                last_ns: part("last")?.parse().ok()?,
                priority: part("priority")?,
                state: part("state")?,
            })
        };
        Some(Marker { service: part("service")?, cluster_id: part("cluster")?, told: told() })
    }
}

/// Anything but letters, digits and single signs as `%` and two digits a byte: `--` would end the comment.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'-' if out.ends_with('-') || out.is_empty() => out.push_str("%2D"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b':' | b'-' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend(&rest.as_bytes()[..at]);
        let byte = rest.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = &rest[at + if byte.is_some() { 3 } else { 1 }..];
    }
    bytes.extend(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let told = Told { entry_count: 3, last_ns: -7, priority: "P1".into(), state: "new".into() };
        for (service, told) in [("shop", Some(told)), ("a--b -->\n é%", None), ("", None), ("-", None)] {
            let marker = Marker { service: service.into(), cluster_id: "5t98".into(), told };
            let line = marker.line();
            assert_eq!(line.matches("--").count(), 2, "{line}");
            assert_eq!(Marker::last_in(&format!("text\r\n{line}\r\nmore")), Some(marker));
        }
    }

    #[test]
    fn only_lines_of_their_own_count() {
        let line = Marker { service: "s".into(), cluster_id: "a".into(), told: None }.line();
        for text in [format!("see {line}"), format!("```\n{line}\n```"), format!("~~~~\n~~~\n{line}")] {
            assert_eq!(Marker::last_in(&text), None, "{text}");
        }
        assert!(Marker::last_in(&format!("````\n```\n````\n{line}")).is_some());
    }
}
