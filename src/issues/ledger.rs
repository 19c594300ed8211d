//! The ledger of actions on GitHub: a row each, written as soon as the action succeeded.

use anyhow::{Context, Result};
use duckdb::params;

use super::{clusters::Cluster, existing::Issue, reported::Reported};
use crate::{
    report::document::issue::LastReportedRow,
    sql::{connection::Connection, row::rows_as},
};

/// What was last reported to an issue.
#[derive(Debug, Clone)]
pub struct Record {
    pub service: String,
    pub cluster_id: String,
    pub issue_number: u64,
    pub url: String,
    /// The issue was made from here.
    pub is_created: bool,
    pub reported: Option<Reported>,
}

impl Record {
    /// One number in two repositories is two issues.
    pub fn is_of(&self, issue: &Issue) -> bool {
        self.issue_number == issue.number && (self.url == issue.url || self.url.is_empty() || issue.url.is_empty())
    }
}

/// Empty until something was done.
pub(super) fn read(connection: &Connection) -> Result<Vec<Record>> {
    let sql = "select count(*) from duckdb_tables() where table_name = 'issue_actions'";
    if connection.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    // one of an earlier version lacks columns
    lay(connection)?;
    let record = |row: LastReportedRow| Record {
        reported: row.entry_count.map(|entry_count| Reported {
            entry_count,
            last_ns: row.last_ns.unwrap_or(0),
            priority: row.priority.unwrap_or_default(),
            state: row.state.unwrap_or_default(),
            revision: row.revision,
        }),
        service: row.service,
        cluster_id: row.cluster_id,
        issue_number: row.issue_number,
        url: row.url,
        is_created: row.is_created,
    };
    Ok(rows_as::<LastReportedRow>(connection, &[])?.into_iter().map(record).collect())
}

pub(super) fn lay(connection: &Connection) -> Result<()> {
    connection
        .execute_batch(include_str!("../store/issue_actions.sql"))
        .context("cannot create the table `issue_actions`")
}

/// Records an action that succeeded. `reported` is set if the action reported the cluster's figures.
pub(super) fn write(
    connection: &Connection,
    action: &str,
    cluster: &Cluster,
    issue: (u64, &str),
    title: Option<&str>,
    reported: Option<&Reported>,
) -> Result<()> {
    connection
        .execute(
            "insert into issue_actions select coalesce(max(action_id), 0) + 1, now()::timestamp, ?, ?, ?, ?, ?, ?, ?, \
             ?, ?, ?, ?, ? from issue_actions",
            params![
                action,
                cluster.service,
                cluster.cluster_id,
                issue.0,
                issue.1,
                title,
                reported.map(Reported::fingerprint),
                reported.map(|reported| reported.entry_count),
                reported.map(|reported| reported.last_ns),
                reported.map(|reported| reported.priority.as_str()),
                reported.map(|reported| reported.state.as_str()),
                reported.and_then(|reported| reported.revision.as_deref()),
            ],
        )
        .with_context(|| format!("issue #{} was changed, but the ledger could not be written", issue.0))?;
    Ok(())
}
