//! The rows of lists: patterns, clusters, rules.

use crate::sql::row::row;

row! {
    ListedPatternRow of "show/patterns" {
        service: String,
        pattern_id: String,
        /// Of most entries.
        severity: String,
        worst_severity: String,
        worst_count: u64,
        entry_count: u64,
        first_ns: i64,
        last_ns: i64,
        template: String,
        cluster_id: Option<String>,
        counts: Vec<i64>,
    }
}

row! {
    ListedClusterRow of "show/clusters" {
        service: String,
        cluster_number: u64,
        priority: String,
        state: String,
        severity: String,
        entry_count: u64,
        instance_count: u64,
        first_ns: i64,
        last_ns: i64,
        name: String,
        cluster_id: String,
        pattern_count: u64,
        counts: Vec<i64>,
    }
}

row! {
    ListedRuleRow of "show/rules" {
        position: u64,
        rule_id: String,
        source: String,
        name: Option<String>,
        priority: Option<String>,
        pattern_count: u64,
        entry_count: u64,
        told_count: u64,
        template: Option<String>,
    }
}
