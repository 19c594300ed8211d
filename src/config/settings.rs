//! The table `[settings]` of a configuration.

use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{Severity, errors},
    text::redact::Class,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Entries below it are context and make no cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_severity: Option<Severity>,
    /// Labels that new issues get beside those that are computed.
    pub issue_labels: Vec<String>,
    /// What is shown as it stands.
    pub redact_off: Vec<Class>,
    /// Folders of the user's own templates and models, relative to the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templates: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<PathBuf>,
    /// A name of the time zone database, not checked here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

impl Settings {
    /// `file` is what errors call it.
    pub fn read(file: &str, text: &str) -> Result<Settings> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            settings: Settings,
        }
        let content: File = toml::from_str(text).map_err(|error| errors::from_toml(file, text, &error))?;
        Ok(content.settings)
    }
}
