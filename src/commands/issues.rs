//! `gardener issues`: one issue on GitHub for each cluster, planned or made.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Result;

use super::configuration;
use crate::{
    cli::{ApplyArgs, Globals, IssueArgs, IssuesArgs, IssuesCommand, PlanArgs, ShowFormat},
    config::Config,
    issues::{
        IssueContext, Request,
        apply::{self, ApplyContext},
        calls, plan_view,
        text::Writer,
    },
    report::Renderer,
    text::{
        terminal::{self, say},
        words::plural,
    },
};

pub(super) fn run(args: &IssuesArgs, globals: &Globals) -> Result<ExitCode> {
    match &args.command {
        IssuesCommand::Plan(args) => plan(args, globals),
        IssuesCommand::Apply(args) => apply(args, globals),
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

fn config(args: &IssueArgs, globals: &Globals) -> Result<Config> {
    Ok(configuration(&args.config, globals)?.with_repository(args.clone.as_deref()))
}

fn plan(args: &PlanArgs, globals: &Globals) -> Result<ExitCode> {
    let (request, config) = (request(&args.issues), config(&args.issues, globals)?);
    let context = IssueContext::open(&request, &config, globals.quiet)?;
    let writer = Writer::new(context.asked.zone.clone(), &config.overrides)?;
    let with_texts = (args.format == ShowFormat::Json).then_some(&writer);
    let document = plan_view::document(&context, &request, with_texts)?;
    match args.format {
        ShowFormat::Json => terminal::print(&(serde_json::to_string_pretty(&document)? + "\n"))?,
        ShowFormat::Text => {
            terminal::print_text(
                &Renderer::new(context.asked.zone, &config.overrides)?.render("issues.txt", &document)?,
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn apply(args: &ApplyArgs, globals: &Globals) -> Result<ExitCode> {
    let config = config(&args.issues, globals)?;
    let context = IssueContext::open(&request(&args.issues), &config, globals.quiet)?;
    let writer = Writer::new(context.asked.zone.clone(), &config.overrides)?;
    if args.yes {
        let apply_context = ApplyContext {
            gh: &context.gh,
            connection: &context.connection,
            ids: &context.ids,
            records: &context.records,
            writer: &writer,
            quiet: globals.quiet,
        };
        let done = apply::apply(&apply_context, &context.plan)?;
        say(globals.quiet, &format!("{} done", plural(done as u64, "action")));
        return Ok(ExitCode::SUCCESS);
    }
    let calls = calls::all(&context.gh, &context.plan, &writer)?;
    let mut out = io::stdout().lock();
    for call in &calls {
        out.write_all(plan_view::command(&context.gh, call, args.bodies).as_bytes())?;
    }
    let count = plural(calls.len() as u64, "command");
    say(globals.quiet, &format!("nothing was done; `--yes` runs the {count} above"));
    Ok(ExitCode::SUCCESS)
}
