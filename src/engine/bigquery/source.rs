//! A table's name and its columns.

use anyhow::{Result, bail};
use google_cloud_bigquery_v2::model::TableFieldSchema;

/// `project.dataset.table`.
pub(super) struct Source<'a> {
    pub project: &'a str,
    pub dataset: &'a str,
    pub table: &'a str,
}

impl std::fmt::Display for Source<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "`{}.{}.{}`", self.project, self.dataset, self.table)
    }
}

impl<'a> Source<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        let bare = text.strip_prefix("bigquery:").unwrap_or(text).trim_matches('`');
        let mut parts = bare.rsplitn(3, '.');
        let (table, dataset, project) = (parts.next(), parts.next(), parts.next());
        let (Some(project), Some(dataset), Some(table)) = (project, dataset, table) else {
            bail!("`{text}` is not a BigQuery table\n\nhint: write it as PROJECT.DATASET.TABLE");
        };
        // a project may belong to a domain, `example.com:project`; else a dot means a bucket's own view
        if project.contains('.') && !project.contains(':') {
            bail!(
                "`{text}` is a view of a log bucket, which BigQuery cannot read directly\n\nhint: link the bucket to \
                 a dataset (`gcloud logging links create`), then write PROJECT.DATASET._AllLogs"
            );
        }
        let is_name = |name: &str, more: &str| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || more.contains(letter))
        };
        let stem = table.strip_suffix('*').unwrap_or(table);
        if !is_name(project, "-:._") || !is_name(dataset, "_-") || !is_name(stem, "_- ") {
            bail!(
                "`{text}` is not a BigQuery table: it contains a character that names cannot have\n\nhint: write it as PROJECT.DATASET.TABLE"
            );
        }
        Ok(Self { project, dataset, table })
    }

    pub(super) fn quoted(&self) -> String {
        self.to_string()
    }
}

/// Names with dots, types in GoogleSQL's words; REST has the older ones.
pub(super) fn flatten(prefix: &str, fields: &[TableFieldSchema], columns: &mut Vec<(String, String)>) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let kind = match field.r#type.as_str() {
            "INTEGER" => "INT64",
            "FLOAT" => "FLOAT64",
            "BOOLEAN" => "BOOL",
            "RECORD" => "STRUCT",
            other => other,
        };
        // what is below an array has no name that a query could use
        if field.mode == "REPEATED" {
            columns.push((name, format!("ARRAY<{kind}>")));
            continue;
        }
        let below = format!("{name}.");
        columns.push((name, kind.to_owned()));
        flatten(&below, &field.fields, columns);
    }
}
