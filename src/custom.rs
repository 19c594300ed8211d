//! What users put in place of built-in templates and models, or beside them: files of two folders that their
//! configuration names. Read once, with the rules; whatever renders or runs SQL asks here first.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Result, bail};
use xxhash_rust::xxh3::xxh3_64;

use crate::{model, report, rules::Settings, sql::file::SqlFile, text::words};

/// Texts live as long as the program, as built-in ones do.
#[derive(Default)]
struct Custom {
    templates: Vec<(String, &'static str)>,
    models: Vec<SqlFile>,
}

static CUSTOM: OnceLock<Custom> = OnceLock::new();

/// Reads the folders that the settings name, relative to the configuration's own; answers a hash of what they hold.
pub fn load(settings: &Settings, base: &Path) -> Result<u64> {
    let read_folder = |folder: &Option<PathBuf>, endings: &[&str]| -> Result<Vec<(String, String)>> {
        folder.as_ref().map_or(Ok(Vec::new()), |folder| files(&base.join(folder), endings))
    };
    let templates = read_folder(&settings.templates, &["md", "html", "txt"])?;
    let models = read_folder(&settings.models, &["sql"])?;
    let content: Vec<&str> = templates.iter().chain(&models).flat_map(|(name, text)| [&**name, &**text]).collect();
    let hash = if content.is_empty() { 0 } else { xxh3_64(content.join("\0").as_bytes()) };
    let custom = Custom {
        templates: templates.into_iter().map(|(name, text)| (name, &*text.leak())).collect(),
        models: models.into_iter().map(model_of).collect::<Result<_>>()?,
    };
    report::check(&custom.templates)?;
    // whoever reads the configuration twice reads the same
    let _ = CUSTOM.set(custom);
    Ok(hash)
}

/// Templates by name; those with the name of a built-in one stand in its place.
pub fn templates() -> &'static [(String, &'static str)] {
    CUSTOM.get().map_or(&[], |custom| &custom.templates)
}

/// What stands in place of a built-in model.
pub fn instead_of(file: &SqlFile) -> Option<&'static str> {
    let models = &CUSTOM.get()?.models;
    models.iter().find(|model| model.path == file.path).map(SqlFile::text_as_written)
}

/// Models that are in no built-in one's place: tables more, in the order of their names.
pub fn added_models() -> impl Iterator<Item = &'static SqlFile> {
    CUSTOM.get().into_iter().flat_map(|custom| &custom.models).filter(|model| is_added(model.path))
}

/// At the top of the folder, as `sql/name.sql`.
fn is_added(path: &str) -> bool {
    path.matches('/').count() == 1
}

fn model_of((name, text): (String, String)) -> Result<SqlFile> {
    let path = format!("sql/{name}");
    let built_in = model::replaceable();
    if is_added(&path) {
        let stem = name.trim_end_matches(".sql");
        if let Some(known) = built_in.iter().find(|file| file.stem() == stem) {
            bail!(
                "your model `{name}` has the name of {}\n\nhint: put it at `{}` of the folder to stand in its place, or call it otherwise",
                known.path,
                known.path.trim_start_matches("sql/")
            );
        }
        if !stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            bail!("your model `{name}` is no name of a table\n\nhint: lower case letters, digits and `_`");
        }
    } else if !built_in.iter().any(|file| file.path == path) {
        let known = built_in.iter().map(|file| file.path.trim_start_matches("sql/"));
        let near = words::nearest(&name, known).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
        bail!("no built-in model is called `{name}`\n\nhint: {near}a model at the top of the folder is a table more");
    }
    Ok(SqlFile::written(path.leak(), text.leak()))
}

/// The folder's files with one of the endings, by their paths inside it, in order.
fn files(folder: &Path, endings: &[&str]) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).with_context(|| format!("cannot read the folder `{}`", next.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .and_then(|ending| ending.to_str())
                .is_some_and(|ending| endings.contains(&ending))
            {
                let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
                let name = path.strip_prefix(folder).unwrap_or(&path);
                found.push((name.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    Ok(found)
}
