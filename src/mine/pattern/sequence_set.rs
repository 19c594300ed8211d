//! The growing set of token sequences that stage 2 works on, and which of them were found to be the same pattern.
//!
//! Sequences are only ever added and joined, never replaced or removed. That is what makes merging monotone: what one
//! set of shapes derives, every larger set derives too.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::tokens::{STAR, Symbol, Symbols, Token};
use crate::mine::shape::{piece::is_qualified_name, words};

/// Facts about a symbol, gathered once from its name.
pub(super) mod fact {
    pub(crate) const SEPARATOR: u16 = 1;
    /// Two variables with only this between them are one.
    pub(crate) const LIGHT: u16 = 2;
    pub(crate) const UNIT: u16 = 4;
    /// Never a value of a variable: methods, levels, grammar.
    pub(crate) const NEVER: u16 = 8;
    /// Reads like a verb, an outcome or one of two opposites.
    pub(crate) const TELLING: u16 = 16;
    /// Letters with a digit at the end, `worker3`.
    pub(crate) const NUMBERED: u16 = 32;
    pub(crate) const OPENS: u16 = 64;
    /// Empty brackets, which hold what is not known of the value before them.
    pub(crate) const NOTHING: u16 = 128;
    /// A colon with no blank after it.
    pub(crate) const TIGHT: u16 = 256;
    /// Capitals only, like the name of a state.
    pub(crate) const STATE: u16 = 512;
    /// A kind of thing that has a name, which follows: `user ann`, `host alpha`.
    pub(crate) const ANNOUNCES: u16 = 1024;
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    length: usize,
    hash: u64,
}

#[derive(Debug, Default)]
pub(super) struct Forest {
    arena: Vec<Symbol>,
    spans: Vec<Span>,
    by_hash: FxHashMap<u64, u32>,
    parents: Vec<u32>,
    facts: Vec<u16>,
    hashes: Vec<u64>,
    /// For separators that begin with a closing bracket: the symbol of what remains without it.
    after_closing: FxHashMap<Symbol, Option<Symbol>>,
}

impl Forest {
    pub(super) fn new(symbols: &Symbols<'_>) -> Self {
        let names = symbols.names();
        let numbers: FxHashMap<&str, Symbol> = names.iter().zip(0..).map(|(&name, number)| (name, number)).collect();
        let mut forest = Self::default();
        for (&name, symbol) in names.iter().zip(0..) {
            let is_separator = symbols.is_separator(symbol);
            forest.facts.push(facts_of(name, is_separator));
            forest.hashes.push(xxh3_64(name.as_bytes()));
            if let Some(rest) = name.strip_prefix(')').filter(|_| is_separator) {
                forest.after_closing.insert(symbol, numbers.get(rest).copied());
            }
        }
        forest
    }

    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(super) fn symbols_of(&self, tree: u32) -> &[Symbol] {
        let span = self.spans[tree as usize];
        &self.arena[span.start..span.start + span.length]
    }

    pub(super) fn hash_of(&self, tree: u32) -> u64 {
        self.spans[tree as usize].hash
    }

    pub(super) fn has(&self, symbol: Symbol, fact: u16) -> bool {
        self.facts[symbol as usize] & fact != 0
    }

    /// Part of a sequence's hash that the symbol at a position makes up; sequences differ by the sum of these.
    pub(super) fn share(&self, symbol: Symbol, position: usize) -> u64 {
        mix(self.hashes[symbol as usize] ^ mix(position as u64 + 1))
    }

    pub(super) fn add_tokens(&mut self, tokens: &[Token<'_>], scratch: &mut Vec<Symbol>) -> u32 {
        scratch.clear();
        scratch.extend(tokens.iter().map(|token| token.symbol));
        self.add(scratch)
    }

    /// Adds the normal form of a sequence, or finds it.
    pub(super) fn add(&mut self, sequence: &[Symbol]) -> u32 {
        let start = self.arena.len();
        let hash = self.push_all(sequence);
        if let Some(&known) = self.by_hash.get(&hash) {
            self.arena.truncate(start);
            return known;
        }
        let tree = self.spans.len() as u32;
        self.spans.push(Span { start, length: self.arena.len() - start, hash });
        self.by_hash.insert(hash, tree);
        self.parents.push(tree);
        tree
    }

    /// Finds the normal form of a sequence.
    pub(super) fn find(&mut self, sequence: &[Symbol]) -> Option<u32> {
        let start = self.arena.len();
        let hash = self.push_all(sequence);
        self.arena.truncate(start);
        self.by_hash.get(&hash).copied()
    }

    /// Appends the normal form of a sequence to the arena and returns its hash.
    fn push_all(&mut self, sequence: &[Symbol]) -> u64 {
        let start = self.arena.len();
        for &symbol in sequence {
            self.push_normal(start, symbol);
        }
        let length = self.arena.len() - start;
        (0..length).fold(length as u64, |sum, at| sum.wrapping_add(self.share(self.arena[start + at], at)))
    }

    /// Appends a symbol so that what varies in form only looks alike: `<*>, <*>`, `<*> MB` and `<*> bytes (<*> MB)`
    /// are one variable.
    fn push_normal(&mut self, start: usize, symbol: Symbol) {
        let so_far = &self.arena[start..];
        match so_far {
            [.., STAR] if symbol == STAR || self.has(symbol, fact::UNIT | fact::NOTHING) => return,
            [.., STAR, light] if symbol == STAR && self.has(*light, fact::LIGHT) => {
                self.arena.pop();
                return;
            }
            [.., STAR, opens, STAR] if self.has(*opens, fact::OPENS) => {
                if let Some(&rest) = self.after_closing.get(&symbol) {
                    self.arena.truncate(self.arena.len() - 2);
                    self.arena.extend(rest);
                    return;
                }
            }
            _ => {}
        }
        self.arena.push(symbol);
    }

    pub(super) fn root(&mut self, mut tree: u32) -> u32 {
        while self.parents[tree as usize] != tree {
            let above = self.parents[self.parents[tree as usize] as usize];
            self.parents[tree as usize] = above;
            tree = above;
        }
        tree
    }

    pub(super) fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other) as usize] = one.min(other);
    }

    /// Adds what `tree` becomes with variables at these positions, and joins the two.
    pub(super) fn generalise(&mut self, tree: u32, positions: &[u16], scratch: &mut Vec<Symbol>) {
        scratch.clear();
        scratch.extend_from_slice(self.symbols_of(tree));
        for &position in positions {
            scratch[position as usize] = STAR;
        }
        let sequence = std::mem::take(scratch);
        let general = self.add(&sequence);
        *scratch = sequence;
        self.join(tree, general);
    }
}

fn facts_of(name: &str, is_separator: bool) -> u16 {
    if is_separator {
        let role = match name.trim_end() {
            ":" if name == ":" => fact::LIGHT | fact::TIGHT,
            ":" | "," | "=" | ";" | "::" | "." | "|" => fact::LIGHT,
            "(" => fact::OPENS,
            "()" => fact::NOTHING,
            _ => 0,
        };
        return fact::SEPARATOR | role;
    }
    let mut facts = 0;
    let mut set = |is: bool, fact: u16| facts |= if is { fact } else { 0 };
    set(matches!(name, "-" | "/" | "+"), fact::LIGHT);
    set(words::is_unit(name), fact::UNIT);
    set(words::is_never_a_value(name), fact::NEVER);
    set(words::is_telling(name), fact::TELLING);
    set(words::is_state(name), fact::STATE);
    set(is_numbered(name), fact::NUMBERED);
    set(words::announces_a_name(name), fact::ANNOUNCES);
    facts
}

/// `worker3`, or a name of several parts.
fn is_numbered(name: &str) -> bool {
    is_qualified_name(name)
        || name.ends_with(|c: char| c.is_ascii_digit()) && name.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value ^ (value >> 32)
}
