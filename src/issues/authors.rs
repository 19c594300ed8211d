//! Whose markers are believed. In a public repository anyone may open issues and comment, and a marker is only text: one
//! that is forged could keep a cluster from being reported for good.
//!
//! The marker of an issue counts where the ledger says that the issue was made from here, and where its author is an app,
//! is who runs `gh`, or is of the repository's people, which GitHub is asked once for each author. Where it does not tell,
//! all markers count, as they do where issues are read from a file and the ledger knows no author. Of comments, those of
//! the marker's author count.

use std::collections::{HashMap, HashSet};

use super::{
    existing::{Author, Issue},
    gh::{Comment, Gh, Talk},
    ledger::Record,
};

/// What the ledger and GitHub say of authors.
pub(super) struct Authors<'a> {
    records: &'a [Record],
    gh: Option<&'a Gh>,
    /// Logins of issues that were made from here.
    own: HashSet<String>,
}

impl<'a> Authors<'a> {
    /// Without `gh` GitHub is not asked.
    pub(super) fn new(records: &'a [Record], gh: Option<&'a Gh>) -> Self {
        Authors { records, gh, own: HashSet::new() }
    }

    /// Takes the markers that are not believed away from their issues.
    pub(super) fn check(&mut self, issues: &mut [Issue]) {
        self.know(issues);
        let mut known: HashMap<String, bool> = HashMap::new();
        for issue in issues.iter_mut().filter(|issue| issue.marker.is_some()) {
            let Some(author) = issue.author.clone() else { continue };
            let is_believed = self.made(issue)
                || *known.entry(author.login.clone()).or_insert_with(|| self.is_believed(&author, issue.number));
            if !is_believed {
                issue.forged = issue.marker.take();
            }
        }
    }

    /// Takes note of who wrote the issues that were made from here.
    pub(super) fn know(&mut self, issues: &[Issue]) {
        let own = issues.iter().filter(|issue| self.made(issue)).filter_map(|issue| issue.author.as_ref());
        let own: Vec<String> = own.map(|author| author.login.clone()).collect();
        self.own.extend(own);
    }

    fn made(&self, issue: &Issue) -> bool {
        self.records.iter().any(|record| record.is_created && record.is_of(issue))
    }

    fn is_believed(&self, author: &Author, number: u64) -> bool {
        let unknown = || self.gh.is_some() || self.own.is_empty();
        author.is_app
            || self.own.contains(&author.login)
            || self.gh.and_then(|gh| gh.is_of_the_people(number).ok().flatten()).unwrap_or_else(unknown)
    }

    /// The texts of the comments that count, in their order.
    pub(super) fn believed<'t>(&self, issue: &Issue, talk: &'t Talk) -> impl DoubleEndedIterator<Item = &'t str> {
        let of_marker = talk.author.as_ref().or(issue.author.as_ref()).filter(|_| issue.marker.is_some());
        let of_marker = of_marker.map(|author| author.login.clone());
        let counts = move |comment: &&Comment| {
            let login = comment.login.as_ref();
            comment.is_own || login.is_some_and(|login| self.own.contains(login) || of_marker.as_ref() == Some(login))
        };
        talk.comments.iter().filter(counts).map(|comment| comment.text.as_str())
    }
}
