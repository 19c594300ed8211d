//! Log gardener turns archived Google Cloud Logging exports into worklogs, in five steps:
//!
//! 1. [`ingest`]: exports to entries: open, decompress, recognise the form, cut, read, mend.
//! 2. [`mine`]: messages to shapes while they are read, shapes to patterns when all are there.
//! 3. [`store`]: one DuckDB file with a ledger; an entry is stored once.
//! 4. [`model`]: the SQL files in `sql/`, in the order of one registry: facts over the archive, marts over a window.
//! 5. [`report`]: marts to one document, rendered by the templates in `reports/`.
//!
//! Entries may stay where they are: an [`engine`] counts them there, and what it answers fills the same tables.
//!
//! [`rules`] say what no entry can: names, priorities, impact, actions. [`sample`] makes archives up. What people type and
//! see is [`cli`], [`commands`] and [`terminal`].

pub mod archive;
pub mod cli;
pub mod commands;
pub mod config;
pub mod engine;
pub mod ingest;
pub mod interrupt;
pub mod issues;
pub mod mine;
pub mod model;
pub mod report;
pub mod rules;
pub mod sample;
mod shell;
pub mod sql;
pub mod stats;
pub mod store;
pub mod text;
pub mod time;
