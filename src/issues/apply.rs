//! Does what the plan says. Each success is written to the ledger before the next command runs; what a run before did and
//! could not write is found by its marker, on GitHub.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Write},
};

use anyhow::{Context, Result};

use super::{
    authors::Authors,
    calls,
    clusters::{self, Cluster},
    existing::Issue,
    gh::{Call, Gh},
    ledger::{self, Record},
    marker::Marker,
    matching::{self, KnownIds},
    plan::{Action, Plan, Step},
    reported::{Changes, Reported},
    text::{self, Writer},
};
use crate::{
    sql::connection::Connection,
    text::{escape::visible_block, terminal::say},
};

/// What a run has at hand.
pub struct ApplyContext<'a> {
    pub gh: &'a Gh,
    pub connection: &'a Connection,
    pub ids: &'a KnownIds,
    pub records: &'a [Record],
    pub writer: &'a Writer,
    pub quiet: bool,
}

/// Runs the commands of all steps in their order; stops at the first that fails.
pub fn apply(context: &ApplyContext<'_>, plan: &Plan) -> Result<usize> {
    ledger::lay(context.connection)?;
    let mut authors = Authors::new(context.records, Some(context.gh));
    authors.know(&plan.issues);
    let (labels, numbers) = (lay_labels(context, plan), plan.numbers());
    let mut run = Run { context, plan, authors, labels, numbers, fresh: None };
    let mut done = 0;
    for step in &plan.steps {
        done += usize::from(run.act(step).with_context(|| {
            format!(
                "stopped after {done} of {} actions\n\nhint: run the command again; finished actions are in the ledger and are not repeated",
                plan.steps.iter().filter(|step| calls::is_any(step.action)).count()
            )
        })?);
    }
    Ok(done)
}

/// A plan under way, with what became known since it was made.
struct Run<'a> {
    context: &'a ApplyContext<'a>,
    plan: &'a Plan,
    authors: Authors<'a>,
    labels: HashSet<String>,
    /// Of the issues, by the place of their clusters.
    numbers: HashMap<usize, u64>,
    /// The issues as they were just before the first was made.
    fresh: Option<Vec<Issue>>,
}

impl Run<'_> {
    fn act(&mut self, step: &Step) -> Result<bool> {
        match step.action {
            Action::Create => self.create(step)?,
            Action::Update | Action::Adopt => self.comment(step)?,
            Action::Reopen => {
                self.reopen(step)?;
                self.comment(step)?;
            }
            Action::Link | Action::Part | Action::Nothing => return Ok(false),
        }
        Ok(true)
    }

    /// Looks once more before the first issue is made: another run may have made it since the plan.
    fn create(&mut self, step: &Step) -> Result<()> {
        let (context, plan) = (self.context, self.plan);
        let cluster = &plan.clusters[step.cluster];
        if self.fresh.is_none() {
            let mut issues = context.gh.issues()?;
            self.authors.check(&mut issues);
            self.fresh = Some(issues);
        }
        let issues = self.fresh.as_deref().unwrap_or_default();
        if let Some(found) = matching::marked(cluster, issues, context.ids) {
            let issue = &issues[found.issue];
            self.numbers.insert(step.cluster, issue.number);
            let reported = issue.marker.as_ref().and_then(|marker| marker.reported.as_ref());
            ledger::write(
                context.connection,
                "found",
                cluster,
                (issue.number, &issue.url),
                Some(&issue.title),
                reported,
            )?;
            tell(&format!("found #{} {} {}", issue.number, issue.url, issue.title));
            return Ok(());
        }
        let title = text::title(cluster);
        let call = |assignees: &[String]| {
            calls::create(context.gh, plan, step, context.writer, &self.labels, &self.numbers, assignees)
        };
        let assignees = text::assignees(cluster);
        let printed = match context.gh.run(&call(assignees)?) {
            // names are checked before anything is made; only what `gh` itself said counts
            Err(error) if !assignees.is_empty() && error.root_cause().to_string().contains("assign") => {
                say(context.quiet, &format!("continuing without the assignees {}: {error:#}", assignees.join(", ")));
                context.gh.run(&call(&[])?)?
            }
            printed => printed?,
        };
        let (number, url) = created(&printed)?;
        ledger::write(context.connection, "create", cluster, (number, url), Some(&title), Some(&cluster.now))?;
        self.numbers.insert(step.cluster, number);
        tell(&format!("created #{number} {url} {title}"));
        Ok(())
    }

    fn reopen(&self, step: &Step) -> Result<()> {
        let (context, plan) = (self.context, self.plan);
        let (cluster, issue) = (&plan.clusters[step.cluster], issue_of(plan, step)?);
        context.gh.run(&calls::reopen(context.gh, issue))?;
        ledger::write(context.connection, "reopen", cluster, (issue.number, &issue.url), None, None)?;
        tell(&format!("reopened #{} {} {}", issue.number, issue.url, text::title(cluster)));
        Ok(())
    }

    /// Comments, unless the issue's comments already report this.
    fn comment(&self, step: &Step) -> Result<()> {
        let (context, plan) = (self.context, self.plan);
        let (cluster, issue) = (&plan.clusters[step.cluster], issue_of(plan, step)?);
        let talk = context.gh.talk(issue.number)?;
        let reported = reported_in(self.authors.believed(issue, &talk), cluster, context.ids);
        let mut step = step.clone();
        let mut is_reported = false;
        if let Some(reported) = reported {
            let before =
                Reported::later(Some(reported), step.changes.as_ref().and_then(|changes| changes.before.clone()));
            let count = before
                .as_ref()
                .map_or(Ok(0), |before| clusters::later_count(context.connection, cluster, before.last_ns))?;
            let changes = Changes::between(before, &cluster.now, &cluster.seen, count);
            is_reported = !changes.is_worth_a_comment();
            // it was adopted then
            step.action = if step.action == Action::Adopt { Action::Update } else { step.action };
            step.changes = Some(changes);
        }
        let place = (issue.number, issue.url.as_str());
        if is_reported {
            ledger::write(context.connection, "found", cluster, place, None, Some(&cluster.now))?;
            tell(&format!("found #{} {} is up to date", issue.number, issue.url));
        } else {
            context.gh.run(&calls::comment(context.gh, plan, &step, context.writer, &self.numbers)?)?;
            let action = if step.action == Action::Adopt { "adopt" } else { "comment" };
            ledger::write(context.connection, action, cluster, place, None, Some(&cluster.now))?;
            tell(&format!("commented #{} {} {}", issue.number, issue.url, step.reason));
        }
        self.edit(&step, issue)
    }

    /// Brings title and labels of a marked issue up to date.
    fn edit(&self, step: &Step, issue: &Issue) -> Result<()> {
        let (context, plan) = (self.context, self.plan);
        let cluster = &plan.clusters[step.cluster];
        let Some(call) = calls::edit(context.gh, plan, step, &self.labels) else { return Ok(()) };
        context.gh.run(&call)?;
        ledger::write(context.connection, "edit", cluster, (issue.number, &issue.url), None, None)?;
        tell(&format!("edited #{} {} {}", issue.number, issue.url, words_of(&call)));
        Ok(())
    }
}

/// Makes the labels that no issue has yet; without leave to make them issues go without.
fn lay_labels(context: &ApplyContext<'_>, plan: &Plan) -> HashSet<String> {
    let mut labels: HashSet<String> = plan.issues.iter().flat_map(|issue| issue.labels.iter().cloned()).collect();
    for (name, call) in calls::labels(context.gh, plan) {
        match context.gh.run(&call) {
            Err(error) if !format!("{error:#}").contains("already exists") => {
                say(context.quiet, &format!("continuing without the label `{name}`: {error:#}"));
            }
            _ => drop(labels.insert(name)),
        }
    }
    labels
}

/// The number and address of a new issue, which `gh` prints last.
fn created(printed: &str) -> Result<(u64, &str)> {
    let url = printed.split_whitespace().rfind(|word| word.contains("://")).unwrap_or_default();
    let number = url.rsplit('/').next().and_then(|number| number.parse().ok());
    Ok((number.with_context(|| format!("`gh issue create` printed no URL of an issue: `{}`", printed.trim()))?, url))
}

fn words_of(call: &Call) -> String {
    call.arguments[3..].iter().take_while(|word| *word != "--repo").map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn issue_of<'a>(plan: &'a Plan, step: &Step) -> Result<&'a Issue> {
    step.issue.and_then(|at| plan.issues.get(at)).context("a step without its issue")
}

/// What the last marked comment about the cluster reported.
fn reported_in<'a>(
    comments: impl DoubleEndedIterator<Item = &'a str>,
    cluster: &Cluster,
    ids: &KnownIds,
) -> Option<Reported> {
    let of_cluster = |marker: &Marker| marker.service == cluster.service && ids.meant(marker) == cluster.cluster_id;
    comments.rev().find_map(|text| Marker::last_in(text).filter(of_cluster)?.reported)
}

/// A line on standard output; that nobody reads it any more is no reason to leave work half done.
fn tell(line: &str) {
    drop(writeln!(io::stdout().lock(), "{}", visible_block(line)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_read_from_the_address() {
        let printed = "Creating issue in o/r\n\nhttps://github.com/o/r/issues/12\n";
        assert_eq!(created(printed).unwrap(), (12, "https://github.com/o/r/issues/12"));
        assert!(created("done\n").is_err());
    }
}
