//! What users put in place of built-in templates and models, or beside them: files of two folders that their
//! configuration names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use xxhash_rust::xxh3::xxh3_64;

use super::settings::Settings;

/// The user's files.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// By name; those with the name of a built-in one stand in its place.
    templates: Vec<(String, String)>,
    models: Vec<OwnModel>,
}

/// A model of the user's, under the path that errors show.
#[derive(Debug, Clone)]
pub struct OwnModel {
    pub path: String,
    pub text: String,
}

impl OwnModel {
    /// Whether it is at the top of the folder, as `sql/name.sql`: a table more, in no built-in one's place.
    pub fn is_added(&self) -> bool {
        self.path.matches('/').count() == 1
    }

    /// The relation that it makes.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".sql")
    }
}

impl Overrides {
    /// Reads the folders that the settings name, relative to the configuration's own.
    pub fn read(settings: &Settings, base: &Path) -> Result<Overrides> {
        let read_folder = |folder: &Option<PathBuf>, endings: &[&str]| -> Result<Vec<(String, String)>> {
            folder.as_ref().map_or(Ok(Vec::new()), |folder| files(&base.join(folder), endings))
        };
        let templates = read_folder(&settings.templates, &["md", "html", "txt"])?;
        let models = read_folder(&settings.models, &["sql"])?;
        let own = |(name, text): (String, String)| OwnModel { path: format!("sql/{name}"), text };
        let models = models.into_iter().map(own).collect();
        Ok(Overrides { templates, models })
    }

    pub fn templates(&self) -> &[(String, String)] {
        &self.templates
    }

    /// What stands in place of a built-in model, by its path.
    pub fn instead_of(&self, path: &str) -> Option<&str> {
        self.models.iter().find(|model| model.path == path).map(|model| model.text.as_str())
    }

    /// In the order of their names.
    pub fn models(&self) -> &[OwnModel] {
        &self.models
    }

    /// Changes with any of the files; none where there are none.
    pub fn hash(&self) -> Option<u64> {
        let templates = self.templates.iter().flat_map(|(name, text)| [name.as_str(), text]);
        let models = self.models.iter().flat_map(|model| [model.path.as_str(), model.text.as_str()]);
        let content: Vec<&str> = templates.chain(models).collect();
        (!content.is_empty()).then(|| xxh3_64(content.join("\0").as_bytes()))
    }
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
