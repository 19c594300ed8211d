//! The history: a file of the user's alone, where the XDG base directories put state.
//!
//! <https://specifications.freedesktop.org/basedir-spec/latest/>

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use reedline::FileBackedHistory;

use crate::text::errors::print_error;

const LINES: usize = 10_000;

/// The history of earlier shells; without a home, or where it cannot be kept, lines are known until the shell ends.
pub(super) fn open() -> Option<Box<FileBackedHistory>> {
    let path = path_in(std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"))?;
    match read(&path).with_context(|| format!("the history `{}` cannot be saved", path.display())) {
        Ok(history) => Some(Box::new(history)),
        Err(error) => {
            print_error(&error);
            None
        }
    }
}

fn read(path: &Path) -> Result<FileBackedHistory> {
    make_private(path)?;
    Ok(FileBackedHistory::with_file(LINES, path.to_owned())?)
}

/// Queries may name people: nobody else reads the file.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Relative paths and empty ones count as not set.
fn path_in(state: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let state = state.and_then(absolute).or_else(|| Some(home.and_then(absolute)?.join(".local/state")))?;
    Some(state.join("gardener/history"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_lies_with_other_state_and_without_a_home_nowhere() {
        let path = |state: Option<&str>, home: Option<&str>| path_in(state.map(Into::into), home.map(Into::into));
        assert_eq!(path(Some("/s"), Some("/h")), Some("/s/gardener/history".into()));
        assert_eq!(path(Some("s"), Some("/h")), Some("/h/.local/state/gardener/history".into()));
        assert_eq!(path(Some(""), None), None);
        assert_eq!(path(None, Some("")), None);
    }

    #[test]
    fn the_history_is_the_users_alone() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("deep/history");
        read(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
