//! The commits between two, with the files that they change.

use std::collections::HashMap;

use super::git::{Fault, Git, Subcommand};

/// Further back nobody looks for what a deployment brought.
const MOST_COMMITS: usize = 5_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Commit {
    pub hash: String,
    /// Seconds since 1970, of the commit itself: when it came to the branch.
    pub seconds: i64,
    pub subject: String,
    pub changes: Vec<Change>,
}

/// A file that a commit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub path: String,
    /// Where it was before.
    pub old_path: Option<String>,
}

/// The newest first; merges change nothing by themselves and are left out.
pub(super) fn between(git: &Git, base: &str, target: &str) -> Result<Vec<Commit>, Fault> {
    let (range, most) = (format!("{base}..{target}"), format!("--max-count={MOST_COMMITS}"));
    let log = |renames: &str| {
        let arguments = [
            "--date-order",
            "--no-merges",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--no-show-signature",
            "--encoding=UTF-8",
            "--name-status",
            renames,
            &most,
            "-z",
            "--format=tformat:%H%x00%ct%x00%s",
            "--end-of-options",
            &range,
            "--",
        ];
        git.run(Subcommand::Log, &arguments)
    };
    // a partial clone lacks the contents that tell a renamed file
    let printed = log("--find-renames").or_else(|fault| match fault {
        Fault::Failed(_) => log("--no-renames"),
        fault => Err(fault),
    })?;
    Ok(parse(&printed))
}

/// How many commits only the one has, and how many only the other.
pub(super) fn counts(git: &Git, base: &str, target: &str) -> Result<(u64, u64), Fault> {
    let range = format!("{base}...{target}");
    let printed =
        git.text(Subcommand::RevList, &["--left-right", "--count", "--no-merges", "--end-of-options", &range, "--"])?;
    let mut numbers = printed.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(base)), Some(Ok(target))) => Ok((base, target)),
        _ => Err(Fault::Failed("`git rev-list` did not count".into())),
    }
}

/// `hash NUL seconds NUL subject NUL`, then a line break and `status NUL path NUL` for each file, two paths where it was
/// renamed. A commit without files has no line break.
fn parse(printed: &[u8]) -> Vec<Commit> {
    let mut tokens = printed.split(|&byte| byte == 0).map(String::from_utf8_lossy).peekable();
    let mut commits = Vec::new();
    while let (Some(hash), Some(seconds), Some(subject)) = (tokens.next(), tokens.next(), tokens.next()) {
        let mut changes = Vec::new();
        if tokens.peek().is_some_and(|token| token.starts_with('\n')) {
            while let Some(status) = tokens.next_if(|token| is_status(token.trim_start_matches('\n'))) {
                let is_renamed = status.trim_start_matches('\n').starts_with(['R', 'C']);
                let old_path = if is_renamed { tokens.next() } else { None };
                let Some(path) = tokens.next() else { break };
                changes.push(Change { path: path.into_owned(), old_path: old_path.map(|path| path.into_owned()) });
            }
        }
        let (hash, subject) = (hash.into_owned(), subject.into_owned());
        commits.push(Commit { hash, seconds: seconds.parse().unwrap_or(0), subject, changes });
    }
    commits
}

/// A letter, and how alike the files are; a hash is longer.
fn is_status(token: &str) -> bool {
    let (head, digits) = token.split_at_checked(1).unwrap_or_default();
    "ABCDMRTUX".contains(head) && !head.is_empty() && digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Which of the files each commit touches: the smallest place of them, in the commits' order. What a file was called before
/// a commit renamed it is the same file in the commits before that.
pub(super) fn touching<'a>(commits: &'a [Commit], files: &[&str]) -> Vec<(&'a Commit, usize)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, file) in files.iter().enumerate() {
        places.entry((*file).to_owned()).or_insert(place);
    }
    let mut found = Vec::new();
    for commit in commits {
        let mut place = None::<usize>;
        for change in &commit.changes {
            let Some(&known) = places.get(&change.path) else { continue };
            place = Some(place.map_or(known, |place| place.min(known)));
            if let Some(old_path) = &change.old_path {
                places.entry(old_path.clone()).or_insert(known);
            }
        }
        found.extend(place.map(|place| (commit, place)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(hash: &str, changes: &[(&str, Option<&str>)]) -> Commit {
        let change =
            |(path, old): &(&str, Option<&str>)| Change { path: (*path).into(), old_path: old.map(Into::into) };
        Commit {
            hash: hash.into(),
            seconds: 5,
            subject: "a subject".into(),
            changes: changes.iter().map(change).collect(),
        }
    }

    #[test]
    fn the_log_is_read_with_renames_and_empty_commits() {
        let printed = b"aa\x005\0a subject\0\nM\0app/a.py\0R100\0app/b c.py\0app/d.py\0bb\x005\0a subject\0cc\x005\0a subject\0\nA\0M\0";
        let expected = [
            commit("aa", &[("app/a.py", None), ("app/d.py", Some("app/b c.py"))]),
            commit("bb", &[]),
            commit("cc", &[("M", None)]),
        ];
        assert_eq!(parse(printed), expected);
        assert!(parse(b"").is_empty());
    }

    #[test]
    fn a_renamed_file_is_followed_to_its_old_name() {
        let commits = [
            commit("new", &[("other.py", None), ("far.py", None)]),
            commit("rename", &[("near.py", Some("old.py"))]),
            commit("before", &[("old.py", None), ("far.py", None)]),
        ];
        let found = touching(&commits, &["near.py", "far.py"]);
        let found: Vec<(&str, usize)> = found.iter().map(|(commit, place)| (commit.hash.as_str(), *place)).collect();
        assert_eq!(found, [("new", 1), ("rename", 0), ("before", 0)]);
    }
}
