//! Keys, tokens, passwords, addresses: a worklog ends up in an issue, so they are replaced when text is rendered, not when
//! it is loaded. The same value gets the same stand-in (`<email:7f3a1b>`) under the same salt, so that "the same user"
//! can still be seen; the digits are a hash that nobody without the salt can look up.
//!
//! Structure comes first: what stands before a value ([`structure`], [`urls`]). What is left is told by its look ([`shapes`],
//! [`addresses`]). The tables beside this file hold what is known, one a line.
//!
//! What only looks like a secret stays: `SECRET configured: True`, `AUTH=REDACTED`, `***`, source lines of a traceback
//! (`token=self.token`), versions (`Chrome/120.0.0.0`). In doubt a value behind `=` is hidden, a word behind `token:` is not.

mod addresses;
mod keys;
mod scheme;
mod separator;
mod shapes;
mod spelling;
mod structure;
#[cfg(test)]
mod tests;
mod urls;
mod value;

use std::{borrow::Cow, net::Ipv6Addr, ops::Range};

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use keys::{Key, Place};

/// What is redacted; each class can be switched off (`redact_off` in the settings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Key,
    Token,
    Password,
    PrivateKey,
    Card,
    Email,
    Ip,
}

impl Class {
    pub const ALL: [Class; 7] =
        [Class::Key, Class::Token, Class::Password, Class::PrivateKey, Class::Card, Class::Email, Class::Ip];

    pub fn as_str(self) -> &'static str {
        match self {
            Class::Key => "key",
            Class::Token => "token",
            Class::Password => "password",
            Class::PrivateKey => "private-key",
            Class::Card => "card",
            Class::Email => "email",
            Class::Ip => "ip",
        }
    }

    pub fn parse(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.as_str() == name)
    }
}

/// What is hidden of a text, and as what.
type Hit = (Class, Range<usize>);

/// Finds secrets of the classes that are not switched off, in their order, none within another.
type Finder = fn(&str, &[Class]) -> Vec<Hit>;

/// In this order: what holds other things before what it may hold.
const FINDERS: [Finder; 9] = [
    shapes::find_private_keys,
    urls::find,
    structure::find,
    scheme::find,
    urls::find_commands,
    shapes::find,
    shapes::find_cards,
    addresses::find_emails,
    addresses::find_ips,
];

/// Redacting twice gives what redacting once gives.
#[derive(Clone, Debug)]
pub struct Redactor {
    salt: u64,
    off: Vec<Class>,
}

impl Redactor {
    pub fn new(salt: u64, off: &[Class]) -> Self {
        Redactor { salt, off: off.to_vec() }
    }

    pub fn text<'a>(&self, s: &'a str) -> Cow<'a, str> {
        let mut text = match self.pass(s) {
            None => return Cow::Borrowed(s),
            Some(redacted) => redacted,
        };
        // a stand-in may uncover its neighbour; more than one more pass has not been seen
        for _ in 0..8 {
            match self.pass(&text) {
                None => break,
                Some(redacted) => text = redacted,
            }
        }
        Cow::Owned(text)
    }

    /// Every finder once; `None` where nothing was found.
    fn pass(&self, s: &str) -> Option<String> {
        let mut redacted: Option<String> = None;
        for finder in FINDERS {
            let text = redacted.as_deref().unwrap_or(s);
            let hits = finder(text, &self.off);
            if !hits.is_empty() {
                redacted = Some(self.replace(text, &hits));
            }
        }
        redacted
    }

    fn replace(&self, text: &str, hits: &[Hit]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for (class, range) in hits {
            out.push_str(&text[copied..range.start]);
            out.push_str(&self.stand_in(*class, &text[range.clone()]));
            copied = range.end;
        }
        out + &text[copied..]
    }

    /// Every string of a document; the value under a key such as `client_secret` is replaced whole, and so is the value
    /// in `{"name": "DB_PASSWORD", "value": ...}`, which is how an audit entry tells the environment of a service, and in
    /// `["Authorization", "Bearer x"]`.
    pub fn json(&self, v: &mut Value) {
        match v {
            Value::String(s) => {
                if let Cow::Owned(redacted) = self.text(s) {
                    *s = redacted;
                }
            }
            Value::Array(items) => self.array(items),
            Value::Object(map) => self.object(map),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn array(&self, items: &mut [Value]) {
        let is_pair = items.len() == 2;
        let mut before: Option<&'static Key> = None;
        for item in items {
            let is_flag = item.as_str().is_some_and(|text| text.starts_with("--"));
            let key = item.as_str().and_then(keys::of_document);
            let key = key.filter(|key| is_pair || is_flag || key.place == Place::Header);
            match before.filter(|_| item.as_str().is_some_and(|text| !value::is_word(text))) {
                Some(known) if key.is_none() => self.secret(known, "", item),
                _ => self.json(item),
            }
            before = key;
        }
    }

    fn object(&self, map: &mut Map<String, Value>) {
        let named = ["name", "key", "Name", "Key"].iter().find_map(|key| keys::of_document(map.get(*key)?.as_str()?));
        for (key, value) in map.iter_mut() {
            let of_pair = if ["value", "Value", "stringValue"].contains(&key.as_str()) { named } else { None };
            match of_pair.or_else(|| keys::of_document(key)) {
                Some(known) => self.secret(known, key, value),
                None if shapes::is_id(key) && value.as_str().is_some_and(shapes::is_digits) => {}
                None => self.json(value),
            }
        }
        if map.keys().any(|key| matches!(self.text(key), Cow::Owned(_))) {
            *map = std::mem::take(map).into_iter().map(|(key, v)| (self.text(&key).into_owned(), v)).collect();
        }
    }

    /// The value under the key of a secret.
    fn secret(&self, key: &Key, name: &str, value: &mut Value) {
        let Some(class) = key.class.filter(|class| !self.off.contains(class)) else { return self.json(value) };
        let name = keys::Name::of(name);
        let hidden = match value {
            Value::Null | Value::Bool(_) => None,
            Value::String(s) => {
                let (scheme, secret) = s.split_at(scheme::length(s).0);
                let is_open = value::is_harmless(s)
                    || value::is_harmless(secret)
                    || value::is_error(s)
                    || name.is_folder() && s.starts_with('/')
                    || name.is_counted() && value::is_number(s)
                    || key.is_random && !value::is_random(secret, if class == Class::Password { 6 } else { 8 });
                (!is_open).then(|| format!("{scheme}{}", self.stand_in(class, secret)))
            }
            Value::Number(n) if class == Class::Token && n.to_string().len() < 6 => None,
            Value::Number(_) if name.is_counted() || key.is_random => None,
            Value::Number(n) => Some(self.stand_in(class, &n.to_string())),
            Value::Array(a) if a.is_empty() => None,
            Value::Object(o) if o.is_empty() => None,
            Value::Array(_) | Value::Object(_) if key.is_random => None,
            Value::Array(a) if a.iter().all(|item| item.as_str().is_some_and(value::is_error)) => None,
            Value::Array(_) | Value::Object(_) => Some(self.stand_in(class, &value.to_string())),
        };
        match hidden {
            Some(hidden) => *value = Value::String(hidden),
            None => self.json(value),
        }
    }

    fn stand_in(&self, class: Class, value: &str) -> String {
        let same = match class {
            Class::Email => value.replace("%40", "@").to_lowercase(),
            Class::Ip => value.parse::<Ipv6Addr>().map_or_else(|_| value.to_owned(), |ip| ip.to_string()),
            _ => value.to_owned(),
        };
        let hash = xxh3_64_with_seed(same.as_bytes(), self.salt) >> 40;
        format!("<{}:{hash:06x}>", class.as_str())
    }
}

/// Hits in their order, without those that lie in another.
fn in_order(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|(_, range)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    hits.retain(|(_, range)| {
        let is_free = range.start >= end && !range.is_empty();
        end = if is_free { range.end } else { end };
        is_free
    });
    hits
}

#[expect(clippy::expect_used, reason = "patterns are a part of the program")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}
