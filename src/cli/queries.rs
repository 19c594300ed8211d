//! `gardener queries`.

use clap::Args;

use super::{
    DatabaseArgs,
    sql::{AnswerArgs, QueriesFolder},
};

#[derive(Debug, Args)]
pub struct QueriesArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub answer: AnswerArgs,
    #[command(flatten)]
    pub folder: QueriesFolder,
    /// Print the query's SQL instead of running it
    #[arg(long, requires = "name")]
    pub show: bool,
    /// The query to run; without a name all are listed
    pub name: Option<String>,
}
