//! Which texts hold which others, in time that grows with the texts, not with their pairs.

use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::Result;

/// Pairs of places: of a text in `parts`, and of one in `wholes` that holds it. A text holds itself. Empty parts are left out.
pub fn pairs(parts: &[String], wholes: &[String]) -> Result<Vec<(usize, usize)>> {
    let sought: Vec<usize> = (0..parts.len()).filter(|&place| !parts[place].is_empty()).collect();
    // Aho and Corasick 1975: all parts are sought in one pass over each text
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(sought.iter().map(|&place| parts[place].as_bytes()))?;
    let mut pairs = Vec::new();
    let mut found = Vec::new();
    for (whole, text) in wholes.iter().enumerate() {
        found.clear();
        found.extend(automaton.find_overlapping_iter(text).map(|found| sought[found.pattern().as_usize()]));
        found.sort_unstable();
        found.dedup();
        pairs.extend(found.iter().map(|&part| (part, whole)));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn parts_that_overlap_or_repeat_are_found_once_each() {
        let parts = texts(&["refused", "", "connection refused", "fuse", "refused", "no"]);
        let wholes = texts(&["connection refused, refused", "a fuse", ""]);
        assert_eq!(pairs(&parts, &wholes).unwrap(), [(0, 0), (2, 0), (3, 0), (4, 0), (3, 1)]);
        assert_eq!(pairs(&[], &wholes).unwrap(), []);
    }

    #[test]
    fn pairs_are_those_that_contain_one_another() {
        let words = ["a", "ab", "bca", "cab", "abcab", "ü", "bü", "caü"];
        let texts = texts(&words);
        let expected: Vec<_> = (0..words.len())
            .flat_map(|whole| (0..words.len()).map(move |part| (part, whole)))
            .filter(|&(part, whole)| words[whole].contains(words[part]))
            .collect();
        assert_eq!(pairs(&texts, &texts).unwrap(), expected);
    }
}
