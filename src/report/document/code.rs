//! What a clone of the source code says of clusters: links of call sites, commits, owners.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use anyhow::Result;

use super::{
    cluster::Cluster,
    code_words::{self, CommitsParts},
    view::Viewed,
};
use crate::{
    model::window::Windows,
    report::sentence::Sentence,
    repository::{CommitSide, Commits, Owners, Place, Repositories, Repository},
    sql::{
        connection::Connection,
        row::{row, rows_as},
    },
};

row! {
    /// Between which revisions the code changed that matters for a cluster.
    CodeRangeRow of "report/code_ranges" per cluster {
        base_revision: Option<String>,
        base_commit: Option<String>,
        target_revision: Option<String>,
        target_commit: Option<String>,
        reason: Option<String>,
        seen_revision: Option<String>,
        seen_commit: Option<String>,
    }
}

row! {
    /// Where in the code a cluster is written.
    CodePlaceRow of "report/code_places" per cluster {
        place: u64,
        file: String,
        function: Option<String>,
        line: Option<u32>,
        frame: Option<u64>,
        is_related: bool,
    }
}

/// What the source code says of a cluster.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Code {
    /// Why two revisions are compared: `back`, `worse`, `introduced` or `first`.
    pub reason: Option<String>,
    pub commits: Option<Commits>,
    pub owners: Option<Owners>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CodeParts {
    told: Option<CommitsParts>,
    owned: Option<Sentence>,
}

impl Viewed for Code {
    type Parts = CodeParts;

    fn parts(&self) -> CodeParts {
        CodeParts {
            told: self.commits.as_ref().map(CommitsParts::of),
            owned: self.owners.as_ref().map(code_words::owned),
        }
    }
}

/// Asks the clones of the windows' services about their clusters.
pub(super) fn fill(
    connection: &Connection,
    windows: &Windows<'_>,
    repositories: &Repositories,
    clusters: &mut [Vec<Cluster>],
) -> Result<()> {
    if repositories.is_empty() {
        return Ok(());
    }
    let mut places: FxHashMap<(usize, String), Vec<Place>> = FxHashMap::default();
    for row in rows_as::<CodePlaceRow>(connection, &windows.parameters())? {
        places.entry((row.window_id, row.lead_id.clone())).or_default().push(row.place());
    }
    let ranges = rows_as::<CodeRangeRow>(connection, &windows.parameters())?;
    let ranges: FxHashMap<_, _> = ranges.iter().map(|row| ((row.window_id, row.lead_id.as_str()), row)).collect();
    for (id, (window, clusters)) in windows.list.iter().zip(clusters).enumerate() {
        let Some(repository) = repositories.of(&window.service) else { continue };
        for cluster in clusters {
            let places = places.remove(&(id, cluster.row.lead_id.clone())).unwrap_or_default();
            let range = ranges.get(&(id, cluster.row.lead_id.as_str())).copied();
            cluster.code = Some(code(repository, cluster, range, &places));
            if let Some(seen) = range.and_then(CodeRangeRow::seen) {
                link(repository, cluster, &seen);
            }
        }
    }
    Ok(())
}

fn code(repository: &Repository, cluster: &Cluster, range: Option<&CodeRangeRow>, places: &[Place]) -> Code {
    // what is as it should be is nobody's fault
    let asked = range.filter(|_| !cluster.row.is_expected);
    let commits = asked.and_then(|range| {
        let (base, target) = range.sides()?;
        Some(repository.commits(&base, &target, places))
    });
    let seen = range.and_then(CodeRangeRow::seen);
    Code {
        reason: asked.and_then(|range| range.reason.clone()),
        commits,
        owners: repository.owners(seen.as_ref(), places),
    }
}

/// The addresses of call sites and frames that the cluster shows.
fn link(repository: &Repository, cluster: &mut Cluster, seen: &CommitSide) {
    for member in &mut cluster.members {
        let line = member.call_lines.as_ref().and_then(|lines| lines.first().copied().flatten());
        if let Some(module) = member.call_module.as_ref().filter(|module| !module.is_empty()) {
            let place = Place {
                file: module.clone(),
                function: member.call_function.clone(),
                line: line.and_then(|line| u32::try_from(line).ok()),
                ..Place::default()
            };
            member.link = repository.link(seen, &place);
        }
        let exceptions = member.exceptions.as_deref().map(serde_json::from_str::<Value>);
        let Some(Ok(Value::Array(mut exceptions))) = exceptions else { continue };
        for exception in &mut exceptions {
            let text = |key: &str| exception[key].as_str().map(str::to_owned);
            let Some(file) = text("file") else { continue };
            let line = exception["line"].as_u64().and_then(|line| u32::try_from(line).ok());
            let place = Place { file, function: text("function"), line, ..Place::default() };
            exception["link"] = json!(repository.link(seen, &place));
        }
        member.exceptions = Some(Value::Array(exceptions).to_string());
    }
    for step in &mut cluster.cascade {
        let member = cluster.members.iter().find(|member| member.pattern_id == step.pattern_id);
        step.link = member.and_then(|member| member.link.clone());
    }
}

impl CodeRangeRow {
    fn sides(&self) -> Option<(CommitSide, CommitSide)> {
        let (base, target) = (self.base_revision.clone()?, self.target_revision.clone()?);
        Some((
            CommitSide { revision: base, commit: self.base_commit.clone() },
            CommitSide { revision: target, commit: self.target_commit.clone() },
        ))
    }

    fn seen(&self) -> Option<CommitSide> {
        Some(CommitSide { revision: self.seen_revision.clone()?, commit: self.seen_commit.clone() })
    }
}

impl CodePlaceRow {
    fn place(&self) -> Place {
        Place {
            file: self.file.clone(),
            function: self.function.clone(),
            line: self.line,
            frame: self.frame,
            is_related: self.is_related,
        }
    }
}
