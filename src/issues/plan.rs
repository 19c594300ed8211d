//! What is to be done about each cluster: a decision each, with its reason; nothing is done here.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::{
    clusters::Cluster,
    comeback::is_back,
    existing::Issue,
    ledger::Record,
    matching::{self, How, KnownIds, Match},
    reported::{Changes, Reported},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    /// A comment on an open issue that is marked.
    Update,
    Reopen,
    /// A comment with the marker on an open issue that is only similar.
    Adopt,
    /// Said to be about the cluster, and left alone.
    Link,
    /// An effect without an issue of its own: its cause's issue tells of it.
    Part,
    Nothing,
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Reopen => "reopen",
            Action::Adopt => "adopt",
            Action::Link => "link",
            Action::Part => "part",
            Action::Nothing => "nothing",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Step {
    pub action: Action,
    /// Places in the plan's lists.
    pub cluster: usize,
    pub issue: Option<usize>,
    /// The cluster whose issue tells of this one.
    pub cause: Option<usize>,
    pub reason: String,
    pub changes: Option<Changes>,
    /// Issues to look at beside: marked as this cluster's too, or closed and similar.
    pub see_also: Vec<u64>,
}

pub struct Plan {
    pub clusters: Vec<Cluster>,
    pub issues: Vec<Issue>,
    /// In the order they are to be done.
    pub steps: Vec<Step>,
    /// What new issues get beside the labels that are computed.
    pub own_labels: Vec<String>,
}

impl Plan {
    /// `later_count`: how many entries of a cluster came after a time.
    pub fn make(
        clusters: Vec<Cluster>,
        issues: Vec<Issue>,
        ids: &KnownIds,
        records: &[Record],
        later_count: impl Fn(&Cluster, i64) -> Result<i64>,
    ) -> Result<Self> {
        let found = matching::find(&clusters, &issues, ids, records);
        let order = causes_first(&clusters);
        let wanted = order.into_iter().filter(|&at| clusters[at].omitted.is_none());
        let mut steps = Vec::new();
        for at in wanted {
            let Some(Match { issue, how, others }) = &found[at] else {
                steps.push(match cause_with_issue(at, &clusters, &found) {
                    Some(cause) => part(at, &clusters[at], cause, &clusters[cause]),
                    None => creation(at, &clusters[at], &issues, ids),
                });
                continue;
            };
            let (cluster, issue) = (&clusters[at], Place { at: *issue, issue: &issues[*issue] });
            let before = last_reported(cluster, issue.issue, ids, records);
            let count = before.as_ref().map_or(Ok(0), |before| later_count(cluster, before.last_ns))?;
            let changes = Changes::between(before, &cluster.now, &cluster.seen, count);
            let step = step(at, cluster, &issue, *how, changes);
            steps.push(Step { see_also: [others.as_slice(), &step.see_also].concat(), ..step });
        }
        Ok(Plan { clusters, issues, steps, own_labels: Vec::new() })
    }

    /// What the issue of a cluster tells of beside.
    pub fn parts(&self, cause: usize) -> impl Iterator<Item = &Cluster> {
        let parts = self.steps.iter().filter(move |step| step.cause == Some(cause));
        parts.map(|step| &self.clusters[step.cluster])
    }

    /// The issues that clusters have, by the cluster's place.
    pub fn numbers(&self) -> HashMap<usize, u64> {
        let known = self.steps.iter().filter(|step| step.action != Action::Create);
        known.filter_map(|step| Some((step.cluster, self.issues[step.issue?].number))).collect()
    }

    /// Open issues of these services whose cluster is in no window.
    pub fn quiet<'a>(&'a self, ids: &'a KnownIds) -> impl Iterator<Item = &'a Issue> {
        let services: HashSet<&str> = self.clusters.iter().map(|cluster| cluster.service.as_str()).collect();
        self.issues.iter().filter(move |issue| {
            issue.marker.as_ref().is_some_and(|marker| {
                let id = ids.meant(marker);
                let is_of = |cluster: &Cluster| cluster.service == marker.service && cluster.cluster_id == id;
                issue.is_open && services.contains(marker.service.as_str()) && !self.clusters.iter().any(is_of)
            })
        })
    }
}

/// The order of the worklogs, but a cluster after those that it follows: their numbers are known then.
fn causes_first(clusters: &[Cluster]) -> Vec<usize> {
    fn visit(at: usize, clusters: &[Cluster], is_seen: &mut [bool], order: &mut Vec<usize>) {
        if std::mem::replace(&mut is_seen[at], true) {
            return;
        }
        for cause in clusters[at].causes() {
            if let Some(cause) = place_of(clusters, &clusters[at].service, cause) {
                visit(cause, clusters, is_seen, order);
            }
        }
        order.push(at);
    }
    let (mut is_seen, mut order) = (vec![false; clusters.len()], Vec::new());
    (0..clusters.len()).for_each(|at| visit(at, clusters, &mut is_seen, &mut order));
    order
}

/// The cluster whose issue tells of one that has none: its first cause, or that one's, up to one that has an issue or is
/// no effect itself. None if the cause is left out of the plan.
fn cause_with_issue(at: usize, clusters: &[Cluster], found: &[Option<Match>]) -> Option<usize> {
    let first_cause = |at: usize| {
        let cluster: &Cluster = &clusters[at];
        let causes = cluster.causes().filter_map(|cause| place_of(clusters, &cluster.service, cause));
        causes.into_iter().find(|&cause| cause != at && clusters[cause].omitted.is_none())
    };
    let (mut on_the_way, mut place) = (HashSet::from([at]), first_cause(at)?);
    while found[place].is_none() && on_the_way.insert(place) {
        match first_cause(place) {
            Some(cause) if !on_the_way.contains(&cause) => place = cause,
            _ => break,
        }
    }
    Some(place)
}

/// Where the cluster of a number in a service's worklog is.
pub(super) fn place_of(clusters: &[Cluster], service: &str, number: u64) -> Option<usize> {
    clusters.iter().position(|cluster| cluster.service == service && cluster.numbers.contains(&number))
}

/// What was last reported to the issue, by the ledger and by its own marker.
fn last_reported(cluster: &Cluster, issue: &Issue, ids: &KnownIds, records: &[Record]) -> Option<Reported> {
    let of_both =
        |record: &&Record| record.is_of(issue) && ids.now(&record.service, &record.cluster_id) == cluster.cluster_id;
    let recorded = records.iter().filter(of_both).filter_map(|record| record.reported.clone());
    let marked = issue.marker.as_ref().and_then(|marker| marker.reported.clone());
    recorded.map(Some).fold(marked, Reported::later)
}

/// An issue and where it is in the list.
struct Place<'a> {
    at: usize,
    issue: &'a Issue,
}

/// The step of a cluster that has no issue.
fn creation(at: usize, cluster: &Cluster, issues: &[Issue], ids: &KnownIds) -> Step {
    let reason = match matching::forged(cluster, issues, ids) {
        Some(Issue { number, author, .. }) => {
            let author = author.as_ref().map_or("its author", |author| author.login.as_str());
            format!("#{number} has the marker of this cluster, but {author} is not of this repository")
        }
        None => "no issue belongs to this cluster, and none is similar".into(),
    };
    Step { action: Action::Create, cluster: at, issue: None, cause: None, reason, changes: None, see_also: Vec::new() }
}

/// The step of an effect that its cause's issue tells of.
fn part(at: usize, cluster: &Cluster, cause: usize, by: &Cluster) -> Step {
    let how = cluster.how_it_follows(by).unwrap_or_else(|| "by way of another effect".into());
    let reason = format!("it follows {}, {how}; the issue of that cluster describes it", by.name);
    Step { action: Action::Part, cluster: at, issue: None, cause: Some(cause), reason, changes: None, see_also: vec![] }
}

fn step(at: usize, cluster: &Cluster, place: &Place<'_>, how: How, changes: Changes) -> Step {
    let Place { at: issue_at, issue } = place;
    let step = |action, reason: String| Step {
        action,
        cluster: at,
        issue: Some(*issue_at),
        cause: None,
        reason,
        changes: None,
        see_also: Vec::new(),
    };
    let is_back = is_back(cluster, issue, changes.before.as_ref());
    if let How::Similar(score) = how {
        return similar(step, issue, score, is_back);
    }
    match (issue.is_open, is_back) {
        (true, _) if changes.is_worth_a_comment() => {
            let reason = changes.words();
            Step { changes: Some(changes), ..step(Action::Update, reason) }
        }
        (true, _) => step(Action::Nothing, "nothing new since the last report".into()),
        (false, Ok(reason)) => Step { changes: Some(changes), ..step(Action::Reopen, reason) },
        (false, Err(reason)) => step(Action::Link, reason),
    }
}

/// An issue that nobody marked is not taken over silently.
fn similar(step: impl Fn(Action, String) -> Step, issue: &Issue, score: f64, is_back: Result<String, String>) -> Step {
    let alike = format!("similar, but without marker (titles match by {:.0} %)", score * 100.0);
    match (issue.is_open, is_back) {
        (true, _) => step(Action::Adopt, format!("{alike}; a comment assigns it to this cluster")),
        (false, Err(reason)) => step(Action::Link, format!("{alike}; {reason}")),
        (false, Ok(_)) => {
            let reason = format!("#{} is {alike}; it is closed, and the cluster was seen after that", issue.number);
            Step { issue: None, see_also: vec![issue.number], ..step(Action::Create, reason) }
        }
    }
}
