//! E-mail and IP addresses.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
    sync::LazyLock,
};

use memchr::{memchr, memchr_iter, memmem};
use regex::Regex;

use super::{Class, Hit, regex};

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"[\p{L}\p{N}_][\p{L}\p{N}._%+-]*(?:@|%40)(?:[\p{L}\p{N}-]+\.)+(\p{L}[\p{L}\p{M}]{1,23}|xn--[A-Za-z0-9-]{2,59})",
    )
});

pub(super) fn find_emails(text: &str, off: &[Class]) -> Vec<Hit> {
    let may_be = memchr(b'@', text.as_bytes()).is_some() || memmem::find(text.as_bytes(), b"%40").is_some();
    if off.contains(&Class::Email) || !may_be {
        return Vec::new();
    }
    let emails = EMAIL.captures_iter(text).filter_map(|captures| {
        let (whole, top) = (captures.get(0)?, captures.get(1)?);
        let is_file =
            ["png", "jpg", "jpeg", "gif", "svg", "webp", "js", "mjs", "ts", "css", "py"].contains(&top.as_str());
        let is_part = text[whole.end()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (!is_file && !is_part && !whole.as_str().starts_with("git@") && !is_user(text, whole.start()))
            .then(|| (Class::Email, with_apostrophe(text, whole.start())..whole.end()))
    });
    super::in_order(emails.collect())
}

/// `amqp://orders@host`: an account of a server.
fn is_user(text: &str, start: usize) -> bool {
    text[..start].ends_with("://")
}

/// `o'brien@`, but not the `u'` of a Python text.
fn with_apostrophe(text: &str, start: usize) -> usize {
    let Some(before) = text[..start].strip_suffix('\'') else { return start };
    let length = before.bytes().rev().take(12).take_while(u8::is_ascii_alphabetic).count();
    let (rest, name) = before.split_at(before.len() - length);
    let is_name = !name.is_empty() && !["b", "f", "r", "u"].contains(&name.to_ascii_lowercase().as_str());
    let is_whole = !rest.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '_'));
    if is_name && is_whole { start - 1 - length } else { start }
}

static IPV6: LazyLock<Regex> = LazyLock::new(|| regex(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"));
static IPV4: LazyLock<Regex> = LazyLock::new(|| regex(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"));

pub(super) fn find_ips(text: &str, off: &[Class]) -> Vec<Hit> {
    if off.contains(&Class::Ip) {
        return Vec::new();
    }
    let mut hits = Vec::new();
    if memmem::find(text.as_bytes(), b"::").is_some() || memchr_iter(b':', text.as_bytes()).count() >= 7 {
        hits.extend(IPV6.find_iter(text).filter_map(|found| Some((Class::Ip, ipv6(text, found.range())?))));
    }
    if memchr_iter(b'.', text.as_bytes()).count() >= 3 {
        let ips = IPV4.find_iter(text).map(|found| found.range()).filter(|range| ipv4(text, range));
        hits.extend(ips.map(|range| (Class::Ip, range)));
    }
    super::in_order(hits)
}

fn ipv6(text: &str, whole: Range<usize>) -> Option<Range<usize>> {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let end = whole.start + text[whole.clone()].trim_end_matches('.').len();
    // `addr:2001:db8::1:` has a colon too many at both ends
    for start in [whole.start, whole.start + 1] {
        for end in [end, end - 1] {
            let Ok(ip) = text.get(start..end).unwrap_or_default().parse::<Ipv6Addr>() else {
                continue;
            };
            let has_digit = text[start..end].bytes().any(|b| b.is_ascii_digit());
            let is_local = ip.is_loopback() || ip.is_unspecified() || ip.to_ipv4_mapped().is_some_and(is_local);
            let is_part = is_word(text[..start].chars().next_back()) || is_word(text[end..].chars().next());
            return (has_digit && !is_local && !is_part).then_some(start..end);
        }
    }
    None
}

fn ipv4(text: &str, whole: &Range<usize>) -> bool {
    // refuses 256 and leading zeros
    let Ok(ip) = text[whole.clone()].parse::<Ipv4Addr>() else { return false };
    !is_local(ip) && !is_version(&text[..whole.start], &text[whole.end..], ip)
}

/// This machine, any machine, everybody, and the metadata server that every instance has.
fn is_local(ip: Ipv4Addr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || ip.is_broadcast() || ip == Ipv4Addr::new(169, 254, 169, 254)
}

/// `Chrome/120.0.0.0`, `version: 1.2.3.4`, `v1.2.3.4-rc1`, `pkg==1.2.3.4`, `1.2.3.4.5`.
fn is_version(before: &str, after: &str, ip: Ipv4Addr) -> bool {
    let mut behind = after.chars();
    let goes_on = match behind.next() {
        Some('.') => behind.next().is_some_and(|c| c.is_ascii_digit()),
        Some('-') => behind.next().is_some_and(char::is_alphabetic),
        Some(c) => c.is_alphanumeric() || c == '_',
        None => false,
    };
    let mut ahead = before.chars().rev();
    let is_joined = match ahead.next() {
        // `/10.1.2.3:8080` and `//10.1.2.3` are addresses
        Some('/') => ahead.next().is_some_and(char::is_alphabetic) && !after.starts_with(':') && !is_host(before, ip),
        Some('-') => ahead.next().is_some_and(char::is_alphabetic),
        Some('=') => matches!(ahead.next(), Some('=' | '>' | '<' | '~')),
        Some(c) => c.is_alphanumeric() || matches!(c, '_' | '.'),
        None => false,
    };
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(64))..];
    let word = before.trim_end_matches([' ', '=', ':', '"', '\'']).to_ascii_lowercase();
    let last = word.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    goes_on || is_joined || ["version", "ver", "v", "rv", "release", "build"].contains(&last)
}

/// Java's `db.internal/10.1.2.3`: in small letters, with a dot or before a private address.
fn is_host(before: &str, ip: Ipv4Addr) -> bool {
    let before = before.trim_end_matches('/');
    let is_part = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    let name = &before[before.len() - before.bytes().rev().take(100).take_while(is_part).count()..];
    let is_whole = !before[..before.len() - name.len()].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    is_whole && !name.is_empty() && (name.contains('.') || ip.is_private())
}
