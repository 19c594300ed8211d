//! The source code of services: which file a frame means, which commits between two revisions touch it, who owns it. All of
//! it is read from a clone by `git` itself, which writes and sends nothing.
//!
//! What cannot be known is part of each answer: a commit that no entry names or that the clone lacks, a shallow clone,
//! frames that mean no file.

mod cache;
mod commits;
mod git;
mod owners;
mod paths;
mod web;

use std::{collections::HashSet, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use self::{
    cache::Cache,
    commits::Commit,
    git::{Fault, Git, Subcommand},
    owners::CodeOwners,
    paths::{Meaning, Tree},
    web::Web,
};
use crate::{config::repositories::RepositorySettings, model::services::is_called, text::escape::one_line};

/// Commits that an answer names.
const NAMED: usize = 5;
/// Frames whose lines are looked at, and how far around them.
const LINED: usize = 3;
const AROUND: u32 = 3;
/// Places that mean no file, of those that an answer names.
const UNMAPPED: usize = 3;

/// Where in the code something happened: a frame of a trace, or the call site of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// A path as the program was built with, or a module.
    pub file: String,
    pub function: Option<String>,
    pub line: Option<u32>,
    /// From 1, the innermost frame first; `None` for a call site.
    pub frame: Option<u64>,
    /// Of another pattern than the first of its cluster.
    pub is_related: bool,
}

/// A revision, and the commit that entries say it was built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitSide {
    pub revision: String,
    pub commit: Option<String>,
}

/// Why a revision's commit is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Unknown {
    /// No entry names it.
    NotNamed { revision: String },
    /// What entries name is no hash.
    NoHash { revision: String, said: String },
    /// The clone does not have it.
    NotInClone { revision: String, commit: String },
    /// `git` did not answer.
    Git { said: String },
}

/// How the commits of two revisions lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Same,
    /// The target holds all that the base holds.
    Ahead,
    /// The base holds all that the target holds: commits were taken back.
    Back,
    /// Each has commits of its own.
    Apart,
}

/// A commit between two revisions that touches a file of the frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchingCommit {
    pub commit: String,
    /// Of the commit itself, in UTC.
    pub day: String,
    pub subject: String,
    pub path: String,
    pub place: Place,
    /// Whether it wrote the line of the place, or one within three lines of it.
    pub is_at_line: bool,
    pub link: Option<String>,
}

/// What lies between two revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commits {
    pub base: CommitSide,
    pub target: CommitSide,
    pub unknown: Vec<Unknown>,
    pub is_shallow: bool,
    pub relation: Option<Relation>,
    /// Between the two; where each has its own, those of the target.
    pub commit_count: u64,
    /// Of the base, where each has its own.
    pub base_count: u64,
    /// The nearest frame first.
    pub touching: Vec<TouchingCommit>,
    pub touching_count: u64,
    /// Of the frames, the nearest first.
    pub paths: Vec<String>,
    /// Where no frame means a file: some of what the frames name, and how many files are as like the first of them.
    pub unmapped: Vec<String>,
    pub alike_count: u64,
}

/// Who looks after the file of the nearest frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    pub path: String,
    /// The file that says so.
    pub source: String,
    /// Names of users, without `@`.
    pub users: Vec<String>,
    /// `organisation/team`.
    pub teams: Vec<String>,
    /// Owners known by an e-mail address, which is not shown.
    pub address_count: u64,
}

/// The clones that are at hand, one a service or one for all.
#[derive(Debug, Default)]
pub struct Repositories(Vec<Repository>);

impl Repositories {
    /// Opens each. One that cannot be read says so in each answer.
    pub fn open(settings: &[RepositorySettings]) -> Self {
        Repositories(settings.iter().map(Repository::open).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The clone that is configured for a service, else the one for all.
    pub fn of(&self, service: &str) -> Option<&Repository> {
        let is_own =
            |repository: &&Repository| repository.service.as_ref().is_some_and(|name| is_called(service, name));
        let own = self.0.iter().find(is_own);
        own.or_else(|| self.0.iter().find(|repository| repository.service.is_none()))
    }

    /// What is wrong with them as a whole, for whoever started the program.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|repository| {
            Some(format!("no commits of `{}`: {}", repository.shown, repository.fault.as_ref()?))
        })
    }

    /// Changes with what they are asked for and with what they hold.
    pub fn state(&self) -> String {
        self.0.iter().map(|repository| repository.state()).collect::<Vec<_>>().join(" ")
    }
}

/// A clone.
#[derive(Debug)]
pub struct Repository {
    service: Option<String>,
    /// The folder as it was named.
    shown: String,
    /// What paths begin with that belong to the service: empty, or with a slash at its end.
    root: String,
    git: Git,
    fault: Option<String>,
    is_shallow: bool,
    web: Option<Web>,
    settings: String,
    hashes: Cache<String, Result<String, Unknown>>,
    trees: Cache<String, Result<Arc<Tree>, Unknown>>,
    ranges: Cache<(String, String), Result<Arc<Range>, Unknown>>,
    blames: Cache<(String, String, String, u32), Arc<HashSet<String>>>,
    owners: Cache<(), Option<Arc<(&'static str, CodeOwners)>>>,
}

/// The commits of two, compared.
#[derive(Debug)]
struct Range {
    relation: Relation,
    /// The newest first: of the target alone, or of the base alone where they were taken back.
    commits: Vec<Commit>,
    count: u64,
    base_count: u64,
}

fn of_git(fault: &Fault) -> Unknown {
    Unknown::Git { said: fault.to_string() }
}

impl Repository {
    fn open(settings: &RepositorySettings) -> Self {
        let git = Git::new(&settings.path);
        let shallow = git.text(Subcommand::RevParse, &["--is-shallow-repository"]);
        let fault = shallow.as_ref().err().map(Fault::to_string);
        let top = git.text(Subcommand::RevParse, &["--show-toplevel"]).ok();
        let top = top.as_deref().and_then(|top| top.strip_suffix('\n')).filter(|top| !top.is_empty());
        // paths are told from the top; a bare repository has none
        let git = top.map_or(git, |top| Git::new(Path::new(top)));
        let of_remote = || {
            let remote = git.text(Subcommand::Remote, &["get-url", "origin"]).ok()?;
            Web::of_remote(&remote)
        };
        let written = settings.url.as_deref().and_then(|url| Web::written(url).ok());
        let root = settings.root.as_deref().unwrap_or_default().trim_matches('/');
        Repository {
            service: settings.service.clone(),
            shown: settings.path.display().to_string(),
            root: if root.is_empty() || root == "." { String::new() } else { format!("{root}/") },
            is_shallow: shallow.is_ok_and(|answer| answer.trim() == "true"),
            web: written.or_else(|| fault.is_none().then(of_remote).flatten()),
            settings: format!("{settings:?}"),
            git,
            fault,
            hashes: Cache::default(),
            trees: Cache::default(),
            ranges: Cache::default(),
            blames: Cache::default(),
            owners: Cache::default(),
        }
    }

    fn state(&self) -> String {
        let refs = self.git.run(Subcommand::RevParse, &["--all"]).unwrap_or_default();
        format!("{} {:016x} {}", self.settings, xxh3_64(&refs), self.is_shallow)
    }

    /// The commits between two revisions that touch the files of the places.
    pub fn commits(&self, base: &CommitSide, target: &CommitSide, places: &[Place]) -> Commits {
        let mut answer = Commits {
            base: base.clone(),
            target: target.clone(),
            unknown: Vec::new(),
            is_shallow: self.is_shallow,
            relation: None,
            commit_count: 0,
            base_count: 0,
            touching: Vec::new(),
            touching_count: 0,
            paths: Vec::new(),
            unmapped: Vec::new(),
            alike_count: 0,
        };
        if let Err(unknown) = self.fill(&mut answer, places) {
            answer.unknown = unknown;
        }
        answer
    }

    fn fill(&self, answer: &mut Commits, places: &[Place]) -> Result<(), Vec<Unknown>> {
        let (base, target) = match (self.hash(&answer.base), self.hash(&answer.target)) {
            (Ok(base), Ok(target)) => (base, target),
            (base, target) => {
                let mut unknown: Vec<Unknown> = [base, target].into_iter().filter_map(Result::err).collect();
                unknown.dedup();
                return Err(unknown);
            }
        };
        let of_one = |unknown| vec![unknown];
        let range = self.range(&base, &target).map_err(of_one)?;
        answer.relation = Some(range.relation);
        (answer.commit_count, answer.base_count) = (range.count, range.base_count);
        let tree = self.tree(&target).map_err(of_one)?;
        let files = self.files(&tree, places, answer);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let found = commits::touching(&range.commits, &paths);
        let is_at_line = |commit: &Commit, at: usize| {
            let (path, place) = &files[at];
            let line = place.line.filter(|_| at < LINED && range.relation != Relation::Back);
            line.is_some_and(|line| self.writers(&base, &target, path, line).contains(&commit.hash))
        };
        let mut ranked: Vec<(usize, bool, &Commit)> =
            found.iter().map(|(commit, at)| (*at, is_at_line(commit, *at), *commit)).collect();
        // in themselves they are the newest first
        ranked.sort_by_key(|(at, is_at_line, _)| (*at, !is_at_line));
        answer.touching_count = ranked.len() as u64;
        answer.touching = ranked
            .into_iter()
            .take(NAMED)
            .map(|(at, is_at_line, commit)| TouchingCommit {
                commit: commit.hash.clone(),
                day: day(commit.seconds),
                subject: one_line(&commit.subject, 200),
                path: files[at].0.clone(),
                place: files[at].1.clone(),
                is_at_line,
                link: self.web.as_ref().and_then(|web| web.commit(&commit.hash)),
            })
            .collect();
        answer.paths = files.into_iter().map(|(path, _)| path).collect();
        Ok(())
    }

    /// The files that the places mean, each once.
    fn files(&self, tree: &Tree, places: &[Place], answer: &mut Commits) -> Vec<(String, Place)> {
        let mut files: Vec<(String, Place)> = Vec::new();
        for place in places {
            match tree.meaning(place) {
                Meaning::File(path) if files.iter().any(|(known, _)| known == path) => {}
                Meaning::File(path) => files.push((path.to_owned(), place.clone())),
                Meaning::Several(count) => {
                    answer.alike_count = if answer.unmapped.is_empty() { count as u64 } else { answer.alike_count };
                    answer.unmapped.push(place.file.clone());
                }
                Meaning::Nothing => answer.unmapped.push(place.file.clone()),
            }
        }
        answer.unmapped.dedup();
        answer.unmapped.truncate(if files.is_empty() { UNMAPPED } else { 0 });
        if answer.unmapped.is_empty() {
            answer.alike_count = 0;
        }
        files
    }

    /// The address of a place at the commit of a revision, if its file is there.
    pub fn link(&self, side: &CommitSide, place: &Place) -> Option<String> {
        let web = self.web.as_ref()?;
        let commit = self.hash(side).ok()?;
        let tree = self.tree(&commit).ok()?;
        let Meaning::File(path) = tree.meaning(place) else { return None };
        Some(web.file(&commit, path, place.line))
    }

    /// Who owns the file of the nearest place, by the clone's last commit.
    pub fn owners(&self, side: Option<&CommitSide>, places: &[Place]) -> Option<Owners> {
        let known = self.owners.get((), || self.code_owners())?;
        let (source, owners) = &*known;
        let commit = side.and_then(|side| self.hash(side).ok()).unwrap_or_else(|| "HEAD".into());
        let tree = self.tree(&commit).ok()?;
        let path = places.iter().find_map(|place| match tree.meaning(place) {
            Meaning::File(path) => Some(path.to_owned()),
            _ => None,
        })?;
        let names = owners.of(&path);
        let of_kind = |is_team: bool| {
            let names = names.iter().filter_map(|name| name.strip_prefix('@'));
            names.filter(|name| name.contains('/') == is_team).map(str::to_owned).collect()
        };
        let address_count = names.iter().filter(|name| !name.starts_with('@')).count() as u64;
        let (users, teams) = (of_kind(false), of_kind(true));
        (!names.is_empty()).then(|| Owners { path, source: (*source).to_owned(), users, teams, address_count })
    }

    fn code_owners(&self) -> Option<Arc<(&'static str, CodeOwners)>> {
        owners::PLACES.iter().find_map(|place| {
            let text = self.git.text(Subcommand::CatFile, &["blob", &format!("HEAD:{place}")]).ok()?;
            Some(Arc::new((*place, CodeOwners::parse(&text))))
        })
    }

    /// The whole hash of a revision's commit.
    fn hash(&self, side: &CommitSide) -> Result<String, Unknown> {
        if let Some(fault) = &self.fault {
            return Err(Unknown::Git { said: fault.clone() });
        }
        let revision = || side.revision.clone();
        let Some(said) = side.commit.as_deref().map(str::trim).filter(|said| !said.is_empty()) else {
            return Err(Unknown::NotNamed { revision: revision() });
        };
        let commit = said.to_ascii_lowercase();
        if !(7..=64).contains(&commit.len()) || !commit.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Unknown::NoHash { revision: revision(), said: one_line(said, 80) });
        }
        let missing = || Unknown::NotInClone { revision: revision(), commit: commit.clone() };
        self.hashes.get(commit.clone(), || {
            let arguments = ["--verify", "--quiet", &format!("{commit}^{{commit}}")];
            match self.git.text(Subcommand::RevParse, &arguments) {
                // a branch may be called like a commit
                Ok(hash) if hash.starts_with(&commit) => Ok(hash.trim().to_owned()),
                Ok(_) | Err(Fault::Failed(_)) => Err(missing()),
                Err(fault) => Err(of_git(&fault)),
            }
        })
    }

    fn tree(&self, commit: &str) -> Result<Arc<Tree>, Unknown> {
        self.trees.get(commit.to_owned(), || {
            let arguments = ["-r", "-z", "--name-only", "--full-tree", commit];
            let printed = self.git.run(Subcommand::LsTree, &arguments).map_err(|fault| of_git(&fault))?;
            let files = printed.split(|&byte| byte == 0).filter_map(|path| str::from_utf8(path).ok());
            let files = files.filter(|path| !path.is_empty() && path.starts_with(&self.root));
            Ok(Arc::new(Tree::new(files.map(str::to_owned))))
        })
    }

    fn range(&self, base: &str, target: &str) -> Result<Arc<Range>, Unknown> {
        let range = || {
            if base == target {
                return Ok(Range { relation: Relation::Same, commits: Vec::new(), count: 0, base_count: 0 });
            }
            let (base_count, target_count) = commits::counts(&self.git, base, target)?;
            let relation = match (base_count, target_count) {
                (0, _) => Relation::Ahead,
                (_, 0) => Relation::Back,
                _ => Relation::Apart,
            };
            let (commits, count, base_count) = match relation {
                Relation::Back => (commits::between(&self.git, target, base)?, base_count, 0),
                _ => (commits::between(&self.git, base, target)?, target_count, base_count),
            };
            Ok(Range { relation, commits, count, base_count })
        };
        self.ranges.get((base.to_owned(), target.to_owned()), || range().map(Arc::new).map_err(|fault| of_git(&fault)))
    }

    /// The commits between two that wrote a line of a file, or lines near to it. A clone without the contents of files does
    /// not tell.
    fn writers(&self, base: &str, target: &str, path: &str, line: u32) -> Arc<HashSet<String>> {
        let key = (base.to_owned(), target.to_owned(), path.to_owned(), line);
        self.blames.get(key, || {
            let lines = format!("-L{},{}", line.saturating_sub(AROUND).max(1), line.saturating_add(AROUND));
            let range = format!("{base}..{target}");
            let printed = self.git.text(Subcommand::Blame, &["-l", "-s", &lines, &range, "--", path]);
            let whole = |line: &str| Some(line.split_whitespace().next()?.to_owned());
            // what is older is marked
            let is_between = |hash: &String| !hash.starts_with('^');
            Arc::new(printed.unwrap_or_default().lines().filter_map(whole).filter(is_between).collect())
        })
    }
}

fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// The first letters of a hash, by which a commit is known.
pub fn short(commit: &str) -> &str {
    if commit.len() > 7 && commit.bytes().all(|b| b.is_ascii_hexdigit()) { &commit[..7] } else { commit }
}

/// Whether an address may stand in a configuration.
pub fn check_url(url: &str) -> anyhow::Result<()> {
    Web::written(url).map(drop)
}
