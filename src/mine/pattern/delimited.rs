//! What stands in quotes or brackets is mostly a value, of however many words: `role "carol" does not exist`,
//! `Stage 4 (Device Configure) started`. Shapes that are alike but for it are one, if enough else agrees.

use rustc_hash::FxHashMap;

use super::{
    one_variable::{is_word, weight_of},
    sequence_set::{Forest, fact},
    tokens::{STAR, Symbol, Symbols},
};

/// Words outside of the delimiters that have to agree.
const WORDS: usize = 3;
/// What the contents must weigh together: two names or phrases; one, if a variable was seen there already.
const ENOUGH: usize = 8;
const ENOUGH_BESIDE_VARIABLE: usize = 4;
const PHRASE: usize = 4;
const PHRASE_OF_STATE: usize = 2;
const SENTENCE: usize = 1;
/// A longer content is a text of its own.
const LONGEST: usize = 16;
/// So many delimited parts are looked at, from the start of a message; bounds the work when there are thousands.
const SPANS: usize = 16;

/// Places of an opening and a closing separator.
type Span = (usize, usize);

/// A shape and the parts of it that are taken for values.
struct Reading {
    tree: u32,
    spans: Vec<Span>,
    weight: usize,
}

pub(super) fn join_contents(forest: &mut Forest, symbols: &Symbols<'_>) {
    // under the hash of what is left; sequences are only written for groups that may be enough
    let mut groups: FxHashMap<u64, Vec<Reading>> = FxHashMap::default();
    for tree in 0..forest.len() as u32 {
        let sequence = forest.symbols_of(tree);
        let spans = spans(forest, symbols, sequence);
        let all = (spans.len() > 1).then(|| spans.clone());
        for spans in spans.iter().map(|&span| vec![span]).chain(all) {
            let weight =
                spans.iter().map(|&(open, close)| weight(forest, &sequence[open + 1..close])).min().unwrap_or(0);
            groups.entry(hash_without(forest, sequence, &spans)).or_default().push(Reading { tree, spans, weight });
        }
    }
    groups.retain(|_, readings| readings.iter().map(|reading| reading.weight).sum::<usize>() >= ENOUGH_BESIDE_VARIABLE);
    let mut found = Vec::new();
    for readings in groups.into_values() {
        let general = without(forest.symbols_of(readings[0].tree), &readings[0].spans);
        let words = general.iter().filter(|&&symbol| is_word(forest, symbol)).count();
        // what is known is asked before anything is added, so that the order of the groups has no say
        let enough = if forest.find(&general).is_some() { ENOUGH_BESIDE_VARIABLE } else { ENOUGH };
        if words >= WORDS && readings.iter().map(|reading| reading.weight).sum::<usize>() >= enough {
            found.push((general, readings));
        }
    }
    for (general, readings) in found {
        let general = forest.add(&general);
        readings.iter().filter(|reading| reading.weight > 0).for_each(|reading| forest.join(reading.tree, general));
    }
}

/// The delimited parts that hold words, from left to right; of nested ones the innermost.
fn spans(forest: &Forest, symbols: &Symbols<'_>, sequence: &[Symbol]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, &symbol) in sequence.iter().enumerate() {
        if spans.len() == SPANS {
            break;
        }
        if !forest.has(symbol, fact::SEPARATOR) {
            continue;
        }
        let name = symbols.name(symbol);
        if let Some((start, _)) = open.take_if(|(_, closing)| name.starts_with(*closing)) {
            let content = &sequence[start + 1..at];
            if (1..=LONGEST).contains(&content.len()) && content.iter().any(|&symbol| is_word(forest, symbol)) {
                spans.push((start, at));
            }
            // a quote that closes opens nothing
            if matches!(name.trim_end(), "'" | "\"") {
                continue;
            }
        }
        if let Some(closing) = closing_of(name) {
            open = Some((at, closing));
        }
    }
    spans
}

/// What closes the part that this separator opens, if it opens one.
fn closing_of(name: &str) -> Option<char> {
    match name.chars().next_back()? {
        '(' => Some(')'),
        '[' => Some(']'),
        quote @ ('"' | '\'') => Some(quote),
        _ => None,
    }
}

/// A phrase with a word of grammar in it says something, and one that ends in a verb or an outcome tells a state: `(is
/// up)` and `(state: down)` are no two names.
fn weight(forest: &Forest, content: &[Symbol]) -> usize {
    let words: Vec<Symbol> = content.iter().copied().filter(|&symbol| is_word(forest, symbol)).collect();
    let weight_of = |word: Symbol| weight_of(forest, &Default::default(), word, 1).min(PHRASE);
    match words.as_slice() {
        [] => 0,
        [word] if content.len() == 1 => weight_of(*word),
        words if words.iter().any(|&word| forest.has(word, fact::NEVER)) => SENTENCE,
        [.., last] if forest.has(*last, fact::TELLING) => PHRASE_OF_STATE,
        _ => PHRASE,
    }
}

/// The sequence with a variable in place of each content, part by part.
fn parts<'s>(sequence: &'s [Symbol], spans: &'s [Span]) -> impl Iterator<Item = &'s [Symbol]> {
    let ends = spans.iter().map(|&(open, _)| open + 1).chain([sequence.len()]);
    let starts = [0].into_iter().chain(spans.iter().map(|&(_, close)| close));
    starts.zip(ends).map(|(start, end)| &sequence[start..end])
}

fn without(sequence: &[Symbol], spans: &[Span]) -> Vec<Symbol> {
    parts(sequence, spans).collect::<Vec<_>>().join(&STAR)
}

fn hash_without(forest: &Forest, sequence: &[Symbol], spans: &[Span]) -> u64 {
    let mut place = 0;
    let mut hash = 0_u64;
    for part in parts(sequence, spans) {
        for &symbol in part.iter().chain([&STAR]) {
            hash = hash.wrapping_add(forest.share(symbol, place));
            place += 1;
        }
    }
    hash
}
