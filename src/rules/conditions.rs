//! What a rule may ask for, parsed when the rules are loaded, so that a query never meets a condition it cannot evaluate.
//! Regexes are compiled here as `matches_regex` compiles them when SQL asks for them.

use std::fmt;

use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize, de};

/// <https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#logseverity>
pub const SEVERITIES: [(&str, u16); 9] = [
    ("DEFAULT", 0),
    ("DEBUG", 100),
    ("INFO", 200),
    ("NOTICE", 300),
    ("WARNING", 400),
    ("ERROR", 500),
    ("CRITICAL", 600),
    ("ALERT", 700),
    ("EMERGENCY", 800),
];

/// One severity, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Severity(pub u16);

impl Severity {
    pub fn name(self) -> &'static str {
        SEVERITIES.iter().find(|(_, number)| *number == self.0).map_or("DEFAULT", |(name, _)| name)
    }
}

impl TryFrom<String> for Severity {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = SEVERITIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
        known.map(|(_, number)| Severity(*number)).ok_or_else(|| {
            let names: Vec<_> = SEVERITIES.iter().map(|(name, _)| format!("`{name}`")).collect();
            format!("unknown severity `{name}`\nhint: one of {}", names.join(", "))
        })
    }
}

impl From<Severity> for String {
    fn from(severity: Severity) -> String {
        severity.name().to_owned()
    }
}

/// `">=ERROR"`, `"<NOTICE"`, `"WARNING"` (that severity alone), as a comparison of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeverityCondition {
    pub op: Op,
    pub number: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    AtLeast,
    Above,
    AtMost,
    Below,
    Equal,
}

impl Op {
    /// Those of two characters first, for they begin with one of the others.
    const ALL: [Op; 5] = [Op::AtLeast, Op::AtMost, Op::Above, Op::Below, Op::Equal];

    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Op::AtLeast => ">=",
            Op::Above => ">",
            Op::AtMost => "<=",
            Op::Below => "<",
            Op::Equal => "=",
        }
    }
}

impl SeverityCondition {
    pub fn holds(self, number: u16) -> bool {
        match self.op {
            Op::AtLeast => number >= self.number,
            Op::Above => number > self.number,
            Op::AtMost => number <= self.number,
            Op::Below => number < self.number,
            Op::Equal => number == self.number,
        }
    }
}

impl TryFrom<String> for SeverityCondition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let op = Op::ALL.into_iter().find(|op| text.starts_with(op.as_str()));
        let name = &text[op.map_or(0, |op| op.as_str().len())..];
        let severity = Severity::try_from(name.to_owned())?;
        Ok(SeverityCondition { op: op.unwrap_or(Op::Equal), number: severity.0 })
    }
}

impl From<SeverityCondition> for String {
    fn from(condition: SeverityCondition) -> String {
        let op = if condition.op == Op::Equal { "" } else { condition.op.as_str() };
        format!("{op}{}", Severity(condition.number).name())
    }
}

/// HTTP status codes from `low` to `high`, both included: `"5xx"`, `"403"`, `"500-503"`, or the number 403.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct StatusRange {
    pub low: u16,
    pub high: u16,
}

impl StatusRange {
    fn parse(text: &str) -> Option<Self> {
        let code = |s: &str| s.parse().ok().filter(|code| (100..=599).contains(code));
        let (low, high) = match text.strip_suffix("xx").and_then(|digit| code(&format!("{digit}00"))) {
            Some(low) => (low, low + 99),
            None => match text.split_once('-') {
                Some((low, high)) => (code(low)?, code(high)?),
                None => (code(text)?, code(text)?),
            },
        };
        (low <= high).then_some(StatusRange { low, high })
    }
}

impl From<StatusRange> for String {
    fn from(range: StatusRange) -> String {
        match range {
            StatusRange { low, high } if low % 100 == 0 && high == low + 99 => {
                format!("{}xx", low / 100)
            }
            StatusRange { low, high } if low == high => low.to_string(),
            StatusRange { low, high } => format!("{low}-{high}"),
        }
    }
}

impl<'de> Deserialize<'de> for StatusRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StatusVisitor)
    }
}

struct StatusVisitor;

impl de::Visitor<'_> for StatusVisitor {
    type Value = StatusRange;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a status such as \"5xx\" or 403")
    }

    fn visit_i64<E: de::Error>(self, code: i64) -> Result<StatusRange, E> {
        self.visit_str(&code.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<StatusRange, E> {
        StatusRange::parse(text).ok_or_else(|| {
            E::custom(format!(
                "`{text}` is no HTTP status\nhint: a class (`5xx`), a code (`403`) or a range (`500-503`)"
            ))
        })
    }
}

/// A regex that compiles. Unanchored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(pattern: String) -> Result<Self, String> {
        let hint = "Rust's syntax (https://docs.rs/regex/latest/regex/#syntax): no look-around, no back-references; \
                    write regexes in 'single quotes', where `\\` needs no doubling";
        if pattern.is_empty() {
            return Err("an empty regex matches everything\nhint: leave the condition out".to_owned());
        }
        if let Err(error) = Regex::new(&pattern) {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            return Err(format!("the regex cannot be used: {reason}\nhint: {hint}"));
        }
        Ok(Pattern(pattern))
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities() {
        for (text, op, number) in [
            (">=ERROR", Op::AtLeast, 500),
            ("WARNING", Op::Equal, 400),
            ("<notice", Op::Below, 300),
            ("> INFO", Op::Above, 200),
        ] {
            assert_eq!(SeverityCondition::try_from(text.to_owned()), Ok(SeverityCondition { op, number }));
        }
        assert!(SeverityCondition::try_from("~ERROR".to_owned()).is_err());
        assert!(Severity::try_from("WARN".to_owned()).unwrap_err().contains("`WARNING`"));
        assert_eq!(String::from(SeverityCondition { op: Op::AtLeast, number: 500 }), ">=ERROR");
        assert!(SeverityCondition { op: Op::AtLeast, number: 500 }.holds(600));
        assert!(!SeverityCondition { op: Op::Below, number: 500 }.holds(500));
    }

    #[test]
    fn statuses() {
        for (text, low, high) in [("5xx", 500, 599), ("403", 403, 403), ("500-503", 500, 503)] {
            let range = StatusRange::parse(text).unwrap();
            assert_eq!((range.low, range.high), (low, high));
            assert_eq!(String::from(range), text);
        }
        for text in ["", "xx", "9xx", "42", "503-500", "5x", "abc"] {
            assert_eq!(StatusRange::parse(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_are_whatever_the_regex_crate_takes() {
        for (pattern, found, not_found) in [
            (r"exit\(\d+\)", "exit(1)", "exit"),
            ("(?i)a|b", "B", "c"),
            ("[^]a]", "b", "]a"),
            ("[[:alpha:]-]+", "x-y", "12"),
            (r"^a{1,1000}$", "aa", "b"),
            ("^(?:a)(b)?$", "ab", "b"),
            ("(?P<n>a)", "a", "b"),
            ("(?<n>a)", "a", "b"),
            (r"[^é\]]é", "aé", "éé"),
            ("(?x) a b  # no blanks", "ab", "a b"),
            (r"\u0061", "a", "u0061"),
            ("[a-z&&[^aeiou]]", "xylophone", "aeiou"),
            ("[a[0-9]]", "7", "b"),
            ("a{2000}", "a".repeat(2000).as_str(), "a"),
            (r"\b{start}cart", "a cart", "a dogcart"),
        ] {
            let pattern = Pattern::try_from(pattern.to_owned()).unwrap();
            let regex = Regex::new(pattern.as_str()).unwrap();
            assert!(regex.is_match(found) && !regex.is_match(not_found), "{}", pattern.as_str());
        }
        for bad in ["", "(", "(?=a)", r"(a)\1"] {
            assert!(Pattern::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
