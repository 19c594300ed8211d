//! All that a plan is made of and shown by.

use std::{fs::File, io, path::Path};

use anyhow::{Context, Result, bail};

use super::{
    authors::Authors,
    clusters, existing,
    gh::Gh,
    ledger::{self, Record},
    matching::KnownIds,
    plan::Plan,
};
use crate::{
    archive::{self, Asked},
    config::Config,
    model::window::Window,
    repository::Repositories,
    sql::connection::Connection,
    text::terminal::say,
    time::period::WindowArgs,
};

/// What a plan is asked to be about.
pub struct Request<'a> {
    pub database: &'a Path,
    pub memory: Option<&'a str>,
    pub window: &'a WindowArgs,
    /// Clusters of a lower priority are left out.
    pub least_priority: &'a str,
    /// The repository, where it is not the current folder's.
    pub repository: Option<&'a str>,
    /// Issues as `gh` listed them, instead of asking it.
    pub existing: Option<&'a Path>,
    /// The program to run as `gh`.
    pub gh: Option<&'a Path>,
}

impl Request<'_> {
    /// Where the issues come from, for people.
    pub fn source(&self) -> String {
        match (self.existing, self.repository) {
            (Some(path), _) if path == Path::new("-") => "standard input".into(),
            (Some(path), _) => format!("`{}`", path.display()),
            (None, Some(repository)) => repository.to_owned(),
            (None, None) => "the current folder's repository".into(),
        }
    }
}

pub struct IssueContext {
    pub connection: Connection,
    pub asked: Asked,
    pub windows: Vec<Window>,
    pub gh: Gh,
    pub ids: KnownIds,
    pub records: Vec<Record>,
    pub plan: Plan,
}

impl IssueContext {
    /// Reads issues and clusters and makes the plan.
    pub fn open(request: &Request<'_>, config: &Config, quiet: bool) -> Result<Self> {
        archive::check(request.window, config)?;
        let path = request.database;
        if !path.is_file() {
            bail!("no database at `{}`\n\nhint: `gardener run EXPORTS... --db {0}` creates one", path.display());
        }
        let gh = Gh::new(request.gh, request.repository);
        let mut issues = match request.existing {
            Some(path) if path == Path::new("-") => existing::read(io::stdin().lock(), &request.source())?,
            Some(path) => {
                let cannot_read = || format!("cannot read `{}`", path.display());
                existing::read(File::open(path).with_context(cannot_read)?, &request.source())?
            }
            None => {
                say(quiet, &format!("reading the issues of {}", request.source()));
                gh.issues()?
            }
        };
        let connection = archive::open(path, request.memory, config)?;
        archive::build(&connection, config, true)?;
        let asked = Asked::of(&connection, config, request.window)?;
        let windows = asked.windows(&connection, request.window.service.as_deref())?;
        let (ids, records) = (KnownIds::read(&connection)?, ledger::read(&connection)?);
        let repositories = Repositories::open(&config.repositories);
        repositories.faults().for_each(|fault| say(quiet, &fault));
        let clusters =
            clusters::read(&connection, config, &asked, &windows, &ids, request.least_priority, &repositories)?;
        Authors::new(&records, request.existing.is_none().then_some(&gh)).check(&mut issues);
        let mut plan = Plan::make(clusters, issues, &ids, &records, |cluster, after_ns| {
            clusters::later_count(&connection, cluster, after_ns)
        })?;
        plan.own_labels.clone_from(&config.settings.issue_labels);
        Ok(IssueContext { connection, asked, windows, gh, ids, records, plan })
    }
}
