//! `CODEOWNERS`: who looks after a file. The last line that matches counts.
//!
//! Patterns are those of `.gitignore`, without `!` and character classes:
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>.
//! Sections with owners of their own are GitLab's.

use regex::Regex;

/// Where the file may be; the first that is there counts.
pub(super) const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

#[derive(Debug)]
struct Line {
    pattern: Regex,
    owners: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct CodeOwners(Vec<Line>);

impl CodeOwners {
    /// Lines that are no pattern are passed over, as GitHub does.
    pub(super) fn parse(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut of_section = Vec::new();
        for line in text.lines() {
            let words = words(line);
            let Some((first, owners)) = words.split_first() else { continue };
            if let Some(behind) = behind_section(line) {
                of_section = behind.split_whitespace().filter(|word| is_owner(word)).map(str::to_owned).collect();
                continue;
            }
            let Some(pattern) = regex(first) else { continue };
            let own: Vec<String> = owners.iter().filter(|word| is_owner(word)).cloned().collect();
            // a line without owners takes them away, but for those of its section
            let owners = if own.is_empty() { of_section.clone() } else { own };
            lines.push(Line { pattern, owners });
        }
        CodeOwners(lines)
    }

    /// As they are written: `@user`, `@organisation/team`, or an e-mail address.
    pub(super) fn of(&self, path: &str) -> &[String] {
        let last = self.0.iter().rev().find(|line| line.pattern.is_match(path));
        last.map_or(&[], |line| line.owners.as_slice())
    }
}

/// What stands behind the head of a section, `[Name]` or `^[Name][2]`.
fn behind_section(line: &str) -> Option<&str> {
    let (_, behind) = line.rsplit_once(']').filter(|_| line.starts_with('[') || line.starts_with("^["))?;
    (behind.is_empty() || behind.starts_with(char::is_whitespace)).then_some(behind)
}

fn is_owner(word: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
            && !name.ends_with('/')
    };
    match word.split_once('@') {
        Some(("", name)) => is_name(name),
        Some((_, host)) => host.contains('.'),
        None => false,
    }
}

/// The words of a line up to its comment; `\ ` is a blank inside of one.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = words.len() - 1;
        match c {
            '\\' => words[last].extend(chars.next()),
            '#' if words[last].is_empty() => break,
            c if c.is_whitespace() && words[last].is_empty() => {}
            c if c.is_whitespace() => words.push(String::new()),
            c => words[last].push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `None` for what is no pattern here.
fn regex(pattern: &str) -> Option<Regex> {
    if pattern.starts_with('!') || pattern.contains(['[', ']']) {
        return None;
    }
    let is_folder = pattern.ends_with('/');
    let body = pattern.trim_matches('/');
    let is_anchored = pattern.starts_with('/') || body.contains('/');
    let mut text = String::from(if is_anchored { "^" } else { "^(?:.*/)?" });
    let parts: Vec<&str> = body.split('/').filter(|part| !part.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        match (*part, is_last) {
            ("**", false) => text += "(?:.*/)?",
            ("**", true) => text += ".*",
            (part, _) => {
                for c in part.chars() {
                    match c {
                        '*' => text += "[^/]*",
                        '?' => text += "[^/]",
                        c => text += &regex::escape(c.encode_utf8(&mut [0; 4])),
                    }
                }
                text += if is_last { "" } else { "/" };
            }
        }
    }
    text += match (is_folder, parts.last()) {
        (_, None) => ".*",
        (true, _) => "/.*",
        // files of a folder, not of the folders in it
        (false, Some(&"*")) if is_anchored => "",
        (false, _) => "(?:/.*)?",
    };
    Regex::new(&format!("{text}$")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# who looks after what
*       @org/everyone docs@example.org
*.js    @js-owner #inline comment
/build/logs/ @ada
docs/*  docs@example.com
apps/ @grace
/scripts/ @ada @grace
**/logs @linus
/apps/github
with\\ blank/ @blank
!/odd @nobody
[a-z].py @nobody
";

    #[test]
    fn the_last_line_that_matches_counts() {
        let owners = CodeOwners::parse(FILE);
        for (path, expected) in [
            ("main.py", "@org/everyone docs@example.org"),
            ("a/b/c.js", "@js-owner"),
            ("build/logs/x.txt", "@linus"),
            ("deep/build/logs.txt", "@org/everyone docs@example.org"),
            ("docs/start.md", "docs@example.com"),
            ("docs/build/start.md", "@org/everyone docs@example.org"),
            ("src/apps/x/y.rb", "@grace"),
            ("apps/z.rb", "@grace"),
            ("apps/github/x.rb", ""),
            ("scripts/run.sh", "@ada @grace"),
            ("deeply/nested/logs/x.txt", "@linus"),
            ("with blank/x.c", "@blank"),
            ("a.py", "@org/everyone docs@example.org"),
        ] {
            assert_eq!(owners.of(path).join(" "), expected, "of {path}");
        }
        assert!(CodeOwners::parse("").of("main.py").is_empty());
    }

    #[test]
    fn sections_have_owners() {
        let owners = CodeOwners::parse("[Shop] @till\nshop/\n^[Rest][2] @rest\n*.md\nREADME.md @ada\n");
        assert_eq!(owners.of("shop/x.py"), ["@till"]);
        assert_eq!(owners.of("a.md"), ["@rest"]);
        assert_eq!(owners.of("README.md"), ["@ada"]);
    }

    #[test]
    fn only_names_and_addresses_are_owners() {
        let owners = CodeOwners::parse("* @ada --repo @--repo @a/../b; x @ @o/ a@b.org\n");
        assert_eq!(owners.of("x"), ["@ada", "a@b.org"]);
    }
}
