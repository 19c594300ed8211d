//! Two variables in one message hide each other: `ann opened report-x` and `bob opened report-y` never differ in one
//! place only. Where shapes agree but for two places, or three, and many names stand in each of them, all are variables.
//!
//! Sets of places are many, so they are counted in a small table first and only those that can be enough are looked at.

use rustc_hash::FxHashSet;

use super::forest::{Forest, fact};
use super::holes::weight_of;
use super::tokens::{STAR, Symbol};

/// What the words in each of the places must weigh together: eight names.
const ENOUGH: usize = 32;
/// Distinct shapes that takes at least.
const SHAPES: u8 = 6;
const TABLE_BITS: u32 = 22;

/// `N` places of one sequence, under what is the same in all that agree but for them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Places<const N: usize> {
    key: u64,
    tree: u32,
    at: [u16; N],
}

pub fn fill(forest: &mut Forest) {
    // among so many words at the start of a message, where so many others hold the shapes together
    fill_sets::<2>(forest, 20, 2);
    fill_sets::<3>(forest, 8, 3);
}

fn fill_sets<const N: usize>(forest: &mut Forest, among: usize, anchors: usize) {
    let mut table = vec![0_u8; 1 << TABLE_BITS];
    let slot = |key: u64| (key >> (u64::BITS - TABLE_BITS)) as usize;
    for_each_set::<N>(forest, among, anchors, |set| {
        table[slot(set.key)] = table[slot(set.key)].saturating_add(1);
    });
    let mut sets = Vec::new();
    for_each_set::<N>(forest, among, anchors, |set| {
        if table[slot(set.key)] >= SHAPES {
            sets.push(set);
        }
    });
    sets.sort_unstable();
    let mut scratch = Vec::new();
    for group in sets.chunk_by(|one, other| one.key == other.key) {
        if group.len() >= SHAPES as usize && are_variables(forest, group) {
            for set in group {
                forest.generalise(set.tree, &FxHashSet::from_iter(set.at), &mut scratch);
            }
        }
    }
}

fn for_each_set<const N: usize>(forest: &Forest, among: usize, anchors: usize, mut visit: impl FnMut(Places<N>)) {
    let (mut words, mut shares) = (Vec::new(), Vec::new());
    for tree in 0..forest.len() as u32 {
        let symbols = forest.symbols_of(tree);
        let is_word = |symbol: Symbol| symbol != STAR && !forest.has(symbol, fact::SEPARATOR | fact::NEVER);
        words.clear();
        words.extend((0_u16..).zip(symbols).filter(|&(_, &symbol)| is_word(symbol)).map(|(place, _)| place));
        if words.len() >= anchors + N {
            words.truncate(among);
            shares.clear();
            shares.extend(words.iter().map(|&place| (place, forest.share(symbols[place as usize], place as usize))));
            choose(&shares, Places { key: forest.hash_of(tree), tree, at: [0; N] }, 0, &mut visit);
        }
    }
}

/// All ways to choose the places from `depth` on among those given, each with its share of the key, which is taken out.
fn choose<const N: usize>(shares: &[(u16, u64)], so_far: Places<N>, depth: usize, visit: &mut impl FnMut(Places<N>)) {
    if depth == N {
        let places = so_far.at.iter().fold(0_u64, |places, &place| places << 16 | u64::from(place));
        let key = (so_far.key ^ places).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        return visit(Places { key, ..so_far });
    }
    for (index, &(place, share)) in shares.iter().enumerate() {
        let mut next = so_far;
        next.at[depth] = place;
        next.key = next.key.wrapping_sub(share);
        choose(&shares[index + 1..], next, depth + 1, visit);
    }
}

fn are_variables<const N: usize>(forest: &Forest, group: &[Places<N>]) -> bool {
    let no_values = FxHashSet::default();
    (0..N).all(|which| {
        let place = |set: &Places<N>| set.at[which] as usize;
        let words: FxHashSet<Symbol> = group.iter().map(|set| forest.symbols_of(set.tree)[place(set)]).collect();
        words.iter().map(|&word| weight_of(forest, &no_values, word, place(&group[0]))).sum::<usize>() >= ENOUGH
    })
}
