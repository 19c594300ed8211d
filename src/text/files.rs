//! Files that are whole or not there.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Makes a folder and those above it, where they are not there.
pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder `{}`", folder.display()))
}

/// Writes the whole file beside its place and moves it there, so that nobody reads half a worklog.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    make_folder(folder)?;
    let place = place_of(&path);
    let mut file = new_file(place.parent().unwrap_or(folder))
        .with_context(|| format!("cannot write to the folder `{}`", folder.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write `{}`", path.display()))?;
    // on the disk before it has its name, or a power cut leaves an empty file
    file.as_file().sync_data().with_context(|| format!("cannot write `{}`", path.display()))?;
    file.persist(&place).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(path)
}

/// Where a file lies: what a symbolic link leads to, so that the link stays one.
pub fn place_of(path: &Path) -> PathBuf {
    match fs::canonicalize(path) {
        Ok(place) if path.is_symlink() => place,
        _ => path.to_owned(),
    }
}

/// A temporary file that is readable by whom the user's mask lets, as any file that is written; those of the library are
/// the owner's alone.
pub fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
