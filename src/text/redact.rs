//! Keys, tokens, passwords, addresses: a worklog ends up in an issue, so they are replaced when text is rendered, not when
//! it is loaded. The same value gets the same stand-in (`<email:7f3a1b>`) under the same salt, so that "the same user"
//! can still be seen; the digits are a hash that nobody without the salt can look up.
//!
//! What only looks like a secret stays: `SECRET configured: True`, `AUTH=REDACTED`, `***`, source lines of a traceback
//! (`token=self.token`), versions (`Chrome/120.0.0.0`). In doubt a value behind `=` is hidden, a word behind `:` is not.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memchr2, memmem};
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What is redacted; each class can be switched off (`redact_off` in the settings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Key,
    Token,
    Password,
    PrivateKey,
    Email,
    Ip,
}

impl Class {
    pub const ALL: [Class; 6] = [Class::Key, Class::Token, Class::Password, Class::PrivateKey, Class::Email, Class::Ip];

    pub fn as_str(self) -> &'static str {
        match self {
            Class::Key => "key",
            Class::Token => "token",
            Class::Password => "password",
            Class::PrivateKey => "private-key",
            Class::Email => "email",
            Class::Ip => "ip",
        }
    }

    pub fn parse(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.as_str() == name)
    }
}

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
        for finder in &FINDERS {
            let text = redacted.as_deref().unwrap_or(s);
            if (finder.is_possible)(text.as_bytes()) {
                redacted = self.replace(text, finder).or(redacted);
            }
        }
        redacted
    }

    /// Every string of a document; the value under a key such as `client_secret` is replaced whole, and so is the value
    /// in `{"name": "DB_PASSWORD", "value": ...}`, which is how an audit entry tells the environment of a service.
    pub fn json(&self, v: &mut Value) {
        match v {
            Value::String(s) => {
                if let Cow::Owned(redacted) = self.text(s) {
                    *s = redacted;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(map) => self.object(map),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn object(&self, map: &mut Map<String, Value>) {
        let named = ["name", "key"].iter().find_map(|key| secret_class(map.get(*key)?.as_str()?));
        for (key, value) in map.iter_mut() {
            let of_pair = if key == "value" { named } else { None };
            match of_pair.or_else(|| secret_class(key)) {
                Some(class) if !self.off.contains(&class) => self.secret(class, value),
                _ => self.json(value),
            }
        }
        if map.keys().any(|key| matches!(self.text(key), Cow::Owned(_))) {
            *map = std::mem::take(map).into_iter().map(|(key, v)| (self.text(&key).into_owned(), v)).collect();
        }
    }

    fn secret(&self, class: Class, value: &mut Value) {
        let hidden = match value {
            Value::Null | Value::Bool(_) => None,
            Value::String(s) if is_harmless(s) => None,
            Value::String(s) => {
                let (scheme, secret) = s.split_at(scheme_len(s));
                (!is_harmless(secret)).then(|| format!("{scheme}{}", self.stand_in(class, secret)))
            }
            Value::Number(n) if class == Class::Token && n.to_string().len() < 6 => None,
            Value::Number(n) => Some(self.stand_in(class, &n.to_string())),
            Value::Array(a) if a.is_empty() => None,
            Value::Object(o) if o.is_empty() => None,
            Value::Array(_) | Value::Object(_) => Some(self.stand_in(class, &value.to_string())),
        };
        if let Some(hidden) = hidden {
            *value = Value::String(hidden);
        }
    }

    fn replace(&self, text: &str, finder: &Finder) -> Option<String> {
        let mut out = String::new();
        let (mut copied, mut at) = (0, 0);
        while let Some(captures) = finder.pattern.captures_at(text, at) {
            let whole = captures.get(0)?;
            match (finder.judge)(text, &captures).filter(|(class, _)| !self.off.contains(class)) {
                Some((class, range)) => {
                    out.push_str(&text[copied..range.start]);
                    out.push_str(&self.stand_in(class, &text[range.clone()]));
                    copied = range.end;
                    at = range.end;
                }
                // look again behind what introduces the value: the value itself may hold another one
                None => at = captures.get(1).map_or(whole.end(), |lead| lead.end()),
            }
        }
        (copied > 0).then(|| out + &text[copied..])
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

type Hit = (Class, Range<usize>);

/// One kind of secret in text: a cheap look, a pattern, and a judgement on each match.
/// Group 1 of a pattern, where there is one, is what introduces the value.
struct Finder {
    is_possible: fn(&[u8]) -> bool,
    pattern: LazyLock<Regex>,
    judge: fn(&str, &Captures) -> Option<Hit>,
}

macro_rules! finder {
    ($is_possible:expr, $pattern:expr, $judge:expr) => {
        Finder {
            is_possible: $is_possible,
            pattern: LazyLock::new(|| Regex::new($pattern).expect("a constant pattern")),
            judge: $judge,
        }
    };
}

/// In this order: what has an unmistakable shape first, so that the later ones meet a stand-in there.
static FINDERS: [Finder; 10] = [
    finder!(
        |s| memmem::find(s, b"-----BEGIN").is_some(),
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)",
        |_, c| Some((Class::PrivateKey, c.get(0)?.range()))
    ),
    finder!(
        |s| memchr(b'@', s).is_some() && memmem::find(s, b"://").is_some(),
        r#"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"'<>]*:)([^\s"'<>]+)@"#,
        url_password
    ),
    finder!(|s| memmem::find(s, b"eyJ").is_some(), r"\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}", |_, c| Some((
        Class::Token,
        c.get(0)?.range()
    ))),
    finder!(|_| true, KEYS, known_key),
    finder!(|s| memchr(b' ', s).is_some(), r"\b((?i:bearer|basic) +)([A-Za-z0-9._~+/-]{8,}=*)", scheme_token),
    finder!(
        |s| memmem::find(s, b"ookie:").is_some(),
        r#"\b((?:[Ss]et-)?[Cc]ookie:[ \t]*)([^\s"'<>=]+=[^\r\n"']+)"#,
        |_, c| Some((Class::Token, c.get(2)?.range()))
    ),
    finder!(|s| memchr2(b':', b'=', s).is_some(), KEY_VALUES, key_value),
    finder!(
        |s| memchr(b'@', s).is_some() || memmem::find(s, b"%40").is_some(),
        r"[\p{L}\p{N}_][\p{L}\p{N}._%+-]*(?:@|%40)(?:[\p{L}\p{N}-]+\.)+([A-Za-z]{2,24})\b",
        email
    ),
    finder!(
        |s| memmem::find(s, b"::").is_some() || memchr_iter(b':', s).count() >= 7,
        r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*",
        ipv6
    ),
    finder!(|s| memchr_iter(b'.', s).count() >= 3, r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}", ipv4),
];

/// Makes whose keys begin in a way of their own: AWS, Google, GitHub, GitLab, Slack, Stripe, OpenAI and alike, SendGrid,
/// npm, PyPI, Hugging Face, DigitalOcean.
const KEYS: &str = r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}\b|AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_.-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,}|gh[opsur]_[0-9A-Za-z]{20,}|github_pat_[0-9A-Za-z_]{20,}|glpat-[0-9A-Za-z_-]{20,}|xox[a-z]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/[0-9A-Za-z/]{20,}|[rs]k_(?:live|test)_[0-9A-Za-z]{10,}|whsec_[0-9A-Za-z+/=]{16,}|sk-[0-9A-Za-z_-]{20,}|SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}|npm_[0-9A-Za-z]{30,}|pypi-[0-9A-Za-z_-]{20,}|hf_[0-9A-Za-z]{30,}|dop_v1_[0-9a-f]{40,})";

/// `word = value`, `"word": "value"`, `word: value`. Groups: 1 all before the value, 2 the word, 3 a quote behind the word,
/// 4 the separator; the value is in 5 (`\"escaped\"`), 6 (`"`), 7 (`'`) or 8 (bare).
const KEY_VALUES: &str = r#"(((?i:api[ _-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?access[_-]?key|secret[_-]?key(?:[_-]?base)?|private[_-]?key|(?:encryption|signing|fernet|master|account)[_-]?key|passwords?|passwd|passphrase|pwd|secret|token|jwt|authorization|x-(?:goog|amz)-signature))(\\?["'])?[ \t]*(=>|:=|=|:)[ \t]*)(?:[bru]?\\"([^"\\\n]*)|[bru]?"((?:[^"\\\n]|\\.)*)|[bru]?'((?:[^'\\\n]|\\.)*)|([^\s"'&,;\\]+))"#;

fn url_password(_: &str, captures: &Captures) -> Option<Hit> {
    let value = captures.get(2)?;
    // `http://host:80/a@b` has a port there, not a password
    let is_port =
        value.as_str().split_once(['/', ',']).is_some_and(|(port, _)| port.bytes().all(|b| b.is_ascii_digit()));
    (!is_port && !is_harmless(value.as_str())).then(|| (Class::Password, value.range()))
}

fn known_key(_: &str, captures: &Captures) -> Option<Hit> {
    let key = captures.get(0)?;
    // `sk-` also begins words joined by hyphens
    let is_key = !key.as_str().starts_with("sk-") || key.as_str().bytes().any(|b| b.is_ascii_digit());
    is_key.then(|| (Class::Key, key.range()))
}

fn scheme_token(_: &str, captures: &Captures) -> Option<Hit> {
    let value = captures.get(2)?;
    let inner = &value.as_str()[1..];
    let is_random = inner.bytes().any(|b| b.is_ascii_digit() || b == b'=')
        || inner.bytes().any(|b| b.is_ascii_uppercase()) && inner.bytes().any(|b| b.is_ascii_lowercase());
    is_random.then(|| (Class::Token, value.range()))
}

/// The length of `Bearer ` or `Basic ` in front of a value.
fn scheme_len(value: &str) -> usize {
    match value.split_once(' ') {
        Some((scheme, _)) if ["bearer", "basic"].contains(&scheme.to_ascii_lowercase().as_str()) => scheme.len() + 1,
        _ => 0,
    }
}

fn key_value(text: &str, captures: &Captures) -> Option<Hit> {
    let (lead, word) = (captures.get(1)?, captures.get(2)?);
    if text[..lead.start()].ends_with('<') && is_stand_in(&text[lead.start() - 1..]) {
        return None;
    }
    let class = secret_class(word.as_str())?;
    if let Some(bare) = captures.get(8) {
        let value = bare.as_str();
        let kept = value.trim_end_matches([')', ']', '}', '>', '.', ':']);
        let is_folder = word.as_str().eq_ignore_ascii_case("pwd") && value.starts_with('/');
        let is_open = is_folder || is_harmless(value) || is_code(value, word.as_str()) || is_small_number(class, kept);
        let is_prose = &captures[4] == ":" && is_word(class, word.as_str(), kept, &text[bare.end()..]);
        return (!is_open && !is_prose && !kept.is_empty()).then(|| (class, bare.start()..bare.start() + kept.len()));
    }
    let value = (5..=7).find_map(|group| captures.get(group))?;
    let is_prose =
        captures.get(3).is_none() && &captures[4] == ":" && is_word(class, word.as_str(), value.as_str(), " x");
    let start = value.start() + scheme_len(value.as_str());
    (!is_harmless(&text[start..value.end()]) && !is_prose).then(|| (class, start..value.end()))
}

/// The class of a value under this key: the key as in `X-Api-Key`, `clientSecret`, `DB_PASSWORD`.
fn secret_class(key: &str) -> Option<Class> {
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let ends = |words: &[&str]| words.iter().any(|word| key.ends_with(word));
    if ends(&["privatekey"]) {
        Some(Class::PrivateKey)
    } else if ends(&["password", "passwords", "passwd", "passphrase", "pwd", "secret"]) {
        Some(Class::Password)
    } else if ends(&["token", "jwt", "authorization", "cookie", "googsignature", "amzsignature"]) {
        Some(Class::Token)
    } else if ends(&[
        "apikey",
        "accesskey",
        "accesskeyid",
        "secretkey",
        "secretkeybase",
        "encryptionkey",
        "signingkey",
        "fernetkey",
        "masterkey",
        "accountkey",
    ]) {
        Some(Class::Key)
    } else {
        None
    }
}

/// Words that tell of a secret without being one.
const STATES: &[&str] = &[
    "a",
    "absent",
    "an",
    "any",
    "basic",
    "bearer",
    "bool",
    "bytes",
    "configured",
    "default",
    "disabled",
    "empty",
    "enabled",
    "error",
    "expired",
    "failed",
    "false",
    "filtered",
    "found",
    "hidden",
    "int",
    "invalid",
    "is",
    "loaded",
    "masked",
    "missing",
    "must",
    "nil",
    "no",
    "none",
    "not",
    "null",
    "off",
    "ok",
    "on",
    "optional",
    "present",
    "removed",
    "required",
    "set",
    "str",
    "string",
    "the",
    "true",
    "undefined",
    "unknown",
    "unset",
    "valid",
    "was",
    "yes",
];

/// True for a state, a mask, a variable, the name of a stored secret, and for what is redacted already.
fn is_harmless(value: &str) -> bool {
    let bare = value.trim_matches(|c: char| c.is_ascii_punctuation() && c != '*').to_ascii_lowercase();
    let is_mask = |c: char| matches!(c, '*' | 'x' | 'X' | '.' | '•' | '#' | '-' | '_');
    let variable = value.strip_prefix('$').unwrap_or_default();
    bare.is_empty()
        || STATES.contains(&bare.as_str())
        || bare.starts_with("redacted")
        || value.chars().all(is_mask)
        || value.starts_with("***")
        || value.ends_with("***")
        || value.starts_with('<') && value.contains('>')
        || value.starts_with("${")
        || value.starts_with('{') && value.ends_with('}')
        || value.starts_with('%') && value.len() < 4
        || !variable.is_empty() && variable.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        || value.starts_with("projects/")
}

fn is_stand_in(s: &str) -> bool {
    Class::ALL.iter().any(|class| {
        let digits = s.strip_prefix('<').and_then(|s| s.strip_prefix(class.as_str())).and_then(|s| s.strip_prefix(':'));
        digits
            .is_some_and(|d| d.len() > 6 && d.as_bytes()[6] == b'>' && d.bytes().take(6).all(|b| b.is_ascii_hexdigit()))
    })
}

/// Source lines in a traceback: `token=get_token(`, `password=settings.password`, `secret=secret`.
fn is_code(value: &str, word: &str) -> bool {
    let (head, is_call) = value.split_once(['(', '[']).map_or((value, false), |(head, _)| (head, true));
    let head = head.trim_end_matches([')', ']', '}', ':']);
    let is_name = !head.is_empty() && head.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '.'));
    let is_path = head.contains(['.', '_']) && secret_class(head).is_some();
    is_name && (is_call || is_path || head.eq_ignore_ascii_case(word))
}

fn is_small_number(class: Class, value: &str) -> bool {
    class == Class::Token && value.len() < 6 && value.bytes().all(|b| b.is_ascii_digit())
}

/// `Invalid token: signature has expired`: a word of a sentence. Behind a password one word alone is not trusted.
fn is_word(class: Class, key: &str, value: &str, after: &str) -> bool {
    let is_alphabetic = value.len() < 20 && value.chars().all(char::is_alphabetic);
    let is_trusted = class != Class::Password || key.eq_ignore_ascii_case("secret");
    let goes_on =
        after.trim_start_matches([',', '.']).strip_prefix(' ').is_some_and(|s| s.starts_with(char::is_alphabetic));
    is_alphabetic && (is_trusted || goes_on)
}

fn email(_: &str, captures: &Captures) -> Option<Hit> {
    let (whole, top) = (captures.get(0)?, captures.get(1)?);
    let is_file = ["png", "jpg", "jpeg", "gif", "svg", "webp", "js", "mjs", "ts", "css", "py"].contains(&top.as_str());
    (!is_file && !whole.as_str().starts_with("git@")).then(|| (Class::Email, whole.range()))
}

fn ipv6(text: &str, captures: &Captures) -> Option<Hit> {
    let whole = captures.get(0)?;
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let end = whole.start() + whole.as_str().trim_end_matches('.').len();
    // `addr:2001:db8::1:` has a colon too many at both ends
    for start in [whole.start(), whole.start() + 1] {
        for end in [end, end - 1] {
            let Ok(ip) = text.get(start..end).unwrap_or_default().parse::<Ipv6Addr>() else {
                continue;
            };
            let has_digit = text[start..end].bytes().any(|b| b.is_ascii_digit());
            let is_local = ip.is_loopback() || ip.is_unspecified() || ip.to_ipv4_mapped().is_some_and(is_local);
            let is_part = is_word(text[..start].chars().next_back()) || is_word(text[end..].chars().next());
            return (has_digit && !is_local && !is_part).then_some((Class::Ip, start..end));
        }
    }
    None
}

fn ipv4(text: &str, captures: &Captures) -> Option<Hit> {
    let whole = captures.get(0)?;
    let ip: Ipv4Addr = whole.as_str().parse().ok()?; // refuses 256 and leading zeros
    let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
    (!is_local(ip) && !is_version(before, after)).then(|| (Class::Ip, whole.range()))
}

/// This machine, any machine, everybody, and the metadata server that every instance has.
fn is_local(ip: Ipv4Addr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || ip.is_broadcast() || ip == Ipv4Addr::new(169, 254, 169, 254)
}

/// `Chrome/120.0.0.0`, `version: 1.2.3.4`, `v1.2.3.4-rc1`, `pkg==1.2.3.4`, `1.2.3.4.5`.
fn is_version(before: &str, after: &str) -> bool {
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
        Some('/') => ahead.next().is_some_and(char::is_alphabetic) && !after.starts_with(':'),
        Some('-') => ahead.next().is_some_and(char::is_alphabetic),
        Some('=') => matches!(ahead.next(), Some('=' | '>' | '<' | '~')),
        Some(c) => c.is_alphanumeric() || matches!(c, '_' | '.'),
        None => false,
    };
    let word = before.trim_end_matches([' ', '=', ':', '"', '\'']).to_ascii_lowercase();
    let last = word.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    goes_on || is_joined || ["version", "ver", "v", "rv", "release", "build"].contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(s: &str) -> String {
        let redactor = Redactor::new(7, &[]);
        let once = redactor.text(s).into_owned();
        assert_eq!(redactor.text(&once), once, "redacted twice: {s}");
        // digits replaced, so that the tables below can be read
        let digits = Regex::new("<([a-z-]+):[0-9a-f]{6}>").unwrap();
        digits.replace_all(&once, "<$1>").into_owned()
    }

    /// Made-up secrets of known makes are put together here, so that no scanner takes this file for a leak.
    #[test]
    fn known_makes() {
        let (upper, mixed) = ("ABCDEFGH23456789", "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8");
        for key in [
            format!("{}{upper}", "AKIA"),
            format!("{}{}", "AIza", &mixed[..35]),
            format!("{}{mixed}", "ghp_"),
            format!("{}{mixed}", "github_pat_"),
            format!("{}123456789-{mixed}", "xoxb-"),
            format!("{}{mixed}", "sk_live_"),
            format!("{}proj-{mixed}", "sk-"),
        ] {
            assert_eq!(redacted(&format!("sent {key}, refused")), "sent <key>, refused");
        }
        assert_eq!(
            redacted("task-abcdefghijklmnopqrstuvwxyz sk-all-words-and-no-number-at-all"),
            "task-abcdefghijklmnopqrstuvwxyz sk-all-words-and-no-number-at-all"
        );
    }

    #[test]
    fn secrets_in_text() {
        for (text, shown) in [
            ("Bearer abc123def456", "Bearer <token>"),
            ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic <token>"),
            ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ok", "got <token> ok"),
            ("postgresql://app:s3cr/et@db:5432/x", "postgresql://app:<password>@db:5432/x"),
            ("redis://:hunter2@10.0.0.5:6379", "redis://:<password>@<ip>:6379"),
            ("password=hunter2 host=db", "password=<password> host=db"),
            ("DB_PASSWORD: hunter2", "DB_PASSWORD: <password>"),
            ("wrong password: swordfish", "wrong password: <password>"),
            ("{\"client_secret\": \"a b c\", \"n\": 1}", "{\"client_secret\": \"<password>\", \"n\": 1}"),
            ("{'api_key': 'abc', 'n': 1}", "{'api_key': '<key>', 'n': 1}"),
            ("{\\\"token\\\": \\\"abc\\\"}", "{\\\"token\\\": \\\"<token>\\\"}"),
            ("/cb?access_token=a1b2&state=x", "/cb?access_token=<token>&state=x"),
            ("connect(user='a', password='p(1)')", "connect(user='a', password='<password>')"),
            ("Set-Cookie: sid=a1b2; Path=/", "Set-Cookie: <token>"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nx", "<private-key>\nx"),
            ("-----BEGIN PRIVATE KEY-----\\nMIIE cut", "<private-key>"),
            ("mail to Ann.Lee+x@example.co.uk.", "mail to <email>."),
            ("app@my-project.iam.gserviceaccount.com", "<email>"),
            ("u=ann%40example.com", "u=<email>"),
            ("from 203.0.113.9:443", "from <ip>:443"),
            ("refused: /10.1.2.3:8080", "refused: /<ip>:8080"),
            ("http://10.1.2.3/x", "http://<ip>/x"),
            ("[2001:db8::1]:443, addr:2001:db8::1: no", "[<ip>]:443, addr:<ip>: no"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    #[test]
    fn what_only_looks_like_a_secret() {
        for text in [
            "SECRET configured: True",
            "SERVICE_SECRET configured: True, JWT_SECRET_KEY: SET",
            "AUTH=REDACTED Service Secret=REDACTED True JWT=REDACTED 64 characters",
            "password=*** token: None, secret=xxxxxxxx pwd=${DB_PASSWORD}",
            "postgresql+asyncpg://***@/db?host=/cloudsql/p:r:i",
            "postgresql://app:***@db/x",
            "Invalid token: signature has expired",
            "Wrong password: must be longer",
            "max_tokens=4096 token_count: 12 tokens=5 token=17",
            "    user = get(token=self.token, password=settings.password, secret=secret)",
            "token: str = get_token(request)",
            "Basic authentication failed for bearer credentials",
            "PWD=/app OLDPWD=/",
            "Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36",
            "version 1.2.3.4, v1.2.3.4, lib==1.2.3.4, \"Chromium\";v=\"120.0.0.0\", 1.2.3.4.5, 300.1.1.1",
            "listening on 127.0.0.1:8080, 0.0.0.0:80, [::1]:80, 169.254.169.254",
            "2025-09-15T20:03:08.556593+00:00 std::vec a::b abc::def 12:34:56",
            "http://host:80/a@b http://host:8080/logo@2x.png git@github.com:o/r img@sha256:ab",
            "",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn stand_ins_stay() {
        let text = "<token:0a1b2c> <password:0a1b2c> Bearer <token:0a1b2c> password=<password:0a1b2c> \"secret\": \"<password:0a1b2c>\"";
        assert!(matches!(Redactor::new(1, &[]).text(text), Cow::Borrowed(_)));
    }

    #[test]
    fn same_value_same_stand_in() {
        let (one, other) = (Redactor::new(1, &[]), Redactor::new(2, &[]));
        let ann = one.text("ann@example.com").into_owned();
        assert_eq!(one.text("Ann@Example.com"), ann);
        assert_ne!(one.text("bob@example.com"), ann);
        assert_ne!(other.text("ann@example.com"), ann);
    }

    #[test]
    fn classes_can_be_switched_off() {
        let redactor = Redactor::new(1, &[Class::Ip, Class::Password]);
        assert!(matches!(redactor.text("password=hunter2 from 203.0.113.9"), Cow::Borrowed(_)));
        assert!(Class::ALL.iter().all(|&class| Class::parse(class.as_str()) == Some(class)));
    }

    #[test]
    fn documents() {
        let redactor = Redactor::new(7, &[]);
        let mut v = serde_json::json!({
            "Authorization": "Bearer abc123def456", "apiKey": "k", "token": 3, "secret": {"a": [1]}, "password": 1234,
            "secretConfigured": "yes", "client_secret": null, "jwt": "REDACTED", "by": {"ann@example.com": ["10.1.2.3"]},
            "env": [{"name": "DB_PASSWORD", "value": "plain"}, {"name": "PORT", "value": "8080"}],
        });
        redactor.json(&mut v);
        let shown = redacted(&v.to_string());
        assert_eq!(
            shown,
            r#"{"Authorization":"Bearer <token>","apiKey":"<key>","token":3,"secret":"<password>","password":"<password>","secretConfigured":"yes","client_secret":null,"jwt":"REDACTED","by":{"<email>":["<ip>"]},"env":[{"name":"DB_PASSWORD","value":"<password>"},{"name":"PORT","value":"8080"}]}"#
        );
        let once = v.clone();
        redactor.json(&mut v);
        assert_eq!(v, once);
    }

    /// Pieces of secrets in any order: what comes out must be stable, and must not panic at any boundary.
    #[test]
    fn idempotent_on_pieces() {
        let pieces = [
            "password",
            "=",
            ": ",
            "\"",
            "'",
            "\\\"",
            "hunter2",
            "token",
            "<token:0a1b2c>",
            "é",
            "@",
            "example.com",
            "://",
            "/",
            "10.1.2.3",
            "2001:db8::1",
            "Bearer ",
            "a1b2c3d4e5",
            " ",
            "\n",
            "<",
            ">",
            ":",
            "eyJhbGciOiJIUzI1NiJ9",
            "sk-",
        ];
        let mut state = 1u64;
        let mut next = |n: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % n
        };
        for _ in 0..20_000 {
            let text: String = (0..1 + next(9)).map(|_| pieces[next(pieces.len())]).collect();
            redacted(&text);
        }
    }
}
