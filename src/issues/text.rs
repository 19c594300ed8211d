//! Titles, bodies and comments: rendered by the templates `issue.md` and `issue_comment.md`, cut to what GitHub takes,
//! and marked.

use std::collections::HashMap;

use anyhow::Result;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    clusters::Cluster,
    marker::Marker,
    matching::{is_priority, rest_of_title},
    plan::{Action, Plan, Step, place_of},
    reported::Changes,
};
use crate::{
    config::overrides::Overrides,
    report::{
        Renderer,
        document::issue::{IssueDocument, IssueFrame, IssueView},
    },
    text::{
        escape::{Fences, parted_line},
        words::thousands,
    },
};

/// What GitHub takes, counted in UTF-16 units, which are never fewer than characters.
const BODY_LIMIT: usize = 65_536;
const TITLE_LIMIT: usize = 256;
const MOST_ASSIGNEES: usize = 10;

pub struct Writer {
    renderer: Renderer,
}

/// What templates of texts read.
#[derive(Serialize)]
struct Written<'a> {
    cluster: IssueView<'a>,
    #[serde(flatten)]
    frame: &'a IssueFrame,
    changes: Option<&'a Changes>,
    action: &'static str,
    see_also: &'a [u64],
    /// Clusters that follow this one and have no issue of their own.
    effects: Vec<Effect<'a>>,
}

#[derive(Serialize)]
struct Effect<'a> {
    name: &'a str,
    priority: &'a str,
    entry_count: u64,
    severity: &'a str,
    /// How often it follows; none where it follows another effect.
    often: Option<String>,
}

impl Writer {
    pub fn new(zone: TimeZone, overrides: &Overrides) -> Result<Self> {
        Ok(Writer { renderer: Renderer::new(zone, overrides)? })
    }

    /// `numbers`: the issues that clusters have by now, by place.
    pub fn body(&self, plan: &Plan, step: &Step, numbers: &HashMap<usize, u64>) -> Result<String> {
        self.write("issue.md", plan, step, numbers)
    }

    /// What changed; for an issue that is adopted, what it is about.
    pub fn comment(&self, plan: &Plan, step: &Step, numbers: &HashMap<usize, u64>) -> Result<String> {
        self.write("issue_comment.md", plan, step, numbers)
    }

    fn write(&self, template: &str, plan: &Plan, step: &Step, numbers: &HashMap<usize, u64>) -> Result<String> {
        let cluster = &plan.clusters[step.cluster];
        let IssueDocument { cluster: mut shown, frame } = cluster.document.clone();
        let issue_of = |number: u64| {
            place_of(&plan.clusters, &cluster.service, number).and_then(|place| numbers.get(&place)).copied()
        };
        shown.cluster.follows.iter_mut().for_each(|row| row.issue_number = issue_of(row.cause_number));
        shown.cluster.effects.iter_mut().for_each(|row| row.issue_number = issue_of(row.effect_number));
        let told = |number: u64| plan.parts(step.cluster).any(|part| part.numbers.contains(&number));
        shown.cluster.effects.retain(|row| !told(row.effect_number));
        let effects = plan.parts(step.cluster).map(|part| Effect {
            name: &part.name,
            priority: &part.now.priority,
            entry_count: part.row().entry_count,
            severity: &part.row().severity,
            often: part.how_it_follows(cluster),
        });
        let effects = effects.collect();
        let (changes, action, see_also) = (step.changes.as_ref(), step.action.word(), &step.see_also);
        let written = Written { cluster: shown.view(), frame: &frame, changes, action, see_also, effects };
        let text = self.renderer.render(template, &written)?;
        Ok(with_marker(&text, &marker(cluster).line(), BODY_LIMIT))
    }
}

pub fn marker(cluster: &Cluster) -> Marker {
    let (service, cluster_id) = (cluster.service.clone(), cluster.cluster_id.clone());
    Marker { service, cluster_id, ids: cluster.ids.clone(), reported: Some(cluster.now.clone()) }
}

pub fn title(cluster: &Cluster) -> String {
    with_head(cluster, &cluster.title)
}

fn with_head(cluster: &Cluster, rest: &str) -> String {
    let head = format!("GCP-{} | {} | ", cluster.category, cluster.now.priority);
    let units = TITLE_LIMIT.saturating_sub(head.encode_utf16().count());
    format!("{head}{}", parted_line(rest, units))
}

/// The title of an issue with today's category and priority, if it has the form that titles have and says something else.
pub fn new_title(cluster: &Cluster, title: &str) -> Option<String> {
    let rest = rest_of_title(title);
    let new = (rest != title).then(|| with_head(cluster, rest))?;
    (new != title).then_some(new)
}

/// Labels that a cluster's issue has; `own` are the user's.
pub fn labels(cluster: &Cluster, own: &[String]) -> Vec<String> {
    let mut labels = vec!["gcp".into(), cluster.now.priority.clone(), cluster.category.clone()];
    labels.extend(own.iter().filter(|label| !labels.contains(label)).cloned().collect::<Vec<_>>());
    labels
}

/// Who a new issue is given to: the owners of the code that are users. A team is none that GitHub takes.
pub fn assignees(cluster: &Cluster) -> &[String] {
    let code = cluster.document.cluster.cluster.code.as_ref();
    let users = code.and_then(|code| code.owners.as_ref()).map_or(&[][..], |owners| owners.users.as_slice());
    &users[..users.len().min(MOST_ASSIGNEES)]
}

/// Owners that no issue can be given to.
pub fn teams(cluster: &Cluster) -> &[String] {
    let code = cluster.document.cluster.cluster.code.as_ref();
    code.and_then(|code| code.owners.as_ref()).map_or(&[], |owners| owners.teams.as_slice())
}

/// Of an issue's labels those that say another priority or category than the cluster has now.
pub fn stale_labels<'a>(cluster: &Cluster, labels: &'a [String]) -> Vec<&'a str> {
    let categories = ["new", "regression", "active-dev", "escalated"];
    let is_ours = |label: &&str| is_priority(label) || categories.contains(label);
    let stale = labels.iter().map(String::as_str).filter(is_ours);
    stale.filter(|label| *label != cluster.now.priority && *label != cluster.category).collect()
}

/// The text with the marker below, cut between lines where it is longer than GitHub takes; a fence that is open there is
/// closed.
fn with_marker(text: &str, marker: &str, limit: usize) -> String {
    let units = |text: &str| text.encode_utf16().count();
    let whole = format!("{}\n\n{marker}\n", text.trim_end());
    if units(&whole) <= limit {
        return whole;
    }
    let size = thousands(u64::try_from(units(text)).unwrap_or(u64::MAX));
    let note = format!("**Cut here**: the text has {size} characters, GitHub takes 65,536. The worklog has the rest.");
    // a line that closes a fence is as long as the longest
    let longest_fence =
        text.lines().map(|line| line.len() - line.trim_start_matches(['`', '~']).len()).max().unwrap_or(0);
    let room = limit.saturating_sub(units(marker) + units(&note) + longest_fence + 6);
    let (mut kept, mut size, mut fences) = (0, 0, Fences::default());
    for line in text.split_inclusive('\n') {
        size += units(line);
        if size > room {
            break;
        }
        kept += line.len();
        fences.hold(line);
    }
    let closing = fences.open().map(|fence| format!("\n{fence}")).unwrap_or_default();
    format!("{}{closing}\n\n{note}\n\n{marker}\n", text[..kept].trim_end())
}

/// The texts of a step, for programs that read the plan.
pub fn document(writer: &Writer, plan: &Plan, step: &Step) -> Result<Value> {
    let numbers = plan.numbers();
    Ok(match step.action {
        Action::Create => json!({"body": writer.body(plan, step, &numbers)?}),
        Action::Update | Action::Reopen | Action::Adopt => json!({"comment": writer.comment(plan, step, &numbers)?}),
        Action::Link | Action::Part | Action::Nothing => json!({}),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_closes_its_fence() {
        let text = format!("intro\n\n````json\n```\n{}\n````\nafter\n", "a line of the sample\n".repeat(400));
        for limit in 300..2_300 {
            let cut = with_marker(&text, "<!-- marker -->", limit);
            assert!(cut.encode_utf16().count() <= limit, "{limit}");
            assert!(cut.ends_with("\n\n<!-- marker -->\n") && cut.contains("**Cut here**"));
            assert_eq!(cut.matches("````").count() % 2, 0, "{cut}");
            assert!(cut.matches("````").count() == 2, "{cut}");
        }
        assert_eq!(with_marker("short\n", "<!-- m -->", 300), "short\n\n<!-- m -->\n");
    }
}
