//! The plan for people and programs, and its commands for the shell.

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    IssueContext, Request,
    clusters::{Cluster, Omitted},
    gh::{Call, Gh},
    matching::{self, KnownIds},
    plan::{Action, Plan, Step},
    text::{self, Writer},
};
use crate::{
    model::window::Window,
    text::{escape::visible_block, words::thousands},
};

/// The plan as one document; with a writer it holds the texts too.
pub fn document(context: &IssueContext, request: &Request<'_>, writer: Option<&Writer>) -> Result<Value> {
    let (plan, ids) = (&context.plan, &context.ids);
    let mut services = Vec::new();
    for window in &context.windows {
        let of_service = |step: &&Step| plan.clusters[step.cluster].service == window.service;
        let mut steps: Vec<&Step> = plan.steps.iter().filter(of_service).collect();
        // as in the worklog; they are done in the plan's order
        steps.sort_by_key(|step| step.cluster);
        let steps = steps.into_iter().map(|step| step_document(plan, step, writer));
        services.push(json!({
            "service": window.service,
            "from_ns": window.from_ns,
            "to_ns": window.to_ns,
            "steps": steps.collect::<Result<Vec<_>>>()?,
            "expected": omitted(plan, window, ids, Omitted::Expected),
            "less_urgent": omitted(plan, window, ids, Omitted::LessUrgent),
        }));
    }
    let quiet = plan.quiet(ids).map(|issue| json!({"number": issue.number, "title": issue.title, "url": issue.url}));
    Ok(json!({
        "document_version": 1,
        "source": request.source(),
        "issue_count": plan.issues.len(),
        "least_priority": request.least_priority,
        "counts": counts(plan),
        "services": services,
        "quiet": quiet.collect::<Vec<_>>(),
    }))
}

/// How many steps of each action that does something.
fn counts(plan: &Plan) -> Vec<Value> {
    let actions = [Action::Create, Action::Update, Action::Reopen, Action::Adopt];
    let count = |action: Action| plan.steps.iter().filter(|step| step.action == action).count();
    let counted = actions.into_iter().map(|action| (action.word(), count(action)));
    counted.filter(|(_, count)| *count > 0).map(|(word, count)| json!({"action": word, "step_count": count})).collect()
}

fn step_document(plan: &Plan, step: &Step, writer: Option<&Writer>) -> Result<Value> {
    let cluster = &plan.clusters[step.cluster];
    let issue = step.issue.map(|at| &plan.issues[at]);
    let mut document = json!({
        "action": step.action.word(),
        "issue_number": issue.map(|issue| issue.number),
        "url": issue.map(|issue| issue.url.as_str()),
        "issue_title": issue.map(|issue| issue.title.as_str()),
        "title": text::title(cluster),
        "labels": text::labels(cluster, &plan.own_labels),
        "assignees": if step.action == Action::Create { text::assignees(cluster) } else { &[] },
        "teams": if step.action == Action::Create { text::teams(cluster) } else { &[] },
        "reason": step.reason,
        "changes": step.changes,
        "see_also": step.see_also,
        "cause": step.cause.map(|cause| brief(&plan.clusters[cause])),
        "effects": plan.parts(step.cluster).map(brief).collect::<Vec<_>>(),
        "cluster": brief(cluster),
    });
    if let Some(writer) = writer {
        document["texts"] = text::document(writer, plan, step)?;
    }
    Ok(document)
}

fn brief(cluster: &Cluster) -> Value {
    let row = cluster.row();
    json!({
        "cluster_id": cluster.cluster_id,
        "cluster_number": cluster.numbers.first(),
        "name": cluster.name,
        "priority": cluster.now.priority,
        "state": cluster.now.state,
        "severity": row.severity,
        "entry_count": row.entry_count,
        "archive_count": cluster.now.entry_count,
        "first_ns": row.first_ns,
        "last_ns": cluster.now.last_ns,
    })
}

/// Clusters that get no issue; one that they have already is named.
fn omitted(plan: &Plan, window: &Window, ids: &KnownIds, why: Omitted) -> Vec<Value> {
    let of_window = |cluster: &&Cluster| cluster.service == window.service && cluster.omitted == Some(why);
    let document = |cluster: &Cluster| {
        let mut document = brief(cluster);
        let found = matching::marked(cluster, &plan.issues, ids);
        document["issue_number"] = json!(found.map(|found| plan.issues[found.issue].number));
        document
    };
    plan.clusters.iter().filter(of_window).map(document).collect()
}

/// A command as it is typed; what it reads from standard input as a here-document, or only its length.
pub fn command(gh: &Gh, call: &Call, with_input: bool) -> String {
    let shown = visible_block(&gh.shown(call)).into_owned();
    match &call.input {
        None => format!("{shown}\n"),
        Some(input) if !with_input => {
            format!("{shown}  # {} characters\n", thousands(input.chars().count() as u64))
        }
        Some(input) => {
            let end = end_word(input);
            format!("{shown} <<'{end}'\n{}{end}\n", visible_block(input))
        }
    }
}

/// A line that the text does not have.
fn end_word(text: &str) -> String {
    let mut word = "END".to_owned();
    while text.lines().any(|line| line.trim() == word) {
        word.push('_');
    }
    word
}
