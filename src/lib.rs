//! Log gardener turns archived Google Cloud Logging exports into worklogs, in five steps:
//!
//! 1. [`ingest`]: exports to entries: open, decompress, recognise the format, cut, read, repair.
//! 2. [`mine`]: messages to shapes while they are read, shapes to patterns when all are there.
//! 3. [`store`]: one DuckDB file with a ledger; an entry is stored once.
//! 4. [`model`]: the SQL files in `sql/`, in the order of one registry: facts over the archive, marts over a window.
//! 5. [`report`]: marts to one document, rendered by the templates in `reports/`; [`issues`] on GitHub from the same.
//!
//! Entries may stay where they are: an [`engine`] counts them there, and what it answers fills the same tables.
//!
//! Where a clone is at hand, the [`repository`] says which commits touch what fails.
//!
//! [`config`] is what the user configures; its [`rules`] say what no entry can: names, priorities, impact, actions. [`sql`]
//! runs SQL files, and the queries of people, who type them into its `shell`. [`archive`] opens a database and finds its
//! windows. [`sample`] makes archives up; [`schema`] describes JSON. [`text`], [`time`], [`stats`] and [`interrupt`] serve them all. [`cli`] holds the
//! arguments, [`commands`] one file a command. ARCHITECTURE.md says more.

pub mod archive;
pub mod cli;
pub mod commands;
pub mod config;
pub mod engine;
pub mod ingest;
pub mod interrupt;
pub mod issues;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod mine;
pub mod model;
pub mod report;
pub mod repository;
pub mod rules;
pub mod sample;
pub mod schema;
mod shell;
pub mod sql;
pub mod stats;
pub mod store;
pub mod text;
pub mod time;
