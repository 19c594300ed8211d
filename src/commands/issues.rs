//! `gardener issues`: one issue on GitHub for each cluster, planned or made.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Result;

use crate::{
    cli::{ApplyArgs, IssueArgs, IssuesArgs, IssuesCommand, PlanArgs, ShowFormat},
    issues::{
        IssueContext, Request,
        apply::{self, ApplyContext},
        calls, plan_view,
        text::Writer,
    },
    report::Renderer,
    rules::RuleSet,
    text::{
        terminal::{self, say},
        words::plural,
    },
};

pub fn run(args: &IssuesArgs, quiet: bool) -> Result<ExitCode> {
    match &args.command {
        IssuesCommand::Plan(args) => plan(args, quiet),
        IssuesCommand::Apply(args) => apply(args, quiet),
    }
}

fn request(args: &IssueArgs) -> Request<'_> {
    Request {
        database: &args.database.db,
        memory: args.database.memory.as_deref(),
        window: &args.window,
        least_priority: args.min_priority.as_str(),
        repository: args.repo.as_deref(),
        existing: args.existing.as_deref(),
        gh: args.gh.as_deref(),
    }
}

fn plan(args: &PlanArgs, quiet: bool) -> Result<ExitCode> {
    let (request, rules) = (request(&args.issues), RuleSet::load(args.issues.config.config.as_deref())?);
    let context = IssueContext::open(&request, &rules, quiet)?;
    let writer = Writer::new(context.asked.zone.clone())?;
    let with_texts = (args.format == ShowFormat::Json).then_some(&writer);
    let document = plan_view::document(&context, &request, with_texts)?;
    match args.format {
        ShowFormat::Json => terminal::print(&(serde_json::to_string_pretty(&document)? + "\n"))?,
        ShowFormat::Text => {
            terminal::print_text(&Renderer::new(context.asked.zone)?.render("issues.txt", &document)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn apply(args: &ApplyArgs, quiet: bool) -> Result<ExitCode> {
    let rules = RuleSet::load(args.issues.config.config.as_deref())?;
    let context = IssueContext::open(&request(&args.issues), &rules, quiet)?;
    let writer = Writer::new(context.asked.zone.clone())?;
    if args.yes {
        let (connection, ids) = (&context.connection, &context.ids);
        let apply_context = ApplyContext { gh: &context.gh, connection, ids, writer: &writer, quiet };
        let done = apply::apply(&apply_context, &context.plan)?;
        say(quiet, &format!("{} done", plural(done as u64, "action")));
        return Ok(ExitCode::SUCCESS);
    }
    let calls = calls::all(&context.gh, &context.plan, &writer)?;
    let mut out = io::stdout().lock();
    for call in &calls {
        out.write_all(plan_view::command(&context.gh, call, args.bodies).as_bytes())?;
    }
    let count = plural(calls.len() as u64, "command");
    say(quiet, &format!("nothing was done: `--yes` runs the {count} above"));
    Ok(ExitCode::SUCCESS)
}
