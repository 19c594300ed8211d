//! A cluster as templates read it: its rows, and what they come to.

use serde::Serialize;

use super::{
    causes::{BeforeRow, LastLineRow},
    cluster::{BarsRow, Cluster, ClusterRevisionRow, ClusterRow, ClusterSlotsRow, MemberRow},
    cluster_words::{effect_summary, summary},
    code::Code,
    details::{
        CorrelationRow, DifferRow, FieldRow, HintParts, HintRow, NeighbourRow, NewValueRow, UserParts, UserRow,
        VariableRow,
    },
    frame::{WindowFrame, title_of},
    incidents::{CascadeRow, EffectRow, FollowParts, FollowRow, IncidentRow},
    origin::OriginRow,
    outline::Outline,
    requests::{RequestEndRow, RequestRow},
    sample::SampleRow,
    view::{Viewed, With, all},
};
use crate::{
    report::sentence::{Sentence, n, sentence, text},
    text::words::plural,
};

/// Over a shorter time a line of bars says nothing.
const LEAST_BARS_NS: i64 = 120_000_000_000;
/// Revisions that an issue names.
const LAST_REVISIONS: usize = 5;
/// More of them are folded away.
const FEW_MEMBERS: usize = 8;

type Of<'a, R> = With<'a, R, <R as Viewed>::Parts>;

#[derive(Debug, Serialize)]
pub struct ClusterView<'a> {
    #[serde(flatten)]
    row: &'a ClusterRow,
    members: Vec<Of<'a, MemberRow>>,
    fields: Vec<Of<'a, FieldRow>>,
    hints: Vec<With<'a, HintRow, HintParts>>,
    variables: Vec<Of<'a, VariableRow>>,
    new_values: Vec<Of<'a, NewValueRow>>,
    neighbours: Vec<Of<'a, NeighbourRow>>,
    follows: Vec<With<'a, FollowRow, FollowParts>>,
    effects: &'a [EffectRow],
    requests: Vec<Of<'a, RequestRow>>,
    request_ends: Vec<Of<'a, RequestEndRow>>,
    incident_rows: Vec<Of<'a, IncidentRow>>,
    cascade: Vec<Of<'a, CascadeRow>>,
    minutes: &'a [BarsRow],
    cluster_slots: &'a [ClusterSlotsRow],
    last_lines: Vec<Of<'a, LastLineRow>>,
    before_onsets: Vec<Of<'a, BeforeRow>>,
    origins: Vec<Of<'a, OriginRow>>,
    cluster_revisions: &'a [ClusterRevisionRow],
    cluster_users: Vec<With<'a, UserRow, UserParts>>,
    correlations: Vec<Of<'a, CorrelationRow>>,
    differing_values: Vec<Of<'a, DifferRow>>,
    sample_rows: &'a [SampleRow],
    sample: Option<&'a str>,
    code: Option<Of<'a, Code>>,
    #[serde(flatten)]
    pub parts: ClusterParts<'a>,
}

/// What a cluster's rows come to together.
#[derive(Debug, Serialize)]
pub struct ClusterParts<'a> {
    pub is_in_summary: bool,
    /// The cluster of the summary that it follows.
    pub under: Option<u64>,
    /// Whether its sample is unfolded.
    pub is_open: bool,
    /// The query that lists its entries.
    pub query_lines: Vec<String>,
    /// What a Markdown worklog tells of it; none elsewhere.
    pub outline: Option<Outline<'a>>,
    priority_title: &'static str,
    /// That the entries themselves have another severity.
    severity_note: Option<Sentence>,
    lead: Option<Of<'a, MemberRow>>,
    others: Vec<Of<'a, MemberRow>>,
    /// Those that the cascade does not show.
    other_patterns: Vec<Of<'a, MemberRow>>,
    told_variables: Vec<Of<'a, VariableRow>>,
    /// Patterns that the course of incidents shows.
    shown_steps: Vec<&'a str>,
    has_few_members: bool,
    incident: Option<Of<'a, IncidentRow>>,
    /// Whether the course of starts or incidents is worth a section.
    has_course: bool,
    /// Whether it has more than one step.
    has_steps: bool,
    lists_revisions: bool,
    /// The newest five.
    last_revisions: &'a [ClusterRevisionRow],
    earlier_revision_count: usize,
    /// Of more than one entry.
    is_repeated: bool,
    shows_bars: bool,
    summary: Sentence,
    /// The same of an effect, whose cause stands above it.
    effect_summary: Sentence,
    /// Why it is in its state.
    story: Option<Sentence>,
    /// The same for who reads no more of it than an issue.
    issue_story: Option<Sentence>,
    frequency: Sentence,
    /// What stands behind the frequency.
    frequency_notes: Sentence,
    starts_words: Sentence,
}

impl<'a> ClusterView<'a> {
    pub fn new(cluster: &'a Cluster) -> Self {
        let row = &cluster.row;
        let lead_count = cluster.members.first().map_or(0, |lead| lead.entry_count);
        let is_same_instance = cluster.request_ends.first().is_some_and(|end| end.is_same_instance);
        let hint =
            |hint: &'a HintRow| With { row: hint, parts: HintParts { is_partial: hint.entry_count != lead_count } };
        let follow = |row: &'a FollowRow| With {
            row,
            parts: FollowParts {
                words: row.words(is_same_instance, true),
                plain: row.words(is_same_instance, false),
                counted: row.counted(),
            },
        };
        let user = |user: &'a UserRow| {
            let is_everybody = user.user_kinds == 1 && user.named_count == row.entry_count;
            With { row: user, parts: UserParts { is_everybody } }
        };
        ClusterView {
            row,
            members: all(&cluster.members),
            fields: all(&cluster.fields),
            hints: cluster.hints.iter().map(hint).collect(),
            variables: all(&cluster.variables),
            new_values: all(&cluster.new_values),
            neighbours: all(&cluster.neighbours),
            follows: cluster.follows.iter().map(follow).collect(),
            effects: &cluster.effects,
            requests: all(&cluster.requests),
            request_ends: all(&cluster.request_ends),
            incident_rows: all(&cluster.incident_rows),
            cascade: all(&cluster.cascade),
            minutes: &cluster.minutes,
            cluster_slots: &cluster.cluster_slots,
            last_lines: all(&cluster.last_lines),
            before_onsets: all(&cluster.before_onsets),
            origins: all(&cluster.origins),
            cluster_revisions: &cluster.cluster_revisions,
            cluster_users: cluster.cluster_users.iter().map(user).collect(),
            correlations: all(&cluster.correlations),
            differing_values: all(&cluster.differing_values),
            sample_rows: &cluster.sample_rows,
            sample: cluster.sample.as_deref(),
            code: cluster.code.as_ref().map(Viewed::view),
            parts: ClusterParts::of(cluster),
        }
    }
}

impl<'a> ClusterParts<'a> {
    fn of(cluster: &'a Cluster) -> Self {
        let row = &cluster.row;
        let incident = cluster.incident_rows.first();
        let has_steps = cluster.cascade.len() > 1;
        let earlier = cluster.cluster_revisions.len().saturating_sub(LAST_REVISIONS);
        let is_course = |incident: &IncidentRow| incident.whole_count > 1 || incident.cut_count > 0 || has_steps;
        ClusterParts {
            is_in_summary: false,
            under: None,
            is_open: false,
            query_lines: Vec::new(),
            outline: None,
            priority_title: title_of(&row.priority),
            severity_note: (row.written_severity != row.severity)
                .then(|| sentence![" (by the message; by the entries ", text(&row.written_severity), ")"]),
            lead: cluster.members.first().map(Viewed::view),
            others: cluster.members.iter().skip(1).map(Viewed::view).collect(),
            other_patterns: cluster.other_patterns().map(Viewed::view).collect(),
            told_variables: cluster.told_variables().map(Viewed::view).collect(),
            shown_steps: cluster.shown_steps(),
            has_few_members: cluster.members.len() < FEW_MEMBERS,
            incident: incident.map(Viewed::view),
            has_course: row.is_once_a_start || incident.is_some_and(is_course),
            has_steps,
            lists_revisions: cluster.cluster_revisions.len() > 1,
            last_revisions: &cluster.cluster_revisions[earlier..],
            earlier_revision_count: earlier,
            is_repeated: row.entry_count > 1,
            shows_bars: row.entry_count > 1 && row.span_ns > LEAST_BARS_NS,
            summary: summary(cluster),
            effect_summary: effect_summary(cluster),
            story: row.story(),
            issue_story: row.issue_story(),
            frequency: row.frequency(incident),
            frequency_notes: row.frequency_notes(),
            starts_words: sentence![
                "Written once at each start (",
                n(plural(row.start_count, "instance"), "cluster_rows"),
                " first seen in the window; counts follow the number of starts)"
            ],
        }
    }
}

impl Cluster {
    /// The patterns that the course of its starts or incidents shows.
    pub(super) fn shown_steps(&self) -> Vec<&str> {
        let is_seen = |incident: &IncidentRow| incident.whole_count > 0;
        let has_course = self.row.is_once_a_start || self.incident_rows.first().is_some_and(is_seen);
        if !has_course || self.cascade.len() < 2 {
            return Vec::new();
        }
        self.cascade.iter().map(|step| step.pattern_id.as_str()).collect()
    }
}

/// The query that lists a cluster's entries, line by line.
pub fn query_lines(cluster: &Cluster, service: &str, window: &WindowFrame) -> Vec<String> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let ids: Vec<String> = cluster.members.iter().map(|member| format!("'{}'", member.pattern_id)).collect();
    let revision = window.revision.as_deref().filter(|revision| !revision.is_empty());
    let revision = revision.map(|revision| format!(" and revision = {}", quoted(revision))).unwrap_or_default();
    vec![
        "select * from entries".into(),
        format!("where pattern_id in ({})", ids.join(", ")),
        format!("and service_key = {}{revision}", quoted(service)),
        format!("and severity_number >= {}", window.minimum_number),
        format!("and epoch_ns(entry_at) >= {} and epoch_ns(entry_at) < {}", window.from_ns, window.to_ns),
    ]
}
