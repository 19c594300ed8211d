//! Where an answer goes: standard output, or a file that is written beside its place and moved there when it is whole.

use std::{
    fs,
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

use crate::text::{
    files::{new_file, place_of},
    terminal,
};

pub enum Target {
    Stdout,
    /// What is there already and no regular file, such as a pipe.
    Special(PathBuf),
    File {
        path: PathBuf,
        file: NamedTempFile,
    },
}

/// How much of an answer is shown.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    /// Whether a terminal reads it, which no text may steer.
    pub is_terminal: bool,
    pub width: Option<usize>,
    pub rows: usize,
    /// What shows the rest.
    pub how: &'static str,
}

/// Rows of a table that a terminal is given.
const SHOWN_ROWS: usize = 200;

impl Fit {
    pub fn everything() -> Self {
        Self { is_terminal: false, width: None, rows: usize::MAX, how: "" }
    }

    pub fn stdout(how: &'static str) -> Self {
        if !io::stdout().is_terminal() {
            return Self::everything();
        }
        Self { is_terminal: true, width: terminal::width(), rows: SHOWN_ROWS, how }
    }
}

impl Target {
    pub fn of(out: Option<&Path>) -> Result<Self> {
        let Some(path) = out else { return Ok(Self::Stdout) };
        if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Ok(Self::Special(path.to_owned()));
        }
        let path = place_of(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("cannot create the folder `{}`", folder.display()))?;
        let file = new_file(folder).with_context(|| format!("cannot write to the folder `{}`", folder.display()))?;
        Ok(Self::File { path, file })
    }

    pub fn fit(&self) -> Fit {
        match self {
            Self::Stdout => Fit::stdout("`--format csv`"),
            _ => Fit::everything(),
        }
    }

    /// The file that DuckDB itself may write.
    pub fn own_path(&self) -> Option<PathBuf> {
        match self {
            Self::File { file, .. } => Some(file.path().to_owned()),
            _ => None,
        }
    }

    pub fn writer(&mut self) -> Result<Box<dyn Write + '_>> {
        Ok(match self {
            // colours are for terminals; elsewhere what stands in the rows stays as it is
            Self::Stdout if io::stdout().is_terminal() => Box::new(BufWriter::new(anstream::stdout().lock())),
            Self::Stdout => Box::new(BufWriter::new(io::stdout().lock())),
            Self::Special(path) => {
                let file = fs::OpenOptions::new().write(true).open(&*path);
                Box::new(BufWriter::new(file.with_context(|| format!("cannot write `{}`", path.display()))?))
            }
            Self::File { file, .. } => Box::new(BufWriter::new(file)),
        })
    }

    /// Puts what was written into its place.
    pub fn finish(self) -> Result<()> {
        if let Self::File { path, file } = self {
            let failed = || format!("cannot write `{}`", path.display());
            // on the disk before it has its name
            file.as_file().sync_data().with_context(failed)?;
            file.persist(&path).with_context(failed)?;
        }
        Ok(())
    }
}
