//! What a clone of the source code says of a comparison: the commits between both revisions, and which of them touch the files
//! of what is new or worse.

use anyhow::Result;
use duckdb::types::Value;

use super::comparison::ComparedPair;
use crate::{
    repository::{CommitSide, Place, Repositories},
    sql::{
        connection::Connection,
        row::{row, rows_as},
    },
};

row! {
    /// The commits of a pair's revisions.
    PairCommitsRow of "compare/commits" {
        pair_id: usize,
        base_commit: Option<String>,
        target_commit: Option<String>,
    }
}

row! {
    /// Where in the code a pattern is written.
    PairPlaceRow of "compare/code_places" {
        pair_id: usize,
        pattern_id: String,
        place: u64,
        file: String,
        function: Option<String>,
        line: Option<u32>,
        frame: Option<u64>,
    }
}

/// What came or grew, and so may come from a commit.
const GROWN: [&str; 3] = ["new", "worse", "burst"];

/// Asks the clones of the pairs' services; answers the sides that are no revision, of which no commit is known.
pub fn fill(
    connection: &Connection,
    parameters: &[(&str, Value)],
    repositories: &Repositories,
    pairs: &mut [ComparedPair],
) -> Result<Vec<String>> {
    let mut spans = Vec::new();
    if repositories.is_empty() {
        return Ok(spans);
    }
    let commits = rows_as::<PairCommitsRow>(connection, parameters)?;
    let mut places = None;
    for pair in pairs {
        let Some(repository) = repositories.of(&pair.pair.service) else { continue };
        let (base, target) = (&pair.pair.base, &pair.pair.target);
        let (Some(base_revision), Some(target_revision)) = (base.revision.clone(), target.revision.clone()) else {
            let is_span = |side: &&crate::model::sides::Side| side.revision.is_none();
            spans.extend([base, target].into_iter().filter(is_span).map(|side| side.label.clone()));
            continue;
        };
        let row = commits.iter().find(|row| row.pair_id == pair.pair.pair_id);
        let commit = |of: fn(&PairCommitsRow) -> &Option<String>| row.and_then(|row| of(row).clone());
        let base = CommitSide { revision: base_revision, commit: commit(|row| &row.base_commit) };
        let target = CommitSide { revision: target_revision, commit: commit(|row| &row.target_commit) };
        pair.commits = Some(repository.commits(&base, &target, &[]));
        let rows = pair.problems.iter_mut().chain(&mut pair.changes);
        // a problem is written where its leading pattern is
        for change in rows.filter(|change| GROWN.contains(&change.verdict.as_str())) {
            let places = match &places {
                Some(places) => places,
                None => places.insert(rows_as::<PairPlaceRow>(connection, parameters)?),
            };
            let is_own = |row: &&PairPlaceRow| row.pair_id == pair.pair.pair_id && row.pattern_id == change.pattern_id;
            let places: Vec<Place> = places.iter().filter(is_own).map(PairPlaceRow::place).collect();
            change.commits = Some(repository.commits(&base, &target, &places));
        }
    }
    spans.sort();
    spans.dedup();
    Ok(spans)
}

impl PairPlaceRow {
    fn place(&self) -> Place {
        Place {
            file: self.file.clone(),
            function: self.function.clone(),
            line: self.line,
            frame: self.frame,
            is_related: false,
        }
    }
}
