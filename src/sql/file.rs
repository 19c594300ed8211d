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

    /// What the comment on top says, in one piece, without the lines that are written for the program.
    pub fn header(&self) -> String {
        let is_told = |line: &&str| !WRITTEN_FOR_PROGRAM.iter().any(|key| line.starts_with(key));
        comment(self.text).filter(is_told).collect::<Vec<_>>().join(" ")
    }
}

/// `grain: service, revision` lists the columns that tell one row from another; `minute: minute_ns` and
/// `instance: instance_id` name what the entries of a row have in common.
const WRITTEN_FOR_PROGRAM: [&str; 3] = ["grain: ", "minute: ", "instance: "];

/// What a line of the comment on top says behind the key, such as `minute: `.
pub fn header_value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    comment(text).find_map(|line| line.strip_prefix(key))
}

fn comment(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map_while(|line| line.strip_prefix("--")).map(str::trim)
}

/// The relation that the file of a path makes.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".sql").unwrap_or(name)
}
