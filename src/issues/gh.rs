//! Running GitHub's `gh`: arguments are handed over as they are, texts go to its standard input, no shell is between.

use std::{
    ffi::OsString,
    io::{ErrorKind, Write},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::existing::{self, Author, GONE, Issue};
use crate::text::{
    escape::{one_line, visible_block},
    words::shell,
};

const FIELDS: &str = "number,title,body,labels,state,url,closedAt,stateReason,author";
/// Those that every `gh` knows.
const OLD_FIELDS: &str = "number,title,body,labels,state,url,author";
/// Whether who runs `gh` wrote an issue, and what its author is to the repository.
const AUTHOR_QUERY: &str = "query=query($owner: String!, $repo: String!, $number: Int!) { \
     repository(owner: $owner, name: $repo) { issue(number: $number) { viewerDidAuthor authorAssociation } } }";
/// Who may be trusted with a repository's issues: its owner, the members of its organisation, who was invited to it.
const PEOPLE: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];
/// A list as long as its limit may not be whole.
const LIMITS: [usize; 3] = [1_000, 10_000, 100_000];

pub struct Gh {
    program: OsString,
    repository: Option<String>,
}

/// One run of `gh`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub arguments: Vec<String>,
    pub input: Option<String>,
}

/// What was said below an issue.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Of the issue.
    pub author: Option<Author>,
    /// In their order.
    pub comments: Vec<Comment>,
}

#[derive(Debug, Clone)]
pub struct Comment {
    pub login: Option<String>,
    /// Written by who runs `gh`.
    pub is_own: bool,
    pub text: String,
}

impl Gh {
    pub fn new(program: Option<&Path>, repository: Option<&str>) -> Self {
        let named = program.map(|program| program.as_os_str().to_owned());
        let program = named.or_else(|| std::env::var_os("GARDENER_GH").filter(|name| !name.is_empty()));
        Gh { program: program.unwrap_or_else(|| "gh".into()), repository: repository.map(str::to_owned) }
    }

    pub fn call(&self, arguments: &[&str], input: Option<String>) -> Call {
        let mut arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        if let Some(repository) = &self.repository {
            arguments.extend(["--repo".into(), repository.clone()]);
        }
        if input.is_some() {
            arguments.extend(["--body-file".into(), "-".into()]);
        }
        Call { arguments, input }
    }

    /// As somebody would type it.
    pub fn shown(&self, call: &Call) -> String {
        let words = call.arguments.iter().map(|argument| shell(argument));
        std::iter::once(shell(&self.program.to_string_lossy())).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// What it prints.
    pub fn run(&self, call: &Call) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(&call.arguments).env("GH_PROMPT_DISABLED", "1").env("NO_COLOR", "1").env_remove("GH_FORCE_TTY");
        let stdin = if call.input.is_some() { Stdio::piped() } else { Stdio::null() };
        let child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| self.missing(&error))?;
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), &call.input) {
            // one that fails without reading says itself why
            pipe.write_all(input.as_bytes()).or_else(|error| match error.kind() {
                ErrorKind::BrokenPipe => Ok(()),
                _ => Err(error),
            })?;
        }
        let output = child.wait_with_output().context("cannot wait for `gh`")?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = if said.trim().is_empty() { output.status.to_string() } else { said };
        let shown = one_line(&self.shown(call), 160);
        Err(anyhow!("{}", visible_block(said.trim())).context(format!("`{shown}` failed")))
    }

    fn missing(&self, error: &std::io::Error) -> anyhow::Error {
        anyhow!(
            "cannot run `{}`: {error}\n\nhint: install GitHub's `gh` and log in with `gh auth login`, name it with `--gh`, \
             or plan from saved issues with `--existing FILE`",
            self.program.to_string_lossy()
        )
    }

    /// All issues, open and closed.
    pub fn issues(&self) -> Result<Vec<Issue>> {
        for limit in LIMITS {
            let issues = self.list(limit)?;
            if issues.len() < limit {
                return Ok(issues);
            }
        }
        bail!("the repository has more than {} issues", LIMITS[LIMITS.len() - 1])
    }

    fn list(&self, limit: usize) -> Result<Vec<Issue>> {
        let limit = limit.to_string();
        let list = |fields: &str| {
            self.run(&self.call(&["issue", "list", "--state", "all", "--json", fields, "--limit", &limit], None))
        };
        let text = match list(FIELDS) {
            Err(error) if format!("{error:#}").contains("Unknown JSON field") => list(OLD_FIELDS)?,
            listed => listed?,
        };
        existing::parse(&text).context("`gh issue list` did not print a list of issues")
    }

    pub fn talk(&self, number: u64) -> Result<Talk> {
        let text = self.run(&self.call(&["issue", "view", &number.to_string(), "--json", "comments,author"], None))?;
        let document: Value = serde_json::from_str(&text).context("`gh issue view` did not print JSON")?;
        let comment = |row: &Value| {
            Some(Comment {
                login: Author::of(row).map(|author| author.login).filter(|login| login != GONE),
                is_own: row["viewerDidAuthor"].as_bool().unwrap_or(false),
                text: row["body"].as_str()?.to_owned(),
            })
        };
        let comments = document["comments"].as_array().into_iter().flatten().filter_map(comment).collect();
        Ok(Talk { author: Author::of(&document), comments })
    }

    /// Whether the author of an issue runs `gh` or belongs to the repository; empty where GitHub does not tell.
    pub fn is_of_the_people(&self, number: u64) -> Result<Option<bool>> {
        let mut arguments = vec!["api".into(), "graphql".into(), "-f".into(), AUTHOR_QUERY.into()];
        match self.repository.as_deref().and_then(|repository| repository.rsplit_once('/')) {
            Some((owner, repo)) => {
                let (host, owner) = owner.rsplit_once('/').map_or((None, owner), |(host, owner)| (Some(host), owner));
                arguments.extend(["-f".into(), format!("owner={owner}"), "-f".into(), format!("repo={repo}")]);
                arguments.extend(host.into_iter().flat_map(|host| ["--hostname".to_owned(), host.to_owned()]));
            }
            // `gh` fills these in by the current folder
            None => arguments.extend(["-F", "owner={owner}", "-F", "repo={repo}"].map(str::to_owned)),
        }
        arguments.extend(["-F".into(), format!("number={number}")]);
        let document: Value = serde_json::from_str(&self.run(&Call { arguments, input: None })?)?;
        let issue = &document["data"]["repository"]["issue"];
        let is_of_the_people = issue["authorAssociation"].as_str().map(|word| PEOPLE.contains(&word));
        Ok(if issue["viewerDidAuthor"].as_bool() == Some(true) { Some(true) } else { is_of_the_people })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_shown_so_that_a_shell_takes_them() {
        let gh = Gh::new(Some(Path::new("gh")), Some("o/r"));
        let call = gh.call(&["issue", "create", "--title", "it's $(x) `y`"], Some("text".into()));
        assert_eq!(gh.shown(&call), "gh issue create --title 'it'\\''s $(x) `y`' --repo o/r --body-file -");
    }
}
