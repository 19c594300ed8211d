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
    /// Print the SQL of the query instead of running it
    #[arg(long, requires = "name")]
    pub show: bool,
    /// Query to run; without a name, all queries are listed
    pub name: Option<String>,
}
