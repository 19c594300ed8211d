//! What a worklog says of its window as a whole.

use serde::Serialize;

use super::view::Viewed;
use crate::sql::row::row;

row! {
    TotalsRow of "report/totals" per window {
        entry_count: u64,
        ranked_count: u64,
        no_payload_count: u64,
        first_ns: Option<i64>,
        last_ns: Option<i64>,
        minute_count: u64,
        cluster_count: u64,
        explorer_filter: Option<String>,
    }
}

row! {
    SeverityRow of "report/severities" per window {
        severity: String,
        entry_count: u64,
        raised_count: u64,
        first_ns: i64,
        last_ns: i64,
    }
}

row! {
    /// Of 72 steps over the covered time.
    TimelineRow of "report/timeline" per window {
        step: usize,
        grade: String,
        entry_count: u64,
        from_ns: i64,
        to_ns: i64,
    }
}

row! {
    /// Entries of one grade in slots of whole minutes, at most 720.
    SeveritySlotsRow of "report/severity_slots" per window {
        grade: String,
        slot_ns: i64,
        slot_count: u64,
        /// Where the first slot begins.
        first_ns: i64,
        /// Numbers from the first slot.
        slots: Vec<u64>,
        counts: Vec<u64>,
    }
}

row! {
    RevisionRow of "report/revision_rows" per window {
        revision: String,
        first_ns: i64,
        last_ns: i64,
        entry_count: u64,
        error_count: u64,
        warning_count: u64,
        request_count: u64,
        server_error_count: u64,
    }
}

row! {
    StartsRow of "report/starts_rows" per window {
        instance_count: u64,
        announced_count: u64,
        first_seen_count: u64,
    }
}

row! {
    /// One of the commonest values of a fact: `project`, `location`, `instance`, `label NAME`.
    EnvironmentRow of "report/environment" per window {
        fact: String,
        value: String,
        entry_count: u64,
        value_kinds: u64,
        fact_count: u64,
        window_count: u64,
    }
}

/// How long the entries of the window reach.
#[derive(Debug, Clone, Serialize)]
pub struct TotalsParts {
    pub span_ns: Option<i64>,
}

impl Viewed for TotalsRow {
    type Parts = TotalsParts;

    fn parts(&self) -> TotalsParts {
        TotalsParts { span_ns: self.first_ns.zip(self.last_ns).map(|(first, last)| last - first) }
    }
}
