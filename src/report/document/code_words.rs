//! Commits between two revisions, in words: what touches the files of frames, and what is not known.

use serde::Serialize;

use crate::{
    report::sentence::{Part, Sentence, code, joined, sentence, text},
    repository::{CommitSide, Commits, Owners, Place, Relation, TouchingCommit, Unknown, short},
    text::words::plural,
};

/// Files that a sentence names.
const NAMED: usize = 3;

/// What is said of the commits between two revisions.
#[derive(Debug, Clone, Serialize)]
pub struct CommitsParts {
    /// How they lie, and how many touch the files.
    heading: Sentence,
    /// How they lie.
    range: Sentence,
    /// How many touch the files, or why that is not known.
    files: Sentence,
    /// The commits that touch the files, a line each.
    lines: Vec<Sentence>,
    /// That there are more.
    more: Option<String>,
}

impl CommitsParts {
    pub(super) fn of(commits: &Commits) -> Self {
        let more = commits.touching_count.saturating_sub(commits.touching.len() as u64);
        // the list that may follow
        let end = if commits.touching.is_empty() { "." } else { ":" };
        let (range, files) = (commits.range(), commits.files());
        let heading = match commits.commit_count {
            0 => range.clone().and([sentence!["."]]),
            _ => range.clone().and([sentence!["; "], files.clone(), sentence![end]]),
        };
        CommitsParts {
            heading,
            range: range.and([sentence!["."]]),
            files: files.and([sentence![end]]),
            lines: commits.touching.iter().map(line).collect(),
            more: (more > 0).then(|| plural(more, "more commit")),
        }
    }
}

impl Commits {
    fn range(&self) -> Sentence {
        let (base, target) = (named(&self.base), named(&self.target));
        let Some(relation) = self.relation else {
            return sentence!["Commits between "]
                .and([base, sentence![" and "], target, sentence![" are not known: "]])
                .and([joined(self.unknown.iter().map(why), "; ")])
                .and(self.is_shallow.then(|| sentence!["; the clone is shallow"]));
        };
        let shallow = self.is_shallow.then(|| sentence!["; the clone is shallow, so commits may be missing"]);
        let count = plural(self.commit_count, "commit");
        let range = match relation {
            Relation::Same => {
                let commit = self.target.commit.as_deref().unwrap_or_default();
                let (base, target) = (code(&self.base.revision), code(&self.target.revision));
                sentence![base, " and ", target, " were built from the same commit, ", code(short(commit.trim()))]
            }
            Relation::Ahead => sentence!["Between "].and([base, sentence![" and "], target, sentence![": ", count]]),
            Relation::Apart => {
                let are = if self.base_count == 1 { "is" } else { "are" };
                let own = plural(self.base_count, "commit");
                sentence![format!("{count} of ")]
                    .and([target, sentence![" that "], base, sentence![" does not have"]])
                    .and([sentence![format!(" ({own} of the latter {are} not in the former)")]])
            }
            Relation::Back => {
                let were = if self.commit_count == 1 { "was" } else { "were" };
                let back = sentence![format!(": {count} {were} taken back")];
                target.and([sentence![" was built from an older commit than "], base, back])
            }
        };
        range.and(shallow)
    }

    fn files(&self) -> Sentence {
        if !self.touching.is_empty() {
            let touch = if self.touching_count == 1 { "touches" } else { "touch" };
            return sentence![format!("{} {touch} the files of its frames", self.touching_count)];
        }
        let list = |names: &[String]| {
            let shown = names.iter().take(NAMED).map(|name| sentence![code(name)]);
            let more = names.len().saturating_sub(NAMED);
            joined(shown, ", ").and((more > 0).then(|| sentence![format!(" and {more} more")]))
        };
        let unknown = "which of them matter is not known, for ";
        match (self.paths.as_slice(), self.unmapped.as_slice()) {
            ([], []) => sentence![unknown, "no entry names a place in the code"],
            ([], [first, ..]) if self.alike_count > 1 => {
                let alike = plural(self.alike_count, "file");
                sentence![unknown, format!("{alike} of the repository match "), code(first), " alike"]
            }
            ([], unmapped) => sentence![unknown, "no file of the repository matches "].and([list(unmapped)]),
            (paths, _) => sentence!["none touches the files of its frames, "].and([list(paths)]),
        }
    }
}

fn named(side: &CommitSide) -> Sentence {
    let commit = side.commit.as_deref().map(|commit| sentence![" (", code(short(commit.trim())), ")"]);
    sentence![code(&side.revision)].and(commit)
}

fn why(unknown: &Unknown) -> Sentence {
    match unknown {
        Unknown::NotNamed { revision } => sentence!["no entry names the commit of ", code(revision)],
        Unknown::NoHash { revision, said } => {
            sentence!["what entries name as the commit of ", code(revision), ", ", code(said), ", is no hash of one"]
        }
        Unknown::NotInClone { commit, .. } => sentence!["the clone has no commit ", code(short(commit))],
        Unknown::Git { said } => sentence![text(said)],
    }
}

fn line(commit: &TouchingCommit) -> Sentence {
    let name = short(&commit.commit).to_owned();
    let name = match &commit.link {
        Some(url) => Part::Link { text: name, url: url.clone() },
        None => Part::Code(name),
    };
    let near = commit.is_at_line.then(|| sentence![", wrote lines there"]);
    sentence![name, format!(" {} ", commit.day), text(&commit.subject), " (", code(&commit.path), ", "]
        .and([sentence![place(&commit.place)]])
        .and(near)
        .and([sentence![")"]])
}

/// Who owns the file of the nearest frame.
pub(super) fn owned(owners: &Owners) -> Sentence {
    let users = owners.users.iter().map(|name| sentence![code(&format!("@{name}"))]);
    let teams = owners.teams.iter().map(|name| sentence!["the team ", code(&format!("@{name}"))]);
    let addresses = (owners.address_count > 0)
        .then(|| sentence![format!("{} known by e-mail", plural(owners.address_count, "owner"))]);
    let all = joined(users.chain(teams).chain(addresses), ", ");
    all.and([sentence![" for ", code(&owners.path), ", by ", code(&owners.source)]])
}

fn place(place: &Place) -> String {
    let what = match place.frame {
        Some(frame) => format!("frame {frame}"),
        None => "the call site".into(),
    };
    if place.is_related { format!("{what} of a related error") } else { what }
}
