//! A cluster of a worklog: its row, and what is said beside it.

use serde::{Deserialize, Serialize};

use super::{
    causes::{BeforeRow, LastLineRow},
    code::Code,
    details::{CorrelationRow, DifferRow, FieldRow, HintRow, NeighbourRow, NewValueRow, UserRow, VariableRow},
    incidents::{CascadeRow, EffectRow, FollowRow, IncidentRow},
    origin::{OriginRow, OriginSettingsRow},
    requests::{RequestEndRow, RequestRow},
    sample::SampleRow,
    view::Viewed,
};
use crate::sql::row::{Numbers, row};

row! {
    ClusterRow of "report/cluster_rows" per window {
        cluster_number: u64,
        lead_id: String,
        entry_count: u64,
        piece_count: u64,
        event_count: u64,
        notice_count: u64,
        warning_count: u64,
        error_count: u64,
        critical_count: u64,
        first_ns: i64,
        last_ns: i64,
        instance_count: u64,
        revision_count: u64,
        trace_count: u64,
        minute_count: u64,
        pause_ns: Option<i64>,
        session_count: u64,
        request_count: u64,
        server_error_count: u64,
        ends_within_ns: Option<i64>,
        lead_template: String,
        kind: String,
        is_told: bool,
        is_cause: bool,
        is_request_line: bool,
        /// Of its requests, the first by rules.
        request_line: Option<String>,
        is_named_by_request: Option<bool>,
        pattern_count: u64,
        is_fatal: bool,
        is_named_fatal: bool,
        is_once_a_start: bool,
        lead_name: Option<String>,
        is_users: Option<bool>,
        strongest_name: Option<String>,
        rule_category: Option<String>,
        impact: Option<String>,
        business_impact: Option<String>,
        purpose: Option<String>,
        issue: Option<String>,
        consequences_title: Option<String>,
        consequences: Option<Vec<String>>,
        lead_message: Option<String>,
        lead_exception: Option<String>,
        actions: Vec<String>,
        sentence: Option<String>,
        headline: Option<String>,
        name: String,
        priority: String,
        priority_reasons: Vec<String>,
        is_expected: bool,
        cluster_id: String,
        state: String,
        /// What its state would be had it not ended.
        state_before_end: String,
        state_category: String,
        minutes_before: u64,
        count_before: u64,
        service_first_ns: i64,
        gone_ns: Option<i64>,
        back_ns: Option<i64>,
        back_revision: Option<String>,
        quiet_minutes: Option<u64>,
        is_back_now: bool,
        is_worse_now: bool,
        worse_revision: Option<String>,
        worse_lower: Option<f64>,
        busiest_hour: u64,
        busiest_hour_before: Option<u64>,
        /// What shows that it ended: `starts`, `requests`, `revisions` or `time`.
        ended_by: Option<String>,
        /// Not seen for ten minutes, and longer than between any two of its minutes before.
        is_quiet: bool,
        end_revision: Option<String>,
        /// Minutes after it in which the service logged and its severity was collected.
        minutes_since: u64,
        starts_since: u64,
        requests_since: u64,
        revisions_since: u64,
        /// In such minutes.
        longest_pause: Option<u64>,
        category: String,
        severity: String,
        /// By the entries' own word.
        written_severity: String,
        span_ns: i64,
        ranked_count: i64,
        rhythm: String,
        per_active_minute: f64,
        start_count: u64,
    }
}

row! {
    MemberRow of "report/members" per cluster {
        pattern_id: String,
        is_lead: bool,
        template: String,
        kind: String,
        severity: String,
        entry_count: u64,
        first_ns: i64,
        last_ns: i64,
        call_module: Option<String>,
        call_function: Option<String>,
        call_lines: Option<Numbers>,
        reason: Option<String>,
        together_count: Option<u64>,
        member_count: Option<u64>,
        lag_ns: Option<i64>,
        chance: Option<f64>,
        sample_message: Option<String>,
        constant_pairs: Vec<String>,
        /// Of a trace, as JSON.
        exceptions: Option<String>,
    } with {
        /// The address of the call site, where a clone of the source code is at hand.
        #[serde(skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    }
}

row! {
    /// Entries over the covered part of the window.
    BarsRow of "report/minutes" per cluster {
        counts: Vec<i64>,
    }
}

row! {
    /// Entries in the slots of its window.
    ClusterSlotsRow of "report/cluster_slots" per cluster {
        slots: Vec<u64>,
        counts: Vec<u64>,
    }
}

row! {
    ClusterRevisionRow of "report/cluster_revisions" per cluster {
        revision: String,
        entry_count: u64,
        instance_count: u64,
        first_ns: i64,
        last_ns: i64,
    }
}

/// With the sections about it, under their queries' names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cluster {
    #[serde(flatten)]
    pub row: ClusterRow,
    pub members: Vec<MemberRow>,
    pub fields: Vec<FieldRow>,
    pub hints: Vec<HintRow>,
    pub variables: Vec<VariableRow>,
    pub new_values: Vec<NewValueRow>,
    pub neighbours: Vec<NeighbourRow>,
    pub follows: Vec<FollowRow>,
    pub effects: Vec<EffectRow>,
    pub requests: Vec<RequestRow>,
    pub request_ends: Vec<RequestEndRow>,
    pub incident_rows: Vec<IncidentRow>,
    pub cascade: Vec<CascadeRow>,
    pub minutes: Vec<BarsRow>,
    pub cluster_slots: Vec<ClusterSlotsRow>,
    pub last_lines: Vec<LastLineRow>,
    pub before_onsets: Vec<BeforeRow>,
    pub origins: Vec<OriginRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origin_settings: Vec<OriginSettingsRow>,
    pub cluster_revisions: Vec<ClusterRevisionRow>,
    pub cluster_users: Vec<UserRow>,
    pub correlations: Vec<CorrelationRow>,
    pub differing_values: Vec<DifferRow>,
    pub sample_rows: Vec<SampleRow>,
    /// What a clone of the source code says, where one is at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The entry that it shows, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

/// What a row that shows an entry says of it: a trace has its template, all else its words.
pub(super) fn said(kind: &str, template: &str, message: &Option<String>) -> Option<String> {
    if kind == "exception" { Some(template.to_owned()) } else { message.clone() }
}

#[derive(Debug, Clone, Serialize)]
pub struct MemberParts {
    said: Option<String>,
    has_several_lines: bool,
}

impl Viewed for MemberRow {
    type Parts = MemberParts;

    fn parts(&self) -> MemberParts {
        MemberParts {
            said: said(&self.kind, &self.template, &self.sample_message),
            has_several_lines: self.call_lines.as_ref().is_some_and(|lines| lines.len() > 1),
        }
    }
}
