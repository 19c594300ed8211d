//! What changes within windows over many series, computed on frames: where latencies rose, since SQL would try every stretch
//! of every endpoint, and which numbers drift with time.

use anyhow::Result;
use duckdb::params;

use crate::{
    sql::{connection::Connection, file::SqlFile, query::batches},
    stats::frames,
};

/// What the marts hold, in the order in which the frames need it. Not under the marts' paths, whose texts users may replace.
const LATENCIES: SqlFile =
    SqlFile::written("latency_series", "from latency_series order by window_id, endpoint, place");

const NUMBERS: SqlFile =
    SqlFile::written("number_series", "from number_series order by window_id, pattern_id, field, place");

/// Makes the table `latency_rises`, which `slow_endpoints` reads: a stretch or a pair of revisions a row, at most one of
/// each an endpoint.
pub(super) fn find_rises(connection: &Connection) -> Result<()> {
    let (schema, batches) = batches(connection, &LATENCIES, &[])?;
    let found = frames::latency_rises(&frames::frame(&schema, &batches)?)?;
    connection.execute_batch(
        "create or replace temp table latency_rises (window_id integer, endpoint varchar, first_place bigint, \
         last_place bigint, revision_place bigint, base_place bigint, ln_p double)",
    )?;
    let mut insert = connection.prepare("insert into latency_rises values (?, ?, ?, ?, ?, ?, ?)")?;
    for rise in found {
        insert.execute(params![
            rise.window_id,
            rise.endpoint,
            rise.first_place,
            rise.last_place,
            rise.revisions.map(|(later, _)| later),
            rise.revisions.map(|(_, earlier)| earlier),
            rise.ln_p,
        ])?;
    }
    Ok(())
}

/// Makes the table `number_drifts`, which `drifting_numbers` reads: a series a row.
pub(super) fn find_drifts(connection: &Connection) -> Result<()> {
    let (schema, batches) = batches(connection, &NUMBERS, &[])?;
    let found = frames::number_drifts(&frames::frame(&schema, &batches)?)?;
    connection.execute_batch(
        "create or replace temp table number_drifts (window_id integer, pattern_id varchar, field varchar, \
         correlation double, p double)",
    )?;
    let mut insert = connection.prepare("insert into number_drifts values (?, ?, ?, ?, ?)")?;
    for drift in found {
        insert.execute(params![drift.window_id, drift.pattern_id, drift.field, drift.correlation, drift.p])?;
    }
    Ok(())
}
