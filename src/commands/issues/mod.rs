//! `gardener issues`: one issue on GitHub for each cluster. The plan is made from the clusters of a window and the issues
//! that are there; applying it runs `gh`.

mod apply;
mod calls;
mod clusters;
mod existing;
mod gh;
mod ledger;
mod marker;
mod matching;
mod plan;
mod show;
mod text;
mod told;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::{Result, bail};
use duckdb::Connection;

use self::{apply::Hands, gh::Gh, matching::KnownIds, plan::Plan, text::Writer};
use crate::{
    archive::{self, Asked},
    cli::{ApplyArgs, IssueArgs, IssuesArgs, IssuesCommand, PlanArgs, ShowFormat},
    model::window::Window,
    report::Renderer,
    rules::RuleSet,
    store,
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

/// All that a plan is made of and shown by.
struct Desk {
    connection: Connection,
    asked: Asked,
    windows: Vec<Window>,
    gh: Gh,
    ids: KnownIds,
    plan: Plan,
}

impl Desk {
    fn lay(args: &IssueArgs, quiet: bool) -> Result<Self> {
        let rules = RuleSet::load(args.config.config.as_deref())?;
        archive::check(&args.window, &rules)?;
        let path = &args.database.db;
        if !path.is_file() {
            bail!("no database at `{}`\n\nhint: `gardener run EXPORTS... --db {0}` makes one", path.display());
        }
        let gh = Gh::new(args.gh.as_deref(), args.repo.as_deref());
        let issues = match &args.existing {
            Some(path) => existing::read_file(path)?,
            None => {
                say(quiet, &format!("reading the issues of {}", Self::source(args)));
                gh.issues()?
            }
        };
        let connection = store::open(path, args.database.memory.as_deref())?;
        archive::build(&connection, &rules, true)?;
        let asked = Asked::of(&connection, &rules, &args.window)?;
        let windows = asked.windows(&connection, args.window.service.as_deref())?;
        let clusters = clusters::read(&connection, &rules, &asked, &windows, args.min_priority.as_str())?;
        let (ids, records) = (KnownIds::read(&connection)?, ledger::read(&connection)?);
        let plan = Plan::make(clusters, issues, &ids, &records);
        Ok(Desk { connection, asked, windows, gh, ids, plan })
    }

    fn source(args: &IssueArgs) -> String {
        match (&args.existing, &args.repo) {
            (Some(path), _) => format!("`{}`", path.display()),
            (None, Some(repository)) => repository.clone(),
            (None, None) => "the current folder's repository".into(),
        }
    }
}

fn plan(args: &PlanArgs, quiet: bool) -> Result<ExitCode> {
    let desk = Desk::lay(&args.issues, quiet)?;
    let writer = Writer::new(desk.asked.zone.clone())?;
    let with_texts = (args.format == ShowFormat::Json).then_some(&writer);
    let source = Desk::source(&args.issues);
    let least = args.issues.min_priority.as_str();
    let document = show::document(&desk.plan, &desk.windows, &desk.ids, &source, least, with_texts)?;
    let text = match args.format {
        ShowFormat::Json => serde_json::to_string_pretty(&document)? + "\n",
        ShowFormat::Text => Renderer::new(desk.asked.zone.clone())?.render("issues.txt", &document)?,
    };
    if args.format == ShowFormat::Text {
        terminal::print_text(&text)?
    } else {
        terminal::print(&text)?
    }
    Ok(ExitCode::SUCCESS)
}

fn apply(args: &ApplyArgs, quiet: bool) -> Result<ExitCode> {
    let desk = Desk::lay(&args.issues, quiet)?;
    let writer = Writer::new(desk.asked.zone.clone())?;
    if args.yes {
        let (connection, ids) = (&desk.connection, &desk.ids);
        let hands = Hands { gh: &desk.gh, connection, ids, writer: &writer, quiet };
        let done = apply::apply(&hands, &desk.plan)?;
        say(quiet, &format!("{} done", plural(done as u64, "action")));
        return Ok(ExitCode::SUCCESS);
    }
    let calls = calls::all(&desk.gh, &desk.plan, &writer)?;
    let mut out = io::stdout().lock();
    for call in &calls {
        out.write_all(show::command(&desk.gh, call, args.bodies).as_bytes())?;
    }
    let count = plural(calls.len() as u64, "command");
    say(quiet, &format!("nothing was done: `--yes` runs the {count} above"));
    Ok(ExitCode::SUCCESS)
}
