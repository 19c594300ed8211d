//! Made-up archives: something to try every command on, and to measure with, when no export is at hand.
//!
//! 1. [`write`] with no count tells a *story*: three days of two services, with the four issues of a worklog in them.
//! 2. [`write`] with a count makes a *stream* of so many entries, in constant memory, as fast as a disk takes them.
//! 3. [`write_incident`] is what a collector with a limit brings home from a service that does not start.
//!
//! Nothing in them comes from a real export. The same options give the same bytes, so a test may quote an entry.

mod clock;
mod incident;
mod rng;
mod story;
mod stream;

use std::io::{self, Write};

/// How the entries are laid out; both have the oldest entry first
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One entry a line, as a sink writes it
    Ndjson,
    /// One JSON array, as `gcloud logging read --format=json` prints it
    Array,
}

impl Layout {
    fn open(self) -> &'static [u8] {
        match self {
            Layout::Ndjson => b"",
            Layout::Array => b"[\n",
        }
    }

    fn between(self) -> &'static [u8] {
        match self {
            Layout::Ndjson => b"\n",
            Layout::Array => b",\n",
        }
    }

    fn close(self, is_empty: bool) -> &'static [u8] {
        match (self, is_empty) {
            (Layout::Ndjson, true) => b"",
            (Layout::Ndjson, false) => b"\n",
            (Layout::Array, true) => b"]\n",
            (Layout::Array, false) => b"\n]\n",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    /// None: the story, about 2,000 entries; else exactly so many entries of the stream
    pub entries: Option<u64>,
    /// Over how many days the stream is spread
    pub days: u32,
    pub layout: Layout,
}

/// Writes the story or, where a count is given, the stream
///
/// # Errors
/// Those of `out`
pub fn write(out: &mut dyn Write, options: &Options) -> io::Result<()> {
    match options.entries {
        None => story::write(out, options.seed, options.layout),
        Some(count) => stream::write(out, options.seed, count, options.days, options.layout),
    }
}

/// Writes the client dump of a service that does not start, cut at 50 entries a severity
///
/// # Errors
/// Those of `out`
pub fn write_incident(out: &mut dyn Write, seed: u64) -> io::Result<()> {
    incident::write(out, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(seed: u64, entries: Option<u64>, layout: Layout) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &Options { seed, entries, days: 7, layout }).unwrap();
        bytes
    }

    #[test]
    fn a_seed_gives_the_same_bytes_and_another_seed_others() {
        for entries in [None, Some(3_000)] {
            let first = archive(42, entries, Layout::Ndjson);
            assert!(first == archive(42, entries, Layout::Ndjson));
            assert!(first != archive(43, entries, Layout::Ndjson));
        }
    }

    #[test]
    fn an_array_holds_the_lines() {
        for entries in [None, Some(0), Some(1), Some(500)] {
            let lines = archive(42, entries, Layout::Ndjson);
            let array = archive(42, entries, Layout::Array);
            let from_lines: Vec<serde_json::Value> =
                serde_json::Deserializer::from_slice(&lines).into_iter().collect::<Result<_, _>>().unwrap();
            let from_array: Vec<serde_json::Value> = serde_json::from_slice(&array).unwrap();
            assert_eq!(from_lines, from_array);
        }
    }

    #[test]
    fn the_files_of_the_data_folder_are_seed_42() {
        let mut incident = Vec::new();
        write_incident(&mut incident, 42).unwrap();
        assert!(archive(42, None, Layout::Ndjson) == include_bytes!("../../data/sample.ndjson"));
        assert!(incident == include_bytes!("../../data/incident.json"));
    }
}
