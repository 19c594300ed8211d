//! What stands in quotes or brackets is mostly a value, of however many words: `role "carol" does not exist`,
//! `Stage 4 (Device Configure) started`. Shapes that are alike but for it are one, if enough else agrees.

use rustc_hash::FxHashMap;

use super::forest::{Forest, fact};
use super::holes::weight_of;
use super::tokens::{STAR, Symbol, Symbols};

/// Words outside of the delimiters that have to agree.
const WORDS: usize = 3;
/// What the contents must weigh together: two names or phrases; one, if a variable was seen there already.
const ENOUGH: usize = 8;
const ENOUGH_BESIDE_VARIABLE: usize = 4;
const PHRASE: usize = 4;
/// A longer content is a text of its own.
const LONGEST: usize = 16;

/// Places of an opening and a closing separator.
type Span = (usize, usize);

pub fn join_contents(forest: &mut Forest, symbols: &Symbols<'_>) {
    let mut groups: FxHashMap<Vec<Symbol>, Vec<(u32, usize)>> = FxHashMap::default();
    for tree in 0..forest.len() as u32 {
        let sequence = forest.symbols_of(tree);
        let spans = spans(forest, symbols, sequence);
        for &span in &spans {
            let weight = weight(forest, &sequence[span.0 + 1..span.1]);
            groups.entry(without(sequence, &[span])).or_default().push((tree, weight));
        }
        if spans.len() > 1 {
            let weight =
                spans.iter().map(|&(open, close)| weight(forest, &sequence[open + 1..close])).min().unwrap_or(0);
            groups.entry(without(sequence, &spans)).or_default().push((tree, weight));
        }
    }
    // what is known is asked before anything is added, so that the order of the groups has no say
    groups.retain(|general, members| {
        let words = general.iter().filter(|&&symbol| is_word(forest, symbol)).count();
        let enough = if forest.find(general).is_some() { ENOUGH_BESIDE_VARIABLE } else { ENOUGH };
        words >= WORDS && members.iter().map(|(_, weight)| weight).sum::<usize>() >= enough
    });
    for (general, members) in groups {
        let general = forest.add(&general);
        members.into_iter().filter(|&(_, weight)| weight > 0).for_each(|(tree, _)| forest.join(tree, general));
    }
}

/// The delimited parts that hold words, from left to right; of nested ones the innermost.
fn spans(forest: &Forest, symbols: &Symbols<'_>, sequence: &[Symbol]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, &symbol) in sequence.iter().enumerate() {
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

fn is_word(forest: &Forest, symbol: Symbol) -> bool {
    symbol != STAR && !forest.has(symbol, fact::SEPARATOR)
}

fn weight(forest: &Forest, content: &[Symbol]) -> usize {
    match content {
        [word] => weight_of(forest, &Default::default(), *word, 1).min(PHRASE),
        _ if content.iter().any(|&symbol| is_word(forest, symbol)) => PHRASE,
        _ => 0,
    }
}

fn without(sequence: &[Symbol], spans: &[Span]) -> Vec<Symbol> {
    let mut general = Vec::with_capacity(sequence.len());
    let mut at = 0;
    for &(open, close) in spans {
        general.extend_from_slice(&sequence[at..=open]);
        general.push(STAR);
        at = close;
    }
    general.extend_from_slice(&sequence[at..]);
    general
}
