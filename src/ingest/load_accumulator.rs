//! What parsing gives beside the rows of entries: counts by file, rejected pieces, and rows of the small tables.

use rustc_hash::FxHashMap;

use super::{
    append::Known,
    columns::Dictionaries,
    parse::{Parsed, Rejected},
};
use crate::{mine::Mined, text::words::plural};

/// Rejected pieces kept for each list of a file until it is known whether the list holds entries.
const PENDING_LIMIT: usize = 1_000;
/// Rows of the small tables held back until DuckDB can take them.
const HELD_BYTES: usize = 32 << 20;

/// Shared by all parsers of a load.
pub struct LoadAccumulator {
    pub tallies: FxHashMap<u32, Tally>,
    pub known: Known,
    due: PendingRows,
    held_bytes: usize,
}

/// Rows of the small tables that wait to be stored.
#[derive(Default)]
pub struct PendingRows {
    pub dictionaries: Dictionaries,
    /// With the number of their file.
    pub rejects: Vec<(u32, Rejected)>,
}

impl LoadAccumulator {
    pub fn new(known: Known) -> Self {
        Self { tallies: FxHashMap::default(), known, due: PendingRows::default(), held_bytes: 0 }
    }

    /// Whether the rows of small tables have to be stored before more are taken.
    pub fn is_full(&self) -> bool {
        self.held_bytes > HELD_BYTES
    }

    pub fn take(&mut self, mut parsed: Parsed) {
        for (id, kind, text) in parsed.shapes.drain(..) {
            self.known.shapes.add(Mined { id, kind, text: &text }, 0);
        }
        let new = std::mem::take(&mut parsed.dictionaries);
        let ids = &mut self.known.ids;
        let held = &mut self.due.dictionaries;
        held.sources.extend(new.sources.into_iter().filter(|(id, _)| ids.insert(*id)));
        for label_set in new.label_sets.into_iter().filter(|(id, ..)| ids.insert(*id)) {
            self.held_bytes += label_set.1.len() + label_set.2.len();
            held.label_sets.push(label_set);
        }
        for call_site in new.call_sites.into_iter().filter(|(id, _)| ids.insert(*id)) {
            self.held_bytes += call_site.1.module.len() + call_site.1.function.len();
            held.call_sites.push(call_site);
        }
        let file_id = parsed.file_id;
        for rejected in self.tallies.entry(file_id).or_default().add(parsed) {
            self.held_bytes += rejected.raw.len() + rejected.reason.len();
            self.due.rejects.push((file_id, rejected));
        }
    }

    pub fn drain(&mut self) -> PendingRows {
        self.held_bytes = 0;
        std::mem::take(&mut self.due)
    }
}

/// What the parsers counted of one file.
#[derive(Default)]
pub struct Tally {
    pub entries: u64,
    pub with_payload: u64,
    pub bare: u64,
    pub entry_bytes: u64,
    /// Bytes of pieces in lists that hold no entries at all.
    pub other_bytes: u64,
    zoneless: u64,
    replaced: u64,
    nul: u64,
    halved: u64,
    pub first_at: Option<i64>,
    pub last_at: Option<i64>,
    entries_by_list: FxHashMap<u32, u64>,
    pub reject_count: u64,
    pub reject_bytes: u64,
    /// Where and why the first rejected piece was.
    pub first_reject: Option<(u64, String)>,
    /// Items of lists that may turn out to hold no entries at all.
    pending: FxHashMap<u32, Pending>,
}

#[derive(Default)]
struct Pending {
    rejects: Vec<Rejected>,
    more: Option<Rejected>,
}

impl Tally {
    /// Counts a batch; answers what of it is rejected for certain.
    fn add(&mut self, batch: Parsed) -> Vec<Rejected> {
        self.entries += batch.entry_count;
        self.entry_bytes += batch.entry_bytes;
        self.with_payload += batch.payload_count;
        self.bare += batch.bare_count;
        self.zoneless += batch.zoneless_count;
        self.replaced += batch.replaced_count;
        self.nul += batch.nul_count;
        self.halved += batch.halved_count;
        if batch.entry_count > 0 {
            self.first_at = Some(self.first_at.map_or(batch.first_at, |at| at.min(batch.first_at)));
            self.last_at = Some(self.last_at.map_or(batch.last_at, |at| at.max(batch.last_at)));
        }
        for (list, count) in batch.entries_by_list {
            *self.entries_by_list.entry(list).or_default() += count;
        }
        let mut certain = Vec::new();
        for rejected in batch.rejects {
            if rejected.is_other && !self.entries_by_list.contains_key(&rejected.list) {
                self.pending.entry(rejected.list).or_default().add(rejected);
            } else {
                self.count(&rejected);
                certain.push(rejected);
            }
        }
        certain
    }

    fn count(&mut self, rejected: &Rejected) {
        self.reject_count += rejected.count;
        self.reject_bytes += rejected.bytes;
        if self.first_reject.as_ref().is_none_or(|(line, _)| rejected.line < *line) {
            self.first_reject = Some((rejected.line, rejected.reason.clone()));
        }
    }

    /// When all is read: items that are no entries count as rejected only in lists that do hold entries.
    pub fn late_rejects(&mut self) -> Vec<Rejected> {
        let mut rejects = Vec::new();
        for (list, pending) in std::mem::take(&mut self.pending) {
            if self.entries_by_list.contains_key(&list) || self.entries == 0 {
                rejects.extend(pending.all());
            } else {
                self.other_bytes += pending.bytes();
            }
        }
        rejects.sort_by_key(|rejected| (rejected.line, rejected.byte_offset));
        for rejected in &rejects {
            self.count(rejected);
        }
        rejects
    }

    pub fn repaired(&self) -> u64 {
        self.replaced + self.nul + self.halved
    }

    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        // requests have none by nature
        if self.with_payload == 0 && self.bare > 0 {
            faults
                .push(format!("no payload in any of its {}: a fault of the collection", plural(self.entries, "entry")));
        }
        if self.zoneless > 0 {
            faults.push(format!("times without a zone, taken as UTC, in {}", plural(self.zoneless, "entry")));
        }
        if self.replaced > 0 {
            faults.push(format!("invalid UTF-8, which was replaced, in {}", plural(self.replaced, "piece")));
        }
        if self.nul > 0 {
            faults.push(format!("NUL bytes, which were left out, in {}", plural(self.nul, "piece")));
        }
        if self.halved > 0 {
            let entries = plural(self.halved, "entry");
            faults.push(format!("half a UTF-16 pair, as cutting a text leaves it, replaced in {entries}"));
        }
        faults
    }
}

impl Pending {
    /// Beyond the limit one piece stands for all.
    fn add(&mut self, rejected: Rejected) {
        if self.rejects.len() < PENDING_LIMIT {
            self.rejects.push(rejected);
        } else if let Some(more) = &mut self.more {
            more.count += 1;
            more.bytes += rejected.bytes;
        } else {
            self.more = Some(rejected);
        }
    }

    fn bytes(&self) -> u64 {
        self.rejects.iter().chain(&self.more).map(|rejected| rejected.bytes).sum()
    }

    fn all(mut self) -> Vec<Rejected> {
        self.rejects.extend(self.more.map(|more| {
            let reason = format!("{}: {} from here on", more.reason, plural(more.count, "such item"));
            Rejected { reason, ..more }
        }));
        self.rejects
    }
}
