//! Arguments of the commands that read a database: brief, compare, diff, clusters, patterns, show.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArgs, CsvArgs, DatabaseArgs, RepositoryArgs};
use crate::{rules::conditions::Severity, text::list::ListFormat, time::period::WindowArgs};

#[derive(Debug, Args)]
pub struct BriefArgs {
    /// Maximum length in tokens, of four bytes each; the start and the most urgent cluster of each service are always printed
    #[arg(long, value_name = "NUMBER", default_value_t = 2000)]
    pub tokens: usize,
    /// Output format
    #[arg(long, value_enum, default_value_t = BriefFormat::Text)]
    pub format: BriefFormat,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub window: WindowArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BriefFormat {
    Text,
    Markdown,
    Json,
}

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Revision (or a part of its name), `latest` or `previous` (the newest revision of a service, the one before), a day, a
    /// time span `FROM..TO`, `-1d` or `-7d` (the other side's hours one day or seven days before), or a part of a file name;
    /// with a slash, a part of a path
    #[arg(allow_hyphen_values = true)]
    pub base: String,
    /// What to compare with the base, in the same notation
    #[arg(allow_hyphen_values = true)]
    pub target: String,
    /// Include only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Include only services that log from this location; a region includes its zones
    #[arg(long, value_name = "LOCATION")]
    pub location: Option<String>,
    /// Include only services of this project
    #[arg(long, value_name = "PROJECT")]
    pub project: Option<String>,
    /// Lowest severity to include [default: `minimum_severity` of the configuration, else NOTICE]
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub severity: Option<Severity>,
    /// Time zone of days and times [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Exit with status 1 if a problem or the requests have one of these verdicts, with 3 if only `uncovered` (not collected) is found
    #[arg(long, value_name = "VERDICTS", value_enum, value_delimiter = ',')]
    pub fail_on: Vec<Verdict>,
    /// List problems with the verdicts `same` and `too little traffic` in tables and Markdown, too; JSON and CSV always do
    #[arg(long)]
    pub all: bool,
    /// List and judge each pattern instead of problems; JSON has both
    #[arg(long)]
    pub patterns: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub format: CompareFormat,
    #[command(flatten)]
    pub csv: CsvArgs,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub repository: RepositoryArgs,
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::try_from(text.to_ascii_uppercase())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    Table,
    Markdown,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Verdict {
    New,
    Worse,
    Same,
    Better,
    Gone,
    Burst,
    TooLittleTraffic,
    // what is not known is no verdict: it has an exit status of its own
    #[value(name = "uncovered")]
    NotCollected,
}

impl Verdict {
    /// The verdict as SQL writes it.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Worse => "worse",
            Verdict::Same => "same",
            Verdict::Better => "better",
            Verdict::Gone => "gone",
            Verdict::Burst => "burst",
            Verdict::TooLittleTraffic => "too little traffic",
            Verdict::NotCollected => "not collected",
        }
    }
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Earlier worklog, written by `gardener worklog --format json`
    pub before: PathBuf,
    /// Later worklog
    pub after: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

#[derive(Debug, Args)]
pub struct ClustersArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub window: WindowArgs,
    /// Output format
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    #[command(flatten)]
    pub csv: CsvArgs,
}

#[derive(Debug, Args)]
pub struct PatternsArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Include only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Lowest severity to include [default: all]
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub severity: Option<Severity>,
    /// Maximum number of patterns; the most frequent come first
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: usize,
    /// Output format
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    #[command(flatten)]
    pub csv: CsvArgs,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Id of a pattern or cluster (or the start of an id), or words of its template or name
    pub pattern: String,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Output format
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Json,
}
