//! From exports to entries: open, decompress, recognise the form, cut into pieces, read, mend, keep.
//!
//! One thread reads and cuts; DuckDB's threads parse and store. Blocks of pieces go from one to the others, so
//! memory holds a few blocks whatever the size of the input.

mod access;
pub mod append;
pub mod blocks;
pub mod columns;
pub mod discovery;
mod encoding;
pub mod entry;
mod failure;
pub mod feed;
pub mod formats;
pub mod http;
pub mod instant;
pub mod json;
pub mod level;
pub mod load;
pub mod load_accumulator;
mod message;
pub mod open;
pub mod parse;
pub mod payload;
mod record;
mod rendered;
pub mod repair;
mod request_log;
mod resource;
pub mod severity;
pub mod source;
mod swar;
