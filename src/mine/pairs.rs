//! Two variables in one message hide each other: `ann opened report-x` and `bob opened report-y` never differ in one
//! place only. Where shapes agree but for two places, and many names stand in each of them, both are variables.
//!
//! Pairs of places are many, so they are counted in a small table first and only those that can be enough are looked at.

use rustc_hash::FxHashSet;

use super::forest::{Forest, fact};
use super::holes::weight_of;
use super::tokens::{STAR, Symbol};

/// What the words in each of the two places must weigh together: eight names.
const ENOUGH: usize = 32;
/// Distinct shapes that takes at least.
const SHAPES: u8 = 6;
/// Words other than grammar that must hold the shapes together.
const ANCHORS: usize = 2;
/// Pairs are sought among this many words at the start of a message.
const PLACES: usize = 20;
const TABLE_BITS: u32 = 22;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    key: u64,
    tree: u32,
    places: [u16; 2],
}

pub fn fill(forest: &mut Forest) {
    let mut table = vec![0_u8; 1 << TABLE_BITS];
    let slot = |key: u64| (key >> (u64::BITS - TABLE_BITS)) as usize;
    for_each_pair(forest, |pair| table[slot(pair.key)] = table[slot(pair.key)].saturating_add(1));
    let mut pairs = Vec::new();
    for_each_pair(forest, |pair| {
        if table[slot(pair.key)] >= SHAPES {
            pairs.push(pair);
        }
    });
    pairs.sort_unstable();
    let mut scratch = Vec::new();
    for group in pairs.chunk_by(|one, other| one.key == other.key) {
        if group.len() >= SHAPES as usize && are_variables(forest, group) {
            for pair in group {
                forest.generalise(pair.tree, &FxHashSet::from_iter(pair.places), &mut scratch);
            }
        }
    }
}

fn for_each_pair(forest: &Forest, mut visit: impl FnMut(Pair)) {
    let mut words = Vec::new();
    for tree in 0..forest.len() as u32 {
        let symbols = forest.symbols_of(tree);
        let is_word = |symbol: Symbol| symbol != STAR && !forest.has(symbol, fact::SEPARATOR | fact::NEVER);
        words.clear();
        words.extend((0_u16..).zip(symbols).filter(|&(_, &symbol)| is_word(symbol)).map(|(place, _)| place));
        if words.len() < ANCHORS + 2 {
            continue;
        }
        let hash = forest.hash_of(tree);
        let places = &words[..words.len().min(PLACES)];
        for (at, &one) in places.iter().enumerate() {
            let without_one = hash.wrapping_sub(forest.share(symbols[one as usize], one as usize));
            for &other in &places[at + 1..] {
                let rest = without_one.wrapping_sub(forest.share(symbols[other as usize], other as usize));
                let key = (rest ^ (u64::from(one) << 16 | u64::from(other))).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                visit(Pair { key, tree, places: [one, other] });
            }
        }
    }
}

fn are_variables(forest: &Forest, group: &[Pair]) -> bool {
    let no_values = FxHashSet::default();
    (0..2).all(|which| {
        let place = |pair: &Pair| pair.places[which] as usize;
        let words: FxHashSet<Symbol> = group.iter().map(|pair| forest.symbols_of(pair.tree)[place(pair)]).collect();
        words.iter().map(|&word| weight_of(forest, &no_values, word, place(&group[0]))).sum::<usize>() >= ENOUGH
    })
}
