//! Running `git`: commands that only read, without prompts, pagers or hooks, and without anything that reaches another
//! machine: a partial clone fetches what it lacks when it is asked for it, so every protocol is forbidden.

use std::{
    ffi::OsString,
    fmt,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::text::escape::one_line;

/// A command that takes longer is ended.
const MOST_TIME: Duration = Duration::from_secs(30);
/// An answer that is longer is not read.
const MOST_BYTES: u64 = 64 << 20;

/// What may be run: nothing that writes, and nothing that looks at the files of the working tree.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subcommand {
    RevParse,
    RevList,
    Log,
    LsTree,
    CatFile,
    Blame,
    Remote,
}

impl Subcommand {
    fn name(self) -> &'static str {
        match self {
            Subcommand::RevParse => "rev-parse",
            Subcommand::RevList => "rev-list",
            Subcommand::Log => "log",
            Subcommand::LsTree => "ls-tree",
            Subcommand::CatFile => "cat-file",
            Subcommand::Blame => "blame",
            Subcommand::Remote => "remote",
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    NoProgram(String),
    Failed(String),
    Late,
    TooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NoProgram(why) => write!(f, "cannot run `git`: {why}"),
            Fault::Failed(said) => write!(f, "{said}"),
            Fault::Late => write!(f, "`git` took longer than {} s", MOST_TIME.as_secs()),
            Fault::TooLong => write!(f, "`git` answered more than {} MB", MOST_BYTES >> 20),
        }
    }
}

#[derive(Debug)]
pub(super) struct Git {
    program: OsString,
    folder: PathBuf,
}

/// Settings of a repository that make reading it run programs, or change what is printed.
const SETTINGS: [&str; 7] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "diff.relative=false",
    "log.showSignature=false",
    "blame.ignoreRevsFile=",
    "protocol.allow=never",
];

impl Git {
    pub(super) fn new(folder: &Path) -> Self {
        Git { program: "git".into(), folder: folder.to_owned() }
    }

    /// What it prints.
    pub(super) fn run(&self, subcommand: Subcommand, arguments: &[&str]) -> Result<Vec<u8>, Fault> {
        let child = self.command(subcommand, arguments).spawn();
        let mut child = child.map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::NoProgram("it is not installed".into()),
            _ => Fault::NoProgram(error.to_string()),
        })?;
        let answer = read(&mut child);
        if answer.is_err() {
            // a command that was cut off need not come to its end
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| Fault::Failed(error.to_string()));
        let (printed, said) = answer?;
        if status?.success() {
            return Ok(printed);
        }
        let said = String::from_utf8_lossy(&said);
        let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("`git` failed");
        Err(Fault::Failed(one_line(line.trim_start_matches("fatal: "), 200)))
    }

    /// The same as text.
    pub(super) fn text(&self, subcommand: Subcommand, arguments: &[&str]) -> Result<String, Fault> {
        self.run(subcommand, arguments).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn command(&self, subcommand: Subcommand, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // what is set around this program may name another repository, or programs to run
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .args(["--no-pager", "--literal-pathspecs"]);
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        command.arg("-C").arg(&self.folder).arg(subcommand.name()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Both outputs to their ends, within the limits.
fn read(child: &mut Child) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(Fault::Failed("`git` has no output".into()));
    };
    let (send_printed, printed) = mpsc::channel();
    let (send_said, said) = mpsc::channel();
    let whole = |pipe: &mut dyn Read| {
        let mut bytes = Vec::new();
        let _ = pipe.take(MOST_BYTES + 1).read_to_end(&mut bytes);
        bytes
    };
    // they end with their pipes; who has left no longer listens
    thread::spawn(move || send_printed.send(whole(&mut { stdout })));
    thread::spawn(move || send_said.send(whole(&mut { stderr })));
    let printed: Vec<u8> = printed.recv_timeout(MOST_TIME).map_err(late)?;
    if printed.len() as u64 > MOST_BYTES {
        return Err(Fault::TooLong);
    }
    Ok((printed, said.recv_timeout(MOST_TIME).map_err(late)?))
}

fn late(error: RecvTimeoutError) -> Fault {
    match error {
        RecvTimeoutError::Timeout => Fault::Late,
        RecvTimeoutError::Disconnected => Fault::Failed("the output of `git` was lost".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_said() {
        let git = Git { program: "no-such-git".into(), folder: ".".into() };
        let fault = git.run(Subcommand::RevParse, &["HEAD"]).unwrap_err();
        assert_eq!(fault.to_string(), "cannot run `git`: it is not installed");
    }
}
