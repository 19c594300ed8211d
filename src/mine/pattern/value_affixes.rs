//! A word tied to a variable, `cache-a:<*> closed`, is part of it if `<*> closed` is known too: a host without a dot in
//! its name before a port, for one.

use super::{
    sequence_set::{Forest, fact},
    tokens::{STAR, Symbol},
};

/// Joins such sequences with the more general ones.
pub(super) fn join_names_of_values(forest: &mut Forest) {
    let mut candidate: Vec<Symbol> = Vec::new();
    for tree in 0..forest.len() as u32 {
        let length = forest.symbols_of(tree).len();
        for at in 2..length {
            let sequence = forest.symbols_of(tree);
            let word = match &sequence[at - 2..=at] {
                [word, tie, STAR] if is_tied(forest, *word, *tie) => at - 2,
                [STAR, tie, word] if is_tied(forest, *word, *tie) => at,
                _ => continue,
            };
            candidate.clear();
            candidate.extend_from_slice(sequence);
            candidate[word] = STAR;
            let swallows_more = word > 0 && sequence[word - 1] == STAR || sequence.get(word + 1) == Some(&STAR);
            let has_words = candidate.iter().any(|&symbol| symbol != STAR && !forest.has(symbol, fact::SEPARATOR));
            if has_words
                && !swallows_more
                && let Some(general) = forest.find(&candidate)
            {
                forest.join(tree, general);
            }
        }
    }
}

fn is_tied(forest: &Forest, word: Symbol, tie: Symbol) -> bool {
    word != STAR && forest.has(tie, fact::TIGHT) && !forest.has(word, fact::SEPARATOR | fact::NEVER | fact::TELLING)
}
