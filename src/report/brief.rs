//! The first screen of a worklog within a bound: the verdict, the first action, the most urgent clusters, each with the id to ask
//! further with.

use anyhow::Result;
use serde::Serialize;

use super::{
    Renderer,
    document::{
        ClusterAnswers, Summary,
        cluster::{Cluster, MemberRow},
        cluster_view::ClusterView,
        finished,
        verdict::{VerdictRow, first_action, first_place, has_history, known_part},
    },
    sentence::Sentence,
};
use crate::{model::window::Window, schema::described, text::redact::Redactor};

/// What one token is taken for: models cut English and log texts into pieces of three to five characters.
const TOKEN_BYTES: usize = 4;

/// What a brief's template reads.
#[derive(Serialize)]
struct BriefView<'a> {
    service: &'a str,
    last_ns: Option<i64>,
    opening: Sentence,
    first_action: Option<&'a str>,
    first_place: Option<&'a MemberRow>,
    known_part: Option<Sentence>,
    clusters: Vec<ClusterView<'a>>,
    more_cluster_count: usize,
}

/// What is known of a service in a window, in brief.
pub struct Brief {
    /// The priority of its most urgent cluster; what has none is last.
    pub urgency: String,
    pub text: String,
    /// The same for programs: numbers and ids beside the text.
    pub document: BriefDocument,
}

#[derive(Serialize)]
pub struct BriefDocument {
    service: String,
    from_ns: i64,
    to_ns: i64,
    verdict: VerdictRow,
    first_action: Option<String>,
    clusters: Vec<BriefCluster>,
    more_cluster_count: usize,
    text: String,
}

described!(BriefDocument {
    service: String,
    from_ns: i64,
    to_ns: i64,
    verdict: VerdictRow,
    first_action: Option<String>,
    clusters: Vec<BriefCluster>,
    more_cluster_count: usize,
    text: String,
});

#[derive(Serialize)]
struct BriefCluster {
    cluster_id: String,
    priority: String,
    state: String,
    state_before_end: String,
    ended_by: Option<String>,
    end_revision: Option<String>,
    name: String,
    severity: String,
    entry_count: u64,
    first_ns: i64,
    last_ns: i64,
    revisions: Vec<String>,
    first_revision: Option<String>,
    absent_before: Option<Vec<String>>,
}

described!(BriefCluster {
    cluster_id: String,
    priority: String,
    state: String,
    state_before_end: String,
    ended_by: Option<String>,
    end_revision: Option<String>,
    name: String,
    severity: String,
    entry_count: u64,
    first_ns: i64,
    last_ns: i64,
    revisions: Vec<String>,
    first_revision: Option<String>,
    absent_before: Option<Vec<String>>,
});

/// As many clusters as fit; the first always does.
pub fn brief(
    answers: ClusterAnswers,
    summary: &Summary,
    window: &Window,
    tokens: usize,
    template: &str,
    renderer: &Renderer,
    redactor: &Redactor,
) -> Result<Brief> {
    let clusters = finished(answers.clusters, &answers.environment, window, redactor)?;
    let Summary { verdict, totals, file_count, cut_count } = summary;
    let render = |shown: usize| {
        let view = BriefView {
            service: &window.service,
            last_ns: totals.last_ns,
            opening: verdict.words(),
            first_action: first_action(&clusters),
            first_place: first_place(&clusters),
            known_part: known_part(*file_count, *cut_count, totals, has_history(&clusters)),
            clusters: clusters[..shown].iter().map(ClusterView::new).collect(),
            more_cluster_count: clusters.len() - shown,
        };
        renderer.render(template, &view)
    };
    let mut shown = clusters.len();
    let mut text = render(shown)?;
    while shown > 1 && text.len() > tokens.saturating_mul(TOKEN_BYTES) {
        shown -= 1;
        text = render(shown)?;
    }
    let document = BriefDocument {
        service: window.service.clone(),
        from_ns: window.from_ns,
        to_ns: window.to_ns,
        verdict: verdict.clone(),
        first_action: first_action(&clusters).map(str::to_owned),
        clusters: clusters[..shown].iter().map(in_brief).collect(),
        more_cluster_count: clusters.len() - shown,
        text: anstream::adapter::strip_str(&text).to_string(),
    };
    let urgency = clusters.first().map_or("P9".into(), |cluster| cluster.row.priority.clone());
    Ok(Brief { urgency, text, document })
}

fn in_brief(cluster: &Cluster) -> BriefCluster {
    let row = &cluster.row;
    let origin = cluster.origins.first();
    BriefCluster {
        cluster_id: row.cluster_id.clone(),
        priority: row.priority.clone(),
        state: row.state.clone(),
        state_before_end: row.state_before_end.clone(),
        ended_by: row.ended_by.clone(),
        end_revision: row.end_revision.clone(),
        name: row.name.clone(),
        severity: row.severity.clone(),
        entry_count: row.entry_count,
        first_ns: row.first_ns,
        last_ns: row.last_ns,
        revisions: cluster.cluster_revisions.iter().map(|row| row.revision.clone()).collect(),
        first_revision: origin.map(|origin| origin.first_revision.clone()),
        absent_before: origin.map(|origin| origin.absent_before.clone()),
    }
}
