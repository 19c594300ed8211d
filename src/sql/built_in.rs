//! The queries that come with the program: a new one is a file in `sql/queries` and a line here.

use super::file::{SqlFile, sql};

pub const QUERIES: &[SqlFile] = &[
    sql!("queries/deployments_of_service"),
    sql!("queries/entries_of_trace"),
    sql!("queries/errors_by_revision"),
    sql!("queries/find_entries"),
    sql!("queries/first_entry_of_pattern"),
    sql!("queries/message_by_hour"),
    sql!("queries/noisiest_patterns"),
    sql!("queries/quiet_hours"),
    sql!("queries/requests_by_status"),
    sql!("queries/services"),
    sql!("queries/slowest_endpoints"),
    sql!("queries/top_clusters_of_day"),
    sql!("queries/users_hit"),
];
