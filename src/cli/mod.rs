//! The command line: only its arguments; the commands are in `commands`.

pub mod config_args;
mod engine;
pub mod inspect_args;
mod issues;
mod queries;
mod schema;
mod sql;

use std::{borrow::Cow, ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    config::Tracing,
    report::{history::By, writer::Output},
    text::escape::visible_block,
    time::period::WindowArgs,
};

pub use config_args::{CompletionsArgs, InitArgs, ManArgs, RulesArgs, RulesCommand};
pub use engine::{BuildArgs, EngineArgs};
pub use inspect_args::{
    BriefArgs, BriefFormat, ClustersArgs, CompareArgs, CompareFormat, DiffArgs, PatternsArgs, ShowArgs, ShowFormat,
    Verdict,
};
pub use issues::{ApplyArgs, IssueArgs, IssuesArgs, IssuesCommand, LeastPriority, PlanArgs};
pub use queries::QueriesArgs;
pub use schema::{DocumentKind, SchemaArgs};
pub use sql::{AnswerArgs, QueriesFolder, SqlArgs};

#[derive(Debug, Parser)]
#[command(
    name = "gardener",
    about = "Turns Google Cloud Logging exports into worklogs: what is wrong with a service, since when, and what to do first",
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print the versions of gardener and of the embedded DuckDB
    #[arg(short = 'V', long)]
    pub version: bool,
    #[command(flatten)]
    pub globals: Globals,
}

/// What every command takes.
#[derive(Debug, Clone, Copy, Args)]
pub struct Globals {
    /// Print only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print how long each model takes to build
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Print each query and its parameters to standard error before it runs
    #[arg(long, global = true)]
    pub explain: bool,
}

impl Globals {
    pub fn tracing(&self) -> Tracing {
        Tracing { times: self.verbose, queries: self.explain }
    }
}

impl Cli {
    /// The arguments as typed. A query may begin with a `--` comment, which must not be read as an option.
    pub fn from_command_line() -> Self {
        let arguments = std::env::args_os().map(|argument| {
            let is_comment = argument.to_str().is_some_and(|text| text.starts_with("-- ") || text.starts_with("--\n"));
            if is_comment { [OsString::from(" "), argument].into_iter().collect() } else { argument }
        });
        Self::try_parse_from(arguments).unwrap_or_else(|error| end_with(&error))
    }
}

/// Prints help, or what is wrong with the arguments, which must not steer the terminal that it repeats them on.
fn end_with(error: &clap::Error) -> ! {
    let text = error.render().to_string();
    let shown = visible_block(&text);
    if matches!(shown, Cow::Owned(_)) {
        anstream::eprint!("{shown}");
        std::process::exit(error.exit_code());
    }
    error.exit()
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load exports, build the models and write the worklog of each service
    Run(RunArgs),
    /// Load exports into the database
    Load(LoadArgs),
    /// List the supported export formats, each with a sample
    #[command(visible_alias = "formats")]
    Forms,
    /// Find patterns and build the models, if anything changed; with --engine, count entries without loading them
    Build(BuildArgs),
    /// Write the worklog of each service for a time window
    Worklog(WorklogArgs),
    /// Print the summary of each worklog: the verdict, the first action and the most urgent clusters
    Brief(BriefArgs),
    /// Write a worklog for each day or revision, and an index of all of them
    History(HistoryArgs),
    /// Compare two revisions, days or time spans: which patterns are new, gone, worse or better
    Compare(CompareArgs),
    /// Print what changed between two worklogs that were written as JSON
    Diff(DiffArgs),
    /// List clusters with a bar chart of each over time
    Clusters(ClustersArgs),
    /// List patterns with a bar chart of each over time
    Patterns(PatternsArgs),
    /// Show one pattern and its cluster in detail: priority, state, variables, where and when it was seen
    Show(ShowArgs),
    /// Print the JSON Schema of the JSON that worklogs, comparisons, briefs and `show` give
    Schema(SchemaArgs),
    /// Create and update one GitHub issue for each cause; clusters that follow it are described in the same issue
    Issues(IssuesArgs),
    /// Run a read-only SQL query; without a query, open a shell
    Sql(SqlArgs),
    /// List the saved and built-in queries, or run one
    Queries(QueriesArgs),
    /// Run a server of the Model Context Protocol, so that agents can ask the archive; it changes nothing
    #[cfg(feature = "mcp")]
    Mcp(McpArgs),
    /// Find the patterns in lines of plain text, without a database
    Template(TemplateArgs),
    /// Check the rules; if there is a database, build it with them and list what each rule matches
    Rules(RulesArgs),
    /// Write a commented configuration, `gardener.toml`
    Init(InitArgs),
    /// Try the program: write a sample archive, its worklogs, its history and a comparison to a folder
    Demo(DemoArgs),
    /// Write a generated sample archive to standard output
    Sample(SampleArgs),
    /// Print a script that completes commands in a shell
    Completions(CompletionsArgs),
    /// Write manual pages
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// Database file (DuckDB)
    #[arg(long, value_name = "FILE", default_value = "garden.duckdb")]
    pub db: PathBuf,
    /// Memory limit of DuckDB, such as `2GB` [default: 512MB while loading, else 80 % of the machine's memory]
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
}

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Configuration file with rules and settings (TOML) [default: `gardener.toml`, if it exists]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Of the commands that tell which code is meant.
#[derive(Debug, Args)]
pub struct RepositoryArgs {
    /// Clone of the source code: call sites become links, and commits that touch the files of what is new or worse are listed [default: `[repository]` of the configuration]
    #[arg(long, value_name = "PATH", visible_alias = "clone")]
    pub repo: Option<PathBuf>,
}

#[cfg(feature = "mcp")]
#[derive(Debug, Args)]
pub struct McpArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Args)]
pub struct Exports {
    /// Files, folders, patterns such as `logs/*.json`, or `-` for standard input
    #[arg(value_name = "EXPORTS", required = true)]
    pub exports: Vec<String>,
    /// Exit with status 2 if a part of an export was rejected
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
    pub repository: RepositoryArgs,
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
    pub repository: RepositoryArgs,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub window: WindowArgs,
}

#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Write one worklog for each day or each revision
    #[arg(long, value_enum, default_value_t = By::Day)]
    pub by: By,
    /// Start of the history [default: the first entry]
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// End of the history [default: the last entry]
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Include only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Time zone of days and times [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Use this time as the current time: the worklogs are dated with it, and later entries are ignored
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Write all worklogs again, including those whose entries and rules have not changed
    #[arg(long)]
    pub again: bool,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub repository: RepositoryArgs,
    #[command(flatten)]
    pub output: Output,
}

/// Of the commands that write CSV.
#[derive(Debug, Args)]
pub struct CsvArgs {
    /// In CSV, put an apostrophe before each cell that a spreadsheet would run as a formula
    #[arg(long)]
    pub csv_safe: bool,
}

#[derive(Debug, Args)]
pub struct TemplateArgs {
    /// File with lines of plain text, or `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: String,
    /// Output format: `csv` has one row per line of the input, `table` one row per pattern
    #[arg(long, value_enum, default_value_t = TemplateFormat::Table)]
    pub format: TemplateFormat,
    #[command(flatten)]
    pub csv: CsvArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    Csv,
    Table,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder to write to; it must be empty or not exist yet
    #[arg(value_name = "FOLDER", default_value = "gardener-demo")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct SampleArgs {
    /// Seed of the random numbers; the same seed gives the same archive
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// Write this many entries instead of the default archive
    #[arg(long, value_name = "COUNT")]
    pub entries: Option<u64>,
    /// With --entries: spread them over this many days
    #[arg(long, value_name = "COUNT", default_value_t = 7, requires = "entries")]
    pub days: u32,
    /// One entry per line, or one JSON array
    #[arg(long, value_enum, default_value_t = SampleLayout::Ndjson)]
    pub layout: SampleLayout,
    /// Scenario of the sample archive
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
    /// A client's dump, at most 50 entries per severity, of a service that fails to start
    Incident,
}
