//! The command line: structures only, what they mean is in `commands`.

pub mod config_args;
mod engine;
pub mod inspect_args;
mod issues;
mod queries;
mod sql;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    config::Tracing,
    report::{history::By, writer::Output},
    time::period::WindowArgs,
};

pub use config_args::{CompletionsArgs, InitArgs, ManArgs, RulesArgs, RulesCommand};
pub use engine::{BuildArgs, EngineArgs};
pub use inspect_args::{
    ClustersArgs, CompareArgs, CompareFormat, DiffArgs, PatternsArgs, ShowArgs, ShowFormat, Verdict,
};
pub use issues::{ApplyArgs, IssueArgs, IssuesArgs, IssuesCommand, LeastPriority, PlanArgs};
pub use queries::QueriesArgs;
pub use sql::{AnswerArgs, QueriesFolder, SqlArgs};

#[derive(Debug, Parser)]
#[command(name = "gardener", about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print the version, and that of the DuckDB inside
    #[arg(short = 'V', long)]
    pub version: bool,
    #[command(flatten)]
    pub globals: Globals,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Globals {
    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say how long each model takes
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Print each query on standard error before it runs, with what is bound
    #[arg(long, global = true)]
    pub explain: bool,
}

impl Globals {
    pub fn tracing(&self) -> Tracing {
        Tracing { times: self.verbose, queries: self.explain }
    }
}

impl Cli {
    /// What was typed. A query may begin with a comment, which is no option.
    pub fn from_command_line() -> Self {
        Self::parse_from(std::env::args_os().map(|argument| {
            let is_comment = argument.to_str().is_some_and(|text| text.starts_with("-- ") || text.starts_with("--\n"));
            if is_comment { [OsString::from(" "), argument].into_iter().collect() } else { argument }
        }))
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load exports, build the models and write the current worklog
    Run(RunArgs),
    /// Load exports into the database
    Load(LoadArgs),
    /// List the forms of exports that are recognised, each with a sample
    Forms,
    /// Mine patterns and build the models, if anything changed; or count entries where they lie
    Build(BuildArgs),
    /// Write the worklog of a window
    Worklog(WorklogArgs),
    /// Write a worklog for each day or revision of the archive, and an index
    History(HistoryArgs),
    /// Compare two revisions, days or times: what came, went, got worse or better
    Compare(CompareArgs),
    /// Say what changed from one worklog to another, both written as JSON
    Diff(DiffArgs),
    /// List clusters, with bars over time
    Clusters(ClustersArgs),
    /// List patterns, with bars over time
    Patterns(PatternsArgs),
    /// Look closer at a pattern and the cluster it is in: priority, state, variables, where and when it was seen
    Show(ShowArgs),
    /// Keep issues on GitHub for clusters: plan them, then apply the plan
    Issues(IssuesArgs),
    /// Answer a query from the database, read-only; without one, open a shell
    Sql(SqlArgs),
    /// List queries that are saved or built in, or run one
    Queries(QueriesArgs),
    /// Find the patterns of plain lines
    Template(TemplateArgs),
    /// Say which rule matches what
    Rules(RulesArgs),
    /// Write a `gardener.toml` to make your own
    Init(InitArgs),
    /// Write a made-up archive
    Sample(SampleArgs),
    /// Print what a shell needs to complete commands
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// The database, a DuckDB file
    #[arg(long, value_name = "FILE", default_value = "garden.duckdb")]
    pub db: PathBuf,
    /// How much memory DuckDB may hold, such as `2GB` [default: 512MB while loading, else most of the machine's]
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
}

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Rules and settings of your own, TOML [default: `gardener.toml`, where there is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Exports {
    /// Files, folders, patterns like `logs/*.json`, or `-` for standard input
    #[arg(value_name = "EXPORTS", required = true)]
    pub exports: Vec<String>,
    /// Exit with status 2 if any piece of an export was rejected
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub exports: Exports,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub window: WindowArgs,
}

#[derive(Debug, Args)]
pub struct LoadArgs {
    #[command(flatten)]
    pub exports: Exports,
    #[command(flatten)]
    pub database: DatabaseArgs,
}

#[derive(Debug, Args)]
pub struct WorklogArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub window: WindowArgs,
}

#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// One worklog for each of these
    #[arg(long, value_enum, default_value_t = By::Day)]
    pub by: By,
    /// From this time on [default: the first entry]
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Up to this time [default: the last entry]
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// The zone of days and times [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// The time that worklogs say they were made at; entries after it are left aside
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Write those too whose entries and rules have not changed since they were written
    #[arg(long)]
    pub again: bool,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct TemplateArgs {
    /// A file of plain lines, or `-`
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: String,
    /// `csv` has one row a line, `table` one a pattern
    #[arg(long, value_enum, default_value_t = TemplateFormat::Table)]
    pub format: TemplateFormat,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    Csv,
    Table,
}

#[derive(Debug, Args)]
pub struct SampleArgs {
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// This many entries instead of the small archive, streamed
    #[arg(long, value_name = "COUNT")]
    pub entries: Option<u64>,
    /// Over so many days the counted entries are spread
    #[arg(long, value_name = "COUNT", default_value_t = 7, requires = "entries")]
    pub days: u32,
    #[arg(long, value_enum, default_value_t = SampleLayout::Ndjson)]
    pub layout: SampleLayout,
    /// Which made-up story to tell
    #[arg(long, value_enum, default_value_t = Story::Seasons, conflicts_with = "entries")]
    pub story: Story,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SampleLayout {
    Ndjson,
    Array,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Story {
    /// Three days of two services
    Seasons,
    /// A client's dump, cut at 50 entries a severity, of starts that fail
    Incident,
}
