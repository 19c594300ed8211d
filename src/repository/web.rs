//! Addresses of files and commits on the web pages of a repository.

use anyhow::{Result, bail};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All else is encoded, so that no address ends early in Markdown or HTML.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// How hosts write addresses: behind the repository's, before the commit; before the number of a line; of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Host {
    file: &'static str,
    line: &'static str,
    commit: &'static str,
}

static GITHUB: Host = Host { file: "/blob/", line: "#L", commit: "/commit/" };
static GITLAB: Host = Host { file: "/-/blob/", line: "#L", commit: "/-/commit/" };
static BITBUCKET: Host = Host { file: "/src/", line: "#lines-", commit: "/commits/" };
static FORGEJO: Host = Host { file: "/src/commit/", line: "#L", commit: "/commit/" };

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Web {
    Known(&'static Host, String),
    /// With `{commit}`, `{path}` and perhaps `{line}`.
    Written(String),
}

impl Web {
    /// As the configuration says: the page of a known host, or an address with places for commit and path.
    pub(super) fn written(url: &str) -> Result<Web> {
        let url = url.trim().trim_end_matches('/');
        let is_plain = url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'`()[]|\\".contains(&b));
        if !is_plain || !["https://", "http://"].iter().any(|scheme| url.starts_with(scheme)) {
            bail!("`url` of a repository is not an address that begins with `https://`");
        }
        if url.split('/').nth(2).is_some_and(|host| host.contains('@')) {
            bail!("`url` of a repository holds a user name or a password; write it without");
        }
        if url.contains("{commit}") && url.contains("{path}") {
            return Ok(Web::Written(url.to_owned()));
        }
        if url.contains(['{', '}']) {
            bail!("`url` of a repository has placeholders, but not both `{{commit}}` and `{{path}}`");
        }
        match Web::of_remote(url) {
            Some(web) => Ok(web),
            None => bail!(
                "how `{url}` writes addresses of files is not known\n\n\
                 hint: write one, as in `https://git.example.org/shop/blob/{{commit}}/{{path}}#L{{line}}`"
            ),
        }
    }

    /// The page that belongs to the address of a remote, where the host is known. A user and a password in it are left out.
    pub(super) fn of_remote(remote: &str) -> Option<Web> {
        let remote = remote.trim().trim_end_matches('/');
        let (authority, path) = match remote.split_once("://") {
            Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.split_once('/')?,
            Some(_) => return None,
            // `git@host:path`
            None => remote.split_once(':').filter(|(authority, _)| authority.contains('@'))?,
        };
        let host = authority.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
        let path = path.trim_start_matches('/').trim_end_matches(".git");
        let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./~".contains(&b));
        let known = known(&host).filter(|_| is_name(&host) && is_name(path) && path.contains('/'))?;
        Some(Web::Known(known, format!("https://{host}/{path}")))
    }

    pub(super) fn file(&self, commit: &str, path: &str, line: Option<u32>) -> String {
        let path = utf8_percent_encode(path, KEPT).to_string();
        match self {
            Web::Known(host, base) => {
                let line = line.map(|line| format!("{}{line}", host.line)).unwrap_or_default();
                format!("{base}{}{commit}/{path}{line}", host.file)
            }
            Web::Written(url) => {
                let url = match line {
                    Some(line) => url.replace("{line}", &line.to_string()),
                    // what marks a line goes with it
                    None => url.split('#').next().unwrap_or_default().replace("{line}", "1"),
                };
                url.replace("{commit}", commit).replace("{path}", &path)
            }
        }
    }

    /// Nothing where only files' addresses are known.
    pub(super) fn commit(&self, commit: &str) -> Option<String> {
        match self {
            Web::Known(host, base) => Some(format!("{base}{}{commit}", host.commit)),
            Web::Written(_) => None,
        }
    }
}

fn known(host: &str) -> Option<&'static Host> {
    match host {
        "bitbucket.org" => Some(&BITBUCKET),
        "codeberg.org" => Some(&FORGEJO),
        host if host == "github.com" || host.starts_with("github.") => Some(&GITHUB),
        host if host.split('.').any(|part| part == "gitlab") => Some(&GITLAB),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_become_pages_without_their_secrets() {
        for (remote, page) in [
            ("git@github.com:acme/shop.git", "https://github.com/acme/shop/blob/9f3/a/b%20c.py#L7"),
            ("https://ada:ghp_secret@github.com/acme/shop.git", "https://github.com/acme/shop/blob/9f3/a/b%20c.py#L7"),
            ("ssh://git@github.com:22/acme/shop", "https://github.com/acme/shop/blob/9f3/a/b%20c.py#L7"),
            ("https://gitlab.acme.org/a/b/shop.git/", "https://gitlab.acme.org/a/b/shop/-/blob/9f3/a/b%20c.py#L7"),
            ("git@bitbucket.org:acme/shop.git", "https://bitbucket.org/acme/shop/src/9f3/a/b%20c.py#lines-7"),
            ("https://codeberg.org/acme/shop", "https://codeberg.org/acme/shop/src/commit/9f3/a/b%20c.py#L7"),
        ] {
            assert_eq!(Web::of_remote(remote).unwrap().file("9f3", "a/b c.py", Some(7)), page, "of {remote}");
        }
        for remote in ["/srv/git/shop.git", "../shop", "file:///srv/shop", "git@example.org:acme/shop", "", "C:/x/y"] {
            assert_eq!(Web::of_remote(remote), None, "of {remote}");
        }
        assert_eq!(Web::of_remote("https://github.com/acme/shop)[x](y"), None);
    }

    #[test]
    fn addresses_are_written_where_the_host_is_not_known() {
        let web = Web::written("https://git.acme.org/shop/tree/{path}?id={commit}#n{line}").unwrap();
        assert_eq!(web.file("9f3", "a/(b).py", Some(7)), "https://git.acme.org/shop/tree/a/%28b%29.py?id=9f3#n7");
        assert_eq!(web.file("9f3", "a.py", None), "https://git.acme.org/shop/tree/a.py?id=9f3");
        assert_eq!(web.commit("9f3"), None);
        for url in [
            "git.acme.org/shop",
            "javascript:{commit}{path}",
            "https://ada:x@github.com/acme/shop",
            "https://git.acme.org/shop",
            "https://git.acme.org/{commit}",
            "https://github.com/a/b\"onclick=",
        ] {
            assert!(Web::written(url).is_err(), "{url}");
        }
    }
}
