//! The marts of one worklog: what its service and window hold, in tables that last as long as the connection.

use anyhow::Result;
use duckdb::{Connection, types::Value};

use super::{Parameters, SqlFile, registry::sql, rows, run_named};

/// Built in this order, each as a temporary table.
const MARTS: &[SqlFile] = &[
    sql!("marts/window_entries"),
    sql!("marts/window_patterns"),
    sql!("marts/cluster_patterns"),
    sql!("marts/cluster_counts"),
    sql!("marts/cluster_history"),
    sql!("marts/cluster_states"),
    sql!("marts/cluster_follows"),
    sql!("marts/cluster_priorities"),
    sql!("marts/cluster_texts"),
    sql!("marts/clusters"),
    sql!("marts/cluster_entries"),
    sql!("marts/samples"),
    sql!("marts/payload_leaves"),
    sql!("marts/cluster_fields"),
    sql!("marts/cluster_hints"),
    sql!("marts/variable_values"),
    sql!("marts/cluster_variables"),
    sql!("marts/new_values"),
    sql!("marts/cluster_neighbours"),
    sql!("marts/cluster_incidents"),
    sql!("marts/cascade_steps"),
];

/// The service and the time a worklog is about, in whole minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub service: String,
    pub from_ns: i64,
    pub to_ns: i64,
    pub minimum_severity: String,
}

impl Window {
    pub fn parameters(&self) -> [(&'static str, Value); 4] {
        [
            ("service", Value::Text(self.service.clone())),
            ("from_ns", Value::BigInt(self.from_ns)),
            ("to_ns", Value::BigInt(self.to_ns)),
            ("minimum_severity", Value::Text(self.minimum_severity.clone())),
        ]
    }
}

pub fn build_marts(connection: &Connection, window: &Window) -> Result<()> {
    let parameters = window.parameters();
    for mart in MARTS {
        run_named(connection, &format!("create or replace temp table {} as ", mart.stem()), mart, &parameters)?;
    }
    Ok(())
}

/// The rows of one query of the worklog.
pub fn answer(connection: &Connection, file: &SqlFile, parameters: &Parameters<'_>) -> Result<Vec<serde_json::Value>> {
    rows(connection, file, parameters)
}

/// Marts that stay in the database, a row for each window and service they were made for.
const KEPT: [&str; 3] = ["clusters", "samples", "variable_values"];

/// Keeps what this window was found to hold; the same window again replaces it.
pub fn keep(connection: &Connection, window: &Window) -> Result<()> {
    connection.execute_batch("begin")?;
    let result = KEPT.iter().try_for_each(|name| keep_mart(connection, name, window));
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result
}

fn keep_mart(connection: &Connection, name: &str, window: &Window) -> Result<()> {
    let catalog: String = connection.query_row("select current_database()", [], |row| row.get(0))?;
    let kept = format!("\"{catalog}\".main.{name}");
    let rows = format!(
        "select ?::varchar as window_service, make_timestamp_ns(?::bigint) as window_from_at, \
         make_timestamp_ns(?::bigint) as window_to_at, mart.* from temp.main.{name} as mart"
    );
    let place = duckdb::params![window.service, window.from_ns, window.to_ns];
    connection.execute(&format!("create table if not exists {kept} as {rows} limit 0"), place)?;
    connection.execute(
        &format!(
            "delete from {kept} where window_service = ? and window_from_at = make_timestamp_ns(?) \
             and window_to_at = make_timestamp_ns(?)"
        ),
        place,
    )?;
    connection.execute(&format!("insert into {kept} by name {rows}"), place)?;
    Ok(())
}
