//! The first screen of a worklog within a bound: the verdict, the first action, the most urgent clusters, each with the id to ask
//! further with.

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Renderer,
    document::{
        ClusterAnswers, Summary,
        cluster::{Cluster, MemberRow},
        cluster_view::ClusterView,
        finished,
        verdict::{first_action, first_place, has_history, known_part},
    },
    sentence::Sentence,
};
use crate::{model::window::Window, text::redact::Redactor};

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
    pub text: String,
    /// The same for programs: numbers and ids beside the text.
    pub json: Value,
}

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
    let listed: Vec<Value> = clusters[..shown].iter().map(in_brief).collect();
    let json = json!({
        "service": window.service,
        "from_ns": window.from_ns,
        "to_ns": window.to_ns,
        "verdict": verdict,
        "first_action": first_action(&clusters),
        "clusters": listed,
        "more_cluster_count": clusters.len() - shown,
        "text": anstream::adapter::strip_str(&text).to_string(),
    });
    Ok(Brief { text, json })
}

fn in_brief(cluster: &Cluster) -> Value {
    let row = &cluster.row;
    json!({
        "cluster_id": row.cluster_id,
        "priority": row.priority,
        "state": row.state,
        "name": row.name,
        "severity": row.severity,
        "entry_count": row.entry_count,
        "first_ns": row.first_ns,
        "last_ns": row.last_ns,
        "revisions": cluster.cluster_revisions.iter().map(|row| &row.revision).collect::<Vec<_>>(),
        "first_revision": cluster.origins.first().map(|origin| &origin.first_revision),
        "absent_before": cluster.origins.first().map(|origin| &origin.absent_before),
    })
}
