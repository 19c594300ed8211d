//! What a worklog's entries come from, and what is known to be missing.

use serde::Serialize;

use super::view::Viewed;
use crate::{
    report::{
        filters::span,
        sentence::{Part, Sentence, n, sentence},
    },
    sql::row::row,
};

row! {
    FileRow of "report/files" per window {
        file: String,
        form: String,
        entry_count: u64,
        duplicate_count: u64,
        fuller_count: u64,
        reject_count: u64,
        no_payload_count: u64,
        faults: Option<Vec<String>>,
        /// Of an engine: counted in place, and not fetched.
        counted_count: u64,
        first_ns: i64,
        last_ns: i64,
        span_ns: i64,
        asked_from: Option<String>,
        asked_to: Option<String>,
        /// The time span in the file's name.
        promised_seconds: Option<i64>,
        is_file_cut: bool,
        is_newest_first: Option<bool>,
    }
}

row! {
    /// A severity of a file whose collection looks cut.
    CutRow of "report/cuts" per window {
        file: String,
        severity: String,
        entry_count: u64,
        first_ns: i64,
        last_ns: i64,
        span_ns: i64,
        file_first_ns: i64,
        file_last_ns: i64,
        is_newest_first: Option<bool>,
        /// Severities of the file that are cut at the same count.
        same_count: usize,
    }
}

row! {
    GapRow of "report/gaps" per window {
        from_ns: i64,
        to_ns: i64,
        length_ns: i64,
    }
}

/// What a file's figures come to.
#[derive(Debug, Clone, Serialize)]
pub struct FileParts {
    promised_ns: Option<i64>,
    /// Its entries cover less than half of the time span in its name.
    is_short_of_promise: bool,
    fetched_count: u64,
}

impl Viewed for FileRow {
    type Parts = FileParts;

    fn parts(&self) -> FileParts {
        let promised_ns = self.promised_seconds.map(|seconds| seconds * 1_000_000_000);
        FileParts {
            promised_ns,
            is_short_of_promise: promised_ns.is_some_and(|promised| self.span_ns < promised / 2),
            fetched_count: self.entry_count.saturating_sub(self.counted_count),
        }
    }
}

/// The sentence about a time without entries.
#[derive(Debug, Clone, Serialize)]
pub struct GapParts {
    words: Sentence,
}

impl Viewed for GapRow {
    type Parts = GapParts;

    fn parts(&self) -> GapParts {
        let words = sentence![
            Part::Time(self.from_ns),
            " to ",
            Part::Time(self.to_ns),
            " (",
            n(span(self.length_ns), "gaps"),
            ")"
        ];
        GapParts { words }
    }
}

/// The severities of one file that look cut.
#[derive(Debug, Serialize)]
pub struct CutFile<'a> {
    file: &'a str,
    cuts: Vec<&'a CutRow>,
    first: &'a CutRow,
    /// The count at which each severity was cut, where it is one for all.
    limit: Option<u64>,
}

/// By the files' names.
pub fn cut_files(cuts: &[CutRow]) -> Vec<CutFile<'_>> {
    let mut files: Vec<CutFile<'_>> = Vec::new();
    for cut in cuts {
        match files.iter_mut().find(|file| file.file == cut.file) {
            Some(known) => known.cuts.push(cut),
            None => files.push(CutFile { file: &cut.file, cuts: vec![cut], first: cut, limit: None }),
        }
    }
    for file in &mut files {
        let is_one_limit = file.cuts.len() > 1 && file.first.same_count == file.cuts.len();
        file.limit = is_one_limit.then_some(file.first.entry_count);
    }
    files.sort_by_key(|file| file.file.to_lowercase());
    files
}

/// How many files look cut, in part or as a whole.
pub fn cut_count(files: &[FileRow], cuts: &[CutRow]) -> usize {
    cut_files(cuts).len() + files.iter().filter(|file| file.is_file_cut).count()
}
