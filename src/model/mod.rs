//! The models: SQL files in the order in which they build on one another, and running them.
//!
//! A file's stem is the relation it makes and its body is one `select`. Facts read entries; marts read
//! facts. Values are bound by name; a file names just the parameters it uses.

pub mod build;
pub mod functions;
pub mod macros;
mod patterns;
pub mod registry;
pub mod sides;
mod splits;
mod statistics;
mod traces;
pub mod window;

use crate::{report::document, sql::file::SqlFile};

/// The file that makes a relation or macro which people may query.
pub fn file_of(name: &str) -> Option<SqlFile> {
    let tables = [registry::VIEWS, registry::FACTS, registry::CLUSTER_FACTS].into_iter().flatten();
    tables.copied().chain(window::marts()).chain(macros::files().copied()).find(|file| file.stem() == name)
}

/// The models that a user's may stand in place of: what the database is built of, and what worklogs ask.
pub fn replaceable() -> Vec<SqlFile> {
    [registry::VIEWS, registry::FACTS, registry::CLUSTER_FACTS, &window::marts(), &document::queries()].concat()
}
