//! What is written as JSON: each kind of document with its version and its schema.
//!
//! A version is raised when a key changes its meaning or goes; a key that comes does not raise it.

use anyhow::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    brief::BriefDocument,
    document::{Document, comparison::Comparison, frame::DOCUMENT_VERSION, pattern::ShownPattern},
};
use crate::schema::{Described, Field, Fields, schema_of, times::with_times};

/// A kind of document.
pub struct Kind {
    pub name: &'static str,
    pub about: &'static str,
    pub version: u32,
    schema: fn(&Kind) -> Value,
}

impl Kind {
    pub fn schema(&self) -> Value {
        (self.schema)(self)
    }

    /// The document with its version and with times in words.
    pub fn value(&self, document: &impl Serialize) -> Result<Value> {
        let value = with_times(document)?;
        let Value::Object(map) = value else { return Ok(value) };
        let mut versioned = Map::with_capacity(map.len() + 1);
        versioned.insert("document_version".into(), self.version.into());
        versioned.extend(map);
        Ok(versioned.into())
    }

    /// The same as text, a line for each value.
    pub fn text(&self, document: &impl Serialize) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.value(document)?)? + "\n")
    }
}

pub const WORKLOG: Kind = Kind {
    name: "worklog",
    about: "A worklog: `gardener run`, `worklog` and `history` with `--format json`",
    version: DOCUMENT_VERSION,
    schema: schema::<Document>,
};
pub const COMPARISON: Kind = Kind {
    name: "comparison",
    about: "A comparison: `gardener compare --format json`",
    version: 1,
    schema: schema::<Versioned<Comparison>>,
};
pub const BRIEF: Kind = Kind {
    name: "brief",
    about: "The start of each worklog: `gardener brief --format json`",
    version: 1,
    schema: schema::<Vec<Versioned<BriefDocument>>>,
};
pub const PATTERN: Kind = Kind {
    name: "pattern",
    about: "A pattern and its cluster: `gardener show --format json`",
    version: 1,
    schema: schema::<Versioned<ShownPattern>>,
};

pub const KINDS: [&Kind; 4] = [&WORKLOG, &COMPARISON, &BRIEF, &PATTERN];

fn schema<T: Described>(kind: &Kind) -> Value {
    schema_of::<T>(kind.name, kind.about, kind.version)
}

/// What has its version put before it when it is written.
struct Versioned<T>(std::marker::PhantomData<T>);

impl<T: Fields> Fields for Versioned<T> {
    const NAME: &'static str = T::NAME;

    fn fields(definitions: &mut crate::schema::Definitions) -> Vec<Field> {
        let mut fields = vec![Field::new::<u32>("document_version", &[], definitions)];
        fields.extend(T::fields(definitions));
        fields
    }
}
