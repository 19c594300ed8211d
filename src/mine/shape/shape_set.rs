//! A set of shapes that stays small however many there are: those of the smallest ids are kept, the rest only counted.
//!
//! Ids are hashes, so which shapes are kept is no choice of anybody's and does not depend on the order in which they
//! come: in the end it is the longest run of ids from the smallest on whose number and texts stay within the bounds
//! (a bottom-k sample; Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007).

use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::mine::{Kind, Mined, ShapeId, ShapeStat};

/// How many shapes are kept at the most. Real services have thousands; stage 2 takes a second for a hundred thousand.
pub const SHAPES_KEPT: usize = 1 << 17;
/// How many bytes their texts may have together.
pub(crate) const TEXT_BYTES_KEPT: usize = 32 << 20;

/// The pattern of all entries whose shapes are not kept.
pub const OTHER_MESSAGES: &str = "other messages";

#[derive(Debug)]
struct Kept {
    kind: Kind,
    text: Box<str>,
    first_at: i64,
    count: u64,
}

#[derive(Debug)]
pub struct ShapeSet {
    kept: FxHashMap<ShapeId, Kept>,
    /// The greatest on top.
    ids: BinaryHeap<ShapeId>,
    text_bytes: usize,
    /// From this id on none is kept.
    end: Option<ShapeId>,
    shapes_kept: usize,
    text_bytes_kept: usize,
    other_count: u64,
}

impl Default for ShapeSet {
    fn default() -> Self {
        Self::bounded(SHAPES_KEPT, TEXT_BYTES_KEPT)
    }
}

impl ShapeSet {
    /// A set that left out the shapes from this id on before.
    pub fn ending_at(end: Option<ShapeId>) -> Self {
        Self { end, ..Self::default() }
    }

    pub fn bounded(shapes_kept: usize, text_bytes_kept: usize) -> Self {
        Self {
            kept: FxHashMap::default(),
            ids: BinaryHeap::new(),
            text_bytes: 0,
            end: None,
            shapes_kept,
            text_bytes_kept,
            other_count: 0,
        }
    }

    /// Counts a message of this shape; the earliest time stays.
    pub fn add(&mut self, shape: Mined<'_>, at: i64) {
        self.add_counted(shape, at, 1);
    }

    pub fn add_counted(&mut self, shape: Mined<'_>, first_at: i64, count: u64) {
        if let Some(known) = self.kept.get_mut(&shape.id) {
            known.count += count;
            known.first_at = known.first_at.min(first_at);
        } else if !self.keeps(shape.id) {
            self.other_count += count;
        } else {
            self.text_bytes += shape.text.len();
            self.ids.push(shape.id);
            self.kept.insert(shape.id, Kept { kind: shape.kind, text: shape.text.into(), first_at, count });
            self.shrink();
        }
    }

    /// Whether a shape of this id is, or would be, kept.
    pub fn keeps(&self, id: ShapeId) -> bool {
        self.end.is_none_or(|end| id < end)
    }

    /// The first id that is too much, if any was.
    pub fn end(&self) -> Option<ShapeId> {
        self.end
    }

    fn shrink(&mut self) {
        while self.ids.len() > self.shapes_kept || self.text_bytes > self.text_bytes_kept {
            let Some(id) = self.ids.pop() else { return };
            if let Some(gone) = self.kept.remove(&id) {
                self.text_bytes -= gone.text.len();
                self.other_count += gone.count;
            }
            self.end = Some(id);
        }
    }

    /// How many messages have shapes that are not kept.
    pub fn other_count(&self) -> u64 {
        self.other_count
    }

    /// The shapes kept, in no order that means anything.
    pub fn stats(&self) -> Vec<ShapeStat<'_>> {
        self.kept.iter().map(|(id, kept)| stat_of(*id, kept)).collect()
    }
}

fn stat_of(id: ShapeId, kept: &Kept) -> ShapeStat<'_> {
    ShapeStat { id, kind: kept.kind, text: &kept.text, first_at: kept.first_at, count: kept.count }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mined(text: &str) -> Mined<'_> {
        Mined { id: ShapeId::of(Kind::Message, text), kind: Kind::Message, text }
    }

    #[test]
    fn what_is_kept_does_not_depend_on_order() {
        let texts: Vec<String> = (0..500).map(|at| format!("{} {at:x}", "word ".repeat(at % 9))).collect();
        let kept = |texts: &mut dyn Iterator<Item = &String>, bounds: (usize, usize)| {
            let mut set = ShapeSet::bounded(bounds.0, bounds.1);
            texts.for_each(|text| set.add(mined(text), 7));
            let mut ids: Vec<ShapeId> = set.stats().iter().map(|stat| stat.id).collect();
            ids.sort();
            assert!(set.text_bytes <= bounds.1 && ids.len() <= bounds.0);
            assert_eq!(ids.len() as u64 + set.other_count(), 500);
            (ids, set.end())
        };
        for bounds in [(100, 1 << 20), (500, 900), (40, 500)] {
            let wanted = kept(&mut texts.iter(), bounds);
            assert_eq!(kept(&mut texts.iter().rev(), bounds), wanted);
            let (odd, even): (Vec<_>, Vec<_>) = texts.iter().partition(|text| text.len() % 2 == 1);
            assert_eq!(kept(&mut odd.into_iter().chain(even), bounds), wanted);
        }
    }

    #[test]
    fn what_was_left_out_once_stays_out() {
        let texts: Vec<String> = (0..50).map(|at| format!("{:x} words", at * 7919)).collect();
        let mut set = ShapeSet::bounded(20, 1 << 20);
        texts.iter().for_each(|text| set.add(mined(text), 0));
        let mut later = ShapeSet::ending_at(set.end());
        texts.iter().for_each(|text| later.add(mined(text), 0));
        assert_eq!((later.stats().len(), later.other_count()), (20, 30));
    }

    #[test]
    fn counts_add_up_when_shapes_go_and_come_again() {
        let mut set = ShapeSet::bounded(3, 1 << 20);
        for round in 0..4 {
            for at in 0..50 {
                set.add(mined(&format!("{:x}", at * 7919)), round);
            }
        }
        let counted: u64 = set.stats().iter().map(|stat| stat.count).sum();
        assert_eq!(counted + set.other_count(), 200);
        assert!(set.stats().iter().all(|stat| stat.count == 4 && stat.first_at == 0));
    }
}
