//! Whether the cluster of a closed issue is back.
//!
//! A fix comes with a revision. While traffic moves there, revisions before it go on failing, which is no news; so a
//! closed issue is opened again when its cluster is seen in a revision newer than all it was seen in before. The same
//! revision counts only while there is no newer one in service: then there is none that could hold the fix. Entries that
//! name no revision are judged by time alone.

use super::{clusters::Cluster, existing::Issue, reported::Reported};

/// A revision without an entry for so long, while another one fails, was taken out of service.
const OUT_OF_SERVICE_NS: i64 = 24 * 3_600 * 1_000_000_000;

/// How it is known that the cluster is back, or why it is not.
pub(super) fn is_back(cluster: &Cluster, issue: &Issue, before: Option<&Reported>) -> Result<String, String> {
    if issue.is_declined {
        return Err("closed as not planned".into());
    }
    let (since_ns, back, quiet) = match (issue.closed_ns, before) {
        (Some(closed_ns), _) => (closed_ns, "seen again after it was closed", "closed, and not seen since"),
        (None, Some(reported)) => {
            let back = "closed, and seen again since the last report";
            (reported.last_ns, back, "closed, and nothing new since the last report")
        }
        (None, None) if ["regression", "escalating"].contains(&cluster.now.state.as_str()) => {
            return Ok("closed at an unknown time, and the cluster is back".into());
        }
        (None, None) => return Err("closed at an unknown time".into()),
    };
    if cluster.now.last_ns <= since_ns {
        return Err(quiet.into());
    }
    // a report of later entries does not tell what was known then
    let reported = before.filter(|reported| reported.last_ns <= since_ns);
    match old_revision(cluster, since_ns, reported.and_then(|reported| reported.revision.as_deref())) {
        Some((old, newer)) => {
            Err(format!("closed; since then it fails only in revisions up to {old}, and {newer} is in service"))
        }
        None => Ok(back.into()),
    }
}

/// The newest revision that the cluster was seen in since, and the newest of the service: where the cluster was seen in no
/// revision that it had not reached before, and a newer one is in service.
fn old_revision<'a>(cluster: &'a Cluster, since_ns: i64, reported: Option<&str>) -> Option<(&'a str, &'a str)> {
    let place = |name: &str| cluster.revisions.iter().position(|row| row.revision == name);
    let later = || cluster.seen.iter().filter(|row| row.last_ns > since_ns);
    if later().any(|row| row.revision.is_empty()) {
        return None;
    }
    let earlier = cluster.seen.iter().filter(|row| row.first_ns <= since_ns).filter_map(|row| place(&row.revision));
    let reached = earlier.chain(reported.and_then(place)).max()?;
    let newest = later().filter_map(|row| place(&row.revision)).max().filter(|newest| *newest <= reached)?;
    let last_seen_ns = later().map(|row| row.last_ns).max()?;
    let in_service_ns = since_ns.max(last_seen_ns.saturating_sub(OUT_OF_SERVICE_NS));
    let newer = cluster.revisions[reached + 1..].iter().rev().find(|row| row.last_ns >= in_service_ns)?;
    Some((&cluster.revisions[newest].revision, &newer.revision))
}
