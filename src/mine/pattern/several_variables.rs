//! Two variables in one message hide each other: `ann opened report-x` and `bob opened report-y` never differ in one
//! place only. Where shapes agree but for two places, or three, and many names stand in each of them, all are variables.
//!
//! Sets of places are many, so they are counted in a small table first and only those that can be enough are looked at.

use rustc_hash::FxHashSet;

use super::{
    count_sketch::Tally,
    one_variable::weight_of,
    sequence_set::{Forest, fact},
    tokens::{STAR, Symbol},
};

/// What the words in each of the places must weigh together: eight names.
const ENOUGH: usize = 32;
/// Distinct shapes that takes at least.
const SHAPES: u8 = 6;
const TABLE_BITS: u32 = 22;

/// `N` places of one sequence, under what is the same in all that agree but for them.
#[derive(Clone, Copy)]
struct Places<const N: usize> {
    key: u64,
    tree: u32,
    at: [u16; N],
}

pub(super) fn fill(forest: &mut Forest) {
    // among so many words at the start of a message, where so many others hold the shapes together
    let trees = forest.len() as u32;
    fill_sets::<2>(forest, trees, 20, 2);
    fill_sets::<3>(forest, trees, 7, 3);
}

fn fill_sets<const N: usize>(forest: &mut Forest, trees: u32, among: usize, anchors: usize) {
    let mut tally = Tally::new(TABLE_BITS);
    for_each_set::<N>(forest, trees, among, anchors, |set| tally.add(set.key));
    let mut sets = Vec::new();
    for_each_set::<N>(forest, trees, among, anchors, |set| {
        if tally.may_be(set.key, SHAPES) {
            sets.push(set);
        }
    });
    sets.sort_unstable_by_key(|set| set.key);
    let mut scratch = Vec::new();
    for group in sets.chunk_by(|one, other| one.key == other.key) {
        if group.len() >= SHAPES as usize && are_variables(forest, group) {
            for set in group {
                forest.generalise(set.tree, &set.at, &mut scratch);
            }
        }
    }
}

fn for_each_set<const N: usize>(
    forest: &Forest,
    trees: u32,
    among: usize,
    anchors: usize,
    mut visit: impl FnMut(Places<N>),
) {
    let (mut words, mut shares) = (Vec::new(), Vec::new());
    for tree in 0..trees {
        let symbols = forest.symbols_of(tree);
        let is_word = |symbol: Symbol| symbol != STAR && !forest.has(symbol, fact::SEPARATOR | fact::NEVER);
        words.clear();
        words.extend((0_u16..u16::MAX).zip(symbols).filter(|&(_, &symbol)| is_word(symbol)).map(|(place, _)| place));
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
    for (index, &(place, share)) in shares.iter().enumerate() {
        let mut next = so_far;
        next.at[depth] = place;
        next.key = next.key.wrapping_sub(share);
        if depth + 1 < N {
            choose(&shares[index + 1..], next, depth + 1, visit);
        } else {
            let places = next.at.iter().fold(0_u64, |places, &place| places << 16 | u64::from(place));
            next.key = (next.key ^ places).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            visit(next);
        }
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
