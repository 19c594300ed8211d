//! The models: SQL files in the order in which they build on one another, and running them.
//!
//! A file's stem is the relation it makes and its body is one `select`. Facts read entries; marts read
//! facts. Values are bound by name; a file names just the parameters it uses.

pub mod build;
pub mod functions;
mod growth;
pub mod macros;
mod patterns;
pub mod registry;
mod series;
pub mod services;
pub mod sides;
mod splits;
mod statistics;
mod traces;
pub mod window;

use anyhow::{Result, bail};

use crate::{config::overrides::OwnModel, sql::file::SqlFile, text::words::nearest};

/// The file that makes a relation or macro which people may query.
pub fn file_of(name: &str) -> Option<SqlFile> {
    built().into_iter().chain(macros::files().copied()).find(|file| file.stem() == name)
}

/// What the database and the windows are built of.
fn built() -> Vec<SqlFile> {
    let stored = [registry::STAGED, registry::VIEWS, registry::SHAPED, registry::FACTS, registry::CLUSTER_FACTS];
    [stored.concat(), window::marts()].concat()
}

/// Whether the user's models can take the places that their names say: those of models, or of the queries of reports.
/// Whether they run is seen when they do.
pub fn check(models: &[OwnModel], queries: &[SqlFile]) -> Result<()> {
    let built_in = [&built(), queries].concat();
    models.iter().try_for_each(|model| check_one(model, &built_in))
}

fn check_one(model: &OwnModel, built_in: &[SqlFile]) -> Result<()> {
    let (name, stem) = (model.path.trim_start_matches("sql/"), model.stem());
    if !model.is_added() {
        if built_in.iter().any(|file| file.path == model.path) {
            return Ok(());
        }
        let known = built_in.iter().map(|file| file.path.trim_start_matches("sql/"));
        let near = nearest(name, known).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
        bail!(
            "no built-in model is called `{name}`\n\nhint: {near}a model at the top of the folder is an additional table"
        );
    }
    if let Some(known) = built_in.iter().find(|file| file.stem() == stem) {
        bail!(
            "your model `{name}` has the name of {}\n\nhint: put it at `{}` of the folder to replace that, or rename it",
            known.path,
            known.path.trim_start_matches("sql/")
        );
    }
    if !stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        bail!("your model `{name}` has no valid table name\n\nhint: use lower case letters, digits and `_`");
    }
    Ok(())
}
