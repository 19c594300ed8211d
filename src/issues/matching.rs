//! Which issue is about which cluster: by the marker in its body, by the ledger, and last by likeness.
//!
//! Likeness is the Sørensen-Dice coefficient of letter pairs, of the title behind `GCP-… | P… |` and the cluster's name.
//! It is conservative: 0.9, or 0.6 where the issue also quotes the cluster's template. What is only alike is said to be.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::{
    clusters::Cluster,
    existing::Issue,
    ledger::Record,
    marker::{MOST_IDS, Marker},
};
use crate::{
    mine::VARIABLE,
    report::document::issue::KnownIdRow,
    sql::{connection::Connection, row::rows_as},
};

/// How alike a title has to be by itself, and beside a quote of the template.
const ALIKE: f64 = 0.9;
const ALIKE_WITH_QUOTE: f64 = 0.6;
/// Shorter texts are alike by chance.
const LEAST_CHARS: usize = 12;

/// Ids that issues may carry, and what they mean today.
pub struct KnownIds {
    clusters: HashMap<(String, String), String>,
    /// Of each cluster those that a marker holds.
    ids: HashMap<(String, String), Vec<String>>,
}

impl KnownIds {
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut known = KnownIds { clusters: HashMap::new(), ids: HashMap::new() };
        let mut rows = rows_as::<KnownIdRow>(connection, &[])?;
        rows.sort_by_key(|row| row.place);
        for row in rows {
            let ids = known.ids.entry((row.service.clone(), row.cluster_id.clone())).or_default();
            if row.known_id != row.cluster_id && ids.len() < MOST_IDS {
                ids.push(row.known_id.clone());
            }
            known.clusters.insert((row.service, row.known_id), row.cluster_id);
        }
        Ok(known)
    }

    /// The cluster of an id.
    pub fn now<'a>(&'a self, service: &str, id: &'a str) -> &'a str {
        self.known(service, id).unwrap_or(id)
    }

    /// The cluster that a marker means: by its own id, or else by the first of the others that is known.
    pub fn meant<'a>(&'a self, marker: &'a Marker) -> &'a str {
        let mut ids = std::iter::once(&marker.cluster_id).chain(&marker.ids);
        ids.find_map(|id| self.known(&marker.service, id)).unwrap_or(&marker.cluster_id)
    }

    /// What else a cluster may be known by.
    pub fn others(&self, service: &str, cluster_id: &str) -> Vec<String> {
        self.ids.get(&(service.to_owned(), cluster_id.to_owned())).cloned().unwrap_or_default()
    }

    fn known(&self, service: &str, id: &str) -> Option<&str> {
        self.clusters.get(&(service.to_owned(), id.to_owned())).map(String::as_str)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum How {
    Marked,
    /// By the ledger: the issue itself carries no marker.
    Recorded,
    Similar(f64),
}

/// The issue of a cluster, by its place in the list, and others that are marked as this cluster's too.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Match {
    pub issue: usize,
    pub how: How,
    pub others: Vec<u64>,
}

/// For each cluster its issue.
pub(super) fn find(clusters: &[Cluster], issues: &[Issue], ids: &KnownIds, records: &[Record]) -> Vec<Option<Match>> {
    let mut found: Vec<Option<Match>> = clusters.iter().map(|cluster| marked(cluster, issues, ids)).collect();
    for (cluster, slot) in clusters.iter().zip(&mut found) {
        if slot.is_none() {
            *slot = recorded(cluster, issues, ids, records);
        }
    }
    let taken: HashSet<usize> = found.iter().flatten().map(|found| found.issue).collect();
    add_similar(clusters, issues, &taken, &mut found);
    found
}

/// The marked issue, if several the one that has the cluster's own id, is open, and came first.
pub(super) fn marked(cluster: &Cluster, issues: &[Issue], ids: &KnownIds) -> Option<Match> {
    let mut own: Vec<(bool, bool, u64, usize)> = Vec::new();
    for (at, issue) in issues.iter().enumerate() {
        let Some(marker) = issue.marker.as_ref().filter(|marker| marker.service == cluster.service) else { continue };
        let is_own = marker.cluster_id == cluster.cluster_id;
        if is_own || ids.meant(marker) == cluster.cluster_id {
            own.push((!issue.is_open, !is_own, issue.number, at));
        }
    }
    own.sort_unstable();
    let (first, others) = own.split_first()?;
    Some(Match { issue: first.3, how: How::Marked, others: others.iter().map(|other| other.2).collect() })
}

/// The first issue with a marker of this cluster that is not believed.
pub(super) fn forged<'a>(cluster: &Cluster, issues: &'a [Issue], ids: &KnownIds) -> Option<&'a Issue> {
    let is_of = |marker: &Marker| marker.service == cluster.service && ids.meant(marker) == cluster.cluster_id;
    issues.iter().find(|issue| issue.forged.as_ref().is_some_and(is_of))
}

fn recorded(cluster: &Cluster, issues: &[Issue], ids: &KnownIds, records: &[Record]) -> Option<Match> {
    let of_cluster = |record: &&Record| {
        record.service == cluster.service && ids.now(&record.service, &record.cluster_id) == cluster.cluster_id
    };
    let mut places = records
        .iter()
        .filter(of_cluster)
        .filter_map(|record| issues.iter().position(|issue| issue.marker.is_none() && record.is_of(issue)));
    Some(Match { issue: places.next()?, how: How::Recorded, others: Vec::new() })
}

/// The best pairs first; an issue is like one cluster at the most.
fn add_similar(clusters: &[Cluster], issues: &[Issue], taken: &HashSet<usize>, found: &mut [Option<Match>]) {
    let candidates: Vec<(usize, String, String)> = issues
        .iter()
        .enumerate()
        .filter(|(at, issue)| issue.marker.is_none() && issue.forged.is_none() && !taken.contains(at))
        .map(|(at, issue)| (at, plain(rest_of_title(&issue.title)), plain(&issue.body)))
        .collect();
    let mut pairs: Vec<(f64, bool, usize, usize)> = Vec::new();
    for (place, cluster) in clusters.iter().enumerate() {
        if found[place].is_some() || cluster.omitted.is_some() {
            continue;
        }
        let (name, quote) = (plain(&cluster.name), longest_literal(cluster.template()));
        for (at, title, body) in &candidates {
            if let Some(score) = likeness(&name, &quote, title, body) {
                pairs.push((score, issues[*at].is_open, place, *at));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let mut used = HashSet::new();
    for (score, _, place, at) in pairs {
        if found[place].is_none() && used.insert(at) {
            found[place] = Some(Match { issue: at, how: How::Similar(score), others: Vec::new() });
        }
    }
}

fn likeness(name: &str, quote: &str, title: &str, body: &str) -> Option<f64> {
    if name.chars().count() < LEAST_CHARS || title.chars().count() < LEAST_CHARS {
        return None;
    }
    let score = strsim::sorensen_dice(name, title);
    let is_quoted = quote.chars().count() >= LEAST_CHARS && (body.contains(quote) || title.contains(quote));
    (score >= if is_quoted { ALIKE_WITH_QUOTE } else { ALIKE }).then_some(score)
}

/// What stands behind `GCP-{category} | P{n} | ` in a title of that form, else all of it.
pub(super) fn rest_of_title(title: &str) -> &str {
    let mut parts = title.splitn(3, " | ");
    match (parts.next(), parts.next(), parts.next()) {
        (Some(category), Some(priority), Some(rest)) if category.starts_with("GCP-") && is_priority(priority) => rest,
        _ => title,
    }
}

pub(super) fn is_priority(text: &str) -> bool {
    matches!(text.as_bytes(), [b'P', b'0'..=b'4'])
}

/// Without what escaping adds and what varies: small letters, digits as `0`, single blanks.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\u{200B}' | '`' | '…' => {}
            c if c.is_numeric() && out.ends_with('0') => {}
            c if c.is_numeric() => out.push('0'),
            c if c.is_whitespace() && out.ends_with(' ') => {}
            c if c.is_whitespace() => out.push(' '),
            c => out.extend(c.to_lowercase()),
        }
    }
    out.trim().to_owned()
}

fn longest_literal(template: &str) -> String {
    template.split(VARIABLE).map(plain).max_by_key(String::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike() {
        let is_alike = |name: &str, title: &str, body: &str| {
            likeness(&plain(name), &plain("Connection to pool lost"), &plain(rest_of_title(title)), &plain(body))
                .is_some()
        };
        assert!(is_alike("Connection pool lost after 31 s", "GCP-new | P1 | Connection pool lost after 7 s", ""));
        assert!(is_alike(
            "Connection pool lost",
            "The connection pool is lost again",
            "says `Connection to pool lost`"
        ));
        assert!(!is_alike("Connection pool lost", "The connection pool is lost again", ""));
        assert!(!is_alike("Connection pool lost", "Connection refused by peer", "Connection to pool lost"));
        assert!(!is_alike("Timeout", "Timeout", ""));
    }

    #[test]
    fn titles_of_the_form_are_taken_apart() {
        assert_eq!(rest_of_title("GCP-new | P1 | a | b"), "a | b");
        assert_eq!(rest_of_title("GCP-new | urgent | a"), "GCP-new | urgent | a");
    }
}
