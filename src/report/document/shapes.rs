//! The fields of what documents hold beside rows of queries, for the schemas of their JSON.

use super::{
    Document, LinkPages, Sections,
    causes::{BeforeRow, LastLineRow, QuietFailureRow},
    changes::{ChangeRow, ComparisonRow, Exposure, LastWorklogRow, ResolvedRow, SinceLastRow},
    cluster::{BarsRow, Cluster, ClusterRevisionRow, ClusterRow, ClusterSlotsRow, MemberRow},
    code::Code,
    comparison::{ComparedPair, Comparison, PairChangeRow, PairExposureRow, PairRequestRow, PairValueRow},
    coverage::{CutRow, FileRow, GapRow},
    deployments::{ComparedSettingsRow, DeploymentRow, PairSettingsRow, RolledBack, SettingChange},
    details::{CorrelationRow, DifferRow, FieldRow, HintRow, NeighbourRow, NewValueRow, UserRow, VariableRow},
    frame::{AnyTier, Frame, ProvenanceFrame, Texts, WindowFrame},
    incidents::{CascadeRow, EffectRow, FollowRow, IncidentRow},
    index::{Turn, Worst},
    origin::{OriginRow, OriginSettingsRow, ProblemRow, RevisionCell},
    pattern::{
        CountedValue, PatternClusterRow, PatternRow, PatternSampleRow, PositionRow, SeenRow, ShapeRow, ShownPattern,
        SiteRow,
    },
    requests::{RequestEndRow, RequestRow},
    sample::SampleRow,
    unusual::{DriftRow, RepeatRow, SlowRow},
    verdict::VerdictRow,
    window::{EnvironmentRow, RevisionRow, SeverityRow, SeveritySlotsRow, StartsRow, TimelineRow, TotalsRow},
};
use crate::{
    model::sides::{Pair, Side},
    repository::{CommitSide, Commits, Owners, Place, Relation, TouchingCommit, Unknown},
    rules::{Priority, Tier},
    schema::{Definitions, Described, described, described_as},
};

described!(Document {
    clusters: Vec<Cluster>,
    links: Option<LinkPages>,
    queries_page: &'static str,
    project: Option<String>,
} of Sections, Frame);

described!(Sections {
    severities: Vec<SeverityRow>,
    files: Vec<FileRow>,
    cuts: Vec<CutRow>,
    gaps: Vec<GapRow>,
    revision_rows: Vec<RevisionRow>,
    environment: Vec<EnvironmentRow>,
    problems: Vec<ProblemRow>,
    quiet_failures: Vec<QuietFailureRow>,
    deployments: Vec<DeploymentRow>,
    slow_endpoints: Vec<SlowRow>,
    repeated_statements: Vec<RepeatRow>,
    drifting_numbers: Vec<DriftRow>,
    changes: Vec<ChangeRow>,
    since_last: Vec<SinceLastRow>,
    resolved: Vec<ResolvedRow>,
    timeline: Vec<TimelineRow>,
    severity_slots: Vec<SeveritySlotsRow>,
    totals: TotalsRow,
    starts_rows: StartsRow,
    verdict: VerdictRow,
    comparison: Option<ComparisonRow>,
    compared_settings: Option<ComparedSettingsRow>,
    last_worklog: Option<LastWorklogRow>,
});

described!(Frame {
    document_version: u32,
    service: String,
    window: WindowFrame,
    making: ProvenanceFrame,
    texts: Texts,
});

described!(WindowFrame {
    from_ns: i64,
    to_ns: i64,
    revision: Option<String>,
    asked: String,
    focus: String,
    zone: String,
    minimum_severity: String,
    minimum_number: usize,
});

described!(ProvenanceFrame {
    generated_ns: i64,
    version: String,
    rules_version: String,
    shape_version: u64,
    database: String,
});

/// Rules' texts are there where rules say any.
impl crate::schema::Fields for Texts {
    const NAME: &'static str = "Texts";

    fn fields(definitions: &mut Definitions) -> Vec<crate::schema::Field> {
        use crate::schema::Field;
        let optional = ["serde(skip_serializing_if)"];
        vec![
            Field::new::<String>("executive", &optional, definitions),
            Field::new::<String>("next_steps", &optional, definitions),
            Field::new::<Vec<String>>("process_notes", &[], definitions),
            Field::new::<Vec<AnyTier>>("tier", &[], definitions),
        ]
    }
}

described!(Tier {
    priorities: Vec<Priority>,
    title: Option<String>,
    heading: Option<String>,
    text: Option<String>,
    points: Vec<String>,
    risk_label: Option<String>,
    risk: Option<String>,
});

/// A tier that no rule names has no more than these.
struct PlainTier;

described!(PlainTier {
    priorities: Vec<Priority>,
    title: String,
    points: Vec<String>,
});

impl Described for AnyTier {
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        serde_json::json!({"anyOf": [Tier::schema(definitions), PlainTier::schema(definitions)]})
    }
}

described!(LinkPages {
    index: String,
    previous: Option<String>,
    next: Option<String>,
    index_page: Option<String>,
    previous_page: Option<String>,
    next_page: Option<String>,
    cluster_prefix: Option<String>,
});

/// Its sample is there where it has one.
impl crate::schema::Fields for Cluster {
    const NAME: &'static str = "Cluster";

    fn fields(definitions: &mut Definitions) -> Vec<crate::schema::Field> {
        use crate::schema::Field;
        let mut fields = <ClusterRow as crate::schema::Fields>::fields(definitions);
        fields.extend(<ClusterParts as crate::schema::Fields>::fields(definitions));
        const WHERE_ANY: &[&str] = &["serde(skip_serializing_if)"];
        fields.push(Field::new::<Vec<OriginSettingsRow>>("origin_settings", WHERE_ANY, definitions));
        fields.push(Field::new::<Code>("code", WHERE_ANY, definitions));
        fields.push(Field::new::<String>("sample", WHERE_ANY, definitions));
        fields
    }
}

/// The sections about a cluster.
struct ClusterParts;

described!(ClusterParts {
    members: Vec<MemberRow>,
    fields: Vec<FieldRow>,
    hints: Vec<HintRow>,
    variables: Vec<VariableRow>,
    new_values: Vec<NewValueRow>,
    neighbours: Vec<NeighbourRow>,
    follows: Vec<FollowRow>,
    effects: Vec<EffectRow>,
    requests: Vec<RequestRow>,
    request_ends: Vec<RequestEndRow>,
    incident_rows: Vec<IncidentRow>,
    cascade: Vec<CascadeRow>,
    minutes: Vec<BarsRow>,
    cluster_slots: Vec<ClusterSlotsRow>,
    last_lines: Vec<LastLineRow>,
    before_onsets: Vec<BeforeRow>,
    origins: Vec<OriginRow>,
    cluster_revisions: Vec<ClusterRevisionRow>,
    cluster_users: Vec<UserRow>,
    correlations: Vec<CorrelationRow>,
    differing_values: Vec<DifferRow>,
    sample_rows: Vec<SampleRow>,
});

described!(RevisionCell {
    revision: String,
    entry_count: u64,
    instance_count: u64,
    start_count: u64,
    active_minutes: u64,
    is_collected: bool,
});

described!(Exposure {
    severities: Vec<String>,
    unit: String,
    base_exposure: f64,
    target_exposure: f64,
});

described!(SettingChange {
    setting: String,
    change: String,
    before: Option<String>,
    after: Option<String>,
});

described!(RolledBack {
    revision: Option<String>,
    what: String,
});

described!(CountedValue { value: String, entry_count: u64 });

described!(Turn { span_number: usize, focus: String, state: String });

described!(Worst {
    verdict: String,
    template: String,
    ratio: Option<f64>,
    ratio_lower: Option<f64>,
    ratio_upper: Option<f64>,
});

described!(Comparison {
    left_out: Vec<String>,
    least_severity: String,
    shows_all: bool,
    lists_patterns: bool,
    pairs: Vec<ComparedPair>,
});

described!(ComparedPair {
    settings: Option<PairSettingsRow>,
    exposures: Vec<PairExposureRow>,
    problems: Vec<PairChangeRow>,
    changes: Vec<PairChangeRow>,
    requests: Vec<PairRequestRow>,
    new_values: Vec<PairValueRow>,
} of Pair);

described!(Code { reason: Option<String>, commits: Option<Commits>, owners: Option<Owners> });

described!(Commits {
    base: CommitSide,
    target: CommitSide,
    unknown: Vec<Unknown>,
    is_shallow: bool,
    relation: Option<Relation>,
    commit_count: u64,
    base_count: u64,
    touching: Vec<TouchingCommit>,
    touching_count: u64,
    paths: Vec<String>,
    unmapped: Vec<String>,
    alike_count: u64,
});

described!(CommitSide { revision: String, commit: Option<String> });

described!(TouchingCommit {
    commit: String,
    day: String,
    subject: String,
    path: String,
    place: Place,
    is_at_line: bool,
    link: Option<String>,
});

described!(Place {
    file: String,
    function: Option<String>,
    line: Option<u32>,
    frame: Option<u64>,
    is_related: bool,
});

described!(Owners {
    path: String,
    source: String,
    users: Vec<String>,
    teams: Vec<String>,
    address_count: u64,
});

described_as! {
    {"enum": ["same", "ahead", "back", "apart"]}: Relation;
    {
        "type": "object",
        "properties": {
            "why": {"enum": ["not_named", "no_hash", "not_in_clone", "git"]},
            "revision": {"type": "string"},
            "commit": {"type": "string"},
            "said": {"type": "string"}
        },
        "required": ["why"]
    }: Unknown;
}

described!(Pair { pair_id: usize, service: String, base: Side, target: Side });

described!(Side {
    label: String,
    revision: Option<String>,
    from_ns: i64,
    to_ns: i64,
});

described!(ShownPattern {
    cluster: Option<PatternClusterRow>,
    pattern: PatternRow,
    revisions: Vec<SeenRow>,
    sites: Vec<SiteRow>,
    shapes: Vec<ShapeRow>,
    variables: Vec<PositionRow>,
    samples: Vec<PatternSampleRow>,
});
