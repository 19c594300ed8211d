//! Passwords in addresses (`scheme://user:password@host`) and on command lines.

use std::{collections::BTreeMap, sync::LazyLock};

use memchr::memmem;
use regex::Regex;

use super::{Class, Hit, keys, regex, value};

/// Addresses are looked at so far.
const LONGEST: usize = 2048;

pub(super) fn find(text: &str, off: &[Class]) -> Vec<Hit> {
    let mut hits = Vec::new();
    if off.contains(&Class::Password) {
        return hits;
    }
    let mut free = 0;
    for slashes in memmem::find_iter(text.as_bytes(), "://") {
        if slashes < free {
            continue;
        }
        let at = slashes + 3;
        // one address ends where the next begins, unless it is a list of them
        if let Some((start, end)) = password(text, at) {
            hits.push((Class::Password, start..end));
            free = end;
        }
    }
    hits
}

/// Where the password of an address lies whose host begins at `at`.
fn password(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..text.floor_char_boundary(at + LONGEST)];
    let rest = &rest[..rest.find(|c: char| c.is_whitespace() || "\"'<>`".contains(c)).unwrap_or(rest.len())];
    let user = &rest[..rest.find(['/', ':', '@', '?', '#']).unwrap_or(rest.len())];
    let start = at + user.len() + 1;
    match rest.as_bytes().get(user.len())? {
        b':' => {
            let behind = &rest[user.len() + 1..];
            let password = &behind[..behind.rfind('@')?];
            // `http://host:80/a@b` has a port there, not a password
            let is_port =
                password.split_once(['/', ',']).is_some_and(|(port, _)| port.bytes().all(|b| b.is_ascii_digit()));
            (!is_port && !value::is_harmless(password)).then_some((start, start + password.len()))
        }
        // `redis://password@host`, `https://token@host`: a name has no look of a password
        b'@' => {
            let is_secret = value::is_random(user, 12) && !user.contains('.') && !user.contains('%');
            is_secret.then_some((at, at + user.len()))
        }
        _ => None,
    }
}

/// Short flags of known programs, in one pattern each.
static COMMANDS: LazyLock<Vec<(Class, Regex)>> = LazyLock::new(|| {
    let mut by_flag: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for line in keys::lines(include_str!("commands.txt")) {
        let Some((class, rest)) = line.split_once(' ') else { continue };
        let Some((program, flag)) = rest.trim().rsplit_once(' ') else { continue };
        by_flag.entry((class, flag)).or_default().push(program.trim());
    }
    let pattern = |((class, flag), programs): ((&str, &'static str), Vec<&str>)| {
        let programs: Vec<String> = programs.into_iter().map(|name| regex::escape(name).replace(' ', " +")).collect();
        let behind = if flag.ends_with(':') { "" } else { "[ =]*" };
        let program = format!(r"\b(?:{})\b[^\n|;]{{0,200}}?", programs.join("|"));
        let value = format!(r#" {}{behind}(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'|;]+))"#, regex::escape(flag));
        Some((Class::parse(class)?, regex(&(program + &value))))
    };
    by_flag.into_iter().filter_map(pattern).collect()
});

pub(super) fn find_commands(text: &str, off: &[Class]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    if memmem::find(text.as_bytes(), b" -").is_none() {
        return hits;
    }
    for (class, pattern) in COMMANDS.iter().filter(|(class, _)| !off.contains(class)) {
        for captures in pattern.captures_iter(text) {
            let value = captures.iter().skip(1).flatten().next();
            let Some(value) = value.filter(|value| !value::is_harmless(value.as_str())) else { continue };
            // `-u user:password`
            let user = value.as_str().find([':', '%']).filter(|&at| at > 0).map_or(0, |at| at + 1);
            let start = value.start() + user;
            let password = &text[start..value.end()];
            if !value::is_harmless(password) && !password.starts_with('-') && is_value(password, user) {
                hits.push((*class, start..value.end()));
            }
        }
    }
    super::in_order(hits)
}

/// `-p 8080` and `-u bob` name a port and a user.
fn is_value(text: &str, user: usize) -> bool {
    user > 0 || text.bytes().any(|b| b.is_ascii_alphabetic())
}
