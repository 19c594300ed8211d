//! SQL files, compiled in.

macro_rules! sql {
    ($path:literal) => {
        $crate::sql::file::SqlFile::written(
            concat!("sql/", $path, ".sql"),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $path, ".sql")),
        )
    };
}
pub(crate) use sql;

/// One SQL file, compiled in under the path that errors show.
#[derive(Debug, Clone, Copy)]
pub struct SqlFile {
    pub path: &'static str,
    text: &'static str,
}

impl SqlFile {
    pub const fn written(path: &'static str, text: &'static str) -> SqlFile {
        SqlFile { path, text }
    }

    pub fn text(&self) -> &'static str {
        self.text
    }

    /// The relation that the file makes.
    pub fn stem(&self) -> &'static str {
        stem(self.path)
    }

    /// What the comment on top says, in one piece, without the line `grain: service, revision`, which lists the columns
    /// that tell one row from another.
    pub fn header(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix("--")).map(str::trim);
        lines.filter(|line| !line.starts_with("grain: ")).collect::<Vec<_>>().join(" ")
    }
}

/// The relation that the file of a path makes.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".sql").unwrap_or(name)
}
