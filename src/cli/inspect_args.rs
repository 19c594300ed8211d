//! Looks at what is there: comparisons, lists, one pattern from close by.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArgs, DatabaseArgs};
use crate::{rules::conditions::Severity, text::list::ListFormat, time::period::WindowArgs};

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// A revision or a part of its name, `latest`, `previous`, a day, a time `FROM..TO`, or a part of a file's name
    pub base: String,
    /// The same, for what is compared with it
    pub target: String,
    /// Only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Entries of this severity and above [default: the rules', else NOTICE]
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub severity: Option<Severity>,
    /// The zone that days are read and times are shown in [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Exit with status 1 if any pattern, or the requests, has one of these verdicts
    #[arg(long, value_name = "VERDICTS", value_enum, value_delimiter = ',')]
    pub fail_on: Vec<Verdict>,
    /// Every pattern, those too that stayed the same or are too rare to tell
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub format: CompareFormat,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
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
}

impl Verdict {
    /// As SQL writes it.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Worse => "worse",
            Verdict::Same => "same",
            Verdict::Better => "better",
            Verdict::Gone => "gone",
            Verdict::Burst => "burst",
            Verdict::TooLittleTraffic => "too little traffic",
        }
    }
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier worklog, as `gardener worklog --format json` writes it
    pub before: PathBuf,
    /// The later one
    pub after: PathBuf,
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
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct PatternsArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Entries of this severity and above [default: all]
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub severity: Option<Severity>,
    /// How many, the commonest first
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: usize,
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An id of a pattern or cluster, or the start of one, or words of its template or name
    pub pattern: String,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Json,
}
