//! The rule at the heart of stage 2: shapes that differ in one place only, and by words enough, have a variable there.
//!
//! How many words are enough depends on what they are. Names count in full; words that read like verbs or opposites
//! count a quarter, so `VM Started` and `VM Paused` stay apart until a dozen others stand in the same place; methods,
//! levels and words of grammar never count. Each condition only gets easier with more shapes.

use rustc_hash::FxHashSet;

use super::{
    count_sketch::Tally,
    sequence_set::{Forest, fact},
    tokens::{STAR, Symbol},
    value_affixes,
};

/// Weight of a name in a hole; others are given in parts of it.
const NAME: usize = 4;
const TELLING: usize = 1;
const STATE: usize = 3;
const NUMBERED: usize = 6;
/// A name that was a value in another hole.
const KNOWN_VALUE: usize = 8;
/// What the words in a hole must weigh together: three names.
const ENOUGH: usize = 3 * NAME;
/// Less, when the word before says what the names are names of.
const ENOUGH_ANNOUNCED: usize = 2 * STATE;
/// Less, when a variable was seen there already.
const ENOUGH_BESIDE_VARIABLE: usize = NAME;
/// Variables are sought in this many tokens at the start of a message; bounds memory when messages are long.
const PLACES: usize = 128;
/// Rounds end by themselves on real logs after three or four; this bounds the rest.
const ROUNDS: usize = 8;

#[derive(Clone, Copy)]
struct Hole {
    key: u64,
    tree: u32,
    position: u16,
}

/// Applies the rule until nothing new follows.
pub(super) fn fill(forest: &mut Forest) {
    let mut holes = Vec::new();
    let mut done = 0;
    let mut values: FxHashSet<Symbol> = FxHashSet::default();
    for _ in 0..ROUNDS {
        dig(forest, done, &mut holes);
        let known_values = values.len();
        done = forest.len();
        let mut tally = Tally::for_keys(holes.len());
        holes.iter().for_each(|hole| tally.add(hole.key));
        let mut shared: Vec<Hole> = holes.iter().copied().filter(|hole| tally.may_be(hole.key, 2)).collect();
        shared.sort_unstable_by_key(|hole| hole.key);
        let mut variable = Vec::new();
        for group in shared.chunk_by(|one, other| one.key == other.key) {
            if group.len() > 1 && is_variable(forest, &values, group) {
                variable
                    .extend(group.iter().filter(|hole| may_vary(forest, hole)).map(|hole| (hole.tree, hole.position)));
            }
        }
        variable.sort_unstable();
        values.extend(variable.iter().map(|&(tree, position)| forest.symbols_of(tree)[position as usize]));
        generalise_all(forest, &variable);
        value_affixes::join_names_of_values(forest);
        if forest.len() == done && values.len() == known_values {
            return;
        }
    }
}

/// Adds a hole for every word and variable of the sequences from `from` on.
fn dig(forest: &Forest, from: usize, holes: &mut Vec<Hole>) {
    for tree in from as u32..forest.len() as u32 {
        for (position, &symbol) in forest.symbols_of(tree).iter().enumerate().take(PLACES) {
            if !forest.has(symbol, fact::SEPARATOR) {
                let key =
                    forest.hash_of(tree).wrapping_sub(forest.share(symbol, position)).rotate_left(position as u32 % 64);
                holes.push(Hole { key, tree, position: position as u16 });
            }
        }
    }
}

fn filler(forest: &Forest, hole: &Hole) -> Symbol {
    forest.symbols_of(hole.tree)[hole.position as usize]
}

fn may_vary(forest: &Forest, hole: &Hole) -> bool {
    !forest.has(filler(forest, hole), fact::NEVER)
}

fn is_variable(forest: &Forest, values: &FxHashSet<Symbol>, group: &[Hole]) -> bool {
    let position = group[0].position as usize;
    let around = forest.symbols_of(group[0].tree);
    let words = around.iter().enumerate().filter(|&(at, &symbol)| at != position && is_word(forest, symbol)).count();
    if words == 0 {
        return false;
    }
    let has_variable = group.iter().any(|hole| filler(forest, hole) == STAR);
    let is_announced = position > 0 && forest.has(around[position - 1], fact::ANNOUNCES);
    let weight: usize = group.iter().map(|hole| weight_of(forest, values, filler(forest, hole), position)).sum();
    weight
        >= match (has_variable, words) {
            (true, _) => ENOUGH_BESIDE_VARIABLE,
            (false, 2..) if is_announced => ENOUGH_ANNOUNCED,
            (false, _) => ENOUGH,
        }
}

pub(super) fn is_word(forest: &Forest, symbol: Symbol) -> bool {
    symbol != STAR && !forest.has(symbol, fact::SEPARATOR)
}

/// The first word of a message is mostly its verb.
pub(super) fn weight_of(forest: &Forest, values: &FxHashSet<Symbol>, symbol: Symbol, position: usize) -> usize {
    if symbol == STAR || forest.has(symbol, fact::NEVER) {
        0
    } else if forest.has(symbol, fact::NUMBERED) {
        NUMBERED
    } else if forest.has(symbol, fact::TELLING) || position == 0 {
        TELLING
    } else if forest.has(symbol, fact::STATE) {
        STATE
    } else if values.contains(&symbol) {
        KNOWN_VALUE
    } else {
        NAME
    }
}

/// Each sequence gets its variables one by one and all together; `variable` is sorted by sequence.
fn generalise_all(forest: &mut Forest, variable: &[(u32, u16)]) {
    let mut scratch = Vec::new();
    for group in variable.chunk_by(|one, other| one.0 == other.0) {
        let tree = group[0].0;
        for &(_, position) in group {
            forest.generalise(tree, &[position], &mut scratch);
        }
        if group.len() > 1 {
            let positions: Vec<u16> = group.iter().map(|&(_, position)| position).collect();
            forest.generalise(tree, &positions, &mut scratch);
        }
    }
}
