//! The marts of worklogs: what each window of a service holds, in tables that last as long as the connection.
//!
//! Windows are computed many at a time, since a query costs more to plan than most windows to answer.

use anyhow::Result;
use duckdb::{Row, params, types::Value};

use super::series;
use crate::sql::{
    connection::Connection,
    file::{SqlFile, sql},
    query::{Parameters, run_named},
};

/// Which entries belong together: enough to group the patterns of a window.
pub const GROUPING: &[SqlFile] =
    &[sql!("marts/window_entries"), sql!("marts/window_patterns"), sql!("marts/cluster_patterns")];

/// What clusters are, how urgent and in which state, built in this order after the grouping, each as a temporary table.
const CLUSTER_MARTS: &[SqlFile] = &[
    sql!("marts/cluster_counts"),
    sql!("marts/window_pairs"),
    sql!("marts/window_changes"),
    sql!("marts/window_problems"),
    sql!("marts/cluster_history"),
    sql!("marts/cluster_pauses"),
    sql!("marts/cluster_starts"),
    sql!("marts/cluster_requests"),
    sql!("marts/cluster_ends"),
    sql!("marts/cluster_states"),
    sql!("marts/cluster_follows"),
    sql!("marts/cluster_priorities"),
    sql!("marts/window_texts"),
    sql!("marts/cluster_texts"),
    sql!("marts/clusters"),
    sql!("marts/cluster_entries"),
    sql!("marts/cluster_bars"),
];

/// What worklogs say beside.
const DETAIL_MARTS: &[SqlFile] = &[
    sql!("marts/window_slots"),
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
    sql!("marts/cluster_correlations"),
    sql!("marts/last_lines"),
    sql!("marts/cluster_onsets"),
    sql!("marts/before_onsets"),
    sql!("marts/resolved_clusters"),
];

/// What latencies are looked at, and which endpoints slowed down: between them the rises are found.
const LATENCY_MARTS: &[SqlFile] = &[sql!("marts/endpoint_latencies"), sql!("marts/latency_series")];
const SLOW_MARTS: &[SqlFile] = &[sql!("marts/slow_endpoints")];

/// What stands out in the events of clusters against others of their time.
const DIFFER_MARTS: &[SqlFile] = &[sql!("marts/side_events"), sql!("marts/differing_values")];

/// Numbers over time, and which of them drift: between them the correlations are found.
const NUMBER_MARTS: &[SqlFile] = &[sql!("marts/number_series")];
const DRIFT_MARTS: &[SqlFile] = &[sql!("marts/drifting_numbers")];

/// What is said again and again.
const REPEAT_MARTS: &[SqlFile] = &[sql!("marts/said_again"), sql!("marts/repeated_statements")];

/// Reads what was kept of earlier worklogs, and of these.
const CLUSTERS_BEFORE: SqlFile = sql!("marts/clusters_before");

/// The service and the time a worklog is about, in whole minutes, and the revision, where it is about one only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub service: String,
    pub revision: Option<String>,
    pub from_ns: i64,
    pub to_ns: i64,
}

/// Windows that are computed together: `window_id` is the place in the list.
#[derive(Debug, Clone)]
pub struct Windows<'a> {
    pub list: &'a [Window],
    pub minimum_severity: &'a str,
}

impl Windows<'_> {
    /// What queries bind: the time that holds all windows, so that entries outside need not be looked at.
    pub fn parameters(&self) -> [(&'static str, Value); 2] {
        let from = self.list.iter().map(|window| window.from_ns).min().unwrap_or(0);
        let to = self.list.iter().map(|window| window.to_ns).max().unwrap_or(0);
        [("from_ns", Value::BigInt(from)), ("to_ns", Value::BigInt(to))]
    }

    pub fn lay(&self, connection: &Connection) -> Result<()> {
        connection.execute_batch(
            "create or replace temp table windows (window_id integer, service varchar, revision varchar, from_ns bigint, \
             to_ns bigint, minimum_severity severity_name)",
        )?;
        let mut insert = connection.prepare("insert into windows values (?, ?, ?, ?, ?, ?)")?;
        for (id, window) in self.list.iter().enumerate() {
            insert.execute(params![
                id as i32,
                window.service,
                window.revision,
                window.from_ns,
                window.to_ns,
                self.minimum_severity
            ])?;
        }
        Ok(())
    }
}

/// Which pattern of which window belongs to which cluster.
pub fn group(connection: &Connection, windows: &Windows<'_>) -> Result<()> {
    windows.lay(connection)?;
    build(connection, GROUPING, &windows.parameters())
}

/// What the marts are made by.
pub fn texts() -> impl Iterator<Item = &'static str> {
    marts().into_iter().map(|mart| mart.text())
}

/// All marts in the order in which they are built.
pub fn marts() -> Vec<SqlFile> {
    [
        GROUPING,
        CLUSTER_MARTS,
        DETAIL_MARTS,
        DIFFER_MARTS,
        LATENCY_MARTS,
        SLOW_MARTS,
        REPEAT_MARTS,
        NUMBER_MARTS,
        DRIFT_MARTS,
        &[CLUSTERS_BEFORE],
    ]
    .concat()
}

/// All marts of the windows.
pub fn build_marts(connection: &Connection, windows: &Windows<'_>) -> Result<()> {
    build_cluster_details(connection, windows)?;
    let parameters = windows.parameters();
    build(connection, LATENCY_MARTS, &parameters)?;
    series::find_rises(connection)?;
    build(connection, &[SLOW_MARTS, REPEAT_MARTS, NUMBER_MARTS].concat(), &parameters)?;
    series::find_drifts(connection)?;
    build(connection, DRIFT_MARTS, &parameters)
}

/// The clusters of the windows with all that is said of them, without what is unusual beside them.
pub fn build_cluster_details(connection: &Connection, windows: &Windows<'_>) -> Result<()> {
    build_clusters(connection, windows)?;
    build(connection, &[DETAIL_MARTS, DIFFER_MARTS].concat(), &windows.parameters())
}

/// The clusters of the windows without what only worklogs say.
pub fn build_clusters(connection: &Connection, windows: &Windows<'_>) -> Result<()> {
    group(connection, windows)?;
    build(connection, CLUSTER_MARTS, &windows.parameters())
}

fn build(connection: &Connection, marts: &[SqlFile], parameters: &Parameters<'_>) -> Result<()> {
    marts.iter().try_for_each(|mart| {
        run_named(connection, &format!("create or replace temp table {} as ", mart.stem()), mart, parameters)
    })
}

/// Marts that stay in the database, a row for each window and service they were made for.
const KEPT: [&str; 6] =
    ["clusters", "repeated_statements", "resolved_clusters", "samples", "slow_endpoints", "variable_values"];

/// Keeps what the windows were found to hold, the same window again in place of what it had, and puts beside each window
/// what was kept of the one before.
pub fn keep(connection: &Connection) -> Result<()> {
    connection.execute_batch("begin")?;
    let result = KEPT.iter().try_for_each(|name| {
        lay_mart(connection, name)?;
        keep_mart(connection, name)
    });
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result?;
    look_back(connection)
}

/// What earlier worklogs had, for worklogs that are not kept.
pub fn only_look_back(connection: &Connection) -> Result<()> {
    KEPT.iter().try_for_each(|name| lay_mart(connection, name))?;
    look_back(connection)
}

fn look_back(connection: &Connection) -> Result<()> {
    show_kept(connection)?;
    build(connection, &[CLUSTERS_BEFORE], &[])
}

/// What was kept under names that no mart of this connection hides.
pub fn show_kept(connection: &Connection) -> Result<()> {
    for mart in KEPT {
        let kept = kept_name(connection, mart)?;
        connection.execute_batch(&format!("create or replace temp view kept_{mart} as from {kept}"))?;
    }
    Ok(())
}

/// The mart's name in the database, where the temporary one hides it.
fn kept_name(connection: &Connection, mart: &str) -> Result<String> {
    let catalog: String = connection.query_row("select current_database()", [], |row: &Row<'_>| row.get(0))?;
    Ok(format!("\"{catalog}\".main.{mart}"))
}

/// A mart's rows with what its window is about.
fn kept_rows(name: &str) -> String {
    format!(
        "select span.service as window_service, span.revision as window_revision, \
         make_timestamp_ns(span.from_ns) as window_from_at, make_timestamp_ns(span.to_ns) as window_to_at, mart.* exclude (window_id) \
         from temp.main.{name} as mart inner join windows as span using (window_id)"
    )
}

/// Makes the table in which a mart is kept, if it is not there.
fn lay_mart(connection: &Connection, name: &str) -> Result<()> {
    let (kept, rows) = (kept_name(connection, name)?, kept_rows(name));
    connection.execute_batch(&format!("create table if not exists {kept} as {rows} limit 0"))?;
    // what another version of the models kept has other columns and cannot be kept beside this
    let columns = "select list((column_name, column_type) order by column_name) from";
    let is_alike = format!("select ({columns} (describe {rows})) = ({columns} (describe {kept}))");
    if !connection.query_row(&is_alike, [], |row: &Row<'_>| row.get::<_, bool>(0))? {
        connection.execute_batch(&format!("create or replace table {kept} as {rows} limit 0"))?;
    }
    Ok(())
}

fn keep_mart(connection: &Connection, name: &str) -> Result<()> {
    let (kept, rows) = (kept_name(connection, name)?, kept_rows(name));
    connection.execute_batch(&format!(
        "delete from {kept} using windows as span where window_service = span.service \
         and window_revision is not distinct from span.revision \
         and window_from_at = make_timestamp_ns(span.from_ns) and window_to_at = make_timestamp_ns(span.to_ns); \
         insert into {kept} by name {rows}"
    ))?;
    Ok(())
}
