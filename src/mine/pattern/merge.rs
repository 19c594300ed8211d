//! Stage 2: a pure function of the set of shapes that says which of them are one pattern.
//!
//! Shapes are put in order of their texts first, so the order in which they come has no say in anything.

use rustc_hash::FxHashMap;

use super::{
    counted_lists, delimited, exceptions, one_variable,
    pattern_override::{self, PatternOverride},
    requests,
    sequence_set::Forest,
    several_variables, template,
    tokens::{Symbol, Symbols, Token},
};
use crate::mine::{Kind, Mined, ShapeId};

/// Raise it when stage 2 may find other patterns in the same shapes: databases are built anew then.
pub const MERGE_VERSION: u32 = 3;

/// A shape with what has been counted of it.
#[derive(Clone, Copy, Debug)]
pub struct ShapeStat<'a> {
    pub id: ShapeId,
    pub kind: Kind,
    pub text: &'a str,
    pub first_at: i64,
    pub count: u64,
}

impl<'a> ShapeStat<'a> {
    /// As stage 1 gave it.
    pub fn mined(&self) -> Mined<'a> {
        Mined { id: self.id, kind: self.kind, text: self.text }
    }
}

/// Shapes that are one, under the id of the first of them by (`first_at`, `text`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub id: ShapeId,
    pub kind: Kind,
    pub template: String,
    /// Indices into the shapes given, first shape first.
    pub members: Vec<usize>,
    /// The pattern_override of the user's that made it what it is.
    pub pattern_override: Option<String>,
}

/// Every shape ends in exactly one pattern; patterns are sorted by id.
pub fn merge(shapes: &[ShapeStat<'_>], overrides: &[PatternOverride]) -> Vec<Pattern> {
    let mut by_text: Vec<usize> = (0..shapes.len()).collect();
    by_text.sort_by_key(|&at| (shapes[at].kind, shapes[at].text, shapes[at].first_at, shapes[at].id));
    let (messages, others) = by_text.split_at(by_text.partition_point(|&at| shapes[at].kind < Kind::Request));
    let (requests, exceptions) = others.split_at(others.partition_point(|&at| shapes[at].kind < Kind::Exception));
    let mut patterns = merge_messages(shapes, messages);
    patterns.extend(requests::merge(shapes, requests));
    patterns.extend(exceptions::merge(shapes, exceptions));
    let mut patterns = pattern_override::apply(shapes, patterns, overrides);
    patterns.sort_by_key(|pattern| (pattern.id, pattern.kind));
    patterns
}

fn merge_messages(shapes: &[ShapeStat<'_>], order: &[usize]) -> Vec<Pattern> {
    let mut symbols = Symbols::new();
    let mut tokens = Vec::new();
    let ends: Vec<usize> = order
        .iter()
        .map(|&at| {
            symbols.cut(shapes[at].text, &mut tokens);
            tokens.len()
        })
        .collect();
    let lines: Vec<&[Token<'_>]> =
        ends.iter().enumerate().map(|(at, &end)| &tokens[if at == 0 { 0 } else { ends[at - 1] }..end]).collect();
    let mut forest = Forest::new(&symbols);
    let mut scratch = Vec::new();
    let trees: Vec<u32> = lines.iter().map(|line| forest.add_tokens(line, &mut scratch)).collect();
    counted_lists::join_lists(&mut forest, &symbols);
    delimited::join_contents(&mut forest, &symbols);
    several_variables::fill(&mut forest);
    one_variable::fill(&mut forest);
    let commons = most_general(&mut forest);
    let mut groups: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (line, &tree) in trees.iter().enumerate() {
        groups.entry(forest.root(tree)).or_default().push(line);
    }
    groups
        .into_iter()
        .map(|(root, group)| pattern(shapes, order, &lines, group, forest.symbols_of(commons[&root])))
        .collect()
}

fn pattern(
    shapes: &[ShapeStat<'_>],
    order: &[usize],
    lines: &[&[Token<'_>]],
    mut group: Vec<usize>,
    common: &[Symbol],
) -> Pattern {
    group.sort_by_key(|&line| (shapes[order[line]].first_at, line));
    let members: Vec<&[Token<'_>]> = group.iter().map(|&line| lines[line]).collect();
    let first = &shapes[order[group[0]]];
    Pattern {
        id: first.id,
        kind: first.kind,
        template: template::template(&members, common),
        members: group.iter().map(|&line| order[line]).collect(),
        pattern_override: None,
    }
}

/// A pattern of some of the shapes that `template` describes.
pub(super) fn pattern_of(shapes: &[ShapeStat<'_>], mut members: Vec<usize>, template: &str) -> Pattern {
    members.sort_by_key(|&at| (shapes[at].first_at, shapes[at].text));
    let first = &shapes[members[0]];
    if first.kind == Kind::Exception {
        return exceptions::pattern(shapes, members);
    }
    let mut symbols = Symbols::new();
    let mut cut = |&at: &usize| {
        let mut line = Vec::new();
        symbols.cut(shapes[at].text, &mut line);
        line
    };
    let lines: Vec<Vec<Token<'_>>> = members.iter().map(&mut cut).collect();
    let lines: Vec<&[Token<'_>]> = lines.iter().map(Vec::as_slice).collect();
    let template = template::of_one_length(&lines).unwrap_or_else(|| template.to_owned());
    Pattern { id: first.id, kind: first.kind, template, members, pattern_override: None }
}

/// For each set of joined sequences the one with the fewest words, the first of them by hash.
fn most_general(forest: &mut Forest) -> FxHashMap<u32, u32> {
    let mut best: FxHashMap<u32, (usize, u64, u32)> = FxHashMap::default();
    for tree in 0..forest.len() as u32 {
        let root = forest.root(tree);
        let words = forest.symbols_of(tree).iter().filter(|&&symbol| symbol != super::tokens::STAR).count();
        let rank = (words, forest.hash_of(tree), tree);
        best.entry(root).and_modify(|known| *known = rank.min(*known)).or_insert(rank);
    }
    best.into_iter().map(|(root, (_, _, tree))| (root, tree)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::mine::{Miner, pattern::pattern_override::OverrideKind};

    fn mined(lines: &[&str]) -> Vec<(ShapeId, Kind, String)> {
        let mut miner = Miner::new();
        let mut seen = BTreeSet::new();
        for line in lines {
            let mined = miner.mine(line);
            seen.insert((mined.id, mined.kind, mined.text.to_owned()));
        }
        seen.into_iter().collect()
    }

    fn stats(mined: &[(ShapeId, Kind, String)]) -> Vec<ShapeStat<'_>> {
        let stat = |at: usize| ShapeStat {
            id: mined[at].0,
            kind: mined[at].1,
            text: &mined[at].2,
            first_at: at as i64 % 7,
            count: 1,
        };
        (0..mined.len()).map(stat).collect()
    }

    fn templates(lines: &[&str]) -> Vec<String> {
        let mined = mined(lines);
        let mut templates: Vec<_> = merge(&stats(&mined), &[]).into_iter().map(|pattern| pattern.template).collect();
        templates.sort();
        templates
    }

    #[test]
    fn names_vary_and_opposites_stay_apart() {
        assert_eq!(
            templates(&["tenant ann is over quota", "tenant bob is over quota", "tenant eve is over quota"]).len(),
            1
        );
        assert_eq!(templates(&["VM Started", "VM Paused"]).len(), 2);
        assert_eq!(templates(&["job sync started ok", "job sync stopped ok", "job sync paused ok"]).len(), 3);
        assert_eq!(
            templates(&[
                "GET by ann took 3 s",
                "PUT by ann took 3 s",
                "POST by ann took 3 s",
                "DELETE by ann took 3 s"
            ])
            .len(),
            4
        );
    }

    #[test]
    fn two_names_in_one_message_do_not_hide_each_other() {
        let names = ["ann", "bob", "eve", "dan", "zoe", "kim", "lou", "max", "pia"];
        let lines: Vec<String> =
            (0..9).map(|at| format!("seller {} opened shop {}", names[at], names[(at * 2 + 1) % 9])).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(templates(&lines), ["seller <*> opened shop <*>"]);
    }

    #[test]
    fn names_in_brackets_and_quotes_vary_and_states_stay_apart() {
        assert_eq!(
            templates(&["role \"carol\" does not exist", "role \"dan miller\" does not exist"]),
            ["role \"<*>\" does not exist"]
        );
        assert_eq!(templates(&["check (state: up) of service api", "check (state: down) of service api"]).len(), 2);
        assert_eq!(templates(&["all done (not ok) by now", "all done (quite ok) by now"]).len(), 2);
    }

    #[test]
    fn counted_lists_of_any_length_are_one() {
        assert_eq!(templates(&["Found 2 users: a b", "Found 3 users: a b c"]), ["Found <*> users: <*>"]);
    }

    #[test]
    fn units_do_not_split() {
        assert_eq!(templates(&["sent 3 KB (3072 bytes) to disk", "sent 12 bytes to disk"]), ["sent <*> to disk"]);
        assert_eq!(templates(&["lag 3s", "lag 20ms"]), ["lag <*>"]);
    }

    #[test]
    fn order_has_no_say() {
        let names = ["ann", "bob", "eve", "dan", "zoe"];
        let mut lines: Vec<String> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            lines.push(format!("tenant {name} has {at} seats on plan {}", names[(at + 2) % 5]));
            lines.push(format!("seat {at} of {name} expired"));
            lines.push(format!("mailer {}", ["opened", "closed"][at % 2]));
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mined = mined(&lines);
        let mut shapes = stats(&mined);
        let ids = |shapes: &[ShapeStat<'_>]| -> Vec<(ShapeId, String, BTreeSet<ShapeId>)> {
            let merged = merge(shapes, &[]).into_iter();
            merged.map(|p| (p.id, p.template, p.members.iter().map(|&at| shapes[at].id).collect())).collect()
        };
        let wanted = ids(&shapes);
        for turn in 1..20 {
            shapes.rotate_left(turn * 7 % mined.len());
            let (one, other) = (turn * 5 % mined.len(), turn * 3 % mined.len());
            shapes.swap(one, other);
            assert_eq!(ids(&shapes), wanted);
        }
    }

    #[test]
    fn wishes_have_the_last_word() {
        let names = ["ann", "bob", "eve", "root"];
        let lines: Vec<String> = names
            .iter()
            .flat_map(|name| [format!("shell of {name} opened"), format!("mail for {name}")])
            .chain(["VM Started".into(), "VM Paused".into(), "VM Paused again".into()])
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mined = mined(&lines);
        let shapes = stats(&mined);
        let pattern_override = |id: &str, about| PatternOverride { id: id.into(), about };
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let overrides = [
            pattern_override(
                "vm",
                OverrideKind::One { template: "VM <*>".into(), messages: texts(&["VM Started", "VM Paused"]) },
            ),
            pattern_override("root", OverrideKind::Apart { messages: texts(&["shell of root opened"]) }),
        ];
        let patterns = merge(&shapes, &overrides);
        let mut told: Vec<(&str, usize, Option<&str>)> = patterns
            .iter()
            .map(|pattern| (pattern.template.as_str(), pattern.members.len(), pattern.pattern_override.as_deref()))
            .collect();
        told.sort();
        assert_eq!(
            told,
            [
                ("VM <*>", 2, Some("vm")),
                ("VM Paused again", 1, None),
                ("mail for <*>", 4, None),
                ("shell of <*> opened", 3, None),
                ("shell of root opened", 1, Some("root")),
            ]
        );
    }

    #[test]
    fn nothing_is_lost() {
        assert!(merge(&[], &[]).is_empty());
        let mined = mined(&["", "a", "a b", "<*>", "12", "a b c"]);
        let shapes = stats(&mined);
        let members: usize = merge(&shapes, &[]).iter().map(|pattern| pattern.members.len()).sum();
        assert_eq!(members, shapes.len());
    }
}
