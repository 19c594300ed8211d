//! The commands that steps come to: the same for showing and for running them.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Result;

use super::{
    existing::Issue,
    gh::{Call, Gh},
    plan::{Action, Plan, Step},
    text::{self, Writer},
};

/// Whether a step of this action has any.
pub fn is_any(action: Action) -> bool {
    !matches!(action, Action::Link | Action::Part | Action::Nothing)
}

/// Those that make labels which no issue has.
pub fn labels(gh: &Gh, plan: &Plan) -> Vec<(String, Call)> {
    let known: HashSet<&String> = plan.issues.iter().flat_map(|issue| &issue.labels).collect();
    let steps = plan.steps.iter().filter(|step| step.action == Action::Create || edits(plan, step));
    let wanted: BTreeSet<String> =
        steps.flat_map(|step| text::labels(&plan.clusters[step.cluster], &plan.own_labels)).collect();
    let missing = wanted.into_iter().filter(|name| !known.contains(name));
    let make = |name: String| {
        let (color, description) = look(&name, &plan.own_labels);
        let call = gh.call(&["label", "create", &name, "--color", color, "--description", &description], None);
        (name, call)
    };
    missing.map(make).collect()
}

/// The colour of a label and what it says.
fn look(name: &str, own: &[String]) -> (&'static str, String) {
    match name {
        own_name if own.iter().any(|own| own == own_name) => ("ededed", "Set by the configuration of gardener".into()),
        "P0" => ("b60205", "Critical".into()),
        "P1" => ("d93f0b", "Urgent".into()),
        "P2" => ("fbca04", "High".into()),
        "P3" => ("fef2c0", "Medium".into()),
        "P4" => ("ededed", "Low".into()),
        "gcp" => ("1d76db", "Found in Google Cloud logs".into()),
        category => ("c5def5", format!("Category of a log cluster: {category}")),
    }
}

pub fn create(
    gh: &Gh,
    plan: &Plan,
    step: &Step,
    writer: &Writer,
    labels: &HashSet<String>,
    numbers: &HashMap<usize, u64>,
    assignees: &[String],
) -> Result<Call> {
    let cluster = &plan.clusters[step.cluster];
    let title = text::title(cluster);
    let own = text::labels(cluster, &plan.own_labels);
    let mut arguments = vec!["issue", "create", "--title", &title];
    for label in own.iter().filter(|label| labels.contains(*label)) {
        arguments.extend(["--label", label]);
    }
    for name in assignees {
        arguments.extend(["--assignee", name]);
    }
    Ok(gh.call(&arguments, Some(writer.body(plan, step, numbers)?)))
}

pub fn reopen(gh: &Gh, issue: &Issue) -> Call {
    gh.call(&["issue", "reopen", &issue.number.to_string()], None)
}

pub fn comment(gh: &Gh, plan: &Plan, step: &Step, writer: &Writer, numbers: &HashMap<usize, u64>) -> Result<Call> {
    let number = step.issue.map(|at| plan.issues[at].number).unwrap_or_default().to_string();
    Ok(gh.call(&["issue", "comment", &number], Some(writer.comment(plan, step, numbers)?)))
}

/// Whether labels and title may be changed: not of an issue that is only similar, it is somebody's own.
fn edits(plan: &Plan, step: &Step) -> bool {
    let is_marked = step.issue.is_some_and(|at| plan.issues[at].marker.is_some());
    is_marked && matches!(step.action, Action::Update | Action::Reopen)
}

/// Today's priority and category in title and labels, where they say others.
pub fn edit(gh: &Gh, plan: &Plan, step: &Step, labels: &HashSet<String>) -> Option<Call> {
    let issue = step.issue.filter(|_| edits(plan, step)).map(|at| &plan.issues[at])?;
    let cluster = &plan.clusters[step.cluster];
    let (title, wanted) = (text::new_title(cluster, &issue.title), text::labels(cluster, &[]));
    let stale = text::stale_labels(cluster, &issue.labels);
    let number = issue.number.to_string();
    let mut arguments = vec!["issue", "edit", number.as_str()];
    if let Some(title) = &title {
        arguments.extend(["--title", title]);
    }
    // labels that somebody took off stay off, unless one takes the place of another
    if !stale.is_empty() {
        let new = wanted.iter().filter(|label| labels.contains(*label) && !issue.labels.contains(label));
        new.for_each(|label| arguments.extend(["--add-label", label]));
        stale.iter().for_each(|label| arguments.extend(["--remove-label", label]));
    }
    (arguments.len() > 3).then(|| gh.call(&arguments, None))
}

/// All commands of the plan in their order, as far as they are known before any has run.
pub fn all(gh: &Gh, plan: &Plan, writer: &Writer) -> Result<Vec<Call>> {
    let made = labels(gh, plan);
    let mut known: HashSet<String> = plan.issues.iter().flat_map(|issue| issue.labels.iter().cloned()).collect();
    known.extend(made.iter().map(|(name, _)| name.clone()));
    let mut calls: Vec<Call> = made.into_iter().map(|(_, call)| call).collect();
    let numbers = plan.numbers();
    for step in &plan.steps {
        match step.action {
            Action::Create => {
                let assignees = text::assignees(&plan.clusters[step.cluster]);
                calls.push(create(gh, plan, step, writer, &known, &numbers, assignees)?);
            }
            Action::Reopen => calls.extend(step.issue.map(|at| reopen(gh, &plan.issues[at]))),
            _ => {}
        }
        if matches!(step.action, Action::Update | Action::Adopt | Action::Reopen) {
            calls.push(comment(gh, plan, step, writer, &numbers)?);
            calls.extend(edit(gh, plan, step, &known));
        }
    }
    Ok(calls)
}
