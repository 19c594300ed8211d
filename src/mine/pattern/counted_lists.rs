//! Lists announced by their number, `Found 3 users: a b c`: what follows the colon is one variable, however long.

use rustc_hash::FxHashMap;

use super::{
    sequence_set::{Forest, fact},
    tokens::{STAR, Symbol, Symbols},
};

/// Joins the sequences that share such an announcement and differ in the list.
pub(super) fn join_lists(forest: &mut Forest, symbols: &Symbols<'_>) {
    let mut by_head: FxHashMap<u64, Vec<(u32, usize)>> = FxHashMap::default();
    for tree in 0..forest.len() as u32 {
        let sequence = forest.symbols_of(tree);
        if let Some(head) = list_start(forest, symbols, sequence) {
            let hash = sequence[..head]
                .iter()
                .enumerate()
                .fold(0_u64, |sum, (at, &symbol)| sum.wrapping_add(forest.share(symbol, at)));
            by_head.entry(hash).or_default().push((tree, head));
        }
    }
    for group in by_head.values().filter(|group| group.len() > 1) {
        for &(tree, head) in group {
            let mut general: Vec<Symbol> = forest.symbols_of(tree)[..head].to_vec();
            general.push(STAR);
            let general = forest.add(&general);
            forest.join(tree, general);
        }
    }
}

/// Where the list starts in `... <*> things: a b c`, if only words and commas follow to the end.
fn list_start(forest: &Forest, symbols: &Symbols<'_>, sequence: &[Symbol]) -> Option<usize> {
    let colon = sequence.windows(3).position(|window| {
        let [count, things, colon] = window else {
            return false;
        };
        *count == STAR && symbols.name(*things).ends_with('s') && symbols.name(*colon).trim_end() == ":"
    })?;
    let list = sequence.get(colon + 3..).filter(|list| !list.is_empty())?;
    let is_item = |&symbol: &Symbol| !forest.has(symbol, fact::SEPARATOR) || symbols.name(symbol).trim_end() == ",";
    list.iter().all(is_item).then_some(colon + 3)
}
