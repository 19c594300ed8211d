//! How much a Markdown worklog tells of what its page tells all of: it is read in a terminal or a pull request, in half a minute.

use serde::Serialize;

use super::{
    cluster::{Cluster, MemberRow},
    coverage::GapRow,
    deployments::DeploymentRow,
    details::VariableRow,
    incidents::CascadeRow,
    view::{Viewed, With},
    window::RevisionRow,
};
use crate::text::words::plural;

type Of<'a, R> = With<'a, R, <R as Viewed>::Parts>;

/// What is told of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A section with the evidence: causes that are urgent, and all causes where there are few clusters.
    Whole,
    /// A section of a few lines: effects, and what comes after the most urgent.
    Short,
    /// A line of a list: the rest of P3 and P4.
    Line,
}

/// Where there are no more clusters than these, none is told in a line only.
const FEW: usize = 5;
/// After these, urgent causes are told in short, too.
const MANY: usize = 10;

/// The form of the cluster at a place of the worklog; `follows` says that another cluster is its cause.
fn form(at: usize, priority: &str, follows: bool, has_ended: bool) -> Form {
    let is_urgent = priority <= "P1" && !has_ended;
    match () {
        () if at >= FEW && priority > "P2" => Form::Line,
        () if follows => Form::Short,
        () if at < FEW || is_urgent && at < MANY => Form::Whole,
        () => Form::Short,
    }
}

/// How many of each a Markdown worklog lists; a list that is longer says so.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Most {
    /// Of a cascade, at each of its two ends.
    steps: usize,
    requests: usize,
    last_lines: usize,
    request_ends: usize,
    users: usize,
    constants: usize,
    varying: usize,
    variables: usize,
    new_values: usize,
    exceptions: usize,
    hints: usize,
    others: usize,
    actions: usize,
    /// Patterns of a cluster that has only a line.
    patterns: usize,
    deployments: usize,
    gaps: usize,
    revisions: usize,
    changes: usize,
}

pub const MOST: Most = Most {
    steps: 3,
    requests: 3,
    last_lines: 2,
    request_ends: 1,
    users: 2,
    constants: 8,
    varying: 5,
    variables: 3,
    new_values: 3,
    exceptions: 4,
    hints: 6,
    others: 5,
    actions: 3,
    patterns: 4,
    deployments: 3,
    gaps: 2,
    revisions: 5,
    changes: 10,
};

impl Cluster {
    /// Those of its first pattern.
    pub(super) fn told_variables(&self) -> impl Iterator<Item = &VariableRow> {
        let lead = self.members.first().map(|lead| lead.pattern_id.as_str());
        let is_told = move |variable: &&VariableRow| {
            variable.commonest != "REDACTED" && lead == Some(variable.pattern_id.as_str())
        };
        self.variables.iter().filter(is_told)
    }

    /// Its patterns beside the first that its cascade does not show.
    pub(super) fn other_patterns(&self) -> impl Iterator<Item = &MemberRow> {
        let shown = self.shown_steps();
        // requests that end alike are listed as requests
        let is_request = |member: &MemberRow| member.reason.as_deref() == Some("status");
        let is_other = move |member: &&MemberRow| !is_request(member) && !shown.contains(&member.pattern_id.as_str());
        self.members.iter().skip(1).filter(is_other)
    }
}

/// Of one cluster.
#[derive(Debug, Serialize)]
pub struct Outline<'a> {
    pub form: Form,
    /// Another cluster is its cause.
    follows: bool,
    /// Listed by revision: its effects come and go with it.
    is_listed: bool,
    /// Steps of the cascade that say something of their own: the first, then the last of them.
    first_steps: Vec<Of<'a, CascadeRow>>,
    last_steps: Vec<Of<'a, CascadeRow>>,
    /// The cluster's first pattern is one of them.
    shows_lead: bool,
    /// Between the two.
    between_count: usize,
    /// Steps that only repeat the text of another.
    repeating_count: usize,
    /// What no cluster before it says to do.
    own_actions: Vec<&'a str>,
    /// What is only on the page.
    left_out: Option<String>,
}

/// Of each cluster, in their order.
pub fn outlines<'a>(clusters: &'a [Cluster], roots: &[Option<u64>]) -> Vec<Outline<'a>> {
    let mut said: Vec<&str> = Vec::new();
    let outline = |(at, (cluster, root)): (usize, (&'a Cluster, &Option<u64>))| {
        let row = &cluster.row;
        let form = form(at, &row.priority, root.is_some(), row.ended_by.is_some());
        // of an effect only a command: its cause is what to mend
        let is_own = |action: &&str| !said.contains(&head(action)) && (root.is_none() || action.contains('`'));
        let own_actions: Vec<&str> = row.actions.iter().map(String::as_str).filter(is_own).collect();
        said.extend(own_actions.iter().map(|action| head(action)));
        let steps = own_steps(cluster);
        let repeating_count = cluster.shown_steps().len() - steps.len();
        let between_count = steps.len().saturating_sub(2 * MOST.steps);
        let (first, last) = steps.split_at(steps.len().min(MOST.steps));
        let (first_steps, last_steps) = (first.to_vec(), last[between_count..].to_vec());
        let lead = cluster.members.first().map(|lead| lead.pattern_id.as_str());
        let mut listed = first_steps.iter().chain(&last_steps);
        let shows_lead = form == Form::Whole && listed.any(|step| lead == Some(step.row.pattern_id.as_str()));
        let left_out = (form == Form::Whole).then(|| left_out(cluster, own_actions.len())).flatten();
        Outline {
            form,
            follows: root.is_some(),
            is_listed: form != Form::Line && root.is_none(),
            first_steps,
            last_steps,
            shows_lead,
            between_count,
            repeating_count,
            own_actions,
            left_out,
        }
    };
    clusters.iter().zip(roots).enumerate().map(outline).collect()
}

/// The newest changes, and those that did more than start a revision with the same settings.
pub fn told_deployments(rows: &[DeploymentRow]) -> Vec<&DeploymentRow> {
    rows.iter().enumerate().filter(|(at, row)| *at < MOST.deployments || row.is_notable()).map(|(_, row)| row).collect()
}

/// The newest revisions, the last of the rows.
pub fn newest(rows: &[RevisionRow]) -> &[RevisionRow] {
    &rows[rows.len().saturating_sub(MOST.revisions)..]
}

/// The longest gaps in the order of time, and the others.
pub fn told_gaps(gaps: &[GapRow]) -> (Vec<&GapRow>, Vec<&GapRow>) {
    let mut lengths: Vec<i64> = gaps.iter().map(|gap| gap.length_ns).collect();
    lengths.sort_unstable_by(|one, other| other.cmp(one));
    let least = lengths.get(MOST.gaps.saturating_sub(1)).copied().unwrap_or(0);
    gaps.iter().partition(|gap| gap.length_ns >= least)
}

/// What to do, without the names that differ from cluster to cluster.
fn head(action: &str) -> &str {
    action.split([':', '`']).next().unwrap_or(action)
}

/// The steps of the cascade that is shown, without those that repeat the text of the cluster's first pattern.
fn own_steps(cluster: &Cluster) -> Vec<Of<'_, CascadeRow>> {
    if cluster.shown_steps().is_empty() {
        return Vec::new();
    }
    let repeats = |step: &CascadeRow| {
        let member = cluster.members.iter().find(|member| member.pattern_id == step.pattern_id);
        member.is_some_and(|member| member.reason.as_deref() == Some("text"))
    };
    let trace = cluster.cascade.iter().position(|step| step.kind == "exception");
    let steps =
        cluster.cascade.iter().enumerate().filter(|(at, step)| *at == 0 || trace == Some(*at) || !repeats(step));
    steps.map(|(_, step)| step.view()).collect()
}

fn left_out(cluster: &Cluster, action_count: usize) -> Option<String> {
    let beyond = |count: usize, most: usize| count.saturating_sub(most);
    let constant_count = cluster.fields.iter().filter(|field| field.is_constant).count();
    let fields = beyond(constant_count, MOST.constants) + beyond(cluster.fields.len() - constant_count, MOST.varying);
    let variables = cluster.variables.len() - cluster.told_variables().count().min(MOST.variables);
    let lists = cluster.hints.chunk_by(|one, other| one.list_name == other.list_name);
    let hints = lists.map(|list| beyond(list.len(), MOST.hints)).sum();
    let parts = [
        (beyond(cluster.requests.len(), MOST.requests), "more request"),
        (fields, "more field"),
        (variables, "more variable"),
        (beyond(cluster.other_patterns().count(), MOST.others), "more pattern"),
        (hints, "more hint"),
        (beyond(action_count, MOST.actions), "more action"),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(count as u64, word)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
