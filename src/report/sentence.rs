//! Sentences in parts: what a worklog says is put into words once, and each format writes numbers, times and code its own way.
//! A number knows the query it comes from, which pages open.

use serde::{Deserialize, Serialize};

/// One piece of a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Our own, as they stand.
    Words(String),
    Strong(String),
    /// A text from entries or rules, escaped as the format wants it.
    Text(String),
    Code(String),
    /// With the query that it comes from, where it opens one.
    Number {
        text: String,
        query: Option<String>,
    },
    Time(i64),
    /// A time of which the day and the minute are enough.
    Minute(i64),
    Clock(i64),
    /// Code that leads to a page of another site.
    Link {
        text: String,
        url: String,
    },
    /// A reference to a cluster of the same worklog.
    Cluster(u64),
}

impl From<&str> for Part {
    fn from(words: &str) -> Self {
        Part::Words(words.to_owned())
    }
}

impl From<String> for Part {
    fn from(words: String) -> Self {
        Part::Words(words)
    }
}

/// A number that opens its query.
pub fn n(text: impl ToString, query: &str) -> Part {
    Part::Number { text: text.to_string(), query: Some(query.to_owned()) }
}

pub fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

pub fn code(text: &str) -> Part {
    Part::Code(text.to_owned())
}

pub fn time(ns: Option<i64>) -> Part {
    ns.map_or(Part::Words("an unknown time".into()), Part::Time)
}

/// Parts one after the other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sentence(pub Vec<Part>);

impl Sentence {
    /// For a page that shows no queries.
    pub fn without_queries(mut self) -> Self {
        for part in &mut self.0 {
            if let Part::Number { query, .. } = part {
                *query = None;
            }
        }
        self
    }

    /// With more at its end, where there is more to say.
    pub fn and(mut self, more: impl IntoIterator<Item = Sentence>) -> Self {
        self.0.extend(more.into_iter().flat_map(|more| more.0));
        self
    }
}

/// `sentence!["seen in ", n(count, "query"), " files"]`.
macro_rules! sentence {
    ($($part:expr),* $(,)?) => {
        $crate::report::sentence::Sentence(vec![$($crate::report::sentence::Part::from($part)),*])
    };
}
pub(crate) use sentence;

/// Parts with the same between each.
pub fn joined(parts: impl IntoIterator<Item = Sentence>, between: &str) -> Sentence {
    let mut all = Sentence::default();
    for part in parts {
        if !all.0.is_empty() {
            all.0.push(between.into());
        }
        all.0.extend(part.0);
    }
    all
}
