//! Requests: what makes two of them one pattern is the method, the path and the status, never the host or the query.

use std::{borrow::Cow, collections::BTreeMap};

use rustc_hash::FxHashMap;

use super::merge::{Pattern, ShapeStat};
use crate::mine::{Kind, VARIABLE};

/// So many names at one place of a path are values: no program has more routes side by side than a reader would look at.
const MOST_NAMES: usize = 24;
/// The rest of a longer path is one variable.
const MOST_SEGMENTS: usize = 12;
/// A name with as many digits was given by a program.
const DIGITS_OF_AN_ID: usize = 3;

/// `GET /v2/vessels/9063 503`: what a request says without a text of its own.
pub fn line(method: &str, url: &str, status: Option<u16>) -> String {
    written(method, &path(url), status)
}

/// `GET /v2/vessels/<*> 503`: the line without what is given by a program.
pub fn shape(method: &str, url: &str, status: Option<u16>) -> String {
    let path = path(url);
    let mut shape = String::with_capacity(path.len());
    for (at, segment) in path.split('/').skip(1).enumerate() {
        shape.push('/');
        if at >= MOST_SEGMENTS || is_value(segment) {
            shape.push_str(VARIABLE);
        } else {
            shape.push_str(segment);
        }
        if at >= MOST_SEGMENTS {
            break;
        }
    }
    written(method, &shape, status)
}

fn written(method: &str, path: &str, status: Option<u16>) -> String {
    let status = status.map(|status| status.to_string()).unwrap_or_default();
    format!("{method} {path} {status}").trim().to_owned()
}

/// The path of a URL with or without scheme and host; blanks, which no URL has, are written as URLs do.
fn path(url: &str) -> Cow<'_, str> {
    let host = url.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '?', '#'])).map(|(_, rest)| rest);
    let rest = host.map_or(url, |rest| &rest[rest.find(['/', '?', '#']).unwrap_or(rest.len())..]);
    let path = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    match path {
        "" => "/".into(),
        _ if !path.starts_with('/') => format!("/{}", path.replace(char::is_whitespace, "%20")).into(),
        _ if path.contains(char::is_whitespace) => path.replace(char::is_whitespace, "%20").into(),
        _ => path.into(),
    }
}

fn is_value(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    digits > 0 && (digits >= DIGITS_OF_AN_ID || digits == segment.len())
}

/// One pattern for each method, status and path; names beside many others in a path are values too.
/// `order` lists the requests among `shapes`.
pub fn merge(shapes: &[ShapeStat<'_>], order: &[usize]) -> Vec<Pattern> {
    let mut by_ends: FxHashMap<(Kind, &str, &str), Vec<Request<'_>>> = FxHashMap::default();
    let mut patterns = Vec::new();
    for &at in order {
        let Some((method, path, status)) = parts(shapes[at].text) else {
            patterns.push(pattern(shapes, vec![at], shapes[at].text.to_owned()));
            continue;
        };
        let segments = path.split('/').skip(1).collect();
        by_ends.entry((shapes[at].kind, method, status)).or_default().push(Request { at, segments });
    }
    for ((_, method, status), requests) in by_ends {
        gather(requests, &mut Vec::new(), &mut |path, members| {
            let template = [method, &format!("/{}", path.join("/")), status].join(" ").trim().to_owned();
            patterns.push(pattern(shapes, members, template));
        });
    }
    patterns
}

struct Request<'a> {
    /// Of its shape in the list.
    at: usize,
    segments: Vec<&'a str>,
}

/// Walks the paths segment by segment and answers each that no further segment tells apart.
fn gather<'a>(requests: Vec<Request<'a>>, path: &mut Vec<&'a str>, found: &mut impl FnMut(&[&str], Vec<usize>)) {
    let mut ended = Vec::new();
    let mut by_name: BTreeMap<&str, Vec<Request<'a>>> = BTreeMap::new();
    for request in requests {
        match request.segments.get(path.len()) {
            Some(&name) => by_name.entry(name).or_default().push(request),
            None => ended.push(request.at),
        }
    }
    if !ended.is_empty() {
        found(path, ended);
    }
    if by_name.len() > MOST_NAMES {
        let all = by_name.into_values().flatten().collect();
        by_name = BTreeMap::from([(VARIABLE, all)]);
    }
    for (name, requests) in by_name {
        path.push(name);
        gather(requests, path, found);
        path.pop();
    }
}

fn pattern(shapes: &[ShapeStat<'_>], mut members: Vec<usize>, template: String) -> Pattern {
    members.sort_by_key(|&at| (shapes[at].first_at, shapes[at].text));
    let first = &shapes[members[0]];
    Pattern { id: first.id, kind: first.kind, template, members, pattern_override: None }
}

/// Method, path and status of what `shape` writes; `Completed 503`, which a program says of a request, has no path.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (method, rest) = if text.starts_with('/') { ("", text) } else { text.split_once(' ').unwrap_or(("", text)) };
    // what stands behind the status belongs to it: `502 failed_to_connect_to_backend`
    let (path, status) = rest.split_once(' ').unwrap_or((rest, ""));
    path.starts_with('/').then_some((method, path, status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mine::ShapeId;

    #[test]
    fn a_request_is_its_method_path_and_status() {
        let shaped = |url| shape("GET", url, Some(503));
        assert_eq!(shaped("https://x.example:8443/v2/vessels/9063?ref=1"), "GET /v2/vessels/<*> 503");
        assert_eq!(shaped("https://x.example"), "GET / 503");
        assert_eq!(shaped("https://x.example?a=/b"), "GET / 503");
        assert_eq!(shaped("/login?next=https://x.example/a/b"), "GET /login 503");
        assert_eq!(shaped("/oauth2/token"), "GET /oauth2/token 503");
        assert_eq!(shaped("/files/3f2a1b9c-77aa/raw"), "GET /files/<*>/raw 503");
        assert_eq!(shaped("/a b"), "GET /a%20b 503");
        assert_eq!(shape("", "/a", None), "/a");
        assert_eq!(line("GET", "https://x.example/v2/vessels/9063?ref=1", Some(200)), "GET /v2/vessels/9063 200");
    }

    #[test]
    fn many_names_at_one_place_are_values_and_ends_stay_apart() {
        let texts: Vec<String> = (0..40_u8)
            .map(|at| shape("GET", &format!("/u/{}/orders", char::from(b'A' + at % 60)), Some(500)))
            .chain([shape("GET", "/u/me/orders", Some(404)), shape("PUT", "/health", None)])
            .collect();
        let stats: Vec<ShapeStat<'_>> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| ShapeStat {
                id: ShapeId::of(Kind::Request, text),
                kind: Kind::Request,
                text,
                first_at: at as i64,
                count: 1,
            })
            .collect();
        let mut found = merge(&stats, &(0..stats.len()).collect::<Vec<_>>());
        found.sort_by_key(|pattern| pattern.members[0]);
        let told: Vec<_> = found.iter().map(|pattern| (pattern.template.as_str(), pattern.members.len())).collect();
        assert_eq!(told, [("GET /u/<*>/orders 500", 40), ("GET /u/me/orders 404", 1), ("PUT /health", 1)]);
        assert_eq!(found[0].id, stats[0].id);
    }
}
