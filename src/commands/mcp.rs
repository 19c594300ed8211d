//! `gardener mcp`: answers agents from the database.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    archive::open_built,
    cli::McpArgs,
    config::Config,
    mcp::{Archive, serve},
};

pub(super) fn run(args: &McpArgs) -> Result<ExitCode> {
    let (db, memory) = (&args.database.db, args.database.memory.as_deref());
    // what cannot be opened is said before a client waits for it
    open_built(db, memory, &Config::load(args.config.config.as_deref())?)?;
    serve(Archive { db: db.clone(), memory: memory.map(str::to_owned), config: args.config.config.clone() })?;
    Ok(ExitCode::SUCCESS)
}
