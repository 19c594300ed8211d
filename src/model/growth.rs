//! What more was loaded, and computing no more than that touches.
//!
//! Facts whose rows are each made of the entries of one minute, or of one instance, say so in their headers. Of them
//! only the rows are computed anew whose minutes hold new entries, or entries that count for another shape or pattern
//! since. While that is done, a temporary view of the same name stands in place of `raw_entries`, also in the views on
//! it: the queries need not know.

use anyhow::Result;
use duckdb::params;

use crate::sql::{
    connection::Connection,
    file::{SqlFile, header_value},
    query::run_named,
};

pub(super) const MINUTE_NS: i64 = 60_000_000_000;
/// The table of the minutes that have to be computed.
pub(super) const MINUTES: &str = "rebuilt_minutes";
const INSTANCES: &str = "rebuilt_instances";

/// The minute of a time in nanoseconds.
fn minute_of(time_ns: &str) -> String {
    format!("{time_ns} // 60000000000 * 60000000000")
}

/// The archive has grown since its facts were built, by the files after the last one then.
pub(super) struct Growth {
    pub(super) last_file: u32,
    /// The first and the last time of the minutes that hold new entries; none where no entry is new.
    pub(super) span: Option<(i64, i64)>,
    /// Whether an entry of before gave way to a more complete copy, which may be of another instance.
    has_replaced: bool,
}

impl Growth {
    /// Finds the minutes with new entries. `None` if they are so many that all is better computed anew.
    pub(super) fn since(connection: &Connection, last_file: u32) -> Result<Option<Self>> {
        let counts = "select count(*) filter (file_id > ?), count(*) from raw_entries";
        let (new, all): (u64, u64) =
            connection.query_row(counts, params![last_file], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if new * 2 > all {
            return Ok(None);
        }
        connection.execute_batch(&format!(
            "create or replace temp table {MINUTES} as \
             select distinct {} as minute_ns from raw_entries where file_id > {last_file}",
            minute_of("epoch_ns(entry_at)")
        ))?;
        let has_replaced = "select coalesce(sum(fuller_copies), 0) > 0 from files where file_id > ?";
        let has_replaced = connection.query_row(has_replaced, params![last_file], |row| row.get(0))?;
        let span = span(connection)?;
        Ok(Some(Growth { last_file, span, has_replaced }))
    }

    /// Adds the minutes of the times that a query answers as `time_ns`.
    pub(super) fn touch(&self, connection: &duckdb::Connection, times: &str) -> Result<()> {
        Ok(connection.execute_batch(&format!(
            "insert into {MINUTES} select distinct {} as minute_ns from ({times}) as touched \
             where time_ns is not null and minute_ns not in (select minute_ns from {MINUTES})",
            minute_of("time_ns")
        ))?)
    }

    /// A fact with what was loaded since.
    pub(super) fn grow(&self, connection: &Connection, fact: &SqlFile) -> Result<()> {
        let (name, text) = (fact.stem(), connection.text_of(fact).to_owned());
        if let Some(time_ns) = header_value(&text, "minute: ") {
            let minute = minute_of(time_ns);
            connection.execute_batch(&format!("delete from {name} where {minute} in (from {MINUTES})"))?;
            return self.in_minutes(connection, || fill(connection, fact));
        }
        if let Some(instance) = header_value(&text, "instance: ") {
            let span = self.find_instances(connection, name, instance)?;
            let Some((from_ns, to_ns)) = span else { return Ok(()) };
            connection.execute_batch(&format!("delete from {name} where {instance} in (from {INSTANCES})"))?;
            return in_place_of_entries(connection, &of_instances(from_ns, to_ns), || fill(connection, fact));
        }
        run_named(connection, &format!("create or replace table {name} as "), fact, &[])
    }

    /// Does something for which only the entries of the touched minutes are there.
    fn in_minutes(&self, connection: &Connection, act: impl FnOnce() -> Result<()>) -> Result<()> {
        let Some((from_ns, to_ns)) = span(connection)? else { return Ok(()) };
        let condition = format!(
            "entry_at between make_timestamp_ns({from_ns}) and make_timestamp_ns({to_ns}) \
             and {} in (select minute_ns from {MINUTES})",
            minute_of("epoch_ns(entry_at)")
        );
        in_place_of_entries(connection, &condition, act)
    }

    /// Lays the instances with entries in the touched minutes, and answers the time in which all of them were seen.
    fn find_instances(&self, connection: &Connection, fact: &str, instance: &str) -> Result<Option<(i64, i64)>> {
        let Some((from_ns, to_ns)) = span(connection)? else { return Ok(None) };
        let sql = format!(
            "create or replace temp table {INSTANCES} as \
             select distinct instance_id from entries where instance_id <> ''"
        );
        self.in_minutes(connection, || Ok(connection.execute_batch(&sql)?))?;
        if self.has_replaced {
            connection.execute_batch(&format!(
                "insert into {INSTANCES} select distinct {instance} from {fact} \
                 where epoch_ns(last_at) >= {from_ns} and epoch_ns(first_at) <= {to_ns}"
            ))?;
        }
        let sql = format!(
            "select least(min(epoch_ns(first_at)), {from_ns}), greatest(max(epoch_ns(last_at)), {to_ns}) \
             from {fact} where {instance} in (from {INSTANCES})"
        );
        Ok(Some(connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?))
    }

    pub(super) fn end(&self, connection: &Connection) -> Result<()> {
        Ok(connection.execute_batch(&format!("drop table {MINUTES}; drop table if exists {INSTANCES}"))?)
    }
}

/// The entries of the instances: an instance that the resource names stands above that of the labels.
fn of_instances(from_ns: i64, to_ns: i64) -> String {
    format!(
        "entry_at between make_timestamp_ns({from_ns}) and make_timestamp_ns({to_ns}) and ( \
             source_id in (select source_id from sources where instance_id in (from {INSTANCES})) \
             or (label_set_id in (select label_set_id from label_sets where instance_id in (from {INSTANCES})) \
                 and source_id in (select source_id from sources where coalesce(instance_id, '') = '')) \
         )"
    )
}

/// The first and the last time of the touched minutes.
fn span(connection: &Connection) -> Result<Option<(i64, i64)>> {
    let sql = format!("select min(minute_ns), max(minute_ns) + 59_999_999_999 from {MINUTES}");
    let (from, to): (Option<i64>, Option<i64>) =
        connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(from.zip(to))
}

fn fill(connection: &Connection, fact: &SqlFile) -> Result<()> {
    run_named(connection, &format!("insert into {} by name ", fact.stem()), fact, &[])
}

/// Lets only the entries that fulfil a condition be there.
fn in_place_of_entries(connection: &Connection, condition: &str, act: impl FnOnce() -> Result<()>) -> Result<()> {
    let database: String = connection.query_row("select current_database()", [], |row| row.get(0))?;
    connection.execute_batch(&format!(
        "create temp view raw_entries as select * from \"{}\".main.raw_entries where {condition}",
        database.replace('"', "\"\"")
    ))?;
    act()?;
    Ok(connection.execute_batch("drop view temp.raw_entries")?)
}
