//! The hidden line that identifies an issue: an HTML comment with the cluster and what was last reported of it.
//!
//! It is read only where it is a line of its own outside of fences, as it is written; text of entries cannot have one
//! (`escape::without_marks`).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::reported::Reported;
use crate::text::escape::Fences;

const OPEN: &str = "<!-- log-gardener ";
const CLOSE: &str = " -->";
/// Ids beside the cluster's own: enough for some of each kind, and a line of a few hundred characters.
pub(super) const MOST_IDS: usize = 18;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    pub service: String,
    pub cluster_id: String,
    /// Others by which a database made of other days may know the cluster, the surest first.
    pub ids: Vec<String>,
    pub reported: Option<Reported>,
}

impl Marker {
    pub fn line(&self) -> String {
        let reported = self.reported.as_ref().map(|reported| {
            let (priority, state) = (encode(&reported.priority), encode(&reported.state));
            let revision = reported.revision.as_deref().map(|revision| format!(" revision={}", encode(revision)));
            format!(
                " entries={} last={} priority={priority} state={state}{}",
                reported.entry_count,
                reported.last_ns,
                revision.unwrap_or_default()
            )
        });
        let ids: Vec<String> = self.ids.iter().map(|id| encode(id)).collect();
        let ids = if ids.is_empty() { String::new() } else { format!(" ids={}", ids.join(",")) };
        let (cluster, service) = (encode(&self.cluster_id), encode(&self.service));
        format!("{OPEN}cluster={cluster} service={service}{}{ids}{CLOSE}", reported.unwrap_or_default())
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
            values.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let text = |name: &str| part(name).map(decode);
        let reported = || -> Option<Reported> {
            Some(Reported {
                entry_count: part("entries")?.parse().ok().filter(|count| *count >= 0)?,
                last_ns: part("last")?.parse().ok()?,
                priority: text("priority")?,
                state: text("state")?,
                revision: text("revision"),
            })
        };
        let ids = part("ids").into_iter().flat_map(|ids| ids.split(',')).take(MOST_IDS).map(decode).collect();
        Some(Marker { service: text("service")?, cluster_id: text("cluster")?, ids, reported: reported() })
    }
}

/// What stands for itself in a value.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b':').remove(b'-');

/// Percent-encoded, and so that no `--` is left: it would end the comment.
fn encode(text: &str) -> String {
    let encoded = utf8_percent_encode(text, PLAIN).to_string().replace("--", "-%2D");
    match encoded.strip_prefix('-') {
        Some(rest) => format!("%2D{rest}"),
        None => encoded,
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let reported = Reported {
            entry_count: 3,
            last_ns: -7,
            priority: "P1".into(),
            state: "new".into(),
            revision: Some("shop-00001-abc".into()),
        };
        for (service, reported) in
            [("shop", Some(reported)), ("a--b -->\n é%", None), ("", None), ("-", None), ("---x", None)]
        {
            let ids = if service.is_empty() { Vec::new() } else { vec!["a".into(), "other messages, 2".into()] };
            let marker = Marker { service: service.into(), cluster_id: "5t98".into(), ids, reported };
            let line = marker.line();
            assert_eq!(line.matches("--").count(), 2, "{line}");
            assert_eq!(Marker::last_in(&format!("text\r\n{line}\r\nmore")), Some(marker));
        }
    }

    #[test]
    fn only_lines_of_their_own_count() {
        let line = Marker { service: "s".into(), cluster_id: "a".into(), ids: Vec::new(), reported: None }.line();
        for text in [format!("see {line}"), format!("```\n{line}\n```"), format!("~~~~\n~~~\n{line}")] {
            assert_eq!(Marker::last_in(&text), None, "{text}");
        }
        assert!(Marker::last_in(&format!("````\n```\n````\n{line}")).is_some());
    }
}
