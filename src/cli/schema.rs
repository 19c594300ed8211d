//! Arguments of `gardener schema`.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which JSON to describe
    #[arg(value_enum, default_value_t = DocumentKind::Worklog)]
    pub document: DocumentKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocumentKind {
    /// What `worklog`, `run` and `history` write
    Worklog,
    /// What `compare` prints
    Comparison,
    /// What `brief` prints
    Brief,
    /// What `show` prints
    Pattern,
}
