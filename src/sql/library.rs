//! Queries by name: files of a folder, and those that are built in. A saved one stands before a built-in one of its name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{built_in::QUERIES, header::Header, statements::split};
use crate::text::{files, words::nearest};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub name: String,
    pub text: String,
    pub is_built_in: bool,
}

impl Query {
    pub fn header(&self) -> Header {
        Header::of(&self.text)
    }
}

/// All of them by name.
pub fn all(folder: &Path) -> Result<Vec<Query>> {
    let mut queries = saved(folder)?;
    for file in QUERIES {
        if !queries.iter().any(|query| query.name == file.stem()) {
            queries.push(Query { name: file.stem().into(), text: file.text().into(), is_built_in: true });
        }
    }
    queries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(queries)
}

pub fn find(folder: &Path, name: &str) -> Result<Query> {
    let mut queries = all(folder)?;
    if let Some(at) = queries.iter().position(|query| query.name == name) {
        return Ok(queries.swap_remove(at));
    }
    let hint = match nearest(name, queries.iter().map(|query| query.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`gardener queries` lists them".to_owned(),
    };
    bail!("no query `{name}`, neither built in nor in the folder `{}`\n\nhint: {hint}", folder.display())
}

/// The queries of the folder, if there is one.
fn saved(folder: &Path) -> Result<Vec<Query>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let cannot_read = |path: &Path| format!("cannot read `{}`", path.display());
    let mut queries = Vec::new();
    for item in fs::read_dir(folder).with_context(|| cannot_read(folder))? {
        let path = item.with_context(|| cannot_read(folder))?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).filter(|name| is_name(name));
        let (Some(name), Some("sql")) = (name, path.extension().and_then(|ending| ending.to_str())) else { continue };
        let text = fs::read_to_string(&path).with_context(|| cannot_read(&path))?;
        queries.push(Query { name: name.to_owned(), text, is_built_in: false });
    }
    Ok(queries)
}

/// Keeps a query; one of its name stays unless it may be overwritten.
pub fn save(folder: &Path, name: &str, sql: &str, may_overwrite: bool) -> Result<PathBuf> {
    if !is_name(name) {
        bail!("`{name}` is not a valid query name\n\nhint: use letters, digits, `-` and `_`");
    }
    if split(sql).is_empty() {
        bail!("there is no query to save");
    }
    let file = format!("{name}.sql");
    let path = folder.join(&file);
    if path.exists() && !may_overwrite {
        bail!("`{}` exists already\n\nhint: `--force` replaces it", path.display());
    }
    files::write(folder, &file, &format!("{}\n", sql.trim()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_queries_stand_in_their_order_and_declare_what_they_take() {
        assert!(QUERIES.is_sorted_by_key(|file| file.stem()));
        for file in QUERIES {
            let header = Header::of(file.text());
            assert!(header.description.contains(" Grain: "), "{}", file.path);
            let statements = split(file.text());
            assert_eq!(statements.len(), 1, "{}", file.path);
            let mut declared: Vec<&str> = header.params.iter().map(|param| param.name.as_str()).collect();
            let mut named = statements[0].parameters();
            declared.sort_unstable();
            named.sort();
            assert_eq!(declared, named, "{}", file.path);
            assert!(header.params.iter().all(|param| !param.meaning.is_empty()), "{}", file.path);
        }
    }

    #[test]
    fn what_is_saved_is_found_and_not_overwritten_unasked() {
        let folder = tempfile::TempDir::new().unwrap();
        let folder = folder.path().join("queries");
        assert!(save(&folder, "../out", "select 1", false).is_err());
        assert!(save(&folder, "nothing", "-- only words", false).is_err());
        save(&folder, "mine", "-- What I ask.\nselect 1", false).unwrap();
        assert!(save(&folder, "mine", "select 2", false).is_err());
        assert_eq!(find(&folder, "mine").unwrap().header().summary(), "What I ask.");
        save(&folder, "mine", "select 2", true).unwrap();
        assert_eq!(find(&folder, "mine").unwrap().text, "select 2\n");
        save(&folder, "quiet_hours", "select 3", false).unwrap();
        assert!(!find(&folder, "quiet_hours").unwrap().is_built_in);
        let said = find(&folder, "users_hits").unwrap_err().to_string();
        assert!(said.contains("did you mean `users_hit`?"), "{said}");
    }
}
