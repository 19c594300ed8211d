//! The models in the order in which they are built: a model may read only what stands before it.
//!
//! A new model is a new file in `sql/` and one line here. A fact whose rows are each made of the entries of one minute
//! says so in its header, `-- minute: EXPRESSION`: when more is loaded, only the minutes that it touches are computed.

use crate::sql::file::{SqlFile, sql};

/// Small tables over what loading stored, which most others read.
pub const STAGED: &[SqlFile] = &[
    sql!("staging/identified_sources"),
    sql!("staging/access_sources"),
    sql!("staging/rules"),
    sql!("staging/setting_paths"),
];

/// What is counted before shapes have patterns.
pub const SHAPED: &[SqlFile] = &[sql!("facts/shape_minutes")];

/// Views over what loading stored; they read rows anew at each use.
pub const VIEWS: &[SqlFile] = &[
    sql!("staging/shaped_entries"),
    sql!("staging/placed_entries"),
    sql!("staging/placed_counts"),
    sql!("staging/entries"),
];

/// Tables over the whole archive, built when something was loaded or the rules changed. First what counts
/// entries, then what links patterns: traits need rules, links need traits, incidents need links;
/// last what audit entries tell of deployments.
pub const FACTS: &[SqlFile] = &[
    sql!("facts/patterns"),
    sql!("facts/pattern_minutes"),
    sql!("facts/revision_minutes"),
    sql!("facts/revisions"),
    sql!("facts/service_minutes"),
    sql!("facts/file_minutes"),
    sql!("facts/coverage"),
    sql!("facts/error_spans"),
    sql!("facts/severity_spans"),
    sql!("facts/uncovered_minutes"),
    sql!("facts/starts"),
    sql!("facts/ranked_entries"),
    sql!("facts/pattern_profiles"),
    sql!("facts/pattern_rules"),
    sql!("facts/contained_texts"),
    sql!("facts/stream_patterns"),
    sql!("facts/pattern_traits"),
    sql!("facts/run_patterns"),
    sql!("facts/run_ends"),
    sql!("facts/fatal_patterns"),
    sql!("facts/request_ends"),
    sql!("facts/links_by_text"),
    sql!("facts/links_by_trace"),
    sql!("facts/links_by_call_site"),
    sql!("facts/failure_sites"),
    sql!("facts/links_by_run"),
    sql!("facts/links_by_start"),
    sql!("facts/links_by_status"),
    sql!("facts/links_by_end"),
    sql!("facts/instance_ends"),
    sql!("facts/end_causes"),
    sql!("facts/links_by_instance_end"),
    sql!("facts/rare_entries"),
    sql!("facts/quiet_failures"),
    sql!("facts/links_by_order"),
    sql!("facts/pattern_links"),
    sql!("facts/incidents"),
    sql!("facts/change_entries"),
    sql!("facts/change_parts"),
    sql!("facts/change_variables"),
    sql!("facts/change_traffic"),
    sql!("facts/change_settings"),
    sql!("facts/change_groups"),
    sql!("facts/audited_changes"),
    sql!("facts/change_revisions"),
    sql!("facts/change_differences"),
    sql!("facts/deployments"),
    sql!("facts/revision_settings"),
    sql!("facts/revision_commits"),
];

/// Tables over the life of clusters, built when patterns are grouped over the whole archive.
pub const CLUSTER_FACTS: &[SqlFile] = &[
    sql!("facts/pattern_clusters"),
    sql!("facts/cluster_minutes"),
    sql!("facts/cluster_hours"),
    sql!("facts/cluster_returns"),
    sql!("facts/revision_lives"),
    sql!("facts/cluster_revisions"),
    sql!("facts/cluster_origins"),
    sql!("facts/minute_values"),
    sql!("facts/value_minutes"),
    sql!("facts/revision_changes"),
];

/// Each answers no rows, or the build is undone.
pub const CHECKS: &[SqlFile] = &[
    FILES_ARE_COMPLETE,
    sql!("checks/files_equal_entries"),
    sql!("checks/shapes_have_patterns"),
    sql!("checks/entries_equal_patterns"),
    sql!("checks/entries_equal_pattern_minutes"),
    sql!("checks/entries_equal_revision_minutes"),
];

/// What an engine's answers become, each a table that loading fills or leaves empty.
pub const PULLED: &[SqlFile] = &[
    sql!("pull/counted_entries"),
    sql!("pull/counted_latencies"),
    sql!("pull/counted_instances"),
    sql!("pull/counted_minutes"),
    sql!("pull/file_spans"),
];
pub const PULLED_TOTALS: SqlFile = sql!("pull/totals");
/// Answers no rows, or nothing of it is kept.
pub const PULLED_DIFFERENCES: SqlFile = sql!("pull/differences");

/// What mining reads: pieces of split entries, what may be pieces of events and entries near them, copies of events that
/// are repeated as a whole, then the shapes of stage two.
pub const SPLIT_PIECES: SqlFile = sql!("mine/split_pieces");
pub const NEAR_PIECES: SqlFile = sql!("mine/near_pieces");
pub const WHOLE_COPIES: SqlFile = sql!("mine/whole_copies");
pub const SHAPE_STATS: SqlFile = sql!("mine/shape_stats");

pub const MINING: &[SqlFile] = &[SPLIT_PIECES, NEAR_PIECES, WHOLE_COPIES, SHAPE_STATS];

/// What loading stores, and what it reads of that.
pub const RAW_ENTRIES: SqlFile = sql!("load/raw_entries");
pub const COPIES: SqlFile = sql!("load/copies");
pub const FILES_ARE_COMPLETE: SqlFile = sql!("checks/files_are_complete");
pub const FILE_SPANS: SqlFile = sql!("load/file_spans");
