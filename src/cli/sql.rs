//! `gardener sql`.

use std::path::PathBuf;

use clap::Args;

use super::{CsvArgs, DatabaseArgs};
use crate::sql::{formats::RowFormat, params::pair};

#[derive(Debug, Args)]
pub struct SqlArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub answer: AnswerArgs,
    #[command(flatten)]
    pub folder: QueriesFolder,
    /// Allow the query to change the database, read and write files, attach databases and load extensions
    #[arg(long = "unsafe")]
    pub is_unsafe: bool,
    /// Read the query from a file; if it holds several statements, the rows of the last one are printed
    #[arg(short, long, value_name = "FILE", conflicts_with = "query")]
    pub file: Option<PathBuf>,
    /// Save the query under this name for `gardener queries NAME`, without running it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["param", "out"])]
    pub save: Option<String>,
    /// Replace a saved query of the same name
    #[arg(long, requires = "save")]
    pub force: bool,
    /// Query to run; without one, a shell opens in a terminal, and elsewhere the query is read from standard input
    pub query: Option<String>,
}

/// Arguments for the parameters of a query and the output of its rows.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// Value of `$NAME` in the query, bound as text; repeat the option for several parameters
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub param: Vec<(String, String)>,
    /// Output format [default: by the extension of --out, else table]
    #[arg(long, value_enum)]
    pub format: Option<RowFormat>,
    #[command(flatten)]
    pub csv: CsvArgs,
    /// Stop the query after this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,
    /// Write the rows to this file
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct QueriesFolder {
    /// Folder of the saved queries
    #[arg(long = "queries", value_name = "FOLDER", default_value = "queries")]
    pub folder: PathBuf,
}

impl AnswerArgs {
    /// The given format, or the one that the extension of the output file names.
    pub fn format(&self) -> RowFormat {
        let format = self.format.unwrap_or_else(|| {
            let ending = self.out.as_ref().and_then(|out| out.extension()?.to_str());
            match ending {
                Some("csv") => RowFormat::Csv,
                Some("json") => RowFormat::Json,
                Some("ndjson" | "jsonl") => RowFormat::Ndjson,
                Some("md") => RowFormat::Markdown,
                Some("parquet") => RowFormat::Parquet,
                _ => RowFormat::Table,
            }
        });
        if self.csv.csv_safe && format == RowFormat::Csv { RowFormat::SafeCsv } else { format }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    #[test]
    fn formulas_are_guarded_in_csv_only_and_only_where_asked_for() {
        let format = |options: &[&str]| {
            let cli = Cli::try_parse_from([&["gardener", "sql"], options, &["select 1"]].concat()).unwrap();
            let Some(Command::Sql(args)) = cli.command else { panic!("not `sql`") };
            args.answer.format()
        };
        assert_eq!(format(&["--format", "csv"]), RowFormat::Csv);
        assert_eq!(format(&["--format", "csv", "--csv-safe"]), RowFormat::SafeCsv);
        assert_eq!(format(&["-o", "rows.csv", "--csv-safe"]), RowFormat::SafeCsv);
        assert_eq!(format(&["--format", "json", "--csv-safe"]), RowFormat::Json);
        for list in ["clusters", "patterns", "compare a b", "template", "queries", "rules check"] {
            let words = ["gardener"].into_iter().chain(list.split(' ')).chain(["--csv-safe"]);
            assert!(Cli::try_parse_from(words).is_ok(), "{list}");
        }
    }
}
