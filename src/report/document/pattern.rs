//! What `show` says of one pattern and of the cluster it is in.

use serde::{Deserialize, Serialize};

use super::view::{Viewed, With, all};
use crate::sql::row::{Nothing, Numbers, row};

row! {
    /// A pattern that a word may mean.
    PatternNameRow of "show/pattern_names" {
        pattern_id: String,
        /// The smaller, the surer.
        way: u64,
        template: String,
        entry_count: u64,
    }
}

row! {
    PatternRow of "show/pattern" {
        pattern_id: String,
        template: String,
        kind: String,
        entry_count: u64,
        first_ns: i64,
        last_ns: i64,
        rule_id: Option<String>,
        old_ids: Option<Vec<String>>,
        piece_count: u64,
        event_count: u64,
    }
}

row! {
    SeenRow of "show/pattern_revisions" {
        service: String,
        revision: Option<String>,
        severity: String,
        entry_count: u64,
        first_ns: i64,
        last_ns: i64,
    }
}

row! {
    SiteRow of "show/pattern_sites" {
        call_module: String,
        call_function: Option<String>,
        call_lines: Option<Numbers>,
        entry_count: u64,
    }
}

row! {
    ShapeRow of "show/pattern_shapes" {
        shape_id: String,
        text: String,
        entry_count: u64,
        first_ns: Option<i64>,
    }
}

row! {
    /// A variable position over the whole archive.
    PositionRow of "show/pattern_variables" {
        position: usize,
        name: Option<String>,
        kinds: Vec<String>,
        value_kinds: u64,
        entry_count: u64,
        commonest: Vec<CountedValue>,
    } with {
        template: String,
        value: Nothing,
        examples: Nothing,
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountedValue {
    pub value: String,
    pub entry_count: u64,
}

row! {
    PatternSampleRow of "show/pattern_samples" {
        insert_id: Option<String>,
        entry_ns: i64,
        severity: String,
        message: Option<String>,
        file: Option<String>,
        line: u64,
    }
}

row! {
    /// The cluster of a pattern over the whole archive.
    PatternClusterRow of "show/cluster" {
        window_id: usize,
        lead_id: String,
        cluster_id: String,
        service: String,
        name: String,
        priority: String,
        priority_reasons: Vec<String>,
        category: String,
        rule_category: Option<String>,
        state: String,
        is_expected: bool,
        entry_count: u64,
        event_count: u64,
        severity: String,
        first_ns: i64,
        last_ns: i64,
        minute_count: u64,
        pause_ns: Option<i64>,
        instance_count: u64,
        all_instance_count: Option<u64>,
        revision_count: u64,
        trace_count: u64,
        request_count: u64,
        server_error_count: u64,
        all_request_count: Option<u64>,
        user_count: Option<u64>,
        verdict: Option<String>,
        ratio: Option<f64>,
        ratio_lower: Option<f64>,
        ratio_upper: Option<f64>,
        changed_revision: Option<String>,
        base_revision: Option<String>,
    } with {
        members: Vec<ClusterMemberRow>,
        hours: Vec<HoursRow>,
        changes: Vec<LeadChangeRow>,
    }
}

row! {
    ClusterMemberRow of "show/cluster_members" {
        pattern_id: String,
        is_lead: bool,
        reason: Option<String>,
        template: String,
        kind: String,
        entry_count: u64,
        severity: String,
        call_module: Option<String>,
        call_function: Option<String>,
        call_lines: Option<Numbers>,
        together_count: Option<u64>,
        member_count: Option<u64>,
        lag_ns: Option<i64>,
        chance: Option<f64>,
    }
}

row! {
    /// Entries by the hour of the day.
    HoursRow of "show/cluster_hours" {
        counts: Vec<i64>,
    }
}

row! {
    /// A cluster's lead in a revision against the one before.
    LeadChangeRow of "show/cluster_revisions" {
        revision: String,
        base_revision: String,
        verdict: String,
        base_count: u64,
        target_count: u64,
        ratio: Option<f64>,
        ratio_lower: Option<f64>,
        ratio_upper: Option<f64>,
        q: Option<f64>,
        reason: Option<String>,
    }
}

/// One pattern from close by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShownPattern {
    /// None of patterns below what clusters are made of.
    pub cluster: Option<PatternClusterRow>,
    pub pattern: PatternRow,
    pub revisions: Vec<SeenRow>,
    pub sites: Vec<SiteRow>,
    pub shapes: Vec<ShapeRow>,
    pub variables: Vec<PositionRow>,
    pub samples: Vec<PatternSampleRow>,
}

/// What the template of a pattern reads.
#[derive(Debug, Serialize)]
pub struct PatternView<'a> {
    cluster: Option<&'a PatternClusterRow>,
    pattern: &'a PatternRow,
    revisions: &'a [SeenRow],
    sites: &'a [SiteRow],
    shapes: &'a [ShapeRow],
    is_one_shape: bool,
    variables: Vec<With<'a, PositionRow, PositionParts>>,
    samples: &'a [PatternSampleRow],
}

#[derive(Debug, Serialize)]
pub struct PositionParts {
    /// From 1.
    number: usize,
    is_constant: bool,
    /// Than the commonest that are listed.
    has_more: bool,
}

impl Viewed for PositionRow {
    type Parts = PositionParts;

    fn parts(&self) -> PositionParts {
        PositionParts {
            number: self.position + 1,
            is_constant: self.value_kinds == 1,
            has_more: self.value_kinds > self.commonest.len() as u64,
        }
    }
}

impl ShownPattern {
    pub fn view(&self) -> PatternView<'_> {
        PatternView {
            cluster: self.cluster.as_ref(),
            pattern: &self.pattern,
            revisions: &self.revisions,
            sites: &self.sites,
            shapes: &self.shapes,
            is_one_shape: self.shapes.len() == 1,
            variables: all(&self.variables),
            samples: &self.samples,
        }
    }
}
