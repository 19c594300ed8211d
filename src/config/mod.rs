//! What the user configures: rules, settings, and templates and models of their own. It is read once and handed on as a
//! value, so that archives with different settings can be rendered in one process.

pub mod overrides;
pub mod repositories;
pub mod settings;

use std::path::Path;

use anyhow::{Context, Result};

use self::{overrides::Overrides, repositories::RepositorySettings, settings::Settings};
use crate::rules::{self, RuleSet};

/// The user's configuration, where no other is asked for.
const FILE: &str = "gardener.toml";

/// What is printed on standard error beside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tracing {
    /// How long each model takes.
    pub times: bool,
    /// Each query before it runs.
    pub queries: bool,
}

#[derive(Debug)]
pub struct Config {
    pub rules: RuleSet,
    pub settings: Settings,
    pub overrides: Overrides,
    /// Where the source code of services is.
    pub repositories: Vec<RepositorySettings>,
    pub tracing: Tracing,
    /// Changes with the content of any file that is read for it.
    pub version_hash: String,
}

impl Config {
    /// Reads a file, or `gardener.toml` of the current folder where there is one; else only what is built in holds.
    pub fn load(path: Option<&Path>) -> Result<Config> {
        let own = Path::new(FILE);
        let Some(path) = path.or(own.is_file().then_some(own)) else { return Config::built_in() };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the rules in `{}`, expected a TOML file in UTF-8", path.display()))?;
        let text = text.trim_start_matches('\u{FEFF}');
        let source = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let rules = RuleSet::with_built_in(&path.display().to_string(), &source, text)?;
        let settings = Settings::read(&path.display().to_string(), text)?;
        let base = path.parent().unwrap_or(Path::new(""));
        let overrides = Overrides::read(&settings, base)?;
        let repositories = repositories::read(&path.display().to_string(), text, base)?;
        let mut version_hash = rules.version_hash.clone();
        if let Some(hash) = overrides.hash() {
            version_hash = rules::hash(&[&version_hash, &hash.to_string()]);
        }
        Ok(Config { rules, settings, overrides, repositories, tracing: Tracing::default(), version_hash })
    }

    /// Without a file of the user's.
    pub fn built_in() -> Result<Config> {
        let rules = RuleSet::built_in()?;
        let version_hash = rules.version_hash.clone();
        let (settings, overrides) = (Settings::default(), Overrides::default());
        let repositories = Vec::new();
        Ok(Config { rules, settings, overrides, repositories, tracing: Tracing::default(), version_hash })
    }

    /// The same with a clone of the source code that was named on the command line.
    pub fn with_repository(self, path: Option<&Path>) -> Config {
        Config { repositories: repositories::with_path(self.repositories, path), ..self }
    }

    /// What clusters are made of: entries of this severity and above.
    pub fn minimum_severity(&self) -> &'static str {
        self.settings.minimum_severity.map_or("NOTICE", |severity| severity.name())
    }
}
